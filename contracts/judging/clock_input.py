"""What the clock is asked about a job and a promise of time: when it starts, pauses, what changed, and when it was done. Pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from base.clock import LONDON
from contracts.clock.clock import AnyCalendar
from contracts.judging.job import Job
from contracts.judging.kinds import PauseReason, StampKind
from contracts.promises.kinds import Stage
from contracts.promises.metric import MetricVersion, Rules


def starts_at(job: Job, rules: Rules) -> datetime | None:
    """When the clock starts; None: they have not been told by the way that the contract names."""
    if rules.starts_when_it_happens and job.happened_at is not None:
        return job.happened_at
    if job.told_at is None or (rules.told_by and job.told_how not in rules.told_by):
        return None
    return _after_cut_off(job.told_at, rules.cut_off)


def _after_cut_off(told: datetime, cut_off: str) -> datetime:
    """The start of the next day for whoever was told after the hour."""
    local = told.astimezone(LONDON)
    if not cut_off or local.time().replace(second=0, microsecond=0) <= time.fromisoformat(cut_off):
        return told
    return datetime.combine(local.date() + timedelta(days=1), time(), LONDON)


def stage_of(metric: MetricVersion) -> Stage:
    return Stage(metric.terms["stage"])


def reached(job: Job, stage: Stage) -> datetime | None:
    """When a stage was first reached; a fix counts as long as it stays one."""
    if stage is Stage.FIXED:
        return job.fixes[-1][0] if job.is_fixed else None
    return next((one.at for one in job.of_kind(StampKind(stage.value))), None)


def event_of(job: Job, metric: MetricVersion) -> dict[str, Any] | None:
    """The job as ``attain`` takes it (rule A5), with ``start``; None while its clock has not started.

    ``closed`` where it is fixed, so that a stage nobody wrote down counts as missing. Fixed before the clock would have started,
    it starts then.
    """
    start = starts_at(job, metric.rules)
    if start is None or job.happened_at is None:
        return None
    stage = stage_of(metric)
    stop = reached(job, stage)
    start = min(start, stop) if stop else start
    return {
        "id": str(job.job),
        "happened": iso(job.happened_at),
        "start": iso(start),
        "priority": job.priority,
        "stages": {stage.value: iso(stop)} if stop else {},
        "closed": job.is_fixed,
        "pauses": list(_pauses(job, metric.rules)),
        "reopened": list(_reopened(job)) if stage is Stage.FIXED else [],
        "changes": list(_changes(job, metric, start, stop)),
        "excluded": job.is_left_out(metric.metric),
        **({} if job.calendar is None else {"calendar": job.calendar}),
    }


def judged_input(event: Mapping[str, Any], metric: MetricVersion, calendar: AnyCalendar | None, now: datetime) -> dict[str, Any]:
    """The same as ``judge`` takes it: up to the stage, or up to now; by the event's own calendar, where it has one."""
    stop = event["stages"].get(stage_of(metric).value)
    moment = {"stop": stop} if stop else {"as_of": max(iso(now), event["start"])}
    passed_on = {name: event[name] for name in ("start", "pauses", "reopened", "changes")}
    return {"calendar": event.get("calendar") or calendar, "target": metric.targets[event["priority"]], **passed_on, **moment}


def iso(moment: datetime) -> str:
    """In UTC and to the minute, so that texts compare as moments do."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0).isoformat()


def counts(reason: PauseReason | None, rules: Rules) -> bool:
    """Whether a wait of this reason stops the clock."""
    return reason is not PauseReason.PARTS or rules.parts_pause


def _pauses(job: Job, rules: Rules) -> Iterator[dict[str, Any]]:
    """From each wait that counts to its end, whoever wrote that down."""
    for one in job.waits:
        if one.began.is_counted and counts(one.began.reason, rules):
            yield {"from": iso(one.began.at), "to": iso(one.ended.at) if one.ended else None, "reason": one.began.reason}


def _reopened(job: Job) -> Iterator[dict[str, Any]]:
    for fixed, back in job.fixes:
        if back is not None:
            yield {"stop": iso(fixed), "at": iso(back)}


def _changes(job: Job, metric: MetricVersion, start: datetime, stop: datetime | None) -> Iterator[dict[str, Any]]:
    """Changes of priority that this promise has a time for, up to when it was kept."""
    for one in job.of_kind(StampKind.PRIORITY):
        target = metric.targets.get(one.priority or "")
        if target and "minutes" in target and (stop is None or one.at <= stop):
            yield {"at": iso(max(one.at, start)), "minutes": target["minutes"]}

"""Which events a figure's breaches are, and which were left out and by whom: what ``attain`` counts, by name. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from contracts.attaining.attaining import attain
from contracts.clock.refused import Refused
from contracts.judging import asking
from contracts.judging.job import Job
from contracts.judging.kinds import Agreed
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import MetricVersion

# Of these every breach is an event; a missed visit or a gap between documents is none.
ONE_EACH: Final = frozenset({EventKind.JOB, EventKind.SAMPLE, EventKind.MILESTONE, EventKind.SURVEY, EventKind.OUTAGE})


def breaches(
    metric: MetricVersion, asked: Mapping[str, Any], jobs: Sequence[Job], now: datetime, named: Collection[str] | None
) -> Iterator[dict[str, Any]]:
    """``{event, priority, agreed, state}`` of each event that is a breach when it is looked at alone; ``asked`` as for all.

    ``named`` are those that ``attain`` named; None: it named none, and each is looked at here.
    """
    if metric.event not in ONE_EACH:
        return
    for job in jobs:
        is_one = str(job.job) in named if named is not None else _is_one(metric, asked, job, now)
        if is_one and not job.is_left_out(metric.metric):
            yield {"event": str(job.job), "priority": job.priority, **_said_of(metric, job)}


def missing(metric: MetricVersion, jobs: Sequence[Job]) -> Iterator[str]:
    """The events of which nobody recorded what counts."""
    for job in jobs:
        if metric.kind is MetricKind.SAMPLE_RATIO and job.said.get("passed") is None:
            yield str(job.job)
        if metric.kind is MetricKind.TIME_TO_EVENT and job.priority in metric.targets:
            event = asking.time_event(job, metric)
            if event is not None and event["closed"] and not event["stages"] and not event["excluded"]:
                yield str(job.job)


def left_out(metric: MetricVersion, jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
    """``{event, said, by, is_self_approved}``: ``said`` is the id of the agreement, whose words say why and who agreed."""
    for job in jobs:
        said = job.agreed(metric.metric)
        if said is not None and said.outcome is Agreed.LEFT_OUT:
            yield {
                "event": str(job.job),
                "said": str(said.id),
                "by": str(said.author),
                "is_self_approved": said.author == job.author,
            }


def _is_one(metric: MetricVersion, asked: Mapping[str, Any], job: Job, now: datetime) -> bool:
    rows = asking.rows_of(metric, [job], now)
    if metric.kind is MetricKind.AVAILABILITY:
        rows = {"down": rows["down"]}
    try:
        return bool(attain({**asked, **rows})["breaches"])
    except Refused:
        return False


def _said_of(metric: MetricVersion, job: Job) -> dict[str, Any]:
    """What both sides said of it beside the verdict."""
    agreed, discussed = job.agreed(metric.metric), job.discussed()
    return {
        "agreed": agreed.outcome.value if agreed and agreed.outcome else None,
        "state": discussed.state.value if discussed and discussed.state else None,
    }

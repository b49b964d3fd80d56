"""What ``attain`` is asked of a metric in a period: its JSON made of the rows as they stand. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from contracts.clock.clock import AnyCalendar
from contracts.judging import clock_input
from contracts.judging.job import Job
from contracts.judging.kinds import ROWS_OF
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import MetricVersion
from contracts.promises.metric_terms import BESIDE

# Of these what happened before the period may still hold in it.
REACHING_IN: Final = frozenset({MetricKind.DOCUMENT, MetricKind.AVAILABILITY})


def days_to_read(metric: MetricVersion, first: date, last: date) -> tuple[date | None, date]:
    """The days whose events are needed; None: from the beginning."""
    if metric.kind in REACHING_IN:
        return None, last
    window = timedelta(days=int(metric.terms.get("window_days", 0))) if metric.kind is MetricKind.SCHEDULE else timedelta()
    return first - window, last + window


def attain_input(
    metric: MetricVersion, jobs: Iterable[Job], period: tuple[date, date], calendar: AnyCalendar | None, now: datetime,
    *, breaches: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """``jobs`` are all of the contract in ``days_to_read``; ``breaches`` those of the promise that credits are due for."""
    mine = [job for job in jobs if job.kind is metric.event and job.metric in (None, metric.metric)]
    first, last = period
    terms = {name: value for name, value in metric.terms.items() if name not in ("planned", "anchors", "of")}
    return {
        "metric": {"type": metric.kind.value, **terms},
        "period": {"from": first.isoformat(), "to": last.isoformat()},
        "calendar": calendar,
        "as_of": clock_input.iso(now),
        "breaches": breaches,
        **{name: metric.terms[name] for name in BESIDE if name in metric.terms},
        **rows_of(metric, mine, now),
    }


def rows_of(metric: MetricVersion, jobs: Iterable[Job], now: datetime) -> dict[str, Any]:
    """What ``attain`` is told of events that belong to the metric."""
    if metric.kind is MetricKind.TIME_TO_EVENT:
        return {"events": list(_events(metric, jobs))}
    if metric.kind is MetricKind.AVAILABILITY:
        return _windows(metric, jobs, now)
    rows = [row_of(job, metric) for job in jobs]
    if metric.kind is MetricKind.QUANTITY:  # counted by the day, so it is the day that both sides left out
        days = dict.fromkeys(row["on"] for row in rows if row["excluded"])
        return {ROWS_OF[metric.event]: rows, "exclusions": [{"from": day, "to": day, "reason": "agreed"} for day in days]}
    return {ROWS_OF[metric.event]: rows}


def _events(metric: MetricVersion, jobs: Iterable[Job]) -> Iterator[dict[str, Any]]:
    """Not those whose clock has not started, nor those of a priority for which nothing is promised."""
    for job in jobs:
        if (event := time_event(job, metric)) is not None:
            yield event


def time_event(job: Job, metric: MetricVersion) -> dict[str, Any] | None:
    return clock_input.event_of(job, metric) if job.priority in metric.targets else None


def row_of(job: Job, metric: MetricVersion) -> dict[str, Any]:
    return {
        **{name: value for name, value in job.said.items() if value is not None},
        "id": str(job.job),
        "on": job.on_day.isoformat(),
        "excluded": job.is_left_out(metric.metric),
    }


def _windows(metric: MetricVersion, jobs: Iterable[Job], now: datetime) -> dict[str, Any]:
    """Times of watching, of planned work and of outages; what both sides left out is no service time."""
    found: dict[str, list[Any]] = {"watched": [], "planned": [], "down": [], "exclusions": []}
    for job in jobs:
        for begins, ends in outage_spans(job, now):
            if job.is_left_out(metric.metric):
                found["exclusions"].append({"from": begins, "to": ends, "reason": "agreed"})
            else:
                found[job.said["what"]].append([begins, ends])
    return found


def outage_spans(job: Job, now: datetime) -> Iterator[tuple[str, str]]:
    """From when to when, and anew from each time that it was back again; what goes on reaches up to now."""
    if job.kind is not EventKind.OUTAGE or job.happened_at is None:
        return
    begins = job.happened_at
    for fixed, back in () if job.said.get("to") else job.fixes:
        yield clock_input.iso(begins), max(clock_input.iso(fixed), clock_input.iso(begins))
        if back is None:
            return
        begins = back
    yield clock_input.iso(begins), max(job.said.get("to") or clock_input.iso(now), clock_input.iso(begins))

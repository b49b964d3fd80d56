"""The figures of one promise in one period, from its events as they stand, and until when they hold. Pure.

The running period is reckoned up to now: what is counted day by day, up to yesterday.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from base.clock import LONDON
from contracts.attaining.attaining import attain_naming
from contracts.attainment import breaching
from contracts.attainment.periods import Span
from contracts.clock import clock
from contracts.clock.clock import AnyCalendar
from contracts.clock.refused import Refused
from contracts.judging import asking, clock_input
from contracts.judging.job import Job
from contracts.promises.kinds import MetricKind
from contracts.promises.metric import MetricVersion

ONE: Final = timedelta(days=1)
DAY_BY_DAY: Final = frozenset({MetricKind.QUANTITY, MetricKind.AVAILABILITY, MetricKind.DOCUMENT})
NOT_COUNTED_APART: Final = frozenset({MetricKind.SCHEDULE, MetricKind.DOCUMENT})  # one that was left out, by ``attain``
NOT_DUE: Final = {
    "measured": None, "n": 0, "breaches": 0, "missing": 0, "excluded": 0, "pending": 0, "verdict": "not due",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reckoned:
    """``figures`` are JSON: the answer of ``attain``, ``breach_events``, ``missing_events``, ``left_out``.

    ``holds_until``: from then on time alone may change them; None: it does not. ``said`` and ``share`` are those of the figure
    that they make (figures.py). ``at`` is when they were reckoned, whose clock may have been ahead.
    """

    figures: Mapping[str, Any]
    at: datetime
    holds_until: datetime | None
    is_between: bool = False
    said: str = ""
    share: float = 0


def reckon(
    metric: MetricVersion, period: Span, jobs: Iterable[Job], calendar: AnyCalendar | None, now: datetime,
    *, owing: Sequence[Reckoned] = (), documents: Sequence[Mapping[str, Any]] = (),
) -> Reckoned:  # fmt: skip
    """``jobs`` are all of the contract in ``asking.days_to_read``; ``owing`` is what was reckoned of the promise for whose
    breaches credits are due, as it stood in parts of the same period; ``documents`` are those kept with the contract that count
    up to its end, beside logged ones.
    """
    today = now.astimezone(LONDON).date()
    is_running = period.last >= today
    last = min(period.last, today - ONE if metric.kind in DAY_BY_DAY else today) if is_running else period.last
    if last < period.first:
        return Reckoned({**NOT_DUE, **_nobody()}, now, _midnight_after(max(today, period.first - ONE)), period.is_between)
    mine = [job for job in jobs if _belongs(job, metric, period.first, last)]
    problem = next((one for one in owing if "error" in one.figures), None)
    if problem is not None:  # nobody knows how many breaches there were
        return replace(problem, is_between=period.is_between)
    owed = sum(one.figures["breaches"] for one in owing)
    asked = asking.attain_input(metric, mine, (period.first, last), calendar, now, breaches=owed)
    if documents:
        begun = (one for one in documents if one["from"] <= last.isoformat())
        asked["documents"] = [*asked.get("documents", ()), *begun]
    try:
        answer, named = attain_naming(asked)
    except Refused as refused:
        return Reckoned(
            {"error": refused.code, "sentence": refused.sentence, **_nobody()}, now, _midnight_after(today), period.is_between
        )
    here = [job for job in mine if period.first <= job.on_day <= last]
    found = {
        **(_so_far(metric, answer) if is_running else answer),
        "breach_events": list(islice(breaching.breaches(metric, asked, here, now, named), answer["breaches"])),
        "missing_events": list(breaching.missing(metric, here)) if answer["missing"] else [],
        "left_out": list(breaching.left_out(metric, mine if metric.kind is MetricKind.DOCUMENT else here))
        if answer["excluded"] or metric.kind in NOT_COUNTED_APART
        else [],
    }
    until = _holds_until(metric, asked, answer, mine, today, is_running=is_running)
    return Reckoned(found, now, _soonest(until, owing), period.is_between)


def _nobody() -> dict[str, Any]:
    return {"breach_events": [], "missing_events": [], "left_out": []}


def _belongs(job: Job, metric: MetricVersion, first: date, last: date) -> bool:
    if job.kind is not metric.event or job.metric not in (None, metric.metric):
        return False
    begins, ends = asking.days_to_read(metric, first, last)
    return (begins is None or begins <= job.on_day) and job.on_day <= ends


def _so_far(metric: MetricVersion, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """A sum that is to be reached is not missed while its period runs."""
    is_open = metric.kind is MetricKind.MONEY and metric.terms.get("measure") != "at_most" and answer["verdict"] != "met"
    return {**answer, "verdict": "not due", "breaches": 0} if is_open else answer


def _holds_until(
    metric: MetricVersion, asked: Mapping[str, Any], answer: Mapping[str, Any], jobs: Sequence[Job], today: date,
    *, is_running: bool,
) -> datetime | None:  # fmt: skip
    if metric.kind is MetricKind.TIME_TO_EVENT:
        return min(_turning_points(metric, asked), default=None) if answer["pending"] else None
    is_open = bool(answer["pending"]) or (metric.kind is MetricKind.MILESTONE and any("done" not in job.said for job in jobs))
    return _midnight_after(today) if is_running or is_open else None


def _turning_points(metric: MetricVersion, asked: Mapping[str, Any]) -> Iterator[datetime]:
    """When each job that is still in time will be late, or its clock starts."""
    now = datetime.fromisoformat(asked["as_of"])
    for event in asked["events"]:
        if event["stages"] or event["closed"] or event["excluded"]:
            continue
        start = datetime.fromisoformat(event["start"])
        if start > now:
            yield start
            continue
        question = clock_input.judged_input(event, metric, asked["calendar"], now)
        found = clock.judge(question)
        if found["verdict"] != "running" or not found["due"]:
            continue
        due = datetime.fromisoformat(found["due"])
        if due <= now:  # its time is up to the minute, and the service is shut: late from the next minute that counts
            late = clock.judge({**question, "target": {"minutes": found["elapsed_minutes"] + 1}, "changes": []})
            due = datetime.fromisoformat(late["due"])
        yield due


def _soonest(moment: datetime | None, owing: Sequence[Reckoned]) -> datetime | None:
    return min((one for one in (moment, *(part.holds_until for part in owing)) if one is not None), default=None)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + ONE, time(), LONDON)

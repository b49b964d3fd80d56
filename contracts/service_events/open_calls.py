"""How many open calls a new version of a school's calendar would move: counted for the page that saves it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

from base import clock
from contracts.access import served
from contracts.clock.calendar_layers import Layer, for_the_clock, laid_over
from contracts.judging import judging
from contracts.judging.job import Job
from contracts.promises import stored_metrics
from contracts.promises.kinds import EventKind
from contracts.promises.metric import MetricVersion, applying
from contracts.register import stored_calendars
from contracts.service_events import stored

OPEN_FOR: Final = timedelta(days=731)  # older calls than the clock looks ahead are nobody's any more
MOST: Final = 5_000


async def moved_by(school: UUID, before: Sequence[Layer], after: Sequence[Layer]) -> int:
    """Calls that are due at another moment by the second calendar of the school: of its contracts, and those that happened there
    under another's. Inside the caller's unit.
    """
    since = clock.today() - OPEN_FOR
    recent = QueryString("(e.kind = {} AND e.on_day >= {})", EventKind.JOB.value, since)
    here = QueryString("({} AND e.school = {})", recent, school)
    moved = 0
    ours = await served.ids_of(school)
    for contract in await stored.contracts_with_events(ours, since):
        jobs = await stored.jobs(contract, recent, MOST)
        own = await stored_calendars.saved_by({job.school for job in jobs} - {school})
        moved += await _moved(contract, jobs, before, after, own)
    for contract in set(await stored.contracts_at(school, since)) - set(ours):
        moved += await _moved(contract, await stored.jobs(contract, here, MOST), before, after, {})
    return moved


async def _moved(
    contract: UUID, jobs: Sequence[Job], before: Sequence[Layer], after: Sequence[Layer], own: Mapping[UUID, Sequence[Layer]]
) -> int:
    """``own`` is what other schools saved where jobs happened: it lies above either calendar."""
    metrics, now, moved = await stored_metrics.metrics_of(contract), clock.now(), 0
    here = [_for_the_clock(layers) for layers in (before, after)]
    by_school = {one: [_for_the_clock(laid_over(layers, its)) for layers in (before, after)] for one, its in own.items()}
    for job in jobs:
        was, becomes = by_school.get(job.school, here)
        its = applying(metrics.on(job.on_day), job.kind, job.metric)
        moved += not job.is_fixed and _dues(job, its, was, now) != _dues(job, its, becomes, now)
    return moved


def _for_the_clock(layers: Sequence[Layer]) -> Mapping[str, Any] | None:
    return for_the_clock(layers) if layers else None


def _dues(
    job: Job, metrics: tuple[MetricVersion, ...], calendar: Mapping[str, Any] | None, now: datetime
) -> list[datetime | None]:
    return [one.due for one in judging.verdicts(job, metrics, calendar, now)]

"""How many open calls a new version of a school's calendar would move: counted for the page that saves it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

from base import clock
from contracts.access import served
from contracts.clock.calendar_layers import Layer, for_the_clock
from contracts.judging import judging
from contracts.judging.job import Job
from contracts.promises import stored_metrics
from contracts.promises.kinds import EventKind
from contracts.promises.metric import MetricVersion, applying
from contracts.service_events import stored

OPEN_FOR: Final = timedelta(days=731)  # older calls than the clock looks ahead are nobody's any more
MOST: Final = 5_000


async def moved_by(school: UUID, before: Sequence[Layer], after: Sequence[Layer]) -> int:
    """Calls of the school's contracts that are due at another moment by the second calendar. Inside the caller's unit."""
    was, becomes = (for_the_clock(layers) if layers else None for layers in (before, after))
    since, now, moved = clock.today() - OPEN_FOR, clock.now(), 0
    for contract in await stored.contracts_with_events(await served.ids_of(school), since):
        metrics = await stored_metrics.metrics_of(contract)
        which = QueryString("(e.kind = {} AND e.on_day >= {})", EventKind.JOB.value, since)
        for job in await stored.jobs(contract, which, MOST):
            its = applying(metrics.on(job.on_day), job.kind, job.metric)
            if not job.is_fixed and _dues(job, its, was, now) != _dues(job, its, becomes, now):
                moved += 1
    return moved


def _dues(
    job: Job, metrics: tuple[MetricVersion, ...], calendar: Mapping[str, Any] | None, now: datetime
) -> list[datetime | None]:
    return [one.due for one in judging.verdicts(job, metrics, calendar, now)]

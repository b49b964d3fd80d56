"""How the service did, as other schools read it with whom the contract's group "attainment" is shared: figures, no more."""

from uuid import UUID

import database
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.attainment.figures import Shown


async def with_us(viewer: Viewer, contract_id: UUID, days: Days | None = None) -> tuple[Shown, ...]:
    """Of another school's contract. Raises NotFound unless the predicate opens the group to the viewer; Invalid for days in the
    wrong order. Opens its own unit.
    """
    async with database.read():
        return await _shown(await served.with_figures_shared(viewer, contract_id), days or Days())


async def as_others_see(viewer: Viewer, contract_id: UUID) -> tuple[Shown, ...]:
    """Of a contract of the viewer's school, before it is shared. Raises NotFound. Opens its own unit."""
    async with database.read():
        return await _shown(await served.contract(viewer, contract_id), Days())


async def _shown(about: ServedContract, days: Days) -> tuple[Shown, ...]:
    """The periods that are over, by promise and time: without an event, a clause, a reason or whose they are."""
    metrics = await attainment.told_by(about, days)
    return tuple(
        Shown(
            metric.name, period.first, period.last, period.figure.target, period.figure.measured, period.figure.n, metric.unit,
            period.figure.said, period.figure.is_money,
        )
        for metric in metrics
        for period in metric.periods
        if not period.is_running and not period.problem
    )  # fmt: skip

"""All that follows from how the service did under one contract, as its page shows it."""

from dataclasses import dataclass
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.access.served import ServedContract
from contracts.improvement import concerns, crediting, kept
from contracts.improvement.concerns import ConcernView
from contracts.improvement.crediting import CreditView
from contracts.promises import stored_metrics


@dataclass(frozen=True, slots=True)
class Improvement:
    """``credits`` None: the viewer reads no prices. ``promises`` are (id, name); with ``counts_credits`` one is about credits."""

    contract: ServedContract
    concerns: tuple[ConcernView, ...]
    credits: tuple[CreditView, ...] | None
    promises: tuple[tuple[UUID, str], ...]
    counts_credits: bool


async def of_contract(viewer: Viewer, contract: UUID) -> Improvement:
    """Opens its own unit. Raises NotFound unless the contract is the viewer's school's."""
    async with database.read():
        about = await kept.ours(viewer, contract, lock=False)
        versions = (await stored_metrics.metrics_of(contract)).versions
        names, counts_credits = {one.metric: one.name for one in versions}, any(one.is_about_credits for one in versions)
        its = await crediting.of_contract(viewer, contract) if viewer.role.reads_prices else None
        return Improvement(about, await concerns.of_contract(viewer, contract), its, tuple(names.items()), counts_credits)

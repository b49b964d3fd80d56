"""Older reviews of a school that rest, because a newer one stands for the supplier that both were merged into."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from sharing.access import visibility
from suppliers.directory import directory
from suppliers.record import facts, merge_edges
from suppliers.tables import Review

RESTS: Final = "A newer review of yours stands for this supplier. Change that one, or undo the merge of the two suppliers first."


@dataclass(frozen=True, slots=True)
class Resting:
    """An older review of ours, of a supplier that was merged into the one that is looked at. Nobody else sees it meanwhile."""

    id: UUID
    name: str  # of the supplier that it was written for
    written_at: datetime


async def resting(viewer: Viewer, supplier_id: UUID) -> tuple[Resting, ...]:
    """Older reviews of ours that rest because a newer one stands for the same supplier; the newest first."""
    async with database.read():
        supplier = await directory.must_see(viewer, supplier_id)
        members = set(await merge_edges.whole(supplier.id, viewer.school)) - {supplier.id}
        if not members:
            return ()
        where = (Review.school == viewer.school) & database.among(Review.supplier, members) & visibility.in_sight(Review)
        columns = (Review.id, Review.supplier, Review.written_for, Review.written_at)
        rows = await Review.select(*columns).where(where).order_by(Review.written_at, ascending=False)
        written_for = {row["id"]: row["written_for"] or row["supplier"] for row in rows}
        known = await facts.as_written(written_for.values())
    return tuple(Resting(row["id"], known[written_for[row["id"]]].name, row["written_at"]) for row in rows)

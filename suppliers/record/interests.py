"""Who has declared an interest in a supplier, and so reads no criticism of it: the one predicate that every read asks.

An interest is a person's, not a review's: it stays whoever changes or withdraws the review, follows the supplier through
merges, and holds at every school of theirs, until they withdraw it. All functions are part of the caller's unit.
"""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import database
from audit.log.subjects import Subject
from base import clock
from base.viewer import Viewer
from suppliers.tables import Interest, Supplier


async def declares(viewer: Viewer, supplier: UUID) -> bool:
    """Whether the viewer declared an interest in the supplier, or in anything that it is one with."""
    return supplier in await suppliers_of(viewer)


async def suppliers_of(viewer: Viewer) -> frozenset[UUID]:
    """Every supplier that the viewer declared an interest in, with all that each of these is merged with."""
    return await database.asked_once(("interests", viewer.person, viewer.school), partial(_suppliers_of, viewer))


async def _suppliers_of(viewer: Viewer) -> frozenset[UUID]:
    declared = Interest.select(Interest.supplier).where(_live(viewer))
    named: list[UUID] = await declared.output(as_list=True)
    if not named:
        return frozenset()
    rows = await Supplier.select(Supplier.id, Supplier.joined_to).where(database.among(Supplier.id, named))
    roots = {row["joined_to"] or row["id"] for row in rows}
    known = Supplier.owner.is_null() | (Supplier.owner == viewer.school)
    joined = Supplier.select(Supplier.id).where(database.among(Supplier.joined_to, roots), known)
    parts: list[UUID] = await joined.output(as_list=True)
    return frozenset({*roots, *parts})


async def streams_of(viewer: Viewer) -> frozenset[str]:
    """The streams of the trail whose criticism the viewer does not read. Opens its own read unit."""
    async with database.read():
        return frozenset(map(Subject.SUPPLIER.of, await suppliers_of(viewer)))


async def declare(viewer: Viewer, supplier: UUID) -> None:
    """Notes the viewer's interest, once."""
    if not await declares(viewer, supplier):
        await Interest(id=uuid4(), person=viewer.person, school=viewer.school, supplier=supplier, declared_at=clock.now()).save()


async def withdraw(viewer: Viewer, supplier: UUID) -> bool:
    """Ends the viewer's own interest in the supplier, a live one, and in all that is part of it. False where there was none."""
    one_with_it = Supplier.select(Supplier.id).where((Supplier.id == supplier) | (Supplier.joined_to == supplier))
    theirs = _live(viewer) & database.among(Interest.supplier, one_with_it)
    return bool(await Interest.update({Interest.withdrawn_at: clock.now()}).where(theirs).returning(Interest.id))


def _live(viewer: Viewer) -> Any:
    return (Interest.person == viewer.person) & Interest.withdrawn_at.is_null()

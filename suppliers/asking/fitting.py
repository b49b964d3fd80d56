"""The suppliers that a school may answer with: those that a name finds, and its own of that need."""

from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.asking.seen import ShownEnquiry
from suppliers.index import candidates
from suppliers.tables import Supplier, Supplies, Use

MOST: Final = 12  # of either: fits a phone


async def of(viewer: Viewer, enquiry: ShownEnquiry, name: str) -> tuple[tuple[UUID, str], ...]:
    """Id and name of each; none for an enquiry that is about one supplier. Opens its own unit."""
    if enquiry.supplier is not None:
        return ()
    async with database.read():
        named = dict(await candidates.by_name(viewer, name, MOST)) if name.strip() else {}
        used = Use.select(Use.supplier).where(Use.school == viewer.school, Use.until_at.is_null())
        fitting = Supplies.select(Supplies.supplier).where(Supplies.category == enquiry.category)
        ours = database.among(Supplier.id, used) & database.among(Supplier.id, fitting)
        seen = (Supplier.owner.is_null() | (Supplier.owner == viewer.school)) & Supplier.joined_to.is_null()
        columns = (Supplier.id, Supplier.name)
        found = await Supplier.select(*columns).where(database.among(Supplier.id, named), seen)
        own = await Supplier.select(*columns).where(ours, seen).order_by(Supplier.exact_name).limit(MOST)
    best = sorted(found, key=lambda row: (-named[row["id"]], row["name"]))
    return tuple({row["id"]: row["name"] for row in (*best, *own)}.items())

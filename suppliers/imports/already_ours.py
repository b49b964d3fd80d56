"""Which suppliers of a file a school has already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.directory.directory import Suggestion
from suppliers.record import facts, merge_forest
from suppliers.record.facts import Facts
from suppliers.tables import Supplier, Use


@dataclass(frozen=True, slots=True)
class AlreadyOurs:
    """The school's own records by exact name, with what is known of them, and which suppliers it uses."""

    by_name: Mapping[str, UUID]
    facts: Mapping[UUID, Facts]
    used: frozenset[UUID]
    own: frozenset[UUID]  # those that are the school's own records, so that it may change them

    def has(self, known: Facts) -> bool:
        """Whether it is on the list for certain: nobody needs to look for others."""
        return self.by_name.get(known.exact) in self.used and not self.another_of_the_name(known)

    def another_of_the_name(self, known: Facts) -> str:
        """Why a record of the very name is another supplier, or "": a register gives one number to one body."""
        supplier = self.by_name.get(known.exact)
        own = self.facts.get(supplier) if supplier else None
        differing = merge_forest.disagreeing(own.lines, known.lines) if own else ()
        return f"the same name, but the {differing[0][0].partition(':')[0].replace('_', ' ')}s differ" if differing else ""


async def ours(viewer: Viewer, known: Iterable[Facts]) -> AlreadyOurs:
    names = sorted({one.exact for one in known})
    async with database.read():
        mine = (Supplier.owner == viewer.school) & database.among(Supplier.exact_name, names)
        rows = await Supplier.select(Supplier.id, Supplier.exact_name, Supplier.joined_to).where(mine)
        by_name = {row["exact_name"]: row["joined_to"] or row["id"] for row in rows}
        found = await facts.load(by_name.values())
    own = frozenset(row["id"] for row in rows if not row["joined_to"])
    return AlreadyOurs(by_name, found, await used(viewer, set(by_name.values())), own)


async def with_suggested(viewer: Viewer, ours: AlreadyOurs, found: Mapping[int, tuple[Suggestion, ...]]) -> AlreadyOurs:
    """The same, with what was suggested for the rows: which of it the school uses, and what it knows of own records."""
    suggested = {one.supplier_id: one.is_own for some in found.values() for one in some}
    own = {supplier for supplier, is_own in suggested.items() if is_own}
    async with database.read():
        known = await facts.load(own - ours.facts.keys())
    live = await used(viewer, {*ours.by_name.values(), *suggested})
    return replace(ours, used=live, own=ours.own | own, facts={**ours.facts, **known})


async def used(viewer: Viewer, asked: set[UUID]) -> frozenset[UUID]:
    """Which of these the school uses."""
    if not asked:
        return frozenset()
    live = (Use.school == viewer.school) & database.among(Use.supplier, sorted(asked, key=str)) & Use.until_at.is_null()
    async with database.read():
        return frozenset(await Use.select(Use.supplier).where(live).output(as_list=True))

"""What one other school can see of ours, all of it: asked as that school would ask, through the one predicate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Role, Viewer
from sharing.access import audiences, visibility
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import Principals
from suppliers.record import interests
from suppliers.shares import there
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Note, Review, Supplier

MOST_SHOWN: Final = 200  # of reviews, and of notes; the newest


@dataclass(frozen=True, slots=True)
class SeenItem:
    what: OpinionKind
    id: UUID
    supplier: UUID
    supplier_name: str
    words: str  # what is seen of it: "the rating and what was good"
    is_by_name: bool  # shared with that school itself, not only with many that it is one of


@dataclass(frozen=True, slots=True)
class SeenBySchool:
    items: tuple[SeenItem, ...]  # by supplier
    are_more: bool


async def seen_by(viewer: Viewer, school: UUID) -> SeenBySchool:
    """Our reviews and notes as a head or business manager there can see them, without what is shared with one person there.

    Whoever declared an interest in a supplier sees no criticism of it; that is told of nobody. Opens its own read unit.
    """
    async with database.read():
        reader = await visibility.principals_as(school, Role.BUSINESS_MANAGER)
        reviews, notes = await _seen(viewer, reader, Review), await _seen(viewer, reader, Note)
        found = [*reviews[:MOST_SHOWN], *notes[:MOST_SHOWN]]
        masks = {row.id: mask for row, mask in found}
        names = await _names([row for row, _ in found])
        rows = [row for row, _ in found if row.supplier in names]
        seen = await there.of_rows(viewer, rows, await interests.suppliers_of(viewer))
        choices = await audiences.choices_of(row.audience for row in rows)
    items = [
        SeenItem(
            what=OpinionKind.REVIEW if isinstance(row, Review) else OpinionKind.NOTE,
            id=row.id,
            supplier=row.supplier,
            supplier_name=names[row.supplier],
            words=seen[row.id].words(masks[row.id]),
            is_by_name=any((one.kind, one.subject) == (GrantKind.SCHOOL, school) for one in choices[row.audience].grants),
        )
        for row in rows
    ]
    return SeenBySchool(tuple(sorted(items, key=_by_supplier)), are_more=len(found) < len(reviews) + len(notes))


async def _seen(viewer: Viewer, reader: Principals, table: type[Review] | type[Note]) -> Sequence[tuple[Review | Note, Fields]]:
    """The newest first, with what of each is open; one more than are shown, where there are more."""
    ours = (table.school == viewer.school) & table.audience.is_not_null() & visibility.in_sight(table)
    columns = table.select(table.id, visibility.mask(reader, table)).where(ours, visibility.visible(reader, table))
    rows: list[dict[str, Any]] = await columns.order_by(table.written_at, ascending=False).limit(MOST_SHOWN + 1)
    whole = {one.id: one for one in await table.objects().where(database.among(table.id, [row["id"] for row in rows]))}
    return [(whole[row["id"]], Fields(row["mask"])) for row in rows]


async def _names(rows: Sequence[Review | Note]) -> Mapping[UUID, str]:
    """By supplier, without those that are part of another one: what was said of these rests, and nobody else sees it."""
    wanted = database.among(Supplier.id, {row.supplier for row in rows}) & Supplier.joined_to.is_null()
    return {row["id"]: row["name"] for row in await Supplier.select(Supplier.id, Supplier.name).where(wanted)}


def _by_supplier(item: SeenItem) -> tuple[str, str, str]:
    return item.supplier_name.casefold(), item.what, str(item.id)

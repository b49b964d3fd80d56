"""What one other school can see of ours, all of it: asked as that school would ask, through the one predicate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
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

PAGE: Final = 100


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
    """A page of them, by supplier; ``total`` is how many there are on all."""

    items: tuple[SeenItem, ...]
    total: int
    has_more: bool


class _Seen(NamedTuple):
    table: type[Review] | type[Note]
    id: UUID
    supplier: UUID
    mask: Fields


async def seen_by(viewer: Viewer, school: UUID, number: int = 1) -> SeenBySchool:
    """Our reviews and notes as a head or business manager there can see them, without what is shared with one person there: the
    page of that number, from 1.

    Whoever declared an interest in a supplier sees no criticism of it; that is told of nobody. Opens its own read unit.
    """
    async with database.read():
        reader = await visibility.principals_as(school, Role.BUSINESS_MANAGER)
        everything = [*await _seen(viewer, reader, Review), *await _seen(viewer, reader, Note)]
        names = await _names(everything)
        ordered = sorted((one for one in everything if one.supplier in names), key=lambda one: _by_supplier(one, names))
        shown = ordered[(number - 1) * PAGE : number * PAGE]
        rows = {row.id: row for table in (Review, Note) for row in await _whole(table, shown)}
        seen = await there.of_rows(viewer, list(rows.values()), await interests.suppliers_of(viewer))
        choices = await audiences.choices_of(row.audience for row in rows.values())
    items = [
        SeenItem(
            what=_what(one),
            id=one.id,
            supplier=one.supplier,
            supplier_name=names[one.supplier],
            words=seen[one.id].words(one.mask),
            is_by_name=any((by.kind, by.subject) == (GrantKind.SCHOOL, school) for by in choices[rows[one.id].audience].grants),
        )
        for one in shown
    ]
    return SeenBySchool(tuple(items), len(ordered), len(ordered) > number * PAGE)


async def _seen(viewer: Viewer, reader: Principals, table: type[Review] | type[Note]) -> list[_Seen]:
    """All of them, with what of each is open. Three small columns a row, however many there are."""
    ours = (table.school == viewer.school) & table.audience.is_not_null() & visibility.in_sight(table)
    columns = table.select(table.id, table.supplier, visibility.mask(reader, table))
    rows = await columns.where(ours, visibility.visible(reader, table))
    return [_Seen(table, row["id"], row["supplier"], Fields(row["mask"])) for row in rows]


async def _whole(table: type[Review] | type[Note], shown: Sequence[_Seen]) -> Sequence[Review | Note]:
    found: Sequence[Review | Note] = await table.objects().where(
        database.among(table.id, [one.id for one in shown if one.table is table])
    )
    return found


async def _names(seen: Sequence[_Seen]) -> Mapping[UUID, str]:
    """By supplier, without those that are part of another one: what was said of these rests, and nobody else sees it."""
    wanted = database.among(Supplier.id, {one.supplier for one in seen}) & Supplier.joined_to.is_null()
    return {row["id"]: row["name"] for row in await Supplier.select(Supplier.id, Supplier.name).where(wanted)}


def _what(one: _Seen) -> OpinionKind:
    return OpinionKind.REVIEW if one.table is Review else OpinionKind.NOTE


def _by_supplier(one: _Seen, names: Mapping[UUID, str]) -> tuple[str, str, str]:
    return names[one.supplier].casefold(), _what(one), str(one.id)

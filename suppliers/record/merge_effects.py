"""Writes what live merges mean into the rows: which supplier each is part of, and at which each review, note and use is.

All of it is derived, and worked out anew for one whole at a time (a supplier with what was merged into it), so that no reader
has to know of merges. Nothing else of a row changes.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from piccolo.columns import Column

import database
from base import clock
from suppliers.record import merge_edges, merge_forest
from suppliers.record.merge_forest import SchoolRow
from suppliers.tables import Note, Review, Supplier, Use


@dataclass(frozen=True, slots=True)
class _MovingTable:
    """A table whose rows follow their supplier. ``ended`` is null while a row is current.

    With ``one_current`` a school has at most one current row at a supplier.
    """

    table: type[Review] | type[Note] | type[Use]
    at: Column
    ended: Column
    one_current: bool


_MOVING_TABLES: Final = (
    _MovingTable(Review, Review.written_at, Review.withdrawn_at, one_current=True),
    _MovingTable(Note, Note.written_at, Note.withdrawn_at, one_current=False),
    _MovingTable(Use, Use.since_at, Use.until_at, one_current=True),
)


async def settle(ids: Collection[UUID], school: UUID | None) -> None:
    """Settles suppliers that were or are one whole, and what was said of them, after an edge came or went.

    ``school`` is whose edge it was: nothing of another school's moves; None: a curator's. Inside the recording unit that
    locked their root.
    """
    root_of = merge_forest.roots(await merge_edges.live(ids), ids)
    await _join(root_of)
    for kind in _MOVING_TABLES:
        await _place(kind, await _rows(kind, ids, school), root_of)


async def settle_school(school: UUID, root: UUID) -> None:
    """Lets an older review or use of a school stand again, after the newer one was taken back. Inside a recording unit."""
    ids = await merge_edges.whole(root, school)
    for kind in _MOVING_TABLES:
        if kind.one_current and len(ids) > 1:
            await _place(kind, await _rows(kind, ids, school), dict.fromkeys(ids, root))


async def _join(root_of: Mapping[UUID, UUID]) -> None:
    rows: list[dict[str, Any]] = []
    for some in merge_edges.chunks(root_of):
        rows += await Supplier.select(Supplier.id, Supplier.joined_to).where(database.among(Supplier.id, some))
    wanted = {one: None if root == one else root for one, root in root_of.items()}
    changed = [(wanted[row["id"]], row["id"]) for row in rows if row["joined_to"] != wanted[row["id"]]]
    await database.update_rows(Supplier, (Supplier.joined_to,), changed)


async def _rows(kind: _MovingTable, ids: Collection[UUID], school: UUID | None) -> list[dict[str, Any]]:
    table, rows = kind.table, list[dict[str, Any]]()
    columns = (table.id, table.school, table.supplier, table.written_for)
    for some in merge_edges.chunks(ids):
        of_them = database.among(table.supplier, some)
        where = of_them & (table.school == school) if school else of_them
        query = table.select(*columns, kind.at.as_alias("at"), kind.ended.as_alias("ended")).where(where)
        rows += await database.locked(query)
    return rows


async def _place(kind: _MovingTable, rows: Iterable[dict[str, Any]], root_of: Mapping[UUID, UUID]) -> None:
    by_root: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        by_root.setdefault(root_of[_written_for(row)], []).append(row)
    moves: list[_Move] = []
    for root, some in by_root.items():
        places = merge_forest.places((_school_row(kind, row) for row in some), root)
        moves += [_Move(row, places[row["id"]]) for row in some if row["supplier"] != places[row["id"]]]
    await _make_way(kind, moves)
    changed = [(move.to, move.written_for, move.row["ended"], move.row["id"]) for move in moves]
    await database.update_rows(kind.table, (kind.table.supplier, kind.table.written_for, kind.ended), changed)


@dataclass(frozen=True, slots=True)
class _Move:
    row: Mapping[str, Any]
    to: UUID

    @property
    def written_for(self) -> UUID | None:
        written_for = _written_for(self.row)
        return None if written_for == self.to else written_for


async def _make_way(kind: _MovingTable, moves: Iterable[_Move]) -> None:
    """Two current rows may change places; half-way, the unique index (one a school and supplier) would refuse it."""
    if kind.one_current:
        waiting = [(clock.now(), move.row["id"]) for move in moves if move.row["ended"] is None]
        await database.update_rows(kind.table, (kind.ended,), waiting)


def _written_for(row: Mapping[str, Any]) -> UUID:
    found: UUID = row["written_for"] or row["supplier"]
    return found


def _school_row(kind: _MovingTable, row: Mapping[str, Any]) -> SchoolRow:
    """Ranked so that of reviews the newest stands, and of uses the oldest: a school uses a supplier since its first use.

    Newest is what was first written last: a later change may be of words that nobody else is shown.
    """
    at = clock.microseconds(row["at"])
    is_current = kind.one_current and row["ended"] is None
    return SchoolRow(row["id"], row["school"], _written_for(row), -at if kind.table is Use else at, is_current)

"""The live merges, read from their rows. The caller decides which of them may be seen."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final
from uuid import UUID

import database
from suppliers.record.merge_forest import Edge
from suppliers.tables import Merge, Supplier

MOST_IN_ONE: Final = 5_000  # ids of one statement: under 32,766 parameters on both databases
_MEMBERS: Final = "SELECT id, name, owner FROM suppliers_supplier WHERE joined_to = $1 AND (owner IS NULL OR owner = $2)"


async def live(joined: Collection[UUID]) -> tuple[Edge, ...]:
    """The live edges that leave these suppliers; at most one leaves each. Inside a unit."""
    rows: list[dict[str, Any]] = []
    for some in chunks(joined):
        rows += await Merge.select().where(database.among(Merge.from_supplier, some) & Merge.undone_at.is_null())
    return tuple(of_row(row) for row in rows)


def of_row(row: dict[str, Any]) -> Edge:
    return Edge(row["id"], row["from_supplier"], row["to_supplier"], row["merged_at"], frozenset(json.loads(row["dropped"])))


async def parts(roots: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """By supplier, what was merged into it and adds to its facts: entries to an entry, own records to an own record."""
    found: dict[UUID, list[UUID]] = {}
    for row in await _joined(list(roots)):
        found.setdefault(UUID(str(row["joined_to"])), []).append(UUID(str(row["id"])))
    return {root: tuple(members) for root, members in found.items()}


async def whole(root: UUID, school: UUID | None) -> tuple[UUID, ...]:
    """The supplier, all entries that are part of it and, with ``school``, its own records that are. Inside a unit."""
    return (root, *(one.id for one in await members(root, school)))


@dataclass(frozen=True, slots=True)
class Member:
    """A supplier that is part of another; ``owner`` is None for an entry."""

    id: UUID
    name: str
    owner: UUID | None


async def members(root: UUID, school: UUID | None) -> tuple[Member, ...]:
    """As ``whole``, without the supplier itself."""
    return await database.asked_once(("members", root, school), partial(_members, root, school))


async def _members(root: UUID, school: UUID | None) -> tuple[Member, ...]:
    rows = await database.select(_MEMBERS, root, school)
    return tuple(Member(row["id"], row["name"], row["owner"]) for row in rows)


async def wholes(suppliers: Iterable[UUID | None], school: UUID) -> tuple[UUID, ...]:
    """As ``whole``, of each of them, or of what it was merged into; None is left out."""
    named = [one for one in suppliers if one]
    rows = await Supplier.select(Supplier.id, Supplier.joined_to).where(database.among(Supplier.id, named))
    roots = dict.fromkeys(row["joined_to"] or row["id"] for row in rows)
    return tuple(dict.fromkeys([one for root in roots for one in await whole(root, school)]))


async def everything(root: UUID) -> tuple[UUID, ...]:
    """The supplier and all that is part of it, whichever school's: thousands, where many merged their own record into it."""
    members: list[UUID] = await Supplier.select(Supplier.id).where(Supplier.joined_to == root).output(as_list=True)
    return (root, *members)


def chunks(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """Lists of at most MOST_IN_ONE ids, as many as one statement takes on both databases."""
    rest = iter(ids)
    while some := list(islice(rest, MOST_IN_ONE)):
        yield some


async def _joined(roots: list[UUID]) -> list[dict[str, Any]]:
    if not roots:
        return []
    marks = ", ".join(["{}"] * len(roots))
    rows: list[dict[str, Any]] = await Supplier.raw(
        f"""SELECT s.id, s.joined_to FROM suppliers_supplier s JOIN suppliers_supplier r ON r.id = s.joined_to
        WHERE s.joined_to IN ({marks}) AND (s.owner IS NULL AND r.owner IS NULL OR s.owner = r.owner)""",  # noqa: S608 - marks
        *roots,
    )
    return rows

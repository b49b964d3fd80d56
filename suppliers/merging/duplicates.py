"""Which of a school's suppliers may be one: worked out when asked, from what is known now and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.directory.directory import Suggestion
from suppliers.merging import decisions, links
from suppliers.merging.decisions import Judgement
from suppliers.record import facts
from suppliers.tables import Supplier, Use

AT_A_TIME: Final = 20  # suppliers looked at for one page: each costs a search, and a page of them under half a second

After = tuple[str, str]  # the last supplier looked at: its normalised name and id


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """One of the school's suppliers, and what may be the same."""

    one: UUID
    name: str
    is_own: bool
    other: Suggestion


@dataclass(frozen=True, slots=True)
class DuplicateQueue:
    pairs: tuple[LikelyDuplicate, ...]  # in order of the name
    looked_at: int  # suppliers of the school on this page
    next_after: After | None


async def queue(viewer: Viewer, after: After | None = None) -> DuplicateQueue:
    """The next of the school's own records and of those that it uses, each with its likely duplicates."""
    async with database.read():
        rows = await _ours(viewer, after)
    page = rows[:AT_A_TIME]
    pairs: dict[frozenset[UUID], LikelyDuplicate] = {}
    for row in page:
        for other in await alike(viewer, row["id"], waiting=True):
            pair = LikelyDuplicate(row["id"], row["name"], row["owner"] is not None, other)
            pairs.setdefault(frozenset({pair.one, other.supplier_id}), pair)
    last = (page[-1]["exact_name"], str(page[-1]["id"])) if len(rows) > AT_A_TIME else None
    return DuplicateQueue(tuple(pairs.values()), len(page), last)


async def alike(viewer: Viewer, supplier_id: UUID, *, waiting: bool = False) -> tuple[Suggestion, ...]:
    """What may be the same as a supplier, without what was judged different from it or linked with it; likeliest first.

    ``waiting``: also without what the school answered already, "not sure" as long as nothing is new, or "the same".
    """
    async with database.read():
        asked = await directory.must_see(viewer, supplier_id)
        known = (await facts.load([asked.id]))[asked.id]
        out = await decisions.apart_from(viewer, asked.id) | await links.with_any_of(viewer, asked.id)
        out |= await _answered(viewer, asked.id) if waiting else frozenset()
    identifiers = {scheme.value: value for scheme, value in known.identifiers}
    found = await directory.suggestions(viewer, known.name, identifiers, other_than=asked.id)
    return tuple(one for one in found if one.supplier_id not in out)


async def _ours(viewer: Viewer, after: After | None) -> list[dict[str, Any]]:
    used = Use.select(Use.supplier).where((Use.school == viewer.school) & Use.until_at.is_null())
    mine = (Supplier.owner == viewer.school) | database.among(Supplier.id, used)
    query = Supplier.select(Supplier.id, Supplier.name, Supplier.owner, Supplier.exact_name).where(
        mine & Supplier.joined_to.is_null()
    )
    if after:
        name, last = after
        query = query.where((Supplier.exact_name > name) | ((Supplier.exact_name == name) & (Supplier.id > UUID(last))))
    rows: list[dict[str, Any]] = await query.order_by(Supplier.exact_name, Supplier.id).limit(AT_A_TIME + 1)
    return rows


async def _answered(viewer: Viewer, supplier: UUID) -> frozenset[UUID]:
    found: set[UUID] = set()
    for one in await decisions.of(viewer.school, {supplier}):
        if one.judgement is Judgement.SAME or await _is_as_it_was(one):
            found |= {one.one, one.other}
    return frozenset(found - {supplier})


async def _is_as_it_was(one: decisions.Decided) -> bool:
    return one.judgement is Judgement.UNSURE and one.seen == await decisions.digest(one.one, one.other)


def pairs_of(chosen: Iterable[str]) -> tuple[tuple[UUID, UUID], ...]:
    """The pairs that a form sends, each as "id:id". Raises ValueError."""
    return tuple((UUID(one), UUID(other)) for one, _, other in (pair.partition(":") for pair in chosen))

"""A school's own list: the suppliers that it uses, with what it last said of each. Its own people see it, nobody else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from sharing.access import visibility
from suppliers.matching.names import LONGEST, normalise
from suppliers.record import facts, interests, taxonomy
from suppliers.tables import Note, Review, Use

PAGE: Final = 50  # suppliers; a school has a few hundred

After = tuple[str, str]  # the last supplier shown: its normalised name and id


@dataclass(frozen=True, slots=True)
class OurSupplier:
    supplier: UUID
    name: str
    is_own: bool  # seen by this school alone
    categories: tuple[str, ...]  # names
    rating: int | None
    vouches: bool
    noted_on: date | None  # the day that the last note is about


@dataclass(frozen=True, slots=True)
class OurList:
    suppliers: tuple[OurSupplier, ...]
    next_after: After | None
    is_empty: bool  # whatever the filters: the school uses nobody yet


async def ours(viewer: Viewer, *, text: str = "", category: str = "", after: After | None = None, limit: int = PAGE) -> OurList:
    """A page of it, by name. ``text`` is part of a name, ``category`` a slug of the taxonomy; either may be empty."""
    async with database.read():
        rows = await rows_of_ours(viewer, text=text, category=category, after=after, limit=limit + 1)
        page, ids = rows[:limit], [row["id"] for row in rows[:limit]]
        known = await facts.load(ids)
        reviews = await _reviews(viewer, ids)
        noted = await _noted(viewer, ids, await interests.suppliers_of(viewer))
        used = await Use.exists().where((Use.school == viewer.school) & Use.until_at.is_null())
    fitting = [row for row in page if not category or category in known[row["id"]].categories]  # a merge may leave one out
    shown = tuple(_shown(row, known[row["id"]], reviews.get(row["id"]), noted.get(row["id"])) for row in fitting)
    last = (page[-1]["exact_name"], str(page[-1]["id"])) if len(rows) > limit else None
    return OurList(shown, last, is_empty=not used)


async def rows_of_ours(viewer: Viewer, *, text: str, category: str = "", after: After | None, limit: int) -> list[dict[str, Any]]:
    """``id, owner, exact_name`` of the suppliers that the school uses, by name; as ``ours``. Inside the caller's unit of work."""
    text = normalise(text[:LONGEST]).exact
    sql = """SELECT s.id, s.owner, s.exact_name FROM suppliers_use u JOIN suppliers_supplier s ON s.id = u.supplier
        WHERE u.school = {} AND u.until_at IS NULL"""
    values: list[Any] = [viewer.school]
    if text:
        sql += " AND s.exact_name LIKE {}"  # normalised: letters, figures and spaces only
        values.append(f"%{text}%")
    if category:
        sql += """ AND EXISTS (SELECT 1 FROM suppliers_supplies c JOIN suppliers_supplier m ON m.id = c.supplier
            WHERE c.category = {} AND (m.id = s.id
                OR m.joined_to = s.id AND (m.owner IS NULL AND s.owner IS NULL OR m.owner = s.owner)))"""
        values.append(category)
    if after:
        sql += " AND (s.exact_name > {} OR (s.exact_name = {} AND s.id > {}))"
        values += [after[0], after[0], UUID(after[1])]
    rows: list[dict[str, Any]] = await Use.raw(sql + " ORDER BY s.exact_name, s.id LIMIT {}", *values, limit)
    return [row | {"id": UUID(str(row["id"]))} for row in rows]


async def _reviews(viewer: Viewer, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    if not ids:
        return {}
    mine = (Review.school == viewer.school) & database.among(Review.supplier, ids) & visibility.in_sight(Review)
    rows = await Review.select(Review.supplier, Review.rating, Review.would_use_again, Review.lapses_at).where(mine)
    return {row["supplier"]: row for row in rows}


async def _noted(viewer: Viewer, ids: list[UUID], interested: Collection[UUID]) -> dict[UUID, date]:
    """A note about a problem is criticism, of which not every role may know, and nobody with an ``interested`` supplier."""
    if not ids:
        return {}
    mine = (Note.school == viewer.school) & database.among(Note.supplier, ids) & visibility.in_sight(Note)
    if not viewer.role.reads_private:
        mine &= Note.audience.is_not_null()
    if not viewer.role.reads_criticism:
        mine &= Note.about != "problem"
    elif interested:
        mine &= (Note.about != "problem") | database.outside(Note.supplier, interested)
    rows = await Note.select(Note.supplier, Note.happened_on).where(mine).order_by(Note.happened_on)
    return {row["supplier"]: row["happened_on"] for row in rows}


def _shown(row: dict[str, Any], known: facts.Facts, review: dict[str, Any] | None, noted_on: date | None) -> OurSupplier:
    said = review or {"rating": None, "would_use_again": None, "lapses_at": None}
    has_lapsed = said["lapses_at"] is not None and said["lapses_at"] <= clock.now()
    return OurSupplier(
        supplier=row["id"],
        name=known.name,
        is_own=row["owner"] is not None,
        categories=tuple(taxonomy.by_slug()[slug].name for slug in known.categories if slug in taxonomy.by_slug()),
        rating=said["rating"],
        vouches=bool(said["would_use_again"]) and not has_lapsed,
        noted_on=noted_on,
    )

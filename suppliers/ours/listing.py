"""A school's own list as a table: our word, other schools' word within honest numbers, the last note, and what comes next.

What decides the order of a page is read of the whole list, which is a few hundred; what is only shown, of the page alone.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from piccolo.query.functions import Max

import database
from base import clock
from base.viewer import Viewer
from sharing.access import visibility
from suppliers.directory.our_list import PAGE, rows_of_ours
from suppliers.opinions import averages
from suppliers.opinions.opinion import ASKED_BEFORE
from suppliers.ours.arranging import EVERYTHING, Line, Showing, Sort, Wanted, arranged
from suppliers.record import facts, interests, taxonomy
from suppliers.tables import Note, Review, Supplies, Use
from web.pages.beside import Ahead

MOST_LISTED: Final = 10_000  # suppliers of one school: more than any council's; those after it, by name, are not shown
LAPSES_SOON: Final = ASKED_BEFORE  # time to ask whoever knows, before a vouch counts no more

NOTHING_AHEAD: Final[Mapping[UUID, Ahead]] = {}


async def _nothing_ahead(_: Viewer) -> Mapping[UUID, Ahead]:
    return NOTHING_AHEAD


@dataclass(frozen=True, slots=True)
class OurList:
    suppliers: tuple[Line, ...]  # of one page
    count: int  # on all pages
    pages: int
    is_empty: bool  # whatever the filters: the school uses nobody
    needs: tuple[tuple[str, str], ...]  # slug and name of each category that one of them is filed under


async def ours(
    viewer: Viewer,
    wanted: Wanted = EVERYTHING,
    ahead: Callable[[Viewer], Awaitable[Mapping[UUID, Ahead]]] = _nothing_ahead,
) -> OurList:
    """The page of it that is wanted. ``ahead`` answers what is to be decided next, by supplier: contracts know."""
    async with database.read():
        lines = await _lines(viewer, wanted, await ahead(viewer))
        fitting = arranged(lines, wanted, soon=clock.now() + LAPSES_SOON)
        page = fitting[(wanted.page - 1) * PAGE : wanted.page * PAGE]
        shown = await _with_peers(viewer, await with_needs(page))
        is_empty = not lines and not await Use.exists().where((Use.school == viewer.school) & Use.until_at.is_null())
        needs = await _needs(viewer)
    return OurList(tuple(shown), len(fitting), -(-len(fitting) // PAGE), is_empty, needs)


async def lines_of(viewer: Viewer, wanted: Wanted) -> list[Line]:
    """The whole list as it is filtered, by name; needs and other schools' word are left out. Opens its own read unit."""
    async with database.read():
        return await _lines(viewer, wanted, NOTHING_AHEAD)


async def _lines(viewer: Viewer, wanted: Wanted, ahead: Mapping[UUID, Ahead]) -> list[Line]:
    """The whole list, with all that it is sorted and filtered by."""
    is_left = wanted.showing is Showing.LEFT
    rows = await rows_of_ours(viewer, text=wanted.text, category=wanted.category, limit=MOST_LISTED, left=is_left)
    reviews = await _reviews(viewer)
    noted = await _noted(viewer, await interests.suppliers_of(viewer))
    lines = [_line(row, reviews.get(row["id"]), noted.get(row["id"]), ahead.get(row["id"])) for row in rows]
    if wanted.sort is Sort.NEED or wanted.category:  # a merge may leave a category out
        name = _names(wanted.category)
        lines = [line for line in await with_needs(lines) if not name or name[0] in line.needs]
    return await _with_peers(viewer, lines) if wanted.sort is Sort.PEERS else lines


async def _reviews(viewer: Viewer) -> dict[UUID, dict[str, Any]]:
    mine = (Review.school == viewer.school) & visibility.in_sight(Review)
    rows = await Review.select(Review.supplier, Review.rating, Review.would_use_again, Review.lapses_at).where(mine)
    return {row["supplier"]: row for row in rows}


async def _noted(viewer: Viewer, interested: Collection[UUID]) -> dict[UUID, date]:
    """A note about a problem is criticism, of which not every role may know, and nobody with an ``interested`` supplier."""
    mine = (Note.school == viewer.school) & visibility.in_sight(Note)
    if not viewer.role.reads_private:
        mine &= Note.audience.is_not_null()
    if not viewer.role.reads_criticism:
        mine &= Note.about != "problem"
    elif interested:
        mine &= (Note.about != "problem") | database.outside(Note.supplier, interested)
    query = Note.select(Note.supplier, Max(Note.happened_on, alias="last")).where(mine).group_by(Note.supplier)
    return {row["supplier"]: _day(row["last"]) for row in await query}


def _day(found: date | str) -> date:
    """SQLite gives the greatest of several days as the text that it keeps."""
    return found if isinstance(found, date) else date.fromisoformat(found)


def _line(row: Mapping[str, Any], review: Mapping[str, Any] | None, noted_on: date | None, ahead: Ahead | None) -> Line:
    line = Line(row["id"], row["name"], row["owner"] is not None, row["exact_name"], noted_on=noted_on, ahead=ahead)
    if review is None:
        return line
    lapses_at = review["lapses_at"]
    has_lapsed = lapses_at is not None and lapses_at <= clock.now()
    again = None if has_lapsed else review["would_use_again"]
    return replace(line, has_review=True, rating=review["rating"], again=again, lapses_at=lapses_at, has_lapsed=has_lapsed)


async def with_needs(lines: list[Line]) -> list[Line]:
    """With names and needs as merges leave them. Inside the caller's unit."""
    known = await facts.load([line.supplier for line in lines])
    return [replace(one, name=known[one.supplier].name, needs=_names(*known[one.supplier].categories)) for one in lines]


async def _with_peers(viewer: Viewer, lines: list[Line]) -> list[Line]:
    words = await averages.words(await visibility.principals(viewer), [line.supplier for line in lines])
    return [replace(line, peers=words.get(line.supplier, averages.NO_WORD)) for line in lines]


_CATEGORIES: Final = """
    SELECT c.category AS category FROM suppliers_use u JOIN suppliers_supplies c ON c.supplier = u.supplier WHERE u.school = {}
    UNION
    SELECT c.category FROM suppliers_use u JOIN suppliers_supplier s ON s.joined_to = u.supplier
    JOIN suppliers_supplies c ON c.supplier = s.id WHERE u.school = {} AND (s.owner IS NULL OR s.owner = {})"""


async def _needs(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """The categories to choose from: those that suppliers of ours, and what was merged into them, are filed under."""
    rows = await Supplies.raw(_CATEGORIES, viewer.school, viewer.school, viewer.school)
    slugs = [row["category"] for row in rows]
    return tuple(sorted(((slug, _names(slug)[0]) for slug in slugs if _names(slug)), key=lambda need: need[1]))


def _names(*slugs: str) -> tuple[str, ...]:
    known = taxonomy.by_slug()
    return tuple(known[slug].name for slug in slugs if slug in known)

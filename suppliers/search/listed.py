"""Suppliers of a need of whom nobody that the viewer can hear has spoken yet: apart from what was heard, nearest first.

Nothing ranks them. They are the directory's entries, which every school sees, and the school's own records. Each is asked about
through the one predicate, so whoever was spoken of out of the viewer's hearing is listed like whoever never was.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from piccolo.query import WhereRaw

import database
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.visibility import Principals
from sharing.schools.places import Place, find_place, miles_between
from suppliers.record import facts, taxonomy
from suppliers.record.facts import Facts
from suppliers.search.search import SEARCHING
from suppliers.tables import Review, Supplier, Use

MOST_LISTED: Final = 50  # on a page of their own; whoever needs more needs somebody's word instead
BESIDE: Final = 10  # under a search
MOST_MEANT: Final = 3  # categories that a need is taken for, as the page says them
ASKED_AT_ONCE: Final = 60  # of the nearest, of how many is asked whether somebody spoke of them

# By an index of the category. What was merged into another counts for that one: as word_rows.py has it.
_OF_CATEGORIES: Final = """SELECT CAST(COALESCE(s.joined_to, s.id) AS TEXT) AS ref, COALESCE(r.name, s.name) AS name,
        i.value AS postcode
    FROM suppliers_supplies c JOIN suppliers_supplier s ON s.id = c.supplier
    LEFT JOIN suppliers_supplier r ON r.id = s.joined_to
    LEFT JOIN suppliers_identifier i ON i.supplier = s.id AND i.scheme = 'postcode'
    WHERE c.category = ANY($1) AND (s.owner IS NULL OR s.owner = $2)
        AND (s.joined_to IS NULL OR s.owner IS NULL AND r.owner IS NULL OR s.owner = r.owner)"""


@dataclass(frozen=True, slots=True)
class ListedSupplier:
    supplier: UUID
    name: str
    categories: tuple[str, ...]  # names
    miles: float | None  # from the place; None where it or the supplier's postcode is not known
    is_ours: bool  # the viewer's school uses it, or it is a record of its own


@dataclass(frozen=True, slots=True)
class Listed:
    suppliers: tuple[ListedSupplier, ...]
    are_more: bool


NONE: Final = Listed((), are_more=False)


async def of_need(viewer: Viewer, need: str, near: str = "", *, limit: int = MOST_LISTED) -> Listed:
    """What is listed for what a need is taken to mean, around a postcode or, without one, the viewer's school.

    Raises Invalid for a postcode that we don't know, TooMany as a search does.
    """
    meant = [found.category for found in taxonomy.meant(need)]
    place = find_place(near)
    if near.strip() and place is None:
        sentence = "We don't know that postcode. Enter a full one, such as LS1 4AP, or its first part."
        raise Invalid(sentence, near=sentence)
    return await of_categories(viewer, meant, place, limit=limit)


async def of_categories(
    viewer: Viewer, meant: Sequence[taxonomy.Category], place: Place | None, *, limit: int, but: Collection[UUID] = ()
) -> Listed:
    """The same of categories, without the suppliers ``but``. ``place`` None: the viewer's school. Opens its own read unit."""
    slugs = [category.slug for category in meant[:MOST_MEANT]]
    if not slugs:
        return NONE
    async with SEARCHING.of(viewer.person), database.read():
        principals = await visibility.principals(viewer)
        nearest = await _nearest(principals, slugs, place or principals.place)
        asked = [one for one in nearest if one not in but]
        found: list[tuple[UUID, float | None, Facts]] = []
        while asked and len(found) <= limit:
            some, asked = asked[:ASKED_AT_ONCE], asked[ASKED_AT_ONCE:]
            known = await _unheard(principals, some, slugs)
            found += [(one, nearest[one], known[one]) for one in some if one in known]
        ours = await _ours(principals, [one for one, *_ in found[:limit]])
    shown = (ListedSupplier(one, whole.name, _names(whole), miles, one in ours) for one, miles, whole in found[:limit])
    return Listed(tuple(shown), are_more=len(found) > limit)


async def _nearest(principals: Principals, slugs: list[str], place: Place | None) -> dict[UUID, float | None]:
    """Every supplier of the categories with how far it is, in order; those without a postcode last, equals by name."""
    away: dict[str, float | None] = {}
    far: dict[str, tuple[bool, float, str, str]] = {}
    for ref, name, postcode in await database.select(_OF_CATEGORIES, slugs, principals.school):
        sector = postcode[:-2] if postcode else ""  # as near as places.py knows where it is
        if sector not in away:
            away[sector] = _miles(place, sector)
        miles = away[sector]
        one = (miles is None, miles or 0.0, name, ref)
        far[ref] = min(far.get(ref, one), one)
    return {UUID(ref): None if unknown else miles for unknown, miles, _, ref in sorted(far.values())}


def _miles(place: Place | None, sector: str) -> float | None:
    there = find_place(sector)
    return miles_between(place, there) if place and there else None


async def _unheard(principals: Principals, suppliers: Sequence[UUID], slugs: list[str]) -> dict[UUID, Facts]:
    """Those of whom nobody spoke in the viewer's hearing, with what they are; a merge may have left the category out."""
    spoken = WhereRaw(
        "(SELECT 1 FROM suppliers_review WHERE suppliers_review.supplier = suppliers_supplier.id AND {} LIMIT 1) IS NULL",
        visibility.visible(principals, Review).querystring,
    )
    asked = Supplier.select(Supplier.id).where(database.among(Supplier.id, suppliers), spoken)
    known = await facts.load(await asked.output(as_list=True))
    return {one: whole for one, whole in known.items() if not set(slugs).isdisjoint(whole.categories)}


async def _ours(principals: Principals, suppliers: list[UUID]) -> frozenset[UUID]:
    among: Any = database.among(Use.supplier, suppliers)
    used = Use.select(Use.supplier).where(among, Use.school == principals.school, Use.until_at.is_null())
    own = Supplier.select(Supplier.id).where(database.among(Supplier.id, suppliers), Supplier.owner == principals.school)
    return frozenset([*await used.output(as_list=True), *await own.output(as_list=True)])


def _names(whole: Facts) -> tuple[str, ...]:
    return tuple(taxonomy.by_slug()[slug].name for slug in whole.categories)

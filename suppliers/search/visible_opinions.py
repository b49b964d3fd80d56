"""What the viewer can hear of suppliers: visible opinions of schools around a place, or linked with the viewer's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from piccolo.query import WhereRaw
from piccolo.querystring import QueryString

import database
from sharing.access import visibility
from sharing.access.visibility import Principals
from sharing.schools.places import Place, bounding_box, miles_between
from sharing.tables import Network, NetworkMember, School
from suppliers.record import field_groups
from suppliers.search import ranking
from suppliers.tables import Review

CLOSE_MILES: Final = 10  # up to here the schools around are fewer than those that speak of a category's suppliers
MOST_WORDS: Final = 20_000  # opinions weighed for one search: nearly every school of the country


# The newest of one school's reviews of suppliers that are one by now: the others rest at the suppliers that joined. Looked up
# by each review's supplier, because all that ever joined another may be a million rows.
_STANDS: Final = WhereRaw(
    "NOT EXISTS (SELECT 1 FROM suppliers_supplier s WHERE s.id = suppliers_review.supplier AND s.joined_to IS NOT NULL)"
)


_PROVIDES: Final = "SELECT c.supplier FROM suppliers_supplies c WHERE"
# Those that something with a category of suppliers_supplies c was merged into; a school's own record adds to its own only.
_WHOLE: Final = """SELECT s.joined_to FROM suppliers_supplier s JOIN suppliers_supplier r ON r.id = s.joined_to
    JOIN suppliers_supplies c ON c.supplier = s.id
    WHERE s.joined_to IS NOT NULL AND (s.owner IS NULL AND r.owner IS NULL OR s.owner = r.owner) AND"""


@dataclass(frozen=True, slots=True)
class SchoolWord:
    """One school's word on a supplier, as far as the viewer may see it."""

    school: UUID
    school_name: str
    word: ranking.Word
    place: Place | None  # of the school
    is_linked: bool
    is_ours: bool
    declares_interest: bool  # then it is shown, as far as the viewer sees any of what it is about, and weighs nothing
    weighs: bool  # in the order


@dataclass(frozen=True, slots=True)
class Heard:
    """``by_supplier``: the nearest school first, the viewer's own among them. ``is_cut``: more than MOST_WORDS were visible."""

    by_supplier: Mapping[UUID, tuple[SchoolWord, ...]]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """What a question was taken to mean: how well (0 to 1) each category and each supplier fits. Without one, everything does."""

    categories: Mapping[str, float]
    suppliers: Mapping[UUID, float]
    is_everything: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """Where to listen: within ``miles`` of ``place`` (None: anywhere), and wherever linked schools are."""

    place: Place | None
    miles: int
    linked: frozenset[UUID]


async def opinions(principals: Principals, wanted: SearchTarget, around: Around) -> Heard:
    """What the viewer may hear, at most MOST_WORDS of it: which ones is then chance. Inside a read unit."""
    asked = Review.select(
        Review.supplier, Review.school, Review.rating, Review.would_use_again, Review.interest, Review.lapses_at,
        *field_groups.times(Review, field_groups.REVIEW), visibility.mask(principals, Review),
    )  # fmt: skip
    asked = asked.where(visibility.visible(principals, Review), _STANDS).limit(MOST_WORDS + 1)
    by_place = around.place is not None and (wanted.is_everything or around.miles <= CLOSE_MILES)
    if not wanted.is_everything:
        asked = asked.where(_fits(wanted, by_index=not by_place))
    if around.place is not None:
        asked = asked.where(_from(around.place, around.miles, (*around.linked, principals.school), by_index=by_place))
    rows: list[dict[str, Any]] = await asked
    is_cut = len(rows) > MOST_WORDS
    rows = rows[:MOST_WORDS]
    schools = await _schools({row["school"] for row in rows})
    found: dict[UUID, list[SchoolWord]] = {}
    for row in rows:
        one = _said(row, schools[row["school"]], principals, around)
        if one.word.miles is None or one.word.miles <= around.miles or one.is_linked or one.is_ours:
            found.setdefault(row["supplier"], []).append(one)
    return Heard({supplier: tuple(sorted(words, key=_nearest_first)) for supplier, words in found.items()}, is_cut)


async def linked_schools(principals: Principals) -> frozenset[UUID]:
    """Schools of the viewer's trust, federation, clusters and connections. A local authority is no link by itself."""
    now, mine = principals.now, list(principals.networks)
    if not mine:
        return frozenset(principals.connected)
    close = Network.select(Network.id).where(database.among(Network.id, mine), Network.kind != "local_authority")
    chosen: list[UUID] = await close.output(as_list=True)
    if not chosen:
        return frozenset(principals.connected)
    members = NetworkMember.select(NetworkMember.school).where(
        database.among(NetworkMember.network, chosen), visibility.holding(NetworkMember, "joined_at", now)
    )
    return frozenset({*principals.connected, *await members.output(as_list=True)} - {principals.school})


def _fits(wanted: SearchTarget, *, by_index: bool) -> WhereRaw:
    """The supplier is one of those named, or provides one of the categories meant."""
    slugs = tuple(wanted.categories)
    among = f"c.category IN ({_marks(slugs)})"
    selects = [QueryString(f"{select} {among}", *slugs) for select in (_PROVIDES, _WHOLE)] if slugs else []
    return database.in_selected("suppliers_review.supplier", *selects, also=[*wanted.suppliers], by_index=by_index)


def _from(place: Place, miles: int, always: tuple[UUID, ...], *, by_index: bool) -> WhereRaw:
    """A box around the circle, for an index to narrow by; the exact distance is judged afterwards."""
    box = bounding_box(place, miles)
    inside = QueryString(
        "SELECT id FROM sharing_school WHERE lat BETWEEN {} AND {} AND lon BETWEEN {} AND {}",
        box.south, box.north, box.west, box.east,
    )  # fmt: skip
    return database.in_selected("suppliers_review.school", inside, also=always, by_index=by_index)


def _marks(values: Iterable[object]) -> str:
    return ", ".join("{}" for _ in values)


async def _schools(ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    if not ids:
        return {}
    rows = await School.select(School.id, School.name, School.lat, School.lon).where(database.among(School.id, ids))
    return {row["id"]: row for row in rows}


def _said(row: dict[str, Any], school: dict[str, Any], principals: Principals, around: Around) -> SchoolWord:
    """A vouch that lapsed says no more than that the school used them.

    Without the rating and what was good, a word weighs nothing: whether somebody has an interest is hidden along with these.
    """
    there = Place(school["name"], school["lat"], school["lon"]) if school["lat"] is not None else None
    lapsed = row["lapses_at"] is not None and row["lapses_at"] <= principals.now
    groups = field_groups.open_of_review(row["mask"])
    opens_rating, opens_interest = "rating" in groups, "interest" in groups
    declares_interest = opens_interest and row["interest"] is not None
    return SchoolWord(
        school=row["school"],
        school_name=school["name"],
        word=ranking.Word(
            rating=row["rating"] if opens_rating else None,
            would_use_again=row["would_use_again"] if opens_rating and not lapsed else None,
            written_at=field_groups.shown_at(row, groups),
            miles=miles_between(around.place, there) if around.place and there else None,
        ),
        place=there,
        is_linked=row["school"] in around.linked,
        is_ours=row["school"] == principals.school,
        declares_interest=declares_interest,
        weighs=opens_interest and not declares_interest,
    )


def _nearest_first(said: SchoolWord) -> tuple[bool, float, str, UUID]:
    """With an order of its own among equals: the database's changes with whatever is written to a row."""
    return (said.word.miles is None, said.word.miles or 0.0, said.school_name, said.school)

"""Who is good near here? Suppliers that fit a need or a name, ordered by ``ranking``, each with its reasons in words.

Everything rests on opinions that the viewer may see, through the one predicate; what is invisible moves nothing.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import database
from base import clock
from base import cursor as cursors
from base.refusals import Invalid
from base.text import line
from base.turns import Turns
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.visibility import Principals
from sharing.schools.like_ours import SchoolProfile
from sharing.schools.places import Place, find_place
from suppliers.index import candidates
from suppliers.record import facts, taxonomy
from suppliers.record.labels import LABELS
from suppliers.search import around as places
from suppliers.search import national_deals, standings, told, whose
from suppliers.search.around import Around
from suppliers.search.filters import NO_FILTERS, Filters
from suppliers.search.national_deals import NationalDeal
from suppliers.search.reasons import reasons
from suppliers.search.told import Listener
from suppliers.search.visible_opinions import SchoolWord, Spoken
from suppliers.search.wanted import SearchTarget
from suppliers.tables import Review
from web.pages.beside import Rated

RADII: Final = (1, 3, 5, 10, 20, 50)  # miles
PAGE: Final = 20
# A search may take a core for half a second: whoever presses reload waits for themselves.
SEARCHING: Final = Turns(
    "You have other searches under way. Wait until one of them is done, then search again.", at_once=2, waiting=4, seconds=5
)
MOST_NAMED: Final = 40  # suppliers found by their name alone
CLEARLY_NAMED: Final = 0.6  # of what was typed, rare words counting most, how much must be in a name


@dataclass(frozen=True, slots=True)
class Question:
    need: str = ""
    near: str = ""  # a postcode; empty: the viewer's own school
    miles: int = 10
    linked: bool = True  # count schools of our trust, clusters and connections wherever they are
    filters: Filters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class Hit:
    supplier: UUID
    name: str
    categories: tuple[str, ...]  # names
    score: float
    reasons: tuple[str, ...]
    said: tuple[SchoolWord, ...]  # the nearest of them
    total_said: int
    is_ours: bool  # the viewer's school uses it
    would_use_again: bool | None  # the word of the viewer's own school, whether or not a filter counts it
    matched: str  # why it fits what was asked for


@dataclass(frozen=True, slots=True)
class Wider:
    miles: int
    suppliers: int


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    question: Question
    place: Place | None
    hits: tuple[Hit, ...]
    total: int
    meant: tuple[taxonomy.Category, ...]  # the categories that the need was taken for
    not_understood: tuple[str, ...]  # of the need, the words that are like none we know; they may be a name or a place
    wider: tuple[Wider, ...]  # what a larger radius would find, when this one found nothing
    next_after: tuple[float, str] | None
    deals: tuple[NationalDeal, ...]  # national ones, of the category that the need is taken for first
    like_ours: str  # what schools like the viewer's are; "" where the register does not say
    rated: Mapping[UUID, Rated]  # by supplier of a hit, where it was asked for


async def _not_rated(_viewer: Viewer, _suppliers: Collection[UUID]) -> Mapping[UUID, Rated]:
    return {}


async def recommendations(
    viewer: Viewer,
    question: Question,
    *,
    after: tuple[float, str] | None = None,
    rated: Callable[[Viewer, Collection[UUID]], Awaitable[Mapping[UUID, Rated]]] = _not_rated,
) -> SearchAnswer:
    """Suppliers from the best down; ``after`` is the (score, supplier id) that the page before ended with. ``rated`` answers how
    those that are shown are rated, in the same unit.

    Raises Invalid for a postcode or radius that can't be used, TooMany for a person who searches more than twice at once.
    """
    question = _checked(question)
    async with SEARCHING.of(viewer.person), database.read():
        principals = await visibility.principals(viewer)
        place = _place(question, principals)
        meant = taxonomy.meant(question.need)
        wanted = await _wanted(viewer, question, meant)
        known = await _known(principals, wanted.suppliers)
        target = _target(wanted, known.values())
        ours = await whose.profile(principals)
        around = await _around(question, principals, ours, place)
        hearing = await told.listener(principals)
        found = await standings.standings(
            hearing, target, around, unheard=not question.filters.is_any, limit=PAGE + 1, after=after, with_words=True
        )
        shown = found.best[:PAGE]
        our_words = await _our_words(principals, [one.supplier for one in shown])
        known |= await _known(principals, [one.supplier for one in shown if one.supplier not in known])
        wider = () if found.heard else await _wider(hearing, target, around)
        ratings = await rated(viewer, [one.supplier for one in shown])
    return SearchAnswer(
        question=question,
        place=place,
        hits=tuple(
            _hit(known[one.supplier], one.score, found.spoken.get(one.supplier, Spoken()), wanted, principals.now, our_words)
            for one in shown
        ),
        total=found.total,
        meant=tuple(found.category for found in meant),
        not_understood=taxonomy.not_understood(question.need),
        wider=wider,
        next_after=(shown[-1].score, str(shown[-1].supplier)) if len(found.best) > PAGE else None,
        deals=national_deals.of_category(meant[0].category.slug, clock.today()) if meant else (),
        like_ours=ours.words,
        rated=ratings,
    )


def _checked(question: Question) -> Question:
    need = line(question.need, field="need", required=False)
    if question.miles not in RADII:
        raise Invalid("Choose how far from the list.", miles="Choose how far from the list.")
    return replace(question, need=need)


def after(cursor: str) -> tuple[float, str] | None:
    """Where the page before ended, from its cursor; Invalid for one that no page of ours made."""
    if not cursor:
        return None
    score, supplier = cursors.decode(cursor, keys=2)
    if not isinstance(score, int | float):
        raise cursors.nonsense()
    return float(score), str(cursors.an_id(supplier))


def _place(question: Question, principals: Principals) -> Place | None:
    if not question.near.strip():
        return principals.place
    place = find_place(question.near)
    if place is None:
        sentence = "We don't know that postcode. Enter a full one, such as LS1 4AP, or its first part."
        raise Invalid(sentence, near=sentence)
    return place


async def _around(question: Question, principals: Principals, ours: SchoolProfile, place: Place | None) -> Around:
    return Around(
        place,
        question.miles,
        await places.linked_schools(principals) if question.linked else frozenset(),
        counting=await whose.counting(question.filters, principals, ours),
        coming_to=whose.coming_to(question.filters),
        like_ours=whose.is_like(ours),
    )


async def _wanted(viewer: Viewer, question: Question, meant: tuple[taxonomy.FoundCategory, ...]) -> SearchTarget:
    if not question.need:
        return SearchTarget({}, {}, is_everything=True)
    numbers = await candidates.by_number(viewer, question.need, MOST_NAMED)
    if numbers:
        return SearchTarget({}, dict.fromkeys(numbers, 1.0), numbers)
    named = await candidates.by_name(viewer, question.need, MOST_NAMED)
    clearly = {supplier: fit for supplier, fit in named if fit >= CLEARLY_NAMED}
    return SearchTarget({found.category.slug: found.score for found in meant}, clearly)


@dataclass(frozen=True, slots=True)
class _VisibleSupplier:
    id: UUID
    name: str
    categories: tuple[str, ...]  # slugs
    is_ours: bool


def _target(wanted: SearchTarget, known: Collection[_VisibleSupplier]) -> SearchTarget:
    """With how well those fit that are known, and which of them come with a category that is meant."""
    named = {one.id: _relevance(one, wanted) for one in known}
    return replace(wanted, suppliers=named, filed=frozenset(one.id for one in known if _best(one, wanted)))


# What is asked of each row is looked up by an index of its own; few have something merged into them.
_KNOWN: Final = """SELECT s.id, s.name, s.owner, k.category,
        EXISTS (SELECT 1 FROM suppliers_use u WHERE u.supplier = s.id AND u.school = $2 AND u.until_at IS NULL) AS is_used,
        EXISTS (SELECT 1 FROM suppliers_supplier p WHERE p.joined_to = s.id) AS has_parts
    FROM suppliers_supplier s LEFT JOIN suppliers_supplies k ON k.supplier = s.id
    WHERE s.id = ANY($1) AND (s.owner IS NULL OR s.owner = $2) AND s.joined_to IS NULL"""


async def _known(principals: Principals, ids: Collection[UUID]) -> dict[UUID, _VisibleSupplier]:
    """The directory's entries and the school's own records among ``ids``, with what they and what was merged into them supply."""
    rows = await database.select(_KNOWN, [*ids], principals.school) if ids else ()
    written: dict[UUID, set[str]] = {}
    for row in rows:
        written.setdefault(row["id"], set()).update({row["category"]} - {None})
    whole = await facts.load({row["id"] for row in rows if row["has_parts"]})
    return {
        row["id"]: _VisibleSupplier(
            row["id"],
            row["name"],
            tuple(sorted(whole[row["id"]].categories if row["id"] in whole else written[row["id"]])),
            bool(row["is_used"]) or row["owner"] is not None,
        )
        for row in rows
    }


def _best(known: _VisibleSupplier, wanted: SearchTarget) -> str | None:
    """Of its categories, the slug of the one that fits best; None: it fits by its name, or everything does."""
    fitting = {slug: wanted.categories[slug] for slug in known.categories if slug in wanted.categories}
    return max(fitting, key=lambda slug: (fitting[slug], slug), default=None)


def _relevance(known: _VisibleSupplier, wanted: SearchTarget) -> float:
    best = _best(known, wanted)
    return max(wanted.suppliers[known.id], wanted.categories[best] if best else 0.0)


async def _our_words(principals: Principals, suppliers: list[UUID]) -> dict[UUID, bool | None]:
    """Of each that our school reviewed, whether it would use them again."""
    if not suppliers:
        return {}
    mine, _ = visibility.of_own(principals, Review)
    holds = Review.lapses_at.is_null() | (Review.lapses_at > principals.now)
    among = database.among(Review.supplier, suppliers)
    rows = await Review.select(Review.supplier, Review.would_use_again).where(mine, holds, among)
    return {row["supplier"]: row["would_use_again"] for row in rows}


def _hit(
    known: _VisibleSupplier,
    score: float,
    spoken: Spoken,
    wanted: SearchTarget,
    now: datetime,
    our_words: Mapping[UUID, bool | None],
) -> Hit:
    return Hit(
        supplier=known.id,
        name=known.name,
        categories=tuple(taxonomy.by_slug()[slug].name for slug in known.categories),
        score=score,
        reasons=reasons(spoken, now),
        said=spoken.said,
        total_said=spoken.total,
        is_ours=known.is_ours,
        would_use_again=our_words.get(known.id),
        matched=_matched(_best(known, wanted), wanted, known.id),
    )


def _matched(best: str | None, wanted: SearchTarget, supplier: UUID) -> str:
    by_name, number = wanted.suppliers.get(supplier, 0.0), wanted.numbers.get(supplier)
    if number is not None:
        return f"{LABELS[number]}: what you typed"
    if best is not None and wanted.categories[best] >= by_name:
        return f"Supplies {taxonomy.by_slug()[best].name.lower()}"
    return "The name fits what you typed" if by_name else ""


async def _wider(hearing: Listener, wanted: SearchTarget, around: Around) -> tuple[Wider, ...]:
    """For each larger radius that finds more than the one before, how many suppliers somebody speaks of there."""
    found: list[Wider] = []
    for miles in (radius for radius in RADII if around.place is not None and radius > around.miles):
        n = await standings.count(hearing, wanted, replace(around, miles=miles))
        if n > (found[-1].suppliers if found else 0):
            found.append(Wider(miles, n))
    return tuple(found)

"""The words that a viewer may hear around a place, as one SELECT for others to add up.

Two kinds of rows make it. What every school may hear is read from rows that say no more (`suppliers/open_words.py`). The
viewer's own school's, and what somebody shows them by another line, is few, and read from the reviews through the predicate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access import narrower, visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals
from suppliers import open_words
from suppliers.matching.identifiers import Scheme
from suppliers.search import around as places
from suppliers.search import ranking
from suppliers.search.around import Around
from suppliers.tables import Review

_PROVIDES: Final = "SELECT c.supplier FROM suppliers_supplies c WHERE"
# Those that something with a category of suppliers_supplies c was merged into; a school's own record adds to its own only.
_WHOLE: Final = """SELECT s.joined_to FROM suppliers_supplier s JOIN suppliers_supplier r ON r.id = s.joined_to
    JOIN suppliers_supplies c ON c.supplier = s.id
    WHERE s.joined_to IS NOT NULL AND (s.owner IS NULL AND r.owner IS NULL OR s.owner = r.owner) AND"""


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """What a question was taken to mean: how well (0 to 1) each category and each supplier fits. Without one, everything does."""

    categories: Mapping[str, float]
    suppliers: Mapping[UUID, float]
    numbers: Mapping[UUID, Scheme] = field(default_factory=dict)  # of the suppliers, those whose number it is, and which
    is_everything: bool = False


# What a word says, -1 to 1, and how much it counts: ranking.Word.value and ranking.weight, of a row w.
_RATED: Final = " ".join(f"WHEN {rating} THEN {value!r}" for rating, value in ranking.RATING_VALUES.items())
_STARS: Final = f"(CASE w.rating {_RATED} END)"
_AGAIN: Final = "(CASE WHEN w.again THEN 1.0 ELSE -1.0 END)"
VALUE: Final = (
    f"CASE WHEN w.rating IS NULL AND w.again IS NULL THEN {ranking.USES_THEM!r} WHEN w.rating IS NULL THEN {_AGAIN}"
    f" WHEN w.again IS NULL THEN {_STARS} ELSE ({_STARS} + {_AGAIN}) / 2 END"
)
_WORD: Final = "w.supplier, w.school, w.rating, w.again, w.interest, w.said_at, w.recency, w.miles2"
WEIGHS: Final = "NOT w.interest"  # null: whether there is an interest is kept back


def heard(principals: Principals, wanted: SearchTarget, around: Around, select: str, *values: object) -> QueryString:
    """``select`` from "words w", which has ``supplier, school, rating, again, interest`` (null: kept back), ``said_at``,
    ``recency`` (0 to 1) and ``miles2`` (miles squared; null: no matter, or not known).
    """
    linked = [_open_of(principals, wanted, around, tuple(around.linked))] if around.place and around.linked else []
    words = [_open_around(principals, wanted, around), *linked, _narrow(principals, around)]
    counting = f"SELECT w.* FROM ({' UNION ALL '.join('{}' for _ in words)}) w WHERE {{}}"  # noqa: S608 - here and below our own text
    return QueryString(
        "WITH narrower AS MATERIALIZED ({}), chosen AS MATERIALIZED ({}), judged AS MATERIALIZED ({}),"
        f" dated AS MATERIALIZED ({{}}), words AS ({counting}) {select}",
        narrower.audiences(principals),
        QueryString(_CHOSEN, principals.school),
        _judged(principals, _among(wanted, "suppliers_review.supplier", by_index=False)),
        QueryString(f"SELECT v.*, {_latest()} AS at FROM judged v"),  # noqa: S608 - our own text
        *words,
        around.counting,
        *values,
    )


def _among(wanted: SearchTarget, column: str, *, by_index: bool) -> QueryString:
    """The supplier is one of those named, or provides one of the categories meant."""
    if wanted.is_everything:
        return visibility.ALWAYS
    slugs = tuple(wanted.categories)
    among = f"c.category IN ({', '.join('{}' for _ in slugs)})"
    selects = [QueryString(f"{select} {among}", *slugs) for select in (_PROVIDES, _WHOLE)] if slugs else []
    return database.in_selected(column, *selects, also=[*wanted.suppliers], by_index=by_index).querystring


def _open_around(principals: Principals, wanted: SearchTarget, around: Around) -> QueryString:
    """Of the schools within reach, by the supplier and the place, or where everything is wanted by the schools there."""
    if not wanted.is_everything or around.place is None:
        among, tables = _among(wanted, "w.supplier", by_index=True), "suppliers_open_word w"
        return _open(principals, around, tables, QueryString("{} AND {}", among, places.in_box(around, "w")), is_near=True)
    inside = QueryString("c.id = w.school AND {}", places.in_box(around, "c"))
    return _open(principals, around, "sharing_school c CROSS JOIN suppliers_open_word w", inside, is_near=True)  # SQLite's order


def _open_of(principals: Principals, wanted: SearchTarget, around: Around, schools: tuple[UUID, ...]) -> QueryString:
    """Of linked schools that are further away, or nobody knows where."""
    among = _among(wanted, "w.supplier", by_index=False)
    theirs = QueryString(f"w.school IN ({', '.join('{}' for _ in schools)}) AND {{}}", *schools, among)
    return _open(principals, around, "suppliers_open_word w", theirs, is_near=False)


def _open(principals: Principals, around: Around, tables: str, which: QueryString, *, is_near: bool) -> QueryString:
    full = "_in_full" if Fields.CRITICISM in principals.fields else ""
    blocked = ", ".join("{}" for _ in principals.blocked_by)
    near = places.in_circle(around, "w.miles2")
    return QueryString(
        f"""SELECT {_WORD} FROM (SELECT w.supplier, w.school, w.rating,
        CASE WHEN w.lapses_at <= {{}} THEN NULL ELSE w.would_use_again END AS again, w.interest, w.said{full}_at AS said_at,
        {_recency(f"w.strength{full}")} AS recency, {{}} AS miles2 FROM {tables}
        WHERE {{}} AND w.fields IS NOT NULL AND w.opens_at <= {{}} AND (w.closes_at IS NULL OR w.closes_at > {{}})
        AND w.school <> {{}} {f"AND w.school NOT IN ({blocked})" if blocked else ""}
        AND w.audience NOT IN (SELECT audience FROM narrower)) w WHERE {{}} {"" if is_near else "IS NOT TRUE"}""",  # noqa: S608
        principals.now, *_decay(principals.now), places.distance(around, "w"),
        which if principals.is_open else visibility.NEVER,
        principals.now, principals.now, principals.school, *principals.blocked_by, near,
    )  # fmt: skip


# The reviews that the predicate judges, each by an index: together, SQLite would read every review there is.
_CHOSEN: Final = (
    "SELECT r.id FROM suppliers_review r WHERE r.school = {} AND r.withdrawn_at IS NULL"
    " UNION SELECT r.id FROM suppliers_review r WHERE r.audience IN (SELECT audience FROM narrower)"
    " UNION SELECT o.review FROM suppliers_open_word o WHERE o.fields IS NULL"
)


def _judged(principals: Principals, among: QueryString) -> QueryString:
    columns = "id, supplier, school, rating, would_use_again, interest, lapses_at, written_at"
    changed = ", ".join(f"{group}_at" for group in open_words.GROUPS)
    return QueryString(
        f"SELECT {columns}, {changed}, {{}} AS mask FROM suppliers_review"  # noqa: S608 - our own columns
        " WHERE id IN (SELECT id FROM chosen) AND {} AND {}",
        visibility.mask(principals, Review), among, visibility.visible(principals, Review).querystring,
    )  # fmt: skip


def _latest() -> str:
    return open_words.latest("v", "v.mask", is_postgres=database.is_postgres(), in_full=True)


def _narrow(principals: Principals, around: Around) -> QueryString:
    """Value by value through the mask. A vouch that lapsed says no more than that the school used them."""
    opens_rating, opens_interest = (f"m.mask & {bits} <> 0" for bits in (open_words.RATING, open_words.INTEREST))
    strength = open_words.strength("m.at", is_postgres=database.is_postgres())
    wherever = (principals.school, *around.linked)
    return QueryString(
        f"""SELECT {_WORD} FROM (SELECT m.supplier, m.school, CASE WHEN {opens_rating} THEN m.rating END AS rating,
        CASE WHEN {opens_rating} AND (m.lapses_at IS NULL OR m.lapses_at > {{}}) THEN m.would_use_again END AS again,
        CASE WHEN {opens_interest} THEN m.interest IS NOT NULL END AS interest, m.at AS said_at, {_recency(strength)} AS recency,
        {{}} AS miles2 FROM dated m JOIN sharing_school c ON c.id = m.school) w
        WHERE {{}} OR w.school IN ({", ".join("{}" for _ in wherever)})""",  # noqa: S608 - our own text
        principals.now, *_decay(principals.now), places.distance(around, "c"), places.in_circle(around, "w.miles2"), *wherever,
    )  # fmt: skip


def _recency(strength: str) -> str:
    """At most 1: no word is younger than now."""
    now = f"{strength} * CAST({{}} AS DOUBLE PRECISION)"
    return f"(CASE WHEN {now} > 1 THEN 1.0 ELSE {now} END)"


def _decay(now: datetime) -> tuple[float, float]:
    since_start = now - datetime.fromisoformat(open_words.START)
    return (0.5 ** (since_start / ranking.HALF_LIFE),) * 2

"""The words that a viewer may hear around a place, as one SELECT for others to add up.

Two kinds of rows make it. What every school may hear is read from rows that say no more (`suppliers/open_words.py`). The
viewer's own school's, and what somebody shows them by another line, is few, and read from the reviews through the predicate.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals, Reaching
from suppliers import open_words
from suppliers.matching.identifiers import Scheme
from suppliers.search import around as places
from suppliers.search import ranking
from suppliers.search.around import Around, exact
from suppliers.tables import Review


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """What a question was taken to mean: how well (0 to 1) each category and each supplier fits. Without one, everything does."""

    categories: Mapping[str, float]
    suppliers: Mapping[UUID, float]
    numbers: Mapping[UUID, Scheme] = field(default_factory=dict)  # of the suppliers, those whose number it is, and which
    is_everything: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    """How words are asked for: by category, by supplier or whatever they are of; each as conditions of SQL."""

    of: QueryString  # an open row w
    filed: str  # the join of a row m with its supplier's categories k
    kept: QueryString  # such a row
    is_by_category: bool


# What a word says, -1 to 1, and how much it counts: ranking.Word.value and ranking.weight, of a row w.
_RATED: Final = " ".join(f"WHEN {rating} THEN {exact(value)}" for rating, value in ranking.RATING_VALUES.items())
_STARS: Final = f"(CASE w.rating {_RATED} END)"
_AGAIN: Final = f"(CASE WHEN w.again THEN {exact(1.0)} ELSE {exact(-1.0)} END)"
VALUE: Final = (
    f"CASE WHEN w.rating IS NULL AND w.again IS NULL THEN {exact(ranking.USES_THEM)} WHEN w.rating IS NULL THEN {_AGAIN}"
    f" WHEN w.again IS NULL THEN {_STARS} ELSE ({_STARS} + {_AGAIN}) / 2 END"
)
WEIGHS: Final = "NOT w.interest"  # null: whether there is an interest is kept back
# What a supplier is, is asked for each row: joined, SQLite reads all suppliers to know beforehand which there are.
_FIRST: Final = "LEFT JOIN suppliers_whole_category k ON k.supplier = m.supplier AND k.is_first"
_FILED: Final = "JOIN suppliers_whole_category k ON k.supplier = m.supplier"


@dataclass(frozen=True, slots=True)
class Listener:
    """A viewer, and the audiences of other schools that reach them otherwise than every school."""

    principals: Principals
    reaching: tuple[Reaching, ...]


async def listener(principals: Principals) -> Listener:
    """Asks which audiences reach the viewer, once for all that is heard in a unit."""
    await database.plan_anew()
    return Listener(principals, await visibility.reaching(principals, open_words.perhaps_told(principals)))


def heard(hearing: Listener, wanted: SearchTarget, around: Around, select: str, *values: object) -> QueryString:
    """``select`` from "words w", which has ``supplier, category, by_category, school, rating, again, interest`` (null: kept
    back), ``said_at``, ``recency`` (0 to 1) and ``miles2`` (miles squared; null: no matter, or not known).

    A word has a row for each category that is meant, with ``by_category``; and one, with the first category of its supplier
    ("" for none), where the supplier is meant, or everything.
    """
    ways = tuple(_ways(wanted))
    words = [each for way in ways for each in _words(hearing, around, way)]
    counting = f"SELECT w.* FROM ({' UNION ALL '.join('{}' for _ in words)}) w WHERE {{}}"  # noqa: S608 - our own text
    return QueryString(
        "WITH reaching AS MATERIALIZED ({}), told AS MATERIALIZED ({}), {},"
        f" words AS ({counting}) {select}",
        _reaching(hearing), _told(hearing.principals, _meant(wanted)),
        places.placed(around, hearing.principals.school, _speaking(wanted, around, ways)), *words, around.counting, *values,
    )  # fmt: skip


def _reaching(hearing: Listener) -> QueryString:
    rows = [(str(one.audience), str(one.school), one.mask) for one in hearing.reaching]
    if database.is_postgres():
        audiences, schools, masks = ([row[n] for row in rows] for n in range(3))
        unnested = "SELECT * FROM unnest({}::uuid[], {}::uuid[], {}::bigint[]) AS e(audience, school, mask)"
        return QueryString(unnested, audiences, schools, masks)
    parts = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(("audience", "school", "mask")))
    return QueryString(f"SELECT {parts} FROM json_each({{}})", json.dumps(rows))  # noqa: S608 - our own text


LeftOut = Collection[tuple[str, UUID]]  # categories that a merge left out of a supplier


def needs_spoken_of(hearing: Listener, among: Collection[UUID] | None, left_out: LeftOut, select: str) -> QueryString:
    """``select`` from "spoken w", which has a row ``school, category`` for each need that another school has a word on, of
    ``among`` where that is given. Nothing of a word is read but that it is there.
    """
    if among is not None:
        hearing = replace(hearing, reaching=tuple(one for one in hearing.reaching if one.school in among))
    return QueryString(
        f"WITH reaching AS MATERIALIZED ({{}}), spoken AS ({{}} UNION {{}}) {select}",
        _reaching(hearing),
        _open_needs(hearing.principals, among, left_out),
        _narrow_needs(hearing.principals, left_out),
    )


def _open_needs(principals: Principals, among: Collection[UUID] | None, left_out: LeftOut) -> QueryString:
    schools = visibility.ALWAYS if among is None else database.in_selected("w.school", also=[*among]).querystring
    return QueryString(
        "SELECT w.school, w.category FROM suppliers_open_word w WHERE {} AND w.category <> '' AND {} AND w.school <> {} AND {}"
        " GROUP BY w.school, w.category",
        schools, open_words.heard(principals), principals.school, _not_left_out("w", left_out),
    )  # fmt: skip


def _narrow_needs(principals: Principals, left_out: LeftOut) -> QueryString:
    return QueryString(
        """SELECT suppliers_review.school, k.category FROM reaching e CROSS JOIN suppliers_review
        JOIN suppliers_supplier s ON s.id = suppliers_review.supplier JOIN suppliers_whole_category k ON k.supplier = s.id
        WHERE suppliers_review.audience = e.audience AND suppliers_review.school = e.school AND {}
        AND s.joined_to IS NULL AND (s.owner IS NULL OR s.owner = {}) AND {}""",
        visibility.in_sight(Review).querystring, principals.school, _not_left_out("k", left_out),
    )  # fmt: skip


def _not_left_out(row: str, left_out: LeftOut) -> QueryString:
    some = [QueryString(f"({row}.category = {{}} AND {row}.supplier = {{}})", *pair) for pair in left_out]
    return QueryString(f"NOT ({' OR '.join('{}' for _ in some)})", *some) if some else visibility.ALWAYS


def _speaking(wanted: SearchTarget, around: Around, ways: tuple[_Way, ...]) -> QueryString | None:
    """The schools that may say something, where they are fewer than those that are near; None: whichever are near."""
    if wanted.is_everything or around.place is None:
        return None
    said = [QueryString("SELECT w.school FROM suppliers_open_word w WHERE {} AND w.fields IS NOT NULL AND {}",
                        way.of, places.in_box(around, around.place, "w")) for way in ways]  # fmt: skip
    return QueryString(f"{' UNION '.join('{}' for _ in said)} UNION SELECT school FROM told", *said)  # noqa: S608 - our own text


def _ways(wanted: SearchTarget) -> Iterator[_Way]:
    if wanted.is_everything:
        yield _Way(QueryString("w.is_first"), _FIRST, visibility.ALWAYS, is_by_category=False)
        return
    if slugs := tuple(wanted.categories):
        among = ", ".join("{}" for _ in slugs)
        meant, kept = QueryString(f"w.category IN ({among})", *slugs), QueryString(f"k.category IN ({among})", *slugs)
        yield _Way(meant, _FILED, kept, is_by_category=True)
    if wanted.suppliers:
        named, kept = (database.in_selected(f"{row}.supplier", also=[*wanted.suppliers]).querystring for row in ("w", "m"))
        yield _Way(QueryString("w.is_first AND {}", named), _FIRST, kept, is_by_category=False)


def _meant(wanted: SearchTarget) -> QueryString:
    """The condition that a review's supplier is one of those, to filter by: no index is meant to look it up."""
    if wanted.is_everything:
        return visibility.ALWAYS
    slugs = tuple(wanted.categories)
    some = []
    if slugs:
        filed = f"SELECT k.supplier FROM suppliers_whole_category k WHERE k.category IN ({', '.join('{}' for _ in slugs)})"  # noqa: S608
        by_no_index = "" if database.is_postgres() else "+"
        some = [QueryString(f"{by_no_index}suppliers_review.supplier IN ({filed})", *slugs)]
    some += [database.in_selected("suppliers_review.supplier", also=[*wanted.suppliers], by_index=False).querystring]
    return QueryString(f"({' OR '.join('{}' for _ in some)})", *some)


# SQLite keeps to the order of a CROSS JOIN.
_PLACED: Final = "placed p CROSS JOIN suppliers_open_word w"
_ANYWHERE: Final = "(SELECT CAST(NULL AS DOUBLE PRECISION) AS miles2, TRUE AS is_near) p CROSS JOIN suppliers_open_word w"


def _words(hearing: Listener, around: Around, way: _Way) -> Iterator[QueryString]:
    """Of schools that are near, of linked ones that aren't, and what is told to few."""
    principals = hearing.principals
    if principals.is_open:
        # SQLite goes from school to school, by an index of its own; PostgreSQL by the place, and joins the schools to that.
        near = places.in_box(around, around.place, "w") if around.place and database.is_postgres() else visibility.ALWAYS
        yield _open(principals, way, around, QueryString("{} AND {} AND p.is_near", way.of, near))
        if around.place and around.linked:
            linked = database.in_selected("w.school", also=[*around.linked]).querystring
            yield _open(principals, way, around, QueryString("{} AND {} AND NOT p.is_near", linked, way.of))
    yield _narrow(principals, way)


def _open(principals: Principals, way: _Way, around: Around, which: QueryString) -> QueryString:
    tables, joined = (_PLACED, "p.school = w.school") if around.place else (_ANYWHERE, "TRUE")
    full = "_in_full" if Fields.CRITICISM in principals.fields else ""
    return QueryString(
        f"""SELECT w.supplier, w.category, {_sql(way.is_by_category)} AS by_category, w.school, w.rating,
        CASE WHEN w.lapses_at <= {{}} THEN NULL ELSE w.would_use_again END AS again, w.interest, w.said{full}_at AS said_at,
        {_recency(f"w.strength{full}")} AS recency, p.miles2 FROM {tables}
        WHERE {joined} AND {{}} AND {{}} AND w.school <> {{}} AND w.audience NOT IN (SELECT audience FROM reaching)""",  # noqa: S608
        principals.now, *_decay(principals.now), which, open_words.heard(principals), principals.school,
    )  # fmt: skip


def _told(principals: Principals, meant: QueryString) -> QueryString:
    """The reviews of the own school, and those that somebody shows the viewer otherwise than everybody, with a mask."""
    columns = "id, supplier, school, rating, would_use_again, interest, lapses_at, written_at"
    named = [*columns.split(", "), *(f"{group}_at" for group in open_words.GROUPS)]
    theirs = ", ".join(f"suppliers_review.{one}" for one in named)
    own, mask = visibility.of_own(principals, Review)
    return QueryString(
        f"SELECT {theirs}, CAST({mask} AS BIGINT) AS mask FROM suppliers_review WHERE {{}} AND {{}}"  # noqa: S608 - our own columns
        f" UNION ALL SELECT {theirs}, e.mask FROM reaching e CROSS JOIN suppliers_review"
        " WHERE suppliers_review.audience = e.audience AND suppliers_review.school = e.school AND {} AND {}",
        own.querystring, meant, visibility.in_sight(Review).querystring, meant,
    )  # fmt: skip


def _narrow(principals: Principals, way: _Way) -> QueryString:
    """Value by value through the mask. A vouch that lapsed says no more than that the school used them."""
    opens_rating, opens_interest = (f"m.mask & {bits} <> 0" for bits in (open_words.RATING, open_words.INTEREST))
    is_postgres = database.is_postgres()
    at = open_words.latest("m", "m.mask", is_postgres=is_postgres, in_full=True)
    strength = open_words.strength("m.at", is_postgres=is_postgres)
    return QueryString(
        f"""SELECT m.supplier, m.category, {_sql(way.is_by_category)} AS by_category, m.school,
        CASE WHEN {opens_rating} THEN m.rating END AS rating,
        CASE WHEN {opens_rating} AND (m.lapses_at IS NULL OR m.lapses_at > {{}}) THEN m.would_use_again END AS again,
        CASE WHEN {opens_interest} THEN m.interest IS NOT NULL END AS interest, m.at AS said_at, {_recency(strength)} AS recency,
        m.miles2 FROM (SELECT m.*, p.miles2, COALESCE(k.category, '') AS category, {at} AS at FROM told m
        JOIN placed p ON p.school = m.school {way.filed}
        WHERE {{}} AND (SELECT 1 FROM suppliers_supplier s WHERE s.id = m.supplier AND s.joined_to IS NULL
            AND (s.owner IS NULL OR s.owner = {{}})) IS NOT NULL) m""",  # noqa: S608 - our own text
        principals.now, *_decay(principals.now), way.kept, principals.school,
    )  # fmt: skip


def _recency(strength: str) -> str:
    """At most 1: no word is younger than now."""
    now = f"{strength} * CAST({{}} AS DOUBLE PRECISION)"
    return f"(CASE WHEN {now} > 1 THEN {exact(1.0)} ELSE {now} END)"


def _decay(now: datetime) -> tuple[float, float]:
    since_start = now - datetime.fromisoformat(open_words.START)
    return (0.5 ** (since_start / ranking.HALF_LIFE),) * 2


def _sql(yes: bool) -> str:
    return "TRUE" if yes else "FALSE"

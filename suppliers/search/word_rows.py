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
from suppliers import open_words, ranked_words
from suppliers.matching.identifiers import Scheme
from suppliers.ranked_words import exact
from suppliers.search import around as places
from suppliers.search import ranking
from suppliers.search.around import Around
from suppliers.tables import OpenWord, Review


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
    filed: str  # the join of a review with its supplier's categories k
    kept: QueryString  # such a review
    is_by_category: bool
    is_by_supplier: bool = False


WEIGHS: Final = "NOT w.interest"  # null: whether there is an interest is kept back
# What a word says, and how much it counts before distance: ranking.Word.value and ranking.weight, of a row w.
_SAID: Final = f"""w.supplier, w.category, w.by_category, w.school, w.rating, w.again, w.interest, w.said_at,
    {ranked_words.value("w.rating", "w.again")} AS value, CASE WHEN {WEIGHS} THEN w.recency END AS weight,
    {", ".join(f"w.{column}" for column in places.COLUMNS)}"""
_PLACE: Final = ", ".join(f"p.{column}" for column in places.COLUMNS)
# SQLite keeps to the order of a CROSS JOIN: from the few reviews to what their suppliers are filed under.
_FIRST: Final = "LEFT JOIN suppliers_whole_category k ON k.supplier = suppliers_review.supplier AND k.is_first WHERE TRUE"
_FILED: Final = "CROSS JOIN suppliers_whole_category k WHERE k.supplier = suppliers_review.supplier"
# The reviews that an audience e of a school tells. That these are the school's is looked at, not looked up: an audience has one
# school, and PostgreSQL, which takes the two for independent, would read all that the school says beside it.
_TOLD_TO: Final = "suppliers_review.audience = e.audience AND (suppliers_review.school = e.school) IS TRUE"


@dataclass(frozen=True, slots=True)
class Listener:
    """A viewer, and the audiences of other schools that reach them otherwise than every school."""

    principals: Principals
    reaching: tuple[Reaching, ...]


async def listener(principals: Principals) -> Listener:
    """Asks which audiences reach the viewer, once for all that is heard in a unit."""
    await database.plan_anew()
    return Listener(principals, await visibility.reaching(principals, open_words.perhaps_told(principals)))


async def schools_apart(hearing: Listener) -> tuple[UUID, ...]:
    """Schools of whose open words some reach the viewer by another line too. Inside a read unit."""
    audiences = database.in_selected("w.audience", also=[one.audience for one in hearing.reaching]).querystring
    rows = await OpenWord.raw("SELECT DISTINCT w.school FROM suppliers_open_word w WHERE {} AND w.fields IS NOT NULL", audiences)
    return tuple(database.id_of(row["school"]) for row in rows)


def heard(
    hearing: Listener,
    wanted: SearchTarget,
    around: Around,
    select: str,
    *values: object,
    is_kept: bool = False,
    among: Collection[UUID] | None = None,
) -> QueryString:
    """``select`` from "words w", which it names more than once if ``is_kept``. Of what every school may hear, ``among`` where it
    is given has the schools that are meant.

    They have ``supplier, category, by_category, school, rating, again, interest`` (null: kept back), ``said_at``, ``value`` (-1
    to 1), ``weight`` (0 to 1, by age alone; null: it does not count) and what `around.py` says of their school.
    A word has a row for each category that is meant, with ``by_category``; and one, with the first category of its supplier
    ("" for none), where the supplier is meant, or everything.
    """
    ways = tuple(_ways(wanted))
    words = [each for way in ways for each in _words(hearing, around, way, among)] + [_told_there(hearing.principals)]
    counted = QueryString(" UNION ALL ".join("{}" for _ in words), *words)
    if around.counting is not visibility.ALWAYS:
        counted = QueryString("SELECT w.* FROM ({}) w WHERE {}", counted, around.counting)
    kept = "MATERIALIZED" if is_kept else ""
    return QueryString(
        f"WITH told AS MATERIALIZED ({{}}), {{}}, words AS {kept} ({{}}) {select}",
        _told(hearing, around, ways),
        places.placed(around, hearing.principals.school, _speaking(wanted, around, ways)),
        counted, *values,
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
        f"WITH spoken AS ({{}} UNION {{}}) {select}",
        _open_needs(hearing.principals, among, left_out),
        _narrow_needs(hearing, left_out),
    )


def _open_needs(principals: Principals, among: Collection[UUID] | None, left_out: LeftOut) -> QueryString:
    schools = visibility.ALWAYS if among is None else database.in_selected("w.school", also=[*among]).querystring
    return QueryString(
        "SELECT w.school, w.category FROM suppliers_open_word w WHERE {} AND w.category <> '' AND {} AND w.school <> {} AND {}"
        " GROUP BY w.school, w.category",
        schools, open_words.heard(principals), principals.school, _not_left_out("w", left_out),
    )  # fmt: skip


def _narrow_needs(hearing: Listener, left_out: LeftOut) -> QueryString:
    return QueryString(
        f"""SELECT suppliers_review.school, k.category FROM ({{}}) e CROSS JOIN suppliers_review
        JOIN suppliers_supplier s ON s.id = suppliers_review.supplier JOIN suppliers_whole_category k ON k.supplier = s.id
        WHERE {_TOLD_TO} AND {{}} AND s.joined_to IS NULL AND (s.owner IS NULL OR s.owner = {{}}) AND {{}}""",  # noqa: S608 - our own text
        _reaching(hearing), visibility.in_sight(Review).querystring, hearing.principals.school, _not_left_out("k", left_out),
    )  # fmt: skip


def _not_left_out(row: str, left_out: LeftOut) -> QueryString:
    some = [QueryString(f"({row}.category = {{}} AND {row}.supplier = {{}})", *pair) for pair in left_out]
    return QueryString(f"NOT ({' OR '.join('{}' for _ in some)})", *some) if some else visibility.ALWAYS


def _speaking(wanted: SearchTarget, around: Around, ways: Collection[_Way]) -> QueryString | None:
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
        if database.is_postgres():  # which expects few reviews, and would look up the categories of each that there are
            filed = f"SELECT k.supplier FROM suppliers_whole_category k WHERE k.category IN ({among})"  # noqa: S608 - our own text
            kept = QueryString(f"{{}} AND (suppliers_review.supplier IN ({filed})) IS TRUE", kept, *slugs)
        yield _Way(meant, _FILED, kept, is_by_category=True)
    if wanted.suppliers:
        named = database.in_selected("w.supplier", also=[*wanted.suppliers]).querystring
        kept = database.in_selected("suppliers_review.supplier", also=[*wanted.suppliers], by_index=False).querystring
        yield _Way(QueryString("w.is_first AND {}", named), _FIRST, kept, is_by_category=False, is_by_supplier=True)


# SQLite keeps to the order of a CROSS JOIN: by schools of which a few words are meant each, or by the words of a few suppliers.
_PLACED: Final = "placed p CROSS JOIN suppliers_open_word w"
_NAMED: Final = "suppliers_open_word w CROSS JOIN placed p"
_ANYWHERE: Final = f"(SELECT {places.NOWHERE}) p CROSS JOIN suppliers_open_word w"


def _words(hearing: Listener, around: Around, way: _Way, among: Collection[UUID] | None) -> Iterator[QueryString]:
    """Of schools that are near, and of linked ones that aren't."""
    if not hearing.principals.is_open:
        return
    if among is not None:
        of_these = database.in_selected("w.school", also=[*among]).querystring
        yield _open(hearing, way, around, QueryString("{} AND {}", of_these, way.of))
        return
    # Of a category SQLite goes from school to school, by an index of its own; PostgreSQL by the place, and joins the schools to
    # that. So do both of suppliers: otherwise SQLite reads every word of each school for those of a few suppliers.
    is_by_place = database.is_postgres() or way.is_by_supplier
    near = places.in_box(around, around.place, "w") if around.place and is_by_place else visibility.ALWAYS
    yield _open(hearing, way, around, QueryString("{} AND {} AND p.is_near", way.of, near))
    if around.place and around.linked:
        linked = database.in_selected("w.school", also=[*around.linked]).querystring
        yield _open(hearing, way, around, QueryString("{} AND {} AND NOT p.is_near", linked, way.of))


def _open(hearing: Listener, way: _Way, around: Around, which: QueryString) -> QueryString:
    principals = hearing.principals
    placed = _NAMED if way.is_by_supplier else _PLACED
    tables, joined = (placed, "p.school = w.school") if around.place else (_ANYWHERE, "TRUE")
    full = "_in_full" if Fields.CRITICISM in principals.fields else ""
    return QueryString(
        f"""SELECT {_SAID} FROM (SELECT w.supplier, w.category, {_sql(way.is_by_category)} AS by_category, w.school, w.rating,
        CASE WHEN w.lapses_at <= {{}} THEN NULL ELSE w.would_use_again END AS again, w.interest, w.said{full}_at AS said_at,
        {recency(f"w.strength{full}")} AS recency, {_PLACE} FROM {tables}
        WHERE {joined} AND {{}} AND {{}} AND w.school <> {{}} AND {{}}) w""",  # noqa: S608
        principals.now, decay(principals.now), which, open_words.heard(principals), principals.school,
        database.none_of("w.audience", [one.audience for one in hearing.reaching]),
    )  # fmt: skip


def _told(hearing: Listener, around: Around, ways: Collection[_Way]) -> QueryString:
    """The reviews of the own school, and those that somebody shows the viewer otherwise than everybody: rows as words have them,
    but for their place. Value by value through the mask. A vouch that lapsed says no more than that the school used them.
    """
    opens_rating, opens_interest = (f"m.mask & {bits} <> 0" for bits in (open_words.RATING, open_words.INTEREST))
    at = open_words.latest("m", "m.mask", is_postgres=database.is_postgres(), in_full=True)
    few = [each for way in ways for each in _masked(hearing, around, way)]
    return QueryString(
        f"""SELECT m.supplier, m.category, m.by_category, m.school, CASE WHEN {opens_rating} THEN m.rating END AS rating,
        CASE WHEN {opens_rating} AND (m.lapses_at IS NULL OR m.lapses_at > {{}}) THEN m.would_use_again END AS again,
        CASE WHEN {opens_interest} THEN m.interest IS NOT NULL END AS interest, {at} AS said_at
        FROM ({" UNION ALL ".join("{}" for _ in few)}) m""",  # noqa: S608 - our own text
        hearing.principals.now, *few,
    )  # fmt: skip


def _masked(hearing: Listener, around: Around, way: _Way) -> Iterator[QueryString]:
    """The columns of those reviews, each with a mask."""
    named = ["supplier", "school", "rating", "would_use_again", "interest", "lapses_at", "written_at"]
    theirs = ", ".join(f"suppliers_review.{one}" for one in (*named, *(f"{group}_at" for group in open_words.GROUPS)))
    chosen = f"{theirs}, COALESCE(k.category, '') AS category, {_sql(way.is_by_category)} AS by_category"
    own, mask = visibility.of_own(hearing.principals, Review)
    yield QueryString(
        f"SELECT {chosen}, CAST({mask} AS BIGINT) AS mask FROM suppliers_review {way.filed} AND {{}} AND {{}}",  # noqa: S608 - our own columns
        own.querystring, way.kept,
    )  # fmt: skip
    yield QueryString(
        f"SELECT {chosen}, e.mask FROM ({{}}) e CROSS JOIN suppliers_review {way.filed} AND {_TOLD_TO} AND {{}} AND {{}}",  # noqa: S608 - our own columns
        places.reaching_from(around, _reaching(hearing)), visibility.in_sight(Review).querystring, way.kept,
    )  # fmt: skip


def _told_there(principals: Principals) -> QueryString:
    """What is told of suppliers that the viewer may see, by schools that count."""
    so_recent = recency(open_words.strength("m.said_at", is_postgres=database.is_postgres()))
    # What a supplier is, is asked for each row: joined, SQLite reads all suppliers to know beforehand which there are.
    return QueryString(
        f"""SELECT {_SAID} FROM (SELECT m.*, {so_recent} AS recency, {_PLACE} FROM told m JOIN placed p ON p.school = m.school
        WHERE (SELECT 1 FROM suppliers_supplier s WHERE s.id = m.supplier AND s.joined_to IS NULL
            AND (s.owner IS NULL OR s.owner = {{}})) IS NOT NULL) w""",  # noqa: S608 - our own text
        decay(principals.now), principals.school,
    )  # fmt: skip


def recency(strength: str) -> str:
    """At most 1: no word is younger than now."""
    return f"{'LEAST' if database.is_postgres() else 'MIN'}({strength} * CAST({{}} AS DOUBLE PRECISION), {exact(1.0)})"


def decay(now: datetime) -> float:
    decay: float = 0.5 ** ((now - datetime.fromisoformat(open_words.START)) / ranking.HALF_LIFE)
    return decay


def _sql(yes: bool) -> str:
    return "TRUE" if yes else "FALSE"

"""The words that a viewer may hear around a place, as one SELECT for others to add up.

Two kinds of rows make it. What every school may hear is read from rows that say no more (`suppliers/open_words.py`). The
viewer's own school's, and what somebody shows them by another line, is few, and read from the reviews through the predicate.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals
from suppliers import open_words, ranked_words
from suppliers.ranked_words import exact
from suppliers.search import around as places
from suppliers.search import ranking, told
from suppliers.search import wanted as meant
from suppliers.search.around import Around
from suppliers.search.told import Listener
from suppliers.search.wanted import SearchTarget, Way

WEIGHS: Final = "NOT w.interest"  # null: whether there is an interest is kept back
# What a word says, and how much it counts before distance: ranking.Word.value and ranking.weight, of a row w.
_SAID: Final = f"""w.supplier, w.category, w.by_category, w.school, w.rating, w.again, w.interest, w.said_at,
    {ranked_words.value("w.rating", "w.again")} AS value, CASE WHEN {WEIGHS} THEN w.recency END AS weight,
    {places.of("w")}"""


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
    ways = tuple(meant.ways(wanted))
    words = [each for way in ways for each in _words(hearing, around, way, among)] + [_told_there(hearing.principals)]
    union = QueryString(" UNION ALL ".join("{}" for _ in words), *words)
    return QueryString(
        f"WITH {{}}, {{}}, told AS MATERIALIZED ({{}}),"  # noqa: S608 - our own text
        f" words AS {'MATERIALIZED' if is_kept else ''} (SELECT {_SAID} FROM ({{}}) w WHERE {{}}) {select}",
        places.placed(around, hearing.principals.school, _speaking(hearing, wanted, around, ways)), meant.meant(wanted),
        told.told(hearing, around, ways), union, around.counting, *values,
    )  # fmt: skip


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
        told.needs(hearing, _not_left_out("k", left_out)),
    )


def _open_needs(principals: Principals, among: Collection[UUID] | None, left_out: LeftOut) -> QueryString:
    schools = visibility.ALWAYS if among is None else database.in_selected("w.school", also=[*among]).querystring
    return QueryString(
        "SELECT w.school, w.category FROM suppliers_open_word w WHERE {} AND w.category <> '' AND {} AND w.school <> {} AND {}"
        " GROUP BY w.school, w.category",
        schools, open_words.heard(principals), principals.school, _not_left_out("w", left_out),
    )  # fmt: skip


def _not_left_out(row: str, left_out: LeftOut) -> QueryString:
    some = [QueryString(f"({row}.category = {{}} AND {row}.supplier = {{}})", *pair) for pair in left_out]
    return QueryString(f"NOT ({' OR '.join('{}' for _ in some)})", *some) if some else visibility.ALWAYS


def _speaking(hearing: Listener, wanted: SearchTarget, around: Around, ways: Collection[Way]) -> QueryString | None:
    """The schools that may say something, where they are fewer than those that are near; None: whichever are near.

    PostgreSQL works out a distance sooner than who speaks.
    """
    if wanted.is_everything or around.place is None or database.is_postgres():
        return None
    said = [QueryString("SELECT w.school FROM suppliers_open_word w WHERE {} AND w.fields IS NOT NULL AND {}",
                        way.of, places.in_box(around, around.place, "w")) for way in ways]  # fmt: skip
    few = QueryString("SELECT e.school FROM ({}) e", told.audiences(hearing))
    return QueryString(" UNION ".join("{}" for _ in (*said, few)), *said, few)


# SQLite keeps to the order of a CROSS JOIN: by schools of which a few words are meant each, or by the words of a few suppliers.
_PLACED: Final = "placed p CROSS JOIN suppliers_open_word w"
_NAMED: Final = "suppliers_open_word w CROSS JOIN placed p"
_ANYWHERE: Final = f"(SELECT {places.NOWHERE}) p CROSS JOIN suppliers_open_word w"


def _words(hearing: Listener, around: Around, way: Way, among: Collection[UUID] | None) -> Iterator[QueryString]:
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


def _open(hearing: Listener, way: Way, around: Around, which: QueryString) -> QueryString:
    principals = hearing.principals
    placed = _NAMED if way.is_by_supplier else _PLACED
    tables, joined = (placed, "p.school = w.school") if around.place else (_ANYWHERE, "TRUE")
    full = "_in_full" if Fields.CRITICISM in principals.fields else ""
    return QueryString(
        f"""SELECT w.supplier, w.category, {"TRUE" if way.is_by_category else "FALSE"} AS by_category, w.school, w.rating,
        CASE WHEN w.lapses_at <= {{}} THEN NULL ELSE w.would_use_again END AS again, w.interest, w.said{full}_at AS said_at,
        {places.of("p")}, {recency(f"w.strength{full}")} AS recency FROM {tables}
        WHERE {joined} AND {{}} AND {{}} AND w.school <> {{}} AND {{}}""",  # noqa: S608
        principals.now, decay(principals.now), which, open_words.heard(principals), principals.school,
        database.none_of("w.audience", [one.audience for one in hearing.reaching]),
    )  # fmt: skip


def _told_there(principals: Principals) -> QueryString:
    """What is told of suppliers that the viewer may see, by schools that count."""
    so_recent = recency(open_words.strength("m.said_at", is_postgres=database.is_postgres()))
    # What a supplier is, is asked for each row: joined, SQLite reads all suppliers to know beforehand which there are.
    return QueryString(
        f"""SELECT m.*, {places.of("p")}, {so_recent} AS recency FROM told m JOIN placed p ON p.school = m.school
        WHERE (SELECT 1 FROM suppliers_supplier s WHERE s.id = m.supplier AND s.joined_to IS NULL
            AND (s.owner IS NULL OR s.owner = {{}})) IS NOT NULL""",  # noqa: S608 - our own text
        decay(principals.now), principals.school,
    )  # fmt: skip


def recency(strength: str) -> str:
    """At most 1: no word is younger than now."""
    return f"{'LEAST' if database.is_postgres() else 'MIN'}({strength} * CAST({{}} AS DOUBLE PRECISION), {exact(1.0)})"


def decay(now: datetime) -> float:
    decay: float = 0.5 ** ((now - datetime.fromisoformat(open_words.START)) / ranking.HALF_LIFE)
    return decay

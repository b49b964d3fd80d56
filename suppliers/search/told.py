"""What the viewer hears otherwise than everybody: the own school's reviews, and what somebody shows them by another line.

It is few, and read from the reviews, value by value through the mask.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access import visibility
from sharing.access.visibility import Principals, Reaching
from suppliers import open_words
from suppliers.search.around import Around
from suppliers.search.wanted import Way
from suppliers.tables import OpenWord, Review


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


# The reviews that an audience e of a school tells. That these are the school's is looked at, not looked up: an audience has one
# school, and PostgreSQL, which takes the two for independent, would read all that the school says beside it.
_TOLD_BY: Final = "suppliers_review.audience = e.audience AND (suppliers_review.school = e.school) IS TRUE"
# SQLite keeps to the order of a CROSS JOIN: from the few reviews to what their suppliers are filed under.
_FIRST: Final = "LEFT JOIN suppliers_whole_category k ON k.supplier = suppliers_review.supplier AND k.is_first WHERE TRUE"
_MEANT: Final = "CROSS JOIN meant k WHERE k.supplier = suppliers_review.supplier"
_THEIRS: Final = ", ".join(
    f"suppliers_review.{one}"
    for one in ("supplier", "school", "rating", "would_use_again", "interest", "lapses_at", "written_at",
                *(f"{group}_at" for group in open_words.GROUPS))
)  # fmt: skip
# Of a category an index tells first which reviews there are, and twice of one that was withdrawn and written anew.
_OF_CATEGORY: Final = f"""(SELECT DISTINCT e.*, k.supplier, k.category FROM ({{}}) e CROSS JOIN suppliers_review a
    CROSS JOIN meant k WHERE a.audience = e.audience AND k.supplier = a.supplier AND {{}}) e CROSS JOIN suppliers_review
    WHERE {_TOLD_BY} AND suppliers_review.supplier = e.supplier"""  # noqa: S608 - our own text


def audiences(hearing: Listener) -> QueryString:
    """A SELECT of those that reach the viewer, with their ``school`` and ``mask``."""
    rows = [(one.audience, one.school, one.mask) for one in hearing.reaching]
    return database.rows_of({"audience": "uuid", "school": "uuid", "mask": "bigint"}, rows)


def told(hearing: Listener, around: Around, ways: Collection[Way]) -> QueryString:
    """A SELECT of ``supplier, category, by_category, school, rating, again, interest, said_at``.
    A vouch that lapsed says no more than that the school used them.
    """
    opens_rating, opens_interest = (f"m.mask & {bits} <> 0" for bits in (open_words.RATING, open_words.INTEREST))
    at = open_words.latest("m", "m.mask", is_postgres=database.is_postgres(), in_full=True)
    reviews = [each for way in ways for each in (_own(hearing, way), *_others(hearing, around, way))]
    return QueryString(
        f"""SELECT m.supplier, m.category, m.by_category, m.school, CASE WHEN {opens_rating} THEN m.rating END AS rating,
        CASE WHEN {opens_rating} AND (m.lapses_at IS NULL OR m.lapses_at > {{}}) THEN m.would_use_again END AS again,
        CASE WHEN {opens_interest} THEN m.interest IS NOT NULL END AS interest, {at} AS said_at
        FROM ({" UNION ALL ".join("{}" for _ in reviews)}) m""",  # noqa: S608 - our own text
        hearing.principals.now, *reviews,
    )  # fmt: skip


def _own(hearing: Listener, way: Way) -> QueryString:
    own, mask = visibility.of_own(hearing.principals, Review)
    return QueryString(
        f"SELECT {_chosen(way)}, CAST({mask} AS BIGINT) AS mask FROM suppliers_review {_filed(way)} AND {{}} AND {{}}",  # noqa: S608
        own.querystring, _kept(way),
    )  # fmt: skip


def _others(hearing: Listener, around: Around, way: Way) -> Iterator[QueryString]:
    if hearing.reaching:
        of_any = f"({{}}) e CROSS JOIN suppliers_review {_filed(way)} AND {_TOLD_BY} AND {{}}"
        text = _OF_CATEGORY if way.is_by_category else of_any
        filed = "e" if way.is_by_category else "k"
        yield QueryString(
            f"SELECT {_chosen(way, filed)}, e.mask FROM {text} AND {{}}",  # noqa: S608 - our own columns
            near(hearing, around), _kept_of_each(way), visibility.in_sight(Review).querystring,
        )  # fmt: skip


def near(hearing: Listener, around: Around) -> QueryString:
    """Of those audiences the ones of schools that count. A county's schools share with its network, whose audiences would be
    read from one end to the other for the few that are near. PostgreSQL, were it a join, would ask for that last.
    """
    if around.place is None:
        return audiences(hearing)
    counts = "(e.school IN (SELECT p.school FROM placed p)) IS TRUE"
    return QueryString(f"SELECT e.* FROM ({{}}) e WHERE {counts}", audiences(hearing))  # noqa: S608 - our own text


def _chosen(way: Way, filed: str = "k") -> str:
    """With what the supplier is ``filed`` under."""
    by_category = "TRUE" if way.is_by_category else "FALSE"
    return f"{_THEIRS}, COALESCE({filed}.category, '') AS category, {by_category} AS by_category"


def _filed(way: Way) -> str:
    return _MEANT if way.is_by_category else _FIRST


def _kept(way: Way) -> QueryString:
    if not way.suppliers:
        return visibility.ALWAYS
    return database.in_selected("suppliers_review.supplier", also=way.suppliers, by_index=False).querystring


def _kept_of_each(way: Way) -> QueryString:
    """The same, looked up with each audience e. PostgreSQL expects few reviews of a supplier, and would otherwise read all that
    there are of national ones for the few that are told.
    """
    if not (way.suppliers and database.is_postgres()):
        return _kept(way)
    these = "CASE WHEN e.audience IS NOT NULL THEN {}::uuid[] END"
    return QueryString(f"suppliers_review.supplier = ANY({these})", [*way.suppliers])


def needs(hearing: Listener, which: QueryString) -> QueryString:
    """A SELECT of ``school, category``, with repeats: the needs of suppliers k, ``which`` a condition on these, that somebody has
    a word on for the viewer otherwise than for everybody.
    """
    return QueryString(
        f"""SELECT suppliers_review.school, k.category FROM ({{}}) e CROSS JOIN suppliers_review
        JOIN suppliers_supplier s ON s.id = suppliers_review.supplier JOIN suppliers_whole_category k ON k.supplier = s.id
        WHERE {_TOLD_BY} AND {{}} AND s.joined_to IS NULL AND (s.owner IS NULL OR s.owner = {{}}) AND {{}}""",  # noqa: S608 - our own text
        audiences(hearing), visibility.in_sight(Review).querystring, hearing.principals.school, which,
    )  # fmt: skip

"""Ratings and vouches of suppliers, counted in the database: a supplier of the whole country has 25,000 reviews.

What every school may hear is counted from rows that say no more (`suppliers/open_words.py`). The rest is told to few and read
from the reviews, through the predicate.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access import visibility
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import Principals
from suppliers import judged_words, open_words, word_counts
from suppliers.record import extras
from suppliers.record.criteria import Criterion
from suppliers.tables import OpenWord, Review

_NO_CRITERIA: Final = ", ".join(f"CAST(NULL AS BIGINT) AS {one}" for one in Criterion)


@dataclass(frozen=True, slots=True)
class Alike:
    """Reviews of one supplier that say the same, of schools that declare no interest, as far as the viewer may see them."""

    rating: int | None
    would_use_again: bool | None  # None also where that has lapsed
    year: int  # in which they were rated (UTC)
    is_ours: bool
    is_heard: bool  # to be counted among what the viewer hears
    is_pooled: bool  # the rating is shared with every school
    count: int
    since: datetime
    until: datetime


@dataclass(slots=True)
class Brief:
    """What a list says of one supplier."""

    pooled: Counter[int] = field(default_factory=Counter)  # how many schools share each rating with every school
    vouching: int = 0  # other schools that the viewer hears


# By criterion and stars (None where it is left out), how many schools whose rating is pooled judge so.
Judged = Mapping[Criterion, Mapping[int | None, int]]


@dataclass(frozen=True, slots=True)
class SaidOfOne:
    """What is counted of one supplier."""

    counted: tuple[Alike, ...] = ()
    judged: Judged = field(default_factory=dict)
    answered: tuple[tuple[extras.Said, int], ...] = ()  # extra questions as other schools that the viewer hears answer, how many


async def counted(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, tuple[Alike, ...]]:
    """By supplier. Of a viewer who hears no other school there is nothing to count. Inside a unit."""
    if not principals.is_open or not suppliers:
        return {}
    return await _counted(principals, suppliers, await _reaching(principals))


async def _counted(principals: Principals, suppliers: Collection[UUID], reaching: list[UUID]) -> dict[UUID, tuple[Alike, ...]]:
    told = database.in_selected("suppliers_review.audience", also=reaching).querystring
    return await _found(_everyones(principals, suppliers, reaching), _told(principals, suppliers, told))


async def _reaching(principals: Principals) -> list[UUID]:
    """Audiences by which the viewer hears more than everybody."""
    return [one.audience for one in await visibility.reaching(principals, open_words.perhaps_told(principals))]


async def pooled(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, Mapping[int, int]]:
    """By supplier, how many schools pool each rating, of those that ``counted`` counts: it takes less to know. Inside a unit."""
    if not principals.is_open or not suppliers:
        return {}
    found = await _added(_pooled(principals, suppliers))
    return {supplier: brief.pooled for supplier, brief in found.items()}


async def in_brief(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, Brief]:
    """By supplier, what a list says of it, of what ``counted`` counts: it takes less to know. Inside a unit."""
    if not principals.is_open or not suppliers:
        return {}
    return await _added((*_pooled(principals, suppliers), *_vouching(principals, suppliers, await _reaching(principals))))


async def _added(selects: Sequence[QueryString]) -> dict[UUID, Brief]:
    """Of SELECTs as those of `word_counts`. Only suppliers of which something is left."""
    found: dict[UUID, Brief] = {}
    for row in await OpenWord.raw(" UNION ALL ".join(["{}"] * len(selects)), *selects):
        brief = found.setdefault(database.id_of(row["supplier"]), Brief())
        if row["said"] == word_counts.AGAIN:
            brief.vouching += row["n"]
        else:
            brief.pooled[row["said"]] += row["n"]
    for brief in found.values():
        brief.pooled = +brief.pooled
    return {supplier: brief for supplier, brief in found.items() if brief.pooled or brief.vouching}


def _pooled(principals: Principals, suppliers: Collection[UUID]) -> tuple[QueryString, ...]:
    return *word_counts.stars(principals, suppliers), _by_several(principals, suppliers)


def _vouching(principals: Principals, suppliers: Collection[UUID], reaching: list[UUID]) -> Iterator[QueryString]:
    """Of other schools, as ``_everyones`` and ``_told``: what everybody hears, and what the viewer is told otherwise."""
    yield from word_counts.vouches(principals, suppliers, reaching)
    yield QueryString(
        f"SELECT suppliers_review.supplier, {word_counts.AGAIN}, COUNT(*) FROM suppliers_review WHERE {{}} AND {{}}"  # noqa: S608
        " AND suppliers_review.would_use_again AND (suppliers_review.lapses_at IS NULL OR suppliers_review.lapses_at > {})"
        " AND suppliers_review.school <> {} AND suppliers_review.interest IS NULL AND {} GROUP BY suppliers_review.supplier",
        database.in_selected("suppliers_review.audience", also=reaching).querystring,
        database.in_selected("suppliers_review.supplier", also=[*suppliers], by_index=False).querystring,
        principals.now, principals.school, visibility.opens(principals, Review, Fields.RATING).querystring,
    )  # fmt: skip


def _by_several(principals: Principals, suppliers: Collection[UUID]) -> QueryString:
    return QueryString(
        "SELECT suppliers_review.supplier, suppliers_review.rating AS said, COUNT(*) AS n FROM suppliers_review WHERE {} AND {}"
        " AND suppliers_review.rating IS NOT NULL AND suppliers_review.interest IS NULL AND {} AND {}"
        " GROUP BY suppliers_review.supplier, suppliers_review.rating",
        database.in_selected("suppliers_review.audience", open_words.mixed()).querystring,
        database.in_selected("suppliers_review.supplier", also=[*suppliers], by_index=False).querystring,
        _pooled_by_several_lines(principals), visibility.opens(principals, Review, Fields.RATING).querystring,
    )  # fmt: skip


async def _found(everyones: QueryString, told: QueryString) -> dict[UUID, tuple[Alike, ...]]:
    found: dict[UUID, list[Alike]] = {}
    for row in await OpenWord.raw("{} UNION ALL {}", everyones, told):
        found.setdefault(database.id_of(row["supplier"]), []).append(_alike(row))
    return {supplier: tuple(some) for supplier, some in found.items()}


async def of_one(principals: Principals, supplier: UUID) -> SaidOfOne:
    """As ``counted``, with criteria, of those whose rating is pooled, and answers to extra questions. Inside a unit."""
    if not principals.is_open:
        return SaidOfOne()
    reaching = await _reaching(principals)
    if not (alike := (await _counted(principals, [supplier], reaching)).get(supplier, ())):
        return SaidOfOne()
    asked = (*_judging(principals, supplier), *_answering(principals, supplier, reaching))
    rows = await OpenWord.raw(" UNION ALL ".join(["{}"] * len(asked)), *asked)
    return SaidOfOne(
        counted=alike,
        judged=_judged(row for row in rows if row["extras"] is None),
        answered=tuple((extras.of_column(row["extras"]), row["n"]) for row in rows if row["extras"] is not None),
    )


def _judged(rows: Iterable[Mapping[str, Any]]) -> Judged:
    stars: dict[Criterion, Counter[int | None]] = {one: Counter() for one in Criterion}
    for row in rows:
        for one, counted in stars.items():
            counted[row[one]] += row["n"]
    return stars


def _everyones(principals: Principals, suppliers: Collection[UUID], reaching: list[UUID]) -> QueryString:
    """What reaches the viewer by another line too may say more by that: it is heard among what is told, and pooled here."""
    return _grouped(
        QueryString(
            "SELECT w.supplier, w.rating, CASE WHEN w.lapses_at <= {} THEN NULL ELSE w.would_use_again END AS again,"
            " w.rated_at, w.school = {} AS is_ours, {} AND w.school <> {} AS is_heard, w.rating IS NOT NULL AS is_pooled"
            " FROM suppliers_open_word w WHERE {} AND w.is_first AND NOT w.interest AND {}"
            " AND (w.rating IS NOT NULL OR w.would_use_again IS NOT NULL)",
            principals.now, principals.school,
            database.none_of("w.audience", reaching), principals.school,
            database.in_selected("w.supplier", also=[*suppliers]).querystring, open_words.heard(principals),
        )
    )  # fmt: skip


def _told(principals: Principals, suppliers: Collection[UUID], told: QueryString) -> QueryString:
    rated = open_words.rated_at("suppliers_review", is_postgres=database.is_postgres())
    rows = (
        "SELECT suppliers_review.supplier, suppliers_review.rating,"  # noqa: S608 - our own text
        " CASE WHEN suppliers_review.lapses_at <= {} THEN NULL ELSE suppliers_review.would_use_again END AS again,"
        f" {rated} AS rated_at,"
        " suppliers_review.school = {} AS is_ours, suppliers_review.school <> {} AS is_heard,"
        " suppliers_review.rating IS NOT NULL AND {} AS is_pooled FROM suppliers_review WHERE {} AND {}"
        " AND suppliers_review.interest IS NULL AND {}"
    )
    others = QueryString("{} AND suppliers_review.school <> {}", told, principals.school)
    # By themselves: of two conditions joined by OR no index would look up either.
    which = (others, QueryString("suppliers_review.school = {}", principals.school))
    selects = [
        QueryString(
            rows, principals.now, principals.school, principals.school, _pooled_by_several_lines(principals),
            database.in_selected("suppliers_review.supplier", also=[*suppliers], by_index=one is not others).querystring, one,
            visibility.opens(principals, Review, Fields.RATING).querystring,
        )
        for one in which
    ]  # fmt: skip
    return _grouped(QueryString("{} UNION ALL {}", *selects))


def _grouped(rows: QueryString) -> QueryString:
    year = "extract(year FROM r.rated_at AT TIME ZONE 'UTC')::int" if database.is_postgres() else "substr(r.rated_at, 1, 4)"
    alike = "r.supplier, r.rating, r.again, r.is_ours, r.is_heard, r.is_pooled"
    counts = "COUNT(*) AS n, MIN(r.rated_at) AS since, MAX(r.rated_at) AS until"
    return QueryString(f"SELECT {alike}, {year} AS year, {counts} FROM ({{}}) r GROUP BY {alike}, year", rows)  # noqa: S608


def _judging(principals: Principals, supplier: UUID) -> Iterator[QueryString]:
    yield QueryString(
        f"SELECT {_criteria('w')}, CAST(NULL AS TEXT) AS extras, COUNT(*) AS n FROM {judged_words.ROWS} w"  # noqa: S608
        f" WHERE w.supplier = {{}} AND {judged_words.judges('w')} AND {{}} GROUP BY {_criteria('w')}",
        supplier, judged_words.heard(principals),
    )  # fmt: skip
    criteria, judges = _criteria("suppliers_review"), judged_words.judges("suppliers_review")
    yield QueryString(
        f"SELECT {criteria}, NULL, COUNT(*) FROM suppliers_review"  # noqa: S608
        f" WHERE {{}} AND suppliers_review.supplier = {{}} AND {judges}"
        f" AND suppliers_review.rating IS NOT NULL AND suppliers_review.interest IS NULL AND {{}} AND {{}} GROUP BY {criteria}",
        database.in_selected("suppliers_review.audience", open_words.mixed()).querystring, supplier,
        _pooled_by_several_lines(principals), visibility.visible(principals, Review).querystring,
    )  # fmt: skip


def _answering(principals: Principals, supplier: UUID, reaching: list[UUID]) -> Iterator[QueryString]:
    """Of other schools, as ``_everyones`` and ``_told``: what everybody hears, and what the viewer is told otherwise."""
    yield QueryString(
        f"SELECT {_NO_CRITERIA}, w.extras, COUNT(*) FROM {judged_words.ROWS} w"  # noqa: S608
        " WHERE w.supplier = {} AND w.extras IS NOT NULL AND w.school <> {} AND {} AND {} GROUP BY w.extras",
        supplier, principals.school, database.none_of("w.audience", reaching), judged_words.heard(principals),
    )  # fmt: skip
    yield QueryString(
        f"SELECT {_NO_CRITERIA}, suppliers_review.extras, COUNT(*) FROM suppliers_review WHERE {{}}"  # noqa: S608
        " AND suppliers_review.supplier = {} AND suppliers_review.extras IS NOT NULL AND suppliers_review.interest IS NULL"
        " AND suppliers_review.school <> {} AND {} GROUP BY suppliers_review.extras",
        database.in_selected("suppliers_review.audience", also=reaching).querystring, supplier, principals.school,
        visibility.opens(principals, Review, Fields.RATING).querystring,
    )  # fmt: skip


def _criteria(row: str) -> str:
    return ", ".join(f"{row}.{one}" for one in Criterion)


def _pooled_by_several_lines(principals: Principals) -> QueryString:
    """Reviews whose rating one of several lines shares with every school."""
    line = "g.audience = suppliers_review.audience AND g.kind = {} AND g.fields & {} <> 0 AND {}"
    return QueryString(
        f"({{}} AND (SELECT 1 FROM sharing_audience_grant g WHERE {line} LIMIT 1) IS NOT NULL)",  # noqa: S608
        database.in_selected("suppliers_review.audience", open_words.mixed(), by_index=False).querystring,
        GrantKind.EVERYONE.value, Fields.RATING.value, visibility.live("g", principals.now),
    )  # fmt: skip


def _alike(row: Mapping[str, Any]) -> Alike:
    again = row["again"]
    return Alike(
        row["rating"], None if again is None else bool(again), int(row["year"]), bool(row["is_ours"]), bool(row["is_heard"]),
        bool(row["is_pooled"]), row["n"], database.moment_of(row["since"]), database.moment_of(row["until"]),
    )  # fmt: skip

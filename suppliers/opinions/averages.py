"""Honest numbers: how many schools vouch, and a mean only of ratings that were given to everybody.

A mean of what happens to be visible would flatter, because criticism may stay private. A review with a declared interest
is shown but never counted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from statistics import mean
from typing import Any, Final
from uuid import UUID

from piccolo.query import WhereRaw
from piccolo.query.functions import Count, Sum

import database
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import Principals
from suppliers.record import field_groups
from suppliers.record.criteria import Criterion
from suppliers.tables import Review
from web.pages.beside import Rated

FEWEST_POOLED: Final = 3  # below this, a mean says more about one school than about the supplier
_CRITERIA: Final = (Review.value, Review.reliability, Review.quality, Review.communication)


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """What the ratings of one criterion come to, of the reviews whose rating is pooled."""

    criterion: Criterion
    count: int
    mean: float
    spread: Mapping[int, int]  # as Pooled's


@dataclass(frozen=True, slots=True)
class Pooled:
    """The ratings that their schools share with every school."""

    count: int
    mean: float
    spread: Mapping[int, int]  # rating, 1 to 5 -> how many
    since: datetime
    until: datetime
    has_ours: bool  # the viewer's own school's is among them
    by_year: Mapping[int, "YearOfRatings"]  # the year in which they were given; those below FEWEST_POOLED are left out
    criteria: tuple[CriterionMean, ...]  # those that FEWEST_POOLED of these schools judge by, in their order


@dataclass(frozen=True, slots=True)
class YearOfRatings:
    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class Again:
    """How many other schools would use the supplier again, and how many would not, as far as the viewer may see."""

    would: int
    would_not: int


@dataclass(frozen=True, slots=True)
class Word:
    """What schools say of one supplier in a list, as on its page: ``mean`` of ``count`` ratings, None below FEWEST_POOLED."""

    vouching: int = 0  # other schools whose vouch the viewer may see
    mean: float | None = None
    count: int = 0


NO_WORD: Final = Word()


def holds(principals: Principals, *, hides_criticism: bool) -> Any:
    """All but the vouches that the viewer sees to have lapsed, with nothing else said beside them that is open to the viewer.

    So what is hidden neither keeps a review there nor takes it away: neither a text beside a vouch, nor the vouch itself.
    """
    beside: list[tuple[Fields, Any]] = [
        (Fields.PRAISE, (Review.praise != "") | Review.interest.is_not_null()),
        (Fields.RATING, reduce(or_, (column.is_not_null() for column in (Review.interest, *_CRITERIA)))),
        (Fields.DATES, reduce(or_, (column.is_not_null() for column in (Review.used_from, Review.used_until, Review.stage)))),
    ]
    if not hides_criticism:
        beside.append((Fields.CRITICISM, Review.criticism != ""))
    says_more = (visibility.opens(principals, Review, field) & said for field, said in beside)
    sees_no_vouch = WhereRaw("NOT {}", visibility.opens(principals, Review, Fields.RATING).querystring)
    return reduce(or_, says_more, not_lapsed(principals) | sees_no_vouch)


def not_lapsed(principals: Principals) -> Any:
    return Review.lapses_at.is_null() | (Review.lapses_at > principals.now)


async def again(principals: Principals, where: Any) -> Again:
    """Of the schools among ``where``. Inside a unit."""
    said = where & Review.would_use_again.is_not_null() & _counts(principals)
    counted = Review.select(Review.would_use_again, Count()).where(visibility.opens(principals, Review, Fields.RATING), said)
    found = {bool(row["would_use_again"]): row["count"] for row in await counted.group_by(Review.would_use_again)}
    return Again(found.get(True, 0), found.get(False, 0))


async def again_of(principals: Principals, supplier: UUID) -> Again:
    """Of all other schools. Inside a unit."""
    return await again(principals, (Review.supplier == supplier) & (Review.school != principals.school))


async def with_evidence(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, int]:
    """By supplier, of how many other schools the viewer sees the rating and that evidence was given. Inside a unit."""
    given = database.among(Review.supplier, suppliers) & Review.evidence.is_not_null() & (Review.school != principals.school)
    counted = Review.select(Review.supplier, Count(alias="n")).where(visibility.opens(principals, Review, Fields.RATING), given)
    return {row["supplier"]: row["n"] for row in await counted.group_by(Review.supplier)}


def _counts(principals: Principals) -> Any:
    return Review.interest.is_null() & not_lapsed(principals)


async def words(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, Word]:
    """``vouching`` by other schools and ``pooled`` of each of these that anything is said of. Inside a unit."""
    of_others = database.among(Review.supplier, suppliers) & (Review.school != principals.school)
    vouches = Review.would_use_again.eq(True) & _counts(principals)
    opened = visibility.opens(principals, Review, Fields.RATING)
    counted = await Review.select(Review.supplier, Count(alias="n")).where(opened, of_others & vouches).group_by(Review.supplier)
    found = {row["supplier"]: Word(row["n"]) for row in counted}
    for supplier, means in (await _means(principals, suppliers)).items():
        found[supplier] = replace(found.get(supplier, NO_WORD), mean=means.mean, count=means.count)
    return found


async def rated(viewer: Viewer, suppliers: Collection[UUID]) -> Mapping[UUID, Rated]:
    """The mean of ``pooled`` of each of these that has one: what stands beside a name in search results."""
    if not suppliers:
        return {}
    async with database.read():
        return await _means(await visibility.principals(viewer), suppliers)


async def _means(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, Rated]:
    pool = _pool(principals, database.among(Review.supplier, suppliers))
    sums = Review.select(Review.supplier, Count(alias="n"), Sum(Review.rating, alias="stars")).where(*pool)
    rows = await sums.group_by(Review.supplier)
    return {row["supplier"]: Rated(int(row["stars"]) / row["n"], row["n"]) for row in rows if row["n"] >= FEWEST_POOLED}


async def pooled(principals: Principals, supplier: UUID) -> Pooled | None:
    """None below FEWEST_POOLED ratings. Inside a unit."""
    where = _pool(principals, Review.supplier == supplier)
    rows = await Review.select(Review.school, Review.rating, *_CRITERIA, *field_groups.times(Review, ("rating",))).where(*where)
    if len(rows) < FEWEST_POOLED:
        return None
    ratings = [row["rating"] for row in rows]
    at = [field_groups.shown_at(row, ("rating",)) for row in rows]
    return Pooled(
        count=len(rows),
        mean=mean(ratings),
        spread=_spread(ratings),
        since=min(at),
        until=max(at),
        has_ours=any(row["school"] == principals.school for row in rows),
        criteria=_by_criterion(rows),
        by_year=_by_year(zip(at, ratings, strict=True)),
    )


def _by_year(given: Iterable[tuple[datetime, int]]) -> Mapping[int, YearOfRatings]:
    years: dict[int, list[int]] = {}
    for at, rating in sorted(given):
        years.setdefault(at.year, []).append(rating)
    return {year: YearOfRatings(len(of), mean(of)) for year, of in years.items() if len(of) >= FEWEST_POOLED}


def _by_criterion(rows: Sequence[Mapping[str, Any]]) -> tuple[CriterionMean, ...]:
    given = {one: [row[one] for row in rows if row[one] is not None] for one in Criterion}
    return tuple(
        CriterionMean(one, len(ratings), mean(ratings), _spread(ratings))
        for one, ratings in given.items()
        if len(ratings) >= FEWEST_POOLED
    )


def _spread(ratings: Sequence[int]) -> Mapping[int, int]:
    return {rating: ratings.count(rating) for rating in range(1, 6)}


def _pool(principals: Principals, of_which: Any) -> tuple[Any, ...]:
    """The where-clauses of ratings that a mean is made of."""
    rated = of_which & Review.rating.is_not_null() & Review.interest.is_null()
    return rated, _in_the_pool(principals), visibility.visible(principals, Review)


def _in_the_pool(principals: Principals) -> WhereRaw:
    return WhereRaw(
        "(SELECT 1 FROM sharing_audience_grant g WHERE g.audience = {} AND g.kind = {} AND g.fields & {} <> 0 AND {}"
        " LIMIT 1) IS NOT NULL",
        Review.audience,
        GrantKind.EVERYONE.value,
        Fields.RATING.value,
        visibility.live("g", principals.now),
    )

"""Honest numbers: how many schools vouch, and a mean only of ratings that were given to everybody.

A mean of what happens to be visible would flatter, because criticism may stay private. A review with a declared interest
is shown but never counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from piccolo.query import WhereRaw
from piccolo.query.functions import Count

import database
from base.viewer import Viewer
from base.words import count
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals
from suppliers.opinions import rating_sums
from suppliers.opinions.rating_sums import Alike, Brief, Judged
from suppliers.record import extras
from suppliers.record.criteria import Criterion
from suppliers.record.extras import ExtraQuestion
from suppliers.tables import Review
from web.pages.beside import Rated

FEWEST_POOLED: Final = 3  # below this, a mean says more about one school than about the supplier
_WITH_RATING: Final = (Review.interest, Review.value, Review.reliability, Review.quality, Review.communication, Review.extras)


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
class Answered:
    """How other schools that the viewer hears answer one extra question: the answers that are given, the best first."""

    question: ExtraQuestion
    schools: int
    by: Mapping[str, int]  # by code

    @property
    def words(self) -> str:
        """Such as "Nearly always: 5 schools; often: 2"."""
        (code, schools), *others = self.by.items()
        first = f"{self.question.answers[code]}: {count(schools, 'school')}"
        return "; ".join((first, *(f"{self.question.answers[code].lower()}: {number:,}" for code, number in others)))


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
        (Fields.RATING, reduce(or_, (column.is_not_null() for column in _WITH_RATING))),
        (Fields.DATES, reduce(or_, (column.is_not_null() for column in (Review.used_from, Review.used_until, Review.stage)))),
    ]
    if not hides_criticism:
        beside.append((Fields.CRITICISM, Review.criticism != ""))
    says_more = (visibility.opens(principals, Review, field) & said for field, said in beside)
    sees_no_vouch = WhereRaw("NOT {}", visibility.opens(principals, Review, Fields.RATING).querystring)
    return reduce(or_, says_more, not_lapsed(principals) | sees_no_vouch)


def not_lapsed(principals: Principals) -> Any:
    return Review.lapses_at.is_null() | (Review.lapses_at > principals.now)


async def averages(principals: Principals, supplier: UUID) -> tuple[Again, Pooled | None, tuple[Answered, ...]]:
    """What other schools would do again, the mean (None below FEWEST_POOLED ratings), and extra questions. Inside a unit."""
    said = await rating_sums.of_one(principals, supplier)
    return _again(said.counted), _pooled(said.counted, said.judged), _answered(said.answered)


async def with_evidence(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, int]:
    """By supplier, of how many other schools the viewer sees the rating and that evidence was given. Inside a unit."""
    given = database.among(Review.supplier, suppliers) & Review.evidence.is_not_null() & (Review.school != principals.school)
    counted = Review.select(Review.supplier, Count(alias="n")).where(visibility.opens(principals, Review, Fields.RATING), given)
    return {row["supplier"]: row["n"] for row in await counted.group_by(Review.supplier)}


async def words(principals: Principals, suppliers: Collection[UUID]) -> Mapping[UUID, Word]:
    """``vouching`` by other schools and ``pooled`` of each of these that anything is said of. Inside a unit."""
    return {supplier: _word(brief) for supplier, brief in (await rating_sums.in_brief(principals, suppliers)).items()}


def _word(brief: Brief) -> Word:
    rated = _rated(brief.pooled.items())
    return Word(brief.vouching, rated.mean, rated.count) if rated else Word(brief.vouching)


async def rated(viewer: Viewer, suppliers: Collection[UUID]) -> Mapping[UUID, Rated]:
    """The mean of ``pooled`` of each of these that has one: what stands beside a name in search results."""
    if not suppliers:
        return {}
    async with database.read():
        pooled = await rating_sums.pooled(await visibility.principals(viewer), suppliers)
    return {supplier: rated for supplier, stars in pooled.items() if (rated := _rated(stars.items()))}


def _again(counted: Collection[Alike]) -> Again:
    heard = [one for one in counted if one.is_heard]
    would, would_not = (sum(one.count for one in heard if one.would_use_again is wanted) for wanted in (True, False))
    return Again(would, would_not)


def _rated(given: Iterable[tuple[int | None, int]]) -> Rated | None:
    """Of pairs of stars and how many gave these."""
    spread = _spread(given)
    count = sum(spread.values())
    return Rated(_mean(spread), count) if count >= FEWEST_POOLED else None


def _pooled(counted: Collection[Alike], judged: Judged) -> Pooled | None:
    pool = [one for one in counted if one.is_pooled]
    if (rated := _rated(_stars(pool))) is None:
        return None
    return Pooled(
        count=rated.count,
        mean=rated.mean,
        spread=_spread(_stars(pool)),
        since=min(one.since for one in pool),
        until=max(one.until for one in pool),
        has_ours=any(one.is_ours for one in pool),
        criteria=_by_criterion(judged),
        by_year=_by_year(pool),
    )


def _by_year(pool: Collection[Alike]) -> Mapping[int, YearOfRatings]:
    years = {
        year: _spread((one.rating, one.count) for one in pool if one.year == year) for year in sorted({one.year for one in pool})
    }
    return {
        year: YearOfRatings(n, _mean(spread)) for year, spread in years.items() if (n := sum(spread.values())) >= FEWEST_POOLED
    }


def _by_criterion(judged: Judged) -> tuple[CriterionMean, ...]:
    spreads = {one: _spread(stars.items()) for one, stars in judged.items()}
    return tuple(
        CriterionMean(one, n, _mean(spread), spread)
        for one, spread in spreads.items()
        if (n := sum(spread.values())) >= FEWEST_POOLED
    )


def _answered(given: Collection[tuple[extras.Said, int]]) -> tuple[Answered, ...]:
    """Of the questions that somebody answered, in the order of their table."""
    counted: Counter[tuple[str, str]] = Counter()
    for said, n in given:
        for answer in said.items():
            counted[answer] += n
    found = []
    for slug, question in extras.questions().items():
        if by := {code: n for code in question.answers if (n := counted[slug, code])}:
            found.append(Answered(question, sum(by.values()), by))
    return tuple(found)


def _stars(alike: Iterable[Alike]) -> Iterator[tuple[int | None, int]]:
    return ((one.rating, one.count) for one in alike)


def _spread(given: Iterable[tuple[int | None, int]]) -> Mapping[int, int]:
    """How many gave 1 to 5 stars, of pairs of stars and how many gave these."""
    spread = dict.fromkeys(range(1, 6), 0)
    for stars, number in given:
        if stars is not None:
            spread[stars] += number
    return spread


def _mean(spread: Mapping[int, int]) -> float:
    return sum(stars * count for stars, count in spread.items()) / sum(spread.values())

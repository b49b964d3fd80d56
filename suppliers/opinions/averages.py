"""Honest numbers: how many schools vouch, and a mean only of ratings that were given to everybody.

A mean of what happens to be visible would flatter, because criticism may stay private. A review with a declared interest
is shown but never counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any, Final
from uuid import UUID

from piccolo.query import WhereRaw
from piccolo.query.functions.aggregate import Count

from sharing.access import visibility
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import Principals
from suppliers.tables import Review

FEWEST_POOLED: Final = 3  # below this, a mean says more about one school than about the supplier


@dataclass(frozen=True, slots=True)
class Pooled:
    """The ratings that their schools share with every school."""

    count: int
    mean: float
    spread: Mapping[int, int]  # rating, 1 to 5 -> how many
    since: datetime
    until: datetime


def not_lapsed(principals: Principals) -> Any:
    return Review.lapses_at.is_null() | (Review.lapses_at > principals.now)


async def vouching(principals: Principals, where: Any) -> int:
    """How many schools among ``where`` would use the supplier again, as far as the viewer may see. Inside a unit."""
    vouches = where & Review.would_use_again.eq(True) & Review.interest.is_null()
    found: int = await Review.count().where(visibility.opens(principals, Review, Fields.RATING), vouches)
    return found


async def pooled(principals: Principals, supplier: UUID) -> Pooled | None:
    """None below FEWEST_POOLED ratings. Inside a unit."""
    where = (
        visibility.visible(principals, Review),
        _in_the_pool(principals),
        (Review.supplier == supplier) & Review.rating.is_not_null() & Review.interest.is_null(),
    )
    counts = await Review.select(Review.rating, Count(alias="n")).where(*where).group_by(Review.rating)
    spread = dict.fromkeys(range(1, 6), 0) | {row["rating"]: row["n"] for row in counts}
    count = sum(spread.values())
    if count < FEWEST_POOLED:
        return None
    newest_first = Review.select(Review.written_at).where(*where).order_by(Review.written_at, ascending=False)
    oldest_first = Review.select(Review.written_at).where(*where).order_by(Review.written_at)
    (until,), (since,) = [await query.limit(1).output(as_list=True) for query in (newest_first, oldest_first)]
    average = mean(rating for rating, n in spread.items() for _ in range(n))
    return Pooled(count, average, spread, since, until)


def _in_the_pool(principals: Principals) -> WhereRaw:
    return WhereRaw(
        "(SELECT 1 FROM sharing_audience_grant g WHERE g.audience = {} AND g.kind = {} AND g.fields & {} <> 0 AND {}"
        " LIMIT 1) IS NOT NULL",
        Review.audience,
        GrantKind.EVERYONE.value,
        Fields.RATING.value,
        visibility.live("g", principals.now),
    )

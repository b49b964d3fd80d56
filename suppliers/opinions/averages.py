"""Honest numbers: how many schools vouch, and a mean only of ratings that were given to everybody.

A mean of what happens to be visible would flatter, because criticism may stay private. A review with a declared interest
is shown but never counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from statistics import mean
from typing import Any, Final
from uuid import UUID

from piccolo.query import WhereRaw

from sharing.access import visibility
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import Principals
from suppliers.record import field_groups
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


def holds(principals: Principals, *, hides_criticism: bool) -> Any:
    """All but the vouches that the viewer sees to have lapsed, with nothing else said beside them that is open to the viewer.

    So what is hidden neither keeps a review there nor takes it away: neither a text beside a vouch, nor the vouch itself.
    """
    beside: list[tuple[Fields, Any]] = [
        (Fields.PRAISE, (Review.praise != "") | Review.interest.is_not_null()),
        (Fields.RATING, Review.interest.is_not_null()),
        (Fields.DATES, Review.used_from.is_not_null() | Review.used_until.is_not_null()),
    ]
    if not hides_criticism:
        beside.append((Fields.CRITICISM, Review.criticism != ""))
    says_more = (visibility.opens(principals, Review, field) & said for field, said in beside)
    sees_no_vouch = WhereRaw("NOT {}", visibility.opens(principals, Review, Fields.RATING).querystring)
    return reduce(or_, says_more, not_lapsed(principals) | sees_no_vouch)


def not_lapsed(principals: Principals) -> Any:
    return Review.lapses_at.is_null() | (Review.lapses_at > principals.now)


async def vouching(principals: Principals, where: Any) -> int:
    """How many schools among ``where`` would use the supplier again, as far as the viewer may see. Inside a unit."""
    vouches = where & Review.would_use_again.eq(True) & Review.interest.is_null() & not_lapsed(principals)
    found: int = await Review.count().where(visibility.opens(principals, Review, Fields.RATING), vouches)
    return found


async def pooled(principals: Principals, supplier: UUID) -> Pooled | None:
    """None below FEWEST_POOLED ratings. Inside a unit."""
    where = (
        (Review.supplier == supplier) & Review.rating.is_not_null() & Review.interest.is_null(),
        _in_the_pool(principals),
        visibility.visible(principals, Review),
    )
    rows = await Review.select(Review.rating, *field_groups.times(Review, ("rating",))).where(*where)
    if len(rows) < FEWEST_POOLED:
        return None
    ratings = [row["rating"] for row in rows]
    at = [field_groups.shown_at(row, ("rating",)) for row in rows]
    return Pooled(len(rows), mean(ratings), {rating: ratings.count(rating) for rating in range(1, 6)}, min(at), max(at))


def _in_the_pool(principals: Principals) -> WhereRaw:
    return WhereRaw(
        "(SELECT 1 FROM sharing_audience_grant g WHERE g.audience = {} AND g.kind = {} AND g.fields & {} <> 0 AND {}"
        " LIMIT 1) IS NOT NULL",
        Review.audience,
        GrantKind.EVERYONE.value,
        Fields.RATING.value,
        visibility.live("g", principals.now),
    )

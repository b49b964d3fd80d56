"""What the predicate says lets the database find one school's rows by their index, however many rows there are."""

from uuid import UUID

import pytest
from piccolo.query import WhereRaw
from piccolo.querystring import QueryString

import database
from base import clock
from base.viewer import Role
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals
from suppliers.tables import Review

pytestmark = pytest.mark.usefixtures("db")

# Unique where nothing is withdrawn: a condition that hides this from the database makes it read every school's reviews.
INDEX = "suppliers_one_current_review_a_school"


async def how(condition: WhereRaw) -> str:
    """The steps by which the reviews of two schools that meet the condition are found."""
    asked = Review.select(Review.id).where(condition, Review.school.is_in([UUID(int=1), UUID(int=2)]))
    if database.is_postgres():  # with few rows it would read them all, index or not
        await Review.raw("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN" if database.is_postgres() else "EXPLAIN QUERY PLAN"
    (query,) = asked.querystrings
    rows = await Review.raw(f"{explain} {{}}", QueryString("{}", query))
    return "\n".join(str(row.get("detail") or row.get("QUERY PLAN")) for row in rows)


@pytest.mark.parametrize("is_open", [True, False])
async def test_one_schools_reviews_are_found_by_their_index_and_not_by_reading_all(is_open: bool) -> None:
    nobody = Principals(UUID(int=3), None, None, Role.HEAD, clock.now(), is_open, None, {}, {}, ())
    conditions = (
        visibility.visible(nobody, Review),
        visibility.opens(nobody, Review, Fields.RATING),
        visibility.in_sight(Review),
    )
    async with database.read():
        for condition in conditions:
            assert INDEX in await how(condition)

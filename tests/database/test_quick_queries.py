"""The steps of Piccolo's that we take in its place come to the same."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from piccolo.columns.combination import Where
from piccolo.query.functions import Upper
from piccolo.querystring import QueryString, Unquoted

from base.viewer import Role
from database import quick_queries
from suppliers.tables import Review, Supplier

pytestmark = pytest.mark.pure

ID, NOW = UUID(int=1), datetime(2026, 11, 3, tzinfo=UTC)
INNER = QueryString("{} + {}", Review.rating, 1)
VALUES: list[Any] = [None, True, 0, "", "{}", ID, NOW, [ID], Role.HEAD, Unquoted("x"), Upper(Supplier.name), INNER]
COLUMNS: list[Any] = [Review.school, Review.school.as_alias("whose"), Review.supplier.join_on(Supplier.id).name]


@pytest.mark.parametrize("given", [(), (Review.school,), (INNER,), (*VALUES, *COLUMNS)])
def test_values_and_columns(given: tuple[Any, ...]) -> None:
    ours, theirs = (step(QueryString(""), given) for step in (quick_queries.process_args, quick_queries.PICCOLOS_ARGS))
    assert [str(one) for one in ours[0]] == [str(one) for one in theirs[0]]
    assert [column._meta.name for column in ours[1]] == [column._meta.name for column in theirs[1]]


CONDITIONS: list[Any] = [
    Review.school == ID,
    Review.school != ID,
    Review.rating > 3,
    Review.school.is_null(),
    Review.school.is_in([ID, UUID(int=2)]),
    Review.school.is_in(Review.select(Review.school)),
    Review.school.not_in(QueryString("SELECT {}", ID)),
    Review.school == Review.supplier,
    Supplier.name.like("%{}%"),
    Review.school.as_alias("whose") == ID,
    Review.supplier.join_on(Supplier.id).name == None,  # noqa: E711 - so a condition is written
]


@pytest.mark.parametrize("where", CONDITIONS)
def test_conditions(where: Where) -> None:
    theirs = quick_queries.PICCOLOS_WHERE.fget(where)  # type: ignore[attr-defined]
    assert quick_queries.querystring(where).compile_string() == theirs.compile_string()


def test_piccolo_takes_our_steps() -> None:
    assert QueryString.process_args is quick_queries.process_args
    assert Where.querystring.fget is quick_queries.querystring  # type: ignore[attr-defined]

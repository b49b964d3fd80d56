"""A query is put together into the same text and values as Piccolo puts it together."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piccolo.querystring import QueryString

from database.composing import compiled, flat, put_together, some_of
from suppliers.tables import Review

pytestmark = pytest.mark.pure

values = st.sampled_from([None, 0, True, 1.5, "", "a", "?", [1], UUID(int=1), datetime(2026, 11, 3, tzinfo=UTC)])
words = st.sampled_from(["", "a", " AND ", "'%", "$1", "?"])


def _of(parts: list[object], texts: list[str], *, ends: bool) -> QueryString:
    """``ends``: some text stands after the last value."""
    return QueryString("".join(f"{text}{{}}" for text, _ in zip(texts, parts, strict=True)) + (" end" if ends else ""), *parts)


@st.composite
def queries(draw: st.DrawFn, inner: st.SearchStrategy[object]) -> QueryString:
    parts = draw(st.lists(inner | values | st.just(Review.school), max_size=4))
    return _of(parts, [draw(words) for _ in parts], ends=draw(st.booleans()))


nested = st.recursive(queries(values), queries, max_leaves=12)


@given(query=nested, engine=st.sampled_from(["sqlite", "postgres"]))
def test_a_query_in_pieces_and_in_one(query: QueryString, engine: str) -> None:
    assert compiled(query, engine) == compiled(flat(query), engine) == query.compile_string(engine)


@given(query=nested)
def test_what_is_flat_can_stand_inside_another(query: QueryString) -> None:
    around = [QueryString("({} OR x = {})", inside, 7) for inside in (query, flat(query))]
    assert around[0].compile_string() == around[1].compile_string() == compiled(around[1], "postgres")


def test_a_query_of_tables_and_conditions() -> None:
    asked = Review.select(Review.id, Review.school.as_alias("whose")).where(
        (Review.rating > 3) | Review.school.is_in([UUID(int=1), UUID(int=2)])
    )
    (query,) = asked.querystrings
    assert compiled(query, "postgres") == query.compile_string("postgres")


def test_columns_and_a_condition_in_one_piece_find_the_same() -> None:
    condition = (Review.rating > 3) & Review.school.is_in([UUID(int=1), UUID(int=2)])
    asked = Review.select(Review.id, Review.school).where(condition)
    in_pieces, at_once = (
        asked.querystrings,
        Review.select(some_of(Review, "id", "school")).where(put_together(condition)).querystrings,
    )
    text, values = compiled(in_pieces[0], "postgres")
    assert compiled(at_once[0], "postgres") == (text, values)

"""The order of search results: monotone, doubtful of a single word, and never above what was asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.search.ranking import Word, score

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 1, tzinfo=UTC)

words = st.builds(
    Word,
    rating=st.none() | st.integers(1, 5),
    would_use_again=st.none() | st.booleans(),
    written_at=st.timedeltas(timedelta(), timedelta(days=4000)).map(lambda age: NOW - age),
    miles=st.none() | st.floats(0, 600),
)
lists = st.lists(words, max_size=12)
relevances = st.floats(0, 1)
reaches = st.none() | st.floats(1, 100)

FRESH = Word(rating=None, would_use_again=None, written_at=NOW, miles=0.0)
DELIGHTED = replace(FRESH, rating=5, would_use_again=True)


def of(said: list[Word], relevance: float = 1.0, reach: float | None = 10.0) -> float:
    return score(relevance, said, now=NOW, reach_miles=reach)


@given(lists, relevances, reaches)
def test_a_score_lies_between_nothing_and_the_relevance(said: list[Word], relevance: float, reach: float | None) -> None:
    assert 0 <= of(said, relevance, reach) <= relevance


@given(lists, relevances, relevances, reaches)
def test_fitting_better_never_ranks_lower(said: list[Word], a: float, b: float, reach: float | None) -> None:
    assert of(said, min(a, b), reach) <= of(said, max(a, b), reach)


@given(lists, words, reaches)
def test_one_more_delighted_school_never_ranks_lower(said: list[Word], word: Word, reach: float | None) -> None:
    happy = replace(word, rating=5, would_use_again=True)
    assert of([*said, happy], reach=reach) >= of(said, reach=reach) - 1e-12


@given(lists, words, reaches)
def test_one_more_unhappy_school_never_ranks_higher(said: list[Word], word: Word, reach: float | None) -> None:
    unhappy = replace(word, rating=1, would_use_again=False)
    assert of([*said, unhappy], reach=reach) <= of(said, reach=reach) + 1e-12


@given(lists, words, st.integers(1, 4))
def test_a_better_rating_never_ranks_lower(said: list[Word], word: Word, rating: int) -> None:
    worse, better = replace(word, rating=rating), replace(word, rating=rating + 1)
    assert of([*said, better]) >= of([*said, worse])


@given(st.lists(words, min_size=1, max_size=12), reaches)
def test_the_order_in_which_schools_are_read_does_not_matter(said: list[Word], reach: float | None) -> None:
    assert of(said, reach=reach) == pytest.approx(of(said[::-1], reach=reach))


def test_one_glowing_word_does_not_outrank_twenty_good_ones() -> None:
    good = [replace(FRESH, rating=4, would_use_again=True)] * 20
    assert of(good) > of([DELIGHTED])


def test_a_word_from_far_away_counts_less_where_distance_matters() -> None:
    far = replace(DELIGHTED, miles=30.0)
    assert of([far]) < of([DELIGHTED])
    assert of([far], reach=None) == of([DELIGHTED], reach=None)


def test_an_old_word_counts_half_after_two_years() -> None:
    old = replace(DELIGHTED, written_at=NOW - timedelta(days=730))
    assert of([old]) == pytest.approx((1 + 0.5 / 2.5) / 2)


def test_nothing_is_made_up_for_a_score_that_was_not_given() -> None:
    assert DELIGHTED.value == 1.0
    assert replace(FRESH, rating=4).value == 0.6
    assert replace(FRESH, would_use_again=False).value == -1.0
    assert replace(FRESH, rating=1, would_use_again=True).value == 0.0
    assert FRESH.value == 0.25


def test_a_supplier_that_nobody_speaks_of_stands_in_the_middle() -> None:
    assert of([]) == 0.5
    assert of([replace(FRESH, rating=2)]) < 0.5

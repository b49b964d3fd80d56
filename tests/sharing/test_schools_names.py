"""School names as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.schools.names import LONGEST_SEARCH_NAME, fold, likeness, search_name, word_parts

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("St. Mary's", "st marys"),
        ("Saint Mary\u2019s", "st marys"),
        ("ST MARY`S  ", "st marys"),
        ("All Saints", "all saints"),
        ("Castle CofE Primary", "castle ce primary"),
        ("Castle Church of England Primary", "castle ce primary"),
        ("Castle C of E Primary", "castle ce primary"),
        ("Our Lady's Roman Catholic", "our ladys rc"),
        ("Arts & Music", "arts and music"),
        ("École Prévert", "ecole prevert"),
        ("100%_sure", "100 sure"),
        ("", ""),
        ("\x00 '", ""),
    ],
)
def test_what_people_spell_in_several_ways_is_one_word(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(max_size=80))
def test_folded_words_hold_only_letters_and_digits_and_fold_to_themselves(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789 " for c in folded)
    assert fold(folded) == folded


@given(st.text(max_size=200), st.text(max_size=100), st.text(max_size=10))
def test_a_search_name_fits_its_column(name: str, town: str, postcode: str) -> None:
    assert len(search_name(name, town, postcode)) <= LONGEST_SEARCH_NAME


def test_a_misspelt_word_keeps_most_of_its_parts() -> None:
    assert word_parts("oak") == (" oa", "oak")
    assert word_parts("a") == (" a",)
    shared = set(word_parts("academy")) & set(word_parts("acadmy"))
    assert shared == {" ac", "aca", "cad"}


def test_likeness_asks_for_every_word_of_the_search() -> None:
    castle = search_name("Castle Primary School", "Westport", "ZZ1 1AA")
    assert likeness(("castle", "primary"), castle) == 100
    assert likeness(("castel", "primry"), castle) > 80
    assert likeness(("castle", "zzzzzz"), castle) < 70
    assert likeness((), castle) == 0


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=5), st.text("abcdefgh ", max_size=60))
def test_likeness_is_from_0_to_100_whatever_the_order(words: list[str], candidate: str) -> None:
    score = likeness(tuple(words), candidate)
    assert 0 <= score <= 100
    assert likeness(tuple(reversed(words)), candidate) == pytest.approx(score)

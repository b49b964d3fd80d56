import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.matching.rarity import overlap, vocabulary
from suppliers.matching.values import NOTHING, have_own_words
from suppliers.matching.word_pairs import aligned, each_surely_own, likeness

pytestmark = pytest.mark.pure

RARITY = vocabulary()

ALIKE = [
    ("hospital", "hospitals"),
    ("integrated", "intergrated"),
    ("accommodation", "accomodation"),
    ("maintenance", "maintainance"),
    ("restaurant", "resturant"),
    ("foundation", "foundat"),
    ("harrison", "harisson"),
    ("management", "mgmt"),
    ("consultants", "consulting"),
    ("accountancy", "accountants"),
    ("charities", "charitable"),
    ("health", "healthcare"),
    ("zhollybank", "hollybank"),
    ("place2be", "plaec2be"),
]
EQUAL = [("5", "five"), ("1st", "first")]
APART = [
    ("bedford", "bradford"),
    ("iceland", "ireland"),
    ("chapter", "charter"),
    ("contact", "contract"),
    ("gloucestershire", "leicestershire"),
    ("dsr", "dsm"),
    ("sunrise", "sunset"),
    ("12345", "12346"),
    ("carr", "clearwater"),
    ("star", "stationery"),
    ("boughton", "houghton"),
    ("studio70", "studio57"),
    ("area51", "area52"),
    ("hospital", "hospice"),
    ("southport", "southwark"),
    ("whitehall", "whitehaven"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_a_word_is_found_though_it_is_cut_off_inflected_abbreviated_or_misspelt(one: str, other: str) -> None:
    assert 0 < likeness(one, other, RARITY) == likeness(other, one, RARITY) < 1


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_a_numeral_is_its_word(one: str, other: str) -> None:
    assert likeness(one, other, RARITY) == likeness(other, one, RARITY) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_words_that_many_names_have_are_two_however_alike(one: str, other: str) -> None:
    assert likeness(one, other, RARITY) == likeness(other, one, RARITY) == 0


RUNS = [
    (["dehollybank"], ["de", "hollybank"], [("dehollybank", "de hollybank", 1.0)]),
    (["cvs"], ["community", "voluntary", "services"], [("cvs", "community voluntary services", 0.97)]),
    (["ha"], ["housing", "association"], [("ha", "housing association", 0.8)]),
    (["th"], ["taylored", "hollybank"], []),
    (["cvs", "hospital"], ["hospitals", "moor"], [("hospital", "hospitals", 0.95)]),
]


@pytest.mark.parametrize(("left", "right", "pairs"), RUNS)
def test_runs_of_words_answer_one_word(left: list[str], right: list[str], pairs: list[tuple[str, str, float]]) -> None:
    assert aligned(left, right, RARITY) == pairs
    assert aligned(right, left, RARITY) == [(b, a, like) for a, b, like in pairs]


words = st.lists(st.text(alphabet="abcd", min_size=1, max_size=5) | st.sampled_from(["ab", "hollybank"]), max_size=6, unique=True)


@given(words, words)
def test_each_word_answers_at_most_once_and_sides_swap(left: list[str], right: list[str]) -> None:
    left_over, right_over = [w for w in left if w not in right], [w for w in right if w not in left]
    there, back = aligned(left_over, right_over, RARITY), aligned(right_over, left_over, RARITY)
    assert sorted((b, a, like) for a, b, like in there) == sorted(back)
    for side, over in ((0, left_over), (1, right_over)):
        used = [word for pair in there for word in str(pair[side]).split()]
        assert len(used) == len(set(used))
        assert set(used) <= set(over)


written = st.lists(
    st.sampled_from(
        ["cool", "milk", "coolmilk", "cm", "cms", "uk", "services", "5", "five", "hollybank", "olybank", "ha", "a", "moor"]
    )
    | st.text(alphabet="abcd5", min_size=1, max_size=8),
    min_size=1,
    max_size=4,
).map(tuple)


@given(written, written)
def test_what_a_glance_at_letters_calls_own_words_is_left_over_by_the_full_comparison(
    left: tuple[str, ...], right: tuple[str, ...]
) -> None:
    assert each_surely_own(left, right) == each_surely_own(right, left)
    if each_surely_own(left, right):
        full = overlap(left, right, RARITY)
        assert all((full.only_left, full.only_right))


@given(written, written)
def test_that_each_has_words_of_its_own_is_seen_by_the_words_alone_as_by_the_full_comparison(
    left: tuple[str, ...], right: tuple[str, ...]
) -> None:
    full = overlap(left, right, RARITY)
    assert have_own_words(left, right, RARITY) == all(not NOTHING.issuperset(own) for own in (full.only_left, full.only_right))


@pytest.mark.parametrize(
    ("left", "right", "own"),
    [
        (["hollybank", "catering"], ["moor", "catering"], True),
        (["hollybank", "catering"], ["hollybank", "services"], True),
        (["hollybank", "catering"], ["hollybank"], False),
        (["cool", "milk", "leeds"], ["coolmilk", "york"], True),
        (["cool", "milk"], ["coolmilk", "york"], False),
    ],
)
def test_a_glance_tells_most_names_of_which_each_has_words_of_its_own(left: list[str], right: list[str], *, own: bool) -> None:
    assert each_surely_own(left, right) is own

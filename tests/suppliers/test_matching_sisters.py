import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.matching import dedupe
from suppliers.matching.distinct import DistinctListBuilder
from suppliers.matching.features import LIST_FEATURES, NAME_FEATURES
from suppliers.matching.identifiers import NO_IDENTIFIERS
from suppliers.matching.matching import candidate, log_odds, nearest, score, weights
from suppliers.matching.sisters import namesakes, one_kind, trade_apart, within
from suppliers.matching.values import (
    Pair,
    acronym,
    begin_alike,
    beginning,
    kind_differs,
    legal_same,
    odd_ordinary,
    only_ordinary,
    public_site,
)

pytestmark = pytest.mark.pure

WORDS = [
    "hollybank", "zephyr", "catering", "services", "ltd", "uk", "north", "west", "leeds", "school", "academy", "saint", "hospice",
    "nhs", "trust", "print", "4", "12", "cricket", "bowling",
]  # fmt: skip
names = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


def pair(left: str, right: str) -> Pair:
    return nearest(candidate(left), candidate(right))


@given(names, names)
def test_what_is_not_looked_at_for_a_pair_says_nothing_of_it(left: str, right: str) -> None:
    of_both = pair(left, right)
    over = sum(map(bool, of_both.odd))
    left_out = [feature for feature in (*NAME_FEATURES, *LIST_FEATURES) if over not in feature.over]
    assert not any(feature.value(of_both) for feature in left_out)
    whole = weights()["prior"] + math.fsum(weights()[feature.name] * feature.value(of_both) for feature in NAME_FEATURES)
    assert log_odds(of_both) == pytest.approx(whole)


NAMESAKES = [
    ("Age UK Leeds", "Age UK"),
    ("St Oswin's Hospice", "St Oswin's Hospice Association"),
    ("Homestart", "Homestart Wisbech and District"),
    ("Wisbech Citizens Advice Bureau", "Truro Citizens Advice Bureau"),
]


@pytest.mark.parametrize(("left", "right"), NAMESAKES)
def test_a_saint_or_a_federation_has_many_that_are_called_after_it(left: str, right: str) -> None:
    assert namesakes(pair(left, right)) == namesakes(pair(right, left)) == 1


def test_the_same_words_are_no_namesakes_nor_is_a_rare_name_with_more_words() -> None:
    assert not namesakes(pair("Age UK Leeds", "AGE UK LEEDS"))
    assert not namesakes(pair("Hollybank", "Hollybank Catering"))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Hazelmere Surgery", "Hazelmere Medical Practice"),
        ("Hazelmere Primary Academy", "Hazelmere Primary School"),
        ("Hazelmere Pre-School", "Hazelmere Nursery Ltd"),
    ],
)
def test_one_body_is_called_by_two_words_of_its_kind(left: str, right: str) -> None:
    assert one_kind(pair(left, right)) == 1
    assert not trade_apart(pair(left, right))


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("Zephyr Print Ltd", "Zephyr Mailing Ltd", True),
        ("Zephyr Services", "Zephyr Security", True),
        ("Zephyr Ltd", "Zephyr Software Ltd", True),
        ("Zephyr", "Zephyr Software", False),  # a shorter name of it
        ("Zephyr Group", "Zephyr Services", False),
    ],
)
def test_a_line_of_work_tells_two_firms_of_one_name_apart(left: str, right: str, told: bool) -> None:
    assert bool(trade_apart(pair(left, right))) is bool(trade_apart(pair(right, left))) is told


@pytest.mark.parametrize(
    ("left", "right", "worth"),
    [
        ("Zephyr Power Tool Centre", "Zephyr Tool Centre", 1.0),
        ("Zephyr Family Carers", "Zephyr Carers", 0.5),
        ("Leeds Hallam University", "Leeds University", 0.0),
        ("Zephyr North Carers", "Zephyr Carers", 0.0),
        ("Zephyr Carers Abroad", "Zephyr Carers", 0.0),
        ("Old Zephyr Carers", "Zephyr Carers", 0.0),
        ("Zephyr Carers", "Zephyr Carers", 0.0),
    ],
)
def test_what_stands_within_a_name_makes_a_longer_form_of_it(left: str, right: str, worth: float) -> None:
    assert within(pair(left, right)) == within(pair(right, left)) == worth


def test_in_a_list_what_stands_within_a_name_joins_nobody_by_itself() -> None:
    listed = DistinctListBuilder()
    for name in ("Zephyr Kestrel Carers", "Zephyr Kestrel Family Carers"):
        listed.add(name, NO_IDENTIFIERS)
    first, second = listed.listed().suppliers
    found = dedupe.compare(first, second)
    assert found.probability >= dedupe.THRESHOLD
    assert found.conflict == "a word within a name may make it another's"


def doubt(left: str, right: str) -> str:
    listed = DistinctListBuilder()
    listed.add(left, NO_IDENTIFIERS)
    listed.add(right, NO_IDENTIFIERS)
    first, second = listed.listed().suppliers
    return dedupe.compare(first, second).conflict


def test_in_a_list_ordinary_words_of_which_one_is_spelt_otherwise_join_nobody_but_for_a_slip() -> None:
    assert doubt("Partners in Care Ltd", "Partnerships in Care Ltd") == "a letter may make it another name"
    assert not doubt("Environmental Housing Association", "Environmental Housing Asssociation")


def test_bodies_of_two_sports_or_a_hospice_and_a_hospital_are_two() -> None:
    assert kind_differs(pair("Moor Village Bowling Club", "Moor Village Cricket Club"))
    assert kind_differs(pair("St Oswin's Hospital", "St Oswin's Hospice"))
    assert score(candidate("St Oswin's Hospital"), candidate("St Oswin's Hospice")).probability < 0.5


def test_a_compass_word_makes_another_public_body_and_a_form_no_sister() -> None:
    assert public_site(pair("NHS Moor Support Unit", "NHS Moor Support"))
    assert not public_site(pair("NHS Moor Support Unit", "NHS Moor West Support Unit"))
    assert legal_same(pair("Zephyr Ltd", "ZEPHYR LIMITED"))
    assert not legal_same(pair("Zephyr Ltd", "Zephyr Business Ltd"))
    assert not only_ordinary(pair("Lewisham NHS Trust", "Lewisham Healthcare NHS Trust"))


@pytest.mark.parametrize(
    ("left", "right", "begins"),
    [
        ("Zephyr", "Zephyr Print Ltd", True),
        ("Zephyr Ltd", "Zephyr Print Ltd", False),  # the register gave each its name
        ("Zephyr", "Print of Zephyr", False),
        ("Zephyr", "Zephyrs", False),  # another word, and too short to have been cut off
        ("Hazelmere Environmental Appr", "Hazelmere Environmental Apprentices", True),
        ("Wisbech", "Wisbech Pest Control", False),
        ("Zephyr Print", "Zephyr Print Ltd", False),
    ],
)
def test_a_longer_name_may_begin_with_the_shorter_but_no_sister_nor_place_does(left: str, right: str, begins: bool) -> None:
    assert bool(beginning(pair(left, right))) is bool(beginning(pair(right, left))) is begins


def test_three_letters_of_initials_tell_nothing_and_four_do() -> None:
    assert not acronym(pair("HZO", "Hazelmere Zephyr Orchards"))
    assert acronym(pair("HZOT", "Hazelmere Zephyr Orchards Trust")) == 0.5
    assert acronym(pair("HZOTL", "Hazelmere Zephyr Orchards Trust Leeds")) == 1


def test_ordinary_words_excuse_no_other_place() -> None:
    assert odd_ordinary(pair("Zephyr Group", "Zephyr Services"))
    assert not odd_ordinary(pair("Zephyr Group", "Zephyr Leeds"))


def test_a_name_of_one_word_begins_alike_only_with_itself() -> None:
    assert begin_alike(pair("Zephyr Ltd", "ZEPHYR"))
    assert not begin_alike(pair("Zephyr", "Zephyr Print"))


def test_two_trusts_of_one_town_stay_two() -> None:
    hospitals, community = candidate("Leeds Teaching Hospitals NHS Trust"), candidate("Leeds Community Healthcare NHS Trust")
    assert score(hospitals, community).probability < 0.5

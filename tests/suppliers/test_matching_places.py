"""Places, titles, trades and a list's own words are no unusual words."""

import csv
import gzip
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.matching.distinct import DistinctListBuilder
from suppliers.matching.identifiers import NO_IDENTIFIERS
from suppliers.matching.matching import ASK, MatchVerdict, candidate, score
from suppliers.matching.names import normalise
from suppliers.matching.public_bodies import places
from suppliers.matching.rarity import OF_ONE, joined, suppliers_with, vocabulary
from suppliers.matching.values import RARE

pytestmark = pytest.mark.pure

RARITY = vocabulary()


def towns() -> list[str]:
    with gzip.open(str(files("sharing.schools") / "data" / "schools.csv.gz"), "rt", encoding="utf-8") as table:
        return sorted({row["town"] for row in csv.DictReader(table)})


def probability(left: str, right: str) -> float:
    return score(candidate(left), candidate(right)).probability


def test_a_known_place_never_counts_as_unusual() -> None:
    assert [place for place in places() if RARITY(place) >= RARE] == []
    of_towns = {word for town in towns() for word in normalise(town).loose if word.isalpha() and len(word) > 2}
    assert {word for word in of_towns if RARITY(word) >= RARE} <= {"bont", "croes", "mn", "ynys", "penybont"}


@pytest.mark.parametrize("place", ["Wisbech", "Truro", "Spalding", "Oxfordshire", "Leeds", "Milton Keynes", "Chester le Street"])
def test_two_businesses_of_one_place_are_two(place: str) -> None:
    assert probability(f"{place} Youth Theatre", f"{place} Pest Control Ltd") < ASK


def test_no_place_makes_two_businesses_likely_one() -> None:
    assert [one for one in sorted(places())[::15] if probability(f"{one} Youth Theatre", f"{one} Pest Control Ltd") >= ASK] == []


@pytest.mark.parametrize("trade", ["Fostering", "Wraparound", "Phonics", "Legionella"])
def test_what_schools_buy_is_not_unusual_either(trade: str) -> None:
    assert probability(f"{trade} Fun Ltd", f"{trade} Training") < ASK


@pytest.mark.parametrize(
    ("raw", "loose"),
    [
        ("Mr A", ("a",)),
        ("Mr & Mrs A Jones", ("a", "jones")),
        ("Mrs.J.L.Wain", ("jl", "wain")),
        ("Rev. Dr J Moor", ("j", "moor")),
        ("The Sir Bobby Robson Foundation", ("bobby", "robson", "foundation")),
        ("Smith, Mrs J", ("smith", "j")),
        ("Ms J Smith", ("j", "smith")),
        ("MS Society", ("ms", "society")),
        ("M.R. Smith Ltd", ("mr", "smith")),
        ("Miss", ("miss",)),
        ("Mr Ltd", ("mr",)),
    ],
)
def test_titles_fall_away(raw: str, loose: tuple[str, ...]) -> None:
    assert normalise(raw).loose == loose


@pytest.mark.parametrize(
    ("left", "right"),
    [("Miss K Dovey", "Miss R Lunt"), ("Mr & Mrs A", "Mr & Mrs B"), ("Mr A", "Mr B"), ("Cllr Ash", "Cllr Moor")],
)
def test_two_people_with_a_title_are_two(left: str, right: str) -> None:
    assert probability(left, right) < ASK


def test_another_title_is_asked_about() -> None:
    match = score(candidate("Mrs Zephyr Hollybank"), candidate("Dr Zephyr Hollybank"))
    assert (match.verdict, match.doubt) == (MatchVerdict.ASK, "one has another title")


@pytest.mark.parametrize(
    ("left", "right"),
    [("Northern Cleaning Ltd", "Southern Cleaning Ltd"), ("Academy 360", "Academy 361"), ("North Moor Ltd", "South Moor Ltd")],
)
def test_compass_words_and_figures_tell_apart(left: str, right: str) -> None:
    assert probability(left, right) < ASK


def test_each_its_own_number_makes_two_less_likely_one_and_says_so() -> None:
    units, once = (score(candidate("Zephyr Unit 1"), candidate(f"Zephyr Unit{other}")) for other in (" 2", ""))
    assert units.probability < once.probability
    assert "each has its own: 1, 2" in {reason.words for reason in units.reasons}


def test_a_word_of_many_suppliers_in_a_list_is_not_unusual_there() -> None:
    trades = ["catering", "cleaning", "plumbing", "theatre", "taxis", "music", "books", "garage"]
    rarity = joined(RARITY, [("zephyr", trade) for trade in trades])
    assert rarity("zephyr") < 0.2 < RARE < RARITY("zephyr")


def test_many_spellings_of_one_supplier_make_none_of_its_words_common() -> None:
    taken = DistinctListBuilder()
    for more in ("", " Ltd", " (UK)", " Catering", " Catering Ltd", " Catering Services", " Caterers"):
        taken.add(f"Zephyr Hollybank{more}", NO_IDENTIFIERS)
    assert taken.listed().rarity("zephyr") == RARITY("zephyr")


words = st.sampled_from(["zephyr", "moor", "leeds", "catering", "services", "school"])


@given(st.lists(st.lists(words, max_size=4).map(tuple), max_size=30))
def test_suppliers_are_counted_by_the_rarest_word_beside(names: list[tuple[str, ...]]) -> None:
    naive = {}
    for word in {word for name in names for word in name}:
        having = [set(name) - {word} for name in names if word in name]
        beside = {min(others, key=lambda one: (-RARITY(one), one), default="") for others in having}
        if len(beside) > OF_ONE:
            naive[word] = len(beside) - OF_ONE
    assert suppliers_with(names, RARITY) == naive


def test_a_slip_of_a_common_word_is_that_word() -> None:
    assert probability("Enviromental Direct", "Environmental Direct") >= ASK
    assert probability("Zephyr Managment", "Zephyr Management") > probability("Zephyr Marketing", "Zephyr Management")

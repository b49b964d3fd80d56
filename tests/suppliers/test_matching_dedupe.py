"""A list's doubles are found as an all-pairs comparison finds them, and put together without joining strangers."""

import csv
import gzip
import random
from collections import defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers.matching import dedupe
from suppliers.matching.clusters import MOST_NAMES, DecidedPairs, PairScore, clusters, spelling
from suppliers.matching.dedupe import THRESHOLD, Compared, comparing
from suppliers.matching.distinct import DistinctListBuilder, NameDecision
from suppliers.matching.identifiers import NO_IDENTIFIERS, Identifiers
from suppliers.matching.keys import keys
from suppliers.matching.matching import ASK, SAME, Candidate, candidate, score
from tests.given.checkout import DATA
from tests.given.examples import examples

pytestmark = pytest.mark.pure

SAMPLE = DATA / "supplier_names_sample.csv.gz"  # real ledgers, with all their slips
Row = tuple[str, Identifiers]

NAMES = [
    "Hollybank Catering Ltd", "HOLLYBANK CATERING LIMITED", "Hollybank Catering", "Hollybank Catering LLP", "Holybank Catering",
    "Hollybank Catering (Leeds)", "Moor Foods", "Moor Foods t/a Hollybank Catering", "Sunrise Cleaning", "Cool Milk",
    "Coolmilk Ltd", "Yorkshire Purchasing Organisation", "YPO", "St Aidan's Primary School", "ST. AIDANS PRIMARY SCHOOL",
]  # fmt: skip
NUMBERS = [None, "01234567", "07654321"]
rows = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.builds(Identifiers, company_number=st.sampled_from(NUMBERS), postcode=st.sampled_from([None, "LS1 4AP"])),
    ),
    max_size=14,
)
decisions = st.lists(st.builds(NameDecision, st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans()), max_size=5)


def compared(given_rows: list[Row], said: list[NameDecision] | None = None, *, jobs: int = 1) -> Compared:
    taking = DistinctListBuilder(said or [])
    for raw, identifiers in given_rows:
        taking.add(raw, identifiers)
    listed = taking.listed()
    with comparing(listed, jobs=jobs) as (_, chunks):
        return dedupe.compared(listed, chunks)


def together(found: Compared, threshold: float = THRESHOLD) -> set[frozenset[int]]:
    """The rows of each cluster."""
    made = found.clusters(threshold)
    sets: dict[int, set[int]] = defaultdict(set)
    for row, place in enumerate(found.listed.at):
        sets[made.of[place]].add(row)
    return {frozenset(one) for one in sets.values()}


def named(*names: str) -> list[Row]:
    return [(name, NO_IDENTIFIERS) for name in names]


def real_names(count: int) -> list[str]:
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as table:
        return sorted({row["name"] for row in csv.DictReader(table)})[:count]


def test_spellings_of_one_name_are_one_cluster_at_once_and_another_name_is_another() -> None:
    found = compared(named("Cleaning Services Ltd", "CLEANING  SERVICES LIMITED", "Moor Foods"))
    assert together(found) == {frozenset({0, 1}), frozenset({2})}


def test_likely_doubles_come_together_and_doubtful_ones_wait_for_a_person() -> None:
    found = compared(named("Hollybank Catering Ltd", "Hollybank Catering", "Hollybank Catering (Leeds)"))
    assert together(found) == {frozenset({0, 1}), frozenset({2})}
    assert sum(score.probability >= ASK for score in found.pairs.values()) == 3


def test_a_name_that_may_be_either_of_two_companies_is_given_to_neither() -> None:
    found = compared(named("Hollybank Catering Ltd", "Hollybank Catering", "Hollybank Catering LLP"))
    assert together(found) == {frozenset({0}), frozenset({1}), frozenset({2})}


def test_initials_alone_join_nobody() -> None:
    found = compared(named("Yorkshire Purchasing Organisation", "YPO"))
    assert together(found) == {frozenset({0}), frozenset({1})}
    assert next(iter(found.pairs.values())).conflict == "one may only have the other's initials"


def test_other_company_numbers_keep_equal_names_apart_and_a_row_without_one_is_not_given_to_either() -> None:
    one, other = (Identifiers(company_number=number) for number in ("01234567", "07654321"))
    found = compared([("Moor Foods", one), ("Moor Foods", other), ("Moor Foods Ltd", other), ("Moor Foods", NO_IDENTIFIERS)])
    assert together(found) == {frozenset({0}), frozenset({1, 2}), frozenset({3})}


def test_a_row_without_a_number_joins_the_only_one_of_its_name() -> None:
    found = compared([("Moor Foods", Identifiers(company_number="01234567")), ("Moor Foods", NO_IDENTIFIERS)])
    assert together(found) == {frozenset({0, 1})}


def test_the_same_number_under_names_with_nothing_in_common_is_left_to_a_person() -> None:
    number = Identifiers(company_number="01234567")
    found = compared([("Sunrise Cleaning", number), ("Moor Foods", number)])
    assert together(found) == {frozenset({0}), frozenset({1})}
    assert next(iter(found.pairs.values())).conflict == "the names have little in common"


@given(rows)
@settings(max_examples=examples(60))
def test_a_pair_is_as_likely_as_when_it_says_why(given_rows: list[Row]) -> None:
    every = compared(given_rows).listed.suppliers
    for left, right in combinations(every, 2):
        assert dedupe.compare(left, right).probability == pytest.approx(score(left, right, in_list=True).probability)


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("Kestrel Print Ltd", "Kestrel Print Scaffolding", "a name with more words is mostly another's: scaffolding"),
        ("Kestrel Print", "Kestrel Scaffolding", "names with words of their own are mostly strangers'"),
    ],
)
def test_in_a_list_what_is_left_over_speaks_against_two_names_more_than_elsewhere(left: str, right: str, why: str) -> None:
    alone, in_list = score(candidate(left), candidate(right)), score(candidate(left), candidate(right), in_list=True)
    assert in_list.probability < alone.probability
    assert f"in a list, {why}" in {reason.words for reason in in_list.reasons} - {reason.words for reason in alone.reasons}
    number = Identifiers(company_number="01234567")
    one, other = (candidate(name, identifiers=number) for name in (left, right))
    assert score(one, other, in_list=True) == score(one, other)


def test_two_names_with_figures_of_their_own_are_two_in_a_list() -> None:
    (reasons,) = {score(candidate("Kestrel Inn 4711"), candidate("Kestrel Inn 815"), in_list=True).reasons}
    assert "each has its own figures" in {reason.words for reason in reasons}


@pytest.mark.parametrize(
    ("left", "right"), [("Kestrel Print", "Kestrel Print Ltd"), ("Sparkle Kestrel (UK) Ltd", "Sparkle Kestrel")]
)
def test_the_same_words_are_as_likely_one_in_a_list_as_elsewhere(left: str, right: str) -> None:
    assert score(candidate(left), candidate(right), in_list=True) == score(candidate(left), candidate(right))


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        ("Restek Ltd", "Rostek Ltd", 2),
        ("Hazelmere Solicitors", "Hazelmere Solictors", 1),
        ("Nuffield Health", "Nutfield Health", 2),
        ("Sparkle (UK) Ltd", "Sparkle Ltd", 1),
        ("Hazelmere Centre", "Hazelmere", 2),
        ("Hazelmere Kestrel Ltd", "Kestrel Hazelmere Ltd", 2),
        ("Hazelmere Kestrel Ltd", "Kestrel Hazelmere", 1),
    ],
)
def test_names_that_a_letter_or_a_word_tells_apart_wait_for_a_person_and_uk_is_no_word(left: str, right: str, apart: int) -> None:
    assert len(together(compared(named(left, right)))) == apart


def chain(length: int, near: float, far: float) -> tuple[list[Candidate], dict[tuple[int, int], PairScore]]:
    """Each is like its neighbours, and ``far`` like the others."""
    every = [candidate(f"Name{place}") for place in range(length)]
    return every, {(a, b): PairScore(near if b - a == 1 else far) for a, b in combinations(range(length), 2)}


def test_a_chain_of_likenesses_does_not_join_its_ends() -> None:
    every, scores = chain(3, near=0.95, far=0.2)
    made = clusters(every, scores.items(), score=lambda a, b: scores[a, b], threshold=0.9, decided=DecidedPairs())
    assert len(made.members) == 2


def test_no_more_names_than_a_person_can_look_over_come_together_by_themselves() -> None:
    every, scores = chain(MOST_NAMES + 5, near=0.99, far=0.99)
    made = clusters(every, scores.items(), score=lambda a, b: scores[a, b], threshold=0.9, decided=DecidedPairs())
    assert sorted(map(len, made.members.values())) == [5, MOST_NAMES]


def test_a_conflict_with_one_name_of_a_cluster_keeps_out_of_all_of_it() -> None:
    every, scores = chain(3, near=0.99, far=0.99)
    scores[0, 2] = PairScore(0.99, "the legal forms differ")
    made = clusters(every, scores.items(), score=lambda a, b: scores[a, b], threshold=0.9, decided=DecidedPairs())
    assert len(made.members) == 2


def test_what_a_person_said_holds_over_any_likeness() -> None:
    said = [
        NameDecision("YPO", "Yorkshire Purchasing Organisation", same=True),
        NameDecision("Cool Milk", "COOLMILK LTD", same=False),
    ]
    found = compared(named("Yorkshire Purchasing Organisation", "ypo", "Cool Milk", "Coolmilk Ltd"), said)
    assert together(found) == {frozenset({0, 1}), frozenset({2}), frozenset({3})}


def test_equal_spellings_may_be_told_apart_too() -> None:
    said = [NameDecision("Moor Foods Ltd", "MOOR FOODS LIMITED", same=False)]
    assert len(together(compared(named("Moor Foods Ltd", "MOOR FOODS LIMITED"), said))) == 2


def test_decisions_that_contradict_each_other_are_named_and_never_match_wins() -> None:
    said = [NameDecision("A1", "B1", same=True), NameDecision("B1", "C1", same=True), NameDecision("A1", "C1", same=False)]
    found = compared(named("A1", "B1", "C1"), said)
    made = found.clusters()
    assert [tuple(found.listed.suppliers[place].name.display for place in pair) for pair in made.refused] == [("B1", "C1")]
    assert len(made.members) == 2


@given(rows, decisions, st.randoms(use_true_random=False))
@settings(max_examples=examples(60))
def test_the_order_of_the_rows_changes_nothing(given_rows: list[Row], said: list[NameDecision], chance: random.Random) -> None:
    order = list(range(len(given_rows)))
    chance.shuffle(order)
    there, back = compared(given_rows, said), compared([given_rows[place] for place in order], said)
    assert {frozenset(order[row] for row in one) for one in together(back)} == together(there)
    right, again = (found.rightness(found.clusters()) for found in (there, back))
    assert [right[place] for place in there.listed.at] == [again[back.listed.at[order.index(row)]] for row in range(len(order))]


@given(rows, decisions)
@settings(max_examples=examples(60))
def test_no_cluster_holds_what_may_not_be_together(given_rows: list[Row], said: list[NameDecision]) -> None:
    found = compared(given_rows, said)
    made = found.clusters()
    for members in made.members.values():
        assert not {(a, b) for a in members for b in members} & found.listed.decided.different
        numbers = {found.listed.suppliers[place].identifiers.company_number for place in members} - {None}
        assert len(numbers) <= 1 or found.listed.decided.same
        assert len({spelling(found.listed.suppliers[place].name) for place in members}) <= MOST_NAMES
    assert all(0 <= one <= 1 for one in found.rightness(made))


def test_real_names_give_the_pairs_that_comparing_all_with_all_gives() -> None:
    found = compared(named(*real_names(250)))
    every = found.listed.suppliers
    for left, right in combinations(range(len(every)), 2):
        score = dedupe.compare(every[left], every[right], found.listed.rarity)
        if score.probability >= ASK and keys(every[left].name) & keys(every[right].name):
            assert found.pairs[left, right] == score


def test_a_long_list_gives_the_same_on_one_processor_and_on_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dedupe, "CHUNK", 100)
    monkeypatch.setattr("suppliers.matching.pairs.SMALL", 0)  # as in a long list
    names = named(*real_names(1_000))
    one, several = compared(names), compared(names, jobs=2)
    assert one.pairs == several.pairs
    assert together(one) == together(several)


def test_a_long_list_loses_no_pair_that_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    names = named(*real_names(1_000))
    thorough = compared(names)
    monkeypatch.setattr("suppliers.matching.pairs.SMALL", 0)
    sure = {pair for pair, score in thorough.pairs.items() if score.probability >= SAME and not score.conflict}
    assert len(sure) > 5
    assert sure <= compared(names).pairs.keys()


def test_a_long_list_asks_about_no_two_names_of_which_each_has_words_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names = named("Gough Kestrel Security Ltd", "Gough Kestrel Services", "Gough Kestrel Services Ltd")
    assert len(compared(names).pairs) == 3
    monkeypatch.setattr("suppliers.matching.pairs.SMALL", 0)
    assert len(compared(names).pairs) == 1


def test_how_right_a_row_is_in_its_cluster_is_its_mean_likeness_to_the_other_names() -> None:
    found = compared(named("Hollybank Catering Ltd", "Hollybank Catering", "Moor Foods Ltd", "HOLLYBANK CATERING LTD"))
    right = found.rightness(found.clusters())
    first, second, alone, again = (right[place] for place in found.listed.at)
    listed = found.listed
    score = found.score(listed.at[0], listed.at[1]).probability
    same = dedupe.compare(listed.suppliers[listed.at[0]], listed.suppliers[listed.at[0]]).probability
    assert first == again == pytest.approx((score + same) / 2)
    assert second == pytest.approx(score)
    assert alone == 1.0


def test_a_row_alone_is_as_right_as_the_likeliest_other_is_unlikely() -> None:
    found = compared(named("Yorkshire Purchasing Organisation", "YPO"))
    (score,) = found.pairs.values()
    assert found.rightness(found.clusters()) == [pytest.approx(1 - score.probability)] * 2

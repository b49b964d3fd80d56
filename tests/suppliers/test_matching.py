import math
from itertools import pairwise, permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suppliers.matching.features import FEATURES, LIST_FEATURES
from suppliers.matching.identifiers import NO_IDENTIFIERS, Identifiers, Scheme
from suppliers.matching.keys import apart, keys, signatures, ways_from_afar, ways_to
from suppliers.matching.matching import ASK, SAME, Candidate, MatchVerdict, best, candidate, logistic, score, weights
from suppliers.matching.names import normalise
from suppliers.matching.rarity import overlap, vocabulary

pytestmark = pytest.mark.pure

RARITY = vocabulary()  # read here once, so that no timed example has to

WORDS = [
    "hollybank", "catering", "services", "ltd", "moor", "foods", "cleaning", "the", "leeds", "north", "school", "llp", "t/a", "4",
    "harrison", "harisson", "roofing", "hbc", "via", "and",
]  # fmt: skip
names = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text(max_size=40)
numbers = st.sampled_from([None, "01234567", "07654321"])
suppliers = st.builds(
    candidate,
    names,
    others=st.lists(names, max_size=2),
    identifiers=st.builds(
        Identifiers, company_number=numbers, domain=st.sampled_from([None, "hollybank.example", "moor.example"])
    ),
)


@given(suppliers, suppliers)
def test_the_reasons_add_up_to_the_probability(left: Candidate, right: Candidate) -> None:
    match = score(left, right)
    assert match.probability == pytest.approx(logistic(math.fsum(reason.log_odds for reason in match.reasons)))
    assert all(reason.words and reason.log_odds for reason in match.reasons)


@given(suppliers, suppliers)
@example(candidate("hollybank harisson"), candidate("harrison"))
def test_the_two_sides_are_alike(left: Candidate, right: Candidate) -> None:
    there, back = score(left, right), score(right, left)
    assert there.probability == pytest.approx(back.probability)
    assert (there.verdict, there.doubt, there.settled_by) == (back.verdict, back.doubt, back.settled_by)
    assert sorted(reason.words for reason in there.reasons) == sorted(reason.words for reason in back.reasons)


@given(suppliers, suppliers)
def test_a_verdict_is_never_bolder_than_the_probability(left: Candidate, right: Candidate) -> None:
    match = score(left, right)
    boldest = (
        MatchVerdict.SAME
        if match.probability >= SAME
        else MatchVerdict.ASK
        if match.probability >= ASK
        else MatchVerdict.DIFFERENT
    )
    assert match.verdict in {boldest, MatchVerdict.ASK if boldest is MatchVerdict.SAME else boldest}
    assert bool(match.doubt) == (match.verdict is not boldest)


@given(names.filter(lambda raw: bool(normalise(raw).loose)))
def test_a_supplier_is_like_itself(raw: str) -> None:
    assert score(candidate(raw), candidate(raw)).probability > 0.9


@given(suppliers, suppliers)
def test_different_register_numbers_are_never_called_the_same(left: Candidate, right: Candidate) -> None:
    numbers = {left.identifiers.company_number, right.identifiers.company_number}
    if None not in numbers and len(numbers) == 2:
        assert score(left, right).verdict is not MatchVerdict.SAME


SAME_PAIRS = [
    ("5 Zephyrs Catering", "Five Zephyrs Catering Ltd"),
    ("Hollybank Zephyr Supplies Ltd", "HOLLYBANK ZEPHYR SUPPLY"),
    ("CoolMilk Ltd", "Cool Milk"),
    ("Hollybank Catering Ltd", "HOLLYBANK CATERING LIMITED"),
    ("Moor Foods Ltd T/A Hollybank Catering", "Hollybank Catering"),
    ("Smith & Sons (Builders) Ltd", "Smith and Sons Builders Limited"),  # a register gives that name to one company
    ("London Borough of Wisbech", "WISBECH COUNCIL BUSINESS RATES"),
    ("City of Wisbech", "Wisbech Metropolitan Borough Council"),
    ("University of Hollybank", "Hollybank University Finance Dept"),
    ("HOLLYBANK HOSP NHS FDN TRUST", "Hollybank Hospitals NHS"),
    ("Hollybank Zephyr Society (HZS)", "Hollybank Zephyr Society"),
    ("Hollybank Zephyr Primary School", "HOLLYBANK ZEPHYR PRIMARY SCHL THE"),
    ("Wisbech Hollybank Primary School", "The Wisbech Hollybank Primary School"),
    ("Hollybank Zephyr Environmental Appr", "Hollybank Zephyr Environmental Apprentices"),  # a column of 35 letters
    ("Hollybank Zephyr Mangement", "Hollybank Zephyr Management"),
    ("Hollybank Zephyr Dept of Clmate Change", "Hollybank Zephyr Dept of Climate Change"),
    ("Hollybank Zephyrs Recruitm", "Hollybank Zephyrs Recruitment"),  # 26: no column has them
    ("Leeds NHS Foundation Trust", "Leeds Hospital NHS FT"),
    ("NHS Wisbech CCG", "Wisbech Clinical Commissioning Group"),
    ("Central & NW London NHS Trust", "Central and North West London Foundation Trust"),
    ("Hollybank Zephyr CE VC Primary School", "Hollybank Zephyr CE Primary School"),
]
ASK_PAIRS = [
    ("Hollybank Zephyr Ltd", "Hollybank Zephyr Systems Ltd"),
    ("Hollybank Zephyr Ltd", "Hollybank Zephyr II Ltd"),
    ("Hollybank Zephyr Ltd", "Hollybank Zephir Ltd"),
    ("Hollybank Zephyr AG", "Hollybank Zephyr GmbH"),
    ("Hollybank Catering Services Ltd", "Catering Services (Hollybank) Ltd"),
    ("Harrison Catering Services", "Harisson Catering Svcs"),
    ("Yorkshire Purchasing Organisation", "YPO"),
    ("Hollybank Catering Ltd", "Hollybank Catering LLP"),
    ("Hollybank Catering", "Hollybank Catering (Leeds)"),
    ("Hollybank North Catering", "Hollybank South Catering"),
    ("Hollybank Area 2 Catering", "Hollybank Area 3 Catering"),
    ("Hollybank Primary School", "Hollybank Primary School"),
    ("Skipton Finance re Hollybank Geophysics", "Hollybank Geophysics Ltd"),
    ("Hollybank Geophysics Ltd via Moor Procurement", "Hollybank Geophysics Ltd"),
    ("Cleaning Services", "Cleaning Services Ltd"),
    ("Smith & Sons (Builders)", "Smith and Sons Builders Limited"),
    ("St Mary's Hollybank Primary School", "St Marys Hollybank Primary School"),
    ("Hollybank Zephyr Primary School", "Hollybank Zephyr Junior School"),
    ("Moor Borough Council", "Moor County Council"),
    ("Hollybank Care Trust", "Hollybank Care NHS Foundation Trust"),
    ("Hollybank Zephyr Ltd via Moor Borough Council", "Hollybank Zephyr Ltd"),
    ("Hollybank Zephyrs Environmental Appr", "Hollybank Zephyrs Environmental Apprentices"),  # 36: no column has them
    ("WCD", "Wisbech City District Council"),
]
DIFFERENT_PAIRS = [
    ("Sunrise Cleaning Ltd", "Sunset Cleaning Ltd"),
    ("DSR Demolition Limited", "DSM Demolition Ltd"),
    ("Derby Teaching Supplies", "Bradford Teaching Supplies"),
    ("Wilkes Cleaning Services Ltd", "Parsons Cleaning Services Ltd"),
    ("", "Hollybank Catering"),
    ("", ""),
]


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [(*pair, MatchVerdict.SAME) for pair in SAME_PAIRS]
    + [(*pair, MatchVerdict.ASK) for pair in ASK_PAIRS]
    + [(*pair, MatchVerdict.DIFFERENT) for pair in DIFFERENT_PAIRS],
)
def test_names_that_people_meet(left: str, right: str, verdict: MatchVerdict) -> None:
    assert score(candidate(left), candidate(right)).verdict is verdict


def test_an_equal_company_number_settles_what_the_names_only_suggest() -> None:
    number = Identifiers(company_number="01234567")
    match = score(candidate("Harrison Catering", identifiers=number), candidate("Harisson Catering", identifiers=number))
    assert (match.verdict, match.settled_by) == (MatchVerdict.SAME, "the same company number")


def test_an_equal_company_number_under_unlike_names_is_asked_about() -> None:
    number = Identifiers(company_number="01234567")
    match = score(candidate("Sunrise Cleaning", identifiers=number), candidate("Moor Foods", identifiers=number))
    assert (match.verdict, match.doubt) == (MatchVerdict.ASK, "the names have little in common")


def test_different_charity_numbers_veto_however_much_else_agrees() -> None:
    left = Identifiers(charity_number="1234567", domain="hollybank.example", phone="+441134960000", postcode="LS1 4AP")
    right = Identifiers(charity_number="1234568", domain="hollybank.example", phone="+441134960000", postcode="LS1 4AP")
    match = score(candidate("Hollybank Trust", identifiers=left), candidate("Hollybank Trust", identifiers=right))
    assert (match.verdict, match.doubt) == (MatchVerdict.ASK, "the charity numbers differ")


@pytest.mark.parametrize("scheme", Scheme)
def test_each_equal_identifier_makes_a_pair_likelier_and_says_so(scheme: Scheme) -> None:
    equal = Identifiers(**{scheme.value: "x"})
    plain = score(candidate("Moor Foods"), candidate("Moor Food"))
    helped = score(candidate("Moor Foods", identifiers=equal), candidate("Moor Food", identifiers=equal))
    assert helped.probability > plain.probability
    assert any(reason.words.startswith("the same") for reason in helped.reasons)


def test_a_likely_double_of_another_likely_double_is_asked_about() -> None:
    query = candidate("Hollybank Catering")
    alone = best(query, [candidate("Hollybank Catering Ltd", ref="1"), candidate("Moor Foods", ref="2")])
    rivalled = best(query, [candidate("Hollybank Catering Ltd", ref="1"), candidate("Hollybank Catering", ref="2")])
    assert [match.verdict for match in alone] == [MatchVerdict.SAME, MatchVerdict.DIFFERENT]
    assert [match.doubt for match in rivalled] == ["another supplier is as likely"] * 2


def test_the_order_of_candidates_does_not_matter() -> None:
    others = [
        candidate(raw, ref=str(i))
        for i, raw in enumerate(["Hollybank Catering", "Hollybank Cleaning", "Hollybank", "Holybank Catering"])
    ]
    answers = {best(candidate("Hollybank Catering Ltd"), order) for order in permutations(others)}
    assert len(answers) == 1


def test_a_long_list_is_cut_without_losing_the_double() -> None:
    number = Identifiers(company_number="01234567")
    crowd = [candidate(f"{word} Purchasing Services") for word in vocabulary_words(300)]
    wanted = [
        candidate("YPO", ref="initials"),
        candidate("Moor Foods", identifiers=number, ref="number"),
        candidate("Yorkshire Purchasin", ref="typo"),
    ]
    found = best(candidate("Yorkshire Purchasing Organisation", identifiers=number), [*crowd, *wanted], limit=50)
    assert {match.other.ref for match in found} >= {"initials", "number", "typo"}
    assert [a.probability >= b.probability for a, b in pairwise(found)].count(False) == 0


def vocabulary_words(count: int) -> list[str]:
    return [f"{a}{b}{c}" for a in "bcdfghjk" for b in "aeiou" for c in "lmnprstv"][:count]


def test_keys_file_a_supplier_under_words_neighbours_initials_whole_names_and_numbers() -> None:
    name = normalise("Cool Milk Supplies Ltd T/A Moor Foods")
    found = keys(name, Identifiers(company_number="01234567"))
    assert found == {
        "cool",
        "milk",
        "supplies",
        "coolmilk",
        "milksupplies",
        "^cms",
        "moor",
        "foods",
        "moorfoods",
        "^moor",
        "=coolmilksupplies",
        "=moorfoods",
        "company_number:01234567",
    }


@pytest.mark.parametrize(
    ("left", "right"), [("Cool Milk", "Coolmilk Ltd"), ("YPO", "Yorkshire Purchasing Organisation"), ("Eon UK", "E.ON")]
)
def test_doubles_share_a_key(left: str, right: str) -> None:
    assert keys(normalise(left)) & keys(normalise(right))


@given(st.text(alphabet="abcde", min_size=5, max_size=9), st.data())
def test_a_slip_of_one_letter_leaves_a_signature_in_common(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdef"))
    kind = data.draw(st.sampled_from(["left out", "put in", "mistaken", "swapped"]))
    slips = {
        "left out": word[:place] + word[place + 1 :],
        "put in": word[:place] + letter + word[place:],
        "mistaken": word[:place] + letter + word[place + 1 :],
        "swapped": word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    }
    assert signatures(word) & signatures(slips[kind])


@given(st.text(alphabet="abcde", min_size=8, max_size=12), st.data())
def test_a_word_with_two_slips_of_a_kind_is_led_to_from_afar(word: str, data: st.DataObject) -> None:
    first, second = sorted(data.draw(st.lists(st.integers(0, len(word) - 1), min_size=2, max_size=2, unique=True)))
    letters = data.draw(st.text(alphabet="abcdef", min_size=2, max_size=2))
    left_out = word[:first] + word[first + 1 : second] + word[second + 1 :]
    put_in = word[:first] + letters[0] + word[first:second] + letters[1] + word[second:]
    for typed in (left_out, put_in):
        assert ways_from_afar(typed) & ways_to(word)


def test_two_words_written_as_one_come_apart_where_one_is_known() -> None:
    def rarity(word: str) -> float:
        return 0.3 if word in ("people", "house", "tudor") else 1.0

    assert apart("spectumpeople", rarity) == ("spectum", "people")
    assert "tudor" in apart("tudorihouse", rarity) or "house" in apart("tudorihouse", rarity)
    assert apart("zephyrquixote", rarity) == apart("people", rarity) == ()


def test_short_words_and_codes_have_no_signatures() -> None:
    assert signatures("ypo") == signatures("2024") == signatures("ab1234") == frozenset()
    assert signatures("place2be") & signatures("plac2be")


def test_every_feature_has_a_weight_of_the_sign_it_speaks_for() -> None:
    given_weights = weights()
    every = FEATURES + LIST_FEATURES
    assert set(given_weights) == {"prior", *(feature.name for feature in every)}
    assert all(given_weights[feature.name] * (1 if feature.speaks_for else -1) >= 0 for feature in every)


def test_a_word_is_rarer_the_fewer_names_have_it() -> None:
    assert 0 <= RARITY("services") < RARITY("catering") < RARITY("sunrise") < RARITY("zzyzx") == 1.0


def test_a_directory_can_bring_its_own_rarity() -> None:
    flat = score(candidate("Hollybank Catering"), candidate("Hollybank Cleaning"), rarity=lambda _: 0.5)
    assert flat.probability < score(candidate("Hollybank Catering"), candidate("Hollybank Cleaning")).probability


loose = st.lists(st.sampled_from([*WORDS, "hollybanck", "purchasing", "hcs"]), max_size=6).map(tuple)


@given(loose, loose)
def test_an_overlap_swaps_its_sides_and_accounts_for_every_word(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    there, back = overlap(left, right, RARITY), overlap(right, left, RARITY)
    assert (there.only_left, there.only_right, there.cover_left, there.rarest) == (
        back.only_right,
        back.only_left,
        back.cover_right,
        back.rarest,
    )
    answered = {word for words, _, _ in there.shared for word in words.split()}
    assert answered | set(there.only_left) == set(left)
    assert not answered & set(there.only_left)


def test_no_identifier_is_no_reason() -> None:
    match = score(
        candidate("Moor Foods", identifiers=NO_IDENTIFIERS),
        candidate("Moor Foods", identifiers=Identifiers(phone="+441134960000")),
    )
    assert not any("phone" in reason.words for reason in match.reasons)

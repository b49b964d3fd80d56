import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.record import headings, need_words
from suppliers.record.taxonomy import Category, Reach, by_slug, categories, find, meant, not_understood
from tests.given.checkout import DATA

pytestmark = pytest.mark.pure

# Titles of frameworks and categories in the department's buying service: DFE-Digital/buy-for-your-school, config/solutions.yml
# (489741f), config/support/categories.yml (16d43ba) and config/request_for_help/categories.yml (2c99a2c); MIT. Ours is the slug.
TITLES = DATA / "official_titles.csv"
AS_IN_A_SEARCH = DATA / "needs_as_typed.csv"  # made up by somebody who had not seen our words; nothing: no need at all
WRITTEN_AFTER = (
    DATA / "needs_unseen.csv"
)  # the same, written when the words were done, to judge them by: no word was added for it
MOST_WRONG = 0.05

AS_TYPED = [
    ("grounds maintance", "grounds-maintenance"),
    ("grass cutting", "grounds-maintenance"),
    ("caterring", "catering"),
    ("school dinners", "catering"),
    ("photocopyer", "photocopiers"),
    ("photocop", "photocopiers"),
    ("legionela", "legionella"),
    ("supply techers", "supply-teachers"),
    ("boiler service", "heating"),
    ("it support", "ict-support"),
    ("someone to fix our leaking roof", "roofing"),
    ("roofing leeds", "roofing"),
    ("PAT testing", "pat-testing"),
    ("speach therapy", "speech-therapy"),
    ("insurence", "insurance"),
    ("electrican", "electrical"),
    ("pest controll", "pest-control"),
    ("MIS", "mis-software"),
    ("web site", "web-sites"),
    ("H&S", "health-and-safety"),
]


@pytest.mark.parametrize(("typed", "slug"), AS_TYPED)
def test_what_schools_type_puts_the_right_category_first(typed: str, slug: str) -> None:
    assert find(typed)[0].category.slug == slug


@pytest.mark.parametrize("table", [TITLES, AS_IN_A_SEARCH, WRITTEN_AFTER], ids=lambda table: table.stem)
def test_of_many_needs_nearly_all_lead_to_what_they_are_about(table: Path) -> None:
    """What is wrong may be right elsewhere: wi-fi is a line or the cables, shredding is waste or records."""
    with table.open(encoding="utf-8") as opened:
        rows = list(csv.reader(opened))[1:]
    found = {typed: {hit.category.slug for hit in find(typed, 1)} or {""} for typed, _ in rows}
    wrong = [(typed, found[typed]) for typed, slugs in rows if not found[typed] & set(slugs.split("|"))]
    assert len(wrong) <= MOST_WRONG * len(rows), wrong


@pytest.mark.parametrize(("typed", "slug"), [
    ("tank cleaning", "legionella"), ("cleaning", "cleaning"), ("salt for paths", "winter-gritting"), ("SALT", "speech-therapy"),
    ("guitar teacher", "music-tuition"), ("interpreter for parents evening", "interpreting"),
    ("suply teechers", "supply-teachers"), ("water coolers staffroom", "vending"), ("tea towels and aprons washed", "laundry"),
])  # fmt: skip
def test_a_need_is_fitted_as_a_whole_and_not_word_by_word(typed: str, slug: str) -> None:
    assert find(typed)[0].category.slug == slug


@pytest.mark.parametrize(("typed", "slug"), [
    ("P.E. equipment", "sports-equipment"), ("wi-fi", "broadband"), ("web site", "web-sites"),
    ("afterschool club", "wraparound-care"),
    ("e-books", "books"), ("lifts", "lifts"), ("lift", "lifts"), ("painter", "decorating"), ("bin", "waste"),
    ("lap tops", "ict-equipment"), ("key boards", "ict-equipment"), ("tree swing", "playground-equipment"),
    ("Cat-6 cabling", "network-equipment"), ("e-mail", "software-licences"), ("e-mails home", "parent-communication"),
])  # fmt: skip
def test_a_word_is_known_in_its_other_forms_dotted_and_clipped(typed: str, slug: str) -> None:
    assert find(typed)[0].category.slug == slug


@pytest.mark.parametrize(("typed", "slug"), [
    ("slates came off in the storm", "roofing"), ("gate wont shut", "fencing"), ("rats seen after lunch", "pest-control"),
    ("walk in freezer not working", "kitchen-equipment"), ("minibus broke down", "vehicle-maintenance"),
    ("roof needs doing as it leaks", "roofing"), ("a leak when it rains and the roof is old", "roofing"),
    ("somewhere to leave bikes", "canopies"), ("coffee machine in the staffroom", "vending"),
])  # fmt: skip
def test_an_ordinary_word_is_no_misspelt_or_unfinished_one(typed: str, slug: str) -> None:
    """As "came" were a camera, "shut" a shutter, "broke" a broker, "it" a computer."""
    assert find(typed)[0].category.slug == slug


@pytest.mark.parametrize(("typed", "slug"), [("lift broken down", "lifts"), ("hall too hot", "air-conditioning")])
def test_an_ordinary_word_of_a_need_tells_as_much_as_is_typed_of_the_need(typed: str, slug: str) -> None:
    """ "broken down" is also said of a minibus."""
    assert find(typed)[0].category.slug == slug


def test_a_short_word_with_one_other_letter_is_another_word() -> None:
    known = need_words.known_words(["tiler", "boiler", "rails", "paving"])
    assert [known.like(word) for word in ("timer", "rains", "paying")] == [{}, {}, {}]
    assert [set(known.like(word)) for word in ("boilar", "boilr", "bioler", "boile")] == [{"boiler"}] * 4
    assert need_words.known_words(["painting"]).like("pain") == {}


def test_what_is_called_exactly_so_comes_before_a_name_and_a_word_of_a_need() -> None:
    assert find("absence insurance")[0].category.slug == "occupational-health"
    assert [hit.category.slug for hit in find("insurance", 1)] == ["insurance"]


@pytest.mark.parametrize("typed", ["parents", "the children", "new work", "management", "x", "5", "C", "hello is anyone there",
    "Northgate Holdings", "hi everyone", "Barry", "Mary and Maria", "Leeds", "Dr Osgood", "PO 10032"])  # fmt: skip
def test_an_ordinary_word_or_a_letter_alone_proves_nothing(typed: str) -> None:
    assert find(typed) == ()


@pytest.mark.parametrize(("typed", "slug"), [
    ("Provision of Catering Services to St Brendan's Catholic Primary School", "catering"),
    ("The Limes Multi Academy Trust: Payroll Provision", "payroll"),
    ("Wyvern Green Junior School ICT support tender 2026", "ict-support"),
    ("Horizon Academy Trust Supply Agency Services", "supply-teachers"), ("Training for apprentices", "apprenticeships"),
    ("catering contract due for renewal", "catering"), ("Catering Tender", "catering"),
    ("help with our catering tender", "procurement"), ("Alternative Provision at Key Stage 3", "alternative-provision"),
    ("Boiler replacement (CIF) - Fennock Infants", "heating"), ("cloud-based payroll", "payroll"),
    ("photocopier renewal", "photocopiers"),
    ("awning for infants", "canopies"), ("salt for paths", "winter-gritting"), ("forest school", "alternative-provision"),
    ("hot water cylinder", "heating"),
    ("tender writing", "procurement"), ("storage services", "removals"), ("new windows", "windows-and-doors"),
])  # fmt: skip
def test_what_is_said_besides_a_need_does_not_hide_it(typed: str, slug: str) -> None:
    assert find(typed)[0].category.slug == slug


@pytest.mark.parametrize("title", ["{} for Tarnwick Church of England Primary School", "Hobsworth College - {} tender 2026"])
def test_each_need_is_found_in_a_title_with_a_schools_name(title: str) -> None:
    lost = [one.slug for one in categories() if [hit.category for hit in find(title.format(one.name), 1)] != [one]]
    assert len(lost) <= 0.03 * len(categories()), lost


def test_the_official_title_of_a_heading_leads_to_what_stands_under_it() -> None:
    assert [title for title, slugs in headings.named() if find(title)[0].category.slug not in slugs] == []


@pytest.mark.parametrize(("typed", "slug"), [
    ("loo roll", "cleaning-supplies"), ("lavatory blocked", "plumbing"), ("soccer pitch", "sports-surfaces"),
    ("bicycle racks", "canopies"),
    ("trash collection", "waste"), ("settee for the staff room", "furniture"), ("mathematics tutor", "tutoring"),
    ("fixing the toilets", "plumbing"), ("rads cold", "heating"), ("leccy bill too high", "energy"),
])  # fmt: skip
def test_another_word_for_the_same_thing_is_understood(typed: str, slug: str) -> None:
    assert find(typed)[0].category.slug == slug


@pytest.mark.parametrize(("typed", "slug"), [
    ("we have money for thirty new tablets, where is cheapest", "ict-equipment"),
    ("children have broken the slide, can it be repaired", "playground-equipment"), ("who does it support well", "ict-support"),
    ("can IT come and look", "ict-support"), ("tablets for year 4", "ict-equipment"),
])  # fmt: skip
def test_what_a_sentence_tells_besides_is_no_need(typed: str, slug: str) -> None:
    assert find(typed)[0].category.slug == slug


@pytest.mark.parametrize(("typed", "slug"), [
    ("pidgeon proofing", "pest-control"), ("plummer", "plumbing"), ("boilr service", "heating"),
    ("Cleaning services for trust schools", "cleaning"),
])  # fmt: skip
def test_a_slip_is_every_form_of_the_word_and_an_ordinary_word_stays_ordinary_in_each(typed: str, slug: str) -> None:
    assert find(typed)[0].category.slug == slug


def test_the_words_that_are_like_none_are_told() -> None:
    assert not_understood("boiler servcing") == ()
    assert not_understood("cleaners near Spalding") == ("spalding",)
    assert not_understood("") == ()


@pytest.mark.parametrize("typed", ["Acme", "qwertyuiop", "Harrison Ltd", "", "the school", "???", "\x00"])
def test_what_is_no_need_finds_nothing(typed: str) -> None:
    assert find(typed) == ()


@pytest.mark.parametrize("category", categories(), ids=lambda category: category.slug)
def test_each_category_is_found_first_by_its_name_and_among_the_first_by_each_need(category: Category) -> None:
    assert by_slug()[category.slug] == category
    assert find(category.name)[0].category == category
    for need in category.needs:
        assert category in [hit.category for hit in find(need)], need


def test_the_words_that_led_there_are_told() -> None:
    assert find("roofing leeds")[0].words == ("roofing",)


def test_scores_are_in_order_and_a_name_scores_one() -> None:
    scores = [hit.score for hit in find("catering", limit=10)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(1)
    assert len(find("heating fencing", limit=2)) == 2


@given(st.text(max_size=300))
def test_any_text_gives_scores_between_nought_and_one(typed: str) -> None:
    assert all(0 < hit.score <= 1.0000001 and hit.words for hit in find(typed))


def test_the_table_is_in_order() -> None:
    slugs = [category.slug for category in categories()]
    assert len(slugs) == len(set(slugs)) == len({category.name for category in categories()})
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)
    groups = [category.group for category in categories()]
    assert groups == sorted(groups, key=groups.index)


def test_nearness_matters_less_the_further_a_supplier_can_sensibly_be() -> None:
    assert (Reach.LOCAL.miles, Reach.REGIONAL.miles, Reach.NATIONAL.miles) == (10.0, 30.0, None)


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("boiler servicing", ["heating"]),
        ("boiler servcing", ["heating"]),
        ("boiler servise", ["heating"]),
        ("glass claning", ["window-cleaning"]),
        ("water boiler", ["vending"]),
        ("vending machines", ["vending"]),
        ("school trip", ["trips"]),
    ],
)
def test_what_is_all_of_one_need_is_not_taken_for_a_part_of_anothers(typed: str, slugs: list[str]) -> None:
    assert [one.category.slug for one in meant(typed)] == slugs

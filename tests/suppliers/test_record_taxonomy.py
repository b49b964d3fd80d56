import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.record.taxonomy import Category, Reach, by_slug, categories, find

pytestmark = pytest.mark.pure

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
    assert len(find("training", limit=2)) == 2


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

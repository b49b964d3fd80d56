"""Filters of the search as somebody uses them: tags that take themselves away, sentences, and what schools like ours say."""

import pytest

from base.refusals import Invalid
from base.viewer import Viewer
from sharing.schools.like_ours import SchoolKind
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.search import asked
from suppliers.search.filters import Filters, Whose
from suppliers.search.whose import IN_NO_TRUST, KIND_UNKNOWN
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier, ask, says

NOTHING = dict.fromkeys(("need", "near", "miles", "linked", *asked.NARROWING), "") | {"miles": "10", "linked": "yes"}


@pytest.mark.pure
def test_each_tag_leads_to_the_same_search_without_itself() -> None:
    values = NOTHING | {"need": "boilers", "miles": "20", "rating": "4", "like_ours": "yes", "phase": "special"}
    assert asked.tags(values) == [
        ("within 20 miles", "/search?need=boilers&rating=4&phase=special&like_ours=yes"),
        ("rated at least 4 out of 5", "/search?need=boilers&miles=20&phase=special&like_ours=yes"),
        ("special schools", "/search?need=boilers&miles=20&rating=4&like_ours=yes"),
        ("schools like ours", "/search?need=boilers&miles=20&rating=4&phase=special"),
    ]
    assert asked.tags(NOTHING) == []


@pytest.mark.pure
def test_what_no_list_offers_is_refused_all_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        asked.filters(NOTHING | {"rating": "9", "phase": "infant", "whose": "everybody", "evidence": "perhaps"})
    assert set(refused.value.fields) == {"rating", "phase", "whose", "evidence"}


@pytest.fixture
async def oak(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary", pupils=210, is_rural=True), name="Ann Archer")


@pytest.fixture
async def elm(db: object) -> Viewer:
    return await a_person(await a_school("Elmwood Primary", lat=53.29, lon=-0.54, pupils=180), name="Bea Birch")


@pytest.fixture
async def high(db: object) -> Viewer:
    return await a_person(await a_school("Ashby High", lat=53.24, lon=-0.54, phase="Secondary", pupils=1100), name="Hal High")


async def test_schools_like_ours_are_a_reason_and_a_filter(oak: Viewer, elm: Viewer, high: Viewer) -> None:
    both, other = await a_supplier(elm, "Fenland Boilers"), await a_supplier(high, "Grander Boilers")
    await says(elm, both)
    await says(high, both, rating=2, again=False)
    await says(high, other)
    found = {hit.name: hit for hit in (await ask(oak)).hits}
    assert "1 of them is a school like yours" in found["Fenland Boilers"].reasons
    assert "yours" not in " ".join(found["Grander Boilers"].reasons)
    answer = await ask(oak, filters=Filters(like_ours=True))
    assert [(hit.name, hit.total_said) for hit in answer.hits] == [("Fenland Boilers", 1)]
    assert "That school is like yours" in answer.hits[0].reasons
    assert answer.like_ours == "primary schools with 105 to 420 pupils, in the country"


async def test_what_a_supplier_comes_to_is_of_the_words_that_count(oak: Viewer, elm: Viewer, high: Viewer) -> None:
    boilers = await a_supplier(elm, "Fenland Boilers")
    await says(elm, boilers, rating=5, again=True)
    await says(high, boilers, rating=2, again=False)
    named = "Fenland Boilers"
    assert (await ask(oak, named, filters=Filters(rating=4))).hits == ()
    assert (await ask(oak, named, filters=Filters(would_use_again=True))).hits == ()
    (hit,) = (await ask(oak, named, filters=Filters(rating=4, would_use_again=True, like_ours=True))).hits
    assert [one.school_name for one in hit.said] == ["Elmwood Primary"]


async def test_only_words_with_evidence_count_where_it_is_asked_for_and_the_rating_is_open(oak: Viewer, elm: Viewer) -> None:
    boilers = await a_supplier(elm)
    await says(elm, boilers)
    assert (await ask(oak, filters=Filters(evidence=True))).hits == ()
    proven = Opinion(interest=None, rating=5, would_use_again=True, evidence="Invoice 12")
    await reviews.review(elm, boilers, opinion=proven, version=1)
    assert (await ask(oak, filters=Filters(evidence=True))).total == 1


async def test_our_own_vouch_is_known_though_a_filter_leaves_it_out(oak: Viewer, high: Viewer) -> None:
    boilers = await a_supplier(oak)
    await says(oak, boilers)
    await says(high, boilers)
    (hit,) = (await ask(oak, filters=Filters(phase=SchoolKind.SECONDARY))).hits
    assert (hit.total_said, hit.would_use_again) == (1, True)
    await reviews.review(oak, boilers, opinion=Opinion(interest=None, would_use_again=False), version=1)
    async with signed_in(oak) as browser:
        shown = (await browser.get("/search?need=boilers")).text
    assert "You would not use them again" in shown
    assert f'action="/suppliers/{boilers}/vouch"' not in shown
    assert "says that your school would use them again" not in shown


@pytest.mark.usefixtures("db")
async def test_a_school_that_has_no_kind_or_trust_is_told_so() -> None:
    hall = await a_person(await a_school("Hall School", phase=""), name="Una Hall")
    with pytest.raises(Invalid, match=KIND_UNKNOWN):
        await ask(hall, filters=Filters(like_ours=True))
    with pytest.raises(Invalid, match=IN_NO_TRUST):
        await ask(hall, filters=Filters(whose=Whose.TRUST))


async def test_the_page_shows_filters_as_tags_and_keeps_them_through_a_new_search(oak: Viewer, elm: Viewer) -> None:
    await says(elm, await a_supplier(elm))
    async with signed_in(oak) as browser:
        shown = await browser.get("/search?need=boilers&rating=4&like_ours=yes")
        refused = await browser.get("/search?need=boilers&rating=9&phase=primary")
        none = await browser.get("/search?need=boilers&phase=special")
        told = await browser.get("/api/v1/recommendations?need=boilers&rating=4&like_ours=true&phase=primary")
    assert "Remove filter: schools like ours" in text_of(shown.text)
    assert shown.text.count('<input type="hidden" name="rating" value="4">') == 1
    assert "Primary schools with 105 to 420 pupils, in the country" in text_of(shown.text)
    assert refused.status_code == 422
    assert "Choose a rating from the list." in text_of(refused.text)
    assert "Take a filter away" in text_of(none.text)
    assert [one["name"] for one in told.json()["recommendations"]] == ["Fenland Boilers Ltd"]

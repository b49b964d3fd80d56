"""Another school near by finds what is shared with it, with the reason, and nothing else moves a number or the order."""

from datetime import timedelta

import pytest

from base import clock, cursor
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.merging import merges
from suppliers.merging.merges import MergeChoice
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.record import taxonomy
from suppliers.search import search
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import EVERYONE, a_supplier, ask, says
from tests.given.statements import listened_to

pytestmark = pytest.mark.usefixtures("db")

MOST_STATEMENTS = 23  # with who asks, what waits beside the menu, who is listed below, BEGIN and COMMIT
NO_RATING = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.NONE),))


@pytest.fixture
async def oak(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"), name="Ann Archer")


@pytest.fixture
async def elm(db: object) -> Viewer:
    """About 4 miles from Oakfield."""
    return await a_person(await a_school("Elmwood Primary", lat=53.29, lon=-0.54), name="Bea Birch")


async def test_a_misspelt_need_finds_what_another_school_shares_and_says_why(oak: Viewer, elm: Viewer) -> None:
    await says(oak, await a_supplier(oak))
    answer = await ask(elm, "boilr servicing")
    (hit,) = answer.hits
    assert hit.name == "Fenland Boilers Ltd"
    assert hit.reasons[0] == "1 school vouches for them: Oakfield Primary (4.1 miles)"
    assert hit.matched.startswith("Supplies ")


async def test_what_is_private_is_not_found_by_anybody_else(oak: Viewer, elm: Viewer) -> None:
    await says(oak, await a_supplier(oak), share=None)
    for need in ("boiler service", "Fenland Boilers", ""):
        assert (await ask(elm, need)).hits == ()
    assert [hit.is_ours for hit in (await ask(oak, "Fenland")).hits] == [True]


async def test_a_name_is_found_misspelt_and_half_typed(oak: Viewer, elm: Viewer) -> None:
    await says(oak, await a_supplier(oak))
    for typed in ("fenland boilers", "Fenlnd", "boilers fenland", "Fenland Boil"):
        assert [hit.name for hit in (await ask(elm, typed)).hits] == ["Fenland Boilers Ltd"], typed


async def test_a_withdrawn_share_is_not_found_at_the_next_search(oak: Viewer, elm: Viewer) -> None:
    said = await says(oak, await a_supplier(oak))
    assert (await ask(elm)).total == 1
    await shares.unshare(oak, OpinionKind.REVIEW, said)
    assert [hit.said for hit in (await ask(elm)).hits] in ([], [()])


async def test_a_school_further_away_than_asked_is_offered_as_wider(oak: Viewer) -> None:
    far = await a_person(await a_school("Far Primary", lat=53.45, lon=-0.54), name="Cy Carr")
    await says(far, await a_supplier(far))
    answer = await ask(oak, miles=10, linked=False)
    assert [hit for hit in answer.hits if hit.said] == []
    assert [(wider.miles, wider.suppliers) for wider in answer.wider] == [(20, 1)]
    assert (await ask(oak, miles=20)).total == 1


async def test_a_school_of_the_same_trust_counts_wherever_it_is(oak: Viewer) -> None:
    ash = await a_person(await a_school("Ash Academy", trust="Ashby Trust"), name="Ash Allen")
    far = await a_person(await a_school("Far Academy", lat=54.9, lon=-1.6, trust="Ashby Trust"), name="Cy Carr")
    await says(far, await a_supplier(far))
    (hit,) = (await ask(ash, miles=5)).hits
    assert "linked with you" in hit.reasons[0]
    assert [h for h in (await ask(ash, miles=5, linked=False)).hits if h.said] == []


async def test_the_better_spoken_of_comes_first(oak: Viewer, elm: Viewer) -> None:
    good, bad = await a_supplier(oak, "Fenland Boilers"), await a_supplier(oak, "Soggy Boilers")
    await says(oak, bad, rating=1, again=False)
    await says(oak, good)
    assert [hit.name for hit in (await ask(elm)).hits] == ["Fenland Boilers", "Soggy Boilers"]
    assert (await ask(elm)).hits[1].reasons[0].startswith("1 school does not recommend them")


async def test_a_declared_interest_is_told_and_weighs_nothing(oak: Viewer, elm: Viewer) -> None:
    supplier = await a_supplier(oak)
    said = Opinion(interest="Our chair of governors owns it.", rating=5, would_use_again=True)
    await shares.share(oak, OpinionKind.REVIEW, (await reviews.review(oak, supplier, opinion=said, version=None)).id, EVERYONE)
    (hit,) = (await ask(elm)).hits
    assert hit.reasons[0].startswith("1 school uses them and declared an interest, so what it says does not count: Oakfield")
    silent = await a_supplier(elm, "Silent Boilers")
    await reviews.review(elm, silent, opinion=Opinion(interest=None, rating=3, would_use_again=None), version=None)
    assert {h.name: h.score for h in (await ask(elm)).hits} == {"Fenland Boilers Ltd": hit.score, "Silent Boilers": hit.score}


async def test_only_who_would_use_them_again_is_said_to_vouch(oak: Viewer, elm: Viewer) -> None:
    await says(oak, await a_supplier(oak), rating=4, again=None)
    assert (await ask(elm)).hits[0].reasons[0] == "1 school rates them well: Oakfield Primary (4.1 miles)"


async def test_a_rating_that_is_kept_back_moves_nothing(oak: Viewer, elm: Viewer) -> None:
    """Two worlds that differ only in a masked rating give the same answer."""
    supplier = await a_supplier(oak)
    await says(oak, supplier, rating=5, again=True, share=NO_RATING)
    before = (await ask(elm)).hits[0]
    await reviews.review(oak, supplier, opinion=Opinion(interest=None, rating=1, would_use_again=False), version=1)
    after = (await ask(elm)).hits[0]
    assert (before.score, before.reasons) == (after.score, after.reasons)
    assert before.said[0].word.rating is None


async def test_a_vouch_that_lapsed_no_longer_counts_as_one(oak: Viewer, elm: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    supplier = await a_supplier(oak)
    said = (await reviews.vouch(oak, supplier)).id
    await shares.share(oak, OpinionKind.REVIEW, said, EVERYONE)
    assert "vouches" in (await ask(elm)).hits[0].reasons[0]
    later = clock.now() + timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "vouches" not in " ".join((await ask(elm)).hits[0].reasons)


async def test_an_unknown_postcode_is_said_and_what_was_typed_is_kept(oak: Viewer) -> None:
    with pytest.raises(Invalid, match="don't know that postcode"):
        await ask(oak, near="ZZ9 9ZZ")
    async with signed_in(oak) as browser:
        answer = await browser.get("/search?need=boilers&near=ZZ9+9ZZ")
    assert answer.status_code == 422
    assert 'value="ZZ9 9ZZ"' in answer.text
    assert 'value="boilers"' in answer.text


async def test_pages_of_results_follow_each_other_without_repeats(oak: Viewer, elm: Viewer) -> None:
    for n in range(search.PAGE + 5):
        await says(oak, await a_supplier(oak, f"Boilers {chr(65 + n)}{chr(65 + n)}x of Fen"))
    first = await ask(elm)
    assert first.next_after is not None
    rest = await search.recommendations(elm, first.question, after=first.next_after)
    names = [hit.name for hit in (*first.hits, *rest.hits)]
    assert len(names) == len(set(names)) == first.total == search.PAGE + 5
    assert rest.next_after is None


async def test_the_page_and_the_api_give_the_same_suppliers_and_reasons(oak: Viewer, elm: Viewer) -> None:
    await says(oak, await a_supplier(oak))
    async with signed_in(elm) as browser:
        page = (await browser.get("/search?need=boiler+service")).text
        body = (await browser.get("/api/v1/recommendations?need=boiler+service")).json()
    (one,) = body["recommendations"]
    assert one["name"] in page
    for reason in one["reasons"]:
        assert reason in page


async def test_an_empty_answer_says_what_to_do(oak: Viewer) -> None:
    async with signed_in(oak) as browser:
        page = (await browser.get("/search?need=roof+repair")).text
    assert "Nothing found" in page
    assert "forward this" in page
    assert 'href="/suppliers/new"' in page, "what a school needs is no supplier's name"


async def test_a_need_that_is_not_understood_says_which_words_and_shows_the_list(oak: Viewer) -> None:
    async with signed_in(oak) as browser:
        page = text_of((await browser.get("/search?need=zeppelin+mooring")).text)
        known = text_of((await browser.get("/search?need=teacher")).text)
        body = (await browser.get("/api/v1/recommendations?need=zeppelin+mooring")).json()
    assert "We don’t know what “zeppelin” and “mooring” mean" in page
    assert "has spoken" not in page
    assert "Grounds and outdoors" in page
    assert "Tree surgery" in page
    assert "We don’t know what you need by “teacher”" in known
    assert (body["meant"], body["not_understood"]) == ([], ["zeppelin", "mooring"])


async def test_the_code_of_a_heading_says_what_it_is_called_and_what_stands_under_it(oak: Viewer) -> None:
    async with signed_in(oak) as browser:
        pages = [text_of((await browser.get(f"/search?need={code}")).text) for code in ("E13", "E17")]
    assert "E13 is “Grounds maintenance and improvement” in Consistent Financial Reporting (CFR)." in pages[0]
    assert all(name in pages[0] for name in ("Tree surgery", "Playground equipment", "Sports pitches and surfaces"))
    assert "E17 is “Rates” in Consistent Financial Reporting (CFR). None of the needs below stands under it." in pages[1]
    assert "It is no need that we know" in pages[1]


NUMBERS = {
    "company_number": "01234567",
    "vat_number": "GB980780684",
    "phone": "0113 496 0000",
    "domain": "fenland-boilers.example",
}


@pytest.mark.parametrize(
    "typed",
    [
        "1234567",
        "0123 4567",
        "012.345.67",
        "Co. No. 01234567",
        "gb 980 7806 84",
        "980.7806.84",
        "+44 113 496 0000",
        "01134960000",
        "ring 0113.496.0000",
        "www.fenland-boilers.example",
    ],
)
async def test_a_number_or_a_web_address_finds_whose_it_is(oak: Viewer, elm: Viewer, typed: str) -> None:
    fenland = (await directory.add(oak, name="Fenland Boilers Ltd", identifiers=NUMBERS, categories=["heating"])).id
    await says(oak, await a_supplier(oak, "Ashby Boilers"))
    await says(oak, fenland)
    answer = await ask(elm, typed)
    assert [(hit.name, hit.matched.endswith(": what you typed")) for hit in answer.hits] == [("Fenland Boilers Ltd", True)]


async def test_a_number_of_a_record_that_another_school_keeps_finds_nothing(oak: Viewer, elm: Viewer) -> None:
    await directory.add(oak, name="Fenland Boilers Ltd", identifiers=NUMBERS, categories=["heating"])
    assert [hit.name for hit in (await ask(oak, "01134960000")).hits] == ["Fenland Boilers Ltd"]
    assert (await ask(elm, "01134960000")).hits == ()


@pytest.mark.parametrize("keys", [(1.5, "x"), ("much", "00000000-0000-4000-8000-000000000001"), (1.5, 7)])
async def test_a_cursor_that_no_page_of_ours_made_is_refused(elm: Viewer, keys: tuple[float | str, float | str]) -> None:
    with pytest.raises(Invalid):
        await search.recommendations(elm, search.Question(), after=search.after(cursor.encode(*keys)))


async def test_a_category_that_a_merge_left_out_does_not_say_how_far_a_word_reaches() -> None:
    curator = await a_person(await a_school("Curator Nursery", phase="Nursery"), operator=True)
    oak = await a_person(await a_school("Oakfield Primary"), name="Ann Archer")
    elm = await a_person(await a_school("Elmwood Primary", lat=53.29, lon=-0.54), name="Bea Birch")
    kept, part = await a_supplier(oak), await a_supplier(elm, "Fenland Power", "energy")
    await says(oak, kept)
    await says(elm, part)
    await merges.merge(curator, part, kept, choice=MergeChoice(dropped=frozenset({"category:energy"})), as_curator=True)
    (hit,) = (await ask(oak, "", miles=5)).hits
    (needed,) = (await ask(oak, taxonomy.by_slug()["heating"].name, miles=5)).hits
    assert (hit.supplier, hit.total_said, hit.score) == (kept, 2, needed.score)


async def test_a_page_takes_as_many_statements_however_many_are_found(oak: Viewer, elm: Viewer) -> None:
    counts = []
    async with signed_in(elm) as browser:
        for more in (4, 12):
            for number in range(more):
                await says(oak, await a_supplier(oak, f"Fenland Boilers {more} {number} Ltd"))
            await browser.get("/search?need=boiler+service")
            with listened_to() as found:
                await browser.get("/search?need=boiler+service")
            counts.append(len(found))
    assert counts[0] == counts[1] <= MOST_STATEMENTS

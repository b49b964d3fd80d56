"""The pages where people say which suppliers are one, as they meet them."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

import audit
import database
from base import clock
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import changing, directory
from suppliers.events import Event
from suppliers.matching import matching
from suppliers.merging import compare, decisions, history, merges
from suppliers.merging.decisions import Judgement
from suppliers.merging.tables import EntryPair
from suppliers.opinions import reviews, superseded
from suppliers.opinions.opinion import Opinion
from suppliers.shares import publishing, shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind
from tests.conftest import Template
from tests.given.town import Town, rows_of_everything, town_of


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_of(template, tmp_path) as town:
        yield town


def words(page: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def seen(page: httpx.Response) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found
    return found.group(1)


async def an_alike(town: Town) -> tuple[UUID, UUID]:
    ann = town.viewers["ann"]
    one = (await directory.add(ann, name="Wren Windows", identifiers={"phone": "01522 555 123"}, categories=["cleaning"])).id
    return one, (await directory.add(ann, name="Wren Windows Services", aliases=["WWS"], categories=["heating"])).id


async def test_two_side_by_side_say_why_they_may_be_one_with_weights_that_add_up(town: Town) -> None:
    one, other = await an_alike(town)
    async with town.browser("ann") as browser:
        page = await browser.get(f"/suppliers/compare?one={one}&other={other}")
    found = await compare.compare(town.viewers["ann"], one, other)
    table = page.text.partition('id="why-wide-title"')[2].partition("<table")[2].partition("</table>")[0]
    told = [float(weight) for weight in re.findall(r"numeric\">(-?[\d.]+)<", table)]
    assert len(told) == sum(bool(round(reason.log_odds, 1)) for reason in found.match.reasons) > 2
    assert matching.logistic(sum(told)) == pytest.approx(found.match.probability, abs=0.05)


@pytest.mark.both_engines
async def test_from_the_queue_to_one_supplier_and_from_the_timeline_back(town: Town) -> None:
    one, other = await an_alike(town)
    async with town.browser("ann") as browser:
        queue = await browser.get("/suppliers/duplicates")
        link = f"/suppliers/compare?one={one}&amp;other={other}"
        assert link in queue.text
        shown = await browser.get(link.replace("&amp;", "&"))
        for expected in ("Nobody sees more than before", "01522555123", "Which name stays?"):
            assert expected in words(shown)
        form = {"one": str(one), "other": str(other), "seen": seen(shown), "answer": "same", "name": "left"}
        form |= {"other_name": "yes", "keep_category": "right", "keep_alias": "both"}
        done = await browser.post("/suppliers/compare", data=form)
        assert done.headers["location"] == f"/suppliers/{one}"
        page = await browser.get(f"/suppliers/{one}")
        assert "Wren Windows Services (merged into it)" in words(page)
        assert "Boiler servicing and heating" in words(page)
        assert "Supplies Cleaning" not in words(page)
        assert (await browser.get(f"/suppliers/{other}")).headers["location"] == f"/suppliers/{one}"
        assert (await browser.get(f"/api/v1/suppliers/{other}")).json()["id"] == str(one)
        assert link not in (await browser.get("/suppliers/duplicates")).text
        undo = re.search(r"/suppliers/merges/[0-9a-f-]+", (await browser.get("/trail")).text)
        assert undo
        assert "Undoing makes them two suppliers again" in words(await browser.get(undo.group()))
        assert (await browser.post(f"{undo.group()}/undo")).headers["location"] == f"/suppliers/{other}"
        assert "They are two suppliers again" in words(await browser.get(undo.group()))
        assert link in (await browser.get("/suppliers/duplicates")).text
        assert undo.group() not in (await browser.get("/trail")).text


async def test_the_timeline_offers_to_undo_a_joining_while_it_lives_and_to_nobody_who_only_reads(town: Town) -> None:
    ann = town.viewers["ann"]
    own = (await directory.add(ann, name="Wren Windows")).id
    async with audit.recording(ann) as record:
        await publishing.publish(ann, record, own, SaidOfEntries(same_as=UUID(town.ids["cleaning"])))
    (merged,) = [one for one in await history.of(ann, own) if one.part == own]
    offer = f'href="/suppliers/merges/{merged.id}">Undo this'
    async with town.browser("ann") as browser, town.browser("gus") as governors:
        assert offer in (await browser.get("/trail")).text
        assert offer not in (await governors.get("/trail")).text
        await merges.undo(ann, merged.id)
        assert "Undo this" not in (await browser.get(f"/trail?stream=supplier:{own}")).text
        with clock.at(clock.now() + timedelta(hours=1)):
            await merges.merge(ann, own, UUID(town.ids["cleaning"]))
        assert (await browser.get(f"/trail?stream=supplier:{own}")).text.count("Undo this") == 1


async def test_a_suppliers_page_leads_to_what_may_be_the_same_without_looking_for_it_itself(town: Town) -> None:
    one, other = await an_alike(town)
    async with town.browser("ann") as browser, town.browser("gus") as governors:
        page = await browser.get(f"/suppliers/{one}")
        assert f'href="/suppliers/{one}/alike"' in page.text
        assert str(other) not in page.text
        assert f"/suppliers/compare?one={one}&amp;other={other}" in (await browser.get(f"/suppliers/{one}/alike")).text
        assert "/alike" not in (await governors.get(f"/suppliers/{one}")).text
        assert (await governors.get(f"/suppliers/{one}/alike")).status_code == 403


@pytest.mark.both_engines
async def test_a_pair_that_can_not_be_decided_leaves_the_queue_on_the_screen(town: Town) -> None:
    one, other = await an_alike(town)
    async with town.browser("ann") as browser:
        refused = await browser.post("/suppliers/duplicates", data={"pairs": [f"{one}:{one}"]})
        assert refused.status_code == 409
        assert "They are one supplier already: Wren Windows." in words(refused)
        assert f"/suppliers/compare?one={one}&amp;other={other}" in refused.text


async def test_many_pairs_are_said_to_be_different_at_once_and_not_asked_about_again(town: Town) -> None:
    one, other = await an_alike(town)
    async with town.browser("ann") as browser:
        none = await browser.post("/suppliers/duplicates", data={"after": ""})
        assert none.status_code == 422
        assert "Tick the pairs that are not the same." in words(none)
        pairs = re.findall(r'value="([0-9a-f-]+:[0-9a-f-]+)"', none.text)
        assert f"{one}:{other}" in pairs
        assert (await browser.post("/suppliers/duplicates", data={"pairs": pairs})).status_code == 303
        assert "None of your suppliers looks like another" in words(await browser.get("/suppliers/duplicates"))
        assert "May be the same" not in words(await browser.get(f"/suppliers/{one}/alike"))
        shown = await browser.get(f"/suppliers/compare?one={one}&other={other}")
        assert "Your school said on" in words(shown)
        form = {"one": str(one), "other": str(other), "seen": seen(shown), "answer": "same"}
        refused = await browser.post("/suppliers/compare", data=form)
        assert refused.status_code == 409
        assert "judged to be different" in words(refused)


async def test_not_sure_is_asked_again_when_something_new_is_known(town: Town) -> None:
    ann, (one, other) = town.viewers["ann"], await an_alike(town)
    await decisions.decide(ann, one, other, Judgement.UNSURE)
    async with town.browser("ann") as browser:
        assert f"one={one}&amp;other={other}" not in (await browser.get("/suppliers/duplicates")).text
        await changing.edit(ann, other, name="Wren Windows Services", categories=["cleaning"])
        assert f"one={one}&amp;other={other}" in (await browser.get("/suppliers/duplicates")).text


@pytest.mark.both_engines
async def test_what_changed_since_the_page_was_opened_is_looked_at_again(town: Town) -> None:
    ann, (one, other) = town.viewers["ann"], await an_alike(town)
    async with town.browser("ann") as browser:
        page = await browser.get(f"/suppliers/compare?one={one}&other={other}")
        await changing.edit(ann, other, name="Quite Another Windows")
        form = {"one": str(one), "other": str(other), "seen": seen(page), "answer": "same"}
        before = await rows_of_everything()
        refused = await browser.post("/suppliers/compare", data=form)
        assert refused.status_code == 409
        assert "changed since you opened this page" in words(refused)
        assert await rows_of_everything() == before


async def test_numbers_that_differ_are_warned_of_and_have_to_be_ticked(town: Town) -> None:
    ann = town.viewers["ann"]
    one = (await directory.add(ann, name="Wren Windows", identifiers={"company_number": "01234567"})).id
    other = (await directory.add(ann, name="Wren Window", identifiers={"company_number": "07654321"})).id
    async with town.browser("ann") as browser:
        page = await browser.get(f"/suppliers/compare?one={one}&other={other}")
        assert "They are most likely two bodies" in words(page)
        form = {"one": str(one), "other": str(other), "seen": seen(page), "answer": "same"}
        refused = await browser.post("/suppliers/compare", data=form)
        assert refused.status_code == 422
        assert "say that you did" in words(refused)
        assert (await browser.post("/suppliers/compare", data=form | {"numbers_checked": "yes"})).status_code == 303


async def test_an_older_review_that_rests_is_told_of_and_only_own_details_are_changed(town: Town) -> None:
    ann, (one, other) = town.viewers["ann"], await an_alike(town)
    for supplier in (one, other):
        await reviews.review(ann, supplier, opinion=Opinion(interest=None, rating=4), version=None)
    await merges.merge(ann, one, other)
    async with town.browser("ann") as browser:
        assert "You also reviewed it as Wren Windows on" in words(await browser.get(f"/suppliers/{other}"))
        form = await browser.get(f"/suppliers/{other}/edit")
        assert "01522555123" not in form.text
        rests = (await superseded.resting(ann, other))[0].id
        body = {"interest": None, "rating": 1}
        await shares.share(
            ann, OpinionKind.REVIEW, rests, AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
        )
        assert "It rests while a newer review of yours stands" in words(await browser.get("/shared"))
        assert "Nobody outside your school." in words(await browser.get(f"/reviews/{rests}/who-can-see"))
        newer = await reviews.current(ann, other)
        assert newer
        withdraw = words(await browser.get(f"/reviews/{newer.id}/withdraw"))
        assert "Your older review, of Wren Windows on" in withdraw
        refused = await browser.put(f"/api/v1/reviews/{rests}", json=body, headers={"If-Match": '"1"'})
        assert refused.status_code == 409
        assert "A newer review of yours stands" in refused.text


@pytest.mark.both_engines
async def test_a_proposal_is_thanked_for_in_the_same_words_whoever_made_it_before(town: Town) -> None:
    answers = []
    pair = {"one": town.ids["cleaning"], "other": town.ids["alike"]}
    for who in ("ann", "ann", "dee", "bob"):
        async with town.browser(who) as browser:
            page = await browser.get("/suppliers/compare", params=pair)
            answer = await browser.post("/suppliers/compare", data=pair | {"seen": seen(page), "answer": "same"})
            answers.append(
                (answer.status_code, answer.headers["location"], (await browser.get("/suppliers/duplicates")).status_code)
            )
            again = await browser.get(f"/suppliers/{town.ids['cleaning']}")
            assert "curator" not in words(again)
    assert len(set(answers)) == 1
    async with town.browser("olive") as browser:
        queue = words(await browser.get("/directory/duplicates"))
    assert "3 schools say that they are the same" in queue
    for name in ("Oakfield", "Dale Primary", "Elmwood"):
        assert name not in queue


async def test_a_curator_decides_pairs_that_were_found_and_they_do_not_come_back(town: Town) -> None:
    left, right = sorted((UUID(town.ids["cleaning"]), UUID(town.ids["alike"])))
    async with audit.recording(None) as record:
        row = EntryPair(left_supplier=left, right_supplier=right, probability=0.83, model="test", found_at=clock.now())
        await EntryPair.insert(row)
        record(Event.DIRECTORY_IMPORTED, stream="directory", subject="directory")
    async with town.browser("olive") as browser:
        assert "83 in 100 pairs like this are the same" in words(await browser.get("/directory/duplicates"))
        page = await browser.get(f"/directory/compare?one={left}&other={right}")
        assert "What your school wrote" not in words(page)
        form = {"one": str(left), "other": str(right), "seen": seen(page), "answer": "different"}
        assert (await browser.post("/directory/compare", data=form)).headers["location"] == "/directory/duplicates"
        assert "There is nothing to decide." in words(await browser.get("/directory/duplicates"))
    async with database.read():
        assert await EntryPair.count() == 1


async def test_a_directory_merge_is_told_to_everybody_and_undone_by_a_curator_alone(town: Town) -> None:
    merge = town.ids["entries_merge"]
    async with town.browser("bob") as browser:
        page = await browser.get(f"/suppliers/{town.ids['jay']}", follow_redirects=True)
        assert "Jay Joinery into Kite Roofing" in words(page)
        assert "A curator can undo it." in words(await browser.get(f"/suppliers/merges/{merge}"))
        assert (await browser.post(f"/directory/merges/{merge}/undo")).status_code == 404
    async with town.browser("olive") as browser:
        assert f'action="/directory/merges/{merge}/undo"' in (await browser.get(f"/suppliers/merges/{merge}")).text


@pytest.mark.both_engines
async def test_the_trail_of_a_supplier_names_those_that_are_one_with_it(town: Town) -> None:
    gates, fencing = (f"/trail?stream=supplier:{town.ids[name]}" for name in ("gates", "fencing"))
    async with town.browser("ann") as browser:
        assert "One supplier with it by now, with entries of their own: Ivy Fencing" in words(await browser.get(gates))
        assert "entries of their own: Ivy Gates" in words(await browser.get(fencing))
        assert "entries of their own" not in words(await browser.get("/trail?stream=supplier:nonsense"))
        subject = f"supplier:{town.ids['fencing']}"
        assert "entries of their own: Ivy Gates" in words(await browser.get(f"/trail/as-of?subject={subject}"))
    async with town.browser("bob") as browser:
        assert "Ivy" not in words(await browser.get(gates))
    async with town.browser("iris") as auditors:
        assert "Ivy" not in words(await auditors.get(fencing))


async def test_the_trail_of_a_supplier_that_nothing_was_written_of_says_so_by_its_name(town: Town) -> None:
    async with town.browser("dee") as browser:
        page = words(await browser.get(f"/trail?stream=supplier:{town.ids['alike']}"))
    assert "Showing only what happened with Ashby Boilers Limited" in page
    assert "Nothing is recorded here about it." in page
    assert "Nothing has happened yet" not in page


async def test_a_governor_sees_links_and_history_and_is_asked_nothing(town: Town) -> None:
    async with town.browser("gus") as browser:
        page = await browser.get(f"/suppliers/{town.ids['gates']}")
        assert "Its site Ivy Depot" in words(page)
        assert "Ivy Fencing into Ivy Gates" in words(page)
        for button in ("End this link", "Undo:"):
            assert button not in words(page)
        assert (await browser.get("/suppliers/duplicates")).status_code == 403

"""A school asks others, who answer by their ordinary vouches and reviews; nobody else sees what is asked or answered."""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode
from uuid import UUID

import pytest

import database
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from notices.desk import waiting
from privacy import blanking, finds, subject_access
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import GrantKind
from sharing.networks import connections
from suppliers.asking import answering, answers, asking, hidden, seen, whom
from suppliers.asking.answers import Answers
from suppliers.asking.asking import LASTS, MOST_OPEN, Wanted
from suppliers.asking.seen import AnswersWith
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import consent, shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.every_check import findings
from tests.given.page_text import text_of
from tests.given.searching import a_supplier, says
from vouch.wiring import WAITS, WOULD_SEE

pytestmark = pytest.mark.usefixtures("db")

NOBODY_YET = Answers((), 0)


@dataclass
class Around:
    """Ann asks; Bob and Cleo are near her, Dee is far away."""

    ann: Viewer
    bob: Viewer
    cleo: Viewer
    dee: Viewer


async def around() -> Around:
    names = {"Oakfield Primary": 53.29, "Elmwood School": 53.30, "Fern Primary": 53.31, "Dale Primary": 51.0}
    return Around(*[await a_person(await a_school(name, lat=lat, lon=-0.54)) for name, lat in names.items()])


def roofers(to: GrantChoice | None = None) -> Wanted:
    return Wanted(category="roofing", words="Do you know a good roofer?", to=to or whom.near(5))


async def told(viewer: Viewer) -> dict[str, int]:
    return {one.what: one.number for one in await waiting.of(viewer, WAITS) if one.what.startswith("enquir")}


async def share_with(viewer: Viewer, review: UUID, school: UUID) -> None:
    await shares.share(viewer, OpinionKind.REVIEW, review, AudienceChoice((GrantChoice(GrantKind.SCHOOL, school),)))


async def test_it_reaches_the_schools_that_it_is_put_to_while_it_is_open() -> None:
    all_four = await around()
    ann, bob, cleo, dee = all_four.ann, all_four.bob, all_four.cleo, all_four.dee
    put = await asking.ask(ann, roofers())
    assert put.schools == 2
    assert [(await told(one)) for one in (ann, bob, cleo, dee)] == [{}, {"enquiries": 1}, {"enquiries": 1}, {}]
    shown = await seen.one(bob, put.id)
    assert (shown.about, shown.words, shown.is_ours) == ("Roofing", "Do you know a good roofer?", False)
    with pytest.raises(NotFound):
        await seen.one(dee, put.id)
    await connections.block(ann, bob.school)
    await connections.block(cleo, ann.school)
    for viewer in (bob, cleo):
        assert (await told(viewer), (await seen.listed(viewer)).asked_of_us) == ({}, ())
        with pytest.raises(NotFound):
            await answering.answer(viewer, put.id, AnswersWith.NOTHING)
    for blocks, blocked in ((ann, bob), (cleo, ann)):
        await connections.unblock(blocks, blocked.school)
    with clock.at(clock.now() + LASTS):
        assert (await seen.listed(bob)).asked_of_us == ()
        assert [one.is_open for one in (await seen.listed(ann)).ours] == [False]
    await asking.close(ann, put.id)
    assert await told(bob) == {}
    assert (await seen.one(ann, put.id)).is_open is False
    assert await findings() == ()


async def test_a_vouch_that_answers_is_read_once_it_is_shared_and_not_before() -> None:
    all_four = await around()
    ann, bob, cleo = all_four.ann, all_four.bob, all_four.cleo
    put = await asking.ask(ann, roofers())
    firm = await a_supplier(bob, "Kite Roofing", "roofing")
    given = await answering.answer(bob, put.id, AnswersWith.VOUCH, firm)
    assert (given.asked_by, given.is_seen) == (ann.school, False)
    assert given.review is not None
    assert (await answers.of(ann, put.id), await told(ann)) == (NOBODY_YET, {})
    assert await told(bob) == {"enquiries": 1}, "nobody can read that answer yet"
    await share_with(bob, given.review, ann.school)
    (answer,) = (await answers.of(ann, put.id)).shown
    assert (answer.school_name, answer.supplier_name, answer.would_use_again) == (bob.school_name, "Kite Roofing", True)
    assert (await told(ann), await told(bob)) == ({"enquiry_answers": 1}, {})
    assert (await answering.answer(bob, put.id, AnswersWith.VOUCH, firm)).is_seen
    for reader in (bob, cleo):
        with pytest.raises(NotFound):
            await answers.of(reader, put.id)
    await shares.unshare(bob, OpinionKind.REVIEW, given.review)
    assert await answers.of(ann, put.id) == NOBODY_YET
    tried = ["enquiry.answered", "vouch.given"]
    assert sorted(event for event in await events_of(bob.school) if event in tried) == tried
    assert await findings() == ()


async def test_a_name_alone_is_of_the_directory_and_nobody_learns_who_knows_nobody() -> None:
    all_four = await around()
    ann, bob, cleo = all_four.ann, all_four.bob, all_four.cleo
    put = await asking.ask(ann, roofers())
    own, listed = await a_supplier(bob, "Kite Roofing", "roofing"), await a_supplier(cleo, "Lark Roofs", "roofing")
    await says(cleo, listed)
    with pytest.raises(Invalid, match="Only your school sees this supplier"):
        await answering.answer(bob, put.id, AnswersWith.SUPPLIER, own)
    with pytest.raises(Invalid, match="Choose a supplier"):
        await answering.answer(bob, put.id, AnswersWith.VOUCH)
    await answering.answer(bob, put.id, AnswersWith.SUPPLIER, listed)
    await answering.answer(cleo, put.id, AnswersWith.NOTHING)
    found = await answers.of(ann, put.id)
    assert [(one.school, one.supplier, one.rating, one.would_use_again) for one in found.shown] == [
        (bob.school, listed, None, None)
    ]
    assert found.know_nobody == 1
    await answering.answer(cleo, put.id, AnswersWith.REVIEW, listed)
    found = await answers.of(ann, put.id)
    assert ([one.rating for one in found.shown], found.know_nobody) == ([None, 5], 0)
    await connections.block(ann, bob.school)
    assert [one.school for one in (await answers.of(ann, put.id)).shown] == [cleo.school]
    assert await findings() == ()


async def test_who_may_ask_and_answer_how_much_and_about_what() -> None:
    all_four = await around()
    ann, bob, dee = all_four.ann, all_four.bob, all_four.dee
    gus = replace(ann, role=Role.GOVERNOR)
    with pytest.raises(Forbidden):
        await asking.ask(gus, roofers())
    with pytest.raises(Invalid, match="No other school would be asked"):
        await asking.ask(dee, roofers(whom.connected()))
    with pytest.raises(Invalid, match="Choose whom to ask"):
        await asking.ask(ann, roofers(GrantChoice(GrantKind.EVERYONE)))
    with pytest.raises(Invalid) as refused:
        await asking.ask(ann, Wanted(category="zeppelins", words=" ", to=whom.near(5)))
    assert set(refused.value.fields) == {"text", "category"}
    with pytest.raises(Conflict, match="Only your school sees this supplier"):
        await asking.ask(ann, Wanted(supplier=await a_supplier(ann), words="Any good?", to=whom.near(5)))
    firm = await a_supplier(bob, "Kite Roofing", "roofing")
    await says(bob, firm)
    put = await asking.ask(ann, Wanted(supplier=firm, words="Any good?", to=whom.near(5)))
    with pytest.raises(Invalid, match="one supplier"):
        await answering.answer(bob, put.id, AnswersWith.SUPPLIER, firm)
    with pytest.raises(Forbidden):
        await answering.answer(replace(bob, role=Role.GOVERNOR), put.id, AnswersWith.VOUCH)
    assert (await answering.answer(bob, put.id, AnswersWith.REVIEW)).is_seen
    for _ in range(MOST_OPEN - 1):
        last = await asking.ask(ann, roofers())
    with pytest.raises(Conflict, match="open enquiries"):
        await asking.ask(ann, roofers())
    for _ in range(asking.MOST_LATELY - MOST_OPEN):
        await asking.close(ann, last.id)
        last = await asking.ask(ann, roofers())
    await asking.close(ann, last.id)
    with pytest.raises(Conflict, match="in 30 days"):
        await asking.ask(ann, roofers())
    with clock.at(clock.now() + timedelta(days=31)):
        await asking.ask(ann, roofers())


async def test_before_a_school_agrees_to_connect_it_is_told_which_enquiries_that_opens() -> None:
    all_four = await around()
    ann, bob, cleo = all_four.ann, all_four.bob, all_four.cleo
    await connections.accept(bob, await connections.ask(ann, bob.school))
    put = await asking.ask(ann, roofers(whom.connected()))
    assert put.schools == 1
    opens = (await consent.by_connecting(ann, cleo.school, WOULD_SEE)).opens
    assert [(one.what, one.id) for one in opens] == [("enquiry", put.id)]
    assert (await seen.listed(cleo)).asked_of_us == ()
    await connections.accept(cleo, await connections.ask(ann, cleo.school))
    assert [one.id for one in (await seen.listed(cleo)).asked_of_us] == [put.id]


async def test_what_is_hidden_nobody_reads_until_it_is_shown_again() -> None:
    all_four = await around()
    ann, bob = all_four.ann, all_four.bob
    put = await asking.ask(ann, roofers())
    await hidden.hide(ann, put.id)
    for viewer in (ann, bob):
        with pytest.raises(NotFound):
            await seen.one(viewer, put.id)
    async with signed_in(ann) as browser:
        assert "Do you know a good roofer?" in (await browser.get("/erasures/hidden")).text
        assert "Do you know a good roofer?" not in (await browser.get("/trail")).text
    with pytest.raises(NotFound):
        await hidden.show_again(bob, put.id)
    await hidden.show_again(ann, put.id)
    assert (await seen.one(bob, put.id)).id == put.id
    assert await findings() == ()


async def test_on_pages_a_question_is_asked_answered_shared_and_read() -> None:
    all_four = await around()
    ann, bob = all_four.ann, all_four.bob
    firm = await a_supplier(bob, "Kite Roofing", "roofing")
    async with signed_in(ann) as browser:
        page = await browser.get("/enquiries/new?need=leaking+roof")
        assert 'value="roofing" selected' in page.text
        assert "2 other schools" in text_of(page.text)
        assert "Letters tell of enquiries once a week" in text_of(page.text)
        needs = re.findall(r'<option value="[^"]+"[^>]*>([^<]+)</option>', page.text)
        assert needs == sorted(needs, key=str.casefold)
        wrong = await browser.post("/enquiries", data={"category": "roofing", "text": ""})
        assert wrong.status_code == 422
        for sentence in ("Say what you want to know.", "Choose whom to ask."):
            assert sentence in text_of(wrong.text)
        sent = await browser.post("/enquiries", data={"category": "roofing", "text": "Anyone?", "to": "near:5"})
        enquiry = sent.headers["location"]
        assert "No answer that you can read yet." in text_of((await browser.get(enquiry)).text)
    async with signed_in(bob) as browser:
        assert "1 enquiry of other schools waits for your answer." in text_of((await browser.get("/")).text)
        page = await browser.get(enquiry)
        assert f'name="supplier" type="radio" value="{firm}"' in page.text
        other = await a_supplier(bob, "Lark Guttering", "plumbing")
        assert f'value="{other}"' not in page.text
        found = (await browser.get(f"{enquiry}?name=guttering")).text
        assert f'value="{other}"' in found
        assert '<input type="hidden" name="name" value="guttering">' in found
        wrong = await browser.post(f"{enquiry}/answer", data={"answers_with": "", "supplier": str(other), "name": "guttering"})
        assert (wrong.status_code, "Choose how you answer." in wrong.text) == (422, True)
        assert f'value="{other}" checked' in wrong.text
        would_not = await reviews.review(bob, other, opinion=Opinion(interest=None, would_use_again=False), version=None)
        wrong = await browser.post(
            f"{enquiry}/answer", data={"answers_with": "vouch", "supplier": str(other), "name": "guttering"}
        )
        assert (wrong.status_code, "would not use them again" in text_of(wrong.text)) == (422, True)
        await reviews.withdraw(bob, would_not.id)
        sent = await browser.post(f"{enquiry}/answer", data={"answers_with": "vouch", "supplier": str(firm)})
        check = await browser.get(sent.headers["location"])
        assert f"{ann.school_name}, " in text_of(check.text)
        base = sent.headers["location"].partition("/check")[0]
        answered = parse_qs(urlencode(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', check.text)))
        assert (await browser.post(base, data=answered)).status_code == 303
    async with signed_in(ann) as browser:
        read = text_of((await browser.get(enquiry)).text)
        assert f"{bob.school_name} Kite Roofing" in read
        assert "Would use them again" in read
        assert "Schools gave 1 answer to what yours asks." in text_of((await browser.get("/")).text)
        closed = await browser.post(f"{enquiry}/close")
        assert closed.headers["location"] == enquiry


async def test_a_review_that_is_written_for_an_enquiry_leads_on_to_sharing_it() -> None:
    all_four = await around()
    ann, bob = all_four.ann, all_four.bob
    put = await asking.ask(ann, roofers())
    firm = await a_supplier(bob, "Kite Roofing", "roofing")
    async with signed_in(bob) as browser:
        sent = await browser.post(f"/enquiries/{put.id}/answer", data={"answers_with": "review", "supplier": str(firm)})
        form = await browser.get(sent.headers["location"])
        assert f'name="share_with" value="{ann.school}"' in form.text
        said = {"declared": "none", "rating": "4", "version": "", "share_with": str(ann.school)}
        written = await browser.post(f"/suppliers/{firm}/review", data=said)
        assert written.headers["location"].partition("/share/")[2].startswith(f"check?with=school&school={ann.school}&")
        assert (await browser.get(written.headers["location"])).status_code == 200


async def test_its_words_are_in_their_writers_copy_and_are_found_to_be_erased() -> None:
    ann = (await around()).ann
    put = await asking.ask(ann, replace(roofers(), words="Does Rob Reed mend roofs?"))
    with zipfile.ZipFile(io.BytesIO(await subject_access.give(ann, ann.person))) as copy:
        assert "Does Rob Reed mend roofs?" in copy.read("what-is-held.json").decode()
    async with database.read():
        (found,) = await finds.find(ann, ["Rob Reed"])
    assert (found.key, found.places, len(found.openings)) == (Subject.ENQUIRY.of(put.id), 2, 1)
    async with database.write():
        await blanking.blank(ann.school, found.key, found.texts)
    assert (await seen.one(ann, put.id)).words == ""

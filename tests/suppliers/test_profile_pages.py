"""One supplier's page: what is known of it, what schools say, and what may be done from there."""

from uuid import uuid4

import pytest

from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import GrantKind
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import signed_in
from tests.given.listed_suppliers import an_entry, manager
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")


async def test_another_schools_supplier_is_answered_like_none() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    own = (await directory.add(ann, name="Brightwater")).id
    async with signed_in(ben) as browser:
        for path in ("/suppliers/{}", "/suppliers/{}/edit"):
            theirs, nowhere = await browser.get(path.format(own)), await browser.get(path.format(uuid4()))
            assert (theirs.status_code, theirs.content) == (404, nowhere.content)
        for path in ("/suppliers/{}/use", "/suppliers/{}/stop", "/suppliers/{}/edit"):
            theirs = await browser.post(path.format(own), data={"name": "x y"})
            nowhere = await browser.post(path.format(uuid4()), data={"name": "x y"})
            assert (theirs.status_code, theirs.content) == (404, nowhere.content)


async def test_a_school_starts_and_stops_using_a_directory_entry() -> None:
    listed = str(await an_entry("Brightwater Windows Ltd"))
    async with signed_in(await manager("Beech Hill")) as browser:
        assert "We use them" in (await browser.get(f"/suppliers/{listed}")).text
        assert (await browser.post(f"/suppliers/{listed}/use")).status_code == 303
        assert "We no longer use them" in (await browser.get(f"/suppliers/{listed}")).text
        assert listed in (await browser.get("/suppliers")).text
        assert (await browser.post(f"/suppliers/{listed}/stop")).status_code == 303
        assert listed not in (await browser.get("/suppliers")).text


async def test_a_name_may_hold_any_sign_and_stays_text() -> None:
    nasty = '<script>alert(1)</script> & "Sons" Ltd'
    async with signed_in(await manager()) as browser:
        sent = await browser.post("/suppliers/new", data={"name": nasty})
        shown = await browser.get(sent.headers["location"])
        again = await browser.get("/suppliers/suggestions", params={"name": nasty})
    for answer in (shown, again):
        assert "<script>alert" not in answer.text
        assert "alert(1)" in answer.text


async def test_the_suppliers_page_shows_what_schools_say() -> None:
    ann, bob = await manager(), await manager("Elmwood School")
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    said = Opinion(interest=None, rating=4, would_use_again=True, praise="On time.", criticism="Dear.")
    review = (await reviews.review(ann, boilers, opinion=said, version=None)).id
    await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school),)))
    note = await notes.note(bob, boilers, about=About.GOOD, body="Came on a Sunday.")
    async with signed_in(bob) as browser:
        told = text_of((await browser.get(f"/suppliers/{boilers}")).text)
    assert "Of the other schools that share with you, 1 would use them again." in told
    assert "Oakfield Primary, Ashby" in told
    assert "Shared with your school. Schools may keep criticism for a direct conversation. Ask them." in told
    assert "On time." in told
    assert "Dear." not in told
    assert "Came on a Sunday." in told
    assert (await notes.ours(bob, note)).is_shared is False

"""Sam is caretaker of Oakfield: he opens a short list of pages, and reads there what he wrote himself and whom to ring."""

from operator import attrgetter
from uuid import UUID

import pytest

from base.refusals import Forbidden, Invalid
from base.viewer import KeyScope, Role
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, GrantKind
from sharing.accounts import share_code
from sharing.people import people
from sharing.sign_in import api_keys
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given import shut_out
from tests.given.routes import routes
from tests.given.town import Town

# Adding a route here is a decision: what does it tell somebody who is to read no opinion and no price?
OPEN = {
    "GET /account",
    "GET /account/address",
    "GET /account/password",
    "GET /account/prove-address/{token}",
    "GET /attachments/{attachment_id}",
    "GET /contracts/{contract_id}/events",
    "GET /contracts/{contract_id}/log",
    "GET /contracts/{contract_id}/promises",
    "GET /log",
    "GET /logged",
    "GET /note",
    "GET /notes/{note_id}",
    "GET /service-events/photos/{photo_id}",
    "GET /service-events/{job_id}",
    "GET /service-events/{job_id}/correct",
    "GET /service-events/{job_id}/stamp",
    "GET /service-events/{job_id}/stamps/{stamp_id}/correct",
    "GET /suppliers/numbers",
    "GET /suppliers/{supplier_id}",
    "GET /suppliers/{supplier_id}/notes/new",
    "GET /switch",
    "POST /account/address",
    "POST /account/password",
    "POST /account/prove-address/{token}",
    "POST /account/sign-out-elsewhere",
    "POST /account/sessions/{session}/end",
    "POST /contracts/{contract_id}/log",
    "POST /service-events/{job_id}/correct",
    "POST /service-events/{job_id}/photos",
    "POST /service-events/{job_id}/stamp",
    "POST /service-events/{job_id}/stamps/{stamp_id}/correct",
    "POST /suppliers/{supplier_id}/notes/new",
    "POST /switch",
}

WORDS = ("Late in March", "On time", "Dear in March", "Tidy in March", "Paid twice")  # of Oakfield's reviews, notes and files


@pytest.mark.pure
def test_what_is_open_to_site_staff_is_a_short_list() -> None:
    assert {route.key for route in routes() if route.is_open_to_site_staff and not route.is_public} == OPEN


async def test_every_other_page_refuses_site_staff_with_the_same_bytes_whatever_is_asked_for(town: Town) -> None:
    await shut_out.refused_with_the_same_bytes(town, "sam", attrgetter("is_open_to_site_staff"))


async def test_every_other_request_of_site_staff_is_refused_and_changes_nothing(town: Town) -> None:
    await shut_out.changes_nothing(town, "sam", attrgetter("is_open_to_site_staff"))


async def test_every_link_that_site_staff_are_shown_opens(town: Town) -> None:
    starts = ("/", "/account", f"/suppliers/{town.ids['boilers']}")
    seen = await shut_out.followed(town, "sam", *starts)
    assert {"/logged", "/suppliers/numbers", f"/notes/{town.ids['sams_note']}"} <= seen


async def test_they_read_their_own_note_with_its_file_and_nobody_elses(town: Town) -> None:
    async with town.browser("sam") as browser:
        own = await browser.get(f"/notes/{town.ids['sams_note']}")
        assert "Cold at seven." in own.text
        assert (await browser.get(f"/attachments/{town.ids['sams_file']}")).content == b"Paid twice in March."
        for name in ("note", "shared_note", "wide_note", "bobs_note", "hidden_note"):
            assert (await browser.get(f"/notes/{town.ids[name]}")).status_code == 404, name
        for name in ("file", "shared_file", "bobs_file", "hidden_file"):
            assert (await browser.get(f"/attachments/{town.ids[name]}")).status_code == 404, name


async def test_a_note_that_a_colleague_changed_is_the_colleagues(town: Town) -> None:
    """She may have added what he is not to read."""
    note = UUID(town.ids["sams_note"])
    await notes.revise(town.viewers["ann"], note, version=1, about=About.PROBLEM, body="Cold at seven; they overcharge too.")
    async with town.browser("sam") as browser:
        assert (await browser.get(f"/notes/{note}")).status_code == 404
        assert (await browser.get(f"/attachments/{town.ids['sams_file']}")).status_code == 404
        assert str(note) not in (await browser.get("/logged")).text


async def test_their_note_is_read_by_the_school_as_a_colleagues_is(town: Town) -> None:
    async with town.browser("ann") as ann, town.browser("gus") as gus:
        assert "Cold at seven." in (await ann.get(f"/suppliers/{town.ids['boilers']}")).text
        assert "Cold at seven." not in (await gus.get(f"/suppliers/{town.ids['boilers']}")).text


async def told_to_sam(town: Town) -> dict[str, str]:
    found = {}
    async with town.browser("sam") as browser:
        for path in ("/logged", "/suppliers/numbers", *(f"/suppliers/{town.ids[n]}" for n in ("boilers", "cleaning", "drains"))):
            answer = await browser.get(path)
            assert answer.status_code == 200, path
            found[path] = answer.text
    return found


async def test_nothing_that_anybody_says_of_a_supplier_changes_what_they_are_told(town: Town) -> None:
    before = await told_to_sam(town)
    assert not [word for word in WORDS if any(word in text for text in before.values())]
    ann, bob = town.viewers["ann"], town.viewers["bob"]
    boilers, cleaning, drains = (UUID(town.ids[name]) for name in ("boilers", "cleaning", "drains"))
    said = Opinion(interest=None, rating=1, criticism="Never came.", praise="Cheap.")
    await reviews.review(ann, boilers, opinion=said, version=1)
    await reviews.review(ann, drains, opinion=said, version=1)
    await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    everyone = AudienceChoice((GrantChoice(GrantKind.EVERYONE),))
    await shares.share(bob, OpinionKind.NOTE, await notes.note(bob, cleaning, about=About.GOOD, body="Very quick."), everyone)
    assert await told_to_sam(town) == before


async def test_the_numbers_are_of_suppliers_that_the_school_uses(town: Town) -> None:
    ann = town.viewers["ann"]
    await directory.add(ann, name="Wren Windows", identifiers={"phone": "01522 555 123"})
    await directory.add(town.viewers["bob"], name="Wick Windows", identifiers={"phone": "01522 555 124"})
    async with town.browser("sam") as browser:
        shown = (await browser.get("/suppliers/numbers", params={"text": "w"})).text
    assert "Wren Windows" in shown
    assert "01522555123" in shown
    assert "Wick Windows" not in shown


async def test_nobody_shares_with_them_by_name(town: Town) -> None:
    assert await share_code.of(town.viewers["sam"]) is None
    async with town.browser("sam") as browser:
        assert "share code" not in (await browser.get("/account")).text
    sam = town.viewers["sam"]
    named = GrantChoice(GrantKind.PERSON, sam.person, fields=ALL, at_school=sam.school)
    with pytest.raises(Invalid):
        await shares.share(town.viewers["bob"], OpinionKind.NOTE, UUID(town.ids["bobs_note"]), AudienceChoice((named,)))


async def test_an_api_key_of_another_role_opens_nothing_once_they_are_site_staff(town: Town) -> None:
    key = await api_keys.create(town.viewers["gus"], name="Old", days=30, scopes=set(KeyScope))
    await people.change_role(town.viewers["hal"], town.viewers["gus"].person, Role.SITE_STAFF)
    async with town.program(key) as program:
        assert (await program.get("/api/v1/recommendations?need=cleaning")).status_code == 401
    with pytest.raises(Forbidden):
        await api_keys.create(town.viewers["sam"], name="New", days=30, scopes=set(KeyScope))

"""Whose an address is: the one who opens a letter there. Squatters lose it, and nobody learns whether it has an account."""

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

import database
from audit.tables import Opening
from base.refusals import Conflict, Forbidden, Invalid
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from privacy import subject_access
from sharing.accounts import addresses, forgotten
from sharing.joining import joining
from sharing.operator import break_glass
from sharing.people import heads, people, withdrawing
from sharing.sign_in import api_keys, sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import ApiKey, KnownBrowser, OneTimeLink, Person, School, Session
from tests.given import builders
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_school,
    an_invitation,
    email_of,
    events_of,
    link_in,
    signed_in,
    stranger,
    token_in,
    travel,
)
from tests.given.letters import letters, letters_are_sent, link_of, text_of

a_person = partial(builders.a_person, proved=False)

REAL = "head@real-school.example"
HERS = "a quiet river at dawn"
HERE = "192.0.2.1"


@pytest.fixture
def mailing(db: Settings) -> Iterator[None]:
    with letters_are_sent():
        yield


async def account_of(viewer: Viewer) -> Person:
    async with database.read():
        found = await Person.objects().where(Person.id == viewer.person).first()
    assert found is not None
    return found


async def squatted(elm: School) -> Viewer:
    """Elm's manager invites the real head's address, and opens the link herself."""
    manager = await a_person(elm, Role.HEAD, "Eve Evans")
    invited = await people.invite(manager, email=REAL, role=Role.BUSINESS_MANAGER)
    for letter in letters(REAL):
        assert invited.address not in text_of(letter)
    if letters(REAL):
        link_of(REAL)
    return await joining.join(token_in(invited.address), name="Sly Squatter", password=PASSWORD)


async def invites_the_real_head(oak: School) -> str:
    """The link in the letter that her own school sends."""
    bea = await a_person(oak, Role.HEAD, "Bea Brook")
    async with signed_in(bea) as browser:
        page = await browser.post("/people/invite", data={"email": REAL.upper(), "role": "head"})
    assert "A letter is on its way to head@real-school.example" in page.text
    link = link_of(REAL)
    assert link not in page.text
    assert token_in(link) not in page.text
    return link


async def test_the_person_invited_gets_an_account_of_her_own_and_the_squatter_loses_the_address(mailing: None) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    squatter = await squatted(elm)
    await api_keys.create(squatter, name="Kept", days=30, scopes=[KeyScope.READ])
    await sessions.start(squatter.person, squatter.school)
    invited_by_squatter = await people.invite(squatter, email="more@elm.example", role=Role.GOVERNOR)
    link = await invites_the_real_head(oak)
    async with stranger() as browser:
        assert (await browser.post(link, data={"account": "yes", "password": HERS})).status_code == 422
        joined = await browser.post(link, data={"account": "no", "name": "Ria Real", "password": HERS})
        assert joined.status_code == 303
        assert "Ria Real</a> (you)" in (await browser.get("/people")).text
    lost = await account_of(squatter)
    assert (lost.email, lost.password_hash, lost.has_proved) == ("", "", False)
    assert await sign_in.sign_in(REAL, HERS, from_address=HERE)
    with pytest.raises(Invalid):
        await sign_in.sign_in(REAL, PASSWORD, from_address=HERE)
    with pytest.raises(Invalid):
        await sign_in.sign_in("", PASSWORD, from_address=HERE)
    with pytest.raises(DeadLink):
        await joining.offer_of(token_in(invited_by_squatter.address))
    async with database.read():
        assert not await Session.exists().where(Session.person == squatter.person)
        assert not await KnownBrowser.exists().where(KnownBrowser.person == squatter.person)
        assert not await ApiKey.exists().where((ApiKey.person == squatter.person) & ApiKey.revoked_at.is_null())
        told = await Opening.select(Opening.value).where(Opening.value.like("%Ria Real%"))
    assert (await events_of(elm.id))[-1] == "address.lost"
    assert len(told) == 2, "only her own school knows her: as who acts, and who joined"


async def test_the_school_of_the_squatter_sees_that_the_address_is_not_proved(mailing: None) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    squatter = await squatted(elm)
    await joining.join(token_in(await invites_the_real_head(oak)), name="Ria Real", password=HERS)
    eve = next(one for one in await people.colleagues(squatter) if one.name == "Eve Evans")
    async with signed_in(Viewer(eve.id, eve.name, elm.id, elm.name, eve.role)) as browser:
        listed = (await browser.get("/people")).text
        one = (await browser.get(f"/people/{squatter.person}")).text
        assert "Sly Squatter" in listed
        assert REAL not in listed
        assert "Address not proved. Somebody else opened a letter" in one
        reset = await browser.post(f"/people/{squatter.person}/password-link")
        assert (reset.status_code, "lost its address" in reset.text) == (409, True)
        assert (await browser.post(f"/people/{squatter.person}/remove", data={"sure": "yes"})).status_code == 303


async def test_a_school_whose_only_writer_lost_the_address_can_be_begun_anew(mailing: None) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    operator = await a_person(oak, Role.HEAD, "Olive", operator=True)
    invited = await people.invite(operator, email=REAL, role=Role.BUSINESS_MANAGER, school=elm.id)
    link_of(REAL)
    await joining.join(token_in(invited.address), name="Sly Squatter", password=PASSWORD)
    with pytest.raises(Forbidden):
        await people.invite(operator, email="eve@elm.example", role=Role.BUSINESS_MANAGER, school=elm.id)
    await people.invite(operator, email=REAL, role=Role.GOVERNOR)
    await joining.join(token_in(link_of(REAL)), name="Ria Real", password=HERS)
    made = await people.invite(operator, email="eve@elm.example", role=Role.BUSINESS_MANAGER, school=elm.id)
    assert made.school_name == "Elm"


async def test_whoever_has_the_account_keeps_it_and_proves_the_address_by_joining(mailing: None) -> None:
    oak, elm = await a_school("Oak"), await a_school("Elm")
    ann = await a_person(oak, email="ann@oak.example")
    eve = await a_person(elm, Role.HEAD, "Eve Evans")
    assert not (await account_of(ann)).has_proved
    await people.invite(eve, email="ann@oak.example", role=Role.GOVERNOR)
    joined = await joining.join_with_account(token_in(link_of("ann@oak.example")), password=PASSWORD, from_address=HERE)
    assert joined.person == ann.person
    assert (await account_of(ann)).has_proved_by_mail
    assert (await events_of(oak.id))[-1] == (await events_of(elm.id))[-1] == "address.proved"


async def test_a_link_that_was_handed_on_proves_nothing(mailing: None) -> None:
    elm = await a_school("Elm")
    eve = await a_person(elm, Role.HEAD, "Eve Evans")
    async with signed_in(eve) as browser:
        page = (await browser.post("/people/invite", data={"email": "ann@elm.example", "role": "governor"})).text
        by_hand = link_in(page)
        ann = await joining.join(token_in(by_hand), name="Ann Archer", password=PASSWORD)
        assert not (await account_of(ann)).has_proved
        assert "Address not proved" in (await browser.get("/people")).text
        with pytest.raises(DeadLink):
            await joining.offer_of(token_in(link_of("ann@elm.example")))


async def test_a_link_in_a_letter_works_once_and_dies_with_the_invitation(mailing: None) -> None:
    elm = await a_school("Elm")
    eve = await a_person(elm, Role.HEAD, "Eve Evans")
    for address in ("ann@elm.example", "bob@elm.example"):
        await people.invite(eve, email=address, role=Role.GOVERNOR)
    used, withdrawn = token_in(link_of("ann@elm.example")), token_in(link_of("bob@elm.example"))
    await joining.join(used, name="Ann Archer", password=PASSWORD)
    open_one = next(one for one in await people.invited(eve) if one.email == "bob@elm.example")
    await withdrawing.withdraw_invitation(eve, open_one.id)
    for token in (used, withdrawn):
        with pytest.raises(DeadLink):
            await joining.join(token, name="Ann Again", password=PASSWORD)
    async with database.read():
        assert used not in str(await OneTimeLink.select())


async def test_looking_at_the_link_of_a_letter_changes_nothing(mailing: None) -> None:
    """Programs that look for viruses open it."""
    elm, oak = await a_school("Elm"), await a_school("Oak")
    squatter = await squatted(elm)
    link = await invites_the_real_head(oak)
    async with stranger() as browser:
        assert (await browser.get(link)).status_code == 200
        assert (await browser.head(link)).status_code == 200
    assert (await account_of(squatter)).email == REAL


async def test_of_two_invitations_at_once_one_account_proves_the_address(mailing: None) -> None:
    tokens = []
    for name in ("Elm", "Oak"):
        head = await a_person(await a_school(name), Role.HEAD, f"Head of {name}")
        await people.invite(head, email=REAL, role=Role.HEAD)
        tokens.append(token_in(link_of(REAL)))
    tries = await asyncio.gather(
        *(joining.join(token, name="Ria Real", password=HERS) for token in tokens), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in tries) == ["Conflict", "Viewer"]
    left = tokens[[isinstance(one, Conflict) for one in tries].index(True)]
    assert (await joining.join_with_account(left, password=HERS, from_address=HERE)).name == "Ria Real"
    async with database.read():
        assert await Person.count().where(Person.email == REAL) == 1


async def test_several_who_claim_an_address_sign_in_each_with_their_own_password(db: Settings) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    one, other = await a_person(elm, email=REAL), await a_person(oak, email=REAL)
    await new_password_of(other, oak, HERS)
    for password, person in ((PASSWORD, one), (HERS, other)):
        viewer = await sessions.viewer_of(await sign_in.sign_in(REAL, password, from_address=HERE))
        assert viewer is not None
        assert viewer.person == person.person


async def test_a_success_of_one_claimant_forgives_no_guess_at_another(db: Settings) -> None:
    """Otherwise a squatter's own password would make guessing at the real one free."""
    elm, oak = await a_school("Elm"), await a_school("Oak")
    await a_person(oak, email=REAL)
    squatter = await a_person(elm, email=REAL)
    await new_password_of(squatter, elm, HERS)
    slowed = False
    for _ in range(6):
        try:
            with pytest.raises(Invalid):
                await sign_in.sign_in(REAL, "a wrong guess indeed", from_address=HERE)
            await sign_in.sign_in(REAL, HERS, from_address=HERE)
        except Exception:
            slowed = True
            break
    assert slowed


async def test_a_browser_known_to_one_claimant_never_tries_the_password_of_another(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    await a_person(oak, email=REAL)
    squatter = await a_person(elm, email=REAL)
    await new_password_of(squatter, elm, HERS)
    async with stranger() as browser:
        assert (await browser.post("/sign-in", data={"email": REAL, "password": HERS})).status_code == 303
        assert (await browser.post("/sign-in", data={"email": REAL, "password": PASSWORD})).status_code == 422
    travel(monkeypatch, minutes=10)
    async with stranger() as browser:
        assert (await browser.post("/sign-in", data={"email": REAL, "password": PASSWORD})).status_code == 303


async def new_password_of(viewer: Viewer, school: School, password: str) -> None:
    await joining.set_password(token_in(await link_for(viewer, school)), password=password)


async def link_for(viewer: Viewer, school: School) -> str:
    return await break_glass.reset(school.id, viewer.person, reason="Forgot it.", posted=True)


async def test_without_mail_a_head_confirms_in_person_and_nobody_for_themselves(db: Settings) -> None:
    elm = await a_school("Elm")
    eve, ann = await a_person(elm, Role.HEAD, "Eve Evans"), await a_person(elm, name="Ann Archer")
    async with signed_in(ann) as browser:
        assert (await browser.post(f"/people/{eve.person}/confirm-address")).status_code == 403
        assert "/confirm-address" not in (await browser.get(f"/people/{eve.person}")).text
    async with signed_in(eve) as browser:
        assert "Address not proved" in (await browser.get("/people")).text
        assert (await browser.post(f"/people/{eve.person}/confirm-address")).status_code == 403
        assert "I asked, and it is theirs" in (await browser.get(f"/people/{ann.person}")).text
        assert (await browser.post(f"/people/{ann.person}/confirm-address")).status_code == 303
        assert (await browser.post(f"/people/{ann.person}/confirm-address")).status_code == 409
    found = await account_of(ann)
    assert (found.has_proved, found.has_proved_by_mail, found.address_proved_by) == (True, False, eve.person)
    assert (await events_of(elm.id))[-1] == "address.confirmed"


async def test_where_letters_are_sent_nobody_confirms_in_person(mailing: None) -> None:
    elm = await a_school("Elm")
    eve, ann = await a_person(elm, Role.HEAD, "Eve Evans"), await a_person(elm, name="Ann Archer")
    with pytest.raises(Forbidden, match="prove their own address"):
        await addresses.confirm(eve, ann.person)


async def test_the_mailbox_beats_a_head_who_confirmed_somebody_else(db: Settings) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    squatter = await squatted(elm)
    eve = next(one for one in await people.colleagues(squatter) if one.name == "Eve Evans")
    await addresses.confirm(Viewer(eve.id, eve.name, elm.id, elm.name, eve.role), squatter.person)
    with letters_are_sent():
        await joining.join(token_in(await invites_the_real_head(oak)), name="Ria Real", password=HERS)
    assert (await account_of(squatter)).email == ""


async def test_somebody_from_before_proves_her_address_and_changes_it(mailing: None) -> None:
    oak, elm = await a_school("Oak"), await a_school("Elm")
    ann = await a_membership(await a_person(oak, email="ann@oak.example"), elm, Role.GOVERNOR)
    async with signed_in(ann) as browser:
        assert "Prove that your e-mail address is yours" in (await browser.get("/account")).text
        assert "Nobody has proved yet" in (await browser.get("/account/address")).text
        wrong = await browser.post("/account/address", data={"email": "ann@oak.example", "password": "not the right one"})
        assert wrong.status_code == 422
        await browser.post("/account/address", data={"email": "Ann@Oak.example", "password": PASSWORD})
        link = link_of("ann@oak.example")
        assert (await browser.get(link)).status_code == 200
        assert not (await account_of(ann)).has_proved
        assert (await browser.post(link)).status_code == 303
        assert (await account_of(ann)).has_proved_by_mail
        assert (await browser.post(link)).status_code == 404
        await browser.post("/account/address", data={"email": "ann@new.example", "password": PASSWORD})
        assert (await browser.post(link_of("ann@new.example"))).status_code == 303
    assert await email_of(ann) == "ann@new.example"
    assert "was changed" in str(letters("ann@oak.example")[0]["Subject"])
    for school in (oak, elm):
        assert (await events_of(school.id)).count("address.proved") == 2


async def test_nobody_proves_an_address_for_somebody_elses_account(mailing: None) -> None:
    """Sly asks for a letter to Ria's address; Ria opens it. Without Sly's session it does nothing."""
    elm, oak = await a_school("Elm"), await a_school("Oak")
    sly, ria = await a_person(elm, name="Sly Smith"), await a_person(oak, name="Ria Real", email=REAL)
    await addresses.ask_to_prove(sly, email=REAL, password=PASSWORD)
    link = link_of(REAL)
    async with signed_in(ria) as browser:
        assert (await browser.get(link)).status_code == 404
        assert (await browser.post(link)).status_code == 404
    async with stranger() as browser:
        assert (await browser.post(link)).status_code == 303
    assert (await email_of(sly)) != REAL
    assert not (await account_of(ria)).has_proved


async def test_nobody_takes_an_address_that_somebody_else_proved(mailing: None) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    ria, sly = await a_person(oak, email=REAL), await a_person(elm, name="Sly Smith")
    for viewer in (ria, sly):
        await addresses.ask_to_prove(viewer, email=REAL, password=PASSWORD)
        token = token_in(link_of(REAL))
        if viewer is ria:
            await addresses.prove(ria, token)
    with pytest.raises(Conflict, match="proved it there"):
        await addresses.prove(sly, token)
    assert (await account_of(ria)).has_proved_by_mail


async def test_a_letter_can_be_asked_for_twice_and_then_seldom(mailing: None) -> None:
    ann = await a_person(await a_school(), email="ann@oak.example")
    for _ in range(2):
        await addresses.ask_to_prove(ann, email="victim@inbox.example", password=PASSWORD)
    with pytest.raises(Exception, match="Wait"):
        await addresses.ask_to_prove(ann, email="victim@inbox.example", password=PASSWORD)
    assert len(letters("victim@inbox.example")) == 2


async def test_a_school_fills_nobodys_inbox_with_invitations(mailing: None) -> None:
    eve = await a_person(await a_school(), Role.HEAD, "Eve Evans")
    made = [await people.invite(eve, email="victim@inbox.example", role=Role.GOVERNOR) for _ in range(5)]
    assert len(letters("victim@inbox.example")) == 2
    assert [bool(one.letter) for one in made] == [True, True, False, False, False]
    async with signed_in(eve) as browser:
        page = await browser.post("/people/invite", data={"email": "victim@inbox.example", "role": "governor"})
    assert "written to this address often enough" in page.text


@pytest.mark.parametrize("typed", ["ann@oák.example", "ａnn@oak.example", "ann@oak.example\nBcc: all@oak.example"])
async def test_letters_go_to_plain_addresses_only(mailing: None, typed: str) -> None:
    eve = await a_person(await a_school(), Role.HEAD, "Eve Evans")
    with pytest.raises(Invalid):
        await people.invite(eve, email=typed, role=Role.GOVERNOR)
    assert letters() == []


async def test_what_is_behind_a_plus_sign_is_another_address(mailing: None) -> None:
    ann = await a_person(await a_school(), email="ann@oak.example")
    await addresses.ask_to_prove(ann, email="ann+vouch@oak.example", password=PASSWORD)
    await addresses.prove(ann, token_in(link_of("ann+vouch@oak.example")))
    await forgotten.ask("ann@oak.example", from_address=HERE)
    await forgotten.stop()
    assert not [letter for letter in letters() if "new password" in letter["Subject"]]


async def test_a_naming_by_or_of_a_squatter_ends_with_the_address(mailing: None) -> None:
    elm, oak = await a_school("Elm"), await a_school("Oak")
    operator = await a_person(oak, Role.HEAD, "Olive", operator=True)
    invited = await people.invite(operator, email=REAL, role=Role.BUSINESS_MANAGER, school=elm.id)
    link_of(REAL)
    squatter = await joining.join(token_in(invited.address), name="Sly Squatter", password=PASSWORD)
    await heads.name(squatter, squatter.person)
    assert len(await heads.to_confirm(operator)) == 1
    await people.invite(operator, email=REAL, role=Role.HEAD)
    await joining.join(token_in(link_of(REAL)), name="Ria Real", password=HERS)
    assert await heads.to_confirm(operator) == ()


async def test_nobody_belongs_to_a_school_twice_with_one_address(mailing: None) -> None:
    elm = await a_school("Elm")
    eve, ann = await a_person(elm, Role.HEAD, "Eve Evans"), await a_person(elm, name="Ann Archer")
    await people.invite(eve, email="new@elm.example", role=Role.GOVERNOR)
    invitation = token_in(link_of("new@elm.example"))
    await addresses.ask_to_prove(ann, email="new@elm.example", password=PASSWORD)
    await addresses.prove(ann, token_in(link_of("new@elm.example")))
    with pytest.raises(Conflict):
        await joining.join(invitation, name="Ann Again", password=HERS)
    by_hand = await a_letterless_invitation(elm)
    with pytest.raises(Conflict, match="already belongs"):
        await joining.join(by_hand, name="Ann Again", password=HERS)


async def a_letterless_invitation(school: School) -> str:
    """By somebody who was told the address before it became a colleague's."""
    made: Any = None
    with pytest.raises(Conflict):
        made = await an_invitation(school, email="new@elm.example")
    assert made is None
    invitation = await an_invitation(school, email="other@elm.example")
    async with database.write():
        await OneTimeLink.update({OneTimeLink.email: "new@elm.example"}).where(OneTimeLink.email == "other@elm.example")
    return token_in(invitation.address)


async def test_an_operator_whose_address_somebody_else_proved_gets_another_at_the_command_line(mailing: None) -> None:
    oak, elm = await a_school("Oak"), await a_school("Elm")
    olive = await a_person(oak, Role.HEAD, "Olive", email=REAL, operator=True)
    eve = await a_person(elm, Role.HEAD, "Eve Evans")
    await people.invite(eve, email=REAL, role=Role.GOVERNOR)
    await joining.join(token_in(link_of(REAL)), name="Ria Real", password=HERS)
    with pytest.raises(Conflict, match="lost its address"):
        await link_for(olive, oak)
    assert await addresses.confirm_at_the_command_line(oak.id, "olive@oak.example") == "Olive"
    await new_password_of(olive, oak, HERS)
    assert await sign_in.sign_in("olive@oak.example", HERS, from_address=HERE)
    assert not (await account_of(olive)).has_proved_by_mail
    with pytest.raises(Invalid, match="Nobody at Elm"):
        await addresses.confirm_at_the_command_line(elm.id, "nobody@elm.example")


async def test_the_copy_of_what_is_held_says_how_the_address_was_proved(mailing: None) -> None:
    elm = await a_school("Elm")
    ann = await a_person(elm, email="ann@elm.example")
    await addresses.ask_to_prove(ann, email="ann@elm.example", password=PASSWORD)
    for told in ("not proved", "by the link in a letter"):
        held = json.loads(zipfile.ZipFile(io.BytesIO(await subject_access.give(ann, ann.person))).read("what-is-held.json"))
        assert held["person"]["address_proof"] == told
        assert "address" in {link["purpose"] for link in held["links"]}
        if told == "not proved":
            await addresses.prove(ann, token_in(link_of("ann@elm.example")))

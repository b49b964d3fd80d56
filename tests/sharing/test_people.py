"""The people of a school: always somebody who can invite, and nobody reaches another school's people."""

import asyncio
from uuid import uuid4

import pytest

import database
from audit.tables import Entry, Opening
from base.refusals import Conflict, Forbidden, NotFound
from base.settings import Settings
from base.viewer import Role
from sharing.accounts import new_passwords
from sharing.joining import joining
from sharing.operator import break_glass
from sharing.people import people
from sharing.sign_in import sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import Membership, OneTimeLink, Person, School
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_school,
    an_invitation,
    email_of,
    events_of,
    link_in,
    signed_in,
    stranger,
    token_in,
)

ADDRESS = "192.0.2.1"


async def test_a_governor_sees_the_people_and_can_change_nothing(db: Settings) -> None:
    oakfield = await a_school()
    ann, gov = await a_person(oakfield), await a_person(oakfield, Role.GOVERNOR, "Gail Gray")
    async with signed_in(gov) as browser:
        page = (await browser.get("/people")).text
        assert "Ann Archer" in page
        assert "Invite somebody" not in page
        refused = [
            await browser.post("/people/invite", data={"email": "x@y.example", "role": "head"}),
            await browser.post(f"/people/{ann.person}/remove", data={"sure": "yes"}),
            await browser.post(f"/people/{gov.person}/role", data={"role": "head"}),
            await browser.post(f"/people/{ann.person}/password-link"),
            await browser.get("/people/invite"),
        ]
    assert {answer.status_code for answer in refused} == {403}
    assert len(await people.colleagues(ann)) == 2


async def test_removing_a_colleague_takes_effect_at_the_next_request(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    async with signed_in(bob) as his, signed_in(ann) as hers:
        assert (await his.get("/people")).status_code == 200
        unsure = await hers.post(f"/people/{bob.person}/remove")
        assert unsure.status_code == 422
        assert (await his.get("/people")).status_code == 200
        assert (await hers.post(f"/people/{bob.person}/remove", data={"sure": "yes"})).status_code == 303
        assert (await his.get("/people")).status_code == 303
        assert "Bob Brown" not in (await hers.get("/people")).text
    assert (await events_of(oakfield.id))[-1] == "person.removed"


async def test_a_membership_that_ended_by_any_way_ends_the_session(db: Settings) -> None:
    ann = await a_person(await a_school())
    token = await sessions.start(ann.person, ann.school)
    async with database.write():
        await Membership.delete(force=True)
    assert await sessions.viewer_of(token) is None


async def test_a_leaver_takes_open_invitations_along(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield, Role.HEAD), await a_person(oakfield, Role.HEAD, "Bob Brown")
    back_door = await people.invite(bob, email="bobs.friend@school.example", role=Role.HEAD)
    await people.remove(ann, bob.person)
    with pytest.raises(DeadLink):
        await joining.offer_of(token_in(back_door.address))


async def test_a_leaver_keeps_other_schools(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    ann = await a_person(oakfield, Role.HEAD)
    bob = await a_membership(await a_person(oakfield, name="Bob Brown"), elm)
    at_elm = await sessions.start(bob.person, elm.id)
    await people.remove(ann, bob.person)
    viewer = await sessions.viewer_of(at_elm)
    assert viewer is not None
    assert (viewer.school_name, viewer.several_schools) == ("Elm", False)


async def test_the_last_who_can_invite_can_neither_leave_nor_be_made_governor(db: Settings) -> None:
    oakfield = await a_school()
    ann = await a_person(oakfield)
    await a_person(oakfield, Role.GOVERNOR, "Gail Gray")
    with pytest.raises(Conflict, match="only one"):
        await people.remove(ann, ann.person)
    with pytest.raises(Forbidden, match="own role"):
        await people.change_role(ann, ann.person, Role.GOVERNOR)
    bob = await a_person(oakfield, Role.HEAD, "Bob Brown")
    await people.remove(ann, ann.person)
    assert [c.name for c in await people.colleagues(bob)] == ["Bob Brown", "Gail Gray"]


async def test_two_who_remove_each_other_at_once_do_not_both_succeed(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield, Role.HEAD), await a_person(oakfield, Role.HEAD, "Bob Brown")
    await asyncio.gather(people.remove(ann, bob.person), people.remove(bob, ann.person), return_exceptions=True)
    assert len(await people.colleagues(ann)) == 1


async def test_a_school_with_one_who_can_invite_is_told_so(db: Settings) -> None:
    oakfield = await a_school()
    async with signed_in(await a_person(oakfield)) as browser:
        assert "invite a second person who may write" in (await browser.get("/people")).text
        await a_person(oakfield, Role.GOVERNOR, "Gail Gray")
        assert "invite a second person who may write" in (await browser.get("/people")).text
        await a_person(oakfield, Role.HEAD, "Bob Brown")
        assert "invite a second person who may write" not in (await browser.get("/people")).text


async def test_a_new_role_counts_at_once_and_is_in_the_trail(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield, Role.HEAD), await a_person(oakfield, name="Bob Brown")
    token = await sessions.start(bob.person, bob.school)
    async with signed_in(ann) as browser:
        same = await browser.post(f"/people/{bob.person}/role", data={"role": "business_manager"})
        assert same.status_code == 422
        assert (await browser.post(f"/people/{bob.person}/role", data={"role": "governor"})).status_code == 303
    assert await sessions.viewer_of(token) is None, "a new role needs a new session"
    again = await sessions.viewer_of(await sign_in.sign_in(await email_of(bob), PASSWORD, from_address=ADDRESS))
    assert again is not None
    assert again.role is Role.GOVERNOR
    assert (await events_of(oakfield.id))[-1] == "role.changed"


async def test_another_schools_people_are_not_found_and_nothing_changes(db: Settings) -> None:
    ann = await a_person(await a_school("Oakfield"), Role.HEAD)
    eve = await a_person(await a_school("Elm"), name="Eve Evans")
    theirs = await people.invite(eve, email="x@elm.example", role=Role.GOVERNOR)
    link = (await people.invited(eve))[0].id
    before = await _world()
    async with signed_in(ann) as browser:
        answers = [
            await browser.get(f"/people/{eve.person}"),
            await browser.post(f"/people/{eve.person}/remove", data={"sure": "yes"}),
            await browser.post(f"/people/{eve.person}/role", data={"role": "governor"}),
            await browser.post(f"/people/{eve.person}/password-link"),
            await browser.post(f"/people/invitations/{link}/withdraw"),
            await browser.get("/people/invite-school"),
            await browser.post("/people/invite-school", data={"school": str(eve.school), "email": "a@b.example", "role": "head"}),
        ]
        nobody = await browser.get(f"/people/{uuid4()}")
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {nobody.content}
    assert await _world() == before
    assert (await joining.offer_of(token_in(theirs.address))).email == "x@elm.example"
    with pytest.raises(NotFound):
        await people.invite(ann, email="a@b.example", role=Role.HEAD, school=eve.school)


async def test_a_new_password_link_sets_it_once_and_signs_out_everywhere(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield, Role.HEAD), await a_person(oakfield, name="Bob Brown")
    old = await sessions.start(bob.person, bob.school)
    async with signed_in(ann) as browser:
        link = link_in((await browser.post(f"/people/{bob.person}/password-link")).text)
    async with stranger() as browser:
        assert "Choose a new password" in (await browser.get(link)).text
        assert (await browser.post(link, data={"password": "bob.brown"})).status_code == 422
        assert (await browser.post(link, data={"password": "violet tractor hums"})).status_code == 303
        assert (await browser.post(link, data={"password": "another tractor hums"})).status_code == 404
    assert await sessions.viewer_of(old) is None
    assert await sign_in.sign_in(await email_of(bob), "violet tractor hums", from_address=ADDRESS)
    assert (await events_of(oakfield.id))[-2:] == ["password_link.made", "password.changed"]


async def test_a_new_password_link_never_reaches_further_than_the_school(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    operator = await a_person(oakfield, Role.HEAD, "Olga Oak", operator=True)
    ann = await a_person(oakfield)
    both = await a_membership(await a_person(oakfield, name="Bob Brown"), elm)
    head = await a_person(oakfield, Role.HEAD, "Hal Hall")
    for person in (operator, both, head):
        with pytest.raises(Forbidden, match="runs this installation"):
            await new_passwords.make_link(ann, person.person)
    with pytest.raises(Forbidden, match="runs this installation"):
        await new_passwords.make_link(operator, both.person)
    assert await break_glass.reset(elm.id, both.person, reason="Nobody else can.", posted=True)
    assert (await events_of(oakfield.id))[-1] == (await events_of(elm.id))[-1] == "break_glass.reset"
    assert await new_passwords.make_link(head, ann.person)


async def test_somebody_who_belongs_already_is_not_invited_again(db: Settings) -> None:
    oakfield = await a_school()
    ann = await a_person(oakfield, email="ann@oakfield.example")
    with pytest.raises(Conflict, match="already belongs"):
        await people.invite(ann, email="ANN@oakfield.example", role=Role.GOVERNOR)


async def test_a_school_cannot_pile_up_invitations(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_INVITATIONS", 2)
    oakfield = await a_school()
    await _invitation(oakfield, "a@school.example")
    await _invitation(oakfield, "b@school.example")
    with pytest.raises(Conflict, match="open invitations"):
        await _invitation(oakfield, "c@school.example")


async def test_names_and_e_mails_can_be_erased_from_the_trail(db: Settings) -> None:
    oakfield = await a_school()
    ann = await a_person(oakfield)
    bob = await a_person(oakfield, name="Bob Brown", email="bob@oakfield.example")
    await people.remove(ann, bob.person)
    async with database.read():
        kept = await Opening.select(Opening.field, Opening.value)
    told = [row["field"] for row in kept if "bob@oakfield.example" in row["value"]]
    assert told == ["personal.email"] * 3
    assert {row["field"] for row in kept if "Bob Brown" in row["value"]} == {"personal.name", "actor"}


async def test_the_operator_lists_who_has_an_account_at_which_school(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    await a_person(oakfield, Role.HEAD, email="ann@oakfield.example")
    eve = await a_person(elm, name="Eve Evans", email="eve@elm.example")
    bob = await a_person(elm, name="Bob Brown")
    await people.remove(eve, bob.person)
    listed = [(row["school"], row["name"], row["email"], row["role"]) for row in await people.everybody(None)]
    eves, anns = (
        ("Elm", "Eve Evans", "eve@elm.example", "business_manager"),
        ("Oakfield", "Ann Archer", "ann@oakfield.example", "head"),
    )
    assert listed == [eves, anns]
    assert [row["name"] for row in await people.everybody(oakfield.id)] == ["Ann Archer"]


async def _invitation(school: School, email: str = "bob@school.example") -> str:
    return token_in((await an_invitation(school, email=email)).address)


async def _world() -> list[list[str]]:
    async with database.read():
        rows = [
            await Person.select(),
            await Membership.select(),
            await OneTimeLink.select(),
            await Entry.select(Entry.idx, Entry.trail),
        ]
    return [sorted(map(str, part)) for part in rows]

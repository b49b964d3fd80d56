"""What no single school and no single person can do: reset somebody of several schools, or make a school's first head."""

from datetime import timedelta
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import Conflict, Forbidden, NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.accounts import new_passwords
from sharing.auditors import auditors, listing
from sharing.joining import joining
from sharing.members.tables import HeadNaming
from sharing.people import heads, people
from sharing.sign_in import one_time_links, sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import School
from suppliers.directory import directory
from suppliers.opinions import notes
from suppliers.opinions.notes import About
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_school,
    an_invitation,
    email_of,
    events_of,
    link_in,
    school_of,
    signed_in,
    stranger,
    token_in,
    travel,
)

SECRET = "Came late in March and swore."
ANOTHER = "a quiet river at dawn"


async def an_audit(head: Viewer, auditor: Viewer) -> None:
    """``auditor`` reads the whole trail of the head's school, with the account that they have."""
    until = clock.today() + timedelta(days=30)
    granted = await auditors.grant(head, email=await email_of(auditor), reason="Audit.", until=until)
    await joining.join_with_account(token_in(granted.address), password=PASSWORD, from_address="")


async def test_a_head_does_not_read_another_schools_trail_through_a_colleague_who_audits_it(db: Settings) -> None:
    """As it was done: a link for her new password, signed in as her, switched to the school that she audits."""
    ash, elm = await a_school("Ash Primary"), await a_school("Elm Primary")
    ashs_head = await a_person(ash, Role.HEAD, "Hal Ash")
    manager, elms_head = await a_person(elm, name="Mo Elm"), await a_person(elm, Role.HEAD, "Eve Elm")
    supplier = (await directory.add(ashs_head, name="Ashby Boilers")).id
    await notes.note(ashs_head, supplier, about=About.PROBLEM, body=SECRET, files=[])
    await an_audit(ashs_head, manager)
    async with signed_in(elms_head) as browser:
        answer = await browser.post(f"/people/{manager.person}/password-link")
        assert answer.status_code == 403
        assert "Heads of two of their schools can, if both agree" in answer.text
        assert "/new-password/" not in answer.text
        assert f"/people/{manager.person}/password-link" not in (await browser.get(f"/people/{manager.person}")).text
    assert "password_link.made" not in await events_of(elm.id)
    async with signed_in(manager) as browser:
        assert (await browser.post("/switch", data={"school": str(ash.id)})).status_code == 303
        assert SECRET in (await browser.get("/api/v1/trail/entries")).text, "it is worth having"


async def test_nor_with_a_link_made_before_she_began_to_audit(db: Settings) -> None:
    ash, elm = await a_school("Ash Primary"), await a_school("Elm Primary")
    ashs_head, elms_head = await a_person(ash, Role.HEAD, "Hal Ash"), await a_person(elm, Role.HEAD, "Eve Elm")
    manager = await a_person(elm, name="Mo Elm")
    link = token_in(await new_passwords.make_link(elms_head, manager.person))
    await an_audit(ashs_head, manager)
    with pytest.raises(DeadLink):
        await joining.set_password(link, password=ANOTHER)


async def test_a_business_manager_does_not_become_head_by_a_second_address(db: Settings) -> None:
    elm = await a_school("Elm Primary")
    manager, head = await a_person(elm, name="Mo Elm"), await a_person(elm, Role.HEAD, "Eve Elm")
    async with signed_in(manager) as browser:
        own = await browser.post("/people/invite", data={"email": "mo.too@school.example", "role": "head"})
        assert own.status_code == 403
        assert "Only a head invites a head" in own.text
        offered = (await browser.get("/people/invite")).text
        assert ('value="governor"' in offered, 'value="head"' in offered) == (True, False)
        lowered = await browser.post(f"/people/{head.person}/role", data={"role": "business_manager"})
        assert lowered.status_code == 403
        assert (await browser.post(f"/people/{head.person}/password-link")).status_code == 403
        assert (await browser.post(f"/people/{head.person}/remove", data={"sure": "yes"})).status_code == 403
        assert (await browser.post(f"/people/{manager.person}/role", data={"role": "head"})).status_code == 403
    second = await people.invite(manager, email="mo.too@school.example", role=Role.BUSINESS_MANAGER)
    other = await joining.join(token_in(second.address), name="Mo Too", password=PASSWORD)
    with pytest.raises(Forbidden, match="Only a head makes somebody head"):
        await people.change_role(other, manager.person, Role.HEAD)
    assert {c.name: c.role for c in await people.colleagues(head)}["Eve Elm"] is Role.HEAD


async def test_a_head_who_was_lowered_has_no_invitation_left_to_rise_by(db: Settings) -> None:
    elm = await a_school("Elm Primary")
    one, other = await a_person(elm, Role.HEAD, "Eve Elm"), await a_person(elm, Role.HEAD, "Ivo Elm")
    back_door = await people.invite(one, email="eve.too@school.example", role=Role.HEAD)
    await people.change_role(other, one.person, Role.BUSINESS_MANAGER)
    with pytest.raises(DeadLink):
        await joining.join(token_in(back_door.address), name="Eve Too", password=PASSWORD)


async def test_what_somebody_may_is_read_when_they_act_and_not_when_they_signed_in(db: Settings) -> None:
    elm = await a_school("Elm Primary")
    one, other = await a_person(elm, Role.HEAD, "Eve Elm"), await a_person(elm, Role.HEAD, "Ivo Elm")
    await people.change_role(other, one.person, Role.GOVERNOR)
    with pytest.raises(Forbidden):
        await people.remove(one, other.person)


class TestOperator:
    async def test_invites_a_business_manager_while_nobody_writes_and_nobody_afterwards(self, db: Settings) -> None:
        fern, hazel = await a_school("Fern Primary"), await a_school("Hazel Primary")
        olive = await a_person(fern, Role.HEAD, "Olive Osgood", operator=True)
        for role in (Role.HEAD, Role.GOVERNOR):
            for by in (olive, None):
                with pytest.raises(Forbidden, match="business manager, and only while nobody"):
                    await people.invite(by, email="gus@hazel.example", role=role, school=hazel.id)
        first = await people.invite(olive, email="ann@hazel.example", role=Role.BUSINESS_MANAGER, school=hazel.id)
        second = await people.invite(None, email="olive.too@fern.example", role=Role.BUSINESS_MANAGER, school=hazel.id)
        await joining.join(token_in(first.address), name="Ann Archer", password=PASSWORD)
        with pytest.raises(DeadLink):
            await joining.join(token_in(second.address), name="Olive Too", password=PASSWORD)
        for by in (olive, None):
            with pytest.raises(Forbidden, match="its own people invite"):
                await people.invite(by, email="olive.too@fern.example", role=Role.BUSINESS_MANAGER, school=hazel.id)
        async with signed_in(olive) as browser:
            page = (await browser.get(f"/people/invite-school?school={hazel.id}")).text
        assert "They invite everybody else" in page
        assert "Make the link" not in page

    async def test_resets_a_colleague_as_the_role_that_she_has_there_and_no_further(self, db: Settings) -> None:
        fern, elm = await a_school("Fern Primary"), await a_school("Elm Primary")
        olive = await a_person(fern, name="Olive Osgood", operator=True)
        head, both = await a_person(fern, Role.HEAD, "Hal Hart"), await a_person(fern, name="Bo Both")
        await a_membership(both, elm)
        for colleague in (head, both, olive):
            with pytest.raises(Forbidden):
                await new_passwords.make_link(olive, colleague.person)
        with pytest.raises(Forbidden, match="runs this installation"):
            await new_passwords.make_link(head, olive.person)


class TestTwoHeads:
    async def test_make_a_link_together_that_neither_makes_alone(self, db: Settings) -> None:
        ash, elm = await a_school("Ash Primary"), await a_school("Elm Primary")
        ashs, elms = await a_person(ash, Role.HEAD, "Hal Ash"), await a_person(elm, Role.HEAD, "Eve Elm")
        manager = await a_person(elm, name="Mo Elm")
        await an_audit(ashs, manager)
        for _ in range(2):
            async with signed_in(elms) as browser:
                assert "/agree-password" in (await browser.get(f"/people/{manager.person}")).text
                first = await browser.post(f"/people/{manager.person}/agree-password")
                assert (first.status_code, "/new-password/" in first.text) == (200, False)
        async with signed_in(ashs) as browser:
            grant = (await listing.listed(ashs))[0].id
            assert "/agree-password" in (await browser.get(f"/auditors/{grant}")).text
            second = await browser.post(f"/people/{manager.person}/agree-password")
        link = link_in(second.text)
        old = await sessions.start(manager.person, manager.school)
        async with stranger() as browser:
            assert (await browser.post(link, data={"password": ANOTHER})).status_code == 303
        assert await sessions.viewer_of(old) is None
        assert await sign_in.sign_in(await email_of(manager), ANOTHER, from_address="192.0.2.1")
        assert (await events_of(elm.id))[-2:] == ["password_link.agreed"] * 2
        assert (await events_of(ash.id))[-3:] == ["password_link.agreed", "password_link.made", "password.changed"]
        assert (await new_passwords.agree(elms, manager.person)).address is None, "an agreement counts once"

    async def test_are_two_people_of_two_schools_who_are_heads_still(self, db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        ash, elm = await a_school("Ash Primary"), await a_school("Elm Primary")
        manager = await a_membership(await a_person(elm, name="Mo Elm"), ash)
        at_ash = await a_person(ash, Role.HEAD, "Hal Hart")
        at_elm = await a_membership(at_ash, elm, Role.HEAD)
        colleague = await a_person(ash, Role.HEAD, "Ida Ives")
        agreed = [(await new_passwords.agree(by, manager.person)).address for by in (at_ash, at_elm)]
        assert agreed == [None, None], "one person is not two"
        await people.change_role(colleague, at_ash.person, Role.BUSINESS_MANAGER)
        elms = await a_person(elm, Role.HEAD, "Eve Elm")
        await people.change_role(elms, at_elm.person, Role.GOVERNOR)
        assert (await new_passwords.agree(elms, manager.person)).address is None, "neither is head any more"
        travel(monkeypatch, days=3, minutes=1)
        assert (await new_passwords.agree(colleague, manager.person)).address is None, "too long ago"
        with pytest.raises(Forbidden, match="themselves"):
            await new_passwords.agree(elms, elms.person)
        assert (await new_passwords.agree(elms, manager.person)).address


class TestFirstHead:
    @pytest.fixture
    async def olive(self, db: Settings) -> Viewer:
        return await a_person(await a_school("Fern Primary"), Role.HEAD, "Olive Osgood", operator=True)

    async def test_is_named_by_a_colleague_and_confirmed_by_the_operator(self, olive: Viewer) -> None:
        elm = await a_school("Elm Primary")
        ann, bob = await a_person(elm), await a_person(elm, Role.GOVERNOR, "Bob Brown")
        async with signed_in(ann) as browser:
            assert (await browser.post(f"/people/{bob.person}/name-head")).status_code == 303
            assert "Named as head, not yet confirmed" in (await browser.get("/people")).text
            assert (await browser.get("/people/heads")).status_code == 404
        naming = await _open_naming()
        assert await _role_of(ann, bob) is Role.GOVERNOR, "not by one hand"
        async with signed_in(olive) as browser:
            assert "Bob Brown" in (await browser.get("/people/heads")).text
            assert (await browser.post(f"/people/heads/{naming}/confirm")).status_code == 422
            assert (await browser.post(f"/people/heads/{naming}/confirm", data={"sure": "yes"})).status_code == 303
            assert (await browser.post(f"/people/heads/{naming}/confirm", data={"sure": "yes"})).status_code == 404
        assert await _role_of(ann, bob) is Role.HEAD
        assert (await events_of(elm.id))[-2:] == ["head.named", "head.confirmed"]

    async def test_is_not_made_by_the_operator_alone_nor_by_whoever_named_or_is_named(self, olive: Viewer) -> None:
        elm, fern = await a_school("Elm Primary"), await school_of(olive)
        with pytest.raises(Forbidden):
            await people.invite(olive, email="olive.too@fern.example", role=Role.HEAD, school=elm.id)
        with pytest.raises(Forbidden, match="has a head"):
            await heads.name(olive, olive.person)
        other = await a_person(fern, Role.HEAD, "Ida Ives")
        await people.change_role(other, olive.person, Role.BUSINESS_MANAGER)
        cleo = await a_person(fern, name="Cleo Cole")
        await people.remove(other, other.person)
        for by, person in ((olive, cleo), (olive, olive), (cleo, olive)):
            naming = await heads.name(by, person.person)
            for hand in (olive, cleo):
                with pytest.raises(Forbidden):
                    await heads.confirm(hand, naming)
        confirmed = await heads.confirm(olive, await heads.name(cleo, cleo.person))
        assert confirmed.name == "Cleo Cole"

    async def test_is_not_made_beside_a_head_or_for_who_named_and_left(self, olive: Viewer) -> None:
        elm = await a_school("Elm Primary")
        ann, bob = await a_person(elm), await a_person(elm, name="Bob Brown")
        naming = await heads.name(ann, bob.person)
        await people.remove(bob, ann.person)
        with pytest.raises(Conflict, match="names its head anew"):
            await heads.confirm(olive, naming)
        naming = await heads.name(bob, bob.person)
        head = await a_person(elm, Role.HEAD, "Hal Hart")
        with pytest.raises(Forbidden, match="has a head by now"):
            await heads.confirm(olive, naming)
        with pytest.raises(Forbidden, match="has a head"):
            await heads.name(head, bob.person)

    async def test_is_confirmed_by_the_head_of_the_schools_own_trust_too(self, db: Settings) -> None:
        oakfield, other = await a_school(trust="Rose Trust"), await a_school("Other Primary", trust="Thorn Trust")
        teams = {school.name: school for school in await _teams()}
        tess = await a_person(teams["Rose Trust"], Role.HEAD, "Tess Rose")
        tom = await a_person(teams["Rose Trust"], name="Tom Rose")
        thea = await a_person(teams["Thorn Trust"], Role.HEAD, "Thea Thorn")
        ann, eve = await a_person(oakfield), await a_person(other, name="Eve Evans")
        naming = await heads.name(ann, ann.person)
        for by in (thea, eve):
            with pytest.raises(NotFound):
                await heads.confirm(by, naming)
        with pytest.raises(Forbidden, match="from outside"):
            await heads.confirm(tom, naming)
        assert [one.name for one in await heads.to_confirm(tess)] == ["Ann Archer"]
        assert await heads.to_confirm(thea) == ()
        await heads.confirm(tess, naming)
        assert await _role_of(ann, ann) is Role.HEAD

    async def test_is_taken_back_by_the_school_that_named_and_by_no_other(self, olive: Viewer) -> None:
        elm = await a_school("Elm Primary")
        ann, gus = await a_person(elm), await a_person(elm, Role.GOVERNOR, "Gus Gray")
        naming = await heads.name(ann, ann.person)
        with pytest.raises(NotFound):
            await heads.withdraw(olive, naming)
        with pytest.raises(Forbidden):
            await heads.withdraw(gus, naming)
        await heads.withdraw(ann, naming)
        assert await heads.at_school(ann) is None
        with pytest.raises(NotFound):
            await heads.confirm(olive, naming)

    async def test_takes_two_hands_for_the_database_itself(self, olive: Viewer) -> None:
        ann = await a_person(await a_school("Elm Primary"))
        await heads.name(ann, ann.person)
        with pytest.raises(Exception, match="a_head_takes_two_hands"):
            async with database.write():
                await HeadNaming.update({HeadNaming.confirmed_by: ann.person, HeadNaming.ended_at: clock.now()}, force=True)


async def test_a_trusts_business_manager_opens_no_trail_of_its_schools(db: Settings) -> None:
    oakfield = await a_school(trust="Rose Trust")
    manager = await a_person((await _teams())[0], name="Tom Rose")
    wanted = auditors.WantedScope(schools=(oakfield.id,))
    with pytest.raises(Exception, match="schools of your trust"):
        await auditors.grant(manager, email="tom.too@rose.example", reason="x", until=clock.today(), wanted=wanted)


async def test_the_second_of_two_invitations_at_once_is_dead_and_nobody_waits_for_ever(db: Settings) -> None:
    elm = await a_school("Elm Primary")
    links = [token_in((await an_invitation(elm, email=f"{n}@elm.example")).address) for n in "ab"]
    await joining.join(links[0], name="Ann Archer", password=PASSWORD)
    with pytest.raises(one_time_links.DeadLink):
        await joining.join(links[1], name="Bob Brown", password=PASSWORD)


async def _open_naming() -> UUID:
    async with database.read():
        row = await HeadNaming.objects().where(HeadNaming.ended_at.is_null()).first()
    assert row is not None
    return UUID(str(row.id))


async def _role_of(viewer: Viewer, person: Viewer) -> Role:
    return next(member.role for member in await people.colleagues(viewer) if member.id == person.person)


async def _teams() -> list[School]:
    async with database.read():
        found: list[School] = await School.objects().where(School.kind == "trust").order_by(School.name)
    return found

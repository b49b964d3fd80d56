"""One human never does both parts of what takes two, whichever accounts, roles and days she collects for it."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

import database
from audit.erasing.erasure import ErasureReason
from base import clock, settings
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import Role, Viewer
from privacy import erasure
from sharing.accounts import addresses, new_passwords
from sharing.joining import joining
from sharing.operator import break_glass, succession
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground, started
from sharing.people import heads, people
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import Person, School
from suppliers.directory import directory
from suppliers.opinions import notes
from suppliers.opinions.notes import About
from tests.given.builders import PASSWORD, a_person, a_school, email_of, token_in
from tests.given.letters import letters_are_sent

ANOTHER = "a quiet river at dawn"
WHY = "The head is in hospital"


@pytest.fixture(autouse=True)
def letters_of_this_test(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOUCH_DATA", str(tmp_path))
    settings.current.cache_clear()


async def a_request(viewer: Viewer) -> UUID:
    """To erase a note that names somebody."""
    supplier = (await directory.add(viewer, name="Ashby Boilers")).id
    note = await notes.note(viewer, supplier, about=About.GOOD, body="Mr Pryce came at once.", files=[])
    return await erasure.ask(
        viewer, person=None, typed="Pryce", chosen=[f"note:{note}"], reason=ErasureReason.WRONG, words="Not ours to keep."
    )


async def let_in_for_a_day(school: School) -> Viewer:
    made = await break_glass.invite(
        None, school.id, email="olive.too@fern.example", role=Role.BUSINESS_MANAGER, reason=WHY, posted=True
    )
    return await joining.join(token_in(made.address), name="Olive Too", password=PASSWORD)


async def reset(person: Viewer) -> None:
    link = await break_glass.reset(person.school, person.person, reason=WHY, posted=True)
    await joining.set_password(token_in(link), password=ANOTHER)


async def test_the_operator_does_not_erase_alone_through_whom_the_operator_let_in_for_a_day(olive: Viewer) -> None:
    elm = await a_school("Elm Primary")
    await a_person(elm, Role.HEAD, "Eve Elm"), await a_person(elm, name="Ann Archer")
    guest = await let_in_for_a_day(elm)
    with pytest.raises((Forbidden, NotFound)):
        await erasure.approve_from_outside(olive, await a_request(guest))


async def test_nor_through_somebody_whose_password_the_operator_set(olive: Viewer) -> None:
    elm = await a_school("Elm Primary")
    eve = await a_person(elm, Role.HEAD, "Eve Elm")
    await reset(eve)
    with pytest.raises((Forbidden, NotFound)):
        await erasure.approve_from_outside(olive, await a_request(eve))


async def test_whoever_left_asks_for_nothing_any_more(olive: Viewer) -> None:
    elm = await a_school("Elm Primary")
    eve, bob = await a_person(elm, Role.HEAD, "Eve Elm"), await a_person(elm, name="Bob Brown")
    await a_person(elm, name="Ann Archer")
    asked = await a_request(bob)
    await people.remove(eve, bob.person)
    with pytest.raises(Forbidden):
        await erasure.approve_from_outside(olive, asked)


async def test_what_the_operator_opened_does_not_last_by_an_address_given_meanwhile(olive: Viewer) -> None:
    elm = await a_school("Elm Primary")
    eve = await a_person(elm, Role.HEAD, "Eve Elm", email="eve@elm.example")
    await a_person(elm, Role.HEAD, "Ivo Elm")
    await reset(eve)
    mine = "olive.too@fern.example"
    with letters_are_sent():
        with pytest.raises(Conflict):
            await addresses.ask_to_prove(eve, email=mine, password=ANOTHER)
        await addresses.ask_to_prove(eve, email="eve@elm.example", password=ANOTHER)
    assert await email_of(eve) == "eve@elm.example"


async def test_a_link_made_for_a_colleague_is_none_for_the_head_that_they_become(olive: Viewer) -> None:
    elm = await a_school("Elm Primary")
    ann, bob = await a_person(elm), await a_person(elm, name="Bob Brown")
    eve = await a_person(elm, Role.HEAD, "Eve Elm")
    link = await new_passwords.make_link(ann, bob.person)
    await people.change_role(eve, bob.person, Role.HEAD)
    with pytest.raises(DeadLink):
        await joining.set_password(token_in(link), password=ANOTHER)


async def test_nor_for_the_head_whom_somebody_from_outside_confirms(olive: Viewer) -> None:
    elm = await a_school("Elm Primary")
    ann, bob = await a_person(elm), await a_person(elm, name="Bob Brown")
    link = await new_passwords.make_link(ann, bob.person)
    await heads.confirm(olive, await heads.name(ann, bob.person))
    with pytest.raises(DeadLink):
        await joining.set_password(token_in(link), password=ANOTHER)


async def test_while_nobody_there_can_sign_in_the_operator_invites_one_and_not_two(olive: Viewer) -> None:
    """A school whose only business manager lost the address: the operator's other invitations end with the first who joins."""
    elm = await a_school("Elm Primary")
    ann = await a_person(elm, email="ann@elm.example", proved=False)
    with letters_are_sent():
        made = await people.invite(
            olive, email="ann@elm.example", role=Role.BUSINESS_MANAGER, school=(await a_school("Gorse")).id
        )
        assert made.letter is not None
        await joining.join(token_in(made.letter), name="Ann Ames", password=ANOTHER)
    assert await email_of(ann) == ""
    links = [
        await people.invite(olive, email=f"{name}@elm.example", role=Role.BUSINESS_MANAGER, school=elm.id)
        for name in ("one", "two")
    ]
    await joining.join(token_in(links[0].address), name="One", password=PASSWORD)
    with pytest.raises(DeadLink):
        await joining.join(token_in(links[1].address), name="Two", password=PASSWORD)


async def test_breaking_the_glass_is_told_to_somebody_who_can_read_it(olive: Viewer) -> None:
    """A head whose address somebody else proved hears of nothing: then everybody hears who may write."""
    elm = await a_school("Elm Primary")
    eve, ann = await a_person(elm, Role.HEAD, "Eve Elm"), await a_person(elm)
    async with database.write():
        await Person.update({Person.email: "", Person.password_hash: ""}).where(Person.id == eve.person)
    letters = await break_glass.letters_about_inviting(olive, elm.id, email="x@y.example", role=Role.BUSINESS_MANAGER, reason=WHY)
    assert [letter.email for letter in letters] == [await email_of(ann)]


async def test_a_new_head_who_did_not_join_in_a_month_is_no_key_to_the_school_for_later(olive: Viewer) -> None:
    elm = await a_school("Elm Primary")
    await a_person(elm, Role.HEAD, "Eve Elm")
    wanted = Wanted("nora@elm.example", Ground.ASKED, "office@elm.example", "Its website, today")
    await succession.start(olive, elm.id, wanted, posted=True)
    start = (await started(olive))[0]
    with clock.at(start.in_force_at + timedelta(days=30)):
        await succession.new_link(olive, start.id)
    with clock.at(start.in_force_at + timedelta(days=31)):
        with pytest.raises(Conflict):
            await succession.new_link(olive, start.id)
        assert not (await started(olive))[0].needs_link
        await succession.start(olive, elm.id, wanted, posted=True)

"""Two accounts are two people only where one human can't be behind both, whatever somebody with two accounts of her own tries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

import audit
import database
from base import clock, settings
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.accounts import erasure, new_passwords
from sharing.accounts.tables import ResetAgreement
from sharing.joining import joining
from sharing.people import heads, people
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import Person, School
from sharing.two_people import established, published, two_people
from sharing.two_people.tables import TwoPeople
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_published_address,
    a_school,
    an_address_proved,
    events_of,
    let_the_days_pass,
    signed_in,
    stranger,
    token_in,
)
from tests.given.town import a_link_to_the_chair

ANOTHER = "a quiet river at dawn"
LONG = timedelta(days=15)


@pytest.fixture(autouse=True)
def fourteen_days(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a real installation has it."""
    chosen = replace(settings.current(), established_days=14, data=tmp_path)
    monkeypatch.setattr(settings, "current", lambda: chosen)


@pytest.fixture
def long_ago(db: Settings) -> Iterator[None]:
    with clock.at(clock.now() - LONG):
        yield


async def let_in(by: Viewer, school: School, name: str, role: Role = Role.BUSINESS_MANAGER) -> Viewer:
    """Somebody whom ``by`` invited over the public verb, and whose address was proved by a mailed link."""
    email = f"{name.lower().replace(' ', '.')}@elsewhere.example"
    invitation = await people.invite(by, email=email, role=role)
    viewer = await joining.join(token_in(invitation.address), name=name, password=PASSWORD)
    await an_address_proved(viewer)
    return viewer


async def why(one: Viewer, other: Viewer) -> str:
    """Why they are not two, to one of them; whether they are is the same either way round."""
    async with database.read():
        answer = await established.why_not_two(one.person, other.person, one.school)
        turned = await established.why_not_two(other.person, one.person, one.school)
    assert bool(answer) == bool(turned)
    return answer


async def new_password(by: Viewer, person: Viewer) -> None:
    link = await new_passwords.make_link(by, person.person)
    await joining.set_password(token_in(link), password=ANOTHER)


async def confirmed(one: Viewer, other: Viewer, by: Viewer) -> None:
    await two_people.confirm(by, await two_people.ask(one, other.person))


async def an_operator() -> Viewer:
    return await a_person(await a_school("Fern Primary"), Role.HEAD, "Olive Osgood", operator=True)


async def test_two_whom_neither_let_in_count_and_one_person_never_does(long_ago: None) -> None:
    elm = await a_school("Elm Primary")
    ann, hal = await a_person(elm), await a_person(elm, Role.HEAD, "Hal Hart")
    with clock.at(clock.now() + LONG):
        assert await why(ann, hal) == ""
        assert "one person is not two" in await why(ann, ann)
        async with database.read():
            assert [one.name for one in await established.seconds(ann.person, elm.id)] == ["Hal Hart"]
            assert await established.seconds(ann.person, elm.id, besides=[hal.person]) == ()
            with pytest.raises(Forbidden):
                await established.require_two(ann.person, ann.person, elm.id)


async def test_fourteen_days_count_from_the_membership_that_has_not_been_broken(long_ago: None) -> None:
    elm = await a_school("Elm Primary")
    ann, hal = await a_person(elm), await a_person(elm, Role.HEAD, "Hal Hart")
    with clock.at(clock.now() + timedelta(days=13, hours=23)):
        assert "counts as one of two from" in await why(ann, hal)
    with clock.at(clock.now() + timedelta(days=14)):
        assert await why(ann, hal) == ""
        await people.remove(hal, ann.person)
        assert "belong to the school" in await why(ann, hal)
        await a_membership(ann, elm)
        assert "Ann Archer has belonged to the school only since" in await why(ann, hal)


async def test_an_address_that_nobody_proved_or_one_mailbox_is_not_enough(long_ago: None) -> None:
    elm = await a_school("Elm Primary")
    ann = await a_person(elm, email="ann@elm.example")
    plus = await a_person(elm, name="Ann Again", email="ann+2@elm.example")
    hal = await a_person(elm, Role.HEAD, "Hal Hart")
    gus = await a_person(elm, Role.GOVERNOR, "Gus Gray")
    async with database.write():
        await Person.update({Person.address_proved_at: None}).where(Person.id == hal.person)
    with clock.at(clock.now() + LONG):
        assert "one mailbox between them" in await why(ann, plus)
        assert "The e-mail address of Hal Hart is not proved" in await why(ann, hal)
        assert "Gus Gray may not write" in await why(ann, gus)


async def test_a_head_who_proved_the_address_of_her_second_account_is_asked_about_it(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    hal, second = await a_person(elm, Role.HEAD, "Hal Hart"), await a_person(elm, name="Hal Second")
    async with database.write():
        await Person.update({Person.address_proved_by: hal.person}).where(Person.id == second.person)
    with clock.at(clock.now() + LONG):
        assert "Nobody from outside" in await why(hal, second)
        await confirmed(second, hal, olive)
        assert await why(hal, second) == ""


async def test_who_let_the_other_in_counts_once_somebody_outside_confirmed_and_the_trail_says_who(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    ann = await a_person(elm)
    second = await let_in(ann, elm, "Ann Second")
    with clock.at(clock.now() + LONG):
        assert "Nobody from outside the school has confirmed" in await why(ann, second)
        async with signed_in(ann) as browser:
            assert "/ask-two" in (await browser.get(f"/people/{second.person}")).text
            assert (await browser.post(f"/people/{second.person}/ask-two")).status_code == 303
            assert (await browser.post(f"/people/{second.person}/ask-two")).status_code == 409
            assert "To be confirmed as two people" in (await browser.get("/people")).text
            assert (await browser.get("/people/two")).status_code == 404
            pair = (await two_people.open_at(ann))[0].id
            for hand in (ann, second):
                with pytest.raises(NotFound):
                    await two_people.confirm(hand, pair)
        async with signed_in(olive) as browser:
            assert "Ann Second" in (await browser.get("/people/two")).text
            assert "elsewhere.example" in (await browser.get(f"/people/two/{pair}")).text
            assert (await browser.post(f"/people/two/{pair}/confirm")).status_code == 422
            assert (await browser.post(f"/people/two/{pair}/confirm", data={"sure": "yes"})).status_code == 303
            assert (await browser.post(f"/people/two/{pair}/confirm", data={"sure": "yes"})).status_code == 404
        assert await why(ann, second) == ""
        assert (await events_of(elm.id))[-3:] == ["two_people.asked", *["two_people.confirmed"] * 2]
        async with database.read():
            row = await TwoPeople.objects().first()
        assert row is not None
        assert (row.confirmed_as, row.confirmed_by) == ("operator", olive.person)
        with pytest.raises(Conflict, match="Nobody has to confirm"):
            await two_people.ask(second, ann.person)


async def test_a_chain_of_invitations_and_two_whom_one_colleague_let_in_are_asked_about_too(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    ann, hal = await a_person(elm), await a_person(elm, Role.HEAD, "Hal Hart")
    second = await let_in(ann, elm, "Ann Second")
    third, sister = await let_in(second, elm, "Ann Third"), await let_in(ann, elm, "Ann Fourth")
    with clock.at(clock.now() + LONG):
        for one, other in ((ann, third), (second, sister), (third, sister)):
            assert "Nobody from outside" in await why(one, other)
        for one in (ann, second, third, sister):
            assert await why(one, hal) == "", "whom none of them let in"
        await confirmed(ann, second, olive)
        assert "Nobody from outside" in await why(ann, third), "each pair is confirmed for itself"


async def test_a_leaver_in_between_and_her_erasure_hide_no_chain(long_ago: None) -> None:
    elm = await a_school("Elm Primary")
    ann, hal = await a_person(elm), await a_person(elm, Role.HEAD, "Hal Hart")
    between = await let_in(ann, elm, "Bo Between")
    third = await let_in(between, elm, "Ann Third")
    await people.remove(hal, between.person)
    async with audit.recording(hal) as record:
        await erasure.erase_account(elm.id, between.person, before=clock.now() + timedelta(days=1))
        record.unchanged()
    with clock.at(clock.now() + LONG):
        assert "Nobody from outside" in await why(ann, third)


async def test_a_new_password_that_a_colleague_made_the_link_for_ends_what_was_confirmed(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    ann, bob, cleo = await a_person(elm), await a_person(elm, name="Bob Brown"), await a_person(elm, name="Cleo Cole")
    with clock.at(clock.now() + LONG):
        assert await why(ann, bob) == ""
        await new_password(ann, bob)
        assert "Nobody from outside" in await why(ann, bob), "Ann may have opened the link herself"
        assert await why(ann, cleo) == ""
        await confirmed(bob, ann, olive)
        assert await why(ann, bob) == ""
    with clock.at(clock.now() + LONG * 2):
        await new_password(cleo, bob)
        assert "Nobody from outside" in await why(ann, bob), "Cleo may be Ann, for all that anybody said"
    with clock.at(clock.now() + LONG * 2):
        await confirmed(bob, cleo, olive)
        assert await why(bob, cleo) == ""


async def test_a_reset_by_somebody_known_as_another_leaves_what_was_confirmed(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    hal = await a_person(elm, Role.HEAD, "Hal Hart")
    ann, bob = await let_in(hal, elm, "Ann Archer"), await let_in(hal, elm, "Bob Brown")
    with clock.at(clock.now() + LONG):
        for one, other in ((ann, bob), (hal, ann), (hal, bob)):
            await confirmed(one, other, olive)
    with clock.at(clock.now() + LONG * 2):
        await new_password(hal, bob)
        assert await why(ann, bob) == "", "Hal, who is known not to be Ann, made the link"
        assert "Nobody from outside" in await why(hal, bob)
    with clock.at(clock.now() + LONG * 3):
        await confirmed(bob, hal, olive)
        assert await why(hal, bob) == ""


async def test_whoever_belongs_to_the_school_confirms_nobody_there_operator_or_not(long_ago: None) -> None:
    elm = await a_school("Elm Primary")
    olive = await a_person(elm, Role.HEAD, "Olive Osgood", operator=True)
    second, third = await let_in(olive, elm, "Olive Second"), await let_in(olive, elm, "Olive Third")
    pairs = [await two_people.ask(second, other.person) for other in (third, olive)]
    for pair in pairs:
        with pytest.raises(NotFound):
            await two_people.confirm(olive, pair)
    assert await two_people.to_confirm(olive) == ()


async def test_an_operator_who_left_does_not_confirm_those_whom_she_let_in(long_ago: None) -> None:
    elm, fern = await a_school("Elm Primary"), await a_school("Fern Primary")
    olive = await a_person(elm, Role.HEAD, "Olive Osgood", operator=True)
    at_fern = replace(await a_membership(olive, fern, Role.HEAD), is_operator=True)
    second, third = await let_in(olive, elm, "Olive Second"), await let_in(olive, elm, "Olive Third")
    await people.change_role(olive, second.person, Role.HEAD)
    await people.remove(second, olive.person)
    pair = await two_people.ask(second, third.person)
    with pytest.raises(Forbidden, match="Nobody from outside"):
        await two_people.confirm(at_fern, pair)


async def test_a_published_address_that_a_member_reads_is_no_ones_from_outside(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    ann = await a_person(elm, email="ann@elm.example")
    with pytest.raises(Invalid, match="not one from outside"):
        await published.set_address(olive, elm.id, email="ann+chair@elm.example")
    await a_published_address(olive, elm.id, "chair@elm.example")
    await a_person(elm, name="Ann Chair", email="chair@elm.example")
    second = await let_in(ann, elm, "Ann Second")
    pair = await two_people.ask(ann, second.person)
    with pytest.raises(Conflict, match="not one from outside"):
        await two_people.write_to_chair(ann, pair)


async def test_the_head_of_the_schools_trust_confirms_and_no_other_trusts(long_ago: None) -> None:
    elm, other = await a_school("Elm Primary", trust="Rose Trust"), await a_school("Ash Primary", trust="Thorn Trust")
    async with database.read():
        teams = {team.name: team for team in await School.objects().where(School.kind == "trust")}
    tess = await a_person(teams["Rose Trust"], Role.HEAD, "Tess Rose")
    tom, thea = (
        await a_person(teams["Rose Trust"], name="Tom Rose"),
        await a_person(teams["Thorn Trust"], Role.HEAD, "Thea Thorn"),
    )
    ash = await a_person(other, Role.HEAD, "Ash Head")
    ann = await a_person(elm)
    second = await let_in(ann, elm, "Ann Second")
    pair = await two_people.ask(ann, second.person)
    for by in (tom, thea, ash):
        with pytest.raises(NotFound):
            await two_people.confirm(by, pair)
    assert await two_people.to_confirm(thea) == ()
    assert [one.other_name for one in await two_people.to_confirm(tess)] == ["Ann Second"]
    await two_people.confirm(tess, pair)
    with clock.at(clock.now() + LONG):
        assert await why(ann, second) == ""


async def test_the_chair_confirms_by_a_link_to_the_published_address_that_works_once(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    ann = await a_person(elm, email="ann@elm.example")
    second = await let_in(ann, elm, "Ann Second")
    pair = await two_people.ask(ann, second.person)
    with pytest.raises(Conflict, match="published address"):
        await two_people.write_to_chair(ann, pair)
    with pytest.raises(NotFound):
        await published.set_address(ann, elm.id, email="chair@elm.example")
    with pytest.raises(Invalid, match="belongs to the school"):
        await published.set_address(olive, elm.id, email="ann@elm.example")
    async with signed_in(olive) as browser:
        typed = {"email": "chair@elm.example", "posted": "yes"}
        assert (await browser.post(f"/people/published-address/{elm.id}", data=typed)).status_code == 303
        assert "chair@elm.example" in (await browser.get(f"/people/published-address/{elm.id}")).text
    await let_the_days_pass()
    async with signed_in(ann) as browser:
        written = await browser.post(f"/people/two/{pair}/write")
        assert (written.status_code, "/outside/" in written.text) == (303, False)
    (letter,) = [path.read_text() for path in (settings.current().data / "mail" / "outbox").glob("*.eml")]
    assert "To: chair@elm.example" in letter
    assert "Ann Second" not in letter
    link = next(word for word in letter.replace("=\n", "").split() if "/outside/two-people/" in word)
    async with stranger() as browser:
        assert "ann.second@elsewhere.example" in (await browser.get(link)).text
        assert (await browser.post(link)).status_code == 422
        assert (await two_people.open_at(ann)) != ()
        assert "Thank you" in (await browser.post(link, data={"sure": "yes"})).text
        assert (await browser.post(link, data={"sure": "yes"})).status_code == 404
    with clock.at(clock.now() + LONG):
        assert await why(ann, second) == ""
    async with database.read():
        rows = await TwoPeople.select(TwoPeople.confirmed_as, TwoPeople.confirmed_by)
    assert rows == [{"confirmed_as": "chair", "confirmed_by": None}]


async def test_a_link_to_the_chair_is_dead_after_a_week_and_one_for_another_matter_opens_nothing(long_ago: None) -> None:
    elm = await a_school("Elm Primary")
    ann = await a_person(elm)
    second = await let_in(ann, elm, "Ann Second")
    pair = await two_people.ask(ann, second.person)
    other = await a_link_to_the_chair(ann, "erasure", pair)
    with pytest.raises(DeadLink):
        await two_people.confirm_as_chair(other)
    token = await a_link_to_the_chair(ann, "two_people", pair)
    with clock.at(clock.now() + timedelta(days=7)), pytest.raises(DeadLink):
        await two_people.confirm_as_chair(token)


async def test_an_operator_who_let_in_a_colleague_does_not_make_a_head_with_that_one_hand(long_ago: None) -> None:
    elm = await a_school("Elm Primary")
    olive = await a_person(elm, Role.BUSINESS_MANAGER, "Olive Osgood", operator=True)
    second = await let_in(olive, elm, "Olive Second")
    naming = await heads.name(second, second.person)
    with pytest.raises(Forbidden, match="Nobody from outside"):
        await heads.confirm(olive, naming)
    pair = await two_people.ask(olive, second.person)
    await two_people.confirm_as_chair(await a_link_to_the_chair(olive, "two_people", pair))
    await heads.confirm(olive, naming)


async def test_two_heads_of_whom_one_let_the_other_in_make_no_new_password_together(long_ago: None) -> None:
    ash, elm = await a_school("Ash Primary"), await a_school("Elm Primary")
    hal = await a_person(ash, Role.HEAD, "Hal Hart")
    second = await a_membership(await let_in(hal, ash, "Hal Second"), elm, Role.HEAD)
    person = await a_membership(await a_person(elm, name="Mo Elm"), ash)
    assert (await new_passwords.agree(hal, person.person)).address is None
    with pytest.raises(Forbidden, match="Nobody from outside"):
        await new_passwords.agree(second, person.person)


async def test_an_agreement_of_whoever_may_be_the_same_human_keeps_no_other_heads_from_counting(long_ago: None) -> None:
    """The second account agrees first, and is asked about first."""
    ash, elm, oak = await a_school("Ash Primary"), await a_school("Elm Primary"), await a_school("Oak Primary")
    hal = await a_person(ash, Role.HEAD, "Hal Hart")
    second = await a_membership(await let_in(hal, ash, "Hal Second"), elm, Role.HEAD)
    other = await a_person(oak, Role.HEAD, "Ola Oak")
    person = await a_person(elm, name="Mo Elm")
    for school in (ash, oak):
        await a_membership(person, school)
    for seconds, head in enumerate((second, other)):
        at = clock.now() + timedelta(seconds=seconds)
        async with database.write():
            row = ResetAgreement(id=uuid4(), person=person.person, school=head.school, agreed_by=head.person, agreed_at=at)
            await row.save()
    assert (await new_passwords.agree(hal, person.person)).address is not None

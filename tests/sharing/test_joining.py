"""Accounts only by a link: one use, three days, and never into an account that exists."""

import asyncio

import pytest

import database
from base.refusals import Invalid
from base.settings import Settings
from base.viewer import Role
from sharing.accounts import new_passwords
from sharing.joining import joining
from sharing.people import people, withdrawing
from sharing.sign_in import one_time_links, sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import OneTimeLink, Person, School
from tests.given.builders import (
    PASSWORD,
    a_person,
    a_school,
    an_invitation,
    events_of,
    link_in,
    signed_in,
    stranger,
    token_in,
    travel,
)

ADDRESS = "192.0.2.1"


async def test_an_invitation_is_forwarded_and_taken_up_in_a_browser(db: Settings) -> None:
    ann = await a_person(await a_school(), Role.HEAD)
    async with signed_in(ann) as browser:
        made = await browser.post("/people/invite", data={"email": "Bob@oakfield.example", "role": "head"})
        assert "Send this to bob@oakfield.example" in made.text
        link = link_in(made.text)
        assert "bob@oakfield.example" in (await browser.get("/people")).text
    async with stranger() as browser:
        form = await browser.get(link)
        assert "You were invited as head" in form.text
        slip = await browser.post(link, data={"name": "Bob Brown", "password": "short"})
        assert slip.status_code == 422
        assert 'value="Bob Brown"' in slip.text
        joined = await browser.post(link, data={"name": "Bob Brown", "password": PASSWORD})
        assert joined.status_code == 303
        page = (await browser.get("/people")).text
    assert "Bob Brown</a> (you)" in page
    assert await events_of(ann.school) == ["person.invited", "person.joined", "person.invited", "person.joined"]


async def test_a_link_works_once(db: Settings) -> None:
    link = await _invitation(await a_school())
    await joining.join(link, name="Bob Brown", password=PASSWORD)
    with pytest.raises(DeadLink):
        await joining.join(link, name="Carl Cole", password=PASSWORD)


async def test_of_two_at_once_only_one_joins(db: Settings) -> None:
    link = await _invitation(await a_school())
    tries = await asyncio.gather(*(joining.join(link, name=n, password=PASSWORD) for n in ("Bo", "Cy")), return_exceptions=True)
    assert sorted(type(t).__name__ for t in tries) in (["DeadLink", "Viewer"], ["Conflict", "Viewer"])
    async with database.read():
        assert await Person.count() == 1


async def test_a_link_lasts_three_days(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    link = await _invitation(await a_school())
    travel(monkeypatch, hours=71, minutes=59)
    assert (await joining.offer_of(link)).email == "bob@school.example"
    travel(monkeypatch, minutes=2)
    with pytest.raises(DeadLink):
        await joining.offer_of(link)
    with pytest.raises(DeadLink):
        await joining.join(link, name="Bob Brown", password=PASSWORD)


async def test_expired_used_withdrawn_and_invented_links_read_the_same(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    oakfield = await a_school()
    ann = await a_person(oakfield)
    used, withdrawn, expired = [await _invitation(oakfield, f"{n}@school.example") for n in "uwx"]
    await joining.join(used, name="Una Unwin", password=PASSWORD)
    gone = next(i for i in await people.invited(ann) if i.email == "w@school.example")
    await withdrawing.withdraw_invitation(ann, gone.id)
    travel(monkeypatch, hours=73)
    async with stranger() as browser:
        pages = [await browser.get(f"/join/{token}") for token in (used, withdrawn, expired, "invented", "x" * 500)]
        sent = [await browser.post(f"/join/{token}", data={"name": "X"}) for token in (used, withdrawn, expired, "invented")]
        pages.append(await browser.get("/new-password/invented"))
    assert {page.status_code for page in (*pages, *sent)} == {404}
    assert len({page.content for page in (*pages, *sent)}) == 1


async def test_inviting_the_same_person_again_stops_the_first_link(db: Settings) -> None:
    oakfield = await a_school()
    first = await _invitation(oakfield)
    second = await _invitation(oakfield)
    with pytest.raises(DeadLink):
        await joining.offer_of(first)
    assert (await joining.offer_of(second)).school_name == "Oakfield Primary"


async def test_only_a_digest_of_the_link_is_kept(db: Settings) -> None:
    token = await _invitation(await a_school())
    async with database.read():
        rows = await OneTimeLink.select()
    assert token not in str(rows)
    assert bytes(rows[0]["token_hash"]) == sessions.digest_of(token)


async def test_the_first_account_chooses_its_school_and_runs_the_installation(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    link = str(await joining.first_link())
    async with stranger() as browser:
        assert "Find the school" in (await browser.get(link)).text
        found = await browser.get(f"{link}?q=oak")
        assert f"?school={oakfield.id}" in found.text
        assert "Elm" not in found.text
        form = await browser.get(f"{link}?school={oakfield.id}")
        assert "Make the account" in form.text
        answers = {"school": str(oakfield.id), "name": "Ann Archer", "role": "head", "email": "ann@oakfield.example"}
        slip = await browser.post(link, data=answers | {"password": "oakfield1"})
        assert slip.status_code == 422
        assert 'value="ann@oakfield.example"' in slip.text
        assert (await browser.post(link, data=answers | {"password": PASSWORD})).status_code == 303
        assert "Invite somebody to another school" in (await browser.get("/running")).text
        made = await browser.post(
            "/people/invite-school", data={"school": str(elm.id), "email": "eve@elm.example", "role": "business_manager"}
        )
        assert "Please join Elm on Vouch as business manager" in made.text
        assert "also stops working once somebody who may write belongs to the school" in made.text
        assert "withdraw it under People" not in made.text
    assert await joining.first_link() is None
    assert await events_of(elm.id) == ["person.invited"]


async def test_a_governor_cannot_be_the_first(db: Settings) -> None:
    oakfield, link = await a_school(), token_in(str(await joining.first_link()))
    with pytest.raises(Invalid, match="Choose head or business manager"):
        await joining.join_first(link, school=oakfield.id, role=Role.GOVERNOR, name="Ann", email="a@b.example", password=PASSWORD)


async def test_every_start_without_an_account_replaces_the_first_link(db: Settings) -> None:
    first, second = await joining.first_link(), await joining.first_link()
    with pytest.raises(DeadLink):
        await joining.offer_of(token_in(str(first)))
    assert (await joining.offer_of(token_in(str(second)))).purpose is one_time_links.Purpose.FIRST


async def test_an_invitation_opens_an_existing_account_only_with_its_password(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    ann = await a_person(oakfield, email="ann@oakfield.example")
    invitation = await an_invitation(elm, Role.HEAD, "ann@oakfield.example")
    async with stranger() as browser:
        wrong = await browser.post(invitation.address, data={"account": "yes", "password": "violet tractor hums"})
        assert wrong.status_code == 422
        assert (await browser.get("/people")).status_code == 303
        right = await browser.post(invitation.address, data={"account": "yes", "password": PASSWORD})
        assert right.status_code == 303
        assert "People at Elm" in (await browser.get("/people")).text
    assert {school.name for school in await sign_in.schools_of(ann)} == {"Oakfield", "Elm"}
    async with database.read():
        assert await Person.count() == 1


async def test_a_link_for_one_thing_does_not_do_another(db: Settings) -> None:
    oakfield = await a_school()
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    password_link = token_in(await new_passwords.make_link(hal, ann.person))
    invitation = await _invitation(oakfield)
    async with stranger() as browser:
        assert (await browser.get(f"/join/{password_link}")).status_code == 404
        assert (await browser.get(f"/new-password/{invitation}")).status_code == 404
    with pytest.raises(DeadLink):
        await joining.set_password(invitation, password=PASSWORD)
    with pytest.raises(DeadLink):
        await joining.join(password_link, name="Bob Brown", password=PASSWORD)


async def test_a_name_without_an_answer_is_asked_for_again(db: Settings) -> None:
    with pytest.raises(Invalid) as refused:
        await joining.join(await _invitation(await a_school()), name="  ", password=PASSWORD)
    assert set(refused.value.fields) == {"name"}


async def test_a_form_says_everything_that_is_wrong_at_once(db: Settings) -> None:
    oakfield, link = await a_school(), str(await joining.first_link())
    async with stranger() as browser:
        sent = await browser.post(link, data={"school": str(oakfield.id), "name": "", "email": "ann", "password": "short"})
    assert [f'href="#{field}"' in sent.text for field in ("name", "role", "email", "password")] == [True] * 4


async def _invitation(school: School, email: str = "bob@school.example") -> str:
    return token_in((await an_invitation(school, email=email)).address)

"""A one-time link is looked at first and used later, and passes only while it is live at the moment of use."""

import asyncio
from datetime import timedelta

import pytest

import audit
import database
from base import clock
from base.viewer import Role, Viewer
from sharing.accounts import new_passwords
from sharing.events import Event
from sharing.joining import joining
from sharing.sign_in import one_time_links, sign_in
from sharing.sign_in.one_time_links import LASTS, DeadLink, LiveLink, Purpose
from sharing.tables import OneTimeLink, Person
from tests.given.builders import PASSWORD, a_person, a_school, an_invitation, email_of, token_in, travel

pytestmark = pytest.mark.usefixtures("db")


async def a_link() -> LiveLink:
    """A live one, as a form that somebody has open holds it."""
    oakfield = await a_school()
    invitation = await an_invitation(oakfield, Role.HEAD, "bob@school.example")
    async with database.read():
        return await one_time_links.live(token_in(invitation.address), Purpose.INVITATION)


async def used(link: LiveLink) -> None:
    async with audit.recording(None) as record:
        record(Event.PASSWORD_REHASHED, stream="accounts", subject="person:1")
        await one_time_links.use(link)


async def test_a_link_that_was_live_when_it_was_looked_at_is_used_once() -> None:
    link = await a_link()
    await used(link)
    with pytest.raises(DeadLink):
        await used(link)


async def test_a_link_of_a_clock_that_was_ahead_does_not_last_for_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    travel(monkeypatch, days=400)
    link = await a_link()
    travel(monkeypatch, days=-400)
    with pytest.raises(DeadLink):
        await used(link)


async def test_a_link_works_after_the_clock_was_put_back_by_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    link = await a_link()
    travel(monkeypatch, days=-1)
    await used(link)


async def test_a_link_that_expired_while_the_form_was_open_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    link = await a_link()
    made = clock.now()
    travel(monkeypatch, seconds=LASTS.total_seconds())
    with pytest.raises(DeadLink):
        await used(link)
    monkeypatch.setattr(clock, "now", lambda: made + LASTS - timedelta(minutes=1))
    await used(link)


async def test_a_link_that_was_withdrawn_while_the_form_was_open_is_dead() -> None:
    link = await a_link()
    async with audit.recording(None) as record:
        record(Event.PASSWORD_REHASHED, stream="accounts", subject="person:1")
        assert len(await one_time_links.drop(OneTimeLink.id == link.id)) == 1
    with pytest.raises(DeadLink):
        await used(link)


async def test_using_a_link_leaves_the_others_live() -> None:
    first, second = await a_link(), await a_link()
    await used(first)
    await used(second)


async def a_password_link() -> tuple[Viewer, str]:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield, Role.HEAD), await a_person(oakfield, name="Bob Brown")
    return bob, token_in(await new_passwords.make_link(ann, bob.person))


async def test_of_two_who_choose_a_password_by_one_link_at_once_only_one_does() -> None:
    """Both find the link live before either uses it: nothing else than its use keeps the second out."""
    bob, token = await a_password_link()
    chosen = ("violet tractor hums", "purple engine sings")
    tries = await asyncio.gather(*(joining.set_password(token, password=one) for one in chosen), return_exceptions=True)
    assert sorted(type(one).__name__ for one in tries) == ["DeadLink", "str"]
    (won,) = (one for one, came in zip(chosen, tries, strict=True) if isinstance(came, str))
    assert await sign_in.sign_in(await email_of(bob), won, from_address="192.0.2.1")


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_link_is_live_for_what_it_was_made_for_and_nothing_else(purpose: Purpose) -> None:
    school = (await a_school()).id
    async with audit.recording(None) as record:
        record(Event.PASSWORD_REHASHED, stream="accounts", subject="person:1")
        _, address = await one_time_links.add(purpose, made_by=None, school=school, role=Role.HEAD, email="bob@school.example")
    async with database.read():
        assert (await one_time_links.live(token_in(address), *Purpose)).purpose is purpose
        for other in set(Purpose) - {purpose}:
            with pytest.raises(DeadLink):
                await one_time_links.live(token_in(address), other)


async def test_neither_an_invitation_nor_a_password_link_makes_anybody_the_operator() -> None:
    bob, password_link = await a_password_link()
    invitation = await an_invitation(await a_school("Elmwood Primary"), Role.HEAD, "cy@school.example")
    for token in (token_in(invitation.address), password_link):
        with pytest.raises(DeadLink):
            await joining.join_first(
                token, school=bob.school, role=Role.HEAD, name="Cy Carr", email="cy@school.example", password=PASSWORD
            )
    async with database.read():
        assert not await Person.exists().where(Person.is_operator.eq(True))

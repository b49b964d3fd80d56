"""A forgotten password is set anew by a letter: to a proved address only, seldom, and told to every school of the person."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

import audit
import database
from base import clock
from base.refusals import Invalid
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.accounts import addresses, forgotten
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.people import people
from sharing.sign_in import sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import OneTimeLink, Person
from tests.given import builders
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_school,
    email_of,
    events_of,
    signed_in,
    stranger,
    token_in,
    travel,
)
from tests.given.letters import letters, letters_are_sent, link_of, text_of

a_person = partial(builders.a_person, proved=False)

ANN: Final = "ann@oak.example"
ANOTHER: Final = "a quiet river at dawn"
HERE: Final = "192.0.2.1"


@pytest.fixture
def mailing(db: Settings) -> Iterator[None]:
    with letters_are_sent():
        yield


async def proves(viewer: Viewer) -> Viewer:
    email = await email_of(viewer)
    await addresses.ask_to_prove(viewer, email=email, password=PASSWORD)
    await addresses.prove(viewer, token_in(link_of(email)))
    return viewer


async def asks(email: str = ANN, from_address: str = HERE) -> None:
    await forgotten.ask(email, from_address=from_address)
    await forgotten.stop()


async def test_the_whole_way_through_the_pages(mailing: None) -> None:
    oak, elm = await a_school("Oak"), await a_school("Elm")
    ann = await proves(await a_membership(await a_person(oak, email=ANN), elm, Role.GOVERNOR))
    async with signed_in(ann) as signed, stranger() as browser:
        assert "Send me a letter" in (await browser.get("/forgot-password")).text
        told = await browser.post("/forgot-password", data={"email": "  Ann@Oak.EXAMPLE "})
        assert "If an account here has proved that address" in told.text
        await forgotten.stop()
        (letter,) = letters(ANN)
        assert "your account on Vouch, at Elm and Oak" in text_of(letter).replace("\n", " ")
        link = link_of(ANN)
        assert (await browser.get(link)).status_code == 200
        assert (await browser.post(link, data={"password": ANOTHER})).status_code == 303
        assert (await browser.post(link, data={"password": ANOTHER})).status_code == 404
        assert (await signed.get("/people")).status_code == 303, "signed out everywhere"
        assert (await browser.post("/sign-in", data={"email": ANN, "password": ANOTHER})).status_code == 303
    for school in (oak, elm):
        assert (await events_of(school.id))[-1] == "password.changed"
    assert audit.OPERATOR in await trails_with("password_letter.sent")


async def trails_with(event: str) -> set[str]:
    async with database.read():
        rows = await audit.tables.Entry.select(audit.tables.Entry.trail).where(audit.tables.Entry.type == event)
    return {row["trail"] for row in rows}


async def test_letters_go_to_proved_addresses_only(mailing: None) -> None:
    await a_person(await a_school(), email=ANN)
    for email in (ANN, "nobody@oak.example"):
        await asks(email)
    assert letters() == []


async def test_an_auditor_and_somebody_confirmed_in_person_get_theirs(db: Settings) -> None:
    oak = await a_school("Oak")
    eve, ann = await a_person(oak, Role.HEAD, "Eve Evans"), await a_person(oak, email=ANN)
    await addresses.confirm(eve, ann.person)
    with letters_are_sent():
        until = clock.today() + timedelta(days=9)
        made = await auditors.grant(eve, email="iris@audit.example", reason="Review.", until=until)
        assert made.letter
        await joining.join(token_in(link_of("iris@audit.example")), name="Iris Inman", password=PASSWORD)
        for email in (ANN, "iris@audit.example"):
            await asks(email)
            await joining.set_password(token_in(link_of(email)), password=ANOTHER)
            assert await sign_in.sign_in(email, ANOTHER, from_address=HERE)
    assert (await addresses.of(ann)).by_mail, "she opened a letter by now"


async def test_where_two_were_confirmed_in_person_neither_gets_a_letter(db: Settings) -> None:
    for name in ("Oak", "Elm"):
        school = await a_school(name)
        head, ann = await a_person(school, Role.HEAD, f"Head of {name}"), await a_person(school, email=ANN)
        await addresses.confirm(head, ann.person)
    with letters_are_sent():
        await asks()
        assert letters() == []


async def test_nobodys_inbox_is_a_toy(mailing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await proves(await a_person(await a_school(), email=ANN))
    for n in range(10):
        await asks(from_address=f"192.0.2.{n}")
    assert len(letters(ANN)) == 2
    for _ in range(24):
        travel(monkeypatch, hours=1)
        await asks()
    assert len(letters(ANN)) <= 7


async def test_one_network_address_asks_for_few_letters_to_many(mailing: None) -> None:
    oak = await a_school()
    for n in range(35):
        await forgotten.ask(f"{n}@oak.example", from_address=HERE)
    await proves(await a_person(oak, email=ANN))
    await asks()
    assert letters(ANN) == []
    await asks(from_address="198.51.100.7")
    assert len(letters(ANN)) == 1


async def test_a_letter_from_before_the_address_was_changed_opens_nothing(mailing: None) -> None:
    ann = await proves(await a_person(await a_school(), email=ANN))
    await asks()
    link = link_of(ANN)
    await addresses.ask_to_prove(ann, email="ann@new.example", password=PASSWORD)
    await addresses.prove(ann, token_in(link_of("ann@new.example")))
    with pytest.raises(DeadLink):
        await joining.set_password(token_in(link), password=ANOTHER)


async def test_somebody_who_left_every_school_gets_no_letter(mailing: None) -> None:
    oak = await a_school()
    eve, ann = await a_person(oak, Role.HEAD, "Eve Evans"), await proves(await a_person(oak, email=ANN))
    await asks()
    link = link_of(ANN)
    await people.remove(eve, ann.person)
    await asks()
    assert letters(ANN) == []
    with pytest.raises(DeadLink):
        await joining.set_password(token_in(link), password=ANOTHER)


async def test_an_erased_person_has_no_address_to_write_to(mailing: None) -> None:
    async with database.read():
        before = await OneTimeLink.count()
    ann = await proves(await a_person(await a_school(), email=ANN))
    async with database.write():  # as sharing/accounts/erasure.py leaves it
        await Person.update({Person.email: f"{ann.person}@erased.invalid", Person.address_proved_at: None}).where(
            Person.id == ann.person
        )
    for email in (ANN, f"{ann.person}@erased.invalid"):
        await asks(email)
    assert letters() == []
    async with database.read():
        assert await OneTimeLink.count().where(OneTimeLink.purpose == "password") == before == 0


async def test_without_mail_the_page_says_whom_to_ask_and_writes_nothing(db: Settings) -> None:
    async with stranger() as browser:
        shown, sent = await browser.get("/forgot-password"), await browser.post("/forgot-password", data={"email": ANN})
    assert "Send me a letter" not in shown.text
    assert shown.text == sent.text
    assert letters() == []


async def test_what_is_no_address_is_asked_for_again(mailing: None) -> None:
    async with stranger() as browser:
        sent = await browser.post("/forgot-password", data={"email": "ann at oak"})
    assert (sent.status_code, "Enter an e-mail address" in sent.text) == (422, True)
    with pytest.raises(Invalid):
        await forgotten.ask("", from_address=HERE)


async def test_a_look_alike_of_an_address_gets_its_letter_nowhere(mailing: None) -> None:
    """Letters go to the address that is kept, never to the one that was typed."""
    await proves(await a_person(await a_school(), email="mike@kent.example"))
    for typed in ("mıke@kent.example", "mike@ｋent.example", "mike@\u212aent.example"):
        await asks(typed)
    assert {letter["To"] for letter in letters()} <= {"mike@kent.example"}
    assert await sessions.viewer_of("none") is None

"""A school's published address: told at once, in force after five weekdays, and never for an act of whoever set it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

import database
from base import clock, settings
from base.refusals import Conflict, Forbidden
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import waiting
from sharing.joining import joining
from sharing.operator import notices, succession
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground
from sharing.people import people
from sharing.two_people import published, two_people
from tests.given.builders import (
    PASSWORD,
    a_person,
    a_published_address,
    a_school,
    an_address_proved,
    an_operator_beside,
    email_of,
    events_of,
    signed_in,
    token_in,
)
from tests.given.erasing import a_request_of

CHAIR, OTHER = "chair@elm.example", "officer@elm.example"
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIVE_WEEKDAYS_LATER = datetime(2026, 12, 1, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: Settings) -> Path:
    """Sends mail, and established on the first day."""
    chosen = replace(settings.current(), data=tmp_path, smtp="smtp://mail.example", established_days=0)
    monkeypatch.setattr(settings, "current", lambda: chosen)
    return tmp_path


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


async def an_operator() -> Viewer:
    return await a_person(await a_school("Fern Primary"), Role.HEAD, "Olive Osgood", operator=True)


async def counts(school: UUID, *hands: UUID) -> str:
    async with database.read():
        return await published.chair_of(school, *hands)


async def told(viewer: Viewer) -> list[str]:
    return [one.title for one in await notices.of(viewer) if "chair" in one.title]


async def test_whoever_may_write_is_told_at_once_and_it_counts_after_five_weekdays(folder: Path) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    hal, ann = await a_person(elm, Role.HEAD, "Hal Hart"), await a_person(elm)
    gus = await a_person(elm, Role.GOVERNOR, "Gus Gray")
    before = set((folder / "mail" / "outbox").glob("*.eml"))
    await published.set_address(olive, elm.id, email=CHAIR)
    letters = [path.read_text() for path in set((folder / "mail" / "outbox").glob("*.eml")) - before]
    assert {to for to in [await email_of(hal), await email_of(ann)] if any(f"To: {to}" in letter for letter in letters)} == {
        await email_of(hal),
        await email_of(ann),
    }
    assert len(letters) == 2
    assert all(CHAIR in letter and "1 December 2026" in letter for letter in letters)
    assert await told(hal) == await told(ann) == [f"Where your chair is written to changes: {CHAIR}"]
    assert await told(gus) == []
    with clock.at(FIVE_WEEKDAYS_LATER - A_MINUTE):
        assert await counts(elm.id) == ""
    with clock.at(FIVE_WEEKDAYS_LATER):
        assert await counts(elm.id) == CHAIR
        assert await told(hal) == []
    assert (await events_of(elm.id))[-1] == "published_address.set"


async def test_the_address_before_counts_until_the_new_one_does() -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    await a_published_address(olive, elm.id, CHAIR)
    await published.set_address(olive, elm.id, email="wrong@elm.example")
    await published.set_address(olive, elm.id, email=OTHER)
    assert await counts(elm.id) == CHAIR
    with clock.at(FIVE_WEEKDAYS_LATER):
        assert await counts(elm.id) == OTHER


async def test_the_same_address_again_changes_nothing_and_writes_to_nobody(folder: Path) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    await a_person(elm)
    await published.set_address(olive, elm.id, email=CHAIR)
    written, happened = set((folder / "mail" / "outbox").glob("*.eml")), await events_of(elm.id)
    with clock.at(MONDAY + timedelta(days=1)):
        await published.set_address(olive, elm.id, email=CHAIR)
    assert (set((folder / "mail" / "outbox").glob("*.eml")), await events_of(elm.id)) == (written, happened)
    with clock.at(FIVE_WEEKDAYS_LATER):
        assert await counts(elm.id) == CHAIR


async def test_an_operator_of_the_school_is_never_its_chair_for_an_act_of_her_own_or_of_her_second_account() -> None:
    elm = await a_school("Elm Primary")
    olive = await a_person(elm, name="Olive Osgood", operator=True)
    second = await joining.join(
        token_in((await people.invite(olive, email="second@elsewhere.example", role=Role.BUSINESS_MANAGER)).address),
        name="Olive Second",
        password=PASSWORD,
    )
    for account in (olive, second):
        await an_address_proved(account)
    await a_published_address(olive, elm.id, "olive.chair@elsewhere.example")
    pair = await two_people.ask(olive, second.person)
    with pytest.raises(Conflict, match="never for an act of whoever set it"):
        await two_people.write_to_chair(second, pair)
    for asker in (olive, second):
        request = await a_request_of(asker)
        with pytest.raises(Conflict, match="never for an act of whoever set it"):
            await waiting.write_to_chair(asker, request)
        async with signed_in(asker) as browser:
            assert "Write to the chair" not in (await browser.get(f"/erasures/{request}")).text
        assert await counts(elm.id, asker.person) == ""


async def test_it_counts_for_a_colleague_whom_the_operator_did_not_let_in() -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    ann = await a_person(elm)
    await a_published_address(olive, elm.id, CHAIR)
    assert await waiting.write_to_chair(ann, await a_request_of(ann)) == CHAIR


async def test_where_the_address_does_not_count_the_operator_is_not_asked_to_wait_for_the_chair() -> None:
    elm = await a_school("Elm Primary")
    olive = await a_person(elm, name="Olive Osgood", operator=True)
    other = await an_operator_beside(await a_school("Fern Primary"))
    await a_published_address(olive, elm.id, CHAIR)
    request = await a_request_of(olive)
    assert (await waiting.one(other, request)).why_not == ""


async def test_without_a_mail_server_the_letters_are_printed_and_posted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    await a_person(elm)
    without = replace(settings.current(), smtp="")
    monkeypatch.setattr(settings, "current", lambda: without)
    address = f"/people/published-address/{elm.id}"
    async with signed_in(olive) as browser:
        printed = await browser.post(address, data={"email": CHAIR})
        assert (printed.status_code, "Print and post 1 letter" in printed.text, CHAIR in printed.text) == (200, True, True)
        unticked = await browser.post(address, data={"email": CHAIR, "printed": "yes"})
        assert (unticked.status_code, "tick the box" in unticked.text) == (422, True)
        assert await published.latest(olive, elm.id) is None
        assert (await browser.post(address, data={"email": CHAIR, "posted": "yes"})).status_code == 303
        assert "counts from 1 December 2026" in (await browser.get(address)).text


async def test_an_operator_of_the_school_invites_no_new_head_because_it_asked() -> None:
    elm = await a_school("Elm Primary")
    olive = await a_person(elm, name="Olive Osgood", operator=True)
    with pytest.raises(Forbidden, match="You belong to this school"):
        await succession.start(
            olive, elm.id, Wanted("mine@elsewhere.example", Ground.ASKED, CHAIR, "Its website, today"), posted=True
        )

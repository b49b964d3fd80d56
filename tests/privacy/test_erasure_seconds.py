"""Who is the second person of an erasure: two established colleagues, else somebody from outside; never one human twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

import database
from audit.erasing import holds
from audit.erasing.erasure import ErasureReason
from audit.tables import Erasure
from base import clock, settings, weekdays
from base.refusals import Conflict, Forbidden, NotFound
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from privacy import erasure, waiting
from sharing.accounts import new_passwords
from sharing.joining import joining
from sharing.people import people
from sharing.sign_in import api_keys
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import School
from sharing.two_people import two_people
from suppliers.directory import directory
from suppliers.opinions import notes
from suppliers.opinions.notes import About
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_published_address,
    a_school,
    an_address_proved,
    events_of,
    program,
    signed_in,
    stranger,
    token_in,
)  # fmt: skip
from tests.given.erasing import NAME, a_world, ask, facts_of, keys_found, the
from tests.given.routes import routes
from tests.given.town import a_link_to_the_chair
from vouch import jobs

FRIDAY, NEXT_FRIDAY = date(2026, 11, 6), date(2026, 11, 13)
TEN_WORKING_DAYS = timedelta(days=14)
LONG = timedelta(days=15)


@pytest.fixture(autouse=True)
def two_people_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a real installation, where somebody is established after a fortnight."""
    chosen = replace(settings.current(), established_days=14)
    monkeypatch.setattr(settings, "current", lambda: chosen)


@pytest.fixture
def long_ago(db: Settings) -> Iterator[None]:
    with clock.at(clock.now() - LONG):
        yield


async def an_operator() -> Viewer:
    return await a_person(await a_school("Fern Primary"), Role.HEAD, "Olive Osgood", operator=True)


async def a_colleague_of(viewer: Viewer, name: str) -> Viewer:
    """Whom the viewer invited, with a proved address."""
    email = f"{name.lower().replace(' ', '.')}@elsewhere.example"
    invitation = await people.invite(viewer, email=email, role=Role.BUSINESS_MANAGER)
    joined = await joining.join(token_in(invitation.address), name=name, password=PASSWORD)
    await an_address_proved(joined)
    return joined


async def a_request_of_one(viewer: Viewer, *, words: str = "") -> UUID:
    """A school with one writer, who asks to erase a name from a note."""
    supplier = (await directory.add(viewer, name="Ashby Boilers")).id
    note = await notes.note(viewer, supplier, about=About.PROBLEM, body=f"We rang {NAME} twice.")
    return await _asked(viewer, note, words)


async def _asked(viewer: Viewer, note: UUID, words: str) -> UUID:
    return await erasure.ask(viewer, person=None, typed=NAME, chosen=[f"note:{note}"], reason=ErasureReason.ASKED, words=words)


async def mail_in(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted((folder / "mail" / "outbox").glob("*.eml"))]


async def test_a_manager_with_a_second_account_of_her_own_erases_nothing_whatever_she_tries(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    mo = await a_person(elm, name="Mo Elm")
    second = await a_colleague_of(mo, "Mo Second")
    third = await a_colleague_of(second, "Mo Third")
    request = await a_request_of_one(mo)
    with clock.at(clock.now() + LONG * 2):
        for approver in (mo, second, third):
            async with signed_in(approver) as browser:
                answer = await browser.post(f"/erasures/{request}/approve", data={"sure": "yes"})
                assert answer.status_code == 403, approver.name
                assert (await browser.post(f"/erasures/outside/{request}/approve", data={"sure": "yes"})).status_code == 404
                assert (await browser.get("/erasures/outside")).status_code == 404
            async with program(await api_keys.create(approver, name="Hers", days=30, scopes=tuple(KeyScope))) as asking:
                assert (await asking.post(f"/erasures/{request}/approve", data={"sure": "yes"})).status_code == 403
        for account in (second, third):
            await joining.set_password(
                token_in(await new_passwords.make_link(mo, account.person)), password="a quiet river at dawn"
            )
            with pytest.raises(Forbidden):
                await erasure.approve(account, request)
        await people.remove(second, mo.person)
        with pytest.raises(Forbidden):
            await erasure.approve(second, request)
        await a_membership(mo, elm)
        with pytest.raises(Forbidden):
            await erasure.approve(third, request)
        assert "erasure.applied" not in await events_of(elm.id)
    with clock.at(clock.now() + LONG * 4):
        pair = await two_people.ask(mo, second.person)
        with pytest.raises(NotFound):
            await two_people.confirm(third, pair)
        await two_people.confirm(olive, pair)
        await erasure.approve(second, request)
        assert await facts_of(elm.id, "erasure.applied") == [{"second_person": True}]


@pytest.mark.pure
def test_no_endpoint_of_the_api_and_no_command_decides_about_an_erasure() -> None:
    assert not [route.path for route in routes() if route.is_api and "erasure" in route.path]


async def test_a_school_of_one_has_the_operator_as_second_who_sees_places_and_never_the_text(long_ago: None) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    mo, other = await a_person(elm, name="Mo Elm"), await a_person(await a_school("Ash Primary"), Role.HEAD, "Hal Ash")
    request = await a_request_of_one(mo, words="Asked in writing on Monday.")
    async with signed_in(mo) as browser:
        page = (await browser.get(f"/erasures/{request}")).text
        assert "somebody from outside decides" in page
        assert "/approve" not in page
    for outsider in (other, mo):
        async with signed_in(outsider) as browser:
            assert (await browser.get("/erasures/outside")).status_code == 404
            assert (await browser.get(f"/erasures/outside/{request}")).status_code == 404
    async with signed_in(olive) as browser:
        pages = (await browser.get("/erasures/outside")).text + (await browser.get(f"/erasures/outside/{request}")).text
        supplier = (await the(Erasure, Erasure.id == request)).chosen
        assert supplier
        for shown in ("Elm Primary", "Asked in writing on Monday.", "About one of its suppliers", "Note"):
            assert shown in pages
        for hidden in (NAME, "Zebedee", "rang", "twice", "Ashby", "supplier:", "criticism"):
            assert hidden not in pages
        assert (await browser.post(f"/erasures/outside/{request}/approve")).status_code == 422
        assert (await browser.post(f"/erasures/outside/{request}/approve", data={"sure": "yes"})).status_code == 303
    assert await keys_found(mo, typed=NAME) == []
    row = await the(Erasure, Erasure.id == request)
    assert (row.decided_as, row.decided_by) == ("operator", olive.person)
    async with signed_in(mo) as browser:
        trail = (await browser.get("/trail")).text
    assert "Olive Osgood" in trail


async def test_nobody_from_outside_decides_while_a_colleague_counts(db: Settings) -> None:
    olive = await an_operator()
    with clock.at(clock.now() - LONG):
        world = await a_world()
    request = await ask(world)
    with pytest.raises(Forbidden, match="they decide this themselves"):
        await erasure.approve_from_outside(olive, request)
    with pytest.raises(Forbidden, match="they decide this themselves"):
        await erasure.approve_as_chair(await a_link_to_the_chair(world.ann, "erasure", request))
    with pytest.raises(Conflict, match="they decide this themselves"):
        await waiting.write_to_chair(world.ann, request)
    await erasure.approve(world.hal, request)


async def test_the_head_of_the_trust_comes_before_the_operator_who_may_after_ten_working_days(db: Settings) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary", trust="Rose Trust")
    async with database.read():
        team = await School.objects().where(School.kind == "trust").first()
    assert team is not None
    tess, tom = await a_person(team, Role.HEAD, "Tess Rose"), await a_person(team, name="Tom Rose")
    mo = await a_person(elm, name="Mo Elm")
    request = await a_request_of_one(mo)
    with pytest.raises(Forbidden, match="asked first"):
        await erasure.approve_from_outside(olive, request)
    with pytest.raises(NotFound):
        await erasure.approve_from_outside(tom, request)
    with clock.at(clock.now() + TEN_WORKING_DAYS):
        assert (await waiting.one(olive, request)).why_not == ""
    assert [one.school_name for one in await waiting.every(tess)] == ["Elm Primary"]
    await erasure.approve_from_outside(tess, request)
    assert (await the(Erasure, Erasure.id == request)).decided_as == "trust"


async def test_the_chair_decides_by_a_link_to_the_published_address(db: Settings) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    mo = await a_person(elm, name="Mo Elm")
    request = await a_request_of_one(mo)
    await a_published_address(olive, elm.id, "chair@elm.example")
    async with signed_in(mo) as browser:
        assert "Write to the chair" in (await browser.get(f"/erasures/{request}")).text
        assert (await browser.post(f"/erasures/{request}/write")).status_code == 303
    (letter,) = await mail_in(db.data)
    assert NAME not in letter
    link = next(word for word in letter.replace("=\n", "").split() if "/outside/erasure/" in word)
    async with stranger() as browser:
        page = (await browser.get(link)).text
        assert "About one of its suppliers" in page
        assert "Zebedee" not in page
        assert (await browser.post(link)).status_code == 422
        assert "Thank you" in (await browser.post(link, data={"sure": "yes"})).text
        assert (await browser.get(link)).status_code == 404
    assert await keys_found(mo, typed=NAME) == []
    async with signed_in(mo) as browser:
        assert "the chair of the school" in (await browser.get(f"/erasures/{request}")).text


async def test_a_link_to_the_chair_of_another_matter_or_a_decided_one_erases_nothing(db: Settings) -> None:
    mo = await a_person(await a_school("Elm Primary"), name="Mo Elm")
    request = await a_request_of_one(mo)
    with pytest.raises(DeadLink):
        await erasure.approve_as_chair(await a_link_to_the_chair(mo, "two_people", request))
    token = await a_link_to_the_chair(mo, "erasure", request)
    await erasure.withdraw(mo, request)
    with pytest.raises(Conflict):
        await erasure.approve_as_chair(token)
    async with stranger() as browser:
        assert (await browser.get(f"/outside/erasure/{token}")).status_code == 404


async def test_what_a_hold_covers_stays_and_its_words_are_not_told_outside(db: Settings) -> None:
    olive, elm = await an_operator(), await a_school("Elm Primary")
    mo = await a_person(elm, name="Mo Elm")
    request = await a_request_of_one(mo)
    await holds.place(mo, about="school", reason="A secret claim.")
    async with signed_in(olive) as browser:
        assert "A secret claim" not in (await browser.get(f"/erasures/outside/{request}")).text
        refused = await browser.post(f"/erasures/outside/{request}/approve", data={"sure": "yes"})
    assert (refused.status_code, "A secret claim" in refused.text) == (409, False)
    assert await keys_found(mo, typed=NAME) != []


async def test_the_operator_is_told_once_of_what_waits_ten_working_days_without_the_text(db: Settings) -> None:
    await an_operator()
    elm = await a_school("Elm Primary")
    asked_at = datetime(2026, 11, 6, 15, tzinfo=UTC)  # a Friday
    mo = await a_person(elm, name="Mo Elm")
    with clock.at(asked_at):
        await a_request_of_one(mo)
    with clock.at(asked_at + TEN_WORKING_DAYS - timedelta(days=1)):
        assert await waiting.tell_operator() == 0
    with clock.at(asked_at + TEN_WORKING_DAYS):
        done = await jobs.run_due()
        assert (done.told, done.failed) == (1, ())
        assert await waiting.tell_operator() == 0
    (letter,) = [one for one in await mail_in(db.data) if "10 working days" in one]  # beside that of what waits
    assert "Elm Primary" in letter
    for hidden in (NAME, "Zebedee", "rang"):
        assert hidden not in letter
    assert (await events_of(elm.id))[-1] == "erasure.waits"


async def test_what_was_decided_in_time_is_told_to_nobody(db: Settings) -> None:
    olive = await an_operator()
    mo = await a_person(await a_school("Elm Primary"), name="Mo Elm")
    request = await a_request_of_one(mo)
    await erasure.withdraw(mo, request)
    (note,) = await keys_found(mo, typed=NAME)
    await erasure.approve_from_outside(olive, await _asked(mo, UUID(note.removeprefix("note:")), ""))
    with clock.at(clock.now() + TEN_WORKING_DAYS):
        assert await waiting.tell_operator() == 0
    assert await mail_in(db.data) == []


@pytest.mark.pure
@pytest.mark.parametrize(
    ("first", "days", "working"),
    [
        *((FRIDAY, 0, 0), (FRIDAY, 1, 0), (FRIDAY, 2, 0), (FRIDAY, 3, 1), (FRIDAY, 7, 5), (FRIDAY, 14, 10), (FRIDAY, -3, 0)),
        *((NEXT_FRIDAY, 10, 6), (date(2026, 11, 7), 2, 1), (date(2026, 11, 8), 13, 10)),
    ],
)
def test_working_days_are_monday_to_friday(first: date, days: int, working: int) -> None:
    assert weekdays.between(first, first + timedelta(days=days)) == working

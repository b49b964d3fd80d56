"""What waits reaches who does not look: in a letter that says how many as it is written, in a feed by a secret address."""

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

import database
from base import clock
from base.refusals import NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from notices import choices, reminding
from notices.desk import waiting_due, waiting_feed
from notices.desk.waiting_feed import ATOM, ENDING
from notices.tables import WaitingFeed
from sharing.networks import connections
from sharing.people import people
from tests.given.builders import a_person, a_school, email_of
from tests.given.reminders import TUESDAY, letters, lines_of
from vouch.wiring import COUNTED, WAITS

ONE, TWO = "1 school asks to connect with yours.", "2 schools ask to connect with yours."
NEXT = "\n  http://127.0.0.1:8000/connections\n"


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    with clock.at(TUESDAY):
        yield


async def remind() -> int:
    return (await reminding.remind([waiting_due.source(WAITS)])).letters


async def to(viewer: Viewer) -> list[str]:
    email = await email_of(viewer)
    return [lines_of(letter) for letter in letters() if letter["To"] == email]


async def test_a_letter_says_how_many_wait_when_it_is_written_to_whoever_belongs_there_then(db: Settings) -> None:
    oakfield = await a_school()
    hal, ann, una, gus, cy = [
        await a_person(oakfield, role, name)
        for role, name in (
            *((Role.HEAD, "Hal Hart"), (Role.BUSINESS_MANAGER, "Ann Archer"), (Role.BUSINESS_MANAGER, "Una Underhill")),
            *((Role.GOVERNOR, "Gus Gray"), (Role.BUSINESS_MANAGER, "Cy Cole")),
        )
    ]
    bob, dee = [await a_person(await a_school(name)) for name in ("Elmwood", "Dale")]
    await choices.choose(hal, often="weekly", weekday=4)
    await choices.choose(una, often="none", weekday=1)
    request = await connections.ask(bob, oakfield.id)
    await people.remove(hal, cy.person)
    assert (await remind(), await remind()) == (1, 0)
    assert [ONE + NEXT in letter for letter in await to(ann)] == [True]
    with clock.at(TUESDAY + timedelta(days=1)):
        assert await remind() == 0  # nothing is new, and the week is the same
        await connections.ask(dee, oakfield.id)
    with clock.at(TUESDAY + timedelta(days=2)):
        assert await remind() == 2  # Hal's is weekly, on Thursdays
    assert [TWO + NEXT in letter for letter in await to(ann)].count(True) == 1
    assert [TWO in letter for letter in await to(hal)] == [True]
    await connections.decline(hal, request)
    with clock.at(TUESDAY + timedelta(days=7)):
        assert await remind() == 1  # what still waits is told again in another week, as many as there are
    assert sum(ONE in letter for letter in await to(ann)) == 2
    assert [await to(viewer) for viewer in (una, gus, cy)] == [[], [], []]


async def test_a_feed_says_the_same_until_it_is_revoked_or_its_person_leaves(db: Settings) -> None:
    oakfield = await a_school()
    hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hart"), await a_person(oakfield)
    bob = await a_person(await a_school("Elmwood"))
    address = await waiting_feed.make(ann)
    name = address.rpartition("/")[2]
    assert await entries(name) == []
    await connections.ask(bob, oakfield.id)
    assert await entries(name) == [(ONE, "http://127.0.0.1:8000/connections")]
    async with database.read():
        (kept,) = await WaitingFeed.select()
    assert name.removesuffix(ENDING) not in repr(kept)
    newer = (await waiting_feed.make(ann)).rpartition("/")[2]
    for gone in (name, "x" * 200 + ENDING, newer.removesuffix(ENDING)):
        with pytest.raises(NotFound):
            await waiting_feed.read(gone, WAITS, COUNTED)
    assert await entries(newer)
    await people.remove(hal, ann.person)
    with pytest.raises(NotFound):
        await waiting_feed.read(newer, WAITS, COUNTED)
    hals = (await waiting_feed.make(hal)).rpartition("/")[2]
    await waiting_feed.revoke(hal)
    with pytest.raises(NotFound):
        await waiting_feed.read(hals, WAITS, COUNTED)


async def entries(name: str) -> list[tuple[str, str]]:
    feed = ET.fromstring(await waiting_feed.read(name, WAITS, COUNTED))  # noqa: S314 - our own
    of = "{" + ATOM + "}"
    assert feed.tag == f"{of}feed"
    assert all(feed.findtext(f"{of}{what}") for what in ("id", "title", "updated"))
    found = feed.findall(f"{of}entry")
    assert len({one.findtext(f"{of}id") for one in found}) == len(found)
    return [(str(one.findtext(f"{of}title")), str(one.find(f"{of}link").get("href"))) for one in found]  # type: ignore[union-attr]

"""The feed of what waits for a person, for a program that reads news: an address with a secret in it; the digest is kept.

It says how many and where, as the home page does, and no words that anybody wrote. It is asked anew at each fetch, as is where
the person belongs.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time
from typing import Final
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, settings
from base.refusals import NotFound
from base.viewer import Viewer
from base.waiting import Waiting, Waits
from notices.desk import waiting
from notices.events import Event
from notices.tables import WaitingFeed
from sharing.sign_in import standing
from sharing.sign_in.sessions import digest_of
from sharing.tables import Person

TOKEN_BYTES: Final = 32
ENDING: Final = ".atom"
LONGEST_NAME: Final = 100  # characters of a token with its ending
MOST_ENTRIES: Final = 100
ATOM: Final = "http://www.w3.org/2005/Atom"  # RFC 4287

Counted = Callable[[Viewer], Awaitable[Waiting | None]]


async def made_at(viewer: Viewer) -> datetime | None:
    """When the viewer made their feed; its address can't be shown again."""
    async with database.read():
        row = await WaitingFeed.select().where(WaitingFeed.person == viewer.person).first()
    return row["made_at"] if row else None


async def make(viewer: Viewer) -> str:
    """Makes a feed, in place of the one that the viewer had; returns its address."""
    token = secrets.token_hex(TOKEN_BYTES)
    async with audit.recording(viewer) as record:
        await database.locked(Person.select(Person.id).where(Person.id == viewer.person))  # of two at once the second waits
        await WaitingFeed.delete().where(WaitingFeed.person == viewer.person)
        await WaitingFeed(person=viewer.person, token_hash=digest_of(token), made_at=clock.now()).save()
        record(Event.WAITING_FEED_MADE, stream=OUR_SCHOOL, subject=Subject.PERSON.of(viewer.person))
    return f"{settings.current().origin}/feeds/waiting/{token}{ENDING}"


async def revoke(viewer: Viewer) -> None:
    """The address opens nothing any more. Raises NotFound where there is none."""
    async with audit.recording(viewer) as record:
        if not await WaitingFeed.delete().where(WaitingFeed.person == viewer.person).returning(WaitingFeed.person):
            raise NotFound
        record(Event.WAITING_FEED_REVOKED, stream=OUR_SCHOOL, subject=Subject.PERSON.of(viewer.person))


async def end_with_password(viewer: Viewer, record: audit.Record) -> None:
    """As ``revoke``, where there is one: somebody else may have made it. Inside the unit that changes the password."""
    if await WaitingFeed.delete().where(WaitingFeed.person == viewer.person).returning(WaitingFeed.person):
        facts = {"by": "password"}
        record.by(viewer)(Event.WAITING_FEED_REVOKED, stream=OUR_SCHOOL, subject=Subject.PERSON.of(viewer.person), facts=facts)


async def read(name: str, kinds: Sequence[Waits], also: Sequence[Counted]) -> bytes:
    """The feed at /feeds/waiting/``name``. Raises NotFound for what is no live feed of somebody who belongs to a school."""
    if not name.endswith(ENDING) or len(name) > LONGEST_NAME:
        raise NotFound
    async with database.read():
        row = await WaitingFeed.select().where(WaitingFeed.token_hash == digest_of(name.removesuffix(ENDING))).first()
        viewers = tuple(one for one in await standing.of(row["person"]) if one.role.is_reminded) if row else ()
    if row is None or not viewers:
        raise NotFound
    found = [(viewer, one) for viewer in viewers for one in await _of(viewer, kinds, also)]
    return _written(row["person"], found[:MOST_ENTRIES], row["made_at"])


async def _of(viewer: Viewer, kinds: Sequence[Waits], also: Sequence[Counted]) -> list[Waiting]:
    more = [await counted(viewer) for counted in also]
    return [*await waiting.of(viewer, kinds), *(one for one in more if one)]


def _written(person: UUID, found: Sequence[tuple[Viewer, Waiting]], made: datetime) -> bytes:
    origin, today = settings.current().origin, clock.today()
    moments = [_since(one) for _, one in found]
    feed = ET.Element("feed", xmlns=ATOM)
    _add(feed, "id", f"urn:uuid:{uuid5(person, 'waiting')}")
    _add(feed, "title", "Vouch: what waits for you")
    _add(feed, "updated", max(moments, default=made).isoformat(timespec="seconds"))
    ET.SubElement(_add(feed, "author"), "name").text = "Vouch"
    ET.SubElement(feed, "link", href=f"{origin}/", rel="alternate")
    for (viewer, one), moment in zip(found, moments, strict=True):
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:uuid:{uuid5(person, waiting.key_of(one, viewer.school, today))}")
        _add(entry, "title", f"{viewer.school_name}: {one.text}" if viewer.several_schools else one.text)
        _add(entry, "updated", moment.isoformat(timespec="seconds"))
        ET.SubElement(entry, "link", href=f"{origin}{one.page}", rel="alternate")
        _add(entry, "content", one.button)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _since(one: Waiting) -> datetime:
    return one.newest or datetime.combine(waiting.day_of(one, clock.today()), time(), tzinfo=clock.LONDON)


def _add(above: ET.Element, name: str, text: str = "") -> ET.Element:
    made = ET.SubElement(above, name)
    made.text = text or None
    return made

"""The calendar feed of a person: an address with a secret in it, shown once, of which only the digest is kept.

Whoever has the address reads the days, so they say little, and the person revokes it at any time. What it holds is asked anew
at each fetch, and so is where the person belongs.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import calendar_file, clock, settings
from base.due import DateSource, FeedDate
from base.refusals import NotFound
from base.viewer import Viewer
from notices.events import Event
from notices.tables import Feed
from sharing.sign_in import standing
from sharing.sign_in.sessions import digest_of
from sharing.tables import Person

TOKEN_BYTES: Final = 32
MOST_DATES: Final = 2_000  # of one calendar: the nearest of them
ENDING: Final = ".ics"
LONGEST_NAME: Final = 100  # characters of a token with its ending


@dataclass(frozen=True, slots=True)
class LiveFeed:
    made_at: datetime
    shows_titles: bool


async def of(viewer: Viewer) -> LiveFeed | None:
    """The viewer's feed; its address can't be shown again."""
    async with database.read():
        row = await Feed.select().where(Feed.person == viewer.person).first()
    return LiveFeed(row["made_at"], bool(row["shows_titles"])) if row else None


async def make(viewer: Viewer, *, shows_titles: bool) -> str:
    """Makes a feed, in place of the one that the viewer had; returns its address."""
    token = secrets.token_hex(TOKEN_BYTES)
    async with audit.recording(viewer) as record:
        await database.locked(Person.select(Person.id).where(Person.id == viewer.person))  # of two at once the second waits
        await Feed.delete().where(Feed.person == viewer.person)
        row = Feed(person=viewer.person, token_hash=digest_of(token), shows_titles=shows_titles, made_at=clock.now())
        await row.save()
        facts = {"shows_titles": shows_titles}
        record(Event.FEED_MADE, stream=OUR_SCHOOL, subject=Subject.PERSON.of(viewer.person), facts=facts)
    return f"{settings.current().origin}/feeds/{token}{ENDING}"


async def revoke(viewer: Viewer) -> None:
    """The address opens nothing any more. Raises NotFound where there is none."""
    async with audit.recording(viewer) as record:
        if not await Feed.delete().where(Feed.person == viewer.person).returning(Feed.person):
            raise NotFound
        record(Event.FEED_REVOKED, stream=OUR_SCHOOL, subject=Subject.PERSON.of(viewer.person))


async def end_with_password(viewer: Viewer, record: audit.Record) -> None:
    """As ``revoke``, where there is one: somebody else may have made it. Inside the unit that changes the password."""
    if await Feed.delete().where(Feed.person == viewer.person).returning(Feed.person):
        facts = {"by": "password"}
        record.by(viewer)(Event.FEED_REVOKED, stream=OUR_SCHOOL, subject=Subject.PERSON.of(viewer.person), facts=facts)


async def read(name: str, dates: DateSource) -> bytes:
    """The calendar at /feeds/``name``. Raises NotFound for what is no live feed of somebody who belongs to a school."""
    if not name.endswith(ENDING) or len(name) > LONGEST_NAME:
        raise NotFound
    async with database.read():
        row = await Feed.select().where(Feed.token_hash == digest_of(name.removesuffix(ENDING))).first()
        viewers = await _members(row["person"]) if row else ()
    if row is None or not viewers:
        raise NotFound
    found: list[FeedDate] = [one for viewer in viewers for one in await dates(viewer)]
    nearest = sorted(found, key=lambda one: abs(one.day - clock.today()))[:MOST_DATES]
    return calendar_file.built(nearest, shows_titles=bool(row["shows_titles"]), origin=settings.current().origin)


async def _members(person: UUID) -> tuple[Viewer, ...]:
    return tuple(one for one in await standing.of(person) if one.role.is_reminded)

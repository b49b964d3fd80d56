"""What is new to somebody since they last looked: of words on suppliers by when they were written, of what is shared with them
by name by what was in sight then. Kept of each person and school: that moment, and the ids that were in sight by name.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from piccolo.columns import And
from piccolo.querystring import QueryString

import database
from base import clock
from base.refusals import Busy
from base.viewer import Role, Viewer
from base.waiting import News, NewsSource, Waiting, Waits
from base.words import count
from notices.tables import Looked
from sharing.tables import Person
from suppliers.shares.news import MOST_COUNTED

AT_FIRST: Final = timedelta(days=14)  # how far back words are new to whoever never looked
BYTES_OF_ID: Final = 16
_SINCE: Final = "COALESCE((SELECT looked_at FROM notices_looked WHERE person = {} AND school = {}), {})"


@dataclass(frozen=True, slots=True)
class LastLook:
    """``at`` None: never; ``known`` are ids."""

    at: datetime | None
    known: frozenset[UUID]

    @property
    def since(self) -> datetime:
        return self.at or clock.now() - AT_FIRST


async def last_look(viewer: Viewer) -> LastLook:
    async with database.read():
        row = await Looked.select().where(_theirs(viewer)).first()
    return LastLook(row["looked_at"], _ids(bytes(row["known"]))) if row else LastLook(None, frozenset())


async def unseen(viewer: Viewer, sources: Sequence[NewsSource]) -> tuple[News, ...]:
    """What is new, in any order: of words on suppliers at most ``MOST_COUNTED`` of a kind. Opens its own units."""
    last = await last_look(viewer)
    return _new(await _all(viewer, sources, last.since), last.known)


async def look(viewer: Viewer, sources: Sequence[NewsSource]) -> tuple[tuple[News, ...], LastLook]:
    """What is new, the newest first, and when they looked before; from now on none of it is, unless nothing can be saved."""
    last, now = await last_look(viewer), clock.now()
    found = await _all(viewer, sources, last.since, newest=True)
    known = sorted({one.id for one in found if one.is_by_name})
    with suppress(Busy):
        async with database.housekeeping():
            await database.locked(Person.select(Person.id).where(Person.id == viewer.person))  # of two at once the second waits
            await Looked.delete().where(_theirs(viewer))
            kept = b"".join(one.bytes for one in known)
            await Looked.insert(Looked(id=uuid4(), person=viewer.person, school=viewer.school, looked_at=now, known=kept))
    return _newest(_new(found, last.known)), last


async def lately(viewer: Viewer, sources: Sequence[NewsSource]) -> tuple[News, ...]:
    """All of the last days, and all that is by name, the newest first, whether they looked or not."""
    return _newest(await _all(viewer, sources, clock.now() - AT_FIRST, newest=True))


def waits(sources: Sequence[NewsSource]) -> Waits:
    def asked(viewer: Viewer, now: datetime) -> QueryString | None:
        if viewer.role in (Role.AUDITOR, Role.SITE_STAFF):
            return None
        since = QueryString(_SINCE, viewer.person, viewer.school, now - AT_FIRST)
        any_of = " OR ".join("{}" for _ in sources)
        conditions = (source.may_be(viewer, since) for source in sources)
        some = QueryString(any_of, *conditions)
        return QueryString("CASE WHEN {} THEN 1 ELSE 0 END AS n, CAST(NULL AS TIMESTAMPTZ) AS newest", some)

    async def left(viewer: Viewer, _number: int) -> int:
        return len(await unseen(viewer, sources))

    return Waits("news", asked, _told, left)


def _told(_viewer: Viewer, number: int) -> Waiting:
    least = "At least " if number >= MOST_COUNTED else ""
    what = f"{least}{count(number, 'thing')} from other schools {'is' if number == 1 else 'are'} new to you"
    text = f"{what}: about suppliers that you use, or shared with you by name."
    return Waiting("news", number, text, "/news", "See what is new")


async def _all(viewer: Viewer, sources: Sequence[NewsSource], since: datetime, *, newest: bool = False) -> list[News]:
    return [one for source in sources for one in await source.found(viewer, since, newest=newest)]


def _new(found: Sequence[News], known: Collection[UUID]) -> tuple[News, ...]:
    return tuple(one for one in found if one.id not in known)


def _newest(found: Sequence[News]) -> tuple[News, ...]:
    return tuple(sorted(found, key=lambda one: (one.at is not None, one.at or clock.now(), str(one.id)), reverse=True))


def _theirs(viewer: Viewer) -> And:
    return And(Looked.person == viewer.person, Looked.school == viewer.school)


def _ids(kept: bytes) -> frozenset[UUID]:
    return frozenset(UUID(bytes=kept[at : at + BYTES_OF_ID]) for at in range(0, len(kept), BYTES_OF_ID))

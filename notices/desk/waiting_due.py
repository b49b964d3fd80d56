"""What waits for each person, for their letter: how many, and where. Asked once a day, and as it is when the letter is written.

What still waits is told again in another week; what is new of a kind on the day after it came.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import database
from base import clock
from base.due import Due, DueSource
from base.viewer import Viewer
from base.waiting import Waiting, Waits
from notices import hearing, planning
from notices.desk import waiting
from notices.tables import Asked
from sharing.sign_in import standing

MOST_ASKED: Final = 300  # people in one run, which the lease of letters covers: the others in the next

_NOT_ASKED: Final = """SELECT DISTINCT m.person AS person FROM sharing_membership m
    WHERE (m.valid_until IS NULL OR m.valid_until > {})
    AND NOT EXISTS (SELECT 1 FROM notices_asked a WHERE a.person = m.person AND a.asked_on >= {})
    ORDER BY m.person LIMIT {}"""


def source(kinds: Sequence[Waits]) -> DueSource:
    async def due(day: date) -> AsyncIterator[Due]:
        """See base/due.py; what waits, waits today, whatever ``day`` is told with it."""
        if day != clock.today():
            return
        for person in await _not_asked(day):
            for one in await _of(person, kinds, day):
                yield one
            async with database.housekeeping():
                row = Asked(person=person, asked_on=day)
                await Asked.insert(row).on_conflict(target=Asked.person, action="DO UPDATE", values=[Asked.asked_on])

    return due


async def _not_asked(day: date) -> list[UUID]:
    async with database.read():
        rows = await Asked.raw(_NOT_ASKED, clock.now(), day, MOST_ASKED)
    return [UUID(str(row["person"])) for row in rows]


async def _of(person: UUID, kinds: Sequence[Waits], day: date) -> list[Due]:
    async with database.read():
        hearer = await hearing.hearer(person)
        viewers = await standing.of(person) if hearer and planning.has_letter_on(hearer, day) else ()
    return [one for viewer in viewers if viewer.role.is_reminded for one in _dues(viewer, await waiting.of(viewer, kinds), day)]


def _dues(viewer: Viewer, found: Sequence[Waiting], today: date) -> Iterator[Due]:
    for one in found:
        if not one.has_own_letter:
            day = waiting.day_of(one, today)
            yield Due(
                about=waiting.key_of(one, viewer.school, today),
                step="",
                person=viewer.person,
                school=viewer.school,
                sentence=one.text,
                page=one.page,
                day=day,
            )

"""When a school decides about its contracts: how early it wants to hear of them, and on which days its governors meet."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

import audit
import database
from audit import Record
from audit.log.subjects import CALENDAR
from base import clock
from base.refusals import Conflict, Invalid
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.reminders.tables import Timing
from sharing.tables import School

MONTHS: Final = (12, 9, 6)  # before the day by which to decide: what a school may add to the usual
MOST_MEETINGS: Final = 200
SINCE_CHANGED: Final = "A colleague changed this after you read it. Read it again, then change what is still wrong."


@dataclass(frozen=True, slots=True)
class SchoolTiming:
    months: tuple[int, ...] = ()
    meetings: tuple[date, ...] = ()  # in order

    @property
    def mark(self) -> str:
        """The same for the same; "" of what nobody has chosen."""
        return sha256(repr((self.months, self.meetings)).encode()).hexdigest()[:32] if self.months or self.meetings else ""

    def last_meeting(self, before: date, today: date) -> date | None:
        """The last one of today or later that is not after a day."""
        return max((one for one in self.meetings if today <= one <= before), default=None)


async def of_school(school: UUID) -> SchoolTiming:
    """Inside the caller's unit."""
    row = await Timing.select().where(Timing.school == school).first()
    if row is None:
        return SchoolTiming()
    return SchoolTiming(tuple(json.loads(row["months"])), tuple(map(date.fromisoformat, json.loads(row["meetings"]))))


async def look(viewer: Viewer) -> SchoolTiming:
    async with database.read():
        return await of_school(viewer.school)


async def choose(viewer: Viewer, *, months: Collection[str], meetings: Sequence[date], seen: str) -> None:
    """Raises Forbidden, Invalid that names the wrong field; Conflict where other things stand than those of mark ``seen``."""
    must_keep_contracts(viewer)
    new = checked(months, meetings)
    async with audit.recording(viewer) as record:
        await database.locked(School.select(School.id).where(School.id == viewer.school))  # of two at once the second waits
        before = await of_school(viewer.school)
        if not await choose_one(record, viewer, new):
            record.unchanged()
        elif before.mark != seen:
            raise Conflict(SINCE_CHANGED)


async def choose_one(record: Record, viewer: Viewer, new: SchoolTiming) -> bool:
    """As ``choose``, inside the caller's unit: whether it differs from before."""
    new = checked(map(str, new.months), new.meetings)
    await database.locked(School.select(School.id).where(School.id == viewer.school))  # of two at once the second waits
    if await of_school(viewer.school) == new:
        return False
    days = [one.isoformat() for one in new.meetings]
    await Timing.delete().where(Timing.school == viewer.school)
    row = Timing(
        school=viewer.school, months=json.dumps(new.months), meetings=json.dumps(days), saved_by=viewer.person,
        saved_at=clock.now(),
    )  # fmt: skip
    await Timing.insert(row)
    record(Event.DECIDING_SET, stream=CALENDAR, subject=CALENDAR, facts={"months_before": list(new.months), "meetings": days})
    return True


def checked(months: Iterable[str], meetings: Iterable[date]) -> SchoolTiming:
    """Raises Invalid that names each wrong field."""
    months, meetings = set(months), set(meetings)
    known = {str(n): n for n in MONTHS}
    problems = {} if months <= set(known) else {"months": "Choose from the list."}
    if len(meetings) > MOST_MEETINGS:
        problems["meetings"] = f"Enter at most {MOST_MEETINGS} days. Leave out what is long past."
    if problems:
        raise Invalid(next(iter(problems.values())), **problems)
    return SchoolTiming(tuple(sorted((known[n] for n in months), reverse=True)), tuple(sorted(meetings)))

"""A school becomes an academy: the register closes it and opens another one with a new URN, and it goes on as that one here.

Its id stays, and with it its people, its records and its trail, which says that its owner has another number. The row that
the register had made for the new URN, which nobody ever used, becomes that of the closed school.
Who blocked either blocks the school. What others shared with the unused row stays there: they are not asked, so it opens nothing.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log import streams, whose
from audit.log.subjects import OUR_SCHOOL, REGISTER, Subject
from base import clock
from base.refusals import Conflict, Invalid
from sharing.events import Event
from sharing.schools.register_import import REGISTERED, values
from sharing.schools.register_plan import SchoolFacts
from sharing.tables import Block, Membership, School

SAME: Final = "A school goes on under another URN: give two."


@dataclass(frozen=True, slots=True)
class Converted:
    """The school by our id, and what the register says of it before and now."""

    id: UUID
    before: SchoolFacts
    now: SchoolFacts


async def convert(old: int, new: int) -> Converted:
    """The school with the URN ``old`` goes on with ``new``. Raises Invalid for a URN that no school has, Conflict where something
    has happened at the new one already.
    """
    if old == new:
        raise Invalid(SAME)
    async with audit.recording(None) as record:
        found = await database.locked(School.select(School.id, *REGISTERED).where(database.among(School.urn, [old, new])))
        by_urn = {row["urn"]: row for row in found}
        for urn in (old, new):
            if urn not in by_urn:
                raise Invalid(f"No school has the URN {urn}. Import the register first, or check the number.")
        ours, theirs = by_urn[old].pop("id"), by_urn[new].pop("id")
        await _require_unused(theirs, new)
        before, now = SchoolFacts(**by_urn[old]), SchoolFacts(**by_urn[new])
        await _exchange(ours, theirs, before, now)
        facts = {"old": {"urn": old}, "new": {"urn": new}}
        record(Event.SCHOOL_CONVERTED, stream=REGISTER, subject=Subject.SCHOOL.of(ours), facts=facts, trail=audit.OPERATOR)
        await whose.tell_renamed(record, [str(ours)])
        await _blocks_follow(record, theirs, ours)
    return Converted(ours, before, now)


async def _require_unused(school: UUID, urn: int) -> None:
    """Every record of a school is an entry of its trail."""
    has_people = await Membership.exists().where(Membership.school == school)
    if has_people or await streams.size_of(str(school)):
        raise Conflict(f"The school with the URN {urn} has people or records of its own here. Two records are never made one.")


async def _exchange(ours: UUID, theirs: UUID, before: SchoolFacts, now: SchoolFacts) -> None:
    """One after the other, and never two with one URN."""
    await School.update({School.urn: None}).where(School.id == theirs)
    await database.update_rows(School, REGISTERED, [(*values(now), ours)])
    await database.update_rows(School, REGISTERED, [(*values(before), theirs)])


async def _blocks_follow(record: Record, old: UUID, new: UUID) -> None:
    """Whoever blocked the school under its new URN, before anybody knew which one it is, blocks it from then on."""
    there = (Block.peer == old) & Block.until_at.is_null()
    already = await Block.select(Block.school).where((Block.peer == new) & Block.until_at.is_null()).output(as_list=True)
    for row in await Block.select(Block.school, Block.since_at).where(there):
        if row["school"] not in (new, *already):
            await Block.insert(Block(id=uuid4(), school=row["school"], peer=new, since_at=row["since_at"]))
            record(Event.SCHOOL_BLOCKED, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(new), trail=row["school"])
    await Block.update({Block.until_at: clock.now()}).where(there)

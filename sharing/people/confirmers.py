"""Who confirms criticism that more than three schools can read: a head, or the one person whom a head named for a year.

The naming ends by itself: with its year, when the person leaves or may no longer write, when whoever named them is no longer
head, and when another is named.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Forbidden, NotFound
from base.viewer import Role, Viewer
from sharing.events import Event
from sharing.members.members import lock, member_of, members, require_may
from sharing.members.ranks import Act
from sharing.people.tables import Confirmer

LASTS: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class NamedConfirmer:
    person: UUID
    name: str
    named_by: str
    until_at: datetime


async def may_confirm(viewer: Viewer) -> bool:
    """Whether the viewer may confirm criticism of their school at this moment; no API key does, nor whoever is there for a day.
    Inside the caller's unit.
    """
    if viewer.by_key or viewer.is_for_a_day:
        return False
    there = {member.id: member.role for member in await members(viewer.school)}
    if there.get(viewer.person) is Role.HEAD:
        return True
    found = await _current(viewer.school)
    return found is not None and found.person == viewer.person


async def everybody(school: UUID) -> tuple[UUID, ...]:
    """Who may confirm criticism of ``school`` at this moment. Inside the caller's unit."""
    found = await _current(school)
    heads = {member.id for member in await members(school) if member.role is Role.HEAD}
    return tuple(sorted(heads | ({found.person} if found else set())))


async def named(viewer: Viewer) -> NamedConfirmer | None:
    """Whom a head of the viewer's school named."""
    async with database.read():
        return await _current(viewer.school)


async def name(viewer: Viewer, person: UUID) -> None:
    """Names one colleague for a year, in place of whoever was named before. Raises Forbidden, NotFound."""
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        member = await member_of(viewer.school, person)
        if person == viewer.person:
            raise Forbidden("You confirm already. Choose a colleague.")
        await require_may(Act.NAME_CONFIRMER, viewer, viewer.school, member.role)
        now = clock.now()
        if await _is_named(viewer, person, now + LASTS):
            record.unchanged()
            return
        await _end(viewer.school, now)
        row = Confirmer(
            id=uuid4(), school=viewer.school, person=person, named_by=viewer.person, named_at=now, until_at=now + LASTS
        )
        await row.save()
        subject, facts = Subject.PERSON.of(person), {"until": row.until_at.date().isoformat()}
        personal = {"name": member.name}
        record(Event.CONFIRMER_NAMED, stream=OUR_SCHOOL, subject=subject, facts=facts, personal=personal, about=person)


async def end(viewer: Viewer) -> None:
    """Ends the naming at once. Raises Forbidden, NotFound."""
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        found = await _current(viewer.school)
        if found is None:
            raise NotFound
        await require_may(Act.NAME_CONFIRMER, viewer, viewer.school, (await member_of(viewer.school, found.person)).role)
        await _end(viewer.school, clock.now())
        record(Event.CONFIRMER_ENDED, stream=OUR_SCHOOL, subject=Subject.PERSON.of(found.person), about=found.person)


async def _is_named(viewer: Viewer, person: UUID, until: datetime) -> bool:
    """Whether the viewer named this person as late as today, so that it ends on the same day."""
    theirs = Confirmer.school == viewer.school, Confirmer.person == person, Confirmer.named_by == viewer.person
    found = await Confirmer.select(Confirmer.until_at).where(*theirs, Confirmer.until_at > clock.now())
    return any(row["until_at"].date() == until.date() for row in found)


async def _end(school: UUID, now: datetime) -> None:
    await Confirmer.update({Confirmer.until_at: now}).where(Confirmer.school == school, Confirmer.until_at > now)


async def _current(school: UUID) -> NamedConfirmer | None:
    rows = await Confirmer.objects().where(Confirmer.school == school, Confirmer.until_at > clock.now())
    there = {member.id: member for member in await members(school)}
    for row in rows:
        member, namer = there.get(row.person), there.get(row.named_by)
        if member and namer and member.role.writes and namer.role is Role.HEAD:
            return NamedConfirmer(member.id, member.name, namer.name, row.until_at)
    return None

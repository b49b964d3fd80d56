"""A school's published address, where its chair or data protection officer is written to as somebody from outside.

The operator sets it. Everybody who may write at the school is told at once, and it counts after five weekdays; until then the one
before does. It never counts for an act of whoever set it, nor of somebody who may be the same human: else one person who
runs the installation and belongs to the school would be both hands. Decision 34.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, emails, settings, weekdays
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from sharing.events import Event
from sharing.members import told
from sharing.members.members import lock, members
from sharing.members.tables import PublishedAddress
from sharing.members.told import Letter
from sharing.tables import School
from sharing.two_people import established

DAYS: Final = 5  # weekdays in which the school can look whether it publishes the address
NOT_FROM_OUTSIDE: Final = (
    "Somebody who belongs to the school signs in with this published address, so it is not one from outside."
)


@dataclass(frozen=True, slots=True)
class Published:
    email: str
    set_at: datetime
    counts_from: datetime


async def chair_of(school: UUID, *hands: UUID) -> str:
    """Where the chair is written to about an act of ``hands``; "" where no address counts for that. Inside the caller's unit."""
    row = await _in_force(school)
    if row is None:
        return ""
    for hand in hands:
        if await established.why_maybe_one(row.set_by, hand, school):
            return ""
    return str(row.email)


async def latest(viewer: Viewer, school: UUID) -> Published | None:
    """The one that was set last, for the operator. Raises NotFound for anybody else."""
    if not viewer.is_operator:
        raise NotFound
    async with database.read():
        row = await _latest(PublishedAddress.school == school)
    return Published(row.email, row.set_at, row.counts_from) if row else None


async def waiting_at(viewer: Viewer) -> Published | None:
    """The one of the viewer's school that doesn't count yet."""
    async with database.read():
        row = await _latest((PublishedAddress.school == viewer.school) & (PublishedAddress.counts_from > clock.now()))
    return Published(row.email, row.set_at, row.counts_from) if row else None


async def letters_about(viewer: Viewer, school: UUID, *, email: str) -> tuple[Letter, ...]:
    """The letters that ``set_address`` would send, to be printed beforehand. Raises NotFound, Invalid."""
    email = _of_operator(viewer, email)
    async with database.read():
        found = await School.objects().where(School.id == school).first()
        if found is None:
            raise NotFound
        await _require_from_outside(school, email)
        return await _letters(found, email, counts_from(clock.now())) if await _changes(school, email) else ()


async def set_address(viewer: Viewer, school: UUID, *, email: str, posted: bool = False) -> None:
    """By the operator alone; ``posted``: the printed letters are. An address that waited is dropped.

    Raises NotFound; Invalid for an address that somebody of the school signs in with.
    """
    email = _of_operator(viewer, email)
    async with audit.recording(viewer) as record:
        found = await lock(school)
        await _require_from_outside(school, email)
        if not await _changes(school, email):
            record.unchanged()
            return
        before = await _latest(PublishedAddress.school == school)
        set_at = clock.after(before.set_at if before else None)
        row = PublishedAddress(
            id=uuid4(), school=school, email=email, set_by=viewer.person, set_at=set_at, counts_from=counts_from(clock.now())
        )
        await _replace(school, row)
        written = await _letters(found, email, row.counts_from)
        facts = {"counts_from": row.counts_from.isoformat(), "told_by": await told.tell(written, posted=posted or not written)}
        subject, personal = Subject.SCHOOL.of(school), {"email": email}
        record(
            Event.PUBLISHED_ADDRESS_SET,
            stream=OUR_SCHOOL,
            subject=subject,
            facts=facts,
            personal=personal,
            about=school,
            trail=school,
        )


def counts_from(moment: datetime) -> datetime:
    return weekdays.end_of(DAYS, moment.astimezone(clock.LONDON).date())


async def is_of_a_member(school: UUID, address: str) -> bool:
    """Whether somebody who belongs to the school reads that mailbox, as far as Vouch knows. Inside the caller's unit."""
    return established.mailbox(address) in {established.mailbox(member.email) for member in await members(school)}


def _of_operator(viewer: Viewer, email: str) -> str:
    if not viewer.is_operator:
        raise NotFound
    return emails.address(email)


async def _require_from_outside(school: UUID, email: str) -> None:
    if await is_of_a_member(school, email):
        raise Invalid(NOT_FROM_OUTSIDE, email=NOT_FROM_OUTSIDE)


async def _changes(school: UUID, email: str) -> bool:
    """Whether it is another than the one that was set last."""
    latest = await _latest(PublishedAddress.school == school)
    return latest is None or bool(latest.email != email)


async def _in_force(school: UUID) -> PublishedAddress | None:
    return await _latest((PublishedAddress.school == school) & (PublishedAddress.counts_from <= clock.now()))


async def _latest(which: Any) -> PublishedAddress | None:
    query = PublishedAddress.objects().where(which).order_by(PublishedAddress.set_at, ascending=False)
    row: PublishedAddress | None = await query.first()
    return row


async def _replace(school: UUID, row: PublishedAddress) -> None:
    """Leaves of the school's addresses the one that counts now, and ``row``."""
    kept = await _in_force(school)
    others = PublishedAddress.school == school
    await PublishedAddress.delete().where(others & (PublishedAddress.id != kept.id) if kept else others)
    await row.save()


async def _letters(school: School, email: str, counts: datetime) -> tuple[Letter, ...]:
    day = f"{counts.astimezone(clock.LONDON):%A %-d %B %Y}"
    text = f"""Whoever runs the Vouch that your school uses said that the chair of governors or the data protection officer of
{school.name} is written to at {email}.

This counts from {day}. From then on whoever reads that mailbox may be the second person where one person of your
school could otherwise decide alone, as when something is erased for good. Until then nothing goes there.

If your school publishes this address, you need do nothing. If it does not, tell whoever runs this installation before that day,
and the head of your trust, if you have one. The entry in your trail says who set it:
  {settings.current().origin}/trail
"""
    writers = [member for member in await members(school.id) if member.role.writes]
    return told.letters(school, writers, subject=f"Where the chair of {school.name} is written to"[:200], text=text)

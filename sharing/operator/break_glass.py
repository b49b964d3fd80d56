"""Breaking the glass: whoever runs the installation lets somebody in to a school, or resets somebody, unasked.

It takes a reason. Every head of the school (everybody who may write, where there is none) is told by letter and on the home
page, before anybody gets in. What was opened ends 24 hours after the link is used, with its sessions and API keys, unless
a head of that school keeps it. Meanwhile whoever came in this way does nothing to the school's people: see
``members/members.py``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, emails, settings, text
from base.refusals import Conflict, NotFound
from base.viewer import Role, Viewer
from sharing.accounts.addresses import LOST
from sharing.events import Event
from sharing.members import told
from sharing.members.members import Colleague, lock, lock_person, member_of, members, require_may, schools_of
from sharing.members.ranks import Act
from sharing.members.tables import BreakGlass
from sharing.members.told import Letter
from sharing.people import people
from sharing.people.people import InvitationLink
from sharing.sign_in import one_time_links
from sharing.sign_in.one_time_links import Purpose
from sharing.tables import Membership, OneTimeLink, Person, School

LASTS: Final = timedelta(hours=24)
LONGEST_REASON: Final = 500
INVITATION: Final = "invitation"
RESET: Final = "reset"


async def letters_about_inviting(
    viewer: Viewer | None, school: UUID, *, email: str, role: Role, reason: str
) -> tuple[Letter, ...]:
    """The letters that ``invite`` would send, to be printed beforehand. Raises Forbidden, Invalid, NotFound."""
    email, reason = emails.address(email), a_reason(reason)
    async with database.read():
        found = await _school(school)
        await require_may(Act.BREAK_IN, viewer, school, role)
        return await _about_inviting(found, email, role, reason)


async def invite(
    viewer: Viewer | None, school: UUID, *, email: str, role: Role, reason: str, posted: bool = False
) -> InvitationLink:
    """A link with which somebody joins for 24 hours. ``viewer`` None is the command line; ``posted``: the printed letters are.

    Raises Forbidden, Invalid, NotFound, Conflict.
    """
    email, reason = emails.address(email), a_reason(reason)
    async with audit.recording(viewer) as record:
        found = await lock(school)
        await require_may(Act.BREAK_IN, viewer, school, role)
        link, address, letter = await people.add_invitation(
            found, email=email, role=role, made_by=viewer.person if viewer else None
        )
        row = _row(viewer, found.id, INVITATION, link, email=email, role=role, reason=reason)
        await row.save()
        by = await told.tell(await _about_inviting(found, email, role, reason), posted=posted)
        record(
            Event.BREAK_GLASS_INVITED,
            stream=OUR_SCHOOL,
            subject=Subject.LINK.of(link),
            facts={"role": role.value, "hours": _hours(), "told_by": by},
            personal={"email": email, "reason": reason},
            about=link,
            trail=found.id,
        )
    return await people.sent(found.id, InvitationLink(address, email, found.name, role, letter))


async def letters_about_resetting(school: UUID, person: UUID, *, reason: str) -> tuple[Letter, ...]:
    """The letters that ``reset`` would send to every school of the person's. Raises Invalid, NotFound."""
    reason = a_reason(reason)
    async with database.read():
        found = await member_of(school, person, and_auditors=True)
        return await _about_resetting(found, await schools_of(person), reason)


async def reset(school: UUID, person: UUID, *, reason: str, posted: bool = False) -> str:
    """The address of a link with which somebody of ``school`` chooses a new password: at the command line only.

    Each of their schools is told and decides for itself. Raises Invalid, NotFound.
    """
    reason = a_reason(reason)
    async with audit.recording(None) as record:
        await lock(school)
        await lock_person(person)
        found = await member_of(school, person, and_auditors=True)
        await require_may(Act.BREAK_RESET, None, school, found.role)
        if not found.email:
            raise Conflict(LOST)
        schools = await schools_of(person)
        await one_time_links.drop((OneTimeLink.purpose == Purpose.PASSWORD) & (OneTimeLink.person == person))
        link, address = await one_time_links.add(Purpose.PASSWORD, made_by=None, school=school, person=person)
        by = await told.tell(await _about_resetting(found, schools, reason), posted=posted)
        for each in sorted(schools):
            await _row(None, each, RESET, link, email=found.email, role=found.role, reason=reason, person=person).save()
            record(
                Event.BREAK_GLASS_RESET,
                stream=OUR_SCHOOL,
                subject=Subject.PERSON.of(person),
                facts={"hours": _hours(), "told_by": by},
                personal={"name": found.name, "reason": reason},
                about=person,
                trail=each,
            )
    return address


async def joined_by(link: UUID, person: UUID) -> datetime | None:
    """When the membership ends that somebody takes up with this link; None for a link that stays. Inside the caller's unit."""
    ends = clock.now() + LASTS
    begun = (
        await BreakGlass.update({BreakGlass.person: person, BreakGlass.begun_at: clock.now(), BreakGlass.ends_at: ends})
        .where((BreakGlass.link == link) & (BreakGlass.kind == INVITATION))
        .returning(BreakGlass.id)
    )
    return ends if begun else None


async def password_set_by(link: UUID, person: UUID) -> tuple[UUID, ...]:
    """What a new password by this link opens: each school of the person's for 24 hours, where the operator made the link.

    Returns the schools that were told; none for any other link, which ends what an operator's began. Inside the caller's unit.
    """
    now = clock.now()
    rows = await BreakGlass.objects().where((BreakGlass.link == link) & (BreakGlass.kind == RESET))
    if not rows:
        await _ended_by_a_proper_link(person, now)
        return ()
    await BreakGlass.update({BreakGlass.begun_at: now, BreakGlass.ends_at: now + LASTS}).where(
        (BreakGlass.link == link) & (BreakGlass.kind == RESET)
    )
    runs_it = await Person.exists().where((Person.id == person) & Person.is_operator.eq(True))
    for school in await schools_of(person):
        if not (runs_it and await _nobody_else_can_keep(school, person)):
            here = (Membership.person == person) & (Membership.school == school)
            await Membership.update({Membership.closes_at: now + LASTS}).where(here)
    return tuple(sorted(row.school for row in rows))


async def _nobody_else_can_keep(school: UUID, person: UUID) -> bool:
    return not any(m.role is Role.HEAD and m.id != person and m.closes_at is None for m in await members(school))


async def _ended_by_a_proper_link(person: UUID, now: datetime) -> None:
    """Colleagues, or the person's own address, gave a password of their own: the operator's is no more."""
    await Membership.update({Membership.closes_at: None}).where(
        (Membership.person == person) & Membership.closes_at.is_not_null()
    )
    still_open = (BreakGlass.person == person) & (BreakGlass.kind == RESET) & BreakGlass.decided_at.is_null()
    await BreakGlass.update({BreakGlass.decided_at: now}).where(still_open)


def a_reason(raw: str) -> str:
    return text.line(raw, field="reason", longest=LONGEST_REASON, missing="Enter the reason. The school's heads read it.")


def _hours() -> int:
    return int(LASTS.total_seconds()) // 3600


async def _school(school: UUID) -> School:
    found: School | None = await School.objects().where(School.id == school).first()
    if found is None:
        raise NotFound
    return found


def _row(viewer: Viewer | None, school: UUID, kind: str, link: UUID, *, role: Role, **more: Any) -> BreakGlass:
    by = viewer.person if viewer else None
    return BreakGlass(id=uuid4(), school=school, kind=kind, link=link, role=role.value, made_by=by, made_at=clock.now(), **more)


async def _about_inviting(school: School, email: str, role: Role, reason: str) -> tuple[Letter, ...]:
    what = f"invited {email} to {school.name} as {role.words}, though nobody of your school asked for it in Vouch"
    return told.letters(school, await told.heads_or_writers(school.id), **_letter(school.name, what, reason))


async def _about_resetting(person: Colleague, schools: Sequence[UUID] | frozenset[UUID], reason: str) -> tuple[Letter, ...]:
    """To the heads or writers of each school, and to the person."""
    found: list[Letter] = []
    for each in sorted(schools):
        school = await _school(each)
        to = {one.id: one for one in (*await told.heads_or_writers(each), person)}
        what = f"made a link with which somebody sets a new password for {person.name}, of {school.name}"
        found += told.letters(school, to.values(), **_letter(school.name, what, reason))
    return tuple(found)


def _letter(school: str, what: str, reason: str) -> dict[str, str]:
    text = f"""Whoever runs the Vouch that your school uses {what}.

The reason that they gave: {reason}

What this opens ends by itself {_hours()} hours after the link is used, unless a head of {school} keeps it. You find it, and
can end it at once, under People, "What the operator opened":
  {settings.current().origin}/people/opened

If you know of no good reason, end it, and ask whoever runs your Vouch.
"""
    return {"subject": f"Somebody was let in to Vouch at {school}"[:200], "text": text}

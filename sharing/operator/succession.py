"""A new head for a school that lost its people: invited by the operator, in force after five school days unless somebody objects.

That is where nobody who may write has signed in for 30 days, or where the head or chair asks from the school's published
address. Everybody who belongs to the school is written to and may object, which stops it. Who was stopped once is not
started again for silence: somebody of the school is there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, emails, settings, text, weekdays
from base.refusals import Conflict, Forbidden, NotFound, refuse_together
from base.viewer import Role, Viewer
from sharing.events import Event
from sharing.members import ranks, told
from sharing.members.members import Colleague, lock, member_of, members, require_may
from sharing.members.ranks import Act, Only
from sharing.members.tables import Succession
from sharing.members.told import Letter
from sharing.operator.succession_list import TAKEN_UP_WITHIN, Ground, starts_of
from sharing.people import people
from sharing.people.people import InvitationLink
from sharing.sign_in import one_time_links
from sharing.tables import Membership, OneTimeLink, School

DAYS: Final = 5  # school days in which people of the school may object
LONGEST_OBJECTION: Final = 500
LAPSED: Final = "The new head did not join within 30 days, and the school has not been told since. Invite them anew."
STOPPED: Final = (
    "Somebody of the school objected before. Now only the head or chair can ask, from the school's published address."
)

OF_THE_SCHOOL: Final = (
    "You belong to this school, and nobody there can tell whether it asked. Where it has no head, a colleague names one under "
    "People, and somebody from outside confirms."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """``address`` and ``seen`` only where the school asked: from which published address, and where and when it was seen."""

    email: str
    ground: Ground
    address: str = ""
    seen: str = ""


async def letters_about(viewer: Viewer, school: UUID, wanted: Wanted) -> tuple[Letter, ...]:
    """The letters that ``start`` would send, to be printed beforehand. Raises Forbidden, Invalid, NotFound, Conflict."""
    wanted = checked(wanted)
    async with database.read():
        found = await School.objects().where(School.id == school).first()
        if found is None:
            raise NotFound
        await _require_may_start(viewer, school, wanted)
        return await _letters(found, wanted, in_force_from(clock.now()))


async def start(viewer: Viewer, school: UUID, wanted: Wanted, *, posted: bool = False) -> InvitationLink:
    """A link for the new head; ``posted``: the printed letters are. Raises Forbidden, Invalid, NotFound, Conflict."""
    wanted = checked(wanted)
    async with audit.recording(viewer) as record:
        found, now = await lock(school), clock.now()
        await _require_may_start(viewer, school, wanted)
        link, address, letter = await people.add_invitation(found, email=wanted.email, role=Role.HEAD, made_by=viewer.person)
        row = Succession(
            id=uuid4(), school=school, link=link, email=wanted.email, ground=wanted.ground.value,
            address=wanted.address or None, seen=wanted.seen or None,
            started_by=viewer.person, started_at=now, in_force_at=in_force_from(now),
        )  # fmt: skip
        await row.save()
        by = await told.tell(await _letters(found, wanted, row.in_force_at), posted=posted)
        asked = {"address": wanted.address, "seen": wanted.seen} if wanted.ground is Ground.ASKED else {}
        record(
            Event.SUCCESSION_STARTED,
            stream=OUR_SCHOOL,
            subject=Subject.LINK.of(link),
            facts={"ground": wanted.ground.value, "in_force_at": row.in_force_at.isoformat(), "told_by": by},
            personal={"email": wanted.email, **asked},
            about=row.id,
            trail=school,
        )
    return await people.sent(school, InvitationLink(address, wanted.email, found.name, Role.HEAD, letter))


async def new_link(viewer: Viewer, succession: UUID) -> InvitationLink:
    """For a new head whose link was lost or ran out. Raises NotFound, Conflict."""
    async with audit.recording(viewer) as record:
        _require_operator(viewer)  # first: what is hidden takes the same statements as what is not there
        row, school = await _locked(succession)
        if row.stopped_at is not None or row.person is not None:
            raise Conflict("The new head has joined, or it was stopped.")
        if clock.now() > row.in_force_at + TAKEN_UP_WITHIN:
            raise Conflict(LAPSED)
        link, address, letter = await people.add_invitation(school, email=row.email, role=Role.HEAD, made_by=viewer.person)
        await Succession.update({Succession.link: link}).where(Succession.id == succession)
        subject, personal = Subject.LINK.of(link), {"email": row.email}
        record(Event.SUCCESSION_LINK_MADE, stream=OUR_SCHOOL, subject=subject, personal=personal, about=row.id, trail=school.id)
    return await people.sent(school.id, InvitationLink(address, row.email, school.name, Role.HEAD, letter))


async def object_to(viewer: Viewer, succession: UUID, words: str) -> None:
    """Stops it. Anybody who belongs to the school may, other than site staff, while the five school days run.

    Raises Forbidden, Invalid, NotFound, Conflict.
    """
    words = an_objection(words)
    async with audit.recording(viewer) as record:
        row, school = await _locked(succession, of=viewer.school)
        member = await member_of(school.id, viewer.person)  # whoever the operator reset too: an objection takes nothing
        if not _may_object(member):
            raise Forbidden(ranks.refusal(Act.OBJECT, (), Role.HEAD))
        _require_waiting(row)
        await _stop(row, {Succession.objected_by: viewer.person, Succession.objection: words})
        subject, personal = Subject.PERSON.of(row.person or row.id), {"email": row.email, "words": words}
        record(Event.SUCCESSION_OBJECTED, stream=OUR_SCHOOL, subject=subject, personal=personal, about=row.id)


async def withdraw(viewer: Viewer, succession: UUID) -> None:
    """The operator takes it back while its five school days run. Raises NotFound, Conflict."""
    async with audit.recording(viewer) as record:
        _require_operator(viewer)  # first: what is hidden takes the same statements as what is not there
        row, school = await _locked(succession)
        _require_waiting(row)
        await _stop(row, {})
        subject, personal = Subject.PERSON.of(row.person or row.id), {"email": row.email}
        record(Event.SUCCESSION_WITHDRAWN, stream=OUR_SCHOOL, subject=subject, personal=personal, about=row.id, trail=school.id)


async def accepted_by(link: UUID, viewer: Viewer, record: audit.Record) -> datetime | None:
    """When the membership begins that somebody takes up with this link; None for any other link. Inside the caller's unit."""
    row = await Succession.objects().where((Succession.link == link) & Succession.stopped_at.is_null()).first()
    if row is None:
        return None
    await Succession.update({Succession.person: viewer.person}).where(Succession.id == row.id)
    subject, personal = Subject.PERSON.of(viewer.person), {"name": viewer.name}
    record(Event.SUCCESSION_ACCEPTED, stream=OUR_SCHOOL, subject=subject, personal=personal, trail=viewer.school)
    return max(clock.now(), row.in_force_at)


async def begins(viewer: Viewer) -> datetime | None:
    """When somebody who has just joined gets in; None for at once."""
    async with database.read():
        row = (
            await Membership.select(Membership.begins_at)
            .where(
                (Membership.person == viewer.person) & (Membership.school == viewer.school) & (Membership.begins_at > clock.now())
            )
            .first()
        )
    return row["begins_at"] if row else None


def checked(wanted: Wanted) -> Wanted:
    """The same with what was typed made fit to keep. Raises Invalid for all that is wrong at once."""

    def address() -> str:
        return text.line(wanted.address, field="address", missing="Enter the address that the letter or e-mail came from.")

    def seen() -> str:
        return text.line(wanted.seen, field="seen", missing="Enter where the school publishes it, and when you looked.")

    if wanted.ground is Ground.SILENCE:
        return Wanted(emails.address(wanted.email), wanted.ground)
    refuse_together(lambda: emails.address(wanted.email), address, seen)
    return Wanted(emails.address(wanted.email), wanted.ground, address(), seen())


def an_objection(raw: str) -> str:
    return text.line(raw, field="words", longest=LONGEST_OBJECTION, missing="Enter why. Whoever runs this installation reads it.")


def in_force_from(moment: datetime) -> datetime:
    return weekdays.end_of(DAYS, moment.astimezone(clock.LONDON).date())


async def _require_may_start(viewer: Viewer, school: UUID, wanted: Wanted) -> None:
    also = {Only.ASKED} if wanted.ground is Ground.ASKED else set()
    await require_may(Act.SUCCEED, viewer, school, Role.HEAD, also=also)
    there = await members(school)
    if wanted.ground is Ground.ASKED and viewer.person in {member.id for member in there}:
        raise Forbidden(OF_THE_SCHOOL)
    if not any(member.role.writes for member in there):
        raise Conflict("Nobody who may write belongs to the school. Invite a business manager, who then names the head.")
    before = await starts_of(school)
    if any(one.is_waiting for one in before):
        raise Conflict("A new head is on the way to this school already.")
    if wanted.ground is Ground.SILENCE and any(one.objection is not None for one in before):
        raise Conflict(STOPPED)


def _may_object(member: Colleague) -> bool:
    return ranks.may(Act.OBJECT, {ranks.BY_ROLE[member.role]}, Role.HEAD)


def _require_operator(viewer: Viewer) -> None:
    if not viewer.is_operator:
        raise NotFound


def _require_waiting(row: Any) -> None:
    if row.stopped_at is not None or row.in_force_at <= clock.now():
        raise Conflict("The five school days are over, or it was stopped already.")


async def _locked(succession: UUID, *, of: UUID | None = None) -> tuple[Any, School]:
    """The new head on the way, and the school, locked; ``of`` one school where only its own are in sight. Raises NotFound."""
    is_this = Succession.id == succession
    row = await Succession.objects().where(is_this & (Succession.school == of) if of else is_this).first()
    if row is None:
        raise NotFound
    school = await lock(row.school)
    return await Succession.objects().where(is_this).first(), school


async def _stop(row: Any, values: dict[Any, Any]) -> None:
    now = clock.now()
    await one_time_links.drop(OneTimeLink.id == row.link)
    if row.person is not None:
        here = (Membership.person == row.person) & (Membership.school == row.school) & (Membership.begins_at > now)
        await Membership.update({Membership.valid_until: now}).where(here)
    await Succession.update({**values, Succession.stopped_at: now}).where(Succession.id == row.id)


async def _letters(school: School, wanted: Wanted, in_force_at: datetime) -> tuple[Letter, ...]:
    why = (
        "nobody of your school who may write has signed in for 30 days"
        if wanted.ground is Ground.SILENCE
        else f"the head or the chair asked for it from {wanted.address}, which the school publishes ({wanted.seen})"
    )
    day = f"{in_force_at.astimezone(clock.LONDON):%A %-d %B %Y}"
    text = f"""Whoever runs the Vouch that your school uses invited {wanted.email} to be the head of {school.name} there.
The reason: {why}.

This is in force from {day}. Until then, for {DAYS} school days (weekdays; Vouch does not know your terms yet), anybody who
belongs to {school.name} in Vouch, other than site staff, can object, which stops it. Sign in and open the home page:
  {settings.current().origin}/

If it is right, you need do nothing.
"""
    to = [member for member in await members(school.id) if _may_object(member)]
    return told.letters(school, to, subject=f"A new head in Vouch for {school.name}"[:200], text=text)

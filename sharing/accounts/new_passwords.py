"""Links with which somebody sets a new password: whoever holds one gets in as that person, at every school of theirs.

So one school makes one only for whoever holds no other membership. For anybody else the heads of two of their schools
agree, each for their own school, and the second is shown the link. Their addresses are proved, and nothing says that one human
may be behind both.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Conflict, Forbidden
from base.viewer import Role, Viewer
from sharing.accounts.addresses import LOST
from sharing.accounts.tables import ResetAgreement
from sharing.events import Event
from sharing.members.members import Colleague, allowed, lock, lock_person, member_of, members, require_may
from sharing.members.ranks import Act
from sharing.sign_in import one_time_links
from sharing.sign_in.one_time_links import Purpose
from sharing.tables import OneTimeLink
from sharing.two_people import established


@dataclass(frozen=True, slots=True)
class Agreed:
    """``address`` is that of the link where both heads have agreed, otherwise None."""

    name: str
    address: str | None


async def make_link(viewer: Viewer, person: UUID) -> str:
    """The address of a link for a colleague. Raises Forbidden, NotFound."""
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        found = await _locked(viewer, person)
        await require_may(Act.RESET, viewer, viewer.school, found.role, person=person)
        _require_an_address(found)
        return await _link(record, viewer, found)


async def agree(viewer: Viewer, person: UUID) -> Agreed:
    """Agrees to a new password for somebody who belongs to other schools too, as the head of one of them.

    The link is made once a head of another of their schools agreed within three days. Raises Forbidden, NotFound.
    """
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        found = await _locked(viewer, person, and_auditors=True)
        await require_may(Act.AGREE_RESET, viewer, viewer.school, found.role, person=person)
        _require_an_address(found)
        if why := await established.why_not_proved(viewer.person):
            raise Forbidden(why)
        other, now = await _other_head(viewer, person), clock.now()
        agreement = ResetAgreement(
            id=uuid4(),
            person=person,
            school=viewer.school,
            agreed_by=viewer.person,
            agreed_at=now,
            used_at=now if other else None,
        )
        await agreement.save()
        subject, personal = Subject.PERSON.of(person), {"name": found.name}
        record(Event.PASSWORD_LINK_AGREED, stream=OUR_SCHOOL, subject=subject, personal=personal, about=person)
        if other is None:
            return Agreed(found.name, None)
        await ResetAgreement.update({ResetAgreement.used_at: now}).where(
            (ResetAgreement.person == person) & ResetAgreement.used_at.is_null()
        )
        return Agreed(found.name, await _link(record, viewer, found))


async def may_agree(viewer: Viewer, person: UUID) -> bool:
    """Whether the viewer may agree to a new password for an auditor of their school, so that a page offers it."""
    async with database.read():
        there = {member.id: member for member in await members(viewer.school, and_auditors=True)}
        member = there.get(person)
        return member is not None and bool(await allowed(viewer, [Act.AGREE_RESET], member.role, person=person))


async def _locked(viewer: Viewer, person: UUID, *, and_auditors: bool = False) -> Colleague:
    """Somebody at the viewer's school other than the viewer, whose memberships nobody changes meanwhile."""
    await lock_person(person)
    found = await member_of(viewer.school, person, and_auditors=and_auditors)
    if viewer.person == person:
        raise Forbidden("Nobody makes a new-password link for themselves. Change your password under Your account.")
    return found


def _require_an_address(found: Colleague) -> None:
    if not found.email:
        raise Conflict(LOST)


async def _other_head(viewer: Viewer, person: UUID) -> UUID | None:
    """Who agreed in the last three days, is still head of a school of the person's, and is another head of another school.

    Raises Forbidden where, for all that both schools know, whoever agreed and the viewer may be one human: each of them.
    """
    rows = await ResetAgreement.raw(
        """SELECT a.agreed_by AS head, a.school AS school FROM sharing_reset_agreement a JOIN sharing_membership m
            ON m.person = a.agreed_by AND m.school = a.school AND m.role = {} AND m.valid_until IS NULL AND m.closes_at IS NULL
        WHERE a.person = {} AND a.used_at IS NULL AND a.agreed_at > {} AND a.school <> {} AND a.agreed_by <> {}
            AND EXISTS (SELECT 1 FROM sharing_membership t WHERE t.person = a.person AND t.school = a.school
                AND (t.valid_until IS NULL OR t.valid_until > {}))
        ORDER BY a.agreed_at, a.id""",
        Role.HEAD.value, person, clock.now() - one_time_links.LASTS, viewer.school, viewer.person, clock.now(),
    )  # fmt: skip
    why = ""
    for row in rows:
        head: UUID = row["head"]
        if not (why := await established.why_maybe_one(viewer.person, head, viewer.school, row["school"])):
            return head
    if why:
        raise Forbidden(why)
    return None


async def _link(record: audit.Record, viewer: Viewer, person: Colleague) -> str:
    await one_time_links.drop((OneTimeLink.purpose == Purpose.PASSWORD) & (OneTimeLink.person == person.id))
    _, address = await one_time_links.add(Purpose.PASSWORD, made_by=viewer.person, school=viewer.school, person=person.id)
    subject, personal = Subject.PERSON.of(person.id), {"name": person.name}
    record(Event.PASSWORD_LINK_MADE, stream=OUR_SCHOOL, subject=subject, personal=personal, about=person.id)
    return address

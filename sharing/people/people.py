"""The people of a school: who invites, who leaves, who does what. Everything here is in the school's trail.

A school always keeps somebody who can invite. Another school's people are not found, as if they were not there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.columns import And

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, emails
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer, must_write
from sharing.events import Event
from sharing.sign_in import one_time_links
from sharing.sign_in.one_time_links import Purpose
from sharing.tables import AuditorGrant, Membership, OneTimeLink, Person, School, Session

MOST_INVITATIONS: Final = 50  # open at one school; more would be a mistake or a nuisance
ROLES: Final = tuple(role for role in Role if role is not Role.AUDITOR)  # of members: an auditor is let in by a grant


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    email: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has taken up yet."""

    id: UUID
    email: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationLink:
    """A new link, shown once, to be forwarded by whoever asked for it."""

    address: str
    email: str
    school_name: str
    role: Role


async def colleagues(viewer: Viewer) -> tuple[Colleague, ...]:
    """The people of the viewer's school, in alphabetical order."""
    async with database.read():
        return await members(viewer.school)


async def members(school: UUID, *, and_auditors: bool = False) -> tuple[Colleague, ...]:
    """The people of ``school``, in alphabetical order, inside the caller's unit of work. An auditor's membership, which says from
    the start when it ends, counts only with ``and_auditors``.
    """
    rows = await Membership.raw(
        """SELECT p.id AS id, p.name AS name, p.email AS email, m.role AS role, m.valid_from AS since
        FROM sharing_membership m JOIN sharing_person p ON p.id = m.person
        WHERE m.school = {} AND (m.valid_until IS NULL OR {} AND m.valid_until > {}) ORDER BY p.name, p.id""",
        school, and_auditors, clock.now(),
    )  # fmt: skip
    return tuple(Colleague(**row | {"role": Role(row["role"])}) for row in rows)


async def everybody(school: UUID | None) -> list[dict[str, Any]]:
    """For the operator at the terminal: one row for each membership, auditors' too, of one school or all, by school and name."""
    async with database.read():
        rows: list[dict[str, Any]] = await Membership.raw(
            """SELECT c.id AS school_id, c.name AS school, c.urn AS urn,
                p.id AS id, p.name AS name, p.email AS email, m.role AS role
            FROM sharing_membership m JOIN sharing_person p ON p.id = m.person JOIN sharing_school c ON c.id = m.school
            WHERE m.valid_until IS NULL OR m.valid_until > {} ORDER BY c.name, c.id, p.name, p.id""",
            clock.now(),
        )
    return [row for row in rows if school in (None, row["school_id"])]


async def invited(viewer: Viewer) -> tuple[OpenInvitation, ...]:
    """Invitations to the viewer's school that are still open."""
    async with database.read():
        rows = await one_time_links.invitations(viewer.school)
    return tuple(OpenInvitation(row.id, row.email, Role(row.role), row.expires_at) for row in rows)


async def colleague(viewer: Viewer, person: UUID) -> Colleague:
    """One person of the viewer's school. Raises NotFound for somebody who isn't there."""
    async with database.read():
        return await _colleague(viewer, person)


async def invite(viewer: Viewer | None, *, email: str, role: Role, school: UUID | None = None) -> InvitationLink:
    """A link for somebody to join; the same person's earlier one stops working. ``viewer`` None is the command line.

    ``school`` is the viewer's own unless the operator invites the first people of another. Raises Forbidden,
    Invalid, NotFound, Conflict.
    """
    _require_of_members(role)
    email = emails.address(email)
    target = school or (viewer.school if viewer else None)
    _require_may_invite(viewer, target)
    async with audit.recording(viewer) as record:
        found = await database.locked(School.objects().where(School.id == target)).first()
        if found is None:
            raise NotFound
        if email in {member.email for member in await members(found.id)}:
            raise Conflict(f"{email} already belongs to {found.name}.")
        await require_no_auditor(email, found.id, found.name)
        await one_time_links.drop(_open_invitations(found.id) & (OneTimeLink.email == email))
        if len(await one_time_links.invitations(found.id)) >= MOST_INVITATIONS:
            raise Conflict(f"{found.name} has {MOST_INVITATIONS} open invitations. Withdraw one first.")
        made_by = viewer.person if viewer else None
        offer = {"school": found.id, "role": role.value, "email": email}
        link, address = await one_time_links.add(Purpose.INVITATION, made_by=made_by, **offer)
        record(
            Event.PERSON_INVITED,
            stream=OUR_SCHOOL,
            subject=Subject.LINK.of(link),
            facts={"role": role.value},
            personal={"email": email},
            about=link,  # whoever was invited has no other id yet
            trail=found.id,
        )
    return InvitationLink(address, email, found.name, role)


async def withdraw_invitation(viewer: Viewer, link: UUID) -> None:
    """Withdraws an open invitation to the viewer's school. Raises Forbidden, NotFound."""
    _require_may_invite(viewer, viewer.school)
    async with audit.recording(viewer) as record:
        gone = await one_time_links.drop(_open_invitations(viewer.school) & (OneTimeLink.id == link))
        if not gone:
            raise NotFound
        personal = {"email": str(gone[0]["email"])}
        record(Event.INVITATION_WITHDRAWN, stream=OUR_SCHOOL, subject=Subject.LINK.of(link), personal=personal, about=link)


async def remove(viewer: Viewer, person: UUID) -> None:
    """Ends the membership, the sessions here and the links that the person made. Raises Forbidden, NotFound, Conflict."""
    _require_may_invite(viewer, viewer.school)
    async with audit.recording(viewer) as record:
        await _lock_members(viewer.school)
        leaver = await _colleague(viewer, person)
        await _require_an_inviter_left(viewer, leaver)
        await Membership.update({Membership.valid_until: clock.now()}).where(_live(viewer.school) & (Membership.person == person))
        await _end_sessions(viewer.school, person)
        await one_time_links.drop(
            (OneTimeLink.school == viewer.school) & ((OneTimeLink.made_by == person) | (OneTimeLink.person == person))
        )
        record(
            Event.PERSON_REMOVED,
            stream=OUR_SCHOOL,
            subject=Subject.PERSON.of(person),
            facts={"role": leaver.role.value},
            personal={"name": leaver.name, "email": leaver.email},
            about=person,
        )


async def change_role(viewer: Viewer, person: UUID, role: Role) -> None:
    """The person signs in again with the new role. Raises Forbidden, NotFound, Invalid, Conflict."""
    _require_of_members(role)
    _require_may_invite(viewer, viewer.school)
    async with audit.recording(viewer) as record:
        await _lock_members(viewer.school)
        member = await _colleague(viewer, person)
        if person == viewer.person:
            raise Forbidden("Nobody changes their own role. Ask a colleague who can invite people.")
        if member.role is role:
            raise Invalid(f"{member.name} is {role.words} already.", role="Choose another role.")
        if not role.writes:
            await _require_an_inviter_left(viewer, member)
        await Membership.update({Membership.role: role.value}).where(_live(viewer.school) & (Membership.person == person))
        await _end_sessions(viewer.school, person)
        record(
            Event.ROLE_CHANGED,
            stream=OUR_SCHOOL,
            subject=Subject.PERSON.of(person),
            facts={"old": {"role": member.role.value}, "new": {"role": role.value}},
            personal={"name": member.name},
            about=person,
        )


async def password_link(viewer: Viewer | None, person: UUID, *, school: UUID | None = None) -> str:
    """The address of a link with which a colleague sets a new password. ``viewer`` None is the command line.

    Whoever holds it gets in as that person, so for somebody of several schools, an operator, or a head
    (unless a head asks) only the operator may make one. Raises Forbidden, NotFound.
    """
    target = school or (viewer.school if viewer else None)
    _require_may_invite(viewer, target)
    async with audit.recording(viewer) as record:
        found = await _member_of(target, person, and_auditors=viewer is None)
        if viewer is not None and not viewer.is_operator:
            await _require_may_reset(viewer, found)
        await one_time_links.drop((OneTimeLink.purpose == Purpose.PASSWORD) & (OneTimeLink.person == person))
        made_by = viewer.person if viewer else None
        _, address = await one_time_links.add(Purpose.PASSWORD, made_by=made_by, school=target, person=person)
        subject, personal = Subject.PERSON.of(person), {"name": found.name}
        record(Event.PASSWORD_LINK_MADE, stream=OUR_SCHOOL, subject=subject, personal=personal, about=person, trail=target)
    return address


async def _require_may_reset(viewer: Viewer, member: Colleague) -> None:
    person = await Person.objects().where(Person.id == member.id).first()
    elsewhere = (Membership.person == member.id) & (Membership.school != viewer.school) & Membership.valid_until.is_null()
    above = member.role is Role.HEAD and viewer.role is not Role.HEAD
    if above or person is None or person.is_operator or await Membership.exists().where(elsewhere):
        raise Forbidden("Only whoever runs this installation can make a new-password link for this person.")


def _require_may_invite(viewer: Viewer | None, school: UUID | None) -> None:
    if viewer is None or (viewer.is_operator and viewer.school != school):
        return
    if viewer.school != school:
        raise NotFound
    must_write(viewer)


async def require_no_auditor(email: str, school: UUID, school_name: str) -> None:
    """Raises Conflict for an auditor of the school: nobody audits it and works there. Inside the caller's unit of work."""
    rows = await AuditorGrant.raw(
        """SELECT g.id FROM sharing_auditor_grant g JOIN sharing_auditor_scope s ON s.auditor_grant = g.id
        WHERE g.email = {} AND s.school = {} AND s.revoked_at IS NULL AND g.valid_until > {} LIMIT 1""",
        email, school, clock.now(),
    )  # fmt: skip
    if rows:
        raise Conflict(f"{email} has a grant as an auditor of {school_name}. Revoke it first, under Auditors.")


def _require_of_members(role: Role) -> None:
    if role not in ROLES:
        raise Invalid("Auditors are let in under Auditors, for a time.", role="Choose another role.")


async def _require_an_inviter_left(viewer: Viewer, leaver: Colleague) -> None:
    others = [m for m in await members(viewer.school) if m.id != leaver.id and m.role.writes]
    if not others:
        raise Conflict(
            f"{leaver.name} is the only one at {viewer.school_name} who can invite people. Invite somebody else first."
        )


async def _lock_members(school: UUID) -> None:
    """Two who remove each other at once must not both succeed."""
    await database.locked(School.select(School.id).where(School.id == school))


async def _colleague(viewer: Viewer, person: UUID) -> Colleague:
    return await _member_of(viewer.school, person)


async def _member_of(school: UUID | None, person: UUID, *, and_auditors: bool = False) -> Colleague:
    there = await members(school, and_auditors=and_auditors) if school else ()
    found = next((member for member in there if member.id == person), None)
    if found is None:
        raise NotFound
    return found


async def _end_sessions(school: UUID, person: UUID) -> None:
    await Session.delete().where((Session.school == school) & (Session.person == person))


def _live(school: UUID) -> And:
    return (Membership.school == school) & Membership.valid_until.is_null()


def _open_invitations(school: UUID) -> And:
    return (OneTimeLink.school == school) & (OneTimeLink.purpose == Purpose.INVITATION) & OneTimeLink.auditor_grant.is_null()

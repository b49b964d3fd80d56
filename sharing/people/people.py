"""The people of a school: who invites, who leaves, who does what. Everything here is in the school's trail.

Who may is in ``members/ranks.py``. A school always keeps somebody who can invite.
Another school's people are not found, as if they were not there.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.columns import And

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, emails
from base.refusals import Conflict, Forbidden, Invalid
from base.viewer import Role, Viewer
from sharing.events import Event
from sharing.members import letters, ranks
from sharing.members.members import Colleague, allowed, holding, lock, member_of, members, require_may, standings
from sharing.members.ranks import Act, By
from sharing.sign_in import one_time_links, sessions
from sharing.sign_in.one_time_links import Purpose
from sharing.tables import AuditorGrant, Membership, OneTimeLink, School

MOST_INVITATIONS: Final = 50  # open at one school; more would be a mistake or a nuisance


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has taken up yet."""

    id: UUID
    email: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationLink:
    """A new link, shown once, to be forwarded by whoever asked for it. Where a letter was sent, it is for when that is lost."""

    address: str
    email: str
    school_name: str
    role: Role
    letter: str | None = field(repr=False)  # the link in the letter, never to be shown; None: no letter was sent


async def colleagues(viewer: Viewer) -> tuple[Colleague, ...]:
    """The people of the viewer's school, in alphabetical order."""
    async with database.read():
        return await members(viewer.school)


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


async def may_offer(viewer: Viewer, school: UUID) -> tuple[Role, ...]:
    """The roles to which the viewer may invite somebody at ``school``, so that a form offers these."""
    async with database.read():
        by, true_now, roles = await standings(viewer, school), await holding(school), await _roles_at(school)
    return tuple(role for role in roles if ranks.may(Act.INVITE, by, role, holding=true_now))


async def may_do(viewer: Viewer, member: Colleague) -> frozenset[Act]:
    """What the viewer may do about one of their people, so that a page offers this and nothing else."""
    async with database.read():
        found = await allowed(viewer, tuple(Act), member.role, person=member.id)
    return found if member.id != viewer.person else found & {Act.REMOVE, Act.NAME_HEAD}


async def may_become(viewer: Viewer, member: Colleague) -> tuple[Role, ...]:
    """The roles that the viewer may give one of their people."""
    async with database.read():
        by, roles = await standings(viewer, viewer.school), await _roles_at(viewer.school)
    return tuple(role for role in roles if member.id != viewer.person and _may_change(by, member.role, role))


async def invited(viewer: Viewer) -> tuple[OpenInvitation, ...]:
    """Invitations to the viewer's school that are still open."""
    async with database.read():
        rows = await one_time_links.invitations(viewer.school)
    return tuple(OpenInvitation(row.id, row.email, Role(row.role), row.expires_at) for row in rows)


async def colleague(viewer: Viewer, person: UUID) -> Colleague:
    """One person of the viewer's school. Raises NotFound for somebody who isn't there."""
    async with database.read():
        return await member_of(viewer.school, person)


async def invite(viewer: Viewer | None, *, email: str, role: Role, school: UUID | None = None) -> InvitationLink:
    """A link for somebody to join; the same person's earlier one stops working. ``viewer`` None is the command line.

    ``school`` is the viewer's own unless the operator invites the first people of another. Raises Forbidden,
    Invalid, NotFound, Conflict.
    """
    _require_of_members(role)
    email, at = emails.address(email), school or (viewer.school if viewer else None)
    letters.require_mailable(email)
    async with audit.recording(viewer) as record:
        found = await lock(at)
        for offered in (role, *await _offered(found.id, email)):
            await require_may(Act.INVITE, viewer, found.id, offered)
        _require_at(found, role)
        made = await offer(record, found, email=email, role=role, made_by=viewer.person if viewer else None)
    return await sent(found.id, made)


async def sent(school: UUID, made: InvitationLink) -> InvitationLink:
    """The same, after the letter went out; without one where it did not."""
    if made.letter is None or await letters.are_too_many(school, made.email):
        return replace(made, letter=None)
    await letters.invitation(made.email, made.letter, school_name=made.school_name, role=made.role)
    return made


async def offer(record: audit.Record, school: School, *, email: str, role: Role, made_by: UUID | None) -> InvitationLink:
    """Makes the link without asking who may, inside the caller's unit of work. Raises Conflict."""
    link, address, letter = await add_invitation(school, email=email, role=role, made_by=made_by)
    record(
        Event.PERSON_INVITED,
        stream=OUR_SCHOOL,
        subject=Subject.LINK.of(link),
        facts={"role": role.value},
        personal={"email": email},
        about=link,  # whoever was invited has no other id yet
        trail=school.id,
    )
    return InvitationLink(address, email, school.name, role, letter)


async def add_invitation(school: School, *, email: str, role: Role, made_by: UUID | None) -> tuple[UUID, str, str | None]:
    """The id and address of a new link, of which the caller leaves the entry, and the address for its letter if one is sent; it
    takes the place of that address's earlier one.

    Inside the caller's unit of work. Raises Conflict.
    """
    if email in {member.email for member in await members(school.id)}:
        raise Conflict(f"{email} already belongs to {school.name}.")
    await require_no_auditor(email, school.id, school.name)
    if email in {member.email for member in await members(school.id, and_auditors=True)}:
        raise Conflict(f"The operator let {email} in to {school.name} for a day. A head can keep that, under People.")
    await one_time_links.drop(open_invitations(school.id) & (OneTimeLink.email == email))
    if len(await one_time_links.invitations(school.id)) >= MOST_INVITATIONS:
        raise Conflict(f"{school.name} has {MOST_INVITATIONS} open invitations. Withdraw one first.")
    offered = {"school": school.id, "role": role.value, "email": email}
    return await letters.link_to_join(made_by=made_by, **offered)


async def remove(viewer: Viewer, person: UUID) -> None:
    """Ends the membership, the sessions here and the links that the person made. Raises Forbidden, NotFound, Conflict."""
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        leaver = await member_of(viewer.school, person)
        await require_may(Act.REMOVE, viewer, viewer.school, leaver.role)
        await _require_an_inviter_left(viewer, leaver)
        await Membership.update({Membership.valid_until: clock.now()}).where(_live(viewer.school) & (Membership.person == person))
        await sessions.end_at(viewer.school, person)
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
    """The person signs in again with the new role, and links made by and for them under the old one stop working.

    Raises Forbidden, NotFound, Invalid, Conflict.
    """
    _require_of_members(role)
    async with audit.recording(viewer) as record:
        school = await lock(viewer.school)
        member = await member_of(viewer.school, person)
        if person == viewer.person:
            raise Forbidden("Nobody changes their own role. Ask a colleague who can invite people.")
        act, higher = ranks.change(member.role, role)
        await require_may(act, viewer, school.id, higher)
        _require_at(school, role)
        if member.role is role:
            raise Invalid(f"{member.name} is {role.words} already.", role="Choose another role.")
        if not role.writes:
            await _require_an_inviter_left(viewer, member)
        await Membership.update({Membership.role: role.value}).where(_live(viewer.school) & (Membership.person == person))
        await sessions.end_at(viewer.school, person)
        await one_time_links.drop_with_the_role(viewer.school, person)
        record(
            Event.ROLE_CHANGED,
            stream=OUR_SCHOOL,
            subject=Subject.PERSON.of(person),
            facts={"old": {"role": member.role.value}, "new": {"role": role.value}},
            personal={"name": member.name},
            about=person,
        )


def _may_change(by: frozenset[By], old: Role, new: Role) -> bool:
    act, higher = ranks.change(old, new)
    return ranks.may(act, by, higher)


def require_nobody_else(there: Collection[Colleague], email: str, person: UUID, school_name: str) -> None:
    """Raises Conflict where another account with this address belongs to the school by now."""
    if any(member.email == email and member.id != person for member in there):
        raise Conflict(f"{email} already belongs to {school_name}.")


async def require_no_auditor(email: str, school: UUID, school_name: str, *, person: UUID | None = None) -> None:
    """Raises Conflict for an auditor of the school, by the address or as the ``person``, who may have another one since: nobody
    audits it and works there. Inside the caller's unit of work.
    """
    rows = await AuditorGrant.raw(
        """SELECT g.id FROM sharing_auditor_grant g JOIN sharing_auditor_scope s ON s.auditor_grant = g.id
        LEFT JOIN sharing_membership m ON m.auditor_grant = g.id AND m.school = s.school
        WHERE (g.email = {} OR m.person = {}) AND s.school = {} AND s.revoked_at IS NULL AND g.valid_until > {} LIMIT 1""",
        email, person, school, clock.now(),
    )  # fmt: skip
    if rows:
        raise Conflict(f"{email} has a grant as an auditor of {school_name}. Revoke it first, under Auditors.")


def _require_of_members(role: Role) -> None:
    if role not in ranks.ROLES:
        raise Invalid("Auditors are let in under Auditors, for a time.", role="Choose another role.")


def _require_at(school: School, role: Role) -> None:
    if role not in ranks.at_a(school.kind):
        raise Invalid("Only the central team of a trust has trust leads.", role="Choose another role.")


async def _roles_at(school: UUID) -> tuple[Role, ...]:
    """Inside the caller's unit of work."""
    found = await School.select(School.kind).where(School.id == school).first()
    return ranks.at_a(found["kind"]) if found else ()


async def _require_an_inviter_left(viewer: Viewer, leaver: Colleague) -> None:
    others = [m for m in await members(viewer.school) if m.id != leaver.id and m.role.writes and m.email]
    if not others:
        raise Conflict(
            f"{leaver.name} is the only one at {viewer.school_name} who can invite people. Invite somebody else first."
        )


async def _offered(school: UUID, email: str) -> tuple[Role, ...]:
    """What open invitations offer this address: a new one takes their place, and so withdraws them."""
    return tuple(Role(link.role) for link in await one_time_links.invitations(school) if link.email == email)


def _live(school: UUID) -> And:
    return (Membership.school == school) & Membership.valid_until.is_null()


def open_invitations(school: UUID) -> And:
    """The condition for links that offer membership of ``school``."""
    return (OneTimeLink.school == school) & (OneTimeLink.purpose == Purpose.INVITATION) & OneTimeLink.auditor_grant.is_null()

"""How an auditor takes up a grant, and who can't: nobody of a school audits it, and nobody audits by their own decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import audit
from audit.log.subjects import AUDITORS, Subject
from base import clock
from base.refusals import Conflict
from base.viewer import Role, Viewer
from sharing.events import Event
from sharing.members import letters
from sharing.members.members import members
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import AuditorGrant, Membership, Person
from sharing.two_people import established

NEITHER: Final = "The two of the trust who let an auditor in are other people than the auditor."
NOT_THE_LETTER: Final = (
    "Only the letter lets in an auditor whom a trust decided on, because a link that was handed on could be anybody's. "
    "Open the link in the letter to your address, or ask the trust to send another."
)


@dataclass(frozen=True, slots=True)
class NamedSchool:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class LiveGrant:
    """What a live grant opens, for whoever holds its link: at least one school, in alphabetical order."""

    schools: tuple[NamedSchool, ...]
    until: datetime


async def live_grant(grant: UUID) -> LiveGrant:
    """What the grant opens now. Inside the caller's unit of work. Raises DeadLink once it ended or was revoked everywhere."""
    found = await live(grant)
    if found is None:
        raise DeadLink
    return found


async def take_up(grant: UUID, viewer: Viewer, email: str, record: audit.Record, *, is_theirs: bool) -> None:
    """Makes the auditor a membership of each school of the grant, until it ends; ``is_theirs``: a letter proved the address.

    Part of joining. Raises DeadLink, Conflict.
    """
    opened, now = await live_grant(grant), clock.now()
    await _require_another_than_the_two(grant, viewer.person, email, is_theirs=is_theirs)
    for school in opened.schools:
        if viewer.person in {member.id for member in await members(school.id)}:
            raise Conflict(f"You belong to {school.name} by now, so you can't audit it.")
        await require_no_member(email, school)
        row = Membership(
            id=uuid4(), person=viewer.person, school=school.id, role=Role.AUDITOR.value,
            valid_from=now, valid_until=opened.until, auditor_grant=grant,
        )  # fmt: skip
        await row.save()
        record(
            Event.AUDITOR_JOINED,
            stream=AUDITORS,
            subject=Subject.PERSON.of(viewer.person),
            facts={"auditor_grant": str(grant), "until": opened.until.isoformat()},
            personal={"name": viewer.name, "email": email},
            trail=school.id,
        )


async def _require_another_than_the_two(grant: UUID, person: UUID, email: str, *, is_theirs: bool) -> None:
    """Raises Conflict for one of the two who let an auditor in for their trust, by whichever address. Where letters are sent,
    also for whoever holds the link that these two were shown and no more.
    """
    found = await AuditorGrant.objects().where(AuditorGrant.id == grant).first()
    if found is None or found.decided_by is None:
        return
    if letters.are_sent() and not is_theirs:
        raise Conflict(NOT_THE_LETTER)
    for hand in (found.made_by, found.agreed_by):
        if hand == person or await is_ones_mailbox(hand, email):
            raise Conflict(NEITHER)


async def is_ones_mailbox(person: UUID, email: str) -> bool:
    """Whether letters to ``email`` reach the person. Inside the caller's unit."""
    row = await Person.select(Person.email).where(Person.id == person).first()
    return row is not None and established.mailbox(row["email"]) == established.mailbox(email)


async def live(grant: UUID, *, waiting_too: bool = False) -> LiveGrant | None:
    """What the grant opens now, None for nothing; ``waiting_too``: also what a second person of the trust has yet to agree to."""
    rows = await AuditorGrant.raw(
        """SELECT DISTINCT c.id AS id, c.name AS name, g.valid_until AS until FROM sharing_auditor_grant g
        JOIN sharing_auditor_scope s ON s.auditor_grant = g.id JOIN sharing_school c ON c.id = s.school
        WHERE g.id = {} AND s.revoked_at IS NULL AND g.valid_until > {}
            AND ({} OR g.decided_by IS NULL OR g.agreed_at IS NOT NULL) ORDER BY c.name, c.id""",
        grant, clock.now(), waiting_too,
    )  # fmt: skip
    return LiveGrant(tuple(NamedSchool(row["id"], row["name"]) for row in rows), rows[0]["until"]) if rows else None


async def require_no_member(email: str, school: NamedSchool) -> None:
    """Raises Conflict for a mailbox of somebody of the school: nobody audits what they write. Inside the caller's unit."""
    if established.mailbox(email) in {established.mailbox(member.email) for member in await members(school.id)}:
        raise Conflict(f"{email} belongs to {school.name}. An auditor comes from outside.")

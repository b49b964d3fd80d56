"""Auditors: people from outside who read a school's trail, or some of its streams, for 90 days at most, and nothing else.

A head lets them in, or a business manager where nobody is head; for a trust's audit of its own schools, which may last a
year, see ``trust_audits.py``. Each school sees who was let in to its trail, and ends at once whom it let in itself. A grant is
never changed: make a new one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.streams import of_trail
from audit.log.subjects import AUDITORS, Subject
from base import clock, emails, text
from base.refusals import Conflict, Invalid, NotFound, refuse_together
from base.viewer import Role, Viewer, must_write
from sharing.auditors import grants
from sharing.auditors.grants import NamedSchool
from sharing.events import Event
from sharing.members import letters
from sharing.members.members import require_may, schools_of_trust, standings
from sharing.members.ranks import Act, By, Only
from sharing.people import people
from sharing.sign_in import one_time_links
from sharing.tables import AuditorGrant, AuditorScope, Membership, OneTimeLink, School, Session

LONGEST: Final = timedelta(days=90)  # an audit; somebody decides anew about anything longer
LONGEST_REASON: Final = 500
MOST_LIVE: Final = 20  # at one school; more would be a mistake
NONE_CHOSEN: Final = "Choose at least one supplier or contract, or the whole trail."
MOST_STREAMS: Final = 100  # whoever needs more needs the whole trail


@dataclass(frozen=True, slots=True)
class WantedScope:
    """What a grant is to open: ``streams`` of one school, or (None) the whole trail of each of ``schools``."""

    streams: tuple[str, ...] | None = None
    schools: tuple[UUID, ...] = ()  # none: the viewer's own


@dataclass(frozen=True, slots=True)
class Granted:
    """A new grant, or a new link for one, shown once, to be forwarded by whoever asked for it; with a letter, if that is lost."""

    grant: UUID
    address: str
    email: str
    until: datetime
    letter: str | None = field(repr=False)  # the link in the letter, never to be shown; None: no letter was sent
    by_letter_alone: bool = False  # the address lets nobody in by itself: a trust's audit, where letters are sent


async def grant(viewer: Viewer, *, email: str, reason: str, until: date | None, wanted: WantedScope = WantedScope()) -> Granted:
    """Lets somebody in until the end of the day ``until``. Raises Forbidden, Invalid, NotFound, Conflict."""
    refuse_together(lambda: emails.address(email), lambda: a_reason(reason), lambda: an_end(until))
    email, reason, ends = emails.address(email), a_reason(reason), an_end(until)
    letters.require_mailable(email)
    async with audit.recording(viewer) as record:
        await require_may_grant(viewer)
        schools = await schools_named(viewer, wanted)
        if {school.id for school in schools} != {viewer.school}:
            raise _invalid("An audit of schools of your trust takes who decided it, and a second person.", "schools")
        await require_outsider(email, schools[0])
        made = await _save(viewer, email, reason, ends, wanted, schools)
        record(
            Event.AUDITOR_GRANTED,
            stream=AUDITORS,
            subject=Subject.AUDITOR_GRANT.of(made),
            facts=_facts(viewer, wanted, ends) | {"schools": [school.name for school in schools]},
            personal={"email": email, "reason": reason},
            about=made,  # an auditor has no other id yet
        )
        address, letter = await link_for(viewer, made, email, schools[0].id)
    return await sent(viewer, Granted(made, address, email, ends, letter))


async def new_link(viewer: Viewer, grant: UUID) -> Granted:
    """For an auditor who lost the link; the earlier one stops working. Raises Forbidden, NotFound, Conflict."""
    async with audit.recording(viewer) as record:
        await require_may_grant(viewer)
        found = (
            await AuditorGrant.objects().where((AuditorGrant.granted_by == viewer.school) & (AuditorGrant.id == grant)).first()
        )
        offer = await grants.live(grant)
        if not found or not offer:
            raise NotFound
        if await Membership.exists().where(Membership.auditor_grant == grant):
            raise Conflict("The auditor has joined and signs in with their own password.")
        address, letter = await link_for(viewer, grant, found.email, offer.schools[0].id)
        subject, personal = Subject.AUDITOR_GRANT.of(grant), {"email": found.email}
        record(Event.AUDITOR_LINK_MADE, stream=AUDITORS, subject=subject, personal=personal, about=grant)
    is_a_trusts = bool(found.decided_by)
    alone = is_a_trusts and letters.are_sent()
    return await sent(viewer, Granted(grant, address, found.email, found.valid_until, letter, by_letter_alone=alone))


async def revoke(viewer: Viewer, grant: UUID) -> None:
    """Ends at once what the grant opens of the viewer's school, or of all its schools where the viewer's trust granted it.

    A school does not end what its trust decided while it is the trust's. Raises Forbidden, NotFound.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        found = await database.locked(AuditorGrant.objects().where(AuditorGrant.id == grant)).first()
        offer = await grants.live(grant, waiting_too=True)
        if found is None or offer is None:
            raise NotFound
        schools = [s for s in offer.schools if viewer.school in (s.id, found.granted_by)]
        if not schools or (found.granted_by != viewer.school and not _is_agreed(found)):
            raise NotFound
        is_theirs = found.decided_by is not None and viewer.school in await schools_of_trust(found.granted_by)
        ours = set() if is_theirs and viewer.school != found.granted_by else {Only.OURS}
        await require_may(Act.END, viewer, viewer.school, Role.AUDITOR, also=ours)
        await _end(grant, [school.id for school in schools])
        if len(schools) == len(offer.schools):
            await one_time_links.drop(OneTimeLink.auditor_grant == grant)
        told = {school.id for school in schools} if _is_agreed(found) else set()
        for trail in {viewer.school, *told}:
            subject, personal = Subject.AUDITOR_GRANT.of(grant), {"email": found.email}
            record(Event.AUDITOR_REVOKED, stream=AUDITORS, subject=subject, personal=personal, about=grant, trail=trail)


async def require_may_grant(viewer: Viewer) -> None:
    """Raises Forbidden, saying whom to ask, for whoever may not let an auditor in. Inside the caller's unit of work."""
    await require_may(Act.LET_IN, viewer, viewer.school, Role.AUDITOR)


async def schools_open_to(viewer: Viewer) -> tuple[NamedSchool, ...]:
    """Whose trails the viewer may open: the own school's and, for the head of a trust, its schools'. Inside the caller's unit."""
    own = NamedSchool(viewer.school, viewer.school_name)
    if By.HEAD not in await standings(viewer, viewer.school):
        return (own,)
    there = list(await schools_of_trust(viewer.school) - {viewer.school})
    if not there:
        return (own,)
    rows = await School.select(School.id, School.name).where(database.among(School.id, there)).order_by(School.name, School.id)
    return (own, *(NamedSchool(row["id"], row["name"]) for row in rows))


def a_reason(raw: str) -> str:
    return text.line(raw, field="reason", longest=LONGEST_REASON, missing="Enter what the audit is for.")


def an_end(day: date | None, longest: timedelta = LONGEST) -> datetime:
    """The end of the day in London. Raises Invalid for none, one that has passed, or one too far ahead."""
    last = last_day(longest)
    if day is None or not clock.today() <= day <= last:
        sentence = f"Enter the last day of the audit: today or later, {last.day} {last:%B %Y} at the latest."
        raise Invalid(sentence, until=sentence)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.LONDON)
    return min(end, clock.now() + longest)  # an hour less where the clocks go back in between


def last_day(longest: timedelta = LONGEST) -> date:
    """The latest on which a grant made today may end."""
    return clock.today() + longest - timedelta(days=1)


async def schools_named(viewer: Viewer, wanted: WantedScope) -> tuple[NamedSchool, ...]:
    """The wanted schools by name, with their rows locked. Inside the caller's unit of work.

    Raises Invalid for schools or streams that can't be granted.
    """
    ids = set(wanted.schools) or {viewer.school}
    schools = tuple(school for school in await schools_open_to(viewer) if school.id in ids)
    if len(schools) < len(ids):
        raise _invalid("Choose schools of your trust.", "schools")
    for school in sorted(ids):
        await database.locked(School.select(School.id).where(School.id == school))
    if wanted.streams is not None:
        _require_real(wanted.streams, await of_trail(str(viewer.school)), is_own=ids == {viewer.school})
    return tuple(sorted(schools, key=lambda school: (school.name, school.id)))


def _require_real(streams: Sequence[str], known: Collection[str], *, is_own: bool) -> None:
    if not streams or not set(streams) <= set(known) or not is_own:
        raise _invalid(NONE_CHOSEN, "streams")
    if len(streams) > MOST_STREAMS:
        raise _invalid(f"Choose {MOST_STREAMS} suppliers and contracts at most, or the whole trail.", "streams")


def _invalid(sentence: str, field: str) -> Invalid:
    return Invalid(sentence, **{field: sentence})


async def require_outsider(email: str, school: NamedSchool) -> None:
    """Raises Conflict for an address of somebody of the school, or who audits it. Inside the caller's unit of work."""
    await grants.require_no_member(email, school)
    await people.require_no_auditor(email, school.id, school.name)
    live = await AuditorScope.raw(
        """SELECT COUNT(DISTINCT g.id) AS n FROM sharing_auditor_grant g JOIN sharing_auditor_scope s ON s.auditor_grant = g.id
        WHERE s.school = {} AND s.revoked_at IS NULL AND g.valid_until > {}""",
        school.id, clock.now(),
    )  # fmt: skip
    if live[0]["n"] >= MOST_LIVE:
        raise Conflict(f"{school.name} has {MOST_LIVE} auditors already. End the access of one first.")


async def _save(
    viewer: Viewer, email: str, reason: str, ends: datetime, wanted: WantedScope, schools: Sequence[NamedSchool]
) -> UUID:
    made = uuid4()
    await AuditorGrant(
        id=made,
        granted_by=viewer.school,
        made_by=viewer.person,
        email=email,
        reason=reason,
        valid_from=clock.now(),
        valid_until=ends,
    ).save()
    streams = sorted(set(wanted.streams)) if wanted.streams is not None else [None]
    rows = [AuditorScope(id=uuid4(), auditor_grant=made, school=s.id, stream=stream) for s in schools for stream in streams]
    await AuditorScope.insert(*rows)
    return made


def _facts(viewer: Viewer, wanted: WantedScope, ends: datetime) -> dict[str, Any]:
    scope = "the whole trail" if wanted.streams is None else sorted(set(wanted.streams))
    return {"granted_by": viewer.school_name, "scope": scope, "until": ends.isoformat()}


async def link_for(viewer: Viewer, grant: UUID, email: str, school: UUID) -> tuple[str, str | None]:
    """The address of a new link for the grant's auditor, and of its letter if one is sent; an earlier one stops working.

    Inside the caller's unit of work.
    """
    await one_time_links.drop(OneTimeLink.auditor_grant == grant)
    offer = {"school": school, "role": Role.AUDITOR.value, "email": email, "auditor_grant": grant}
    _, address, letter = await letters.link_to_join(made_by=viewer.person, **offer)
    return address, letter


async def sent(viewer: Viewer, made: Granted) -> Granted:
    """The same, after the letter went out; without one where it did not."""
    if made.letter is None or await letters.are_too_many(viewer.school, made.email):
        return replace(made, letter=None)
    await letters.to_audit(made.email, made.letter, school_name=viewer.school_name, until=made.until)
    return made


def _is_agreed(grant: Any) -> bool:
    return grant.decided_by is None or grant.agreed_at is not None


async def _end(grant: UUID, schools: list[UUID]) -> None:
    """Ends the grant's scope, memberships and sessions at these schools."""
    now = clock.now()
    scope = (AuditorScope.auditor_grant == grant) & database.among(AuditorScope.school, schools)
    await AuditorScope.update({AuditorScope.revoked_at: now}).where(scope & AuditorScope.revoked_at.is_null())
    there = (Membership.auditor_grant == grant) & database.among(Membership.school, schools) & (Membership.valid_until > now)
    ended = await Membership.update({Membership.valid_until: now}).where(there).returning(Membership.person, Membership.school)
    for row in ended:
        await Session.delete().where((Session.person == row["person"]) & (Session.school == row["school"]))

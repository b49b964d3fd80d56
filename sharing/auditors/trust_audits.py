"""A trust's audit of its own schools: decided by its board or a committee, and let in by two persons of the trust.

Neither of the two is the auditor. Each school's head is told, sees what is read, and may object; that is recorded and shown
to the trust, and ends nothing. Private notes and criticism stay closed unless the grant says why they are open. A school that
is not the trust's lets an auditor in itself, or nobody does; one that leaves the trust is closed from then on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import AUDITORS, Subject
from base import clock, emails, settings, text
from base.refusals import Conflict, Forbidden, NotFound, Refusal, read_together, refuse_together
from base.viewer import Role, Viewer
from base.words import last_day
from sharing.auditors import auditors, grants
from sharing.auditors.auditors import Granted, WantedScope
from sharing.auditors.grants import NamedSchool
from sharing.events import Event
from sharing.members import letters, told
from sharing.members.members import require_may, schools_of_trust
from sharing.members.ranks import Act, Only
from sharing.members.tables import AuditorObjection
from sharing.members.told import Letter
from sharing.tables import AuditorGrant, AuditorScope, School
from sharing.two_people import established

LONGEST: Final = timedelta(days=365)  # a year's audit plan; somebody decides anew about anything longer
LONGEST_OBJECTION: Final = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """Who of the trust decided the audit, and where that is written down; ``private_why`` opens private notes and criticism."""

    by: str
    minute: str
    private_why: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    school_name: str
    by: str
    words: str
    made_at: datetime


async def ask(
    viewer: Viewer, *, email: str, reason: str, until: date | None, schools: Collection[UUID], decided: Decided
) -> UUID:
    """The first of the two: nothing is open yet. Raises Forbidden, Invalid, NotFound, Conflict."""
    refuse_together(
        lambda: emails.address(email), lambda: auditors.a_reason(reason), lambda: auditors.an_end(until, LONGEST),
        lambda: checked(decided),
    )  # fmt: skip
    email, reason, decided = emails.address(email), auditors.a_reason(reason), checked(decided)
    async with audit.recording(viewer) as record:
        for school in schools:
            await require_may(Act.LET_IN, viewer, school, Role.AUDITOR, also={Only.DECIDED})
        named = await auditors.schools_named(viewer, WantedScope(schools=tuple(schools)))
        await _require_not_the_auditor(viewer.person, email)
        for one in named:
            await auditors.require_outsider(email, one)
        made = uuid4()
        await AuditorGrant(
            id=made, granted_by=viewer.school, made_by=viewer.person, email=email, reason=reason, valid_from=clock.now(),
            valid_until=auditors.an_end(until, LONGEST), decided_by=decided.by, minute=decided.minute,
            private_why=decided.private_why or None,
        ).save()  # fmt: skip
        await AuditorScope.insert(*(AuditorScope(id=uuid4(), auditor_grant=made, school=school.id) for school in named))
        personal = {"email": email, "reason": reason, "decided_by": decided.by, "minute": decided.minute}
        facts = {"schools": [school.name for school in named], "private": bool(decided.private_why)}
        record(
            Event.AUDITOR_ASKED,
            stream=AUDITORS,
            subject=Subject.AUDITOR_GRANT.of(made),
            facts=facts,
            personal=personal,
            about=made,
        )
    return made


async def letters_about(viewer: Viewer, grant: UUID) -> tuple[Letter, ...]:
    """The letters that ``agree`` would send, to be printed beforehand. Raises Forbidden, NotFound, Conflict."""
    async with database.read():
        row, schools = await _to_agree(viewer, grant)
        return await _letters(viewer, row, schools)


async def agree(viewer: Viewer, grant: UUID, *, posted: bool = False) -> Granted:
    """The second of the two lets the auditor in; ``posted``: the printed letters are.

    Raises Forbidden, Invalid, NotFound, Conflict.
    """
    async with audit.recording(viewer) as record:
        ours = (AuditorGrant.id == grant) & (AuditorGrant.granted_by == viewer.school)
        await database.locked(AuditorGrant.select(AuditorGrant.id).where(ours))
        row, schools = await _to_agree(viewer, grant)
        await AuditorGrant.update({AuditorGrant.agreed_by: viewer.person, AuditorGrant.agreed_at: clock.now()}).where(
            AuditorGrant.id == grant
        )
        address, letter = await auditors.link_for(viewer, grant, row["email"], schools[0].id)
        by = await told.tell(await _letters(viewer, row, schools), posted=posted)
        facts = {"granted_by": viewer.school_name, "scope": "the whole trail", "until": row["valid_until"].isoformat()}
        facts |= {"private": row["private_why"] is not None, "told_by": by}
        personal = {name: row[name] or "" for name in ("email", "reason", "decided_by", "minute", "private_why")}
        for trail in {viewer.school, *(school.id for school in schools)}:
            record(
                Event.AUDITOR_GRANTED,
                stream=AUDITORS,
                subject=Subject.AUDITOR_GRANT.of(grant),
                facts=facts,
                personal={name: value for name, value in personal.items() if value},
                about=grant,
                trail=trail,
            )
    made = Granted(grant, address, row["email"], row["valid_until"], letter, by_letter_alone=letters.are_sent())
    return await auditors.sent(viewer, made)


async def why_not_agree(viewer: Viewer, grant: UUID) -> Refusal | None:
    """Why the viewer is not the second person; None for whoever is, and where only what is to be agreed to has changed."""
    try:
        await letters_about(viewer, grant)
    except (Forbidden, NotFound) as refusal:
        return refusal
    except Conflict:
        pass
    return None


async def object_to(viewer: Viewer, grant: UUID, words: str) -> None:
    """A head's objection to an audit of their school that its trust decided, once.

    Raises Forbidden, Invalid, NotFound, Conflict.
    """
    words = text.line(words, field="words", longest=LONGEST_OBJECTION, missing="Enter why. Your trust reads it.")
    async with audit.recording(viewer) as record:
        row = await AuditorGrant.select().where((AuditorGrant.id == grant) & AuditorGrant.agreed_at.is_not_null()).first()
        scope = (AuditorScope.auditor_grant == grant) & (AuditorScope.school == viewer.school)
        if row is None or row["granted_by"] == viewer.school or not await AuditorScope.exists().where(scope):
            raise NotFound
        await require_may(Act.OBJECT_AUDIT, viewer, viewer.school, Role.AUDITOR)
        mine = (AuditorObjection.auditor_grant == grant) & (AuditorObjection.school == viewer.school)
        if await AuditorObjection.exists().where(mine):
            raise Conflict("Your school has objected to this audit already.")
        await AuditorObjection(
            id=uuid4(), auditor_grant=grant, school=viewer.school, person=viewer.person, words=words, made_at=clock.now()
        ).save()
        for trail in (viewer.school, row["granted_by"]):
            subject, facts = Subject.AUDITOR_GRANT.of(grant), {"school": viewer.school_name}
            record(
                Event.AUDITOR_OBJECTED, stream=AUDITORS, subject=subject, facts=facts, personal={"words": words}, about=grant,
                trail=trail,
            )  # fmt: skip


async def objections(viewer: Viewer, grant: UUID) -> tuple[Objection, ...]:
    """Of the viewer's own school, and to the trust that granted it of every school, oldest first."""
    async with database.read():
        rows = await AuditorObjection.raw(
            """SELECT c.name AS school_name, p.name AS by, o.words AS words, o.made_at AS made_at
            FROM sharing_auditor_objection o JOIN sharing_auditor_grant g ON g.id = o.auditor_grant
            JOIN sharing_school c ON c.id = o.school JOIN sharing_person p ON p.id = o.person
            WHERE o.auditor_grant = {} AND (o.school = {} OR g.granted_by = {}) ORDER BY o.made_at, o.id""",
            grant, viewer.school, viewer.school,
        )  # fmt: skip
    return tuple(Objection(**row) for row in rows)


def checked(decided: Decided) -> Decided:
    """The same with what was typed made fit to keep. Raises Invalid for all that is wrong at once."""
    by, minute, why = read_together(
        lambda: text.line(decided.by, field="decided_by", missing="Enter who of the trust decided the audit."),
        lambda: text.line(decided.minute, field="minute", missing="Enter the minute of the meeting that decided it."),
        lambda: text.line(decided.private_why, field="private_why", longest=500, required=False),
    )
    return Decided(by, minute, why)


async def _to_agree(viewer: Viewer, grant: UUID) -> tuple[dict[str, Any], tuple[NamedSchool, ...]]:
    """What waits for the viewer as the second person, and its schools by name. Inside the caller's unit."""
    row = await AuditorGrant.select().where(
        (AuditorGrant.id == grant) & (AuditorGrant.granted_by == viewer.school) & AuditorGrant.decided_by.is_not_null()
    ).first()  # fmt: skip
    if row is None:
        raise NotFound
    scope = (AuditorScope.auditor_grant == grant) & AuditorScope.revoked_at.is_null()
    ids = await AuditorScope.select(AuditorScope.school).where(scope).output(as_list=True)
    if row["agreed_at"] is not None or not ids or row["valid_until"] <= clock.now():
        raise Conflict("It was agreed already, or taken back, or its last day has passed.")
    of_trust = await schools_of_trust(viewer.school)
    if not set(ids) <= of_trust | {viewer.school}:
        raise Conflict("A school of this audit is no longer your trust's. Take it back, and ask anew without that school.")
    for school in set(ids) - {viewer.school}:
        await require_may(Act.AGREE_LET_IN, viewer, school, Role.AUDITOR)
    for hand in (row["made_by"], viewer.person):
        await _require_not_the_auditor(hand, row["email"])
    await established.require_two(row["made_by"], viewer.person, viewer.school)
    named = await School.select(School.id, School.name).where(database.among(School.id, ids)).order_by(School.name, School.id)
    schools = tuple(NamedSchool(one["id"], one["name"]) for one in named)
    for one in schools:
        await grants.require_no_member(row["email"], one)
    return row, schools


async def _require_not_the_auditor(person: UUID, email: str) -> None:
    if await grants.is_ones_mailbox(person, email):
        raise Forbidden(grants.NEITHER)


async def _letters(viewer: Viewer, row: dict[str, Any], schools: Collection[NamedSchool]) -> tuple[Letter, ...]:
    private = (
        f"Private notes and criticism are open too. The reason: {row['private_why']}"
        if row["private_why"] is not None
        else "Private notes and criticism stay closed."
    )
    found: list[Letter] = []
    for one in schools:
        school = await School.objects().where(School.id == one.id).first()
        if school is None or one.id == viewer.school:
            continue
        text = f"""{viewer.school_name} lets {row["email"]} read the audit trail of {one.name} in Vouch.

The last day: {last_day(row["valid_until"])}

What for: {row["reason"]}

Decided by: {row["decided_by"]} ({row["minute"]})

{private}

Everything that the auditor opens is recorded in your trail. Under "Our trail", "Auditors" you see it, and can object, which
your trust is shown:
  {settings.current().origin}/auditors
"""
        to = await told.heads_or_writers(one.id)
        found += told.letters(school, to, subject=f"Your trust audits {one.name} in Vouch"[:200], text=text)
    return tuple(found)

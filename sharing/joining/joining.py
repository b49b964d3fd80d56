"""What a one-time link opens: joining a school, becoming the first operator, choosing a new password.

The holder of a link that was handed on proves nothing but holding it, so it never opens an account that exists: its password
does. Nor does it tell whether there is one: whoever is new gets an account of their own that claims the address, beside any
other that does. A link in a letter proves the address as well.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import ACCOUNTS, OUR_SCHOOL, Subject
from base import clock, emails, text
from base.refusals import Conflict, Invalid, refuse_together
from base.viewer import Role, Viewer
from sharing.accounts import addresses
from sharing.auditors import grants
from sharing.events import Event
from sharing.members.members import holding, lock, lock_person, members, viewers_of
from sharing.members.ranks import Only
from sharing.operator import break_glass, succession
from sharing.people.people import open_invitations, require_no_auditor, require_nobody_else
from sharing.sign_in import api_keys, checking, known_browsers, one_time_links, passwords, security_log, with_password
from sharing.sign_in.one_time_links import LiveLink, Purpose
from sharing.sign_in.passwords import argon2
from sharing.tables import KnownBrowser, Membership, OneTimeLink, Person, School, Session
from sharing.two_people import established

LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page behind a link says. ``school_name`` is empty where the holder chooses the school."""

    purpose: Purpose
    school_name: str
    role: Role | None
    email: str | None
    audit: grants.LiveGrant | None  # for an auditor: what the grant opens


@dataclass(frozen=True, slots=True)
class _Invitation:
    link: LiveLink
    school: UUID
    school_name: str
    role: Role
    email: str
    auditor_grant: UUID | None

    def taken_up_by(self, person: UUID, name: str) -> Viewer:
        return Viewer(person, name, self.school, self.school_name, self.role)


async def first_link() -> str | None:
    """A new link's address for the first account; any earlier link stops working. None once somebody has an account."""
    async with database.read():
        if await Person.exists():
            return None
    async with audit.recording(None) as record:
        await one_time_links.drop(OneTimeLink.purpose == Purpose.FIRST)
        link, address = await one_time_links.add(Purpose.FIRST, made_by=None)
        record(Event.FIRST_LINK_MADE, stream=ACCOUNTS, subject=Subject.LINK.of(link))
    return address


async def offer_of(token: str) -> Offer:
    """What the link with this token offers. Raises DeadLink."""
    async with database.read():
        link = await one_time_links.live(token, *Purpose)
        school = await School.select(School.name).where(School.id == link.school).first() if link.school else None
        audit = await grants.live_grant(link.auditor_grant) if link.auditor_grant else None
    return Offer(link.purpose, school["name"] if school else "", link.role, link.email, audit)


async def join(token: str, *, name: str, password: str) -> Viewer:
    """A new person takes up an invitation. Raises DeadLink, Invalid, Conflict."""
    invitation = await _invitation(token)
    known = (invitation.email, name, invitation.school_name)
    refuse_together(lambda: a_name(name), lambda: passwords.chosen(password, context=known))
    async with database.read():
        beside = [person.password_hash for person in await checking.claiming(invitation.email)]
    password_hash = await argon2.hashed(password, beside=beside)
    viewer, by_mail = invitation.taken_up_by(uuid4(), a_name(name)), invitation.link.by_mail
    async with audit.recording(viewer) as record:
        await lock(invitation.school)
        await one_time_links.use(invitation.link)
        if by_mail:
            await addresses.take_from_others(record, invitation.email, viewer.person)
        await _add_person(viewer, invitation.email, password_hash, proved=by_mail)
        await _take_up(invitation, viewer, record)
    return viewer


async def join_with_account(token: str, *, password: str, from_address: str, known_by: str = "") -> Viewer:
    """Somebody with an account joins one more school; ``known_by`` is the value of the browser's cookie of known browsers.

    A new-password link that one school made before stops working. Raises DeadLink, Invalid, Conflict, TooMany.
    """
    invitation = await _invitation(token)
    person = await checking.person_with(invitation.email, password, from_address=from_address, known_by=known_by)
    if person is None:
        sentence = "That is not the password of your account."
        raise Invalid(sentence, password=sentence)
    viewer = invitation.taken_up_by(person.id, person.name)
    async with audit.recording(viewer) as record:
        await lock(invitation.school)
        await lock_person(viewer.person)
        await one_time_links.use(invitation.link)
        await one_time_links.drop((OneTimeLink.purpose == Purpose.PASSWORD) & (OneTimeLink.person == viewer.person))
        await _take_up(invitation, viewer, record)
        if invitation.link.by_mail:
            await addresses.proved(record, viewer.person, invitation.email)
    return viewer


async def join_first(token: str, *, school: UUID | None, role: Role | None, name: str, email: str, password: str) -> Viewer:
    """The first account: its school is chosen from the register, and it runs this installation. Raises DeadLink, Invalid."""
    async with database.read():
        link = await one_time_links.live(token, Purpose.FIRST)
        chosen = await School.objects().where(School.id == school).first() if school else None
    if chosen is None:
        raise Invalid("Choose your school.", school="Choose your school.")
    known = (email, name, chosen.name)
    refuse_together(
        lambda: a_name(name),
        lambda: _an_inviting_role(role),
        lambda: emails.address(email),
        lambda: passwords.chosen(password, context=known),
    )
    password_hash = await argon2.hashed(password)
    viewer = Viewer(uuid4(), a_name(name), chosen.id, chosen.name, _an_inviting_role(role), is_operator=True)
    async with audit.recording(viewer) as record:
        await one_time_links.use(link)
        await _add_person(viewer, emails.address(email), password_hash, proved=False)
        await _add_membership(viewer, emails.address(email), record)
        await established.note_way_in(viewer.person, given_by=None, school=viewer.school)
        record(Event.OPERATOR_APPOINTED, stream=ACCOUNTS, subject=Subject.PERSON.of(viewer.person), trail=audit.OPERATOR)
    return viewer


def a_name(raw: str) -> str:
    return text.line(raw, field="name", longest=LONGEST_NAME, missing="Enter your name.")


def _an_inviting_role(role: Role | None) -> Role:
    if role is None or not role.writes:
        sentence = "Choose head or business manager: the first account has to invite colleagues."
        raise Invalid(sentence, role=sentence)
    return role


async def set_password(token: str, *, password: str, known_by: str = "") -> str:
    """Sets the password of the person for whom a password link was made, and ends all their sessions, API keys and feeds.

    Of all browsers only this one is known to them from now on, so that no stranger keeps them from signing in with the new
    password: takes and returns the value of its cookie of known browsers. Raises DeadLink, Invalid.
    """
    link, person, told = await _password_link(token)
    known = (person.email, person.name, *(viewer.school_name for viewer in told))
    password_hash = await argon2.hashed(passwords.chosen(password, context=known), beside=[person.password_hash])
    async with audit.recording(told[0]) as record:
        await one_time_links.use(link)
        await Person.update({Person.password_hash: password_hash}).where(Person.id == person.id)
        await Session.delete().where(Session.person == person.id)
        await known_browsers.forget(KnownBrowser.person == person.id)
        if link.made_by is not None and not link.by_mail:  # who gets a letter of her own owes nobody her way in
            await established.note_way_in(person.id, given_by=link.made_by, school=None)
        await security_log.add(security_log.Kind.PASSWORD_RESET, person=person.id)
        opened = await break_glass.password_set_by(link.id, person.id)
        for trail in opened:
            facts = {"by": "break-glass"}
            record(Event.PASSWORD_CHANGED, stream=OUR_SCHOOL, subject=Subject.PERSON.of(person.id), facts=facts, trail=trail)
        for viewer in () if opened else told:
            subject, facts = Subject.PERSON.of(person.id), {"by": "letter" if link.by_mail else "link"}
            record.by(viewer)(Event.PASSWORD_CHANGED, stream=OUR_SCHOOL, subject=subject, facts=facts)
        await api_keys.end_with_password(told[0], record)
        await with_password.end(told[0], record)
        if link.by_mail:
            await addresses.proved(record, person.id, person.email)
        return await known_browsers.make_known(person.id, known_by)


async def _invitation(token: str) -> _Invitation:
    async with database.read():
        link = await one_time_links.live(token, Purpose.INVITATION)
        grant = await grants.live_grant(link.auditor_grant) if link.auditor_grant else None
        school = await School.objects().where(School.id == (grant.schools[0].id if grant else link.school)).first()
    if school is None or link.role is None or link.email is None:
        raise one_time_links.DeadLink
    return _Invitation(link, school.id, school.name, link.role, link.email, link.auditor_grant)


async def _password_link(token: str) -> tuple[LiveLink, Person, tuple[Viewer, ...]]:
    """The link, its person, and that person as a viewer where it was made or, of a letter's, at each of their schools.

    Raises DeadLink if they left since, or have another address than the letter's.
    """
    async with database.read():
        link = await one_time_links.live(token, Purpose.PASSWORD)
        person = await Person.objects().where(Person.id == link.person).first()
        everywhere = await viewers_of(person.id) if person else ()
    told = everywhere if link.by_mail else tuple(viewer for viewer in everywhere if viewer.school == link.school)
    if person is None or not told or (link.by_mail and person.email != link.email):
        raise one_time_links.DeadLink
    return link, person, told


async def _take_up(invitation: _Invitation, viewer: Viewer, record: audit.Record) -> None:
    await established.note_way_in(viewer.person, given_by=invitation.link.made_by, school=viewer.school)
    if invitation.auditor_grant:
        is_theirs = invitation.link.by_mail or await addresses.is_proved_by_mail(viewer.person)
        await grants.take_up(invitation.auditor_grant, viewer, invitation.email, record, is_theirs=is_theirs)
        return
    await require_no_auditor(invitation.email, invitation.school, invitation.school_name, person=viewer.person)
    require_nobody_else(await members(invitation.school), invitation.email, viewer.person, invitation.school_name)
    ends = await break_glass.joined_by(invitation.link.id, viewer.person)
    begins = await succession.accepted_by(invitation.link.id, viewer, record)
    lasts_at_once = ends is None and begins is None
    if lasts_at_once and viewer.role.writes and Only.NOBODY_WRITES in await holding(invitation.school):
        # The operator's other invitations end: from now on the school's own people invite.
        await one_time_links.drop(open_invitations(invitation.school))
    await _add_membership(viewer, invitation.email, record, begins=begins, ends=ends)


async def _add_person(viewer: Viewer, email: str, password_hash: str, *, proved: bool) -> None:
    with database.duplicates(Conflict(addresses.PROVED_ELSEWHERE)):
        await Person(
            id=viewer.person,
            email=email,
            name=viewer.name,
            password_hash=password_hash,
            is_operator=viewer.is_operator,
            made_at=clock.now(),
            address_proved_at=clock.now() if proved else None,
        ).save()


async def _add_membership(
    viewer: Viewer, email: str, record: audit.Record, *, begins: datetime | None = None, ends: datetime | None = None
) -> None:
    """From now on, unless it ``begins`` later, and for good, unless it ``ends``."""
    place: dict[str, Any] = {"person": viewer.person, "school": viewer.school, "role": viewer.role.value}
    with database.duplicates(Conflict(f"You already belong to {viewer.school_name}. Sign in as usual.")):
        await Membership(id=uuid4(), **place, valid_from=clock.now(), valid_until=ends, begins_at=begins).save()
    told = {"begins": begins, "until": ends}
    record(
        Event.PERSON_JOINED,
        stream=OUR_SCHOOL,
        subject=Subject.PERSON.of(viewer.person),
        facts={"role": viewer.role.value, **{name: at.isoformat() for name, at in told.items() if at}},
        personal={"name": viewer.name, "email": email},
    )

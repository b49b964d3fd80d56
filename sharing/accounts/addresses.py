"""Whose an e-mail address is: whoever opened a link in a letter to it, before everybody else.

An address that was only typed is a claim, and several may claim one. Where no mail is sent, a head confirms a claim in
person; the mailbox still beats it. Whoever proves an address takes it from all others who claim it: they keep what they
wrote and their place at the school, and can't sign in any more.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.columns import And

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, emails
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Viewer
from sharing.accounts.tables import ResetAgreement
from sharing.events import Event
from sharing.members import letters
from sharing.members.members import (
    Colleague,
    is_closing,
    lock,
    lock_person,
    member_of,
    members,
    require_may,
    schools_of,
    viewers_of,
)
from sharing.members.ranks import Act
from sharing.members.tables import HeadNaming
from sharing.sign_in import checking, known_browsers, one_time_links, throttle
from sharing.sign_in.one_time_links import DeadLink, LiveLink, Purpose
from sharing.tables import ApiKey, KnownBrowser, OneTimeLink, Person, Session

PROVED_ELSEWHERE: Final = "You have an account with this address, and proved it there. Sign in to that one."
NO_LETTERS: Final = "This installation sends no letters. A head of your school can confirm your address in person, under People."
LOST: Final = "This account lost its address, because somebody else proved it. Remove it, and invite the person again."
NOT_YET_YOURS: Final = (
    "Whoever runs this installation gave you this password. You can change your address once a head of your school kept that, "
    "under People."
)


@dataclass(frozen=True, slots=True)
class MyAddress:
    email: str
    proved_at: datetime | None
    by_mail: bool  # rather than confirmed by somebody


async def of(viewer: Viewer) -> MyAddress:
    """The viewer's own address."""
    async with database.read():
        found = await _account(viewer.person)
    return MyAddress(found.email, found.address_proved_at, found.has_proved_by_mail)


async def is_proved_by_mail(person: UUID) -> bool:
    """Whether somebody opened a letter to the person's address, and it is nobody else's. Inside the caller's unit."""
    return (await _account(person)).has_proved_by_mail


async def ask_to_prove(viewer: Viewer, *, email: str, password: str, known_by: str = "") -> str:
    """Sends a letter to the viewer's address, or to the one that they want from now on; returns where it went.

    Raises Conflict where no letters are sent, Invalid, TooMany.
    """
    email = emails.address(email)
    if not letters.are_sent():
        raise Conflict(NO_LETTERS)
    letters.require_mailable(email)
    if await checking.signed_in_with(viewer.person, password, known_by=known_by) is None:
        raise Invalid("That is not your password.", password="That is not your password.")  # noqa: S106 - a sentence
    async with database.read():
        await _require_may_move(await _account(viewer.person), email)
    await throttle.attempt([throttle.of_letters("address", str(viewer.person))])
    async with audit.recording(viewer) as record:
        await one_time_links.drop(_links_of(viewer.person, Purpose.ADDRESS))
        link, _, address = await one_time_links.add_by_mail(
            Purpose.ADDRESS, made_by=viewer.person, person=viewer.person, email=email
        )
        subject, personal = Subject.LINK.of(link), {"email": email}
        record(Event.ADDRESS_LETTER_SENT, stream=OUR_SCHOOL, subject=subject, personal=personal)
    await letters.to_prove(email, address, school_name=viewer.school_name)
    return email


async def to_prove(viewer: Viewer, token: str) -> str:
    """The address that the letter with this token went to, for the page behind its link. Raises DeadLink."""
    async with database.read():
        return str((await _link(viewer, token)).email)


async def prove(viewer: Viewer, token: str) -> None:
    """The viewer opened the letter: from now on the address is theirs. Raises DeadLink, Conflict."""
    before = await of(viewer)
    async with audit.recording(viewer) as record:
        link = await _link(viewer, token)
        await one_time_links.use(link)
        await proved(record, viewer.person, str(link.email))
        if not record.happenings:  # it was theirs already, and opening the letter again does no harm
            record.unchanged()
    if before.by_mail and before.email != link.email:
        await letters.address_changed(before.email, school_name=viewer.school_name, on=clock.now())


async def proved(record: audit.Record, person: UUID, email: str) -> None:
    """Somebody opened a link in a letter to ``email``: gives the account that address, and takes it from everybody else.

    Inside the caller's unit of work. Raises Conflict where another account proved it the same way.
    """
    await take_from_others(record, email, person)
    row = await _account(person)
    if row.email == email and row.has_proved_by_mail:
        return
    await _require_may_move(row, email)
    if row.email != email:
        await one_time_links.drop(_links_of(person, Purpose.PASSWORD))
    with database.duplicates(Conflict(PROVED_ELSEWHERE)):
        await Person.update({Person.email: email, Person.address_proved_at: clock.now(), Person.address_proved_by: None}).where(
            Person.id == person
        )
    for there in await viewers_of(person):
        subject, personal = Subject.PERSON.of(person), {"name": there.name, "email": email}
        record.by(there)(Event.ADDRESS_PROVED, stream=OUR_SCHOOL, subject=subject, personal=personal)


async def _require_may_move(row: Person, email: str) -> None:
    """Raises Conflict for another address while the operator's password is in force: a letter there would make that last."""
    if row.email != email and await is_closing(row.id):
        raise Conflict(NOT_YET_YOURS)


async def take_from_others(record: audit.Record, email: str, person: UUID) -> None:
    """Whoever else claims ``email`` loses it. Inside the caller's unit of work. Raises Conflict where one of them proved it."""
    claims = await database.locked(Person.objects().where((Person.email == email) & (Person.id != person)).order_by(Person.id))
    if any(one.has_proved_by_mail for one in claims):
        raise Conflict(PROVED_ELSEWHERE)
    for one in claims:
        await _lose(record, one)


async def confirm(viewer: Viewer, person: UUID) -> str:
    """A head asked a colleague in person whether the address is theirs; returns the name.

    Raises Forbidden, NotFound, Conflict.
    """
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        await lock_person(person)
        found = await member_of(viewer.school, person)
        if person == viewer.person:
            raise Forbidden("Nobody confirms their own address. Another head of your school can.")
        await require_may(Act.CONFIRM_ADDRESS, viewer, viewer.school, found.role)
        await _confirmed(record, found, by=viewer.person, at=viewer)
    return found.name


async def confirm_at_the_command_line(school: UUID, email: str) -> str:
    """As ``confirm``, by whoever runs the installation. An operator's account that lost its address gets this one instead.

    Raises Invalid, Conflict.
    """
    email = emails.address(email)
    async with audit.recording(None) as record:
        name = (await lock(school)).name
        there = await members(school, and_auditors=True)
        found = next((one for one in there if one.email == email), None) or await _lost_operator(there, email)
        if found is None:
            raise Invalid(f"Nobody at {name} signs in with {email}.")
        await lock_person(found.id)
        await require_may(Act.CONFIRM_ADDRESS, None, school, found.role)
        await _confirmed(record, found, by=found.id, at=None)
    return found.name


async def _confirmed(record: audit.Record, found: Colleague, *, by: UUID, at: Viewer | None) -> None:
    """An entry at each school of theirs; only the school of ``at``, where the head sits, learns who confirmed."""
    if not found.email:
        raise Conflict(LOST)
    if found.address_proved:
        raise Conflict(f"{found.name} has proved the address already.")
    changes: dict[Any, Any] = {Person.address_proved_at: clock.now(), Person.address_proved_by: by}
    await Person.update(changes).where((Person.id == found.id) & (Person.email == found.email))
    for school in sorted(await schools_of(found.id)):
        record.by(at if at and at.school == school else None)(
            Event.ADDRESS_CONFIRMED,
            stream=OUR_SCHOOL,
            subject=Subject.PERSON.of(found.id),
            facts={"by": "head" if at else "command line"},
            personal={"name": found.name, "email": found.email},
            about=found.id,
            trail=school,
        )


async def _lost_operator(there: tuple[Colleague, ...], email: str) -> Colleague | None:
    ids = [one.id for one in there if not one.email]
    gets = (Person.is_operator.eq(True)) & database.among(Person.id, ids)
    rows = await Person.update({Person.email: email}).where(gets).returning(Person.id) if ids else []
    return next((replace(one, email=email) for one in there if rows and one.id == rows[0]["id"]), None)


async def _lose(record: audit.Record, person: Person) -> None:
    """What lets somebody in goes; what they wrote, and their place at each school, stay."""
    now = clock.now()
    nothing: dict[Any, Any] = {Person.email: "", Person.password_hash: "", Person.address_proved_at: None}
    await Person.update(nothing | {Person.address_proved_by: None}).where(Person.id == person.id)
    await Session.delete().where(Session.person == person.id)
    await known_browsers.forget(KnownBrowser.person == person.id)
    await ApiKey.update({ApiKey.revoked_at: now}).where((ApiKey.person == person.id) & ApiKey.revoked_at.is_null())
    await one_time_links.drop((OneTimeLink.person == person.id) | (OneTimeLink.made_by == person.id))
    await HeadNaming.update({HeadNaming.ended_at: now}).where(
        ((HeadNaming.person == person.id) | (HeadNaming.named_by == person.id)) & HeadNaming.ended_at.is_null()
    )
    await ResetAgreement.update({ResetAgreement.used_at: now}).where(
        (ResetAgreement.agreed_by == person.id) & ResetAgreement.used_at.is_null()
    )
    subject, personal = Subject.PERSON.of(person.id), {"name": person.name, "email": person.email}
    for school in sorted(await schools_of(person.id)):
        told = record.by(None)
        told(Event.ADDRESS_LOST, stream=OUR_SCHOOL, subject=subject, personal=personal, about=person.id, trail=school)


async def _account(person: UUID) -> Person:
    found: Person | None = await Person.objects().where(Person.id == person).first()
    if found is None:
        raise NotFound
    return found


async def _link(viewer: Viewer, token: str) -> LiveLink:
    """Only in the browser of whoever asked for the letter: nobody proves an address for somebody else's account."""
    link = await one_time_links.live(token, Purpose.ADDRESS)
    if link.person != viewer.person or not link.by_mail:
        raise DeadLink
    return link


def _links_of(person: UUID, purpose: Purpose) -> And:
    return (OneTimeLink.purpose == purpose) & (OneTimeLink.person == person)

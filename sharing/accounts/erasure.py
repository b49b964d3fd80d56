"""The account's part of an erasure: what a school holds of the account of somebody who left.

Whoever belongs to another school keeps the account there; otherwise its name and address go too. Called by
privacy/erasure.py, inside its unit of work.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.refusals import Conflict, NotFound
from sharing.members.tables import AuditorObjection, BreakGlass, PublishedAddress, Succession
from sharing.sign_in import api_keys, known_browsers, throttle
from sharing.tables import ApiKey, AuditorGrant, KnownBrowser, LastSchool, Membership, OneTimeLink, Person, Session, Throttle

TABLES: Final = (
    Person, Membership, Session, KnownBrowser, LastSchool, OneTimeLink, ApiKey, AuditorGrant, AuditorObjection, BreakGlass,
    Succession, Throttle, PublishedAddress,
)  # fmt: skip
ERASED_NAME: Final = "Somebody whose name was erased"


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who once belonged to the school and does not any more."""

    id: UUID
    name: str
    email: str
    left_at: datetime


async def leavers(school: UUID) -> tuple[Leaver, ...]:
    """The people who left ``school`` and were not erased, in alphabetical order."""
    async with database.read():
        return await _leavers(school)


async def _leavers(school: UUID) -> tuple[Leaver, ...]:
    """As ``leavers``, inside the caller's unit. A member's end is set at leaving, an auditor's from the start."""
    rows = await Membership.raw(
        """SELECT p.id AS id, p.name AS name, p.email AS email, m.valid_until AS left_at
        FROM sharing_membership m JOIN sharing_person p ON p.id = m.person
        WHERE m.school = {} AND m.valid_until IS NOT NULL AND (m.auditor_grant IS NULL OR m.valid_until <= {}) AND NOT EXISTS (
            SELECT 1 FROM sharing_membership n WHERE n.school = m.school AND n.person = m.person
                AND (n.valid_until IS NULL OR n.valid_until > m.valid_until OR (n.valid_until = m.valid_until AND n.id > m.id)))
        ORDER BY p.name, p.id""",
        school,
        clock.now(),
    )
    return tuple(Leaver(**row) for row in rows)


async def leaver(school: UUID, person: UUID) -> Leaver:
    """Somebody who left ``school``. Inside the caller's unit.

    Raises NotFound for whoever never belonged to it; Conflict for whoever still does, or runs the installation.
    """
    found = next((one for one in await _leavers(school) if one.id == person), None)
    if found is None:
        if await Membership.exists().where((Membership.school == school) & (Membership.person == person)):
            raise Conflict(
                "This person still belongs to your school, and an account is kept for as long as somebody does. "
                "Remove them from the school first."
            )
        raise NotFound
    row = await Person.objects().where(Person.id == person).first()
    if row is not None and row.is_operator:
        raise Conflict("This person runs this installation of Vouch, so the account can't be erased.")
    return found


async def names(people: set[UUID]) -> dict[UUID, str]:
    """Their names by id. Inside the caller's unit."""
    if not people:
        return {}
    return {
        row["id"]: row["name"] for row in await Person.select(Person.id, Person.name).where(database.among(Person.id, people))
    }


async def is_held_elsewhere(school: UUID, person: UUID) -> bool:
    """Whether another school, past or present, has this person too: then the account is not this school's to erase."""
    return await Membership.exists().where((Membership.person == person) & (Membership.school != school))


async def is_back(school: UUID, person: UUID, *, before: datetime) -> bool:
    """Whether what ``erase_account`` deletes is there again, because a backup was restored. Inside the caller's unit."""
    there = (Membership.school == school) & (Membership.person == person) & (Membership.valid_from < before)
    return await Membership.exists().where(there)


async def erase_account(school: UUID, person: UUID, *, before: datetime) -> tuple[str, ...]:
    """Deletes sessions, keys, links and memberships of ``school`` made ``before``, and empties the account itself unless
    another school has it too. Returns the name and e-mail that it had. Inside the caller's unit of work, which records it.
    """
    row = await Person.objects().where(Person.id == person).first()
    if row is None:
        return ()
    for table in (BreakGlass, Succession):
        await table.update({table.email: ""}).where((table.school == school) & (table.email == row.email))
    there = (Membership.school == school) & (Membership.person == person)
    had = await Membership.delete().where(there & (Membership.valid_from < before)).returning(Membership.id)
    await Session.delete().where((Session.school == school) & (Session.person == person) & (Session.made_at < before))
    await api_keys.erase((ApiKey.school == school) & (ApiKey.person == person) & (ApiKey.made_at < before))
    await _drop_links(school, row, before)
    if await is_held_elsewhere(school, person) or row.email == _no_address(person):
        return (row.name, row.email) if had else ()
    await _become_nobody(row)
    return row.name, row.email


async def forget(school: UUID, words: Collection[str]) -> None:
    """Erases addresses of people who were only invited, the school's published one, what was written about an auditor's grant,
    and names of API keys, where they are exactly one of ``words``. Inside the caller's unit of work, which records it.
    """
    if not words:
        return
    wanted = list(words)
    await OneTimeLink.delete().where((OneTimeLink.school == school) & database.among(OneTimeLink.email, wanted))
    await ApiKey.update({ApiKey.name: ""}).where((ApiKey.school == school) & database.among(ApiKey.name, wanted))
    await PublishedAddress.delete().where((PublishedAddress.school == school) & database.among(PublishedAddress.email, wanted))
    granted = (AuditorGrant.email, AuditorGrant.reason, AuditorGrant.decided_by, AuditorGrant.minute, AuditorGrant.private_why)
    for column in granted:
        await AuditorGrant.update({column: ""}).where((AuditorGrant.granted_by == school) & database.among(column, wanted))
    await AuditorObjection.update({AuditorObjection.words: ""}).where(
        (AuditorObjection.school == school) & database.among(AuditorObjection.words, wanted)
    )
    for column in (BreakGlass.email, BreakGlass.reason):
        await BreakGlass.update({column: ""}).where((BreakGlass.school == school) & database.among(column, wanted))
    for column in (Succession.email, Succession.address, Succession.seen, Succession.objection):
        await Succession.update({column: ""}).where((Succession.school == school) & database.among(column, wanted))


async def _drop_links(school: UUID, row: Person, before: datetime) -> None:
    theirs = (OneTimeLink.person == row.id) | ((OneTimeLink.email == row.email) & (OneTimeLink.email != ""))
    await OneTimeLink.delete().where((OneTimeLink.school == school) & theirs & (OneTimeLink.made_at < before))


async def _become_nobody(row: Person) -> None:
    """The row stays, because what the school said names its author by id; nobody can sign in with it."""
    await Session.delete().where(Session.person == row.id)
    await LastSchool.delete().where(LastSchool.person == row.id)
    await OneTimeLink.delete().where(OneTimeLink.person == row.id)
    await known_browsers.forget(KnownBrowser.person == row.id)
    await throttle.forget(throttle.of_signed_in(row.id))
    if row.has_proved_by_mail:  # otherwise it may be somebody else's, who is invited elsewhere
        await OneTimeLink.delete().where(OneTimeLink.email == row.email)
    if not await Person.exists().where((Person.email == row.email) & (Person.id != row.id)):
        await throttle.forget(throttle.of_stranger(row.email, "")[0])
    nothing: dict[Any, Any] = {Person.email: _no_address(row.id), Person.password_hash: "", Person.address_proved_at: None}
    await Person.update(nothing | {Person.name: ERASED_NAME, Person.address_proved_by: None}).where(Person.id == row.id)


def _no_address(person: UUID) -> str:
    """Nobody can type it into the sign-in page: .invalid is no domain (RFC 2606), and no e-mail was ever sent there."""
    return f"{person}@erased.invalid"

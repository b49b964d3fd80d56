"""A believable fictional town to try Vouch in: a year of it, lived through the public verbs, so that its trail is real.

The same town every time but for its passwords, which are random at every start, shown once and kept nowhere.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from argon2 import PasswordHasher

import audit
import database
from audit.log.subjects import ACCOUNTS, Subject
from audit.tables import Entry
from base.refusals import Conflict
from base.viewer import Role
from demo import suppliers as demo_suppliers
from demo import town as demo_town
from demo import year as demo_year
from demo.town import Staff
from sharing.events import Event as SharingEvent
from sharing.members import members
from sharing.sign_in import passwords
from sharing.tables import Person, School, Session
from suppliers.events import Event

# A stolen copy of this database tells nothing: its passwords are random, for one start, of people who don't exist. With
# the real parameters half of the time to build the town, and to start again, would go into them.
QUICK: Final = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    email: str
    password: str
    name: str
    role: Role
    school: str
    shows: str  # what to sign in for


async def build() -> tuple[DemoAccount, ...]:
    """The sign-ins to show, after building the town if the database is empty. Raises Conflict for half a town."""
    passwords.argon2.hasher = QUICK
    async with database.read():
        has_people = await Person.exists()
    if not has_people:
        chosen = await demo_year.live_through()
    else:
        await _require_whole()
        chosen = {staff.email: await _with_new_password(staff) for staff in _shown()}
    return tuple(
        DemoAccount(staff.email, password, staff.name, staff.role, demo_town.name_of(staff.school), staff.signs_in)
        for staff in _shown()
        if (password := chosen[staff.email])
    )


def _shown() -> tuple[Staff, ...]:
    return tuple(staff for staff in demo_town.STAFF if staff.signs_in)


async def _require_whole() -> None:
    """Raises Conflict for a town without a school of today's, as an older version built it, and unless the last supplier that
    a school adds is in its trail. What is asked after that a town may lack.
    """
    school, _, _ = demo_suppliers.OWN_RECORDS[-1]
    async with database.read():
        for staff in _shown():  # before anybody has a new password
            await _id_of(staff.school)
        has_ended = (Entry.trail == str(await _id_of(school))) & (Entry.type == Event.SUPPLIER_ADDED.value)
        if not await Entry.exists().where(has_ended):
            raise Conflict("The demo town is only half built: it was stopped on the way. Build it anew: ./run demo --reset")


async def _with_new_password(staff: Staff) -> str:
    """Set without asking anybody, because nobody of the town exists; "" for a person who has left the school since.

    The operator's trail has its entry: nobody at the school did it, and its own trail would begin with a row of these.
    """
    async with database.read():
        school = await _id_of(staff.school)
        person = next(
            (member.id for member in await members.members(school, and_auditors=True) if member.email == staff.email), None
        )
    if person is None:
        return ""
    password = demo_year.new_password()
    password_hash = await passwords.argon2.hashed(password)
    async with audit.recording(None) as record:
        await Person.update({Person.password_hash: password_hash}).where(Person.id == person)
        await Session.delete().where(Session.person == person)
        facts, subject = {"by": "demo"}, Subject.PERSON.of(person)
        record(SharingEvent.PASSWORD_CHANGED, stream=ACCOUNTS, subject=subject, facts=facts, trail=audit.OPERATOR)
    return password


async def _id_of(school: str) -> UUID:
    if school in demo_town.TRUSTS:
        here: Any = School.uid == demo_town.TRUSTS[school][0]
    else:
        here = School.urn == demo_town.SCHOOLS[school].urn
    row = await School.select(School.id).where(here).first()
    if row is None:
        raise Conflict("This is no demo town, or one that an older Vouch built. Build the town anew: ./run demo --reset")
    found: UUID = row["id"]
    return found

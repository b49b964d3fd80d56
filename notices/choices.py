"""How often somebody wants letters: chosen on the page of one's account, and ended by the link in every letter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import audit
import database
from audit.log.subjects import ACCOUNTS, OUR_SCHOOL, Subject
from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from base.weekdays import WEEKDAYS
from notices import hearing
from notices.events import Event
from notices.planning import Often
from notices.tables import Letter, LetterChoice, RefusedMailbox
from sharing.sign_in.sessions import digest_of
from sharing.tables import Person

NOT_OFTEN: Final = "Choose how often you want letters."
NOT_A_WEEKDAY: Final = "Choose a day from Monday to Friday."


@dataclass(frozen=True, slots=True)
class LetterWish:
    """What somebody chose, and what stands in the way of any letter to them."""

    often: Often
    weekday: int  # 1 is Monday
    email: str
    is_proved: bool
    refused_at: datetime | None


async def of(viewer: Viewer) -> LetterWish:
    async with database.read():
        often, weekday = await hearing.choice_of(viewer.person)
        row = await Person.objects().where(Person.id == viewer.person).first()
        if row is None:
            raise NotFound
        refused = await hearing.is_refused(row)
        found = await RefusedMailbox.select(RefusedMailbox.refused_at).where(RefusedMailbox.person == viewer.person).first()
    return LetterWish(often, weekday, row.email, row.has_proved, found["refused_at"] if found and refused else None)


async def choose(viewer: Viewer, *, often: str, weekday: int) -> None:
    """``weekday`` counts for weekly letters: 1 is Monday. Raises Invalid."""
    problems = {"often": NOT_OFTEN} if often not in set(Often) else {}
    problems |= {} if 1 <= weekday <= WEEKDAYS else {"weekday": NOT_A_WEEKDAY}
    if problems:
        raise Invalid(next(iter(problems.values())), **problems)
    async with audit.recording(viewer) as record:
        old, on = await _keep(viewer.person, Often(often), weekday)
        if (old, on) == (often, weekday):
            record.unchanged()
            return
        facts = {"old": {"often": old}, "new": {"often": often}}
        record(Event.LETTERS_CHOSEN, stream=OUR_SCHOOL, subject=Subject.PERSON.of(viewer.person), facts=facts)


async def require_a_letters(token: str) -> None:
    """Raises NotFound for what is no letter's token."""
    async with database.read():
        await _person_of(token)


async def stop(token: str) -> None:
    """No more letters for whoever the letter of this token went to. Pressing twice is no mistake. Raises NotFound."""
    async with audit.recording(None) as record:
        person = await _person_of(token)
        await _one_at_a_time(person)
        often, weekday = await hearing.choice_of(person)
        if often is Often.NONE:
            record.unchanged()
            return
        await _keep(person, Often.NONE, weekday)
        record(Event.LETTERS_STOPPED, stream=ACCOUNTS, subject=Subject.PERSON.of(person))


async def try_again(viewer: Viewer) -> None:
    """Writes again to an address that a mail server refused."""
    async with database.housekeeping():
        await RefusedMailbox.delete().where(RefusedMailbox.person == viewer.person)


async def _keep(person: UUID, often: Often, weekday: int) -> tuple[Often, int]:
    """Returns what held before. Inside the caller's unit; of two at once the second waits."""
    await _one_at_a_time(person)
    before = await hearing.choice_of(person)
    await LetterChoice.delete().where(LetterChoice.person == person)
    await LetterChoice(person=person, often=often.value, weekday=weekday, chosen_at=clock.now()).save()
    return before


async def _one_at_a_time(person: UUID) -> None:
    await database.locked(Person.select(Person.id).where(Person.id == person))


async def _person_of(token: str) -> UUID:
    found = await Letter.select(Letter.person).where(Letter.token_hash == digest_of(token)).first()
    if found is None:
        raise NotFound
    person: UUID = found["person"]
    return person

"""Who can be written to now, and how often they want to be: asked anew before every letter."""

from typing import Any, Final
from uuid import UUID

from notices.planning import Hearer, Often
from notices.tables import LetterChoice, RefusedMailbox
from sharing.sign_in import standing
from sharing.tables import Person

MONDAY: Final = 1  # as date.isoweekday() counts


async def hearer(person: UUID) -> Hearer | None:
    """None for somebody who belongs to no school as a member, who proved no address, or whose mailbox is not there. Inside the
    caller's unit.
    """
    row = await Person.objects().where(Person.id == person).first()
    if row is None or not row.has_proved or not row.email.isascii() or await is_refused(row):
        return None
    schools = {one.school: one.school_name for one in await standing.of(person) if one.role.is_reminded}
    often, weekday = await choice_of(person)
    return Hearer(person, row.email, schools, often, weekday) if schools else None


async def choice_of(person: UUID) -> tuple[Often, int]:
    """How often, and on which weekday, 1 to 5. Inside the caller's unit."""
    row: dict[str, Any] | None = await LetterChoice.select().where(LetterChoice.person == person).first()
    return (Often(row["often"]), row["weekday"]) if row else (Often.DAILY, MONDAY)


async def is_refused(row: Person) -> bool:
    """Whether a mail server refused the mailbox since the person proved that it is theirs. Inside the caller's unit."""
    found = await RefusedMailbox.select(RefusedMailbox.refused_at).where(RefusedMailbox.person == row.id).first()
    return found is not None and (not row.has_proved or found["refused_at"] >= row.address_proved_at)

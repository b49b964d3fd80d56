"""Whom a school's people hear from when somebody from outside acts at their school: by letter, and on their home page.

With a mail server a letter leaves by e-mail. Without one it is printed, and whoever acts confirms that it was posted to the
school before anything happens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from base import mail
from base.refusals import Invalid
from base.viewer import Role
from sharing.members.members import Colleague, members
from sharing.tables import School

NOT_POSTED = "Print the letters, post them, and tick the box."


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person. ``postal`` are the lines of the school's address; e-mails don't show them."""

    name: str
    email: str
    postal: tuple[str, ...]
    subject: str
    text: str


async def heads_or_writers(school: UUID) -> tuple[Colleague, ...]:
    """Who hears of it when the operator breaks the glass: every head; where there is none, everybody who may write.

    Inside the caller's unit.
    """
    there = [member for member in await members(school) if member.email]  # whoever lost theirs reads nothing any more
    return tuple(m for m in there if m.role is Role.HEAD) or tuple(m for m in there if m.role.writes)


def letters(school: School, people: Iterable[Colleague], *, subject: str, text: str) -> tuple[Letter, ...]:
    """The same letter to each of them."""
    postal = tuple(line for line in (school.name, school.town, school.postcode) if line)
    return tuple(Letter(one.name, one.email, postal, subject, f"Dear {one.name},\n\n{text}") for one in people)


async def tell(written: Iterable[Letter], *, posted: bool) -> str:
    """Puts the letters into the outbox, or takes somebody's word that they were posted; returns "e-mail" or "post".

    Inside the caller's unit of work and at its end: a letter too many does no harm, one that is missing does. Raises Invalid.
    """
    if not mail.is_configured():
        if not posted:
            raise Invalid(NOT_POSTED, posted=NOT_POSTED)
        return "post"
    for one in (one for one in written if one.email):  # somebody else proved the others' addresses
        await mail.send(one.email, one.subject, one.text)
    return "e-mail"

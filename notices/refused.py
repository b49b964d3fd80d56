"""Mailboxes that are not there: marked when a mail server says so, or by the operator, whose postmaster gets what comes back."""

from email.message import EmailMessage
from email.utils import getaddresses

import database
from base import clock, emails
from base.refusals import Conflict
from notices.tables import RefusedMailbox
from sharing.tables import Person


async def note(message: EmailMessage) -> None:
    """A mail server will never take this message. Nobody but its people is told."""
    for _, address in getaddresses([str(message["To"])]):
        await _mark(address)


async def mark(address: str) -> int:
    """For the operator: a letter to ``address`` came back. Returns how many accounts have it. Raises Invalid, Conflict."""
    marked = await _mark(emails.address(address))
    if not marked:
        raise Conflict("No account has this address.")
    return marked


async def _mark(address: str) -> int:
    async with database.housekeeping():
        people = await Person.select(Person.id).where(Person.email == emails.folded(address)).output(as_list=True)
        await RefusedMailbox.delete().where(database.among(RefusedMailbox.person, people))
        for person in people:
            row = RefusedMailbox(person=person, refused_at=clock.now())
            await RefusedMailbox.insert(row).on_conflict(action="DO NOTHING")
    return len(people)

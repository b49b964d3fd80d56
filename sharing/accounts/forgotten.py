"""Somebody forgot their password: a letter to the address that they proved, with a link to set a new one.

Whoever asks learns nothing. The answer is given before anybody looks whether there is such an account, and is the same
where there is none, where the address isn't proved, and where letters went out already.
"""

import asyncio
from typing import Final

import structlog

import audit
import database
from audit.log.subjects import ACCOUNTS, Subject
from base import emails
from sharing.events import Event
from sharing.members import letters
from sharing.members.members import viewers_of
from sharing.sign_in import one_time_links, throttle
from sharing.sign_in.one_time_links import Purpose
from sharing.tables import OneTimeLink, Person

MOST_AT_ONCE: Final = 100  # letters being written; past it one that is asked for is not

log = structlog.get_logger("vouch.letters")

_writing: set[asyncio.Task[None]] = set()


async def ask(email: str, *, from_address: str) -> None:
    """Sees to a letter, if there is one to write; returns without having looked. Raises Invalid for what is no address."""
    address = emails.address(email)
    if not letters.are_sent():
        return
    limits = (throttle.of_letters("password", address), throttle.of_asking_for_letters(from_address))
    if await throttle.is_free(limits) and len(_writing) < MOST_AT_ONCE:
        task = asyncio.create_task(_write_safely(address))
        _writing.add(task)
        task.add_done_callback(_writing.discard)


async def stop() -> None:
    """At the end of the process, and for whoever can't wait to read the letters: until all of them are written."""
    while _writing:
        await asyncio.wait(set(_writing))


async def _write_safely(address: str) -> None:
    try:
        await _write(address)
    except Exception:
        log.exception("letter_not_written")


async def _write(address: str) -> None:
    async with database.read():
        person = await _whose(address)
        schools = await viewers_of(person.id) if person else ()
    if person is None or not schools:
        return
    async with audit.recording(None) as record:
        mine = (OneTimeLink.purpose == Purpose.PASSWORD) & (OneTimeLink.person == person.id)
        await one_time_links.drop(mine & OneTimeLink.mailed_hash.is_not_null())
        link, _, made = await one_time_links.add_by_mail(Purpose.PASSWORD, made_by=None, person=person.id, email=person.email)
        # In the operator's trail, and without a name: a stranger must not be able to write into a school's.
        record(Event.PASSWORD_LETTER_SENT, stream=ACCOUNTS, subject=Subject.LINK.of(link))
    await letters.new_password(person.email, made, school_names=[school.school_name for school in schools])


async def _whose(address: str) -> Person | None:
    """Whoever proved the address; where somebody was confirmed in person, only while nobody else was."""
    claims = await Person.objects().where((Person.email == address) & Person.address_proved_at.is_not_null())
    by_mail = [person for person in claims if person.has_proved_by_mail]
    found = by_mail or claims
    return found[0] if len(found) == 1 else None

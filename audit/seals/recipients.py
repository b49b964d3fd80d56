"""To whom a school wants its seals to go: the chair of governors, an auditor. Who holds a seal can catch a rebuilt trail.

Mail leaves at most once a week for a school, and only when its trail has grown, or when somebody there asks for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.errors import VerificationError
from audit.events import Event
from audit.log import known, moments
from audit.log.subjects import SEALS, Subject
from audit.note import parse_checkpoint
from audit.seals import cosigned, keys, letter_text, seals, stamped
from audit.seals.letter_text import SEAL_FILE, STAMP_FILE, WITNESSED_FILE
from audit.seals.seals import Seal
from audit.stamps.tokens import ANSWER_TYPE
from audit.tables import Recipient
from base import clock, emails, mail
from base.mail import MailAttachment
from base.refusals import Conflict, NotFound, TooMany
from base.viewer import Viewer, must_be_there_for_good, must_speak_for_the_school, must_write

MOST: Final = 10  # people of one school: more is a mailing list
EVERY: Final = timedelta(days=7)  # often enough to catch a rewritten week, seldom enough to be read
AGAIN: Final = timedelta(hours=1)  # between two presses of "send now": nobody's inbox is a toy


@dataclass(frozen=True, slots=True)
class SealRecipient:
    id: UUID
    email: str
    added_at: datetime


async def of(viewer: Viewer) -> tuple[SealRecipient, ...]:
    """Whom the viewer's school named, oldest first."""
    async with database.read():
        rows = await Recipient.select().where(Recipient.trail == str(viewer.school)).order_by(Recipient.added_at)
    return tuple(SealRecipient(row["id"], row["email"], row["added_at"]) for row in rows)


async def add(viewer: Viewer, email: str) -> UUID:
    """Names somebody. Raises Forbidden, Invalid for what is no address, Conflict for one too many or named already."""
    must_speak_for_the_school(viewer)
    address, trail = emails.address(email), str(viewer.school)
    async with audit.recording(viewer) as record:
        named: list[str] = await Recipient.select(Recipient.email).where(Recipient.trail == trail).output(as_list=True)
        if address in named:
            raise Conflict("Seals go to this address already.", email="Seals go to this address already.")
        if len(named) >= MOST:
            raise Conflict(f"Seals go to {MOST} people at most. Remove somebody first.")
        made = Recipient(id=uuid4(), trail=trail, school_name=viewer.school_name, email=address, added_at=clock.now())
        with database.duplicates(Conflict("Seals go to this address already.")):
            await made.save()
        subject = Subject.SEAL_RECIPIENT.of(made.id)
        record(Event.SEAL_RECIPIENT_ADDED, stream=SEALS, subject=subject, personal={"email": address}, about=made.id)
    return UUID(str(made.id))


async def remove(viewer: Viewer, recipient: UUID) -> None:
    """Stops sending seals to somebody. Raises Forbidden, NotFound."""
    must_be_there_for_good(viewer)
    async with audit.recording(viewer) as record:
        theirs = (Recipient.id == recipient) & (Recipient.trail == str(viewer.school))
        row = await Recipient.select().where(theirs).first()
        if row is None:
            raise NotFound
        await Recipient.delete().where(theirs)
        subject = Subject.SEAL_RECIPIENT.of(recipient)
        record(Event.SEAL_RECIPIENT_REMOVED, stream=SEALS, subject=subject, personal={"email": row["email"]}, about=recipient)


async def send_now(viewer: Viewer) -> int:
    """Seals what is unsealed and writes to everybody; returns how many. Raises Forbidden, Conflict, TooMany."""
    must_write(viewer)
    trail = str(viewer.school)
    people = await _rows(trail)
    if not people:
        raise Conflict("Name somebody first to whom the seal is to go.")
    last = await seals.last_queued(trail)
    if last and clock.now() - last < AGAIN:
        raise TooMany("The seal was sent within the last hour. Try again later.", retry_after_seconds=int(AGAIN.total_seconds()))
    seal = await seals.seal(trail)
    if seal is None:
        raise Conflict("There is no seal yet: nothing has happened, or this installation does not sign.")
    await _write_to(seal, people)
    return len(people)


async def write_to_all_due() -> int:
    """A letter for every school whose last one is a week old and whose trail was sealed again since; returns how many."""
    async with database.read():
        trails: list[str] = await Recipient.select(Recipient.trail).distinct().order_by(Recipient.trail).output(as_list=True)
    written = 0
    for trail in trails:
        seal, last = await seals.latest(trail), await seals.last_queued(trail)
        is_new = seal is not None and seal.size > await seals.size_queued(seal.origin)
        if seal and is_new and (last is None or clock.now() - last >= EVERY):
            people = await _rows(trail)
            await _write_to(seal, people)
            written += len(people)
    return written


async def note_sent(message: EmailMessage) -> None:
    """The mail server took a message: where it held a seal, that seal has left the building."""
    for part in message.iter_attachments():
        if part.get_filename() == SEAL_FILE:
            try:
                checkpoint = parse_checkpoint(part.get_content().decode().rpartition("\n\n")[0] + "\n")
            except VerificationError:
                return
            if seal := await seals.stored(checkpoint.origin, checkpoint.size):
                await seals.note_delivery(seal, "mail")


async def _rows(trail: str) -> list[dict[str, Any]]:
    async with database.read():
        rows: list[dict[str, Any]] = await Recipient.select().where(Recipient.trail == trail).order_by(Recipient.added_at)
    return rows


async def _write_to(seal: Seal, people: list[dict[str, Any]]) -> None:
    held = await moments.held(seal.trail, await seals.size_queued(seal.origin), seal.size)
    stamp = await stamped.of(seal.origin, seal.size, seal.note)
    note = await cosigned.note_with_lines(seal.note, seal.origin, seal.size)
    told = letter_text.Told(seal, note, held, stamp, (await keys.public())[0])
    files = [MailAttachment(SEAL_FILE, seal.note, "application/octet-stream")]  # byte for byte what was time-stamped
    files += [MailAttachment(WITNESSED_FILE, note, "application/octet-stream")] if note != seal.note else []
    files += [MailAttachment(STAMP_FILE, stamp.answer, ANSWER_TYPE)] if stamp else []
    async with database.read():
        owner = (await known.owners([seal.trail])).get(seal.trail)
    for row in people:
        school = owner.name if owner else row["school_name"]  # which may be what it was called when they were named
        subject = f"Seal of {school}'s audit trail: {letter_text.entries(seal.size)}"[: mail.LONGEST_SUBJECT]
        before = await letter_text.before(seal, row["id"], row["added_at"])
        await mail.send(row["email"], subject, letter_text.letter(school, told, before), files)
        await seals.note_delivery(seal, "queued", recipient=row["id"])

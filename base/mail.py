"""Mail: every message is a file, readable by nobody else, in a folder that is the queue. A mail server gets them when one is set.

    <VOUCH_DATA>/mail/outbox    to be sent, tried again at each run
    <VOUCH_DATA>/mail/sent      what the server took, kept for a week so that somebody can look

What holds a secret link is not kept: its file goes as soon as the server took it.

Without VOUCH_SMTP nothing leaves: an operator may hand the files on. Addresses and texts are in these files alone, never in
a log. A week after it was written a message is gone, wherever it is.
"""

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import aiosmtplib
import structlog

from base import clock, settings

KEPT: Final = timedelta(days=7)  # long enough to notice that the mail server was wrong, short enough to forget
MOST_AT_ONCE: Final = 500  # messages in one run: what is left waits for the next
SMTP_SECONDS: Final = 30  # for each answer of the mail server
PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LONGEST_SUBJECT: Final = 200

log = structlog.get_logger("vouch.mail")

_KEPT: Final = ".eml"
_NOT_KEPT: Final = ".once.eml"

OnSent = Callable[[EmailMessage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class MailAttachment:
    name: str
    content: bytes
    media_type: str  # such as text/plain


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages the mail server took; the ``waiting`` ones are still in the outbox."""

    sent: int
    waiting: int


def is_configured() -> bool:
    """Whether messages leave by themselves."""
    return bool(settings.current().smtp)


async def send(to: str, subject: str, text: str, attachments: Sequence[MailAttachment] = (), *, is_secret: bool = False) -> None:
    """Puts a message into the outbox; one that ``is_secret`` is not kept once it is sent. Raises ValueError for an address or a
    subject that could add headers of its own.
    """
    message = _message(to, subject, text, attachments)
    await asyncio.to_thread(_write, message.as_bytes(policy=policy.SMTP), _NOT_KEPT if is_secret else _KEPT)


def waiting() -> frozenset[str]:
    """The names of the messages in the outbox."""
    return frozenset(path.name for path in _folder("outbox").glob("*.eml"))


async def deliver(on_sent: OnSent) -> Delivered:
    """Sends what is in the outbox, oldest first; ``on_sent`` hears of each message that the server took.

    One process at a time; without a mail server, or while another process is at it, nothing happens.
    """
    with _only_one() as alone:
        waiting = sorted(_folder("outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        if not (alone and waiting and is_configured()):
            return Delivered(0, len(waiting))
        try:
            sent = await _send_all(waiting[:MOST_AT_ONCE], on_sent)
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("mail_server_not_reached", failure=type(error).__name__, waiting=len(waiting))
            return Delivered(0, len(waiting))
    return Delivered(sent, len(waiting) - sent)


def purge_old() -> int:
    """Removes what is older than KEPT; returns how many messages."""
    before = (clock.now() - KEPT).timestamp()
    return _remove(path for path in _kept() if path.stat().st_mtime < before)


def purge(mentioning: Sequence[str]) -> int:
    """Removes every message, queued or kept, that holds one of the strings anywhere, in capitals or not; returns how many."""
    wanted = [text.casefold() for text in mentioning if text]
    return _remove(path for path in _kept() if any(text in _everything_in(path) for text in wanted))


def _message(to: str, subject: str, text: str, attachments: Sequence[MailAttachment]) -> EmailMessage:
    if not subject.isprintable() or len(subject) > LONGEST_SUBJECT or not to.isprintable():
        raise ValueError("got an address or a subject of several lines, or one too long")
    sender = settings.current().mail_from or f"vouch@{urlsplit(settings.current().origin).hostname}"
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = Address("Vouch", addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{uuid4().hex}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    for attachment in attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    return message


async def _send_all(paths: Sequence[Path], on_sent: OnSent) -> int:
    sent = 0
    async with _server() as server:
        for path in paths:
            message = _parsed(path)
            try:
                await server.send_message(message)
            except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as error:
                log.warning("mail_not_taken", failure=type(error).__name__)  # its words may hold the address
                continue
            except (aiosmtplib.SMTPException, OSError) as error:
                log.warning("mail_server_went_away", failure=type(error).__name__)
                break
            if path.name.endswith(_NOT_KEPT):
                path.unlink(missing_ok=True)
            else:
                path.replace(_folder("sent") / path.name)
            sent += 1
            await on_sent(message)
    return sent


def _server() -> aiosmtplib.SMTP:
    parts = urlsplit(settings.current().smtp)
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        start_tls=parts.scheme == "smtp+starttls",
        timeout=SMTP_SECONDS,
    )


def _folder(name: str = "") -> Path:
    """A folder of the queue, made when needed and open to its owner alone."""
    path = settings.current().data / "mail"
    for folder in (path, path / name):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path / name


def _write(content: bytes, ending: str) -> None:
    """Puts a message into the outbox, whole or not at all."""
    name = uuid4().hex
    draft = _folder("outbox") / f"{name}.draft"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    moment = clock.now().timestamp()
    os.utime(draft, (moment, moment))
    draft.replace(draft.with_suffix(ending))


def _kept() -> Iterator[Path]:
    """Every message in the two folders, half-written drafts too."""
    for name in ("outbox", "sent"):
        yield from _folder(name).iterdir()


def _remove(paths: Iterator[Path]) -> int:
    removed = 0
    for path in list(paths):
        path.unlink(missing_ok=True)
        removed += path.suffix == ".eml"
    return removed


def _parsed(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.SMTP)


def _everything_in(path: Path) -> str:
    """Headers, texts and attachments, decoded, and the bytes as they are."""
    raw = path.read_bytes()
    parts = [raw.decode("utf-8", "replace")]
    try:
        message = message_from_bytes(raw, policy=policy.SMTP)
        parts += [str(value) for part in message.walk() for value in part.values()]
        leaves = [part for part in message.walk() if not part.is_multipart()]
        parts += [bytes(part.get_payload(decode=True)).decode("utf-8", "replace") for part in leaves]
    except (MessageError, ValueError, TypeError):
        log.warning("mail_unreadable")
    return "\n".join(parts).casefold()


@contextmanager
def _only_one() -> Iterator[bool]:
    """Yields False while another process, or another run of this one, is sending."""
    with (_folder() / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True

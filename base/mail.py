"""Mail: every message is a file, readable by nobody else, in a folder that is the queue. A mail server gets them when one is set.

    <VOUCH_DATA>/mail/outbox    to be sent, tried again at each run
    <VOUCH_DATA>/mail/sent      what the server took, kept for a week so that somebody can look
    <VOUCH_DATA>/mail/refused   what it will never take, because there is no such mailbox; kept for a week too

What holds a secret link is not kept: its file goes as soon as the server took it.

Without VOUCH_SMTP nothing leaves: an operator may hand the files on. Addresses and texts are in these files alone, never in
a log. A week after it was written a message is gone, wherever it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import aiosmtplib
import structlog

from base import clock, mail_token, outbox, settings
from base.settings import SettingsError

KEPT: Final = timedelta(days=7)  # long enough to notice that the mail server was wrong, short enough to forget
MOST_AT_ONCE: Final = 500  # messages in one run: what is left waits for the next
SMTP_SECONDS: Final = 30  # for each answer of the mail server
PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LONGEST_SUBJECT: Final = 200
LONGEST_ANSWER: Final = 300  # characters of what a server says, for a person at a terminal
NO_MAILBOX: Final = frozenset({550, 551, 553})  # RFC 5321: whoever it is for can't be written to
OF_OURS: Final = "5.7."  # RFC 3463: the server minds who sends, which an operator can put right
NO_SUCH: Final = "5.1."  # RFC 3463: it minds the address
NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
NO_SERVER: Final = "No reminder leaves this service: VOUCH_SMTP names no mail server. Letters are files in {outbox}."

log = structlog.get_logger("vouch.mail")

OnMessage = Callable[[EmailMessage], Awaitable[None]]


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
    message, name = _message(to, subject, text, attachments), uuid4().hex
    ending = outbox.NOT_KEPT if is_secret else outbox.KEPT
    await asyncio.to_thread(outbox.write, message.as_bytes(policy=policy.SMTP), name, ending)


async def send_once(key: str, to: str, subject: str, text: str, *, headers: Mapping[str, str] = NO_HEADERS) -> None:
    """Puts the message of this ``key`` into the outbox, unless it is there or was sent: file and Message-ID are called after it.

    It goes at the hours for letters. Nobody else may write the same one meanwhile. Raises ValueError as ``send``.
    """
    message = _message(to, subject, text, (), key=key)
    for header, value in headers.items():
        message[header] = value
    if not await asyncio.to_thread(is_there, key):
        content = message.as_bytes(policy=policy.SMTP)
        await asyncio.to_thread(outbox.write, content, _name_of(key), outbox.BY_DAY)


def is_there(key: str) -> bool:
    """Whether the message of this ``key`` was put into the outbox within the last week, wherever it is now."""
    return outbox.is_there(f"{_name_of(key)}{outbox.BY_DAY}")


def is_waiting(key: str) -> bool:
    """Whether the message of this ``key`` is in the outbox still."""
    return (outbox.folder(outbox.OUTBOX) / f"{_name_of(key)}{outbox.BY_DAY}").exists()


def take_back(key: str) -> bool:
    """Whether the message of this ``key`` was still in the outbox, and is not any more."""
    return outbox.take_back(f"{_name_of(key)}{outbox.BY_DAY}")


async def try_out(to: str) -> None:
    """Sends a message at once, past the outbox. Raises SettingsError with what the mail server said."""
    if not is_configured():
        raise SettingsError(NO_SERVER.format(outbox=outbox.folder(outbox.OUTBOX)))
    message = _message(to, "A letter from Vouch", "Letters leave this installation of Vouch. You need do nothing.\n", ())
    try:
        async with await _server() as server:
            await server.send_message(message)
    except (aiosmtplib.SMTPException, OSError) as error:
        said = "".join(filter(str.isprintable, str(error)))[:LONGEST_ANSWER]
        raise SettingsError(f"The letter was not taken. {type(error).__name__}: {said}") from error


def waiting(*, by_day: bool = True) -> frozenset[str]:
    """The names of the messages in the outbox; with ``by_day``, of those that go at the hours for letters too."""
    return frozenset(path.name for path in outbox.waiting(by_day=by_day))


async def _nobody_asks(_: EmailMessage) -> None:
    """For whoever does not want to hear what was refused."""


async def deliver(on_sent: OnMessage, on_refused: OnMessage = _nobody_asks, *, by_day: bool = True) -> Delivered:
    """Sends what is in the outbox, oldest first; ``on_sent`` hears of each message that the server took, ``on_refused`` of each
    that it will never take. Unless ``by_day``, what goes at the hours for letters waits.

    One process at a time; without a mail server, or while another process is at it, nothing happens.
    """
    with outbox.only_one() as alone:
        waiting = outbox.waiting(by_day=by_day)
        if not (alone and waiting and is_configured()):
            return Delivered(0, len(waiting))
        try:
            sent, refused = await _send_all(waiting[:MOST_AT_ONCE], on_sent, on_refused)
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("mail_server_not_reached", failure=type(error).__name__, waiting=len(waiting))
            return Delivered(0, len(waiting))
    return Delivered(sent, len(waiting) - sent - refused)


def purge_old() -> int:
    """Removes what is older than KEPT; returns how many messages."""
    before = (clock.now() - KEPT).timestamp()
    return outbox.remove(path for path in outbox.everything() if path.stat().st_mtime < before)


def purge(mentioning: Sequence[str]) -> int:
    """Removes every message, queued or kept, that holds one of the strings anywhere, in capitals or not; returns how many."""
    wanted = [text.casefold() for text in mentioning if text]
    return outbox.remove(path for path in outbox.everything() if any(text in _everything_in(path) for text in wanted))


def _name_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[: len(uuid4().hex)]


def _message(to: str, subject: str, text: str, attachments: Sequence[MailAttachment], key: str = "") -> EmailMessage:
    if not subject.isprintable() or len(subject) > LONGEST_SUBJECT or not to.isprintable():
        raise ValueError("got an address or a subject of several lines, or one too long")
    sender = settings.current().mail_from or f"vouch@{urlsplit(settings.current().origin).hostname}"
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = Address("Vouch", addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{_name_of(key) if key else uuid4().hex}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    for attachment in attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    return message


async def _send_all(paths: Sequence[Path], on_sent: OnMessage, on_refused: OnMessage) -> tuple[int, int]:
    """How many messages the server took, and how many it will never take."""
    sent = refused = 0
    async with await _server() as server:
        for path in paths:
            message = _parsed(path)
            try:
                await server.send_message(message)
            except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as error:
                log.warning("mail_not_taken", failure=type(error).__name__)  # its words may hold the address
                if _is_for_good(error):
                    outbox.put_away(path, outbox.REFUSED)
                    refused += 1
                    await on_refused(message)
                continue
            except (aiosmtplib.SMTPException, OSError) as error:
                log.warning("mail_server_went_away", failure=type(error).__name__)
                break
            outbox.put_away(path, outbox.SENT)
            sent += 1
            await on_sent(message)
    return sent, refused


def _is_for_good(error: aiosmtplib.SMTPException) -> bool:
    """Whether nobody can be written to at this address, as far as the server says so; anything else is tried again."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(one.code in NO_MAILBOX and not one.message.startswith(OF_OURS) for one in error.recipients)
    return isinstance(error, aiosmtplib.SMTPDataError) and error.code in NO_MAILBOX and error.message.startswith(NO_SUCH)


async def _server() -> aiosmtplib.SMTP:
    """Not connected yet; a token is asked for first, so that no connection stays open where there is none."""
    token = await mail_token.fetch() if settings.current().smtp_token_url else ""

    async def fetched() -> str:
        return token

    parts = urlsplit(settings.current().smtp)
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        oauth_token_generator=fetched if token else None,
        use_tls=parts.scheme == "smtps",
        start_tls=parts.scheme == "smtp+starttls",
        timeout=SMTP_SECONDS,
    )


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

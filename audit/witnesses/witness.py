"""Answers add-checkpoint: a head that one of the logs in VOUCH_WITNESS_FOR signed is cosigned if it continues the last one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from audit import cosignature
from audit.note import split_note
from audit.witnesses import known_logs, memory, own_key
from audit.witnesses.own_key import WitnessKey
from audit.witnesses.rules import Finding, Malformed, Request, is_signed, parse_request
from base import clock
from base.refusals import NotFound, TooMany
from base.turns import Turns

PLAIN: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"
MINUTE: Final = timedelta(minutes=1)
FREE_REFUSALS: Final = 60  # a minute, of one address: a log that is set up rightly has none
MOST_ADDRESSES: Final = 10_000  # counted one by one; further ones together
CHECKPOINT_LINES: Final = 3  # origin, size and root
EVERYBODY: Final = UUID(int=0)
TURNS: Final = Turns("This witness has too much to do. Try again later.", at_once=2, waiting=200, seconds=20)

STATUS: Final = {
    Finding.SEEN: 200,
    Finding.OLD_TOO_LARGE: 400,
    Finding.NOT_SIGNED: 403,
    Finding.UNKNOWN_LOG: 404,
    Finding.OTHER_SIZE: 409,
    Finding.OTHER_ROOT: 409,
    Finding.NO_PROOF: 422,
    Finding.FULL: 503,
}
# What a person at the other end reads; programs go by the status.
SENTENCES: Final = {
    Finding.OLD_TOO_LARGE: "The old size is larger than the checkpoint's.",
    Finding.NOT_SIGNED: "It is not signed by a key that this witness knows for this origin, or a signature by one is false.",
    Finding.UNKNOWN_LOG: "This witness does not know the origin.",
    Finding.OTHER_ROOT: "This witness cosigned another root hash of this size. Both checkpoints are kept: they are proof.",
    Finding.NO_PROOF: "The proof does not show that this checkpoint continues the one that was cosigned last.",
    Finding.FULL: "This witness knows as many origins as it can. Ask whoever runs it.",
}

log = structlog.get_logger("vouch.witness")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: bytes
    media_type: str = PLAIN


class RefusalCount:
    """How often each address was refused within this minute, counted by this process alone."""

    def __init__(self) -> None:
        self._minute = clock.now()
        self._counts: dict[str, int] = {}

    def require_free(self, address: str) -> None:
        """Raises TooMany for an address that was refused too often."""
        now = clock.now()
        if not timedelta() <= now - self._minute < MINUTE:
            self._minute, self._counts = now, {}
        if self._counts.get(self._key(address), 0) >= FREE_REFUSALS:
            raise TooMany("Too many requests that were refused. Wait a minute.", retry_after_seconds=60)

    def add(self, address: str) -> None:
        key = self._key(address)
        self._counts[key] = self._counts.get(key, 0) + 1

    def _key(self, address: str) -> str:
        return address if address in self._counts or len(self._counts) < MOST_ADDRESSES else ""


REFUSED: Final = RefusalCount()


def prepare() -> None:
    """Before the first request: makes the key, and reads whom it is for. Raises SettingsError for what can't be used."""
    if known_logs.current() and own_key.is_here():
        own_key.load()


async def add_checkpoint(body: bytes, *, address: str) -> Answer:
    """``address`` is whose refusals are counted. Raises NotFound where this process is no witness, TooMany."""
    if not known_logs.current() or not await asyncio.to_thread(own_key.is_here):
        raise NotFound
    REFUSED.require_free(address)
    answer = await _answer(body)
    if answer.status in (400, 403, 404):  # by anybody; the others only by who has a log's key
        REFUSED.add(address)
    return answer


async def _answer(body: bytes) -> Answer:
    try:
        request = parse_request(body)
    except Malformed as error:
        return Answer(400, f"That is no request to cosign a checkpoint: {error}.\n".encode())
    vkeys = known_logs.keys_of(known_logs.current(), request.head.origin)
    if not vkeys:
        return _refused(Finding.UNKNOWN_LOG)
    async with TURNS.of(EVERYBODY):
        found, size, lines = await asyncio.to_thread(_take, request, vkeys)
    if found is Finding.SEEN:
        return Answer(STATUS[found], lines)
    if found is Finding.OTHER_SIZE:
        return Answer(STATUS[found], f"{size}\n".encode(), SIZE)
    if found is Finding.FULL:
        log.error("this witness knows as many origins as it can", origin=request.head.origin)
    if found in (Finding.OTHER_ROOT, Finding.NO_PROOF):
        told = {"origin": request.head.origin, "size": request.head.size, "seen": size}
        log.error("a log showed what its last checkpoint does not lead to", found=found.value, **told)
    return _refused(found)


def _take(request: Request, vkeys: tuple[str, ...]) -> tuple[Finding, int, bytes]:
    """Verifies and remembers: for a thread."""
    if not is_signed(request, vkeys):
        return Finding.NOT_SIGNED, 0, b""
    keys, now = own_key.load(), clock.now()
    return memory.take(own_key.folder(), request, now, signed=lambda: _lines(request, keys, int(now.timestamp())))


def _lines(request: Request, keys: Sequence[WitnessKey], at: int) -> bytes:
    """By each key; of a head with extension lines, which ML-DSA cosignatures say nothing of, by the first alone."""
    text, _ = split_note(request.note)
    fit = keys if text.count("\n") == CHECKPOINT_LINES else keys[:1]
    return "".join(cosignature.cosignature_line(text, key.secret, at) for key in fit).encode()


def _refused(found: Finding) -> Answer:
    return Answer(STATUS[found], f"{SENTENCES[found]}\n".encode())

"""Shows our newest seals to the witnesses that VOUCH_WITNESSES names, and keeps what they say beside the seals.

Never holds up a seal, and loses none: what a witness did not see now it is shown in the next hour. The file is a policy of C2SP
tlog-policy whose witnesses have addresses.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import structlog

import database
from audit import cosignature
from audit.cosignature import Cosigner
from audit.errors import VerificationError
from audit.log import proofs
from audit.note import split_note
from audit.seals import cosigned, sealing
from audit.seals.cosigned import UnseenSeal
from audit.verifier.archive import Unreadable
from audit.verifier.policy import read_policy
from audit.witnesses import sending
from audit.witnesses.sending import NoReply
from base import settings
from base.settings import LOOPBACK, SettingsError

MOST_WITNESSES: Final = 8  # their lines fit into a pack's file of the seal, with two keys each
BATCH: Final = 100  # trails looked at in one unit
MOST_IN_A_RUN: Final = 5_000  # seals shown to one witness; more wait for the next hour
RUN_SECONDS: Final = 600  # for all of these
SOON_SECONDS: Final = 10  # while somebody waits for a pack
FAILURES: Final = 3  # in a row: then the witness is away, and is left in peace until the next hour
STALE_SIZE: Final = "text/x.tlog.size"

log = structlog.get_logger("vouch.witness")


@dataclass(frozen=True, slots=True)
class Outside:
    """A witness to ask: its name in the file, or the first of several with one address, and the keys that it cosigns with."""

    name: str
    url: str
    cosigners: tuple[Cosigner, ...]


@dataclass(slots=True)
class Shown:
    """How many seals were seen, not seen yet, and doubted."""

    seen: int = 0
    unseen: int = 0
    doubted: int = 0


def chosen() -> tuple[Outside, ...]:
    """The witnesses that the operator named; none by default. Waits for the disk. Raises SettingsError."""
    path = settings.current().witnesses
    if path is None:
        return ()
    try:
        policy = read_policy(path)
    except Unreadable as error:
        raise SettingsError(f"VOUCH_WITNESSES: {error}") from error
    named: dict[str, Outside] = {}
    for name, url in policy.urls.items():
        known = named.get(url, Outside(name, _address(url), ()))
        named[url] = Outside(known.name, known.url, (*known.cosigners, policy.witnesses[name]))
    if not 0 < len(named) <= MOST_WITNESSES:
        raise SettingsError(f"VOUCH_WITNESSES must name 1 to {MOST_WITNESSES} witnesses with their addresses: {path}.")
    return tuple(named.values())


async def show_all() -> Shown:
    """Every trail's newest seal, to every witness that has not seen it. Opens its own units. Raises SettingsError."""
    witnesses, shown = await asyncio.to_thread(chosen), Shown()
    if witnesses:
        trails = await sealing.all_trails()
        await asyncio.gather(*(_show(witness, trails, shown, seconds=RUN_SECONDS) for witness in witnesses))
    return shown


async def show_soon(trail: str) -> None:
    """One trail's newest seal, while somebody waits: what a witness does not say within seconds it says later."""
    try:
        witnesses = await asyncio.to_thread(chosen)
    except SettingsError:
        return  # the hourly run says why
    with suppress(TimeoutError):
        async with asyncio.timeout(SOON_SECONDS):
            await asyncio.gather(*(_show(witness, [trail], Shown(), seconds=SOON_SECONDS) for witness in witnesses))


async def _show(witness: Outside, trails: Sequence[str], shown: Shown, *, seconds: float) -> None:
    end, left, failures = time.monotonic() + seconds, MOST_IN_A_RUN, 0
    for start in range(0, len(trails), BATCH):
        for seal in await cosigned.unseen(trails[start : start + BATCH], witness.name):
            if failures >= FAILURES or left <= 0 or time.monotonic() > end:
                shown.unseen += 1
                continue
            left -= 1
            try:
                is_seen = await _show_one(witness, seal)
            except OSError as error:
                failures += 1
                shown.unseen += 1
                log.warning("a witness did not see a seal", witness=witness.name, why=str(error) or type(error).__name__)
                continue
            failures = 0
            shown.seen += is_seen
            shown.doubted += not is_seen


async def _show_one(witness: Outside, seal: UnseenSeal) -> bool:
    """True if it was seen, False if the witness doubts it. Raises OSError for what says neither."""
    old = min(seal.after, seal.size)
    for _ in range(2):  # once more from the size that the witness tells
        reply = await sending.post(f"{witness.url}/add-checkpoint", await _request(seal, old))
        if reply.status == 200:
            await _keep(witness, seal, reply.content)
            return True
        if reply.status == 409 and reply.media_type == STALE_SIZE:
            told = _size_in(reply.content)
            if told > seal.size:
                return await _doubt(witness, seal, "ahead", told)
            old = told
        elif reply.status in (409, 422):
            return await _doubt(witness, seal, "history", old)
        else:
            raise NoReply(f"it answers with the status {reply.status}")
    raise NoReply("it tells another size each time")


async def _request(seal: UnseenSeal, old: int) -> bytes:
    proof: tuple[bytes, ...] = ()
    if 0 < old < seal.size:
        async with database.read():
            proof = await proofs.consistency(seal.trail, old, seal.size)
    return cosignature.add_checkpoint(old, proof, seal.note)


async def _keep(witness: Outside, seal: UnseenSeal, said: bytes) -> None:
    """Of the answer only lines by keys that the operator named. Raises NoReply where there is none, or a false one."""
    try:
        seen = cosignature.seen_by(seal.note + said, witness.cosigners)
        _, lines = split_note(seal.note + said)
    except VerificationError as error:
        raise NoReply(f"its signature does not hold: {error.what}") from error
    if not seen:
        raise NoReply("it signs with a key that VOUCH_WITNESSES does not name")
    known = {(one.name, one.key_id) for one in seen}
    ours = b"".join(f"{line.line}\n".encode() for line in lines if (line.name, line.key_id) in known)
    await cosigned.keep(seal, witness.name, lines=ours, at=datetime.fromtimestamp(min(seen.values()), UTC))


async def _doubt(witness: Outside, seal: UnseenSeal, doubt: cosigned.Doubt, told: int) -> bool:
    """Remembers it, unless our newest seal has grown meanwhile: another process showed that one."""
    newest = await sealing.newest_sizes([seal.origin])
    if newest.get(seal.origin, 0) > seal.size:
        raise NoReply("the trail was sealed again meanwhile")
    await cosigned.keep(seal, witness.name, doubt=doubt)
    log.error("a witness saw another history", witness=witness.name, trail=seal.trail, doubt=doubt, size=seal.size, seen=told)
    return False


def _size_in(content: bytes) -> int:
    text = content.decode("latin-1").removesuffix("\n")
    if not (text.isascii() and text.isdecimal()) or len(text) > 19:
        raise NoReply("it tells no size")
    return int(text)


def _address(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in LOOPBACK)):
        raise SettingsError(f"VOUCH_WITNESSES: the address of a witness must begin with https://, not {url!r}.")
    if parts.query or parts.fragment or parts.username:
        raise SettingsError(f"VOUCH_WITNESSES: the address of a witness is a host and a path, not {url!r}.")
    return url.rstrip("/")

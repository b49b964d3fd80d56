"""Asks the service that VOUCH_TSA names for time stamps (RFC 3161) on our newest seals, and keeps those that can be believed.

Never holds up a seal, and loses none: what gets no time stamp now is asked for again in the next hour. What is stamped is the
seal as the signer made it, signatures and all: so a time stamp says that it was signed by then. Nobody is asked where nobody is
named.
"""

import asyncio
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from cryptography.x509 import Certificate

from audit.seals import stamped
from audit.seals.stamped import UnstampedSeal
from audit.stamps import tokens, trust
from audit.stamps.tokens import NotATimeStamp
from audit.stamps.trust import NotTrusted
from audit.witnesses import sending
from audit.witnesses.sending import NoReply
from base import clock, settings
from base.settings import SettingsError

MOST_IN_A_RUN: Final = 1_000  # seals; the others wait for the next hour, and those that waited longest come first
RUN_SECONDS: Final = 600  # for all of these
SOON_SECONDS: Final = 10  # while somebody waits for a pack
FAILURES: Final = 3  # in a row: then the service is away, and is left in peace until the next hour
NONCE_BITS: Final = 63
FARTHEST_CLOCK: Final = 3600 * 1_000_000  # microseconds between the service's clock and ours: beyond, one of them is wrong
MOST_BYTES_OF_ROOTS: Final = 1_000_000

log = structlog.get_logger("vouch.time_stamps")


@dataclass(frozen=True, slots=True)
class Service:
    """Whom to ask, what it is called, and the certificates that lead to it."""

    url: str
    name: str
    trusted: tuple[Certificate, ...]


@dataclass(slots=True)
class Asked:
    """How many seals got a time stamp, and how many have to wait."""

    stamped: int = 0
    unstamped: int = 0


def chosen() -> Service | None:
    """The service that the operator named; None by default. Waits for the disk. Raises SettingsError."""
    named = settings.current()
    if not named.tsa or named.tsa_roots is None:
        return None
    return Service(named.tsa, _host(), _certificates(named.tsa_roots))


def _host() -> str:
    return urlsplit(settings.current().tsa).hostname or ""


def _certificates(path: Path) -> tuple[Certificate, ...]:
    try:
        with path.open("rb") as file:
            return trust.read_certificates(file.read(MOST_BYTES_OF_ROOTS))
    except OSError as error:
        raise SettingsError(f"VOUCH_TSA_ROOTS names a file that can't be read: {path}.") from error
    except ValueError as error:
        raise SettingsError(f"VOUCH_TSA_ROOTS must name a PEM file of certificates: {path}.") from error


async def stamp_all() -> Asked:
    """Every trail's newest seal that has no time stamp yet. Opens its own units. Raises SettingsError."""
    try:
        service = await asyncio.to_thread(chosen)
    except SettingsError as error:
        stamped.note_failure(_host(), str(error).removesuffix("."))
        raise
    if service is None:
        return Asked()
    return await _stamp(service, await stamped.unstamped(MOST_IN_A_RUN), seconds=RUN_SECONDS)


async def stamp_soon(trail: str) -> None:
    """One trail's newest seal, while somebody waits: what the service does not say within seconds it says later."""
    try:
        service = await asyncio.to_thread(chosen)
    except SettingsError:
        return  # the hourly run says why
    if service:
        with suppress(TimeoutError):
            async with asyncio.timeout(SOON_SECONDS):
                await _stamp(service, await stamped.unstamped(1, trail), seconds=SOON_SECONDS)


async def _stamp(service: Service, waiting: list[UnstampedSeal], *, seconds: float) -> Asked:
    """One after the other: such a service is asked by many."""
    end, failures, asked = time.monotonic() + seconds, 0, Asked()
    for seal in waiting:
        if failures >= FAILURES or time.monotonic() > end:
            asked.unstamped += 1
            continue
        try:
            await _stamp_one(service, seal)
        except (OSError, NotATimeStamp, NotTrusted) as error:
            failures += 1
            asked.unstamped += 1
            why = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
            stamped.note_failure(service.name, why)
            log.warning("a seal got no time stamp", service=service.name, trail=seal.trail, why=why)
            continue
        failures = 0
        asked.stamped += 1
        stamped.note_success(service.name)
    return asked


async def _stamp_one(service: Service, seal: UnstampedSeal) -> None:
    """Raises OSError, NotATimeStamp or NotTrusted."""
    nonce = secrets.randbits(NONCE_BITS)
    request = tokens.request(seal.note, nonce)
    reply = await sending.post(service.url, request, media_type=tokens.REQUEST_TYPE)
    if reply.status != 200:
        raise NoReply(f"it answers with the status {reply.status}")
    stamp = await asyncio.to_thread(trust.verify, reply.content, seal.note, service.trusted, nonce=nonce)
    if abs(stamp.at - clock.now().timestamp() * 1_000_000) > FARTHEST_CLOCK:
        raise NotTrusted("its clock and ours are more than an hour apart")
    await stamped.keep(seal, stamp, reply.content)

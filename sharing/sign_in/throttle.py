"""Slows down whoever keeps guessing: a wait that doubles with every failure, never a lock.

Strangers are counted by account and by address. A browser that signed in to the account before is counted by itself, so
that no stranger can make it wait. A try is counted before the password is looked at, so that a hundred guesses sent at once
are a hundred tries. Rows hold digests: neither an e-mail nor an address can be read from them.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import TooMany
from sharing.tables import Throttle

LONGEST_WAIT: Final = timedelta(minutes=5)  # a guesser gets 300 tries a day, and its victim is never kept out for long
FORGOTTEN_AFTER: Final = timedelta(days=1)
FREE: Final = 3  # failures of one account or one browser that cost no waiting
FREE_OF_AN_ADDRESS: Final = 30  # a whole school signs in from one address
FREE_LETTERS: Final = 2  # one, and one more for somebody who didn't find it; nobody's inbox is a toy
BETWEEN_LETTERS: Final = timedelta(hours=1)  # after that, twice as long each time
LONGEST_BETWEEN_LETTERS: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Limit:
    key: str
    free: int  # failures that cost no waiting
    is_shared: bool = False  # by people who have nothing to do with each other: one's success forgives only its own try
    first_wait: timedelta = timedelta(seconds=1)  # it doubles with each further try
    longest_wait: timedelta = LONGEST_WAIT


def of_stranger(account: str, address: str) -> tuple[Limit, Limit]:
    """The limits of a browser that the account doesn't know: the account's, and the address's."""
    by_address = Limit(_digest("address", _network(address)), FREE_OF_AN_ADDRESS, is_shared=True)
    return Limit(_digest("account", account), FREE), by_address


def of_browser(browser: UUID) -> Limit:
    """The limit of one known browser at one account: its own failures, and nobody else's."""
    return Limit(_digest("browser", str(browser)), FREE)


def of_signed_in(person: UUID) -> Limit:
    """The limit of whoever is signed in to the account and is asked for its password once more. No stranger gets that far."""
    return Limit(_digest("signed in", str(person)), FREE)


def of_letters(kind: str, to: str) -> Limit:
    """The limit of letters of one kind: ``to`` is a mailbox, or who asks for them. Each letter is a try that never succeeds."""
    return Limit(
        _digest("letter", f"{kind} {to}"), FREE_LETTERS, first_wait=BETWEEN_LETTERS, longest_wait=LONGEST_BETWEEN_LETTERS
    )


def of_asking_for_letters(address: str) -> Limit:
    """The limit of one network address, which asks for letters to any number of mailboxes."""
    return Limit(_digest("asking", _network(address)), FREE_OF_AN_ADDRESS, first_wait=timedelta(minutes=1))


async def is_free(limits: Sequence[Limit]) -> bool:
    """Counts one try at each, as ``attempt`` does; False while one of them has to wait."""
    return await _count(limits) <= timedelta()


async def attempt(limits: Sequence[Limit]) -> None:
    """Counts one try at each of ``limits``. Raises TooMany while one of them has to wait, and counts nothing then."""
    wait = await _count(limits)
    if wait > timedelta():
        raise TooMany(_sentence(wait), retry_after_seconds=_seconds(wait))


async def succeeded(limits: Sequence[Limit]) -> None:
    """Forgets the failures, and takes this try back from a limit that others share."""
    async with database.housekeeping():
        await Throttle.delete().where(Throttle.last_at < clock.now() - FORGOTTEN_AFTER)
        await forget(*(limit for limit in limits if not limit.is_shared))
        for limit in limits:
            await Throttle.update({Throttle.failures: Throttle.failures - 1}).where(
                (Throttle.key == limit.key) & (Throttle.failures > 0)
            )


async def forget(*limits: Limit) -> None:
    """Deletes what was counted at these limits. Inside the caller's unit of work."""
    if limits:
        await Throttle.delete().where(database.among(Throttle.key, [limit.key for limit in limits]))


async def _count(limits: Sequence[Limit]) -> timedelta:
    """How long the longest wait is; where there is none, the try is counted. What is kept of a later clock is put right."""
    now = clock.now()
    async with database.housekeeping():
        counted = [(limit, await _row(limit.key, now)) for limit in sorted(limits, key=lambda limit: limit.key)]
        wait = max(_wait_ends(row, limit) for limit, row in counted) - now
        if wait <= timedelta():
            for _, row in counted:
                await Throttle.update({Throttle.failures: row.failures + 1, Throttle.last_at: now}).where(Throttle.key == row.key)
    return wait


async def _row(key: str, now: datetime) -> Throttle:
    """The count, never older than a day nor from the future: a clock that was put back must not make anybody wait for it."""
    await Throttle.insert(Throttle(key=key, failures=0, last_at=now)).on_conflict(action="DO NOTHING")
    row: Throttle | None = await database.locked(Throttle.objects().where(Throttle.key == key)).first()
    if row is None or now - row.last_at > FORGOTTEN_AFTER:
        return Throttle(key=key, failures=0, last_at=now)
    if row.last_at > now:
        row.last_at = now
        await Throttle.update({Throttle.last_at: now}).where(Throttle.key == key)
    return row


def _wait_ends(row: Throttle, limit: Limit) -> datetime:
    over = row.failures - limit.free
    wait = limit.first_wait * 2 ** min(over, 10) if over >= 0 else timedelta()
    return row.last_at + min(wait, limit.longest_wait)


def _sentence(wait: timedelta) -> str:
    seconds = _seconds(wait)
    shown = f"{seconds} second{'s' if seconds > 1 else ''}" if seconds < 100 else f"{-(-seconds // 60)} minutes"
    return f"There were too many tries that did not work. Wait {shown}, then try again."


def _seconds(wait: timedelta) -> int:
    return max(1, -(-wait // timedelta(seconds=1)))


def _digest(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode(errors='replace')).hexdigest()}"


def _network(address: str) -> str:
    """An IPv6 customer has a whole /64 to guess from; it counts as one address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address

"""Slows down whoever keeps guessing: a wait that doubles with every failure, by account and by address, never a lock.

A try is counted before the password is looked at, so that a hundred guesses sent at once are a hundred tries.
Rows hold digests: neither an e-mail nor an address can be read from them.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import database
from base import clock
from base.refusals import TooMany
from sharing.tables import Throttle

LONGEST_WAIT: Final = timedelta(minutes=5)  # a guesser gets 300 tries a day, and its victim is never kept out for long
FORGOTTEN_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    key: str
    free: int  # failures that cost no waiting


def limits(account: str, address: str) -> tuple[Limit, Limit]:
    """The account's limit and the address's. A whole school signs in from one address, so that is allowed more failures."""
    return Limit(_digest("account", account), 3), Limit(_digest("address", _network(address)), 30)


async def attempt(account: str, address: str) -> None:
    """Counts one try for ``account`` from ``address``. Raises TooMany while either has to wait."""
    now = clock.now()
    async with database.housekeeping():
        counted = [(limit, await _row(limit.key, now)) for limit in sorted(limits(account, address), key=lambda x: x.key)]
        wait = max(_wait_ends(row, limit) for limit, row in counted) - now
        if wait > timedelta():
            raise TooMany(_sentence(wait), retry_after_seconds=_seconds(wait))
        for _, row in counted:
            await Throttle.update({Throttle.failures: row.failures + 1, Throttle.last_at: now}).where(Throttle.key == row.key)


async def succeeded(account: str, address: str) -> None:
    """Forgets the account's failures and takes this try back from the address's."""
    by_account, by_address = limits(account, address)
    async with database.housekeeping():
        await Throttle.delete().where((Throttle.key == by_account.key) | (Throttle.last_at < clock.now() - FORGOTTEN_AFTER))
        await Throttle.update({Throttle.failures: Throttle.failures - 1}).where(
            (Throttle.key == by_address.key) & (Throttle.failures > 0)
        )


async def _row(key: str, now: datetime) -> Throttle:
    await Throttle.insert(Throttle(key=key, failures=0, last_at=now)).on_conflict(action="DO NOTHING")
    row: Throttle | None = await database.locked(Throttle.objects().where(Throttle.key == key)).first()
    if row is None or now - row.last_at > FORGOTTEN_AFTER:
        return Throttle(key=key, failures=0, last_at=now)
    return row


def _wait_ends(row: Throttle, limit: Limit) -> datetime:
    over = row.failures - limit.free
    seconds = 2 ** min(over, 10) if over >= 0 else 0
    return row.last_at + min(timedelta(seconds=seconds), LONGEST_WAIT)


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

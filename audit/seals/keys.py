"""The public keys of this installation, which key signs now, and whether this process holds it.

Exactly one folder holds the key. A process without it makes no other: it does not sign, and says so once.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

import audit
import database
from audit.events import Event
from audit.log import subjects
from audit.seals import keyring
from audit.seals.keyring import SigningKey
from audit.tables import PublicKeyRow
from base import clock, settings
from base.refusals import Conflict
from base.viewer import ABOUT_THE_TRAIL

OVERLAP: Final = timedelta(days=90)  # seals go to people weekly and are read once a term: time to learn of the new key

log = structlog.get_logger("vouch.keys")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """``until`` is when seals stop carrying its signature; None for the newest. Old seals go on being read with it."""

    vkey: str
    since: datetime
    until: datetime | None


async def public() -> tuple[PublicKey, ...]:
    """Newest first. Opens its own read unit."""
    async with database.read():
        chain = await _chain()
    ends = [row["since"] + OVERLAP for row in chain[1:]]
    return tuple(PublicKey(row["vkey"], row["since"], end) for row, end in zip_longest(chain, ends))[::-1]


async def signing() -> tuple[SigningKey, ...]:
    """The keys that seals are signed with now, newest first; none when they are not in this process's folder.

    Makes the first key of an installation that has none. Raises SettingsError for a folder that others may read.
    """
    async with database.read():
        chain = await _chain()
    own = await asyncio.to_thread(keyring.load, folder())  # afterwards: a key that the chain names has its file by now
    if not own and not chain:
        own = (await _first(),)
    known = [row["vkey"] for row in chain]
    if own and own[-1].vkey not in known:
        known = await _register(own)
        if not chain and own[-1].vkey not in known:  # another computer's first key was faster; ours has signed nothing
            own[-1].path.unlink(missing_ok=True)
    by_vkey = {key.vkey: key for key in own}
    if not known or known[-1] not in by_vkey:
        _say_once_that_another_signs(has_folder=bool(own), is_replaced=bool(own) and own[-1].vkey in known)
        return ()
    newest = by_vkey[known[-1]]
    overlaps = clock.now() < newest.since + OVERLAP
    return (newest, by_vkey[newest.replaces]) if overlaps and newest.replaces in by_vkey else (newest,)


async def replace(*, is_lost: bool) -> SigningKey:
    """Makes another key and records it in the operator's trail; rotation.py tells the other trails.

    ``is_lost``: the old key is in nobody's hands any more. Raises Conflict where it is not here and not lost either.
    """
    now, own = clock.now(), await signing()
    async with database.read():
        chain = await _chain()
    if not own and not is_lost:
        raise Conflict(ELSEWHERE)
    newest = chain[-1]["vkey"] if chain else ""
    made = await asyncio.to_thread(keyring.create, folder(), _name(), replaces=newest, since=now)
    if made.replaces != newest:
        raise Conflict(f"The folder {folder()} holds a key of another installation. Set VOUCH_KEYS to another folder.")
    async with audit.recording(None) as record:
        await PublicKeyRow.insert(_row(made, made.replaces))
        record_rotation(record, made.vkey, made.replaces, made.since)
    return made


def record_rotation(record: audit.Record, vkey: str, replaces: str, since: datetime, *, trail: str = audit.OPERATOR) -> None:
    """Records in a trail which key took the place of which, and until when seals carry both signatures."""
    until = (since + OVERLAP).isoformat(timespec="seconds")
    facts = {"old": {"key": replaces}, "new": {"key": vkey}, "until": until}
    record(Event.KEY_ROTATED, stream=ABOUT_THE_TRAIL, subject=subjects.key(vkey), facts=facts, trail=trail)


ELSEWHERE: Final = (
    "This computer does not hold the key that signs seals, so nothing was sealed here. "
    "Run this where the folder VOUCH_KEYS with the key is, or put the folder back from its backup."
)


def folder() -> Path:
    return settings.current().keys


async def _first() -> SigningKey:
    return await asyncio.to_thread(keyring.create, folder(), _name(), replaces="", since=clock.now())


def _name() -> str:
    """The name that signatures carry: this installation's host."""
    return urlsplit(settings.current().origin).netloc


async def _register(own: tuple[SigningKey, ...]) -> list[str]:
    """Enters keys of the folder that the database does not know: the first of all, or ones newer than a backup put back.

    A folder that has nothing to do with this database enters nothing. Returns the vkeys that are known then.
    """
    async with database.housekeeping():
        known = [row["vkey"] for row in await _chain()]
        for key in own:
            follows = key.replaces == known[-1] if known else True
            if key.vkey not in known and follows:
                await PublicKeyRow.insert(_row(key, known[-1] if known else "")).on_conflict(action="DO NOTHING")
                known = [row["vkey"] for row in await _chain()]
    return known


def _row(key: SigningKey, replaces: str) -> PublicKeyRow:
    return PublicKeyRow(vkey=key.vkey, name=key.name, replaces=replaces, since=key.since)


async def _chain() -> list[dict[str, Any]]:
    """Every key, each after the one that it replaces."""
    rows: list[dict[str, Any]] = await PublicKeyRow.select()
    by_replaced = {row["replaces"]: row for row in rows}
    chain, last = [], ""
    while last in by_replaced:
        chain.append(by_replaced[last])
        last = chain[-1]["vkey"]
    return chain


@cache
def _say_once_that_another_signs(*, has_folder: bool, is_replaced: bool) -> None:
    if is_replaced:
        log.error("the_key_was_replaced_elsewhere", why="If nobody ran vouch trail rotate-key --lost, run: vouch trail fsck")
    else:
        log.info("seals_are_signed_elsewhere", has_another_key=has_folder)

"""The public keys of this installation, which key signs now, and whether this process holds it.

Exactly one folder holds the key. A process without it makes no other: it does not sign, and says so once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

import audit
import database
from audit.events import Event
from audit.fingerprint import fingerprint
from audit.log import subjects
from audit.seals import cosigners, keyring
from audit.seals.keyring import SigningKey
from audit.tables import PublicKeyRow
from base import clock, settings
from base.refusals import Conflict
from base.viewer import ABOUT_THE_TRAIL

OVERLAP: Final = timedelta(days=90)  # seals go to people weekly and are read once a term: time to learn of the new key
MOST_AT_ONCE: Final = 10  # keys that sign one seal: each promised to, and a seal has to stay a letter

log = structlog.get_logger("vouch.keys")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """``until`` is when seals stop carrying its signature; None for the newest. Old seals go on being read with it.
    ``after_loss`` is whether nobody had the key before it any more; ``cosigner`` the vkey by ML-DSA-44 that signs beside it.
    """

    vkey: str
    since: datetime
    until: datetime | None
    after_loss: bool
    cosigner: str | None

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.vkey)

    @property
    def cosigner_fingerprint(self) -> str | None:
        return fingerprint(self.cosigner) if self.cosigner else None

    @property
    def signs(self) -> bool:
        """Whether seals are promised to carry its signature now."""
        return self.until is None or clock.now() < self.until


async def public() -> tuple[PublicKey, ...]:
    """Newest first. Opens its own read unit."""
    async with database.read():
        return _public(await _chain(), {one.beside: one.vkey for one in reversed(await cosigners.public())})


async def signing() -> tuple[SigningKey, ...]:
    """The keys that seals are signed with now, newest first; none when the newest is not in this process's folder.

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
            keyring.remove(own[-1])
    by_vkey = {key.vkey: key for key in own}
    if not known or known[-1] not in by_vkey:
        _say_once_that_another_signs(has_folder=bool(own), is_replaced=bool(own) and own[-1].vkey in known)
        return ()
    return await cosigners.complete([by_vkey[key.vkey] for key in await public() if key.signs and key.vkey in by_vkey])


async def replace(*, is_lost: bool) -> SigningKey:
    """Makes another key and records it in the operator's trail; rotation.py tells the other trails.

    ``is_lost``: the old key is in nobody's hands any more. Raises Conflict where it is not here and not lost either, and for one
    key too many.
    """
    now, own = clock.now(), await signing()
    async with database.read():
        chain = await _chain()
    if not own and not is_lost:
        raise Conflict(ELSEWHERE)
    if len(own) >= MOST_AT_ONCE:
        raise Conflict(TOO_MANY)
    newest = chain[-1]["vkey"] if chain else ""
    made = await asyncio.to_thread(keyring.create, folder(), _name(), replaces=newest, since=now, after_loss=is_lost)
    if made.replaces != newest:
        raise Conflict(f"The folder {folder()} holds a key of another installation. Set VOUCH_KEYS to another folder.")
    async with audit.recording(None) as record:
        await PublicKeyRow.insert(_row(made, made.replaces))
        await cosigners.insert(made)
        record_rotation(record, made, made.replaces, made.cosigner.vkey if made.cosigner else None)
    return made


def record_rotation(
    record: audit.Record, new: SigningKey | PublicKey, replaces: str, cosigner: str | None, *, trail: str = audit.OPERATOR
) -> None:
    """Records in a trail which key took the place of which, and until when seals carry both signatures: of a lost one, never.

    ``cosigner`` is the vkey by ML-DSA-44 that signs beside the new one.
    """
    until = overlap_ends(new)
    facts = {
        "old": {"key": replaces},
        "new": {"key": new.vkey, **(cosigners.told(cosigner) if cosigner else {})},
        **({"until": until.isoformat(timespec="seconds")} if until else {"lost": True}),
    }
    record(Event.KEY_ROTATED, stream=ABOUT_THE_TRAIL, subject=subjects.key(new.vkey), facts=facts, trail=trail)


def overlap_ends(new: SigningKey | PublicKey) -> datetime | None:
    """Until when seals carry the signature of the key before this one too; None where that one was lost."""
    return None if new.after_loss else new.since + OVERLAP


ELSEWHERE: Final = (
    "This computer does not hold the key that signs seals, so nothing was sealed here. "
    "Run this where the folder VOUCH_KEYS with the key is, or put the folder back from its backup."
)


TOO_MANY: Final = (
    f"The key was replaced {MOST_AT_ONCE - 1} times within {OVERLAP.days} days, and seals still carry the signatures of all. "
    "Wait until one of them is over: vouch trail keys says when."
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
    return PublicKeyRow(vkey=key.vkey, name=key.name, replaces=replaces, since=key.since, after_loss=key.after_loss)


def _public(chain: Sequence[Mapping[str, Any]], beside: Mapping[str, str]) -> tuple[PublicKey, ...]:
    """Newest first. The signature of a key that was lost ended when it was replaced."""
    ends = [row["since"] if row["after_loss"] else row["since"] + OVERLAP for row in chain[1:]]
    pairs = zip(chain, [*ends, None], strict=False)
    return tuple(
        PublicKey(row["vkey"], row["since"], end, bool(row["after_loss"]), beside.get(row["vkey"])) for row, end in pairs
    )[::-1]


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

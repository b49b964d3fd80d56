"""The keys by ML-DSA-44 that sign seals beside the others, so that a seal outlives Ed25519 (docs/decisions/0054).

Each belongs to one of the installation's keys: it is made with it, signs with it and ends with it. An installation from before
there were such gets one at its next sealing, and every trail says so.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import audit
import database
from audit.events import Event
from audit.log import subjects
from audit.seals import keyring
from audit.seals.keyring import Cosigner, SigningKey
from audit.tables import CosignerRow, PublicKeyRow
from base import clock
from base.viewer import ABOUT_THE_TRAIL


@dataclass(frozen=True, slots=True)
class PublicCosigner:
    """``beside`` is the vkey of the key with which it signs; ``is_late`` whether that one signed before it did."""

    vkey: str
    beside: str
    since: datetime
    is_late: bool


async def public() -> tuple[PublicCosigner, ...]:
    """Newest first. Inside the caller's unit."""
    rows: list[dict[str, Any]] = await CosignerRow.select().order_by(CosignerRow.since, ascending=False)
    began = {key["vkey"]: key["since"] for key in await PublicKeyRow.select(PublicKeyRow.vkey, PublicKeyRow.since)}
    return tuple(PublicCosigner(one["vkey"], one["beside"], one["since"], one["since"] > began[one["beside"]]) for one in rows)


async def complete(own: Sequence[SigningKey]) -> tuple[SigningKey, ...]:
    """``own``, newest first, with a key by ML-DSA-44 beside the newest; one that is new is recorded. Opens its own units."""
    newest, *older = own
    if newest.cosigner is None:
        newest = await asyncio.to_thread(keyring.add_cosigner, newest, since=clock.now())
    async with database.read():
        known = {one.vkey for one in await public()}
    for key in (newest, *older):
        if key.cosigner and key.cosigner.vkey not in known:
            await _enter(key, key.cosigner)
    return (newest, *older)


async def insert(key: SigningKey) -> bool:
    """Enters the key beside this one, inside the caller's unit; whether it was new, and beside a key that is known here."""
    if key.cosigner is None or not await PublicKeyRow.exists().where(PublicKeyRow.vkey == key.vkey):
        return False
    if await CosignerRow.exists().where(CosignerRow.vkey == key.cosigner.vkey):
        return False
    made = CosignerRow(vkey=key.cosigner.vkey, beside=key.vkey, since=key.cosigner.since)
    return bool(await CosignerRow.insert(made).on_conflict(action="DO NOTHING").returning(CosignerRow.vkey))


def record_joined(record: audit.Record, cosigner: PublicCosigner, *, trail: str = audit.OPERATOR) -> None:
    """Records in a trail that another key signs seals beside the one that did."""
    facts = {"beside": {"key": cosigner.beside}, "new": told(cosigner.vkey)}
    record(Event.KEY_JOINED, stream=ABOUT_THE_TRAIL, subject=subjects.key(cosigner.vkey), facts=facts, trail=trail)


def told(vkey: str) -> dict[str, str]:
    """What a trail says of a key whose vkey is 2,000 characters: its name and id, and the SHA-256 of the whole."""
    return {"cosigner": "+".join(vkey.split("+", 2)[:2]), "cosigner_sha256": sha256(vkey.encode()).hexdigest()}


async def _enter(key: SigningKey, made: Cosigner) -> None:
    """Of two processes that come at once, the second enters and records nothing."""
    if made.since <= key.since:
        async with database.housekeeping():
            await insert(key)
        return
    async with audit.recording(None) as record:
        if await insert(key):
            record_joined(record, PublicCosigner(made.vkey, key.vkey, made.since, is_late=True))
        else:
            record.unchanged()

"""Seals: signed checkpoints of a trail, made by one process and stored for all.

A seal is worth something once a copy has left the building: ``delivered`` is the latest such seal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import database
from audit.ed25519 import ED25519_SIGNATURE_BYTES
from audit.note import TIME_BYTES, split_note
from audit.seals import cosigners, keys, recovery, sealing
from audit.seals.signer import Signed
from audit.tables import CheckpointRow, Delivery
from base import clock

TYPED_BYTES: Final = (ED25519_SIGNATURE_BYTES, TIME_BYTES + ED25519_SIGNATURE_BYTES)
MOST_LOOKED_AT: Final = 50  # deliveries: the latest seal that left is among the last of them


@dataclass(frozen=True, slots=True)
class Seal:
    """A stored seal; ``note`` is the signed note, as people keep it."""

    trail: str
    origin: str
    size: int
    root: bytes
    note: bytes
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class SealState:
    """The seals of a trail. ``since`` is how many entries came after the latest one; ``lost`` is a seal that
    this process signed and that the trail does not lead on from any more.
    """

    latest: Seal | None
    delivered: Seal | None
    since: int
    lost: Signed | None


async def state(trail: str) -> SealState:
    newest, left = await latest(trail), await delivered(trail)
    async with database.read():
        heads = await sealing.heads_of([trail])
    size = heads[0].size if heads else 0
    return SealState(newest, left, size - (newest.size if newest else 0), await recovery.lost(trail))


async def seal(trail: str) -> Seal | None:
    """Seals what is unsealed if this process holds the key; then the latest seal there is, None if there never was one.

    Where the signer refuses, the log says so and the older seal is returned; ``vouch trail checkpoint`` says why.
    """
    if own := await keys.signing():
        await sealing.seal_some([trail], own)
    return await latest(trail)


async def latest(trail: str) -> Seal | None:
    async with database.read():
        row = await _newest_first().where(CheckpointRow.trail == trail).first()
    return _seal(row) if row else None


async def of(origin: str, size: int) -> Seal | None:
    """The seal of exactly this origin and size, None where there is none. Inside the caller's unit."""
    row = await CheckpointRow.select().where((CheckpointRow.origin == origin) & (CheckpointRow.size == size)).first()
    return _seal(row) if row else None


async def delivered(trail: str) -> Seal | None:
    """The latest seal of which a copy has left the building: by mail, in a pack, as a file."""
    async with database.read():
        left: list[Any] = await (
            Delivery.select(Delivery.checkpoint)
            .where((Delivery.trail == trail) & (Delivery.how != "queued"))
            .order_by(Delivery.at, ascending=False)
            .limit(MOST_LOOKED_AT)
            .output(as_list=True)
        )
        row = await _newest_first().where(database.among(CheckpointRow.id, left)).first() if left else None
    return _seal(row) if row else None


async def stored(origin: str, size: int) -> Seal | None:
    """The seal of exactly this origin and size, None where there is none. Opens its own unit."""
    async with database.read():
        return await of(origin, size)


async def last_queued(trail: str) -> datetime | None:
    """When a seal of this trail was last put into the outbox. What a clock that was ahead dated later than now is nothing to wait
    for.
    """
    async with database.read():
        is_it = (Delivery.trail == trail) & (Delivery.how == "queued") & (Delivery.at <= clock.now())
        row = await Delivery.select(Delivery.at).where(is_it).order_by(Delivery.at, ascending=False).first()
    return row["at"] if row else None


async def size_queued(origin: str) -> int:
    """How many entries the last seal covered that was put into the outbox; 0 where none was since the trail has this origin."""
    async with database.read():
        rows = await Delivery.raw(
            """SELECT max(c.size) AS size FROM audit_delivery d JOIN audit_checkpoint c ON c.id = d.checkpoint
            WHERE c.origin = {} AND d.how = 'queued'""",
            origin,
        )
    return rows[0]["size"] or 0


async def queued_before(seal: Seal, recipient: UUID, since: datetime) -> tuple[str, int] | None:
    """Origin and size of the seal in the letter before, to somebody who was named then; None for the first. A smaller one of the
    same origin, where there is one. Opens its own unit.
    """
    async with database.read():
        rows = await Delivery.raw(
            """SELECT c.origin AS origin, c.size AS size FROM audit_delivery d JOIN audit_checkpoint c ON c.id = d.checkpoint
            WHERE d.trail = {} AND d.how = 'queued' AND (d.recipient = {} OR (d.recipient IS NULL AND d.at >= {}))
            AND (c.origin <> {} OR c.size < {})
            ORDER BY CASE WHEN c.origin = {} THEN c.size ELSE 0 END DESC, d.at DESC, c.size DESC LIMIT 1""",
            seal.trail,
            recipient,
            since,
            seal.origin,
            seal.size,
            seal.origin,
        )
    return (rows[0]["origin"], rows[0]["size"]) if rows else None


async def note_delivery(seal: Seal, how: Literal["mail", "pack", "file", "queued"], *, recipient: UUID | None = None) -> None:
    """Remembers that a copy left, or went into the outbox, and for whom; leaves no entry: the trail would grow by it."""
    async with database.housekeeping():
        is_it = (CheckpointRow.origin == seal.origin) & (CheckpointRow.size == seal.size)
        row = await CheckpointRow.select(CheckpointRow.id).where(is_it).first()
        known = (
            row and how != "queued" and await Delivery.exists().where((Delivery.checkpoint == row["id"]) & (Delivery.how == how))
        )
        if row and not known:  # a program may fetch the same seal each minute
            made = Delivery(id=uuid4(), checkpoint=row["id"], trail=seal.trail, how=how, at=clock.now(), recipient=recipient)
            await Delivery.insert(made)


def on_paper(note: bytes) -> str:
    """The seal with its lines by Ed25519 alone, a witness's too, which can be typed; one by ML-DSA-44 is 3,300 characters. Checks
    none.

    Raises VerificationError for what is no note.
    """
    text, signatures = split_note(note)
    return text + "".join(f"\n{one.line}" for one in signatures if len(one.signature) in TYPED_BYTES)


async def verifier_keys() -> tuple[str, ...]:
    """The vkeys of this installation, newest first: those by Ed25519, which every verifier takes."""
    return tuple(key.vkey for key in await keys.public())


async def cosigner_keys() -> tuple[str, ...]:
    """The vkeys by ML-DSA-44 that sign beside those, newest first."""
    async with database.read():
        return tuple(one.vkey for one in await cosigners.public())


def _newest_first() -> Any:
    return CheckpointRow.select().order_by(CheckpointRow.sealed_at, CheckpointRow.size, ascending=False)


def _seal(row: Mapping[str, Any]) -> Seal:
    return Seal(row["trail"], row["origin"], row["size"], bytes(row["root"]), bytes(row["note"]), row["sealed_at"])

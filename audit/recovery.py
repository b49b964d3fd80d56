"""After a backup was put back: trails that the signer knows larger, or otherwise, go on under a new origin.

The first entry under it quotes the head that was sealed and is lost, so that whoever holds that seal can tell what happened.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import audit
import database
from audit import keys, merkle, origins, proofs, sealing, signer
from audit.errors import VerificationError
from audit.events import Event
from audit.keyring import SigningKey
from audit.sealed import STREAM
from audit.sealing import Head
from audit.signer import Signed
from audit.tables import Head as HeadRow


@dataclass(frozen=True, slots=True)
class Recovered:
    """``signed_size`` entries had been sealed; the database that was put back had ``restored_size``."""

    trail: str
    origin: str
    old_origin: str
    signed_size: int
    restored_size: int


async def recover_some(trails: Sequence[str], own: Sequence[SigningKey], *, memory_lost: bool) -> tuple[Recovered, ...]:
    """Those of the trails that need it; nothing is recorded in others.

    ``memory_lost``: the stored seals signed by ``own`` stand in for what the signer does not remember any more.
    """
    async with database.read():
        heads = await sealing.heads_of(trails)
    if memory_lost:
        await _adopt_stored(heads, own)
    known = await asyncio.to_thread(signer.remembered, keys.folder(), [head.origin for head in heads])
    async with database.read():  # again: what was signed in between counts for no loss
        heads = await sealing.heads_of(trails)
        gone = [head.trail for head in heads if head.origin in known and not await continues(head, known[head.origin])]
    return tuple([await _recover(trail, known) for trail in gone])


async def lost(trail: str) -> Signed | None:
    """What was signed last, when the trail does not lead on from it; None when it does, or where this process does not sign."""
    if not (keys.folder() / signer.FILE).exists():
        return None
    async with database.read():
        heads = await sealing.heads_of([trail])
    known = await asyncio.to_thread(signer.remembered, keys.folder(), [head.origin for head in heads])
    async with database.read():
        for head in await sealing.heads_of([trail]):
            if head.origin in known and not await continues(head, known[head.origin]):
                return known[head.origin]
    return None


async def continues(head: Head, last: Signed) -> bool:
    """Whether the trail holds what was signed. Inside the caller's read unit."""
    if head.size < last.size:
        return False
    proof = await proofs.consistency(head.trail, last.size, head.size) if last.size < head.size else ()
    try:
        merkle.verify_consistency(size1=last.size, size2=head.size, root1=last.root, root2=head.root, proof=proof)
    except VerificationError:
        return False
    return True


async def _adopt_stored(heads: Sequence[Head], own: Sequence[SigningKey]) -> None:
    async with database.read():
        rows = await sealing.newest_stored([head.origin for head in heads]) if heads else []
    stored = [Signed(row["origin"], row["size"], bytes(row["root"]), bytes(row["note"])) for row in rows]
    ours = [one for one in stored if sealing.is_signed_by(own, one.note)]
    await asyncio.to_thread(signer.adopt, keys.folder(), ours)


async def _recover(trail: str, known: Mapping[str, Signed]) -> Recovered:
    """One unit: the head is locked first, so that the new origin begins exactly where the trail ends."""
    async with audit.recording(None) as record:
        row = await database.locked(HeadRow.objects().where(HeadRow.trail == trail)).first()
        old = await origins.current(trail)
        if row is None or old is None or old.origin not in known:
            raise RuntimeError(f"the trail {trail} changed its origin meanwhile: run vouch trail recover again")
        last = known[old.origin]
        origin = await origins.begin(trail, row.size)
        facts: dict[str, Any] = {
            "old_origin": old.origin,
            "signed_size": last.size,
            "signed_root": last.root.hex(),
            "restored_size": row.size,
            "restored_root": merkle.frontier_root(bytes(row.frontier)).hex(),
        }
        record(Event.TRAIL_RECOVERED, stream=STREAM, subject="trail", facts=facts, trail=trail)
    return Recovered(trail, origin, old.origin, last.size, row.size)

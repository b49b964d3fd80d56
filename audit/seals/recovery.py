"""After a backup was put back: trails that the signer knows to be longer, or different, go on under a new origin.

The first entry under it quotes the head that was sealed and is lost, so that whoever holds that seal can tell what happened.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import audit
import database
from audit import merkle
from audit.errors import VerificationError
from audit.events import Event
from audit.log import origins, proofs
from audit.log.origins import Origin
from audit.seals import keys, sealing, signer
from audit.seals.keyring import SigningKey
from audit.seals.sealing import TrailHead
from audit.seals.signer import Signed
from audit.tables import Entry, HeadRow, Opening
from base.viewer import ABOUT_THE_TRAIL


@dataclass(frozen=True, slots=True)
class Recovered:
    """``signed_size`` entries had been sealed; the database that was put back had ``restored_size``."""

    trail: str
    origin: str
    old_origin: str
    signed_size: int
    restored_size: int


async def recover_some(trails: Sequence[str], own: Sequence[SigningKey], *, memory_lost: bool) -> tuple[Recovered, ...]:
    """Gives a new origin to those of the trails that need one; records nothing in the others.

    ``memory_lost``: the stored seals signed by ``own`` stand in for what the signer does not remember any more.
    """
    async with database.read():
        heads = await sealing.heads_of(trails)
    if memory_lost:
        await _adopt_stored(heads, own)
    known = await _known(trails, heads)
    async with database.read():  # again: what was signed in between counts for no loss
        heads = await sealing.heads_of(trails)
        gone = [(head, last) for head in heads if (last := await known.lost(head))]
    return tuple([await _recover(head.trail, last) for head, last in gone])


async def recover_vanished() -> tuple[Recovered, ...]:
    """Trails that were sealed and of which the database has nothing begin again, with an entry that quotes what was sealed."""
    found = []
    for trail in await sealing.vanished():
        known = await _known([trail], [])
        last = known.signed[known.names[trail]]
        facts = _facts(last, last.origin, 0, merkle.EMPTY_ROOT)
        async with audit.recording(None) as record:
            record(Event.TRAIL_RECOVERED, stream=ABOUT_THE_TRAIL, subject=ABOUT_THE_TRAIL, facts=facts, trail=trail)
        async with database.read():
            now = await origins.current(trail)
        if now is None:
            raise RuntimeError(f"got no origin for the trail {trail}, want one: run vouch trail fsck")
        await asyncio.to_thread(signer.rename, keys.folder(), trail, now.origin)
        found.append(Recovered(trail, now.origin, last.origin, last.size, 0))
    return tuple(found)


async def lost(trail: str) -> Signed | None:
    """What was signed last, when the trail does not lead on from it; None when it does, or where this process does not sign."""
    if not (keys.folder() / signer.FILE).exists():
        return None
    async with database.read():
        heads = await sealing.heads_of([trail])
    known = await _known([trail], heads)
    async with database.read():
        heads = await sealing.heads_of([trail])
        if not heads:
            return known.signed.get(known.names.get(trail, ""))
        return await known.lost(heads[0])


async def begun_anew(trail: str) -> tuple[int, ...]:
    """The positions of the entries with which the trail went on without what had been sealed. Opens its own read unit."""
    says_so = (Entry.trail == trail) & (Entry.stream == ABOUT_THE_TRAIL) & (Entry.type == Event.TRAIL_RECOVERED.value)
    async with database.read():
        return tuple(await Entry.select(Entry.idx).where(says_so).order_by(Entry.idx).output(as_list=True))


@dataclass(frozen=True, slots=True)
class _SignerMemory:
    """What the signer remembers: what it signed, by origin, and under which origin each trail goes on."""

    signed: Mapping[str, Signed]
    names: Mapping[str, str]

    async def lost(self, head: TrailHead) -> Signed | None:
        """Inside the caller's read unit. A trail under another name than the one it was sealed as has lost it."""
        name = self.names.get(head.trail, head.origin)
        last = self.signed.get(name)
        is_there = last is None or (name == head.origin and await continues(head, last))
        return None if is_there else last


async def _known(trails: Sequence[str], heads: Sequence[TrailHead]) -> _SignerMemory:
    names = await asyncio.to_thread(signer.names, keys.folder(), trails)
    asked = sorted({*names.values(), *(head.origin for head in heads)})
    return _SignerMemory(await asyncio.to_thread(signer.remembered, keys.folder(), asked), names)


async def continues(head: TrailHead, last: Signed) -> bool:
    """Whether the trail holds what was signed. Inside the caller's read unit."""
    if head.size < last.size:
        return False
    proof = await proofs.consistency(head.trail, last.size, head.size) if last.size < head.size else ()
    try:
        merkle.verify_consistency(size1=last.size, size2=head.size, root1=last.root, root2=head.root, proof=proof)
    except VerificationError:
        return False
    return True


async def _adopt_stored(heads: Sequence[TrailHead], own: Sequence[SigningKey]) -> None:
    async with database.read():
        rows = await sealing.newest_stored([head.origin for head in heads]) if heads else []
    stored = [Signed(row["origin"], row["size"], bytes(row["root"]), bytes(row["note"])) for row in rows]
    ours = [one for one in stored if sealing.is_signed_by(own, one.note)]
    await asyncio.to_thread(signer.adopt, keys.folder(), ours)


async def _recover(trail: str, last: Signed) -> Recovered:
    """In one unit: the head is locked first, so that the new origin begins exactly where the trail ends.

    Where an earlier attempt was stopped after it had recorded its entry, only the signer has to be told.
    """
    if begun := await _origin_already_begun(trail, last):
        await asyncio.to_thread(signer.rename, keys.folder(), trail, begun.origin)
        return Recovered(trail, begun.origin, last.origin, last.size, begun.start)
    async with audit.recording(None) as record:
        row = await database.locked(HeadRow.objects().where(HeadRow.trail == trail)).first()
        old = await origins.current(trail)
        if row is None or old is None:
            raise RuntimeError(f"the trail {trail} is not there any more: run vouch trail recover again")
        origin = await origins.begin(trail, row.size)
        facts = _facts(last, old.origin, row.size, merkle.frontier_root(bytes(row.frontier)))
        record(Event.TRAIL_RECOVERED, stream=ABOUT_THE_TRAIL, subject=ABOUT_THE_TRAIL, facts=facts, trail=trail)
    await asyncio.to_thread(signer.rename, keys.folder(), trail, origin)
    return Recovered(trail, origin, last.origin, last.size, row.size)


async def _origin_already_begun(trail: str, last: Signed) -> Origin | None:
    """The origin that replaced the one which the signer knows, when an entry quotes exactly what it signed."""
    async with database.read():
        known = await origins.of(trail)
        if last.origin not in {origin.origin for origin in known[:-1]}:
            return None
        first = await Entry.select(Entry.event_id).where((Entry.trail == trail) & (Entry.idx == known[-1].start)).first()
        is_facts = (Opening.event_id == first["event_id"]) & (Opening.field == "facts") if first else None
        opened = await Opening.select(Opening.value).where(is_facts).first() if is_facts else None
    facts = json.loads(opened["value"]) if opened else {}
    is_quoted = (facts.get("signed_size"), facts.get("signed_root")) == (last.size, last.root.hex())
    return known[-1] if is_quoted else None


def _facts(last: Signed, old_origin: str, size: int, root: bytes) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "old_origin": old_origin,
        "signed_size": last.size,
        "signed_root": last.root.hex(),
        "restored_size": size,
        "restored_root": root.hex(),
    }
    return facts if last.origin == old_origin else facts | {"signed_origin": last.origin}

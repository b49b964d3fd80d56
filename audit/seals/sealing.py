"""Makes seals: one verb for many trails, in short units of work. What the signer refuses stays unsealed, and says why."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import structlog
from piccolo.query.functions import Max

import database
from audit import merkle
from audit.errors import VerificationError
from audit.log import proofs
from audit.note import open_note
from audit.seals import keys, signer
from audit.seals.keyring import SigningKey
from audit.seals.signer import Overtaken, Signed, SigningRefused, SigningRequest
from audit.tables import CheckpointRow, Trail
from base import clock

BATCH: Final = 100  # trails in one unit of work: a tenth of a second
TRIES: Final = 5  # when another process signs the same trails at the same moment

FORGOTTEN: Final = (
    "There is a seal of {size} entries, and the signer does not remember it: its folder is an older copy. Put back the newest "
    "copy of VOUCH_KEYS. If there is none, run: vouch trail recover --memory-lost"
)

VANISHED: Final = (
    "This trail was sealed, and the database has nothing of it: an older one was put back, or it was removed. "
    "Restore a newer backup if there is one. If not, run: vouch trail recover"
)

HEADLESS: Final = (
    "The database does not say how many entries this trail has: its row in audit_head is gone, or counts none. Restore a newer "
    "backup; vouch trail fsck says what else is amiss"
)

log = structlog.get_logger("vouch.seals")


@dataclass(frozen=True, slots=True)
class SealingResult:
    """What became of a batch: trails sealed anew, trails that had not grown, and for others the sentence why not."""

    sealed: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TrailHead:
    """A trail as it is: its current origin, its size, and the root hash over all entries."""

    trail: str
    origin: str
    size: int
    root: bytes


async def all_trails() -> tuple[str, ...]:
    async with database.read():
        return tuple(await Trail.select(Trail.owner).order_by(Trail.owner).output(as_list=True))


async def vanished() -> tuple[str, ...]:
    """Trails that were sealed here and that the database does not have; the log says so. Opens its own read unit."""
    known = await asyncio.to_thread(signer.trails, keys.folder())
    gone = tuple(sorted(set(known) - set(await all_trails())))
    for trail in gone:
        log.error("seal_refused", trail=trail, why=VANISHED)
    return gone


async def seal_in_batches(trails: Sequence[str], own: Sequence[SigningKey]) -> AsyncIterator[SealingResult]:
    for start in range(0, len(trails), BATCH):
        yield await seal_some(trails[start : start + BATCH], own)


async def seal_some(trails: Sequence[str], own: Sequence[SigningKey]) -> SealingResult:
    """One batch, signed with every key of ``own``. Opens its own units."""
    waiting = await _grown(trails)
    refused = dict.fromkeys(await _headless(trails) if trails else (), HEADLESS)
    unchanged = tuple(trail for trail in trails if trail not in {head.trail for head in waiting} | refused.keys())
    sealed: list[str] = []
    elsewhere: list[str] = []  # another process sealed the same at the same moment: it counts them
    for _ in range(TRIES):
        trail_of = {head.origin: head.trail for head in waiting}
        answers = await _ask_signer(waiting, own) if waiting else ()
        signed = [answer for answer in answers if isinstance(answer, Signed)]
        ours = await store(signed, trail_of)
        sealed += [trail_of[origin] for origin in ours]
        elsewhere += [trail_of[answer.origin] for answer in signed if answer.origin not in ours]
        refused |= {trail_of[answer.origin]: answer.sentence for answer in answers if isinstance(answer, SigningRefused)}
        overtaken = {answer.origin for answer in answers if isinstance(answer, Overtaken)}
        waiting = [head for head in waiting if head.origin in overtaken]
    for trail, sentence in refused.items():
        log.error("seal_refused", trail=trail, why=sentence)
    return SealingResult(tuple(sealed), (*unchanged, *elsewhere), refused)


async def _headless(trails: Sequence[str]) -> tuple[str, ...]:
    """Those that have entries, or that were sealed, and no head by which to seal them. Opens its own read unit."""
    async with database.read():
        rows: list[dict[str, Any]] = await Trail.raw(
            f"""SELECT t.owner AS trail, EXISTS (SELECT 1 FROM audit_entry e WHERE e.trail = t.owner) AS has_entries
            FROM audit_trail t WHERE t.owner IN ({", ".join(["{}"] * len(trails))})
            AND NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.trail = t.owner AND h.size > 0)""",  # noqa: S608 - marks only
            *trails,
        )
    found = {row["trail"]: row["has_entries"] for row in rows}
    known = await asyncio.to_thread(signer.names, keys.folder(), list(found)) if found else {}
    return tuple(trail for trail, has_entries in found.items() if has_entries or trail in known)


async def heads_of(trails: Sequence[str]) -> list[TrailHead]:
    """Inside the caller's read unit; trails without an entry are left out."""
    rows: list[dict[str, Any]] = await Trail.raw(
        f"""SELECT t.owner AS trail, h.size AS size, h.frontier AS frontier, coalesce((SELECT o.origin FROM audit_origin o
        WHERE o.trail = t.owner ORDER BY o.start DESC LIMIT 1), t.origin) AS origin FROM audit_trail t
        JOIN audit_head h ON h.trail = t.owner WHERE h.size > 0 AND t.owner IN ({", ".join(["{}"] * len(trails))})""",  # noqa: S608 - marks only
        *trails,
    )
    return [TrailHead(row["trail"], row["origin"], row["size"], merkle.frontier_root(bytes(row["frontier"]))) for row in rows]


async def ask_for(head: TrailHead, last: Signed | None) -> SigningRequest:
    """A request to sign this head. Inside the caller's read unit, which began after ``last`` was read."""
    after = last.size if last else 0
    proof = await proofs.consistency(head.trail, after, head.size) if 0 < after < head.size else ()
    return SigningRequest(head.trail, head.origin, head.size, head.root, after, proof)


async def newest_stored(origins: Sequence[str]) -> list[dict[str, Any]]:
    """The largest stored checkpoint of each origin, as rows; inside the caller's unit."""
    rows: list[dict[str, Any]] = await CheckpointRow.raw(
        f"""SELECT c.origin AS origin, c.size AS size, c.root AS root, c.note AS note FROM audit_checkpoint c
        WHERE c.origin IN ({", ".join(["{}"] * len(origins))})
        AND c.size = (SELECT max(d.size) FROM audit_checkpoint d WHERE d.origin = c.origin)""",  # noqa: S608 - marks only
        *origins,
    )
    return rows


async def newest_sizes(origins: Sequence[str]) -> Mapping[str, int]:
    """How many entries the largest stored checkpoint of each origin covers. Opens its own unit."""
    async with database.read():
        return {row["origin"]: row["size"] for row in await newest_stored(origins)}


def is_signed_by(own: Sequence[SigningKey], note: bytes) -> bool:
    try:
        open_note(note, [key.vkey for key in own])
    except VerificationError:
        return False
    return True


async def store(signed: Sequence[Signed], trail_of: Mapping[str, str]) -> frozenset[str]:
    """Enters seals that are not there yet, and returns the origins of those.

    They need no entry of their own: that would make a trail grow by being sealed.
    """
    if not signed:
        return frozenset()
    async with database.housekeeping():
        stored = {(row["origin"], row["size"]) for row in await newest_stored([one.origin for one in signed])}
        last = await _last_sealed({trail_of[one.origin] for one in signed})
        rows = [
            CheckpointRow(
                id=uuid4(),
                trail=trail_of[one.origin],
                origin=one.origin,
                size=one.size,
                root=one.root,
                note=one.note,
                sealed_at=clock.after(last.get(trail_of[one.origin])),  # the latest seal is the one that was stored last
            )
            for one in signed
            if (one.origin, one.size) not in stored
        ]
        if not rows:
            return frozenset()
        entered = await CheckpointRow.insert(*rows).on_conflict(action="DO NOTHING").returning(CheckpointRow.origin)
        return frozenset(row["origin"] for row in entered)


async def _last_sealed(trails: Collection[str]) -> Mapping[str, datetime]:
    """When the last seal of each of these was stored. Inside the caller's unit."""
    query = CheckpointRow.select(CheckpointRow.trail, Max(CheckpointRow.sealed_at, alias="last"))
    rows = await query.where(database.among(CheckpointRow.trail, trails)).group_by(CheckpointRow.trail)
    return {row["trail"]: database.moment_of(row["last"]) for row in rows}


async def _grown(trails: Sequence[str]) -> list[TrailHead]:
    """Heads that are not what was last signed and stored: few of the thousands that are looked at each hour."""
    async with database.read():
        heads = await heads_of(trails) if trails else []
        stored = {row["origin"]: row["size"] for row in await newest_stored([head.origin for head in heads])} if heads else {}
    known = await _remembered(heads)

    def is_sealed(head: TrailHead) -> bool:
        last = known.get(head.origin)
        return last is not None and (last.size, last.root, stored.get(head.origin)) == (head.size, head.root, head.size)

    return [head for head in heads if not is_sealed(head)]


async def _ask_signer(waiting: Sequence[TrailHead], own: Sequence[SigningKey]) -> tuple[signer.SigningAnswer, ...]:
    """The signer's memory is read before the heads are, so a head that is behind it has gone back."""
    known = await _remembered(waiting)
    async with database.read():
        heads = await heads_of([head.trail for head in waiting])
        asks = [await ask_for(head, known.get(head.origin)) for head in heads]
        stored = await newest_stored([head.origin for head in heads])
    forgotten = {
        row["origin"]: SigningRefused(row["origin"], FORGOTTEN.format(size=row["size"]))
        for row in stored
        if row["size"] > _size(known.get(row["origin"])) and is_signed_by(own, bytes(row["note"]))
    }
    fit = [ask for ask in asks if ask.origin not in forgotten]
    return (*forgotten.values(), *await asyncio.to_thread(signer.sign, keys.folder(), own, fit))


async def _remembered(heads: Sequence[TrailHead]) -> Mapping[str, Signed]:
    return await asyncio.to_thread(signer.remembered, keys.folder(), [head.origin for head in heads])


def _size(signed: Signed | None) -> int:
    return signed.size if signed else 0

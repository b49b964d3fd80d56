"""What witnesses said of our seals, kept beside them: that they saw one, and when, or that they were shown something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import uuid4

import database
from audit.tables import Cosignature
from base import clock

# Behind these a pack's file of the seal would be larger than verifiers read.
MOST_NOTE_BYTES: Final = 60_000

Doubt = Literal["", "history", "ahead"]  # seen; it saw another history; it saw more entries than there are


@dataclass(frozen=True, slots=True)
class Seen:
    """What one witness said of one seal. ``lines`` are its signature lines, none if it doubts; ``at`` when it says it saw it."""

    witness: str
    size: int
    doubt: Doubt
    lines: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class UnseenSeal:
    """A trail's newest seal, which a witness has not seen; ``after`` is the size that it saw last, as far as we know."""

    trail: str
    origin: str
    size: int
    note: bytes
    after: int


async def of(origin: str, size: int) -> tuple[Seen, ...]:
    """Oldest first. Inside the caller's unit."""
    is_it = (Cosignature.origin == origin) & (Cosignature.size == size)
    return tuple(_seen(row) for row in await Cosignature.select().where(is_it).order_by(Cosignature.at, Cosignature.witness))


async def newest(origin: str) -> tuple[Seen, ...]:
    """The newest word of each witness on any seal of this origin, oldest first. Opens its own unit."""
    async with database.read():
        rows = await Cosignature.select().where(Cosignature.origin == origin).order_by(Cosignature.size, Cosignature.at)
    return tuple({row["witness"]: _seen(row) for row in rows}.values())


async def note_with_lines(note: bytes, origin: str, size: int) -> bytes:
    """The seal with the lines of the witnesses that saw it, as far as they fit. Opens its own unit."""
    async with database.read():
        seen = await of(origin, size)
    for one in seen:
        if len(note) + len(one.lines) <= MOST_NOTE_BYTES:
            note += one.lines
    return note


async def unseen(trails: Sequence[str], witness: str) -> list[UnseenSeal]:
    """The newest seals of these trails, under their current origins, that this witness has not seen. Opens its own unit."""
    if not trails:
        return []
    async with database.read():
        rows: list[dict[str, Any]] = await Cosignature.raw(
            f"""SELECT c.trail AS trail, c.origin AS origin, c.size AS size, c.note AS note,
                coalesce((SELECT max(k.size) FROM audit_cosignature k
                    WHERE k.origin = c.origin AND k.witness = {{}} AND k.doubt = ''), 0) AS after
            FROM audit_trail t JOIN audit_checkpoint c ON c.trail = t.owner
            WHERE c.origin = coalesce((SELECT o.origin FROM audit_origin o WHERE o.trail = t.owner ORDER BY o.start DESC LIMIT 1),
                    t.origin)
                AND c.size = (SELECT max(d.size) FROM audit_checkpoint d WHERE d.origin = c.origin)
                AND NOT EXISTS (SELECT 1 FROM audit_cosignature k
                    WHERE k.origin = c.origin AND k.witness = {{}} AND k.size = c.size AND k.doubt = '')
                AND t.owner IN ({", ".join(["{}"] * len(trails))}) ORDER BY t.owner""",  # noqa: S608 - marks only
            *(witness, witness, *trails),
        )
    return [UnseenSeal(row["trail"], row["origin"], row["size"], bytes(row["note"]), row["after"]) for row in rows]


async def keep(seal: UnseenSeal, witness: str, *, doubt: Doubt = "", lines: bytes = b"", at: datetime | None = None) -> None:
    """Remembers what a witness said, once; leaves no entry, which would make the trail grow by being seen."""
    row = Cosignature(
        id=uuid4(),
        trail=seal.trail,
        origin=seal.origin,
        size=seal.size,
        witness=witness,
        doubt=doubt,
        lines=lines,
        at=at or clock.now(),
    )
    said = (Cosignature.origin == seal.origin) & (Cosignature.size == seal.size)
    said &= (Cosignature.witness == witness) & (Cosignature.doubt == doubt)
    async with database.housekeeping():
        if not await Cosignature.exists().where(said):
            await Cosignature.insert(row).on_conflict(action="DO NOTHING")


def _seen(row: dict[str, Any]) -> Seen:
    return Seen(row["witness"], row["size"], row["doubt"], bytes(row["lines"]), row["at"])

"""Time stamps of our seals, kept beside them: who says that a seal was there, and when; and how the last asking went."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

import database
from audit.stamps.tokens import NotATimeStamp, read_answer
from audit.stamps.trust import TimeStamp
from audit.tables import TimeStampRow
from base import clock


@dataclass(frozen=True, slots=True)
class Stamped:
    """A time stamp that is stored. ``by`` is whoever gave it, ``at`` its time by that clock, ``answer`` all that came."""

    size: int
    by: str
    at: datetime
    answer: bytes


@dataclass(frozen=True, slots=True)
class UnstampedSeal:
    """A trail's newest seal, which has no time stamp yet."""

    trail: str
    origin: str
    size: int
    note: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the service gave no time stamp that can be used when this process asked last, and when that was."""

    service: str
    why: str
    at: datetime


_failed: Final[dict[str, Failure]] = {}  # of this process: the one that asks is the one whose pages say so


def note_failure(service: str, why: str) -> None:
    _failed[service] = Failure(service, why, clock.now())


def note_success(service: str) -> None:
    _failed.pop(service, None)


def failure() -> Failure | None:
    """None where the last asking went well, or this process has not asked."""
    return max(_failed.values(), key=lambda one: one.at, default=None)


async def newest(origin: str) -> Stamped | None:
    """The time stamp of the largest seal of this origin that has one. Opens its own unit."""
    async with database.read():
        row = (
            await TimeStampRow.select().where(TimeStampRow.origin == origin).order_by(TimeStampRow.size, ascending=False).first()
        )
    return _stamped(row) if row else None


async def of(origin: str, size: int, note: bytes) -> Stamped | None:
    """The time stamp of this seal; None too where the one that is stored is about something else. Opens its own unit."""
    async with database.read():
        row = await TimeStampRow.select().where((TimeStampRow.origin == origin) & (TimeStampRow.size == size)).first()
    return _stamped(row) if row and is_about(bytes(row["answer"]), note) else None


def is_about(answer: bytes, note: bytes) -> bool:
    try:
        return read_answer(answer).imprint == sha256(note).digest()
    except NotATimeStamp:
        return False


async def unstamped(most: int, trail: str | None = None) -> list[UnstampedSeal]:
    """The newest seals without a time stamp, of all trails or one, under their current origins. First the trails that never had a
    time stamp, then those whose last one is the oldest. Opens its own unit.
    """
    async with database.read():
        rows: list[dict[str, Any]] = await TimeStampRow.raw(
            f"""SELECT c.trail AS trail, c.origin AS origin, c.size AS size, c.note AS note
            FROM audit_trail t JOIN audit_checkpoint c ON c.trail = t.owner
            WHERE c.origin = coalesce((SELECT o.origin FROM audit_origin o WHERE o.trail = t.owner ORDER BY o.start DESC LIMIT 1),
                    t.origin)
                AND c.size = (SELECT max(d.size) FROM audit_checkpoint d WHERE d.origin = c.origin)
                AND NOT EXISTS (SELECT 1 FROM audit_time_stamp s WHERE s.origin = c.origin AND s.size = c.size)
                {"AND t.owner = {}" if trail else ""}
            ORDER BY (SELECT max(s.at) FROM audit_time_stamp s WHERE s.origin = c.origin) NULLS FIRST, t.owner LIMIT {{}}""",  # noqa: S608 - marks only
            *([trail] if trail else []),
            most,
        )
    return [UnstampedSeal(row["trail"], row["origin"], row["size"], bytes(row["note"])) for row in rows]


async def keep(seal: UnstampedSeal, stamp: TimeStamp, answer: bytes) -> None:
    """Stores an answer that was checked, once; leaves no entry, which would make the trail grow by being stamped."""
    row = TimeStampRow(
        id=uuid4(),
        trail=seal.trail,
        origin=seal.origin,
        size=seal.size,
        by=stamp.by,
        at=datetime.fromtimestamp(stamp.at / 1_000_000, UTC),
        answer=answer,
    )
    has_one = (TimeStampRow.origin == seal.origin) & (TimeStampRow.size == seal.size)
    async with database.housekeeping():
        if not await TimeStampRow.exists().where(has_one):
            await TimeStampRow.insert(row).on_conflict(action="DO NOTHING")


def _stamped(row: dict[str, Any]) -> Stamped:
    return Stamped(row["size"], row["by"], row["at"], bytes(row["answer"]))

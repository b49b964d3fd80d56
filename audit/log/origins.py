"""The origin of each entry of a trail: one from the first entry on, and another from each recovery on.

Everything here works inside the caller's unit.
"""

import os
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from audit.tables import OriginRow, Trail
from base import settings

# $1 is the trail. Part of a larger query where entries are written (audit/log/recording.py).
OF_A_TRAIL: Final = """SELECT origin, 0 AS start FROM audit_trail WHERE owner = $1
    UNION ALL SELECT origin, start FROM audit_origin WHERE trail = $1"""


@dataclass(frozen=True, slots=True)
class Origin:
    """The name of a trail, from the entry at position ``start`` on."""

    origin: str
    start: int


async def of(trail: str) -> tuple[Origin, ...]:
    """A trail's origins in the order of their starts, the first with start 0; none for a trail that has no entry yet."""
    rows: list[dict[str, Any]] = await Trail.raw(f"{OF_A_TRAIL} ORDER BY start".replace("$1", "{}"), trail, trail)
    return tuple(Origin(row["origin"], row["start"]) for row in rows)


async def current(trail: str) -> Origin | None:
    """The origin of a trail's next entry; None for a trail that has no entry yet."""
    known = await of(trail)
    return known[-1] if known else None


def new() -> str:
    """An origin that no trail has: this installation's name and 8 random bytes."""
    return f"{urlsplit(settings.current().origin).netloc}/trail/{os.urandom(8).hex()}"


async def begin(trail: str, start: int) -> str:
    """Gives the trail a new origin from the entry ``start`` on, which must say why. In a write unit, with the head locked."""
    origin = new()
    await OriginRow.insert(OriginRow(origin=origin, trail=trail, start=start))
    return origin

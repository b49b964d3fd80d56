"""Whose a trail says that it is: `trail.begun`, and each `trail.renamed` since.

A new trail says so in its first entry (`happening.py`). One that is older says it as soon as the job comes to it, from which on
it is named.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import database
from audit.events import Event
from audit.log import known
from audit.log.known import Owner
from audit.log.recording import OPERATOR, Record, recording
from audit.tables import Entry, HeadRow, Trail
from base.viewer import ABOUT_THE_TRAIL

BATCH: Final = 25  # trails told in one unit of work, whose heads nobody else can write to meanwhile
SAYING: Final = (Event.TRAIL_BEGUN.value, Event.TRAIL_RENAMED.value)
_SAID: Final = f"""SELECT e.trail AS trail, e.idx AS idx, o.value AS value FROM audit_entry e
    JOIN audit_opening o ON o.event_id = e.event_id AND o.field = 'facts'
    WHERE e.trail = {{}} AND e.stream = '{ABOUT_THE_TRAIL}' AND e.type IN ('{SAYING[0]}', '{SAYING[1]}')"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Said:
    """Whose a trail says that it is, since the entry at position ``idx``."""

    owner: Owner
    idx: int


async def said(trail: str, *, size: int | None = None) -> Said | None:
    """What the newest of the first ``size`` entries that says so says; None while no entry does. Inside the caller's unit."""
    limit = "" if size is None else " AND e.idx < {}"
    rows = await Entry.raw(f"{_SAID}{limit} ORDER BY e.idx DESC LIMIT 1", trail, *(() if size is None else (size,)))
    return Said(_owner_in(json.loads(rows[0]["value"])), rows[0]["idx"]) if rows else None


async def owners_of(trail: str) -> tuple[Owner, ...]:
    """Every owner that the trail says it ever was of, oldest first. Inside the caller's unit."""
    rows = await Entry.raw(f"{_SAID} ORDER BY e.idx", trail)
    return tuple(_owner_in(json.loads(row["value"])) for row in rows)


async def fault(trail: str) -> tuple[int, str] | None:
    """Where the trail says that it is another's than the records do: the position of the entry, and a sentence without its end.

    None where they agree, or one of them says nothing. The installation's own name is no record but a setting, which is another
    where a backup is tried out, and until the job has told of a new one: only its kind is compared. Inside the caller's unit.
    """
    told, now = await said(trail), (await known.owners([trail])).get(trail)
    if told is None or now is None or told.owner == now:
        return None
    if now.kind == told.owner.kind and trail == OPERATOR:
        return None
    return (
        told.idx,
        f"it says that the trail is that of {in_words(told.owner)}, and our records that of {in_words(now)}",
    )


def in_words(owner: Owner) -> str:
    number = {"school": "URN", "trust": "UID"}.get(owner.kind, "number")
    return f"{owner.name}, {number} {owner.number}" if owner.number else owner.name


async def unnamed() -> tuple[str, ...]:
    """Trails that don't say whose they are, and of which somebody knows. Opens its own read unit."""
    async with database.read():
        silent = await _silent()
        knows = await known.owners(silent)
    return tuple(trail for trail in silent if trail in knows)


async def name_all() -> AsyncIterator[int]:
    """Every trail from before there was `trail.begun` says whose it is; yields how many each batch told.

    The operator's trail also says when the installation has another name. Whatever stops it, the next run goes on.
    """
    trails = await unnamed()
    for start in range(0, len(trails), BATCH):
        yield await _name_some(trails[start : start + BATCH])
    async with recording(None) as record:
        if not await tell_renamed(record, [OPERATOR]):
            record.unchanged()


async def tell_renamed(record: Record, trails: Collection[str]) -> int:
    """Records in each of these trails that says otherwise whose it is now; returns how many. Inside the caller's unit.

    Called where a school's name or number was changed, after it was.
    """
    now, told = await known.owners(trails), 0
    for trail, owner in sorted(now.items()):
        before = await said(trail)
        if before is None or before.owner == owner:
            continue
        facts = {"old": before.owner.facts, "new": owner.facts}
        _record(record, Event.TRAIL_RENAMED, trail, facts)
        told += 1
    return told


async def _name_some(trails: Collection[str]) -> int:
    """Asks again behind the locks: another process may have told them meanwhile."""
    async with recording(None) as record:
        heads = HeadRow.select(HeadRow.trail, HeadRow.size).where(database.among(HeadRow.trail, trails)).order_by(HeadRow.trail)
        sizes = {row["trail"]: row["size"] for row in await database.locked(heads)}
        silent = [trail for trail in await _silent(trails) if trail in sizes]
        told = await known.owners(silent)
        for trail, owner in sorted(told.items()):
            _record(record, Event.TRAIL_BEGUN, trail, {**owner.facts, "late": True, "size": sizes[trail]})
        if not told:
            record.unchanged()
    return len(told)


async def _silent(trails: Collection[str] | None = None) -> list[str]:
    """Of these trails, or of all, those without an entry that says whose they are. Inside the caller's unit."""
    rows = await Trail.raw(
        """SELECT t.owner AS owner FROM audit_trail t WHERE NOT EXISTS (SELECT 1 FROM audit_entry e
        WHERE e.trail = t.owner AND e.stream = {} AND e.type = {}) ORDER BY t.owner""",
        ABOUT_THE_TRAIL,
        Event.TRAIL_BEGUN.value,
    )
    return [row["owner"] for row in rows if trails is None or row["owner"] in trails]


def _record(record: Record, event: Event, trail: str, facts: Mapping[str, Any]) -> None:
    record.by(None)(event, stream=ABOUT_THE_TRAIL, subject=ABOUT_THE_TRAIL, facts=facts, trail=trail)


def _owner_in(facts: Mapping[str, Any]) -> Owner:
    return known.owner_in(facts.get("new", facts))

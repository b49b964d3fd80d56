"""Recomputes a whole trail from its stored bytes and names the first entry that does not fit.

Finds what was changed, removed, added or reordered behind the triggers by somebody who did not recompute everything
else to match. Whoever did is caught only by an independent copy: a seal, a pack, a backup. Not part of the record, and
so not checked, are the ids of rows and whom a personal value is noted to be about. Of other slices' records it asks only
whether the names that the trail commits are still theirs. Words count entries from 1, ``idx`` from 0.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from audit.log import fsck_entry, fsck_head, fsck_seals
from audit.log.fsck_entry import UNREADABLE, Bad, Row, State
from audit.log.fsck_seals import SealsAndOrigins
from audit.tables import CheckpointRow, Entry, HeadRow, Node, Opening, OriginRow, StreamRow, Trail
from audit.times import Times

PAGE: Final = 1000  # entries read at a time: a million-entry trail is checked in bounded memory
STRETCH: Final = 50  # entries checked in one go, some 10 ms: meanwhile nobody gets a page from this process
_ENTRIES: Final = """SELECT event_id, trail, idx, header, leaf_hash, type, at, stream, sseq, subject FROM audit_entry
    WHERE trail = $1 AND idx > $2 ORDER BY idx LIMIT $3"""
_NODES: Final = "SELECT level, n, hash FROM audit_node WHERE trail = $1"
_OPENINGS: Final = "SELECT event_id, field, salt, value, person FROM audit_opening WHERE event_id = ANY($1)"


@dataclass(frozen=True, slots=True)
class Finding:
    """``idx`` is the first bad position, None when no one entry is at fault; ``trail`` is "" for what belongs to no trail."""

    trail: str
    idx: int | None
    what: str


@dataclass(frozen=True, slots=True)
class TrailVerdict:
    """What a check of one trail found: the root hash over its ``entries``, and the first fault, None where all holds."""

    trail: str
    entries: int
    root: bytes
    finding: Finding | None
    times: Times


Rows = Sequence[Row]  # of audit_entry, in order
Openings = Mapping[UUID, Mapping[str, Row]]  # rows of audit_opening, by entry and field
Listener = Callable[[Rows, Openings], Awaitable[None]]


async def _nobody(_rows: Rows, _openings: Openings) -> None:
    return


async def trails() -> tuple[str, ...]:
    """Every trail that any table names, so that a vanished row of audit_trail is noticed."""
    async with database.read():
        names: set[str] = set()
        for column in (
            Trail.owner,
            HeadRow.trail,
            StreamRow.trail,
            Node.trail,
            CheckpointRow.trail,
            OriginRow.trail,
            Entry.trail,
        ):
            table = column._meta.table  # noqa: SLF001 - Piccolo names no other way
            names |= set(await table.select(column).group_by(column).output(as_list=True))
    return tuple(sorted(names))


async def sizes() -> dict[str, int]:
    """How many entries each trail says that it has."""
    async with database.read():
        return {row["trail"]: row["size"] for row in await HeadRow.select(HeadRow.trail, HeadRow.size)}


async def strays() -> Finding | None:
    """What belongs to no trail: openings without an entry, and a key of which no entry says that it replaced another."""
    async with database.read():
        (found,) = await Opening.raw(
            "SELECT count(*) AS n FROM audit_opening o WHERE NOT EXISTS (SELECT 1 FROM audit_entry WHERE event_id = o.event_id)"
        )
        fault = f"{found['n']} stored values belong to no entry" if found["n"] else await fsck_seals.fault_of_keys()
    return Finding("", None, fault) if fault else None


async def check(trail: str, *, on_progress: Callable[[int], None] = lambda _: None) -> TrailVerdict:
    """Recomputes one snapshot of one trail. ``on_progress`` is called with the number of entries after each page."""
    async with database.read():
        return await recomputed(trail, on_progress=on_progress)


async def recomputed(
    trail: str, *, on_progress: Callable[[int], None] = lambda _: None, listener: Listener = _nobody, rest: float = 0
) -> TrailVerdict:
    """As ``check``, inside the caller's unit. ``listener`` hears entries that hold, a stretch at a time, with their openings.

    ``rest``: seconds left to others after each stretch.
    """
    state = State(await fsck_seals.of(trail), tags={})
    finding = None
    try:
        await _walk(trail, state, on_progress, listener, rest)
    except Bad as bad:
        finding = Finding(trail, *bad.args)
    except UNREADABLE:
        finding = Finding(trail, None, "the trail's own rows can't be read")
    return TrailVerdict(trail, state.size, state.frontier.root, finding, state.times)


async def _walk(trail: str, state: State, on_progress: Callable[[int], None], listener: Listener, rest: float) -> None:
    _check_origins(state.sealed)
    streams = await StreamRow.select().where(StreamRow.trail == trail)
    state.tags = {row["name"]: _bytes(row["tag"]) for row in streams}
    async for rows, openings in _pages(trail, state):
        for start in range(0, len(rows), STRETCH):
            stretch = rows[start : start + STRETCH]
            for row in stretch:
                fsck_entry.check(state, row, openings.get(row["event_id"], {}))
            await listener(stretch, openings)
            on_progress(len(stretch))
            await asyncio.sleep(rest)
    await _check_derived(trail, state, {row["name"]: row["size"] for row in streams})
    if fault := await state.names.fault(trail):
        raise Bad(*fault)


def _check_origins(known: SealsAndOrigins) -> None:
    if not known.origins or known.origins[0].start != 0:
        raise Bad(None, "the trail's own row is missing")


async def _pages(trail: str, state: State) -> AsyncIterator[tuple[Rows, Openings]]:
    """Entries with their openings. By position, not by offset: a page costs the same anywhere in the trail."""
    last, size = -(2**62), PAGE
    while True:
        try:
            rows: Rows = await database.select(_ENTRIES, trail, last, size)
            openings = await _openings([row["event_id"] for row in rows]) if rows else {}
        except ValueError as error:  # SQLite keeps anything in any column
            if size == 1:
                raise Bad(state.size, "what is stored of it can't be read") from error
            size = 1
            continue
        if not rows:
            return
        yield rows, openings
        last = rows[-1]["idx"]


async def _openings(event_ids: list[UUID]) -> Openings:
    found: dict[UUID, dict[str, Row]] = {}
    for row in await database.select(_OPENINGS, event_ids):
        found.setdefault(row["event_id"], {})[row["field"]] = row
    return found


async def _check_derived(trail: str, state: State, stream_sizes: dict[str, int]) -> None:
    _check_end(state, stream_sizes, await HeadRow.select().where(HeadRow.trail == trail).first())
    if await Entry.count().where(Entry.trail == trail) != state.size:
        raise Bad(None, "some entries are there twice")
    if fault := state.sealed.fault_at_end(state.size):
        raise Bad(state.size, fault)
    stored = {(row["level"], row["n"]): _bytes(row["hash"]) for row in await database.select(_NODES, trail)}
    if wrong := fsck_head.fault_of_nodes(stored, state.nodes):
        raise Bad(*wrong)
    if state.missing:
        raise Bad(min(state.missing)[0], "a value of it is gone, and no entry says that it was erased")


def _check_end(state: State, stream_sizes: dict[str, int], head: dict[str, Any] | None) -> None:
    """Checks that the streams and the head count what was found, and that the head is of what was found."""
    for name, size in stream_sizes.items():
        found = state.sizes.get(name, 0)
        if size != found or not size:
            raise Bad(state.size if size > found else None, f"the stream {name} counts {size} entries, and there are {found}")
    if head is None or head["size"] != state.size:
        raise Bad(state.size, f"the head counts {head['size'] if head else 'nothing'}, and there are {state.size} entries")
    if fault := fsck_head.fault(head, state.frontier.hashes, state.times):
        raise Bad(None, fault)


def _bytes(value: Any) -> bytes:
    """The value as bytes; b"" for a value that is none, which fits nothing."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""

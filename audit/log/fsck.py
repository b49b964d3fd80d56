"""Recomputes a whole trail from its stored bytes and names the first entry that does not fit.

Finds what was changed, removed, added or reordered behind the triggers by somebody who did not recompute everything
else to match. Whoever did is caught only by an independent copy: a seal, a pack, a backup. Not part of the record, and
so not checked, are the ids of rows and whom a personal value is noted to be about. Of other slices' records it asks only
whether the names that the trail commits are still theirs. Words count entries from 1, ``idx`` from 0.
"""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import database
from audit import entry, merkle
from audit.canonical import canonical_json
from audit.events import Event
from audit.log import fsck_seals
from audit.log.fsck_names import Names
from audit.log.fsck_seals import SealsAndOrigins
from audit.tables import CheckpointRow, Entry, HeadRow, Node, Opening, OriginRow, StreamRow, Trail

PAGE: Final = 500  # entries read at a time: a million-entry trail is checked in bounded memory
NEVER_ERASED: Final = ("event", "facts")
UNREADABLE: Final = (TypeError, ValueError, LookupError, AttributeError)  # what odd values in a column make of our reading


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


@dataclass(slots=True)
class _State:
    """What the entries read so far amount to. ``missing``: commitments without an opening, and not yet said to be erased."""

    sealed: SealsAndOrigins
    tags: dict[str, bytes]
    size: int = 0
    frontier: bytes = b""
    sizes: dict[str, int] = field(default_factory=dict)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)  # one for 255 entries
    missing: dict[tuple[int, str], None] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


class _Bad(Exception):
    """Carries the position and the words of a finding out of the walk."""


async def trails() -> tuple[str, ...]:
    """Every trail that any table names, so that a vanished row of audit_trail is noticed."""
    async with database.read():
        names: set[str] = set()
        for column in (Trail.owner, HeadRow.trail, StreamRow.trail, Node.trail, CheckpointRow.trail, OriginRow.trail):
            names |= set(await column._meta.table.select(column).output(as_list=True))  # noqa: SLF001 - Piccolo names no other way
        names |= {row["trail"] for row in await Entry.select(Entry.trail).group_by(Entry.trail)}
    return tuple(sorted(names))


async def sizes() -> dict[str, int]:
    """How many entries each trail says that it has."""
    async with database.read():
        return {row["trail"]: row["size"] for row in await HeadRow.select(HeadRow.trail, HeadRow.size)}


async def strays() -> Finding | None:
    """What belongs to no trail: openings without an entry, and a key of which no entry says that it replaced another."""
    async with database.read():
        (found,) = await Opening.raw(
            "SELECT count(*) AS n FROM audit_opening o "
            "WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.event_id = o.event_id)"
        )
        fault = f"{found['n']} stored values belong to no entry" if found["n"] else await fsck_seals.fault_of_keys()
    return Finding("", None, fault) if fault else None


async def check(trail: str, *, on_progress: Callable[[int], None] = lambda _: None) -> TrailVerdict:
    """Recomputes one snapshot of one trail. ``on_progress`` is called with the number of entries after each page."""
    async with database.read():
        state = _State(await fsck_seals.of(trail), tags={})
        finding = None
        try:
            await _walk(trail, state, on_progress)
        except _Bad as bad:
            finding = Finding(trail, *bad.args)
        except UNREADABLE:
            finding = Finding(trail, None, "the trail's own rows can't be read")
    return TrailVerdict(trail, state.size, merkle.frontier_root(state.frontier), finding)


async def _walk(trail: str, state: _State, on_progress: Callable[[int], None]) -> None:
    _check_origins(state.sealed)
    streams = await StreamRow.select().where(StreamRow.trail == trail)
    state.tags = {row["name"]: _bytes(row["tag"]) for row in streams}
    async for rows, openings in _pages(trail, state):
        for row in rows:
            _check_entry(state, row, openings.get(row["event_id"], {}))
        on_progress(len(rows))
    await _check_derived(trail, state, {row["name"]: row["size"] for row in streams})
    if fault := await state.names.fault(trail):
        raise _Bad(*fault)


def _check_origins(known: SealsAndOrigins) -> None:
    if not known.origins or known.origins[0].start != 0:
        raise _Bad(None, "the trail's own row is missing")


async def _pages(trail: str, state: _State) -> AsyncIterator[tuple[list[dict[str, Any]], dict[UUID, dict[str, dict[str, Any]]]]]:
    """Entries with their openings. By position, not by offset: a page costs the same anywhere in the trail."""
    last, size = -(2**62), PAGE
    while True:
        query = Entry.select().where((Entry.trail == trail) & (Entry.idx > last)).order_by(Entry.idx).limit(size)
        try:
            rows: list[dict[str, Any]] = await query
            openings = await _openings([row["event_id"] for row in rows]) if rows else {}
        except ValueError as error:  # SQLite keeps anything in any column
            if size == 1:
                raise _Bad(state.size, "what is stored of it can't be read") from error
            size = 1
            continue
        if not rows:
            return
        yield rows, openings
        last = rows[-1]["idx"]


async def _openings(event_ids: list[UUID]) -> dict[UUID, dict[str, dict[str, Any]]]:
    found: dict[UUID, dict[str, dict[str, Any]]] = {}
    for row in await Opening.select().where(database.among(Opening.event_id, event_ids)):
        found.setdefault(row["event_id"], {})[row["field"]] = row
    return found


def _check_entry(state: _State, row: dict[str, Any], openings: dict[str, dict[str, Any]]) -> None:
    try:
        _check_place(state, row)
        header = bytes(row["header"])
        fields = _parsed(row["idx"], header)
        _check_header(state, row, fields)
        _check_stream(state, row, fields)
        _check_openings(state, row, fields, openings)
        state.names.note(row, openings)
        if len(state.sealed.origins) > 1:
            fault = state.sealed.fault_of_beginning(row, openings, merkle.frontier_root(state.frontier))
            if fault:
                raise _Bad(row["idx"], fault)
    except UNREADABLE as error:
        raise _Bad(state.size, "what is stored of it can't be read") from error
    state.frontier, completed = merkle.push(state.frontier, state.size, bytes(row["leaf_hash"]))
    state.nodes |= {(subtree.level, subtree.n): subtree.hash for subtree in completed}
    state.size += 1
    if state.size in state.sealed.waiting and (fault := state.sealed.fault_at(state.size, merkle.frontier_root(state.frontier))):
        raise _Bad(state.sealed.proven, fault)


def _check_place(state: _State, row: dict[str, Any]) -> None:
    idx = row["idx"]
    if idx < state.size:
        raise _Bad(idx, f"there are two entries {idx + 1}")
    if idx != state.size:
        raise _Bad(state.size, f"entry {state.size + 1} is missing: the next one there is entry {idx + 1}")
    if merkle.leaf_hash(bytes(row["header"])) != bytes(row["leaf_hash"]):
        raise _Bad(idx, "the header does not have the hash stored beside it: one of them was changed")


def _check_header(state: _State, row: dict[str, Any], fields: dict[str, Any]) -> None:
    want = {"v": entry.VERSION, "origin": state.sealed.origin_at(row["idx"]), "idx": row["idx"], "sseq": row["sseq"]}
    for name, value in want.items():
        if fields.get(name) != value:
            raise _Bad(row["idx"], f"the header says {name} {fields.get(name)!r}, and its place says {value!r}")


def _parsed(idx: int, header: bytes) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = json.loads(header)
        canonical = canonical_json(fields) == header
    except ValueError:
        canonical = False
    if not canonical or set(fields) != {"v", "origin", "idx", "stream", "sseq", "c"}:
        raise _Bad(idx, "the header is not in the form that headers have")
    return fields


def _check_stream(state: _State, row: dict[str, Any], fields: dict[str, Any]) -> None:
    idx, name = row["idx"], row["stream"]
    if name not in state.tags or fields["stream"] != state.tags[name].hex():
        raise _Bad(idx, f"the header belongs to another stream than {name}")
    if row["sseq"] != state.sizes.get(name, 0):
        raise _Bad(
            idx, f"the next entry of the stream {name} is its number {state.sizes.get(name, 0) + 1}, not {row['sseq'] + 1}"
        )
    state.sizes[name] = row["sseq"] + 1


def _check_openings(state: _State, row: dict[str, Any], fields: dict[str, Any], openings: dict[str, dict[str, Any]]) -> None:
    """Openings may be gone (erased); one that is there must be committed to, and say what the columns say."""
    idx, missing = row["idx"], dict.fromkeys(fields["c"])
    for name, opening in openings.items():
        made = entry.commitment(name, bytes(opening["salt"]), opening["value"].encode()).hex()
        if made not in missing:
            raise _Bad(idx, f"what is stored as its {name} is not what the entry committed to")
        del missing[made]
    for name in NEVER_ERASED:
        if name not in openings:
            raise _Bad(idx, f"its {name} is no longer stored: this is never erased")
    values: dict[str, Any] = {name: json.loads(openings[name]["value"]) for name in (*NEVER_ERASED, "actor") if name in openings}
    _check_columns(row, values, {name: openings[name]["person"] for name in values})
    state.missing |= dict.fromkeys((idx, commitment) for commitment in missing)
    if row["type"] == Event.ERASURE_APPLIED.value:
        _check_erased(state, idx, values["facts"])


def _check_columns(row: dict[str, Any], values: dict[str, Any], people: dict[str, UUID | None]) -> None:
    columns = {"id": str(row["event_id"]), **{name: row[name] for name in ("type", "at", "stream", "subject")}}
    if values["event"] != columns:
        raise _Bad(row["idx"], "the columns to search by say something else than the entry itself")
    about = {"event": None, "facts": None, "actor": values.get("actor", {}).get("person")}
    for name, person in people.items():
        if about[name] != (None if person is None else str(person)):
            raise _Bad(row["idx"], f"its {name} is noted as being about another person than it says")


def _check_erased(state: _State, idx: int, facts: dict[str, Any]) -> None:
    """What an erasure lists is gone, and accounts for what is missing."""
    for item in facts["erased"]:
        key = (item["idx"], item["commitment"])
        if key not in state.missing:
            raise _Bad(item["idx"], f"its {item['field']} is stored, and entry {idx + 1} says that it was erased")
        del state.missing[key]


async def _check_derived(trail: str, state: _State, stream_sizes: dict[str, int]) -> None:
    _check_end(state, stream_sizes, await HeadRow.select().where(HeadRow.trail == trail).first())
    if await Entry.count().where(Entry.trail == trail) != state.size:
        raise _Bad(None, "some entries are there twice")
    if fault := state.sealed.fault_at_end(state.size):
        raise _Bad(state.size, fault)
    stored = {(row["level"], row["n"]): _bytes(row["hash"]) for row in await Node.select().where(Node.trail == trail)}
    wrong = {place for place in stored.keys() | state.nodes.keys() if stored.get(place) != state.nodes.get(place)}
    if wrong:
        level, n = min(wrong, key=lambda place: (place[1] << place[0], place))
        first, last = (n << level) + 1, n + 1 << level
        raise _Bad(first - 1, f"the hash stored for entries {first} to {last} is not theirs")
    if state.missing:
        raise _Bad(min(state.missing)[0], "a value of it is gone, and no entry says that it was erased")


def _check_end(state: _State, stream_sizes: dict[str, int], head: dict[str, Any] | None) -> None:
    """Checks that the streams and the head count what was found, and that the head's hashes are those of what was found."""
    for name, size in stream_sizes.items():
        found = state.sizes.get(name, 0)
        if size != found or not size:
            raise _Bad(state.size if size > found else None, f"the stream {name} counts {size} entries, and there are {found}")
    if head is None or head["size"] != state.size:
        raise _Bad(state.size, f"the head counts {head['size'] if head else 'nothing'}, and there are {state.size} entries")
    stored, start = _bytes(head["frontier"]), 0
    if len(stored) != len(state.frontier):
        raise _Bad(None, "the head's hashes are not those of its entries")
    for n, level in enumerate(level for level in reversed(range(state.size.bit_length())) if state.size >> level & 1):
        part = slice(n * merkle.HASH_BYTES, (n + 1) * merkle.HASH_BYTES)
        if stored[part] != state.frontier[part]:
            raise _Bad(None, f"the head's hash of entries {start + 1} to {start + (1 << level)} is not theirs: one was changed")
        start += 1 << level


def _bytes(value: Any) -> bytes:
    """The value as bytes; b"" for a value that is none, which fits nothing."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""

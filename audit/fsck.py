"""Recomputes a whole trail from its stored bytes and names the first entry that does not fit.

Finds what was changed, removed, added or reordered behind the triggers by somebody who did not recompute everything
else to match. Whoever did is caught only by an independent copy: a seal, a pack, a backup.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import database
from audit import entry, merkle, sealed
from audit.canonical import canonical_json
from audit.sealed import Sealed
from audit.tables import Entry, Head, Node, Opening, Stream, Trail

PAGE: Final = 500  # entries read at a time: a million-entry trail is checked in bounded memory


@dataclass(frozen=True, slots=True)
class Finding:
    """``idx`` is the first bad position, or None when the fault is in the trail's own rows."""

    trail: str
    idx: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    trail: str
    entries: int
    root: bytes
    finding: Finding | None


@dataclass(slots=True)
class _State:
    """What the entries read so far amount to."""

    sealed: Sealed
    tags: dict[str, bytes]
    size: int = 0
    frontier: bytes = b""
    sizes: dict[str, int] = field(default_factory=dict)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)


class _Bad(Exception):
    """Carries the position and the words of a finding out of the walk."""


async def trails() -> tuple[str, ...]:
    """Every trail there is, by its entries and heads too, so that a vanished row of audit_trail is noticed."""
    async with database.read():
        names: set[str] = set()
        for column in (Trail.owner, Head.trail, Stream.trail):
            names |= set(await column._meta.table.select(column).output(as_list=True))  # noqa: SLF001 - Piccolo names no other way
        names |= {row["trail"] for row in await Entry.select(Entry.trail).group_by(Entry.trail)}
    return tuple(sorted(names))


async def check(trail: str, *, on_progress: Callable[[int], None] = lambda _: None) -> Verdict:
    """One snapshot of one trail, recomputed. ``on_progress`` hears the number of entries done."""
    async with database.read():
        state = _State(await sealed.of(trail), tags={})
        try:
            _check_origins(state.sealed)
            streams = await Stream.select().where(Stream.trail == trail)
            state.tags = {row["name"]: bytes(row["tag"]) for row in streams}
            async for rows in _pages(trail):
                openings = await _openings(row["event_id"] for row in rows)
                for row in rows:
                    _check_entry(state, row, openings.get(row["event_id"], {}))
                on_progress(state.size)
            await _check_derived(trail, state, {row["name"]: row["size"] for row in streams})
        except _Bad as bad:
            idx, what = bad.args
            return Verdict(trail, state.size, merkle.frontier_root(state.frontier), Finding(trail, idx, what))
    return Verdict(trail, state.size, merkle.frontier_root(state.frontier), None)


def _check_origins(known: Sealed) -> None:
    if not known.origins or known.origins[0].start != 0:
        raise _Bad(None, "the trail's own row is missing")


async def _pages(trail: str) -> AsyncIterator[list[dict[str, Any]]]:
    """By position, not by offset: a page costs the same wherever it lies."""
    last = -(2**62)
    while True:
        query = Entry.select().where((Entry.trail == trail) & (Entry.idx > last)).order_by(Entry.idx).limit(PAGE)
        rows: list[dict[str, Any]] = await query
        if not rows:
            return
        yield rows
        last = rows[-1]["idx"]


async def _openings(event_ids: Iterable[UUID]) -> dict[UUID, dict[str, dict[str, Any]]]:
    found: dict[UUID, dict[str, dict[str, Any]]] = {}
    for row in await Opening.select().where(Opening.event_id.is_in(list(event_ids))):
        found.setdefault(row["event_id"], {})[row["field"]] = row
    return found


def _check_entry(state: _State, row: dict[str, Any], openings: dict[str, dict[str, Any]]) -> None:
    idx, header = row["idx"], bytes(row["header"])
    if idx != state.size:
        raise _Bad(state.size, f"entry {state.size} is missing: the next one there is number {idx}")
    if merkle.leaf_hash(header) != bytes(row["leaf_hash"]):
        raise _Bad(idx, "the header does not have the hash stored beside it: one of them was changed")
    fields = _parsed(idx, header)
    want = {"v": entry.VERSION, "origin": state.sealed.origin_at(idx), "idx": idx, "sseq": row["sseq"]}
    for name, value in want.items():
        if fields.get(name) != value:
            raise _Bad(idx, f"the header says {name} {fields.get(name)!r}, and its place says {value!r}")
    _check_stream(state, row, fields)
    _check_openings(row, fields, openings)
    if fault := state.sealed.fault_of_beginning(row, openings, merkle.frontier_root(state.frontier)):
        raise _Bad(idx, fault)
    state.frontier, completed = merkle.push(state.frontier, state.size, bytes(row["leaf_hash"]))
    state.nodes |= {(subtree.level, subtree.n): subtree.hash for subtree in completed}
    state.size += 1
    if state.size in state.sealed.waiting and (fault := state.sealed.fault_at(state.size, merkle.frontier_root(state.frontier))):
        raise _Bad(state.sealed.proven, fault)


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
        raise _Bad(idx, f"entry {state.sizes.get(name, 0)} of the stream {name} is missing")
    state.sizes[name] = row["sseq"] + 1


def _check_openings(row: dict[str, Any], fields: dict[str, Any], openings: dict[str, dict[str, Any]]) -> None:
    """Openings may be gone (erased); one that is there must be committed to, and say what the columns say."""
    idx, commitments = row["idx"], set(fields["c"])
    for name, opening in openings.items():
        made = entry.commitment(name, bytes(opening["salt"]), opening["value"].encode())
        if made.hex() not in commitments:
            raise _Bad(idx, f"what is stored as its {name} is not what the entry committed to")
    if "event" not in openings:
        raise _Bad(idx, "what happened is no longer stored: this opening is never erased")
    event = json.loads(openings["event"]["value"])
    columns = {
        "id": str(row["event_id"]),
        "type": row["type"],
        "at": row["at"],
        "stream": row["stream"],
        "subject": row["subject"],
    }
    if event != columns:
        raise _Bad(idx, "the columns to search by say something else than the entry itself")


async def _check_derived(trail: str, state: _State, stream_sizes: dict[str, int]) -> None:
    head = await Head.select().where(Head.trail == trail).first()
    if head is None or head["size"] != state.size:
        raise _Bad(state.size, f"the head counts {head['size'] if head else 'nothing'}, and there are {state.size} entries")
    if bytes(head["frontier"]) != state.frontier:
        raise _Bad(None, "the head's hashes are not those of its entries")
    if fault := state.sealed.fault_at_end(state.size):
        raise _Bad(state.size, fault)
    for name, size in stream_sizes.items():
        if state.sizes.get(name, 0) != size:
            raise _Bad(None, f"the stream {name} counts {size} entries, and there are {state.sizes.get(name, 0)}")
    stored = {(row["level"], row["n"]): bytes(row["hash"]) for row in await Node.select().where(Node.trail == trail)}
    if stored != state.nodes:
        raise _Bad(None, "the stored subtree hashes are not those of its entries")

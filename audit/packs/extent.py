"""Which entries of a trail a pack or a download covers, how far each may be opened, and the walk over them.

The size is settled once, at the start: what is recorded meanwhile lies beyond it. Each page is a read unit of its own, so
a long walk holds no snapshot open.
"""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import database
from audit import merkle, sheet
from audit.erasing import erasure
from audit.events import Event
from audit.log import hidden, streams
from audit.log.hidden import Hidden
from audit.reading import days, timeline
from audit.tables import Entry, Opening, StreamRow
from base import clock
from base.refusals import Conflict, Invalid
from base.viewer import ABOUT_THE_TRAIL, Viewer

PAGE: Final = 500  # entries read at a time
# What can't be judged without its facts, whenever it happened: docs/reference/pack-format.md.
ALWAYS_OPENED: Final = (
    *(Event.ERASURE_APPLIED.value, Event.TRAIL_RECOVERED.value),
    *(Event.TRAIL_BEGUN.value, Event.TRAIL_RENAMED.value),
)
NOTHING_THERE: Final = "There is nothing in your trail about one of those that you chose. Choose others."
DOES_NOT_HOLD: Final = (
    "The trail in the database is not the one that was recorded, so it can't be taken away. Keep the seals and packs that you "
    "have, and ask whoever runs this installation to run: vouch trail fsck"
)

ANOTHERS: Final = (
    "The trail says that it is another school's than our records do, so it can't be taken away. "
    "Ask whoever runs this installation to run: vouch trail fsck"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody asks for. ``streams`` None: all that they may read; ``since`` and ``until`` are half-open."""

    streams: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of_days(cls, streams: Iterable[str] | None, first: date | None, last: date | None) -> "Scope":
        """From the first day to the last, both included, by English clocks. Raises Invalid when they are the wrong way round."""
        chosen = None if streams is None else tuple(sorted(set(streams)))
        return cls(chosen, *days.half_open(first, last))

    def stream_names(self, viewer: Viewer | None) -> list[str] | str:
        """What the entry of an export says: the streams chosen, otherwise those that an auditor may read, or "all"."""
        named = self.streams if self.streams is not None or viewer is None else viewer.streams
        return "all" if named is None else sorted(named)


@dataclass(frozen=True, slots=True)
class Extent:
    """A scope made definite. ``streams`` maps each name in it to its tag; times are microseconds since 1970, UTC."""

    trail: str
    size: int
    streams: Mapping[str, bytes]
    is_all: bool
    since: int | None
    until: int | None
    unread: tuple[str, ...]  # how the personal fields begin that stay closed: see timeline.unread_by
    erased: Mapping[int, Mapping[str, str]]  # entry → commitment (hex) → field, as this extent's erasure.applied say
    criticism_kept_back: frozenset[str] = frozenset()  # the streams whose criticism stays closed all the same
    hidden_texts: Hidden = hidden.NOTHING  # closed to everybody

    def is_in_period(self, at: int) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    def may_open(self, entry: Mapping[str, Any], field: str) -> bool:
        """Whether this field of an entry (its row) may be opened: what is hidden to nobody, criticism not to everybody."""
        if self.hidden_texts.covers(entry, field):
            return False
        unread = timeline.unread_in(entry["stream"], self.unread, self.criticism_kept_back)
        return not field.removeprefix("personal.").startswith(unread)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry; ``openings`` maps fields to salt and canonical JSON text, and is empty outside the scope."""

    idx: int
    header: bytes
    leaf_hash: bytes
    at: int
    stream: str
    openings: Mapping[str, tuple[bytes, str]]
    has_row: bool  # in scope and period, so it has a row in the timeline


async def size_of(trail: str) -> int:
    """How many entries the trail has; opens its own unit."""
    async with database.read():
        return await streams.size_of(trail)


async def settle(
    viewer: Viewer | None,
    trail: str,
    scope: Scope,
    *,
    size: int | None = None,
    criticism_kept_back: Collection[str] = timeline.NOTHING,
) -> Extent:
    """``viewer`` None may read everything; ``size`` None means all that there is now; ``criticism_kept_back`` are the streams
    whose criticism is kept from the viewer. Raises Invalid for a stream that is not there, or not open to the viewer.
    """
    async with database.read():
        size = await streams.size_of(trail) if size is None else size
        open_to = await _streams(viewer, trail, size)
        if scope.streams is not None and not set(scope.streams) <= set(open_to):
            raise Invalid(NOTHING_THERE, streams=NOTHING_THERE)
        names = set(open_to) if scope.streams is None else {*scope.streams, *({ABOUT_THE_TRAIL} & set(open_to))}
        erased = await erasure.listed(trail, names, size=size)
        hidden_texts = await hidden.of(trail)
    return Extent(
        trail=trail,
        size=size,
        streams={name: open_to[name] for name in sorted(names)},
        is_all=scope.streams is None and (viewer is None or viewer.streams is None),
        since=clock.microseconds(scope.since) if scope.since else None,
        until=clock.microseconds(scope.until) if scope.until else None,
        unread=timeline.unread_by(viewer),
        criticism_kept_back=frozenset(criticism_kept_back),
        erased=erased,
        hidden_texts=hidden_texts,
    )


async def streams_of(viewer: Viewer) -> tuple[str, ...]:
    """The names of the streams of the viewer's school that are open to the viewer."""
    trail = str(viewer.school)
    async with database.read():
        return tuple(sorted(await _streams(viewer, trail, await streams.size_of(trail))))


async def walk(extent: Extent, *, only_streams: bool) -> AsyncIterator[tuple[Leaf, ...]]:
    """Pages of entries below the size in ascending order; ``only_streams`` leaves out those of streams not in the extent.

    Raises Conflict for a header that is not the one that was hashed.
    """
    last = -1
    while rows := await _page(extent, last, only_streams=only_streams):
        yield rows
        last = rows[-1].idx


def row_of(extent: Extent, leaf: Leaf) -> sheet.TimelineRow:
    """The row of the timeline for a leaf that has one."""
    opened, erased, withheld = _opened(extent, leaf)
    return sheet.row(leaf.idx, opened, erased=sorted(erased), withheld=withheld, tells_about=True)


def changes_of(extent: Extent, leaf: Leaf) -> tuple[sheet.Change, ...]:
    """What stands in the row as old and new, by field; and how much is not shown."""
    opened, erased, withheld = _opened(extent, leaf)
    told = dict.fromkeys(sorted(erased), sheet.ERASED) | opened
    own_place = {"reason", sheet.SUPPLIER_NAME, sheet.SUPPLIER_IDENTIFIERS}
    texts = {name.removeprefix(sheet.PERSONAL): text for name, text in told.items() if name.startswith(sheet.PERSONAL)}
    found = sheet.changes(opened.get("facts", {}), {name: text for name, text in texts.items() if name not in own_place})
    kept_back = withheld - sum(name not in opened and name not in erased for name in ("actor", "facts"))
    more = [sheet.Change(sheet.WITHHELD, None, str(kept_back))] if kept_back > 0 else []
    return (*(one for one in found if one.field != "reason"), *more)


def _opened(extent: Extent, leaf: Leaf) -> tuple[dict[str, Any], set[str], int]:
    """The values of a leaf, the names of its fields that were erased, and how many others are not opened."""
    committed = json.loads(leaf.header)["c"]
    listed = extent.erased.get(leaf.idx, {})
    erased = {listed[one] for one in committed if one in listed} - set(leaf.openings)
    opened = {field: json.loads(value) for field, (_, value) in leaf.openings.items()}
    return opened, erased, len(committed) - len(opened) - len(erased)


async def _streams(viewer: Viewer | None, trail: str, size: int) -> dict[str, bytes]:
    """Name to tag of the streams that had an entry at that size: a stream that began later is not in the extent."""
    rows = await StreamRow.raw(
        """SELECT s.name AS name, s.tag AS tag FROM audit_stream s JOIN audit_entry e
        ON e.trail = s.trail AND e.stream = s.name AND e.sseq = 0 WHERE s.trail = {} AND e.idx < {}""",
        trail,
        size,
    )
    return {row["name"]: bytes(row["tag"]) for row in rows if viewer is None or viewer.reads(row["name"])}


async def _page(extent: Extent, last: int, *, only_streams: bool) -> tuple[Leaf, ...]:
    columns = (Entry.event_id, Entry.idx, Entry.header, Entry.leaf_hash, Entry.type, Entry.at, Entry.stream, Entry.subject)
    query = Entry.select(*columns).where((Entry.trail == extent.trail) & (Entry.idx > last) & (Entry.idx < extent.size))
    if only_streams and not extent.is_all:
        query = query.where(database.among(Entry.stream, extent.streams))
    async with database.read():
        rows: list[dict[str, Any]] = await query.order_by(Entry.idx).limit(PAGE)
        inside = [row for row in rows if row["stream"] in extent.streams]
        openings = await _openings(extent, inside)
    return tuple(_leaf(extent, row, openings.get(row["event_id"], {})) for row in rows)


async def _openings(extent: Extent, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, dict[str, tuple[bytes, str]]]:
    """What may be opened of these entries: outside the period only that they happened, and when."""
    whole = [row["event_id"] for row in rows if extent.is_in_period(row["at"])]
    rest = [row for row in rows if not extent.is_in_period(row["at"])]
    always = [row["event_id"] for row in rest if row["type"] in ALWAYS_OPENED]
    entries = {row["event_id"]: row for row in rows}
    found: dict[UUID, dict[str, tuple[bytes, str]]] = {}
    for ids, fields in ((whole, ()), ([row["event_id"] for row in rest], ("event",)), (always, ("facts",))):
        if not ids:
            continue
        query = Opening.select(Opening.event_id, Opening.field, Opening.salt, Opening.value).where(
            database.among(Opening.event_id, ids)
        )
        for row in await (query.where(database.among(Opening.field, fields)) if fields else query):
            if extent.may_open(entries[row["event_id"]], row["field"]):
                found.setdefault(row["event_id"], {})[row["field"]] = (bytes(row["salt"]), row["value"])
    return found


def _leaf(extent: Extent, row: Mapping[str, Any], openings: Mapping[str, tuple[bytes, str]]) -> Leaf:
    header, leaf_hash = bytes(row["header"]), bytes(row["leaf_hash"])
    if merkle.leaf_hash(header) != leaf_hash:
        raise Conflict(DOES_NOT_HOLD)
    return Leaf(
        idx=row["idx"],
        header=header,
        leaf_hash=leaf_hash,
        at=row["at"],
        stream=row["stream"],
        openings=openings,
        has_row=row["stream"] in extent.streams and extent.is_in_period(row["at"]),
    )

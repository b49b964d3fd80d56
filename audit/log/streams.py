"""What a trail is about: its streams, and how many entries it and each of them has."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from piccolo.query import WhereRaw

import database
from audit.log.subjects import AUDITORS, ERASURES, IMPORTS, OUR_SCHOOL, PACKS, SEALS
from audit.tables import Entry, Head, Stream
from base.viewer import ABOUT_THE_TRAIL, Viewer

ABOUT_OTHERS: Final = {  # the streams that are about no supplier, for people
    OUR_SCHOOL: "Our people, connections and networks",
    PACKS: "What was taken away",
    AUDITORS: "What auditors read",
    SEALS: "Who receives our seals",
    IMPORTS: "Lists of suppliers that were imported",
    ERASURES: "Erasures, legal holds and how long records are kept",
    ABOUT_THE_TRAIL: "The trail itself",
}

EVERY: Final = WhereRaw("(1 = 1)")


@dataclass(frozen=True, slots=True)
class Merging:
    """What the trail's pages can't know of merged suppliers by themselves; given by whoever merges them."""

    merged_with: Callable[[Viewer, str], Awaitable[Mapping[str, str]]]  # names by stream of what is one with a stream by now
    to_undo: Callable[[Viewer, Iterable[Any]], Awaitable[Mapping[int, str]]]  # of timeline.Lines, the addresses by position


@dataclass(frozen=True, slots=True)
class InScope:
    """``entries`` by stream, of those that the viewer may read; all the others only as two numbers."""

    entries: dict[str, int]
    other_streams: int
    other_entries: int


async def in_scope(viewer: Viewer) -> InScope:
    """Of the trail of the viewer's school."""
    async with database.read():
        entries = await of_trail(str(viewer.school))
    mine = {name: size for name, size in entries.items() if viewer.reads(name)}
    return InScope(mine, len(entries) - len(mine), sum(entries.values()) - sum(mine.values()))


def open_to(viewer: Viewer) -> Any:
    """The where-clause of every read of entries: those of streams that the viewer may read."""
    return EVERY if viewer.streams is None else database.among(Entry.stream, sorted({*viewer.streams, ABOUT_THE_TRAIL}))


async def size_of(trail: str) -> int:
    """How many entries the trail has, whatever their stream. Inside the caller's unit of work."""
    sizes: list[int] = await Head.select(Head.size).where(Head.trail == trail).output(as_list=True)
    return sizes[0] if sizes else 0


async def of_trail(trail: str) -> dict[str, int]:
    """Entries by stream, in the order of the names. Inside the caller's unit of work."""
    rows = await Stream.select(Stream.name, Stream.size).where(Stream.trail == trail).order_by(Stream.name)
    return {row["name"]: row["size"] for row in rows}

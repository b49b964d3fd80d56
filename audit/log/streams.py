"""What a trail is about: its streams, and how many entries the trail and each stream have."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from piccolo.query import WhereRaw

import database
from audit.log.subjects import AUDITORS, CALENDAR, ENQUIRIES, ERASURES, FOI, IMPORTS, OUR_SCHOOL, PACKS, SEALS
from audit.tables import Entry, HeadRow, StreamRow
from base.viewer import ABOUT_THE_TRAIL, Viewer

ABOUT_OTHERS: Final = {  # the streams that are about no supplier, for people
    OUR_SCHOOL: "Our people, connections and networks",
    PACKS: "What was taken away",
    AUDITORS: "What auditors read",
    SEALS: "Who receives our seals",
    IMPORTS: "Lists of suppliers that were imported",
    ENQUIRIES: "What we ask other schools, and answer them",
    FOI: "Answers to requests for information",
    CALENDAR: "Our calendar: hours and term dates",
    ERASURES: "Erasures, legal holds and how long records are kept",
    ABOUT_THE_TRAIL: "The trail itself",
}

EVERY: Final = WhereRaw("(1 = 1)")


@dataclass(frozen=True, slots=True)
class Merging:
    """What the trail's pages can't know of merged suppliers by themselves; given by whoever merges them."""

    merged_with: Callable[[Viewer, str], Awaitable[Mapping[str, str]]]  # names, by stream, of what was merged with a stream
    to_undo: Callable[[Viewer, Iterable[Any]], Awaitable[Mapping[int, str]]]  # of TimelineEntry: where to undo, by position


@dataclass(frozen=True, slots=True)
class InScope:
    """How many ``entries`` each stream has that the viewer may read; all the other streams only as two numbers."""

    entries: dict[str, int]
    other_streams: int
    other_entries: int


async def in_scope(viewer: Viewer) -> InScope:
    """What of their school's trail the viewer may read, and how much else it has. Opens its own read unit."""
    async with database.read():
        entries = await of_trail(str(viewer.school))
    mine = {name: size for name, size in entries.items() if viewer.reads(name)}
    return InScope(mine, len(entries) - len(mine), sum(entries.values()) - sum(mine.values()))


def open_to(viewer: Viewer) -> Any:
    """The where-clause of every read of entries: those of streams that the viewer may read."""
    names = names_open_to(viewer)
    return EVERY if names is None else database.among(Entry.stream, names)


def names_open_to(viewer: Viewer) -> list[str] | None:
    """The streams that the viewer may read; None: all that there are."""
    return None if viewer.streams is None else sorted({*viewer.streams, ABOUT_THE_TRAIL})


async def size_of(trail: str) -> int:
    """How many entries the trail has, whatever their stream. Inside the caller's unit of work."""
    sizes: list[int] = await HeadRow.select(HeadRow.size).where(HeadRow.trail == trail).output(as_list=True)
    return sizes[0] if sizes else 0


async def of_trail(trail: str) -> dict[str, int]:
    """How many entries each stream of a trail has, in the order of their names. Inside the caller's unit of work."""
    rows = await StreamRow.select(StreamRow.name, StreamRow.size).where(StreamRow.trail == trail).order_by(StreamRow.name)
    return {row["name"]: row["size"] for row in rows}

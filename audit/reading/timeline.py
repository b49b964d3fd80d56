"""A school reads its own trail: what happened, newest first, in plain values taken from the openings."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import database
from audit import merkle, sheet
from audit.erasing import erasure
from audit.log import hidden, known
from audit.log.hidden import Hidden
from audit.reading import plain
from audit.reading.only import EVERYTHING, Only, entries
from audit.tables import HeadRow, Opening
from base import clock
from base.viewer import Viewer

PAGE: Final = 25
# Personal fields that begin so are criticism, or names of files, which may belong to a problem's note: kept from governors,
# and in some streams from others too.
CRITICAL: Final = ("criticism", "filename")
PRIVATE: Final = (*CRITICAL, "body")  # and the text of every note, from an auditor who may not read private ones
NOTHING: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """``happened_on`` is what a person said, ``recorded_at`` is ours. ``is_withheld``: it holds what this role may not read."""

    idx: int
    recorded_at: datetime
    happened_on: date | None
    type: str
    subject: str
    stream: str
    who: str
    person: UUID | None  # who did it, as the entry says; None for what has no person, or none any more
    changes: tuple[sheet.Change, ...]
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class TimelinePage:
    lines: tuple[TimelineEntry, ...]
    size: int
    root: bytes
    next_before: int | None  # the position to ask for next; None on the last page

    @property
    def streams(self) -> frozenset[str]:
        """The streams of the entries, and what they mention by its id, such as what a pack was about."""
        return frozenset({*(line.stream for line in self.lines), *plain.named_in(c for line in self.lines for c in line.changes)})


async def page(
    viewer: Viewer,
    *,
    before: int | None = None,
    only: Only = EVERYTHING,
    limit: int = PAGE,
    criticism_kept_back: Collection[str] = NOTHING,
) -> TimelinePage:
    """Entries of the viewer's own school that follow the one at ``before``, newest first, of streams that the viewer may read.

    ``criticism_kept_back`` are the streams whose criticism is kept from the viewer.
    """
    trail = str(viewer.school)
    async with database.read():
        head = await HeadRow.select().where(HeadRow.trail == trail).first()
        rows = await entries(viewer, only, before=before, limit=limit + 1)
        openings = await _openings([row["event_id"] for row in rows[:limit]])
        erased = await erasure.listed(trail, {row["stream"] for row in rows})
        hidden_texts = await hidden.of(trail)
        shown = {row["event_id"]: _without(hidden_texts, row, openings.get(row["event_id"], {})) for row in rows[:limit]}
    lines = tuple(
        _line(
            row,
            shown[row["event_id"]],
            unread=unread_in(row["stream"], unread_by(viewer), criticism_kept_back),
            erased=set(erased.get(row["idx"], {}).values()),
        )
        for row in rows[:limit]
    )
    return TimelinePage(
        lines=lines,
        size=head["size"] if head else 0,
        root=merkle.frontier_root(bytes(head["frontier"]) if head else b""),
        next_before=lines[-1].idx if len(rows) > limit else None,
    )


async def _openings(event_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    if event_ids:
        for row in await Opening.select().where(database.among(Opening.event_id, event_ids)):
            found.setdefault(row["event_id"], {})[row["field"]] = json.loads(row["value"])
    return found


def _without(hidden_texts: Hidden, row: Mapping[str, Any], opened: Mapping[str, Any]) -> dict[str, Any]:
    return {field: sheet.HIDDEN if hidden_texts.covers(row, field) else value for field, value in opened.items()}


def _line(
    row: Mapping[str, Any], opened: Mapping[str, Any], *, unread: tuple[str, ...], erased: Collection[str]
) -> TimelineEntry:
    facts, kept = opened.get("facts", {}), dict.fromkeys(erased, sheet.ERASED) | dict(opened)
    personal = {name.removeprefix("personal."): value for name, value in kept.items() if name.startswith("personal.")}
    if known.supplier_in(row["stream"], row["subject"]):  # the line says whom it is about by what that is called now
        personal = {name: value for name, value in personal.items() if f"personal.{name}" not in known.NAMING}
    readable = {name: value for name, value in personal.items() if not name.startswith(unread)}
    return TimelineEntry(
        idx=row["idx"],
        recorded_at=clock.of_microseconds(row["at"]),
        happened_on=_day(facts.get("happened_on")),
        type=row["type"],
        subject=row["subject"],
        stream=row["stream"],
        who=sheet.who(opened.get("actor")),
        person=UUID(actor["person"]) if (actor := opened.get("actor")) and "person" in actor else None,
        changes=sheet.changes(facts, readable),
        is_withheld=len(readable) < len(personal),
    )


def unread_by(viewer: Viewer | None) -> tuple[str, ...]:
    """How the names of the personal fields begin that the viewer may not read in any stream. None reads all."""
    if viewer is None:
        return ()
    if not viewer.reads_private:
        return PRIVATE
    return () if viewer.reads_criticism else CRITICAL


def unread_in(stream: str, unread: tuple[str, ...], criticism_kept_back: Collection[str]) -> tuple[str, ...]:
    """The same for one stream: ``unread``, with criticism where that of the stream is kept back."""
    return (*unread, *CRITICAL) if stream in criticism_kept_back else unread


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None

"""A school reads its own trail: what happened, newest first, in plain values taken from the openings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import database
from audit import merkle
from audit.tables import Entry, Head, Opening
from web.viewer import Viewer

PAGE: Final = 25
UNREAD_BY_GOVERNORS: Final = "criticism"  # personal fields so named hold criticism, which governors never read
KEPT_APART: Final = frozenset({"old", "new", "happened_on"})  # facts that have a column of their own


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; None where there was, or is, nothing."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """``happened_on`` is what a person said, ``recorded_at`` is ours. ``is_withheld`` marks what this role may not read."""

    idx: int
    recorded_at: datetime
    happened_on: date | None
    type: str
    subject: str
    stream: str
    who: str
    changes: tuple[Change, ...]
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    size: int
    root: bytes
    next_before: int | None  # the position to ask for next; None on the last page


async def page(viewer: Viewer, *, before: int | None = None, stream: str | None = None, limit: int = PAGE) -> Page:
    """Entries of the viewer's own school older than position ``before``."""
    trail = str(viewer.school)
    async with database.read():
        head = await Head.select().where(Head.trail == trail).first()
        query = Entry.select().where(Entry.trail == trail)
        if before is not None:
            query = query.where(Entry.idx < before)
        if stream is not None:
            query = query.where(Entry.stream == stream)
        rows: list[dict[str, Any]] = await query.order_by(Entry.idx, ascending=False).limit(limit + 1)
        openings = await _openings([row["event_id"] for row in rows[:limit]])
    lines = tuple(_line(row, openings.get(row["event_id"], {}), viewer) for row in rows[:limit])
    return Page(
        lines=lines,
        size=head["size"] if head else 0,
        root=merkle.frontier_root(bytes(head["frontier"]) if head else b""),
        next_before=lines[-1].idx if len(rows) > limit else None,
    )


async def _openings(event_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    if event_ids:
        for row in await Opening.select().where(Opening.event_id.is_in(event_ids)):
            found.setdefault(row["event_id"], {})[row["field"]] = json.loads(row["value"])
    return found


def _line(row: Mapping[str, Any], opened: Mapping[str, Any], viewer: Viewer) -> Line:
    facts = opened.get("facts", {})
    personal = {name.removeprefix("personal."): value for name, value in opened.items() if name.startswith("personal.")}
    readable = {name: value for name, value in personal.items() if _may_read(viewer, name)}
    return Line(
        idx=row["idx"],
        recorded_at=datetime.fromtimestamp(row["at"] / 1_000_000, tz=UTC),
        happened_on=_day(facts.get("happened_on")),
        type=row["type"],
        subject=row["subject"],
        stream=row["stream"],
        who=_who(opened.get("actor")),
        changes=_changes(facts, readable),
        is_withheld=len(readable) < len(personal),
    )


def _may_read(viewer: Viewer, field: str) -> bool:
    return viewer.role.reads_criticism or not field.startswith(UNREAD_BY_GOVERNORS)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _who(actor: Mapping[str, str] | None) -> str:
    """An erased actor is somebody; what the service does by itself says so."""
    if actor is None:
        return "Somebody whose name was erased"
    return actor.get("name") or {"system": "Vouch itself", "school": "A school"}.get(actor["role"], actor["role"])


def _changes(facts: Mapping[str, Any], personal: Mapping[str, str]) -> tuple[Change, ...]:
    """What changed from old to new first, then the other facts, then free text."""
    old, new = facts.get("old") or {}, facts.get("new") or {}
    changed = [Change(field, _shown(old.get(field)), _shown(new.get(field))) for field in sorted({*old, *new})]
    plain = [Change(field, None, _shown(value)) for field, value in sorted(facts.items()) if field not in KEPT_APART]
    names = sorted({name.removesuffix(".old") for name in personal})
    texts = [Change(name, _shown(personal.get(f"{name}.old")), _shown(personal.get(name))) for name in names]
    return tuple(change for change in (*changed, *plain, *texts) if change.old is not None or change.new is not None)


def _shown(value: Any) -> str | None:
    match value:
        case None | "" | []:
            return None
        case dict() if not value:  # the pattern {} would match every dict
            return None
        case bool():
            return "yes" if value else "no"
        case dict() | [dict(), *_]:
            return None  # for machines, such as the grants of an audience: words for people stand beside it
        case list():
            return ", ".join(_shown(item) or "" for item in value)
        case _:
            return str(value)

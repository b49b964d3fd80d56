"""Whether today's records call by another name what the trail names: the school that it is of, and each supplier."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from audit.log import known, whose
from audit.log.recording import OPERATOR
from audit.log.subjects import Subject
from audit.sheet import SUPPLIER_IDENTIFIERS, SUPPLIER_NAME
from audit.tables import Entry, Opening


@dataclass(frozen=True, slots=True)
class _Named:
    """What the newest entry about a supplier says, as it is stored: None of what was erased of it, or is not in it."""

    idx: int
    name: str | None
    identifiers: str | None
    at: datetime
    type: str


@dataclass(slots=True)
class Names:
    """What the entries read so far call each supplier. One for each, whatever the length of the trail."""

    suppliers: dict[UUID, _Named] = field(default_factory=dict)

    def note(self, row: Mapping[str, Any], openings: Mapping[str, Mapping[str, Any]]) -> None:
        about = known.supplier_in(row["stream"], row["subject"])
        if about is None or not known.NAMING & openings.keys():
            return
        self.suppliers[about] = _named(row, openings)

    async def fault(self, trail: str) -> tuple[int, str] | None:
        """The entry that says otherwise than today's records, and what it says. Inside the caller's unit."""
        if another := await whose.fault(trail):
            return another
        now = await known.suppliers(self.suppliers.keys())
        faults = [
            (said.idx, what) for about, said in self.suppliers.items() if (what := await _fault(about, said, now.get(about)))
        ]
        return min(faults, default=None)


async def _fault(about: UUID, said: _Named, now: known.Called | None) -> str:
    """A curator of the directory may have changed the supplier since, which the operator's trail tells."""
    what = _difference(said, now)
    if not what:
        return ""
    since = await _told_by_the_directory(about)
    if since is None or since.at < said.at:
        return what
    is_gone = now is None and known.is_removal(since.type)
    return "" if is_gone or not _difference(since, now) else what


def _difference(said: _Named, now: known.Called | None) -> str:
    """Capitals may differ: a list that is imported corrects a ledger's."""
    if now is None:
        return "the supplier that it names is in our records no more"
    name, identifiers = _text(said.name), _text(said.identifiers)
    if name is not None and name.casefold() != now.name.casefold():
        return f"it is about {name}, and our records call that supplier {now.name}"
    lost = [one for one in (identifiers.split(", ") if identifiers else ()) if one not in now.identifiers]
    return f"it says that {name or 'its supplier'} has the {lost[0]}, and our records have it no more" if lost else ""


async def _told_by_the_directory(about: UUID) -> _Named | None:
    """What the newest entry about the supplier in the operator's trail calls it."""
    mine = (Entry.trail == OPERATOR) & (Entry.subject == Subject.SUPPLIER.of(about))
    columns = (Entry.event_id, Entry.idx, Entry.at, Entry.type)
    row = await Entry.select(*columns).where(mine).order_by(Entry.idx, ascending=False).first()
    if row is None:
        return None
    openings = await Opening.select(Opening.field, Opening.value).where(Opening.event_id == row["event_id"])
    return _named(row, {one["field"]: one for one in openings})


def _named(row: Mapping[str, Any], openings: Mapping[str, Mapping[str, Any]]) -> _Named:
    name, identifiers = (_stored(openings, one) for one in (SUPPLIER_NAME, SUPPLIER_IDENTIFIERS))
    return _Named(row["idx"], name, identifiers, row["at"], row["type"])


def _stored(openings: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    opening = openings.get(f"personal.{name}")
    return opening["value"] if opening else None


def _text(stored: str | None) -> str | None:
    value = json.loads(stored) if stored is not None else None
    return value if isinstance(value, str) else None

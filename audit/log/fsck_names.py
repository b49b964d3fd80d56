"""Whether today's records call by another name what the trail names: the school that it is of, and each supplier."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from audit.log import known, whose
from audit.sheet import SUPPLIER_IDENTIFIERS, SUPPLIER_NAME


@dataclass(frozen=True, slots=True)
class _Named:
    """What the newest entry about a supplier says: None of what was erased of it, or is not in it."""

    idx: int
    name: str | None
    identifiers: tuple[str, ...]


@dataclass(slots=True)
class Names:
    """What the entries read so far call each supplier. One for each, whatever the length of the trail."""

    suppliers: dict[UUID, _Named] = field(default_factory=dict)

    def note(self, row: Mapping[str, Any], openings: Mapping[str, Mapping[str, Any]]) -> None:
        about = known.supplier_in(row["stream"], row["subject"])
        if about is None or not known.NAMING & openings.keys():
            return
        name, identifiers = (_text(openings, one) for one in (SUPPLIER_NAME, SUPPLIER_IDENTIFIERS))
        self.suppliers[about] = _Named(row["idx"], name, tuple(identifiers.split(", ")) if identifiers else ())

    async def fault(self, trail: str) -> tuple[int, str] | None:
        """The entry that says otherwise than today's records, and what it says. Inside the caller's unit."""
        if another := await whose.fault(trail):
            return another
        now = await known.suppliers(self.suppliers.keys())
        faults = [(said.idx, what) for about, said in self.suppliers.items() if (what := _fault(said, now.get(about)))]
        return min(faults, default=None)


def _fault(said: _Named, now: known.Called | None) -> str:
    """Capitals may differ: a list that is imported corrects a ledger's."""
    if now is None:
        return "the supplier that it names is in our records no more"
    if said.name is not None and said.name.casefold() != now.name.casefold():
        return f"it is about {said.name}, and our records call that supplier {now.name}"
    lost = [one for one in said.identifiers if one not in now.identifiers]
    return f"it says that {said.name or 'its supplier'} has the {lost[0]}, and our records have it no more" if lost else ""


def _text(openings: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    opening = openings.get(f"personal.{name}")
    value = json.loads(opening["value"]) if opening else None
    return value if isinstance(value, str) else None

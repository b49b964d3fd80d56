"""What the trail commits and can't know by itself: whose a trail is, and what the suppliers in its entries are called.

Other slices know; `vouch/wiring.py` tells this process whom to ask.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from audit.log.subjects import Subject
from audit.sheet import SUPPLIER_IDENTIFIERS, SUPPLIER_NAME

# The personal fields that say whom an entry is about. Each is committed by itself: the name of a supplier may be a person's.
NAMING: Final = frozenset({f"personal.{SUPPLIER_NAME}", f"personal.{SUPPLIER_IDENTIFIERS}"})


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a trail is. ``number`` is a school's URN, a trust's UID, and nothing for the operator's, or where there is none."""

    kind: str  # school | trust | operator
    name: str
    number: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """As entries commit it: docs/reference/trail-format.md."""
        return {"kind": self.kind, "name": self.name, "number": self.number}


def owner_in(facts: Mapping[str, Any]) -> Owner:
    """The owner whose ``facts`` these are."""
    return Owner(facts["kind"], facts["name"], facts["number"])


@dataclass(frozen=True, slots=True)
class Called:
    """A supplier's name and identifiers ("company_number:01234567") as they stand."""

    name: str
    identifiers: tuple[str, ...] = ()

    @property
    def personal(self) -> dict[str, str]:
        texts = {SUPPLIER_NAME: self.name, SUPPLIER_IDENTIFIERS: ", ".join(self.identifiers)}
        return {name: text for name, text in texts.items() if text}


Owners = Callable[[Collection[str]], Awaitable[Mapping[str, Owner]]]
Suppliers = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Called]]]


async def _no_owners(_trails: Collection[str]) -> Mapping[str, Owner]:
    return {}


async def _no_suppliers(_ids: Collection[UUID]) -> Mapping[UUID, Called]:
    return {}


@dataclass(slots=True)
class _Told:
    owners: Owners = _no_owners
    suppliers: Suppliers = _no_suppliers
    removals: frozenset[str] = frozenset()


_told: Final = _Told()


def tell(*, owners: Owners, suppliers: Suppliers, removals: frozenset[str] = frozenset()) -> None:
    """``owners`` gives whose trails these are by trail, ``suppliers`` what they are called by id; what they don't know is left
    out. Both are asked inside a unit. ``removals``: the events after which a supplier that everybody sees is there no more.
    """
    _told.owners, _told.suppliers, _told.removals = owners, suppliers, removals


def is_removal(event: str) -> bool:
    return event in _told.removals


async def owners(trails: Collection[str]) -> Mapping[str, Owner]:
    """Whose they are now. Inside the caller's unit."""
    return await _told.owners(trails) if trails else {}


async def suppliers(ids: Collection[UUID]) -> Mapping[UUID, Called]:
    """What they are called now. Inside the caller's unit."""
    return await _told.suppliers(ids) if ids else {}


def supplier_in(stream: str, subject: str) -> UUID | None:
    """The supplier that an entry is about; None where it is about something else."""
    return _supplier_called(stream) or _supplier_called(subject)


@lru_cache(maxsize=4096)  # a check asks of every entry, and a school has some hundreds of suppliers
def _supplier_called(name: str) -> UUID | None:
    return Subject.SUPPLIER.id_in(name)


async def of_entries(places: Iterable[tuple[str, str]]) -> Mapping[UUID, Called]:
    """What the suppliers are called that entries at these (stream, subject) are about. Inside the caller's unit."""
    return await suppliers({found for stream, subject in places if (found := supplier_in(stream, subject))})

"""Whom the schools of a trust have contracts with, for its leads: one line a supplier over all of them.

Of contracts alone, which a lead reads. Whom a school uses without one, and what it thinks of whom, is not in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.lists import trust_contracts
from contracts.lists.trust_contracts import TrustContract
from suppliers.tables import Supplier

NO_NAME: Final = "No supplier named"


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """``supplier`` is an entry of the directory, None for what is not in it. ``contracts`` by school and title have not ended.

    ``annual_pence`` is what is known of them together.
    """

    supplier: UUID | None
    name: str
    contracts: tuple[TrustContract, ...]
    annual_pence: int
    without_price: int  # contracts of which no price a year is known
    next_to_decide: TrustContract | None

    @property
    def schools(self) -> tuple[str, ...]:
        return tuple(sorted({one.school_name for one in self.contracts}))


async def listed(viewer: Viewer) -> tuple[SupplierLine, ...]:
    """The supplier that most schools have first. Opens its own unit. Raises NotFound for whoever leads no school of a trust."""
    async with database.read():
        names = await trust_contracts.schools(viewer)
        found = [one for one in await trust_contracts.contracts(names) if one.state != "ended"]
        roots = await _roots({one.supplier for one in found if one.supplier})
    return lines(found, roots)


def lines(contracts: Iterable[TrustContract], roots: Mapping[UUID, tuple[UUID | None, str]]) -> tuple[SupplierLine, ...]:
    """``roots`` has, of each supplier of the directory, the live id and name, under which what was merged into it is counted.

    What schools call alike and the directory does not have is one line: they are records of several schools, or only names.
    """
    by_supplier: dict[UUID | str, list[TrustContract]] = {}
    names: dict[UUID | str, str] = {}
    for one in contracts:
        root, name = roots.get(one.supplier, (None, one.supplier_name)) if one.supplier else (None, one.supplier_name)
        name = " ".join(name.split()) or NO_NAME
        key = root or name.casefold()
        names.setdefault(key, name)
        by_supplier.setdefault(key, []).append(one)
    made = [_line(key if isinstance(key, UUID) else None, names[key], its) for key, its in by_supplier.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.schools), one.name.casefold())))


def _line(supplier: UUID | None, name: str, contracts: list[TrustContract]) -> SupplierLine:
    prices = [one.annual_pence for one in contracts]
    ahead = [one for one in contracts if one.decide_by]
    return SupplierLine(
        supplier,
        name,
        tuple(sorted(contracts, key=lambda one: (one.school_name, one.title))),
        sum(price for price in prices if price is not None),
        sum(price is None for price in prices),
        min(ahead, key=lambda one: one.decide_by or date.max, default=None),
    )


async def _roots(suppliers: Iterable[UUID]) -> dict[UUID, tuple[UUID | None, str]]:
    rows = await Supplier.select(Supplier.id, Supplier.joined_to).where(database.among(Supplier.id, suppliers))
    live = {row["id"]: row["joined_to"] or row["id"] for row in rows}
    columns = (Supplier.id, Supplier.name, Supplier.owner)
    named = await Supplier.select(*columns).where(database.among(Supplier.id, set(live.values())))
    names = {row["id"]: (row["id"] if row["owner"] is None else None, row["name"]) for row in named}
    return {which: names[root] for which, root in live.items()}

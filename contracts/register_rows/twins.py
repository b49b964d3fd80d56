"""Contracts of the register that a row seems to be: the same title, supplier and first day. Found, and never decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import database
from contracts.access import access
from contracts.register_rows.built import Built
from contracts.tables import Contract
from suppliers.matching.names import normalise
from suppliers.tables import Supplier

Key = tuple[str, date | None]


@dataclass(slots=True)
class Register:
    """The school's contracts by title and first day, each with its supplier's id and the names that it goes by."""

    by_key: dict[Key, list[tuple[UUID, UUID | None, frozenset[str]]]] = field(default_factory=dict)
    ids: frozenset[UUID] = frozenset()

    def twin_of(self, made: Built) -> UUID | None:
        """One that says the same contract, the first of several."""
        if not made.title:
            return None
        for which, supplier, names in self.by_key.get(key_of(made), []):
            if (supplier and supplier == made.supplier) or named(made.supplier_name) in names:
                return which
        return None


def key_of(made: Built) -> Key:
    return " ".join(made.title.casefold().split()), made.starts_on


def named(supplier: str) -> str:
    return normalise(supplier).exact if supplier else ""


async def register_of(school: UUID) -> Register:
    async with database.read():
        rows = await Contract.select(
            Contract.id, Contract.title, Contract.supplier, Contract.supplier_name, Contract.starts_on
        ).where(access.ours(school))
        suppliers = list({row["supplier"] for row in rows} - {None})
        names = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, suppliers))
    called = {row["id"]: row["name"] for row in names}
    found = Register(ids=frozenset(row["id"] for row in rows))
    for row in rows:
        key = (" ".join(row["title"].casefold().split()), row["starts_on"])
        found.by_key.setdefault(key, []).append((row["id"], row["supplier"], _names(row, called)))
    return found


def _names(row: Mapping[str, Any], called: Mapping[UUID, str]) -> frozenset[str]:
    return frozenset({named(row["supplier_name"] or ""), named(called.get(row["supplier"], ""))} - {""}) or frozenset({""})

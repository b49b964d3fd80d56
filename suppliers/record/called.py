"""What suppliers are called as they stand, for the trail, which commits it with every entry about one."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

import database
from audit.log.known import Called
from suppliers.tables import Identifier, Supplier

AT_ONCE: Final = 500  # in one query: an import is about thousands, and SQLite takes a limited number of marks


async def called(ids: Collection[UUID]) -> Mapping[UUID, Called]:
    """By id, of each by itself, whatever was merged into it; an id that is not there is left out. Inside the caller's unit.

    The caller writes about these suppliers, and has checked that it may.
    """
    found: dict[UUID, Called] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        found |= await _called(wanted[start : start + AT_ONCE])
    return found


async def _called(ids: Collection[UUID]) -> Mapping[UUID, Called]:
    names = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, ids))
    columns = (Identifier.supplier, Identifier.scheme, Identifier.value)
    query = Identifier.select(*columns).where(database.among(Identifier.supplier, ids))
    numbers: dict[UUID, list[str]] = {}
    for row in await query.order_by(Identifier.scheme, Identifier.value):
        numbers.setdefault(row["supplier"], []).append(f"{row['scheme']}:{row['value']}")
    return {row["id"]: Called(row["name"], tuple(numbers.get(row["id"], ()))) for row in names}

"""Contracts as wholes, many at a time: for the way out into a spreadsheet, and to compare with what comes in."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.access import access
from contracts.access.access import Standing
from contracts.fields import said, values
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.tables import Contract, Covered
from contracts.tables import Extension as ExtensionRow
from suppliers.tables import Supplier

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Whole:
    """``said`` without what the viewer may not read; ``supplier`` as its record is called, "" where there is none."""

    id: UUID
    school: UUID
    version: int
    said: Said
    supplier: str


async def own(viewer: Viewer, ids: Collection[UUID]) -> dict[UUID, Whole]:
    """Those of these that are contracts of the viewer's school. Inside the caller's unit."""
    if not ids:
        return {}
    rows = await Contract.select().where(access.ours(viewer.school) & database.among(Contract.id, list(ids)))
    return {one.id: one for one in await _wholes(viewer, rows)}


async def readable(viewer: Viewer) -> AsyncIterator[list[Whole]]:
    """The school's own and those of others that serve it, some at a time, in the order of their ids. Opens read units."""
    after: UUID | None = None
    while True:
        async with database.read():
            mine = access.serving(viewer.school)
            further = mine & (Contract.id > after) if after else mine
            rows = await Contract.select().where(further).order_by(Contract.id).limit(AT_ONCE)
            found = await _wholes(viewer, rows)
        yield found  # outside the unit: whoever reads them opens units too
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["id"]


async def _wholes(viewer: Viewer, rows: list[dict[str, Any]]) -> list[Whole]:
    ids = [row["id"] for row in rows]
    extensions, covers, names = await _extensions(ids), await _covers(ids), await _suppliers(rows)
    found = []
    for row in rows:
        beside = {name: row[name] for name in said.BESIDE}
        as_what = access.standing(viewer, row["school"], is_covered=row["school"] != viewer.school)
        told = _may_read(values.of_row(row), as_what)
        one = Said(told, extensions=extensions.get(row["id"], ()), covers=covers.get(row["id"], ()), **beside)
        found.append(Whole(row["id"], row["school"], row["version"], one, names.get(row["supplier"], "")))
    return found


def _may_read(told: Mapping[str, Any], as_what: Standing) -> dict[str, Any]:
    may = access.fields_read(as_what, is_price_confidential=bool(told["is_price_confidential"]))
    return {name: value if name in may else None for name, value in told.items()}


async def _extensions(ids: Collection[UUID]) -> dict[UUID, list[Extension]]:
    rows = await ExtensionRow.select().where(database.among(ExtensionRow.contract, list(ids))).order_by(ExtensionRow.place)
    found: dict[UUID, list[Extension]] = {}
    for row in rows:
        length = values.loaded_json(row["length"])
        one = Extension(length, row["to_day"], row["is_taken"], row["decided_on"], row["decided_by"] or "", row["minute"] or "")
        found.setdefault(row["contract"], []).append(one)
    return found


async def _covers(ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for row in await Covered.select(Covered.contract, Covered.school).where(database.among(Covered.contract, list(ids))):
        found.setdefault(row["contract"], []).append(row["school"])
    return found


async def _suppliers(rows: list[dict[str, Any]]) -> dict[UUID, str]:
    wanted = list({row["supplier"] for row in rows} - {None})
    named = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, wanted))
    return {row["id"]: row["name"] for row in named}

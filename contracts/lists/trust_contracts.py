"""The contracts of a trust's schools, for its leads: who has them, with whom, and the days that come next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.refusals import NotFound
from base.viewer import Viewer
from contracts.access import access
from contracts.tables import Contract
from sharing.people import trust_leads
from sharing.tables import School

_LISTED: Final = """SELECT contracts_contract.id, contracts_contract.school, contracts_contract.title,
    contracts_contract.starts_on, contracts_contract.supplier, contracts_contract.annual_pence,
    COALESCE((SELECT s.name FROM suppliers_supplier s WHERE s.id = contracts_contract.supplier),
        contracts_contract.supplier_name, '') AS supplier_name,
    d.state, d.current_end, d.due, d.is_missed
    FROM contracts_contract LEFT JOIN contracts_dates_from d ON d.contract = contracts_contract.id
        AND d.from_day <= {} AND (d.until_day IS NULL OR d.until_day > {})
    WHERE {} AND NOT contracts_contract.is_draft ORDER BY contracts_contract.title, contracts_contract.id LIMIT {}"""
MOST: Final = 5_000  # of one trust: the largest has some eighty schools


@dataclass(frozen=True, slots=True)
class TrustContract:
    """``decide_by`` is that of the next chance, once notice was missed; None once it was given, and after the end."""

    id: UUID
    school: UUID
    school_name: str
    title: str
    supplier: UUID | None
    supplier_name: str
    starts_on: date | None
    annual_pence: int | None
    state: str
    current_end: date | None
    decide_by: date | None
    is_missed: bool


async def schools(viewer: Viewer) -> dict[UUID, str]:
    """The viewer's own team and the schools that it leads, by name. Inside the caller's unit. Raises NotFound for others."""
    led = await trust_leads.schools_led(viewer)
    if not led:
        raise NotFound
    rows = await School.select(School.id, School.name).where(database.among(School.id, {viewer.school, *led}))
    return {row["id"]: row["name"] for row in sorted(rows, key=lambda row: row["name"])}


async def contracts(names: Mapping[UUID, str]) -> tuple[TrustContract, ...]:
    """Of these schools, by title. Inside the caller's unit."""
    today = clock.today()
    rows = await Contract.raw(_LISTED, today, today, access.ours(*names).querystring, MOST)
    return tuple(_contract(row, names) for row in rows)


def _contract(row: Mapping[str, Any], names: Mapping[UUID, str]) -> TrustContract:
    said = {name: row[name] for name in TrustContract.__slots__ if name not in ("school_name", "decide_by")}
    said |= {"state": row["state"] or "live", "is_missed": bool(row["is_missed"])}
    due = row["due"] if row["due"] != date.max else None
    return TrustContract(**said, school_name=names[row["school"]], decide_by=due)

"""How contracts of schools were awarded and what stands with them today: for whoever asks an auditor's questions."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from contracts.access import access
from contracts.tables import Contract, DatesFrom, Extension

COLUMNS: Final = (
    Contract.id, Contract.school, Contract.supplier, Contract.supplier_name, Contract.title, Contract.starts_on,
    Contract.annual_pence, Contract.total_pence, Contract.route, Contract.quotes, Contract.approved_by, Contract.approved_on,
    Contract.approval_limit_pence, Contract.conflicts, Contract.needs_data_agreement, Contract.review_due_on,
    Contract.officer, Contract.officer_person, Contract.ceased_on,
)  # fmt: skip
MOST: Final = 20_000  # contracts of one list


async def of_schools(schools: Iterable[UUID]) -> list[dict[str, Any]]:
    """A row a contract, drafts left out, by title. Inside the caller's unit."""
    chosen = Contract.select(*COLUMNS).where(access.ours(*schools), Contract.is_draft.eq(False))
    found: list[dict[str, Any]] = await chosen.order_by(Contract.title, Contract.id).limit(MOST)
    return found


async def dates_today(schools: Iterable[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """By contract, the row of DatesFrom that holds. Inside the caller's unit."""
    today, its = clock.today(), Contract.select(Contract.id).where(access.ours(*schools))
    holds = (DatesFrom.from_day <= today) & (DatesFrom.until_day.is_null() | (DatesFrom.until_day > today))
    rows = await DatesFrom.select().where(holds, database.among(DatesFrom.contract, its))
    return {row["contract"]: row for row in rows}


async def undecided_extensions(schools: Iterable[UUID]) -> dict[UUID, int]:
    """By contract, how many extensions were taken without anybody named who decided. Inside the caller's unit."""
    its = Contract.select(Contract.id).where(access.ours(*schools))
    taken = Extension.is_taken.eq(True) & Extension.decided_by.is_null()
    found: dict[UUID, int] = {}
    for row in await Extension.select(Extension.contract).where(taken, database.among(Extension.contract, its)):
        found[row["contract"]] = found.get(row["contract"], 0) + 1
    return found

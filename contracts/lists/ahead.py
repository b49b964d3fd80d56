"""What lies ahead of a school's contracts on a day: their next days, and what decides who is told of them. Ended ones are not
here, nor drafts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

from contracts.access import access
from contracts.tables import Contract

MOST: Final = 10_000  # contracts of one school or trust
_AHEAD: Final = """SELECT contracts_contract.id, contracts_contract.school, contracts_contract.title, contracts_contract.renewal,
    contracts_contract.officer_person, contracts_contract.deputy_person, contracts_contract.version,
    contracts_contract.written_at, contracts_contract.revised_at, contracts_contract.review_due_on,
    contracts_contract.days_moved, contracts_contract.days_moved_at,
    d.from_day, d.state, d.current_end, d.decide_by, d.send_by, d.next_end, d.next_decide_by, d.is_missed, d.rolled
    FROM contracts_contract JOIN contracts_dates_from d ON d.contract = contracts_contract.id
    AND d.from_day <= {} AND (d.until_day IS NULL OR d.until_day > {})
    WHERE {} AND d.state <> 'ended' AND NOT contracts_contract.is_draft ORDER BY {} LIMIT {}"""
_BY_TITLE: Final = QueryString("contracts_contract.title, contracts_contract.id")
_BY_DAY: Final = QueryString("d.due, contracts_contract.title, contracts_contract.id")
_SCHOOLS: Final = (
    "SELECT DISTINCT school FROM contracts_contract WHERE withdrawn_at IS NULL AND hidden_at IS NULL ORDER BY school"
)


@dataclass(frozen=True, slots=True)
class Ahead:
    """``from_day`` is since when its days are these; once notice was missed ``next_end`` and ``next_decide_by`` count."""

    id: UUID
    school: UUID
    title: str
    renewal: str | None
    officer_person: UUID | None
    deputy_person: UUID | None
    version: int
    written_at: datetime
    revised_at: datetime | None
    review_due_on: date | None
    days_moved: int
    days_moved_at: datetime | None
    from_day: date
    state: str
    current_end: date | None
    decide_by: date | None
    send_by: date | None
    next_end: date | None
    next_decide_by: date | None
    is_missed: bool
    rolled: int


async def schools() -> tuple[UUID, ...]:
    """That have contracts. Inside the caller's unit."""
    return tuple([row["school"] for row in await Contract.raw(_SCHOOLS)])


async def of_school(school: UUID, day: date) -> tuple[Ahead, ...]:
    """Its own. Inside the caller's unit."""
    return await _where(access.ours(school).querystring, day)


async def to_decide(school: UUID, day: date, last: date, most: int) -> tuple[Ahead, ...]:
    """Its own whose day to decide by lies from one day to another, the soonest first. Inside the caller's unit."""
    mine = access.ours(school).querystring
    between = QueryString("d.school = {} AND d.due BETWEEN {} AND {}", school, day, last)  # by the list's own index
    return await _where(QueryString("{} AND {}", mine, between), day, _BY_DAY, most)


async def serving(school: UUID, day: date, contract: UUID | None = None) -> tuple[Ahead, ...]:
    """Its own, and those of its trust that cover it; or one of these alone. Inside the caller's unit."""
    where = access.serving(school).querystring
    if contract is not None:
        where = QueryString("{} AND contracts_contract.id = {}", where, contract)
    return await _where(where, day)


async def _where(where: QueryString, day: date, order: QueryString = _BY_TITLE, most: int = MOST) -> tuple[Ahead, ...]:
    rows: list[Mapping[str, Any]] = await Contract.raw(_AHEAD, day, day, where, order, most)
    return tuple(Ahead(**{name: row[name] for name in Ahead.__slots__} | {"is_missed": bool(row["is_missed"])}) for row in rows)

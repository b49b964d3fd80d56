"""Which contracts of a network's schools end within a year, need by need: schools that buy the same soon can ask the market once.

It holds what every school of the network may read, and beside it, for the viewer's own school, what that keeps to itself.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from contracts.access import access
from contracts.shares.shown import NO_TITLE
from contracts.tables import Contract
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.tables import School
from suppliers.asking import seen
from suppliers.meeting import at_the_table
from suppliers.record import taxonomy

YEAR: Final = timedelta(days=365)
MOST: Final = 60  # contracts on the page: two pages of paper
TERMS: Final = ("title", "category", "supplier", "supplier_name")
NO_NEED: Final = "Need not given"


@dataclass(frozen=True, slots=True)
class EndingThere:
    """``supplier`` is "" where that is not shared. ``ends`` is the last day of the first term, as it is shared."""

    id: UUID
    school: str
    title: str
    supplier: str
    ends: date


@dataclass(frozen=True, slots=True)
class NeedEnding:
    """Contracts for one need, the soonest end first; ``ours`` are the viewer's own that the network does not see."""

    name: str
    shared: tuple[EndingThere, ...]
    ours: tuple[EndingThere, ...]

    @property
    def schools(self) -> int:
        return len({one.school for one in self.shared})


@dataclass(frozen=True, slots=True)
class EndingTogether:
    """Needs of most schools first."""

    last: date
    needs: tuple[NeedEnding, ...]
    has_more: bool  # contracts than MOST: those that end soonest are here


async def look(viewer: Viewer, network: UUID) -> EndingTogether:
    """Raises NotFound for a network that the viewer's school is not in."""
    table = await at_the_table.table(viewer, network)
    today = clock.today()
    soon = (Contract.ends_on >= today) & (Contract.ends_on <= today + YEAR)
    columns = (Contract.id, Contract.school, Contract.title, Contract.category, Contract.supplier, Contract.supplier_name)
    async with database.read():
        everybody = await at_the_table.everybody(viewer, network)
        dated = visibility.opens(everybody, Contract, Fields.DATES)
        shared = Contract.select(*columns, Contract.ends_on, access.mask(everybody)).where(
            dated, database.among(Contract.school, table.schools), soon
        )
        rows = await shared.order_by(Contract.ends_on).order_by(Contract.id).limit(MOST + 1)
        own = Contract.select(*columns, Contract.ends_on).where(access.ours(viewer.school), soon)
        kept = await own.where(database.outside(Contract.id, [row["id"] for row in rows])).order_by(Contract.ends_on)
        called = await _names({viewer.school, *(row["school"] for row in rows)})
        sold_by = await seen.suppliers({row["supplier"] for row in (*rows, *kept) if row["supplier"]})
    told = [(_need(row), _ending(row, called, sold_by)) for row in map(_opened, rows[:MOST])]
    ours = [(_need(row), _ending(row, called, sold_by)) for row in kept]
    return EndingTogether(today + YEAR, _by_need(told, ours), has_more=len(rows) > MOST)


def _opened(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what the shares keep back."""
    terms = {name: visibility.masked(row[name], row["mask"], Fields.TERMS) for name in TERMS}
    return {**row, **terms}


def _need(row: Mapping[str, Any]) -> str:
    category = taxonomy.by_slug().get(row["category"] or "")
    return category.name if category else ""


def _ending(row: Mapping[str, Any], called: Mapping[UUID, str], sold_by: Mapping[UUID, tuple[UUID, str]]) -> EndingThere:
    supplier = sold_by[row["supplier"]][1] if row["supplier"] else row["supplier_name"] or ""
    return EndingThere(row["id"], called[row["school"]], row["title"] or NO_TITLE, supplier, row["ends_on"])


def _by_need(shared: Iterable[tuple[str, EndingThere]], ours: Iterable[tuple[str, EndingThere]]) -> tuple[NeedEnding, ...]:
    """Ours only beside others' of the same need."""
    of_each: dict[str, list[EndingThere]] = {}
    for need, one in shared:
        of_each.setdefault(need, []).append(one)
    kept = tuple(ours)
    made = [
        NeedEnding(need or NO_NEED, tuple(ending), tuple(one for its, one in kept if need and its == need))
        for need, ending in of_each.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.schools, one.name == NO_NEED, one.name)))


async def _names(schools: Collection[UUID]) -> dict[UUID, str]:
    rows = await School.select(School.id, School.name).where(database.among(School.id, schools))
    return {row["id"]: row["name"] for row in rows}

"""What a supplier's page shows of contracts: the school's own with it, and what others share with the school of theirs.

Only groups that are open are read into an answer, so neither a value nor an order tells of the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from piccolo.columns.combination import Or
from piccolo.query import OrderByRaw
from piccolo.querystring import QueryString

import database
from base import clock
from base.refusals import NotFound
from base.viewer import Viewer
from base.words import in_words
from contracts.access import access
from contracts.access.access import Standing
from contracts.fields.contract_fields import BY_NAME
from contracts.fields.said import Said
from contracts.register import register, showing
from contracts.tables import Contract
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.tables import School
from suppliers.record import taxonomy
from suppliers.tables import Supplier

MOST_SHOWN: Final = 100  # on one supplier's page
NO_TITLE: Final = "A contract"
TOLD: Final = ("category", "form", "is_joint", "route", "framework_name", "starts_on", "ends_on", "renewal")  # on the card
DAYS: Final = ("starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class ContractCard:
    """``rows`` are (label, words) of what the viewer may see of it, ``days`` those of them that are days, after the day to decide
    by where it serves the viewer's school.
    """

    id: UUID
    standing: Standing
    school_name: str
    title: str
    rows: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, str], ...]

    @property
    def is_ours(self) -> bool:
        return self.standing is Standing.OURS


async def with_supplier(viewer: Viewer, supplier: UUID) -> tuple[ContractCard, ...]:
    """Contracts with a supplier that the viewer sees, and all that is part of it: ours first, then by name of school. At most
    MOST_SHOWN, those that serve the viewer's school before others.

    Those of others only where their terms are shared, which name the supplier.
    """
    async with database.read():
        principals = await visibility.principals(viewer)
        its = Supplier.select(Supplier.id).where((Supplier.id == supplier) | (Supplier.joined_to == supplier))
        with_it = database.in_selected("contracts_contract.supplier", its.querystrings[0])
        opened = Or(access.serving(viewer.school), visibility.opens(principals, Contract, Fields.TERMS))
        serves = QueryString("({}) AS serves", access.serving(viewer.school).querystring)
        columns = (database.all_of(Contract), access.mask(principals), _decide_by(clock.today()), serves)
        query = Contract.select(*columns).where(with_it, access.readable(principals), opened)
        rows = await query.order_by(OrderByRaw("serves DESC, contracts_contract.id")).limit(MOST_SHOWN)
        names = await _names({row["school"] for row in rows})
        cards = [await _card(viewer, row, row["mask"], names) for row in rows]
    return tuple(sorted(cards, key=lambda card: (not card.is_ours, card.school_name, str(card.id))))


async def as_opened(viewer: Viewer, contract: UUID, fields: Fields) -> ContractCard:
    """One of ours as somebody sees it to whom these groups are open. Raises NotFound."""
    async with database.read():
        row = await Contract.select().where((Contract.id == contract) & access.ours(viewer.school)).first()
        if row is None:
            raise NotFound
        return await _card(
            viewer, {**row, "decide_by": None}, int(fields), await _names({viewer.school}), as_what=Standing.SHARED
        )


async def _card(
    viewer: Viewer, row: Mapping[str, Any], mask: int, names: Mapping[UUID, str], *, as_what: Standing | None = None
) -> ContractCard:
    is_covered = as_what is None and await access.is_covered(row["id"], viewer.school)
    as_what = as_what or access.standing(viewer, row["school"], is_covered=is_covered)
    said = showing.shown(await register.as_said(row), as_what, mask)
    told = {name: (BY_NAME[name].label, words) for name in TOLD if (words := _words(name, said))}
    schools = (("Schools", ", ".join(sorted((await _names(set(said.covers))).values()))),) if said.covers else ()
    title = str(said.values["title"] or NO_TITLE)
    days = [told[name] for name in DAYS if name in told]
    if as_what is not Standing.SHARED and (due := _day(row["decide_by"])):
        days.insert(0, ("Decide by", in_words(due)))
    return ContractCard(row["id"], as_what, names[row["school"]], title, (*told.values(), *schools), tuple(days))


def _decide_by(today: date) -> QueryString:
    """A column: the day to decide by as it holds today, in the same statement."""
    return QueryString(
        "(SELECT d.due FROM contracts_dates_from d WHERE d.contract = contracts_contract.id AND d.from_day <= {}"
        " AND (d.until_day IS NULL OR d.until_day > {}) AND d.state <> 'ended' AND d.due < {})",
        today, today, date.max, alias="decide_by",
    )  # fmt: skip


def _day(value: date | str | None) -> date | None:
    """SQLite gives what it keeps of a day, which is its words."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _words(name: str, said: Said) -> str:
    value = said.values[name]
    if name == "category":
        found = taxonomy.by_slug().get(str(value))
        return found.name if found else ""
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, bool):
        return "Yes" if value else ""
    return BY_NAME[name].choices.get(str(value), str(value or ""))


async def _names(schools: set[UUID]) -> dict[UUID, str]:
    if not schools:
        return {}
    rows = await School.select(School.id, School.name).where(database.among(School.id, schools))
    return {row["id"]: row["name"] for row in rows}

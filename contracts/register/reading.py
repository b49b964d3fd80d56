"""Reading one contract, as far as the viewer may, with its dates explained. Lists are in `listing.py`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import database
from base import clock
from base.refusals import NotFound
from base.viewer import Viewer
from contracts.access import access
from contracts.access.access import Standing
from contracts.clock import dates_ahead
from contracts.clock.dates import contract_dates
from contracts.clock.dates_ahead import Outlook
from contracts.clock.refused import Refused
from contracts.fields import dates_asked
from contracts.fields.contract_fields import Opened
from contracts.fields.said import Said
from contracts.register import deriving, register, school_terms, showing
from contracts.tables import Contract
from sharing.access import visibility
from sharing.people import trust_leads
from sharing.tables import School
from suppliers.record import facts


@dataclass(frozen=True, slots=True)
class ContractView:
    """``said`` holds what the viewer may read, with the live id of its supplier; None also for a supplier that they can't see.

    ``version`` is 0 for whoever it is shared with: it would count edits that they don't see.

    ``planned`` and ``words`` are answers of ``contract_dates``, with the days of receipt as we plan them and as the contract's
    own words have them; empty, with a ``problem``, where they can't be told.
    """

    id: UUID
    school: UUID
    standing: Standing
    said: Said
    version: int
    school_name: str
    supplier_name: str  # as we list it, else as the contract has it
    covers: tuple[tuple[UUID, str], ...]  # schools with their names
    planned: Mapping[str, Any]
    words: Mapping[str, Any]
    outlook: Outlook | None  # of today; None where the dates are not shown
    problem: str = ""

    @property
    def is_ours(self) -> bool:
        return self.standing is Standing.OURS

    @property
    def title(self) -> str:
        return str(self.said.values["title"] or "A contract")


async def contract(viewer: Viewer, contract_id: UUID) -> ContractView:
    """Raises NotFound for what the viewer may not read, as for what is not there."""
    async with database.read():
        return await contract_read(viewer, contract_id)


async def contract_read(viewer: Viewer, contract_id: UUID) -> ContractView:
    """As ``contract``, inside the caller's unit."""
    principals = await visibility.principals(viewer)
    led = await trust_leads.schools_led(viewer)
    columns = (database.all_of(Contract), access.mask(principals))
    row = await Contract.select(*columns).where((Contract.id == contract_id) & access.readable(principals, led)).first()
    if row is None:
        raise NotFound
    whole = await register.as_said(row)
    is_covered = viewer.school in whole.covers and await access.is_covered(contract_id, viewer.school)
    as_what = access.standing(viewer, row["school"], is_covered=is_covered, led=led)
    said = showing.shown(whole, as_what, row["mask"])
    known = await facts.load([said.supplier] if said.supplier else ())
    said = replace(said, supplier=await register.live_supplier(viewer, said.supplier))
    terms = await school_terms.of_school(row["school"])
    names = await _names({row["school"], *said.covers})
    asked = dates_asked.asked_of(said.values, said.extensions, said.notice_given_on, terms)
    sees_dates = as_what is not Standing.SHARED or Opened.DATES in access.opened(row["mask"])
    planned, words, problem = _answers(asked) if sees_dates else ({}, {}, "")
    its = known.get(row["supplier"]) if row["supplier"] else None
    return ContractView(
        contract_id,
        row["school"],
        as_what,
        said,
        0 if as_what is Standing.SHARED else row["version"],
        names.get(row["school"], ""),
        its.name if its else str(said.values["supplier_name"] or ""),
        tuple(sorted(((school, names.get(school, "")) for school in said.covers), key=lambda each: each[1])),
        planned,
        words,
        deriving.outlook_today(asked, said.ceased_on) if sees_dates else None,
        problem,
    )


async def _names(schools: Collection[UUID]) -> dict[UUID, str]:
    rows = await School.select(School.id, School.name).where(database.among(School.id, list(schools)))
    return {row["id"]: row["name"] for row in rows}


def _answers(asked: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
    """As planned and on the contract's words, today; or why not."""
    if asked is None:
        return {}, {}, "The first day is not known, so no date can be worked out."
    data = {**asked, "as_of": clock.today().isoformat(), "renewal": asked["renewal"] or dates_ahead.UNKNOWN_ROLL}
    try:
        return contract_dates({**data, "receipt": "working_day"}), contract_dates({**data, "receipt": _words(asked)}), ""
    except Refused as refused:
        return {}, {}, refused.sentence


def _words(asked: Mapping[str, Any]) -> str:
    return "working_day" if asked["receipt"] == "business_days" else "any_day"

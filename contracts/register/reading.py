"""Reading contracts: one with its dates explained, and a page of those that the viewer may read, the soonest decision first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock, cursor
from base.refusals import NotFound
from base.viewer import Viewer
from contracts.clock import dates_ahead
from contracts.clock.dates import contract_dates
from contracts.clock.refused import Refused
from contracts.register import access, deriving, register, school_terms
from contracts.register.access import Standing
from contracts.register.said import Said
from contracts.tables import Contract
from sharing.access import visibility

PAGE: Final = 50
_DUE: Final = "COALESCE(d.next_decide_by, d.decide_by)"
_LISTED: Final = f"""SELECT contracts_contract.id, contracts_contract.school, contracts_contract.title,
    contracts_contract.supplier, contracts_contract.supplier_name, contracts_contract.annual_pence,
    d.state, d.current_end, d.notice_received_by, d.decide_by, d.next_decide_by, d.is_missed, d.problem
    FROM contracts_contract LEFT JOIN contracts_dates_from d ON d.contract = contracts_contract.id AND d.from_day <= {{}}
    AND (d.until_day IS NULL OR d.until_day > {{}}) WHERE {{}} AND {{}}
    ORDER BY {_DUE} IS NULL, {_DUE}, contracts_contract.title, contracts_contract.id LIMIT {{}}"""  # noqa: S608 - our own SQL


@dataclass(frozen=True, slots=True)
class ContractView:
    """``said`` holds what the viewer may read. ``planned`` and ``words`` are answers of ``contract_dates``, with the days of
    receipt as we plan them and as the contract's own words have them; empty, with a ``problem``, where they can't be told.
    """

    id: UUID
    school: UUID
    standing: Standing
    said: Said
    version: int
    planned: Mapping[str, Any]
    words: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One contract of a list."""

    id: UUID
    school: UUID
    title: str
    supplier: UUID | None
    supplier_name: str
    annual_pence: int | None
    state: str
    current_end: date | None
    notice_received_by: date | None
    decide_by: date | None  # of the next chance, once notice was missed
    is_missed: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    after: str  # where the next page starts; "" after the last one


async def contract(viewer: Viewer, contract_id: UUID) -> ContractView:
    """Raises NotFound for what the viewer may not read, as for what is not there."""
    async with database.read():
        principals = await visibility.principals(viewer)
        row = await Contract.select().where((Contract.id == contract_id) & access.readable(principals)).first()
        if row is None:
            raise NotFound
        is_covered = row["school"] != viewer.school
        said = await register.as_said(row)
        terms = await school_terms.of_school(row["school"])
    as_what = access.standing(viewer, row["school"], is_covered=is_covered)
    asked = deriving.asked_of(said.values, said.extensions, said.notice_given_on, terms)
    planned, words, problem = _answers(asked)
    return ContractView(contract_id, row["school"], as_what, said, row["version"], planned, words, problem)


async def page(viewer: Viewer, after: str = "") -> Page:
    """Those that the viewer may read: the soonest decision first, then those without one, by title.

    Raises Invalid for an ``after`` that this did not give.
    """
    today = clock.today()
    async with database.read():
        readable = access.readable(await visibility.principals(viewer)).querystring
        beyond = _beyond(after) if after else visibility.ALWAYS
        rows = await Contract.raw(_LISTED, today, today, readable, beyond, PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(tuple(map(_line, rows[:PAGE])), _key(last) if last else "")


def _beyond(after: str) -> QueryString:
    day, title, which = cursor.decode(after, keys=3)
    try:
        due = date.fromisoformat(str(day))
    except ValueError as error:
        raise cursor.nonsense() from error
    named = QueryString("({}, {}) > ({}, {})", Contract.title, Contract.id, str(title), cursor.an_id(which))
    if due == date.max:
        return QueryString(f"({_DUE} IS NULL AND {{}})", named)
    return QueryString(f"({_DUE} IS NULL OR {_DUE} > {{}} OR ({_DUE} = {{}} AND {{}}))", due, due, named)


def _key(row: Mapping[str, Any]) -> str:
    line = _line(row)
    return cursor.encode((line.decide_by or date.max).isoformat(), line.title, str(line.id))


def _line(row: Mapping[str, Any]) -> Line:
    due = row["next_decide_by"] or row["decide_by"]
    return Line(**{name: row[name] for name in Line.__slots__ if name != "decide_by"}, decide_by=due)


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

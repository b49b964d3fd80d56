"""The sections of a contract's page, in order. A room adds one with a function and a line in SECTIONS.

A section function is given who asks and the contract as they may read it, opens a unit of its own if it reads more, and gives
None where there is nothing to show to this viewer.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from base import clock
from base.viewer import Viewer
from base.words import in_words
from contracts.attainment.section import how_it_did
from contracts.changes import linking, varying
from contracts.documents import section as documents
from contracts.endings import ending
from contracts.fields import pounds
from contracts.fields.contract_fields import FIELDS, METHOD, Part
from contracts.fields.dates_asked import Extension
from contracts.fields.wording import period, shown
from contracts.profile import dates_told, line_of_dates
from contracts.profile.line_of_dates import Point
from contracts.register.reading import ContractView
from contracts.register.section import Section
from contracts.reminders.section import deciding
from contracts.review.section import reviews
from contracts.service_events.section import happened
from contracts.shares import parts as shares

SHORT: Final = {"decide_by": "Decide", "send_by": "Send notice", "notice_received_by": "Notice there"}  # on the line
HOW_NOTICE: Final = ("method", "notice_clause", "notice_address", "notice_form", "notice_signed_by")


async def dates(_viewer: Viewer, contract: ContractView) -> Section | None:
    if contract.outlook is None:
        return None
    told = dates_told.dates(contract)
    how = [(one.label, shown(one, contract.said.values[one.name])) for one in FIELDS if one.name in HOW_NOTICE]
    return Section(
        "dates",
        "Dates",
        "profile/_dates.html",
        {"told": told, "line": _line(contract, told), "how": [(label, value) for label, value in how if value]},
    )


async def said(_viewer: Viewer, contract: ContractView) -> Section:
    """What it says, by part; parts without a word are named at the end, so that they can be filled in."""
    here = [one for one in FIELDS if one.name not in HOW_NOTICE]  # those stand with the dates
    parts = {part: [(one.label, shown(one, contract.said.values[one.name])) for one in here if one.part is part] for part in Part}
    filled = {part: [(label, value) for label, value in rows if value] for part, rows in parts.items()}
    return Section(
        "said",
        "What it says",
        "profile/_said.html",
        {
            "filled": {part: rows for part, rows in filled.items() if rows},
            "empty": [part for part, rows in filled.items() if not rows],
        },
    )


async def since(viewer: Viewer, contract: ContractView) -> Section | None:
    """What happened to it after it was signed: extensions, variations, notices that were sent."""
    if not contract.is_ours:
        return None
    sendings, variations = await ending.sendings(viewer, contract.id), await varying.variations(viewer, contract.id)
    extensions = [(_option(one), one) for one in contract.said.extensions]
    shown_here = {
        "sendings": sendings,
        "variations": variations,
        "extensions": extensions,
        "HOW": METHOD,
        "in_pounds": pounds.shown,
    }
    if not (sendings or variations or extensions):
        return None
    return Section("since", "Since it was signed", "profile/_since.html", shown_here)


async def links(viewer: Viewer, contract: ContractView) -> Section | None:
    """Other contracts that it belongs together with, and the schools that it covers: what ends, or goes on, with it."""
    if not contract.is_ours:
        return None
    found = await linking.links(viewer, contract.id)
    return Section("links", "What belongs to it", "profile/_links.html", found) if found or contract.covers else None


def _option(one: Extension) -> str:
    return f"until {in_words(one.to_day)}" if one.to_day else period(one.length) if one.length else ""


def _line(contract: ContractView, told: dates_told.Dates) -> dict[str, object]:
    starts = contract.said.values["starts_on"]
    points = [Point(SHORT.get(one.name, one.label), one.day, "end" if one.name == "current_end" else "") for one in told.days]
    if starts:
        points.append(Point("First day", starts))  # type: ignore[arg-type]
    points.append(Point("Today", clock.today(), "today"))
    found = line_of_dates.placed(points)
    return {"placed": found, "rows": line_of_dates.rows(found)}


SECTIONS: Final[tuple[Callable[[Viewer, ContractView], Awaitable[Section | None]], ...]] = (
    dates,
    deciding,
    how_it_did,
    happened,
    since,
    links,
    reviews,
    said,
    documents.of_contract,
    shares.on_the_contracts_page,
)

"""What follows from a contract's dates: reckoned by the published rules when it changes, and kept as stretches of days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base import clock
from contracts.access import access, service_version
from contracts.clock import dates_ahead
from contracts.clock.dates_ahead import Outlook
from contracts.fields import values
from contracts.fields.dates_asked import Extension, asked_of
from contracts.register import school_terms
from contracts.tables import Contract, DatesFrom
from contracts.tables import Extension as ExtensionRow

AHEAD: Final = timedelta(days=6 * 366)  # of days kept: more than most contracts run, a fraction of a second to reckon
NO_START: Final = "no_start"
IN_TERMS: Final = '%"%terms"%'  # a notice, or a time to decide, that counts terms or half-terms
TOLD: Final = ("state", "current_end", "send_by", "decide_by", "next_end", "next_decide_by")  # in letters and calendars
_COLUMNS: Final = (
    *(DatesFrom.id, DatesFrom.contract, DatesFrom.from_day, DatesFrom.until_day, DatesFrom.state, DatesFrom.current_end),
    *(DatesFrom.notice_received_by, DatesFrom.words_received_by, DatesFrom.send_by, DatesFrom.decide_by),
    *(DatesFrom.earliest_exit, DatesFrom.rolled, DatesFrom.is_missed, DatesFrom.next_end, DatesFrom.next_decide_by),
    *(DatesFrom.problem, DatesFrom.school, DatesFrom.due),
)


def outlooks(asked: Mapping[str, Any] | None, ceased_on: date | None = None) -> tuple[Outlook, ...]:
    """From today on. A contract that somebody says has ceased is ended from that day."""
    today = clock.today()
    if asked is None:
        return (Outlook(today, "live", problem=NO_START),)
    data = {name: value for name, value in asked.items() if name != "break"}  # its exit is asked on the contract's own page
    found = dates_ahead.outlooks(data, today, today + AHEAD)
    if ceased_on is None:
        return found
    kept = tuple(one for one in found if one.starts <= ceased_on and ceased_on >= today)
    return (*kept, Outlook(max(today, ceased_on + timedelta(days=1)), "ended", current_end=ceased_on))


def outlook_today(asked: Mapping[str, Any] | None, ceased_on: date | None = None) -> Outlook:
    today = clock.today()
    if asked is None:
        return Outlook(today, "live", problem=NO_START)
    if ceased_on is not None and ceased_on < today:
        return Outlook(today, "ended", current_end=ceased_on)
    data = {name: value for name, value in asked.items() if name != "break"}
    return dates_ahead.outlooks(data, today, today)[0]


async def add(school: UUID, found: Mapping[UUID, Sequence[Outlook]]) -> None:
    """Stores what follows for new contracts of a school, inside the unit that adds them."""
    rows = [row for contract, outlooks_ in found.items() for row in rows_of(school, contract, outlooks_)]
    await database.insert_rows(DatesFrom, _COLUMNS, rows)


async def keep(school: UUID, contract: UUID, found: Sequence[Outlook]) -> None:
    """Stores what follows from now on in place of what did. ``school`` is the contract's.

    Inside the caller's unit, which records what changed.
    """
    await _note_what_moved(contract, found[0])
    await service_version.next_of(contract)  # periods are cut where its terms end
    await DatesFrom.delete().where(DatesFrom.contract == contract)
    await add(school, {contract: found})


async def _note_what_moved(contract: UUID, now: Outlook) -> None:
    """Counts it where a day that people were told of is another one from now on: calendars and letters say so."""
    today = clock.today()
    holds = (DatesFrom.from_day <= today) & (DatesFrom.until_day.is_null() | (DatesFrom.until_day > today))
    before = await DatesFrom.select().where((DatesFrom.contract == contract) & holds).first()
    if before is not None and any(before[name] != getattr(now, name) for name in TOLD):
        changed: dict[Any, Any] = {Contract.days_moved: Contract.days_moved + 1, Contract.days_moved_at: clock.now()}
        await Contract.update(changed).where(Contract.id == contract)


def rows_of(school: UUID, contract: UUID, found: Sequence[Outlook]) -> list[tuple[Any, ...]]:
    """In the order of the columns."""
    untils = [*(one.starts for one in found[1:]), None]
    return [
        (
            *(uuid4(), contract, one.starts, until, one.state, one.current_end, one.notice_received_by, one.words_received_by),
            *(one.send_by, one.decide_by, one.earliest_exit, one.rolled, one.is_missed, one.next_end, one.next_decide_by),
            *(one.problem, school, one.to_decide_by or date.max),
        )
        for one, until in zip(found, untils, strict=True)
    ]


async def terms_changed(school: UUID) -> int:
    """Reckons anew what counts in the terms of a school, whose calendar changed: how many contracts. Inside the caller's unit."""
    await service_version.next_of_all(school)
    counts = Contract.notice.like(IN_TERMS) | Contract.lead.like(IN_TERMS)
    rows = await Contract.select().where(access.ours(school), counts)
    terms = await school_terms.of_school(school)
    for row in rows:
        asked = asked_of(values.of_row(row), await extensions_of(row["id"]), row["notice_given_on"], terms)
        await keep(school, row["id"], outlooks(asked, row["ceased_on"]))
    return len(rows)


async def extensions_of(contract: UUID) -> tuple[Extension, ...]:
    """In their order. Inside the caller's unit."""
    return (await extensions_of_several([contract]))[contract]


async def extensions_of_several(contracts: Collection[UUID]) -> dict[UUID, tuple[Extension, ...]]:
    """The same by contract."""
    found: dict[UUID, list[Extension]] = {contract: [] for contract in contracts}
    for row in await ExtensionRow.select().where(database.among(ExtensionRow.contract, contracts)).order_by(ExtensionRow.place):
        length = values.loaded_json(row["length"])
        one = Extension(length, row["to_day"], row["is_taken"], row["decided_on"], row["decided_by"] or "", row["minute"] or "")
        found[row["contract"]].append(one)
    return {contract: tuple(its) for contract, its in found.items()}

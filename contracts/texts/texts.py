"""The words that a school's contracts hold, by keys, so that those that name somebody are found and erased.

A key is "contract:<id>:<column>", or "contract:<id>:<part>:<row>:<column>" of a row that belongs to one. Contracts that were
withdrawn or hidden are among them: what they say is still there.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from piccolo.table import Table

import database
from audit.log.subjects import Subject
from base import clock
from contracts.changes.tables import Variation
from contracts.endings.tables import Sending
from contracts.fields.contract_fields import BY_NAME, FIELDS
from contracts.reminders.tables import Decision, GovernorQuestion
from contracts.review.tables import Action, Meeting
from contracts.service_events.tables import Words
from contracts.tables import Contract, DatesFrom, Extension

TITLE_ERASED: Final = "Contract without a title"
WORDS_ERASED: Final = "The words were erased."
WORDS: Final = tuple(one.name for one in FIELDS if one.is_words)
# Rows of a contract that hold words: the table, with its columns and what they are called. A room with such a table adds it here.
NEVER_EMPTY: Final = frozenset({"what", "question"})  # columns without which a row would say nothing
PARTS: Final[Mapping[str, tuple[type[Table], Mapping[str, str]]]] = {
    "extension": (Extension, {"minute": "Minute of an extension", "decided_by": "Who decided an extension"}),
    "sending": (Sending, {"sent_to": "To whom notice was sent", "note": "Note on a notice"}),
    "variation": (
        Variation,
        {"what": "Variation", "agreed_by": "Who agreed a variation", "supplier_agreed_by": "Who agreed it for the supplier"},
    ),
    "decision": (Decision, {"reason": "Why something was decided", "minute": "Minute of a decision"}),
    "question": (
        GovernorQuestion,
        {"question": "What a governor asked", "answer": "What a governor was answered", "minute": "Minute of an answer"},
    ),
    "meeting": (
        Meeting,
        {
            "ours": "Who was at a meeting for the school",
            "theirs": "Who was there for the supplier",
            "agreed": "What a meeting agreed",
            "decided": "What was decided at a meeting",
            "went_well": "What went well",
            "complaints": "Complaints and compliments",
            "staffing": "Staffing",
            "accidents": "Accidents",
            "invoices": "Invoices queried",
            "supplier_words": "In the supplier's own words",
            "changes": "Changes ahead",
            "notes": "Notes on a meeting",
        },
    ),
    "action": (Action, {"what": "Action", "owner": "Who does an action", "note": "How an action was done"}),
    "words": (Words, {"words": "What was written about the service"}),
}


@dataclass(frozen=True, slots=True)
class KeptText:
    key: str
    label: str
    contract: UUID
    value: str
    written_on: date


@dataclass(frozen=True, slots=True)
class KeptFrom:
    """From when the years count for which a contract is kept: its end; today, while it goes on."""

    day: date
    is_deed: bool


async def of_school(school: UUID) -> tuple[KeptText, ...]:
    """Every text that is not empty. Inside the caller's unit."""
    rows = await Contract.select().where(Contract.school == school)
    days = {row["id"]: _day(row) for row in rows}
    found = [
        KeptText(key_of(row["id"], name), _label(name), row["id"], row[name], days[row["id"]])
        for row in rows
        for name in WORDS
        if row[name]
    ]
    for part, (table, columns) in PARTS.items():
        for row in await _rows_of(table, days):
            place = f"{Subject.CONTRACT.of(row['contract'])}:{part}:{row['id']}"
            found += [
                KeptText(f"{place}:{name}", f"Contract: {label}", row["contract"], row[name], days[row["contract"]])
                for name, label in columns.items()
                if row[name]
            ]
    return tuple(found)


def key_of(contract: UUID, field: str) -> str:
    return f"{Subject.CONTRACT.of(contract)}:{field}"


def place_of(subject: str, field: str) -> tuple[str, str] | None:
    """Key and label of a field of an entry about a contract, as the trail names both; None where it is no column's."""
    contract = Subject.CONTRACT.id_in(subject)
    name = "title" if field == "contract_title" else field
    return (key_of(contract, name), _label(name)) if contract and name in WORDS else None


async def blank(school: UUID, key: str, texts: Collection[str]) -> None:
    """Erases the exact words ``texts`` at a key, if they are there still. Inside the caller's unit, which records it."""
    kind, _, rest = key.partition(":")
    contract, _, place = rest.partition(":")
    which = Subject.CONTRACT.id_in(f"{kind}:{contract}")
    if which is None:
        return
    row = await Contract.select().where((Contract.id == which) & (Contract.school == school)).first()
    if row is None:
        return
    if place in WORDS and row[place] in texts:
        instead = TITLE_ERASED if place == "title" else None
        columns: dict[Any, Any] = {place: instead, "version": row["version"] + 1}
        await Contract.update(columns).where(Contract.id == which)
    elif place.count(":") == 2:
        await _blank_part(which, place, texts)


async def kept_from(school: UUID) -> dict[UUID, KeptFrom]:
    """By contract. Inside the caller's unit."""
    rows = await Contract.select().where(Contract.school == school)
    today = clock.today()
    held = (DatesFrom.from_day <= today) & (DatesFrom.until_day.is_null() | (DatesFrom.until_day > today))
    ended = held & (DatesFrom.state == "ended") & database.among(DatesFrom.contract, [row["id"] for row in rows])
    columns = (DatesFrom.contract, DatesFrom.current_end)
    ends = {row["contract"]: row["current_end"] for row in await DatesFrom.select(*columns).where(ended)} if rows else {}
    return {row["id"]: KeptFrom(_end(row, ends.get(row["id"]), today), bool(row["is_deed"])) for row in rows}


async def titles(school: UUID) -> dict[str, str]:
    """By stream, of every contract that the school's register has. Inside the caller's unit."""
    ours = (Contract.school == school) & Contract.withdrawn_at.is_null() & Contract.hidden_at.is_null()
    rows = await Contract.select(Contract.id, Contract.title).where(ours)
    return {Subject.CONTRACT.of(row["id"]): row["title"] for row in rows}


async def suppliers_of(school: UUID, streams: Iterable[str]) -> set[str]:
    """The streams of the suppliers whose contracts these streams are: a hold on the one is on all about it. Inside a unit."""
    ids = [contract for stream in streams if (contract := Subject.CONTRACT.id_in(stream))]
    named = (Contract.school == school) & Contract.supplier.is_not_null() & database.among(Contract.id, ids)
    rows = await Contract.select(Contract.supplier).where(named) if ids else []
    return {Subject.SUPPLIER.of(row["supplier"]) for row in rows}


async def _rows_of(table: type[Table], contracts: Collection[UUID]) -> list[dict[str, Any]]:
    if not contracts:
        return []
    column = table._meta.get_column_by_name("contract")  # noqa: SLF001 - Piccolo's way to a column by its name
    rows: list[dict[str, Any]] = await table.select().where(database.among(column, contracts))
    return rows


async def _blank_part(contract: UUID, place: str, texts: Collection[str]) -> None:
    part, row_id, column = place.split(":")
    if part not in PARTS or column not in PARTS[part][1]:
        return
    table, _ = PARTS[part]
    for row in await _rows_of(table, [contract]):
        if str(row["id"]) == row_id and row[column] in texts:
            instead = WORDS_ERASED if column in NEVER_EMPTY else None
            if table is Words:  # a row of nothing else, which is never changed
                await table.delete().where(table._meta.primary_key == row["id"])  # noqa: SLF001 - as above
                continue
            await table.update({column: instead}).where(table._meta.primary_key == row["id"])  # noqa: SLF001 - as above


def _label(name: str) -> str:
    return f"Contract: {BY_NAME[name].label}" if name in BY_NAME else name


def _day(row: Mapping[str, Any]) -> date:
    written: date = (row["revised_at"] or row["written_at"]).astimezone(clock.LONDON).date()
    return written


def _end(row: Mapping[str, Any], ended_on: date | None, today: date) -> date:
    if row["ceased_on"]:
        ceased: date = row["ceased_on"]
        return ceased
    if row["withdrawn_at"]:
        withdrawn: date = row["withdrawn_at"].astimezone(clock.LONDON).date()
        return withdrawn
    return ended_on or today

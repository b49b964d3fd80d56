"""The words that a school's contracts hold, by keys, so that those that name somebody are found and erased.

A key is "contract:<id>:<column>", "contract:<id>:<part>:<row>:<column>" of a row that belongs to one, or ``TERMS``. Contracts
that were withdrawn or hidden are among them: what they say is still there. So is what was written at the school under a contract
of its trust.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from piccolo.table import Table

import database
from audit.log.subjects import CALENDAR, Subject
from base import clock
from contracts.changes.tables import Variation
from contracts.endings.tables import Sending
from contracts.fields.contract_fields import BY_NAME, FIELDS
from contracts.improvement.tables import Assessment
from contracts.promises.tables import Metric
from contracts.reminders.tables import Decision, GovernorQuestion
from contracts.review.tables import Action, Meeting
from contracts.service_events.tables import Words
from contracts.tables import CalendarVersion, Contract, DatesFrom, Extension
from contracts.texts import elsewhere, in_json

TITLE_ERASED: Final = "Contract without a title"
WORDS_ERASED: Final = in_json.WORDS_ERASED
TERMS: Final = "calendar:terms"  # the key of the names of terms, in every version of a school's calendar
WORDS: Final = tuple(one.name for one in FIELDS if one.is_words)
# Rows of a contract that hold words: the table, with its columns and what they are called. A room with such a table adds it here.
NEVER_EMPTY: Final = frozenset({"what", "question", "name"})  # columns without which a row would say nothing
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
    "promise": (Metric, {"name": "What a contract promises"}),
    "rating": (Assessment, {}),  # its words lie in its data: in_json.py
}


@dataclass(frozen=True, slots=True)
class KeptText:
    """``stream`` is what it is about: a contract, or the calendar."""

    key: str
    label: str
    stream: str
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
        KeptText(key_of(row["id"], name), _label(name), Subject.CONTRACT.of(row["id"]), row[name], days[row["id"]])
        for row in rows
        for name in WORDS
        if row[name]
    ]
    for part in PARTS:
        found += [one for row in await rows_of(part, days) for one in _of_row(part, row, days[row["contract"]])]
    others = {row["id"]: _day(row) for row in await _contracts(await elsewhere.contracts(school))}
    for part, its in (await elsewhere.rows(school, others)).items():
        found += [one for row in its for one in _of_row(part, row, others[row["contract"]])]
    return (*found, *await _of_calendars(school))


def _of_row(part: str, row: Mapping[str, Any], day: date) -> Iterator[KeptText]:
    stream = Subject.CONTRACT.of(row["contract"])
    for name, label, value in words_in(part, row):
        yield KeptText(f"{stream}:{part}:{row['id']}:{name}", f"Contract: {label}", stream, value, day)


def words_in(part: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(name, label, words) of each text of a row that is not empty."""
    if part == "rating":
        yield from in_json.words_of_rating(row["data"])
    for name, label in PARTS[part][1].items():
        if row[name]:
            yield name, label, row[name]


async def _of_calendars(school: UUID) -> list[KeptText]:
    rows = await CalendarVersion.select().where(CalendarVersion.school == school).order_by(CalendarVersion.version)
    return [
        KeptText(TERMS, "Calendar: name of a term", CALENDAR, name, row["made_at"].astimezone(clock.LONDON).date())
        for row in rows
        for name in in_json.names_of_terms(row["data"])
    ]


def key_of(contract: UUID, field: str) -> str:
    return f"{Subject.CONTRACT.of(contract)}:{field}"


def place_of(subject: str, field: str) -> tuple[str, str] | None:
    """Key and label of a field of an entry about a contract, as the trail names both; None where it is no column's."""
    contract = Subject.CONTRACT.id_in(subject)
    name = "title" if field == "contract_title" else field
    return (key_of(contract, name), _label(name)) if contract and name in WORDS else None


async def blank(school: UUID, key: str, texts: Collection[str]) -> None:
    """Erases the exact words ``texts`` at a key, if they are there still. Inside the caller's unit, which records it."""
    if key == TERMS:
        await _blank_terms(school, texts)
        return
    kind, _, rest = key.partition(":")
    contract, _, place = rest.partition(":")
    which = Subject.CONTRACT.id_in(f"{kind}:{contract}")
    if which is None:
        return
    row = await Contract.select().where((Contract.id == which) & (Contract.school == school)).first()
    if row is not None and place in WORDS and row[place] in texts:
        instead = TITLE_ERASED if place == "title" else None
        columns: dict[Any, Any] = {place: instead, "version": row["version"] + 1}
        await Contract.update(columns).where(Contract.id == which)
    elif place.count(":") == 2:
        part, row_id, name = place.split(":")
        if row is None:
            rows = (await elsewhere.rows(school, [which])).get(part, [])
        else:
            rows = await rows_of(part, [which]) if part in PARTS else []
        for its in rows:
            if str(its["id"]) == row_id:
                await _blank_part(part, its, name, texts)


async def kept_from(school: UUID) -> dict[UUID, KeptFrom]:
    """By contract of the school, or of its trust where something was written at the school. Inside the caller's unit."""
    rows = await Contract.select().where(Contract.school == school)
    rows += await _contracts(await elsewhere.contracts(school))
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


async def suppliers_of(streams: Iterable[str]) -> set[str]:
    """The streams of the suppliers whose contracts these streams are: a hold on the one is on all about it. Inside a unit."""
    rows = await _contracts(_ids_in(streams))
    return {Subject.SUPPLIER.of(row["supplier"]) for row in rows if row["supplier"]}


async def owners_of(streams: Iterable[str]) -> set[UUID]:
    """The schools that have the contracts that these streams are. Inside the caller's unit."""
    return {row["school"] for row in await _contracts(_ids_in(streams))}


def _ids_in(streams: Iterable[str]) -> list[UUID]:
    return [contract for stream in streams if (contract := Subject.CONTRACT.id_in(stream))]


async def _contracts(ids: Collection[UUID]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await Contract.select().where(database.among(Contract.id, ids)) if ids else []
    return rows


async def rows_of(part: str, contracts: Collection[UUID]) -> list[dict[str, Any]]:
    """The rows of a part of PARTS that belong to these contracts. Inside the caller's unit."""
    if not contracts:
        return []
    table, _ = PARTS[part]
    column = table._meta.get_column_by_name("contract")  # noqa: SLF001 - Piccolo's way to a column by its name
    rows: list[dict[str, Any]] = await table.select().where(database.among(column, contracts))
    return rows


async def _blank_part(part: str, row: Mapping[str, Any], name: str, texts: Collection[str]) -> None:
    table, columns = PARTS[part]
    this = table._meta.primary_key == row["id"]  # noqa: SLF001 - as above
    if part == "rating":
        await _put_in_place(table, row, in_json.rating_without(row["data"], name, texts))
    elif name in columns and row[name] in texts:
        if table is Words:  # a row of nothing else, which is never changed
            await table.delete().where(this)
        else:
            await table.update({name: WORDS_ERASED if name in NEVER_EMPTY else None}).where(this)


async def _blank_terms(school: UUID, texts: Collection[str]) -> None:
    for row in await CalendarVersion.select().where(CalendarVersion.school == school):
        await _put_in_place(CalendarVersion, row, in_json.calendar_without(row["data"], texts))


async def _put_in_place(table: type[Table], row: Mapping[str, Any], data: str) -> None:
    """Of a table whose rows never change: the row goes, and the same one comes without the words."""
    if data != row["data"]:
        await table.delete().where(table._meta.primary_key == row["id"])  # noqa: SLF001 - as above
        await table(**{**row, "data": data}).save()


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

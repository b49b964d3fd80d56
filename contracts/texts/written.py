"""What one person wrote about a school's contracts, for the copy of what is held about them. Inside the caller's unit."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import database
from contracts.improvement.tables import Concern, ConcernStep, Credit
from contracts.service_events.tables import Outcome, ServiceEvent, Stamp
from contracts.tables import CalendarVersion, Contract
from contracts.texts import elsewhere, in_json, texts

# What words stand beside: whoever wrote the row wrote them.
_BESIDE: Final = (ServiceEvent, Stamp, Outcome, Concern, ConcernStep, Credit)
_ANSWERS: Final = ("answer", "minute")  # of a governor's question, by whoever answered it

Written = tuple[UUID, datetime]  # by whom, and when


async def of_person(school: UUID, person: UUID) -> tuple[dict[str, Any], ...]:
    """Of (contract, what, words, written_at), the newest first. Not of a contract that is hidden."""
    ours = await _titles((Contract.school == school) & Contract.hidden_at.is_null())
    others = await _titles(database.among(Contract.id, await elsewhere.contracts(school)) & Contract.hidden_at.is_null())
    beside = await _beside(person, [*ours, *others])
    rows = [(part, row) for part in texts.PARTS for row in await texts.rows_of(part, ours)]
    rows += [(part, row) for part, its in (await elsewhere.rows(school, others)).items() for row in its]
    titles = {**ours, **others}
    found = [
        {"contract": titles[row["contract"]], "what": label, "words": value, "written_at": at}
        for part, row in rows
        for name, label, value in texts.words_in(part, row)
        for author, at in _written(row, name, beside)
        if author == person
    ]
    found += [one async for one in _terms(school, person)]
    return tuple(sorted(found, key=lambda one: one["written_at"], reverse=True))


async def _titles(which: Any) -> dict[UUID, str]:
    return {row["id"]: row["title"] for row in await Contract.select(Contract.id, Contract.title).where(which)}


async def _beside(person: UUID, contracts: Iterable[UUID]) -> dict[UUID, Written]:
    """By the id of a row that the person wrote and that words may stand beside."""
    wanted, found = list(contracts), dict[UUID, Written]()
    for table in _BESIDE if wanted else ():
        theirs = (table.author == person) & database.among(table.contract, wanted)
        rows = await table.select(table.id, table.recorded_at).where(theirs)
        found |= {row["id"]: (person, row["recorded_at"]) for row in rows}
    return found


def _written(row: Mapping[str, Any], name: str, beside: Mapping[UUID, Written]) -> Iterator[Written]:
    """Nobody, where a row does not say who wrote it."""
    if "about" in row:
        yield from (beside[row["about"]],) if row["about"] in beside else ()
    elif "asked_by" in row:
        who, when = ("answered_by", "answered_at") if name in _ANSWERS else ("asked_by", "asked_at")
        yield row[who], row[when]
    elif "author" in row:
        yield row["author"], row["recorded_at"] if "recorded_at" in row else row["written_at"]


async def _terms(school: UUID, person: UUID) -> AsyncIterator[dict[str, Any]]:
    theirs = (CalendarVersion.school == school) & (CalendarVersion.made_by == person)
    for row in await CalendarVersion.select().where(theirs):
        if names := in_json.names_of_terms(row["data"]):
            yield {"contract": "", "what": "Calendar: names of terms", "words": ", ".join(names), "written_at": row["made_at"]}

"""What a school decided about its contracts, to be held against what its trail tells."""

from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import database
from audit.checking import compared
from audit.checking.compared import Compared, Fields, Page
from contracts.events import Event
from contracts.reminders.tables import Decision
from contracts.shares.as_told import contracts_of

DAYS: Final = ("end_on", "decide_by", "decided_on")
WORDS: Final = ("choice", "reason", "minute")


async def _decisions(trail: str) -> AsyncIterator[Page]:
    columns = [getattr(Decision, name) for name in (*DAYS, *WORDS)]
    async for contracts in contracts_of(trail):
        of_them = database.among(Decision.contract, contracts)
        async for rows in compared.pages(Decision, of_them, *columns):
            yield {_key(str(row["id"])): _decision(row) for row in rows}


def _decision(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: row[name].isoformat() if row[name] else None for name in DAYS}
    return days | {name: row[name] for name in WORDS}


def _records(_subject: str, facts: Fields) -> Iterable[tuple[str, Fields]]:
    yield _key(facts["decision"]), facts


def _key(decision: str) -> str:
    return f"contract_decision:{decision}"


DECISIONS: Final = Compared(
    "decision on a contract",
    begins=frozenset({Event.CONTRACT_DECIDED.value}),
    fields=frozenset({*DAYS, *WORDS}),
    records=_records,
    rows=_decisions,
)

"""What was written at a school under contracts that another has: those of its trust, which cover it. Inside the caller's unit."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

from contracts.reminders.tables import GovernorQuestion
from contracts.service_events.tables import ServiceEvent, Words

_CONTRACTS: Final = """SELECT c.id FROM contracts_contract c WHERE c.school <> {} AND c.id IN (
    SELECT contract FROM contracts_service_event WHERE school = {}
    UNION SELECT contract FROM contracts_question WHERE school = {})"""
# Beside an event, a stamp of it, or what both sides said of it.
_WORDS: Final = """SELECT w.* FROM contracts_service_words w WHERE w.contract IN ({}) AND w.about IN (
    SELECT e.id FROM contracts_service_event e WHERE e.school = {}
    UNION ALL SELECT s.id FROM contracts_service_stamp s JOIN contracts_service_event e ON e.id = s.job WHERE e.school = {}
    UNION ALL SELECT o.id FROM contracts_outcome o JOIN contracts_service_event e ON e.id = o.job WHERE e.school = {})"""
_QUESTIONS: Final = "SELECT q.* FROM contracts_question q WHERE q.contract IN ({}) AND q.school = {}"


async def contracts(school: UUID) -> tuple[UUID, ...]:
    """The contracts of others under which something was written at the school."""
    return tuple(row["id"] for row in await ServiceEvent.raw(_CONTRACTS, school, school, school))


async def rows(school: UUID, contracts: Collection[UUID]) -> dict[str, list[dict[str, Any]]]:
    """The rows that were written at the school under these contracts, by part of ``texts.PARTS``."""
    if not contracts:
        return {}
    which = QueryString(", ".join("{}" for _ in contracts), *contracts)
    return {
        "words": await Words.raw(_WORDS, which, school, school, school),
        "question": await GovernorQuestion.raw(_QUESTIONS, which, school),
    }

"""Which documents have run out or soon will: for reminders and for the list of exceptions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from contracts.access import access
from contracts.documents.kinds import DocumentKind
from contracts.documents.tables import Document
from contracts.tables import Contract

REMINDED_BEFORE: Final = (60, 14)  # days


@dataclass(frozen=True, slots=True)
class Expiring:
    contract: UUID
    title: str
    document: UUID
    kind: DocumentKind
    expires_on: date
    added_at: datetime
    corrections: int = 0
    corrected_at: datetime | None = None

    @property
    def is_out_of_date(self) -> bool:
        return self.expires_on < clock.today()


async def of_school(school: UUID, *, within: int = REMINDED_BEFORE[0]) -> tuple[Expiring, ...]:
    """Of a school's contracts that were not ended, what has run out or will within so many days, the earliest first.

    Of one kind in one contract the document that lasts longest counts, since it took the others' place. Inside the caller's unit.
    """
    columns = (Contract.id, Contract.title)
    going_on = Contract.ceased_on.is_null() | (Contract.ceased_on >= clock.today())
    titles = {row["id"]: row["title"] for row in await Contract.select(*columns).where(access.ours(school), going_on)}
    dated = (Document.school == school) & Document.expires_on.is_not_null() & Document.hidden_at.is_null()
    said = (Document.id, Document.contract, Document.kind, Document.expires_on)
    rows = await Document.select(*said, Document.added_at, Document.corrections, Document.corrected_at).where(
        dated, database.among(Document.contract, titles)
    )
    longest = {(row["contract"], row["kind"]): row for row in sorted(rows, key=lambda row: (row["expires_on"], str(row["id"])))}
    until = clock.today() + timedelta(days=within)
    due = (_expiring(row, titles) for row in longest.values() if row["expires_on"] <= until)
    return tuple(sorted(due, key=lambda one: (one.expires_on, one.title, str(one.document))))


def _expiring(row: Mapping[str, Any], titles: Mapping[UUID, str]) -> Expiring:
    contract, kind = row["contract"], DocumentKind(row["kind"])
    changed = (row["added_at"], row["corrections"], row["corrected_at"])
    return Expiring(contract, titles[contract], row["id"], kind, row["expires_on"], *changed)


async def held(schools: Iterable[UUID]) -> dict[UUID, dict[DocumentKind, date | None]]:
    """By contract, the kinds of document that are kept with it and the last day of the one that lasts longest; None: for good.

    Inside the caller's unit.
    """
    its = Contract.select(Contract.id).where(access.ours(*schools))
    rows = await Document.select(Document.contract, Document.kind, Document.expires_on).where(
        Document.hidden_at.is_null(), database.among(Document.contract, its)
    )
    found: dict[UUID, dict[DocumentKind, date | None]] = {}
    for row in rows:
        kinds, kind, last = found.setdefault(row["contract"], {}), DocumentKind(row["kind"]), row["expires_on"]
        before = kinds.get(kind, last)
        kinds[kind] = None if last is None or before is None else max(last, before)
    return found

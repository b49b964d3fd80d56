"""To whom a school shows its contracts, and their files, to be held against what its trail tells."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from audit.checking import compared
from audit.checking.compared import Compared, Page
from audit.log.subjects import Subject
from contracts.documents.tables import Document
from contracts.events import Event
from contracts.service_events.tables import Photo
from contracts.tables import Contract
from sharing.access import audiences
from suppliers.opinions.as_told import files_of

FILE: Final = frozenset({"sha256"})


async def contracts_of(trail: str) -> AsyncIterator[list[UUID]]:
    """The ids of every contract of a school, withdrawn ones too, some at a time. Inside a unit."""
    school = compared.school_of(trail)
    if school is not None:
        async for rows in compared.pages(Contract, Contract.school == school):
            yield [row["id"] for row in rows]


async def _shares(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    shared = (Contract.school == school) & Contract.audience.is_not_null()
    async for rows in compared.pages(Contract, shared, Contract.audience):
        choices = await audiences.choices_of(row["audience"] for row in rows)
        yield {Subject.CONTRACT.of(row["id"]): {"grants": choices[row["audience"]].facts()} for row in rows}


SHARES: Final = Compared(
    "shares of contract",
    begins=frozenset({Event.CONTRACT_SHARED.value, Event.CONTRACT_SHARE_ENDED.value}),
    ends=frozenset({Event.CONTRACT_WITHDRAWN.value}),
    fields=frozenset({"grants"}),
    rows=_shares,
)
DOCUMENTS: Final = Compared(
    "document",
    begins=frozenset({Event.CONTRACT_DOCUMENT_ADDED.value}),
    fields=FILE,
    records=files_of,
    rows=compared.files(Document, Document.school),
)
PHOTOS: Final = Compared(
    "photo",
    begins=frozenset({Event.SERVICE_PHOTO_ADDED.value}),
    fields=FILE,
    records=files_of,
    rows=compared.files(Photo, Photo.school),
)

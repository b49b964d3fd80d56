"""The documents that are kept with a contract, for those who reckon whether what it promises is in date."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from base import clock
from contracts.documents.answering import Kept, What
from contracts.documents.kinds import DocumentKind
from contracts.documents.tables import Document


async def of_contract(school: UUID, contract: UUID) -> tuple[Kept, ...]:
    """Those of a contract that ``school`` has which are not hidden, the first to be added first. Inside the caller's unit, which
    has found that the contract serves whoever asks.
    """
    columns = (Document.id, Document.kind, Document.expires_on, Document.begins_on, Document.answers, Document.added_at)
    there = (Document.school == school) & (Document.contract == contract) & Document.hidden_at.is_null()
    rows = await Document.select(*columns).where(there).order_by(Document.added_at, Document.id)
    return tuple(Kept(row["id"], what(row), row["added_at"].astimezone(clock.LONDON).date()) for row in rows)


def what(row: Mapping[str, Any]) -> What:
    """What a row of Document says that it is."""
    return What(DocumentKind(row["kind"]), row["expires_on"], row["begins_on"], row["answers"])

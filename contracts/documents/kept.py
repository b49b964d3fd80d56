"""The documents that are kept with a contract, for those who reckon whether what it promises is in date."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import database
from base import clock
from contracts.documents.answering import Kept, What
from contracts.documents.kinds import DocumentKind
from contracts.documents.tables import Document


async def of_contract(school: UUID, contract: UUID) -> tuple[Kept, ...]:
    """Those of a contract that ``school`` has which are not hidden, the first to be added first. Inside the caller's unit, which
    has found that the contract serves whoever asks.
    """
    return (await of_several(school, [contract])).get(contract, ())


async def of_several(school: UUID, contracts: Collection[UUID]) -> dict[UUID, tuple[Kept, ...]]:
    """The same by contract; one without documents is left out."""
    columns = (Document.id, Document.contract, Document.kind, Document.expires_on, Document.begins_on, Document.answers)
    there = (Document.school == school) & database.among(Document.contract, contracts) & Document.hidden_at.is_null()
    found: dict[UUID, list[Kept]] = {}
    for row in await Document.select(*columns, Document.added_at).where(there).order_by(Document.added_at, Document.id):
        one = Kept(row["id"], what(row), row["added_at"].astimezone(clock.LONDON).date())
        found.setdefault(row["contract"], []).append(one)
    return {contract: tuple(its) for contract, its in found.items()}


def what(row: Mapping[str, Any]) -> What:
    """What a row of Document says that it is."""
    return What(DocumentKind(row["kind"]), row["expires_on"], row["begins_on"], row["answers"])

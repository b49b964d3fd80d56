"""Which contracts of ours a connection, or a network, opens to others: told before anybody agrees."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.access import access
from contracts.tables import Contract
from sharing.access.fields import CONTRACT_WORDS, Fields
from suppliers.shares.consent import WouldSee
from suppliers.shares.words import fields_in_words

CALLED: Final = ("contract", "contracts")


async def contracts(viewer: Viewer, audiences: Mapping[UUID, Fields]) -> tuple[WouldSee, ...]:
    """Of the viewer's school with these audiences, by title. Inside the caller's unit."""
    chosen = Contract.select(Contract.id, Contract.title, Contract.audience)
    rows = await chosen.where(access.ours(viewer.school), database.among(Contract.audience, audiences)).order_by(
        Contract.title, Contract.id
    )
    return tuple(_would_see(row["id"], row["title"], audiences[row["audience"]]) for row in rows)


def _would_see(contract: UUID, title: str, fields: Fields) -> WouldSee:
    words = fields_in_words(fields, CONTRACT_WORDS)
    return WouldSee("contract", contract, "Your contract", title, f"/contracts/{contract}", fields, words, CALLED)

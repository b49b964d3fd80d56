"""Which contracts of ours a connection, or a network, opens to others: told before anybody agrees."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.access import access
from contracts.shares import there
from contracts.tables import Contract
from sharing.access.fields import Fields
from suppliers.shares.consent import WouldSee
from suppliers.shares.there import There

CALLED: Final = ("contract", "contracts")


async def contracts(viewer: Viewer, audiences: Mapping[UUID, Fields]) -> tuple[WouldSee, ...]:
    """Of the viewer's school with these audiences, by title. Inside the caller's unit."""
    chosen = Contract.select(database.all_of(Contract))
    rows = await chosen.where(access.ours(viewer.school), database.among(Contract.audience, audiences)).order_by(
        Contract.title, Contract.id
    )
    seen = await there.of_rows(viewer, rows)
    return tuple(_would_see(row["id"], row["title"], audiences[row["audience"]], seen[row["id"]]) for row in rows)


def _would_see(contract: UUID, title: str, fields: Fields, seen: There) -> WouldSee:
    return WouldSee("contract", contract, "Your contract", title, f"/contracts/{contract}", fields, seen.words(fields), CALLED)

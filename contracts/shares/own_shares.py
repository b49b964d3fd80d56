"""Which contracts of ours are shared, for a copy of all that the school owns."""

from uuid import UUID

import database
from base.viewer import Viewer
from contracts.access import access
from contracts.tables import Contract


async def audiences_of(viewer: Viewer) -> dict[UUID, UUID | None]:
    """The audience of each of the school's own contracts that is shared."""
    shared = access.ours(viewer.school) & Contract.audience.is_not_null()
    async with database.read():
        rows = await Contract.select(Contract.id, Contract.audience).where(shared)
    return {row["id"]: row["audience"] for row in rows}

"""What the trail's pages call a stream of ours: the supplier's name as it is now."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import database
from suppliers.tables import Supplier
from web.viewer import Viewer

STREAM: Final = "supplier:"


async def of_streams(viewer: Viewer, streams: Iterable[str]) -> Mapping[str, str]:
    """Names by stream; a stream about no supplier, or none that the viewer can see, has none."""
    return await of_trail(str(viewer.school), streams)


async def of_trail(trail: str, streams: Iterable[str]) -> Mapping[str, str]:
    """The same, for the school whose trail it is."""
    ids = {UUID(stream.removeprefix(STREAM)) for stream in streams if stream.startswith(STREAM)}
    if not ids:
        return {}
    seen = Supplier.owner.is_null() | (Supplier.owner == UUID(trail))
    async with database.read():
        rows = await Supplier.select(Supplier.id, Supplier.name).where(Supplier.id.is_in(list(ids)), seen)
    return {f"{STREAM}{row['id']}": row["name"] for row in rows}

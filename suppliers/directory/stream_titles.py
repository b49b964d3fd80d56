"""What the trail's pages call a supplier's stream: its name as it is now. And which other streams are one supplier with it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import database
from audit.log.subjects import Subject
from base.viewer import Viewer
from suppliers.record import merge_edges
from suppliers.tables import Supplier


async def of_streams(viewer: Viewer, streams: Iterable[str]) -> Mapping[str, str]:
    """Names by stream; a stream about no supplier, or none that the viewer can see, has none."""
    return await of_trail(str(viewer.school), streams)


async def merged_with(viewer: Viewer, stream: str) -> Mapping[str, str]:
    """Names by stream of what is one supplier with this one by now, as far as the viewer may read their streams.

    Their entries stay where they were made: whoever reads one stream of a supplier must be able to find the others.
    """
    supplier = Subject.SUPPLIER.id_in(stream)
    if supplier is None or not viewer.reads(stream):
        return {}
    seen = Supplier.owner.is_null() | (Supplier.owner == viewer.school)
    async with database.read():
        rows = await Supplier.select(Supplier.joined_to).where((Supplier.id == supplier) & seen)
        root = (rows[0]["joined_to"] or supplier) if rows else None
        ids = await merge_edges.whole(root, viewer.school) if root else ()
        found = await _names(str(viewer.school), [Subject.SUPPLIER.of(one) for one in ids])
    return {one: name for one, name in found.items() if one != stream and viewer.reads(one)}


async def wholes(streams: Iterable[str]) -> set[str]:
    """The streams of the suppliers that these are part of by now: a hold on the one is on all of it. Inside a unit."""
    ids = _ids(streams)
    rows = await Supplier.select(Supplier.joined_to).where(database.among(Supplier.id, ids)) if ids else []
    return {Subject.SUPPLIER.of(row["joined_to"]) for row in rows if row["joined_to"]}


async def of_trail(trail: str, streams: Iterable[str]) -> Mapping[str, str]:
    """Names by stream, as far as the school whose trail it is can see the suppliers."""
    async with database.read():
        return await _names(trail, streams)


async def _names(trail: str, streams: Iterable[str]) -> Mapping[str, str]:
    ids = _ids(streams)
    seen = Supplier.owner.is_null() | (Supplier.owner == UUID(trail))
    rows = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, ids), seen) if ids else []
    return {Subject.SUPPLIER.of(row["id"]): row["name"] for row in rows}


def _ids(streams: Iterable[str]) -> list[UUID]:
    """The suppliers that these streams are about; a stream about something else gives none."""
    return [supplier for stream in streams if (supplier := Subject.SUPPLIER.id_in(stream))]

"""The timeline with what its page says beside the entries, read in one unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import database
from audit.log import streams
from audit.reading import timeline
from audit.reading.only import Only
from audit.reading.timeline import TimelinePage
from audit.reading.told import Told
from base.viewer import Role, Viewer


@dataclass(frozen=True, slots=True)
class Shown:
    """``names`` by stream, ``people`` of the school by id, ``merged`` names by stream of what is one with the stream asked for,
    ``to_undo`` where an entry can be undone, by its position.
    """

    page: TimelinePage
    scope: streams.InScope | None  # how much of the trail an auditor may read; None for everybody else, who may read all of it
    names: Mapping[str, str]
    people: Mapping[UUID, str]
    merged: Mapping[str, str]
    to_undo: Mapping[int, str]


async def shown(viewer: Viewer, told: Told, only: Only, *, before: int | None, stream: str | None) -> Shown:
    """The entries that follow the one at ``before``, and of ``stream``, where one is asked for, what it is called."""
    async with database.read():
        kept_back = await told.criticism_kept_back(viewer)
        page = await timeline.page(viewer, before=before, only=only, criticism_kept_back=kept_back)
        scope = await streams.in_scope(viewer) if viewer.role is Role.AUDITOR else None
        asked = {stream} if stream and viewer.reads(stream) else set[str]()
        return Shown(
            page=page,
            scope=scope,
            names=await told.titles(viewer, {*page.streams, *asked, *(scope.entries if scope else ())}),
            people=await told.colleagues(viewer),
            merged=await told.merging.merged_with(viewer, stream) if stream else {},
            to_undo=await told.merging.to_undo(viewer, page.lines),
        )

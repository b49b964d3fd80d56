"""The trail over JSON: the same lines as the page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from audit.log.auditor_reads import note_read
from audit.reading import timeline
from base import cursor as cursors
from base.viewer import KeyScope
from web.pages.handlers import CurrentViewer


class ChangeOut(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    old: str | None
    new: str | None


class EntryOut(msgspec.Struct, frozen=True, kw_only=True):
    """``idx`` counts from 0; ``happened_on`` is what a person claimed, ``recorded_at`` is ours (UTC)."""

    idx: int
    type: str
    what: str
    subject: str
    stream: str
    who: str
    recorded_at: datetime
    happened_on: date | None
    changes: tuple[ChangeOut, ...]
    withheld: bool


class EntriesOut(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first. ``root`` is the trail's RFC 6962 root hash over ``size`` entries, in hex."""

    size: int
    root: str
    entries: tuple[EntryOut, ...]
    next_cursor: str | None


@get(
    "/trail/entries",
    operation_id="listTrailEntries",
    summary="Your school's audit trail",
    auditors=True,
    key_scope=KeyScope.TRAIL,
)
async def list_entries(
    viewer: CurrentViewer,
    sentences: NamedDependency[Mapping[str, str]],
    criticism_kept_back: NamedDependency[frozenset[str]],
    cursor: Annotated[str | None, QueryParameter(max_length=cursors.LONGEST)] = None,
    stream: Annotated[str | None, QueryParameter(max_length=200)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = timeline.PAGE,
) -> EntriesOut:
    """The newest first. `withheld` entries hold more, which your role, or an interest that you declared, keeps from you."""
    shown = await timeline.page(
        viewer, before=_position(cursor), stream=stream, limit=limit, criticism_kept_back=criticism_kept_back
    )
    await note_read(viewer, "the timeline", stream=stream if shown.lines else None)
    return EntriesOut(
        size=shown.size,
        root=shown.root.hex(),
        entries=tuple(_entry(line, sentences) for line in shown.lines),
        next_cursor=None if shown.next_before is None else cursors.encode(shown.next_before),
    )


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    (position,) = cursors.decode(cursor, keys=1)
    return position if isinstance(position, int) else None


def _entry(line: timeline.TimelineEntry, sentences: Mapping[str, str]) -> EntryOut:
    return EntryOut(
        idx=line.idx,
        type=line.type,
        what=sentences.get(line.type, line.type),
        subject=line.subject,
        stream=line.stream,
        who=line.who,
        recorded_at=line.recorded_at,
        happened_on=line.happened_on,
        changes=tuple(ChangeOut(field=change.field, old=change.old, new=change.new) for change in line.changes),
        withheld=line.is_withheld,
    )


api = Router(path="/api/v1", route_handlers=[list_entries], tags=["Audit trail"])

"""The trail over JSON: the same lines as the page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from audit.log.auditor_reads import note_read
from audit.reading import timeline
from audit.reading.filters import Filters
from audit.reading.pages import LONGEST_KIND, LONGEST_STREAM
from audit.reading.told import Told
from base import cursor as cursors
from base.viewer import KeyScope
from web.pages.handlers import CurrentViewer


class ChangeOut(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    old: str | None
    new: str | None


class EntryOut(msgspec.Struct, frozen=True, kw_only=True):
    """``idx`` counts from 0; ``happened_on`` is what a person claimed, ``recorded_at`` is ours (UTC).

    ``person`` did it: null where no person did, or the name was erased.
    """

    idx: int
    type: str
    what: str
    subject: str
    stream: str
    who: str
    person: UUID | None
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
async def list_entries(  # noqa: PLR0913 - one for each of what may be asked
    viewer: CurrentViewer,
    told: NamedDependency[Told],
    criticism_kept_back: NamedDependency[frozenset[str]],
    *,
    cursor: Annotated[str | None, QueryParameter(max_length=cursors.LONGEST)] = None,
    stream: Annotated[str | None, QueryParameter(max_length=LONGEST_STREAM)] = None,
    kind: Annotated[str, QueryParameter(max_length=LONGEST_KIND)] = "",
    person: FromQuery[UUID | None] = None,
    first: FromQuery[date | None] = None,
    last: FromQuery[date | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = timeline.PAGE,
) -> EntriesOut:
    """The newest first. `withheld` entries hold more, which your role, or an interest that you declared, keeps from you.

    `kind` is a word of the page's list, such as `reviews`; `person` who did it; `first` and `last` the days, in England, on
    which it was recorded.
    """
    only = Filters(stream=stream, kind=kind, person=person, first=first, last=last).only(told.kinds)
    shown = await timeline.page(viewer, before=_position(cursor), only=only, limit=limit, criticism_kept_back=criticism_kept_back)
    await note_read(viewer, "the timeline", stream=stream if shown.lines else None)
    return EntriesOut(
        size=shown.size,
        root=shown.root.hex(),
        entries=tuple(_entry(line, told.sentences) for line in shown.lines),
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
        person=line.person,
        recorded_at=line.recorded_at,
        happened_on=line.happened_on,
        changes=tuple(ChangeOut(field=change.field, old=change.old, new=change.new) for change in line.changes),
        withheld=line.is_withheld,
    )


api = Router(path="/api/v1", route_handlers=[list_entries], tags=["Audit trail"])

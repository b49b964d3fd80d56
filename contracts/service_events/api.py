"""What happened under a contract, over JSON. Every verdict is reckoned as it is asked for; null is what nobody wrote down."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT

from base.refusals import Invalid
from base.viewer import KeyScope
from contracts.events import Event
from contracts.judging.kinds import Side, StampKind
from contracts.promises.kinds import EventKind, How
from contracts.service_events import logging_one, photos, reading
from contracts.service_events.logging_one import LONGEST_JOB_NUMBER, LONGEST_NOTES, LONGEST_WHAT, Logged
from contracts.service_events.reading import EventView
from web.pages.handlers import CurrentViewer, Cursor

Priority = Literal["P1", "P2", "P3", "P4"]


class EventIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fault or call-out needs ``happened_at`` and ``priority``; everything else ``metric`` and ``on_day``, or its times.

    ``told_at`` and ``told_how`` go together; leave both out while they have not been told. ``said`` is what a row of its kind
    says by rules A of the reference, without its day: ``{"passed": true}`` of a check.
    """

    what: Annotated[str, msgspec.Meta(max_length=LONGEST_WHAT)]
    kind: EventKind = EventKind.JOB
    metric: UUID | None = None
    happened_at: datetime | None = None
    on_day: date | None = None
    told_at: datetime | None = None
    told_how: How | None = None
    job_number: Annotated[str, msgspec.Meta(max_length=LONGEST_JOB_NUMBER)] = ""
    priority: Priority | None = None
    said: dict[str, str | int | float | bool | None] = {}
    notes: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTES)] = ""
    claimed_by: Side = Side.SCHOOL


class LoggedOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID


class StampOut(msgspec.Struct, frozen=True, kw_only=True):
    """``counts`` is false of what the supplier claims and the school has not agreed to."""

    kind: StampKind
    at: datetime
    priority: Priority | None
    claimed_by: Side
    counts: bool


class VerdictOut(msgspec.Struct, frozen=True, kw_only=True):
    """``verdict`` is met, missed, running, paused, overdue, not_reported, missing or unknown; ``sentence`` says why."""

    metric: UUID
    name: str
    verdict: str
    due: datetime | None
    missed_by_minutes: int
    sentence: str


class EventOut(msgspec.Struct, frozen=True, kw_only=True):
    """``flags`` are what a reader must know before believing it, in words. ``calendar_of`` is whose calendar judged it: the
    school's where it happened, or that of whoever has the contract. ``files`` are the names of its photos and files.
    """

    id: UUID
    kind: EventKind
    metric: UUID | None
    what: str
    on_day: date
    happened_at: datetime | None
    told_at: datetime | None
    told_how: How | None
    job_number: str
    priority: Priority | None
    said: dict[str, str | int | float | bool | None]
    claimed_by: Side
    recorded_at: datetime
    stamps: tuple[StampOut, ...]
    verdicts: tuple[VerdictOut, ...]
    calendar_of: str
    discussed: str | None
    agreed: str | None
    flags: tuple[str, ...]
    files: tuple[str, ...]


class EventsOut(msgspec.Struct, frozen=True, kw_only=True):
    events: tuple[EventOut, ...]
    next_cursor: str | None


@get(
    "/contracts/{contract_id:uuid}/events",
    operation_id="listServiceEvents",
    summary="What happened under a contract, the latest first",
    key_scope=KeyScope.READ,
)
async def list_service_events(viewer: CurrentViewer, contract_id: FromPath[UUID], cursor: Cursor = "") -> EventsOut:
    """Each with what the clock says of it now, what both sides said and agreed, and its flags."""
    found = await reading.page(viewer, contract_id, cursor)
    return EventsOut(events=tuple(map(_out, found.events)), next_cursor=found.after or None)


@post(
    "/contracts/{contract_id:uuid}/events",
    operation_id="logServiceEvent",
    summary="Log something that happened under a contract",
    leaves=(Event.SERVICE_LOGGED,),
    key_scope=KeyScope.WRITE,
)
async def log_service_event(viewer: CurrentViewer, contract_id: FromPath[UUID], data: JSONBody[EventIn]) -> LoggedOut:
    """Times carry their offset from UTC. What is logged is never edited: a correction is made on its page, with a reason."""
    for name in ("happened_at", "told_at"):
        moment = getattr(data, name)
        if moment is not None and moment.tzinfo is None:
            sentence = "Give the time with its offset from UTC, such as 2026-01-20T09:30:00Z."
            raise Invalid(sentence, **{name.removesuffix("_at"): sentence})
    new = Logged(**{name: getattr(data, name) for name in data.__struct_fields__})
    return LoggedOut(id=await logging_one.log(viewer, contract_id, new))


def _out(found: EventView) -> EventOut:
    job, agreed, discussed = found.job, found.job.agreed(), found.job.discussed()
    return EventOut(
        id=job.job, kind=job.kind, metric=job.metric, what=found.words.get("what", ""), on_day=job.on_day,
        happened_at=job.happened_at, told_at=job.told_at, told_how=job.told_how, job_number=job.job_number,
        priority=job.current_priority,  # type: ignore[arg-type]
        said=dict(job.said), claimed_by=job.claimed_by, recorded_at=job.recorded_at,
        stamps=tuple(
            StampOut(kind=one.kind, at=one.at, priority=one.priority, claimed_by=one.claimed_by, counts=one.is_counted)  # type: ignore[arg-type]
            for one in job.stamps
        ),
        verdicts=tuple(
            VerdictOut(
                metric=one.metric.metric, name=one.metric.name, verdict=one.word, due=one.due,
                missed_by_minutes=one.missed_by_minutes, sentence=one.sentence,
            )
            for one in found.verdicts
        ),
        calendar_of=found.calendar_of,
        discussed=discussed.state.value if discussed and discussed.state else None,
        agreed=agreed.outcome.value if agreed and agreed.outcome else None, flags=found.flags,
        files=tuple(one.name for one in found.photos),
    )  # fmt: skip


@post(
    "/service-events/photos/{photo_id:uuid}/hide",
    operation_id="hideServicePhoto",
    summary="Hide a photo of what happened at once",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.SERVICE_PHOTO_HIDDEN,),
    key_scope=KeyScope.WRITE,
)
async def hide_service_photo(viewer: CurrentViewer, photo_id: FromPath[UUID]) -> None:
    """For what nobody should see a minute longer. Those who may have it erased find it under Erasure, Hidden."""
    await photos.hide(viewer, photo_id)


@post(
    "/service-events/photos/{photo_id:uuid}/show",
    operation_id="showServicePhoto",
    summary="Show a hidden photo of what happened again",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.SERVICE_PHOTO_SHOWN,),
    key_scope=KeyScope.WRITE,
)
async def show_service_photo(viewer: CurrentViewer, photo_id: FromPath[UUID]) -> None:
    """Whoever could see it before sees it again."""
    await photos.show_again(viewer, photo_id)


api = Router(
    path="/api/v1",
    route_handlers=[list_service_events, log_service_event, hide_service_photo, show_service_photo],
    tags=["Contracts"],
)

"""A school's service calendar over JSON: the same verbs as its pages."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Router, get, put
from litestar.params import JSONBody
from litestar.response import Response

from base.viewer import KeyScope
from contracts.calendars import calendars
from contracts.calendars.calendars import CalendarView
from contracts.clock.calendar_layers import known_terms
from contracts.clock.school_calendar import (
    MOST_DAYS,
    MOST_TERMS,
    Hours,
    Mode,
    Nation,
    SchoolCalendar,
    Season,
    Term,
    Weekday,
    windows,
)
from contracts.events import Event
from web.http.versions import ETAG, IfMatch, etag, version_of
from web.pages.handlers import CurrentViewer

Some = msgspec.Meta(max_length=MOST_DAYS)


class CalendarIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version that holds from ``from_day``, whole. Hours are ["08:00", "17:00"]; a close before the opening is the next
    morning's.

    ``only`` says whether the hours hold in term or in the holidays only. A term has its half-term inside, unless ``six_terms``.
    With ``follows_trust`` hours, terms and nation are the trust's, and the days given here are the school's own beside them.
    """

    from_day: date
    follows_trust: bool = False
    nation: Nation = "ENG"
    open_on_bank_holidays: bool = False
    weekly: dict[Weekday, Hours] = {}
    only: Season | None = None
    six_terms: bool = False
    terms: Annotated[tuple[Term, ...], msgspec.Meta(max_length=MOST_TERMS)] = ()
    closed: Annotated[tuple[tuple[date, date], ...], Some] = ()
    half_days: Annotated[dict[date, Hours], Some] = {}
    inset: Annotated[tuple[date, ...], Some] = ()
    inset_open: bool = False
    modes: Annotated[tuple[Mode, ...], Some] = ()


class LayerOut(msgspec.Struct, frozen=True, kw_only=True):
    from_day: date
    calendar: SchoolCalendar


class SavedOut(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    from_day: date
    saved: datetime


class CalendarOut(msgspec.Struct, frozen=True, kw_only=True):
    """``layers`` are the whole calendar, the trust's part included, each in force from its day until the next one's.

    ``known_until`` is the last day of the last known term; ``half_terms`` are the parts of terms without half-term.
    """

    version: int
    layers: tuple[LayerOut, ...]
    saved: tuple[SavedOut, ...]
    follows_trust: bool
    trust_name: str | None
    known_until: date | None
    half_terms: tuple[tuple[date, date], ...]


class SavedNowOut(msgspec.Struct, frozen=True, kw_only=True):
    """``contracts`` of the school had their dates reckoned anew; ``schools`` follow the calendar of this trust."""

    version: int
    contracts: int
    schools: int


@get(
    "/calendar",
    operation_id="getCalendar",
    summary="Your school's hours and term dates",
    response_headers=[ETAG],
    key_scope=KeyScope.READ,
)
async def get_calendar(viewer: CurrentViewer) -> Response[CalendarOut]:
    """As it holds for clocks and notices. Its ETag is the number of the newest version that the school saved, 0 for none."""
    return _answer(await calendars.look(viewer))


@put(
    "/calendar",
    operation_id="saveCalendar",
    summary="Save the next version of your school's calendar",
    response_headers=[ETAG],
    leaves=(Event.CALENDAR_SAVED, Event.CALENDAR_GIVEN),
    key_scope=KeyScope.WRITE,
    needs_version=True,
)
async def save_calendar(viewer: CurrentViewer, data: JSONBody[CalendarIn], if_match: IfMatch = None) -> Response[SavedNowOut]:
    """Days before `from_day` stay judged by what held then. Name the version that you read in If-Match: "0" for the first."""
    fields = {name: getattr(data, name) for name in SchoolCalendar.__struct_fields__}
    read = version_of(if_match)
    saved = await calendars.save_version(viewer, SchoolCalendar(**fields), from_day=data.from_day, version=read)
    out = SavedNowOut(version=saved.version, contracts=saved.contracts, schools=saved.schools)
    return Response(out, headers=etag(saved.version))


def _answer(view: CalendarView) -> Response[CalendarOut]:
    halves = windows(known_terms(view.layers))
    out = CalendarOut(
        version=view.version,
        layers=tuple(LayerOut(from_day=layer.starts, calendar=layer.calendar) for layer in view.layers),
        saved=tuple(SavedOut(version=one.number, from_day=one.starts, saved=one.saved_at) for one in view.saved),
        follows_trust=view.follows_trust,
        trust_name=view.trust_name or None,
        known_until=view.last_known,
        half_terms=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in halves),
    )
    return Response(out, headers=etag(view.version))


api = Router(path="/api/v1", route_handlers=[get_calendar, save_calendar], tags=["Contracts"])

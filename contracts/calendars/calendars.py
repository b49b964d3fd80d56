"""A school's service calendar: what it is, and saving the next version of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

import msgspec

import audit
import database
from audit import Record
from audit.log.subjects import CALENDAR
from base import clock
from base.refusals import Conflict, Invalid
from base.viewer import Viewer, must_keep_contracts
from base.words import in_words
from contracts.clock import school_calendar
from contracts.clock.calendar_layers import Layer, changes, laid_over
from contracts.clock.school_calendar import MOST_YEARS, SchoolCalendar
from contracts.events import Event
from contracts.register import deriving, stored_calendars
from contracts.register.stored_calendars import StoredCalendar
from contracts.tables import CalendarVersion
from sharing.members import members

BACK: Final = timedelta(days=366 * MOST_YEARS)  # how far a first version may reach
AHEAD: Final = timedelta(days=366)
MOST_VERSIONS: Final = 500  # of one school: one a week for ten years
LARGEST: Final = 100_000  # bytes of one version as it is stored

CHANGED: Final = "The calendar was saved after you read it, so yours is not saved yet. Read the newer one, then save yours again."

# How many open calls of a school the clock would judge otherwise by the second calendar than by the first.
Moved = Callable[[UUID, Sequence[Layer], Sequence[Layer]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """One that the school saved itself."""

    number: int
    starts: date
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarView:
    """``now`` is what holds today, the trust's part included; ``own`` the newest version that the school saved itself.

    ``version`` is its number, 0 for none; ``trust_name`` is whose calendar can be followed, "" for nobody's.
    """

    layers: tuple[Layer, ...]
    now: SchoolCalendar | None
    own: SchoolCalendar | None
    version: int
    saved: tuple[SavedVersion, ...]
    trust_name: str
    last_known: date | None  # the last day of the last term

    @property
    def follows_trust(self) -> bool:
        return bool(self.trust_name) and (self.own is None or self.own.follows_trust)


@dataclass(frozen=True, slots=True)
class Saved:
    """``contracts`` of the school had their dates reckoned anew; ``schools`` follow the calendar of this trust."""

    version: int
    contracts: int
    schools: int


async def look(viewer: Viewer) -> CalendarView:
    """Opens its own read unit."""
    async with database.read():
        stored = await stored_calendars.of_school(viewer.school)
    today = clock.today()
    held = [layer for layer in stored.layers if layer.starts <= today]
    newest = stored.layers[-1].calendar if stored.layers else None
    return CalendarView(
        layers=stored.layers,
        now=held[-1].calendar if held else None,
        own=school_calendar.of_json(stored.own[-1]["data"]) if stored.own else None,
        version=len(stored.own),
        saved=tuple(SavedVersion(row["version"], row["from_day"], row["made_at"]) for row in reversed(stored.own)),
        trust_name=stored.trust_name if stored.theirs else "",
        last_known=newest.last_known if newest else None,
    )


async def saved(viewer: Viewer) -> tuple[Layer, ...]:
    """What the viewer's school saved itself, in the order of saving. Opens its own read unit."""
    async with database.read():
        return (await stored_calendars.saved_by([viewer.school])).get(viewer.school, ())


async def save_version(viewer: Viewer, calendar: SchoolCalendar, *, from_day: date, version: int) -> Saved:
    """Saves the next version; what it replaces still judges the days before ``from_day``.

    Raises Forbidden, Invalid that names each wrong field, Conflict unless ``version`` is the number of the newest one.
    """
    must_keep_contracts(viewer)
    data = school_calendar.to_json(calendar := checked(calendar))
    async with audit.recording(viewer) as record:
        stored = await stored_calendars.of_school(viewer.school)
        if version != len(stored.own):
            raise Conflict(CHANGED)
        if version >= MOST_VERSIONS:
            raise Conflict(f"A calendar has {MOST_VERSIONS} versions at most. Ask whoever runs this service.")
        require_day(stored.layers, from_day)
        _require_trust(stored, calendar, from_day)
        facts = await _keep(record, viewer, version + 1, from_day, data)
        contracts = await deriving.terms_changed(viewer.school)
        schools = await _tell_schools(record, viewer.school, facts)
    return Saved(version + 1, contracts, schools)


async def save_kept(record: Record, viewer: Viewer, kept: Sequence[Layer]) -> int:
    """The versions that a school saved elsewhere, in their order, where it has none here; how many. Inside the caller's unit.

    Before there are contracts, for no dates are reckoned anew. Leaves out all of them where one follows a trust that has no
    calendar here, and where schools of a trust would follow them. Raises Invalid for one that can't be.
    """
    stored = await stored_calendars.of_school(viewer.school)
    leads_others = bool(await members.schools_of_trust(viewer.school) - {viewer.school})
    if stored.own or leads_others or (not stored.theirs and any(one.calendar.follows_trust for one in kept)):
        return 0
    for number, one in enumerate(kept[:MOST_VERSIONS], start=1):
        await _keep(record, viewer, number, one.starts, school_calendar.to_json(checked(one.calendar)))
    return len(kept[:MOST_VERSIONS])


async def _keep(record: Record, viewer: Viewer, number: int, from_day: date, data: str) -> dict[str, object]:
    """Returns the facts of its entry."""
    with database.duplicates(Conflict(CHANGED)):
        await CalendarVersion(
            id=uuid4(), school=viewer.school, version=number, from_day=from_day, data=data, made_by=viewer.person,
            made_at=clock.now(),
        ).save()  # fmt: skip
    facts: dict[str, object] = {
        "version": number, "from": from_day.isoformat(), "sha256": sha256(data.encode()).hexdigest()
    }  # fmt: skip
    record(Event.CALENDAR_SAVED, stream=CALENDAR, subject=CALENDAR, facts=facts)
    return facts


async def would_move(viewer: Viewer, calendar: SchoolCalendar, from_day: date, counts: Sequence[Moved]) -> int:
    """How many open calls the version would move, as ``counts`` say; nobody's are counted where there are none of these."""
    async with database.read():
        stored = await stored_calendars.of_school(viewer.school)
        calendar = checked(calendar)
        own = [Layer(row["from_day"], school_calendar.of_json(row["data"])) for row in stored.own]
        after = laid_over(stored.theirs, [*own, Layer(from_day, calendar)])
        return sum([await count(viewer.school, stored.layers, after) for count in counts])


def checked(calendar: SchoolCalendar) -> SchoolCalendar:
    """With terms in order. Raises Invalid that names each wrong field."""
    if calendar.follows_trust:  # what is the trust's to say is not said twice
        calendar = msgspec.structs.replace(calendar, weekly={}, terms=(), only=None, six_terms=False, inset_open=False)
    if wrong := school_calendar.problems(calendar):
        raise Invalid(next(iter(wrong.values())), **wrong)
    calendar = msgspec.structs.replace(
        calendar,
        terms=tuple(sorted(calendar.terms, key=lambda term: term.first)),
        closed=tuple(sorted(set(calendar.closed))),
        inset=tuple(sorted(set(calendar.inset))),
    )
    if len(school_calendar.to_json(calendar)) > LARGEST:
        raise Invalid("This is too much for one calendar. Leave out what is long past.")
    return calendar


def require_day(layers: Sequence[Layer], from_day: date) -> None:
    """Raises Invalid for a day from which a version can't hold: it would judge anew what was judged already."""
    today = clock.today()
    if from_day > today + AHEAD:
        sentence = "A version begins within a year from today."
    elif from_day < today - BACK:
        sentence = f"A calendar begins {MOST_YEARS} years back at the most."
    elif layers and layers[0].starts <= from_day < today:
        sentence = (
            f"Days before today were judged by the calendar that held then. Choose today, {in_words(today)}, or a later day"
            f"{_or_before(layers, today - BACK)}."
        )
    else:
        return
    raise Invalid(sentence, from_day=sentence)


def _or_before(layers: Sequence[Layer], earliest: date) -> str:
    first = layers[0].starts
    return f", or one before {in_words(first)}, when the calendar begins" if first > earliest else ""


def _require_trust(stored: StoredCalendar, calendar: SchoolCalendar, from_day: date) -> None:
    if calendar.follows_trust and not any(layer.starts <= from_day for layer in stored.theirs if stored.trust):
        sentence = "Your trust has no calendar for that day. Enter the hours and term dates of the school."
        raise Invalid(sentence, follows_trust=sentence)


async def _tell_schools(record: Record, team: UUID, facts: dict[str, object]) -> int:
    """An entry in the trail of each school whose calendar this trust's version changes, and its dates anew: how many schools."""
    told = 0
    for school in sorted(await members.schools_of_trust(team) - {team}):
        stored = await stored_calendars.of_school(school)
        own = [Layer(row["from_day"], school_calendar.of_json(row["data"])) for row in stored.own]
        if stored.trust != team or changes(laid_over(stored.theirs[:-1], own)) == changes(stored.layers):
            continue
        record(Event.CALENDAR_GIVEN, stream=CALENDAR, subject=CALENDAR, facts=facts, trail=school)
        await deriving.terms_changed(school)
        told += 1
    return told

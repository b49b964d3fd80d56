"""The service clock: when something was due, how many service minutes it took, and whether that was met (rules C1 to C16).

``due`` and ``elapsed`` take what was read before; ``judge`` takes and gives the JSON of the cases.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from contracts.clock.local_time import Span
from contracts.clock.open_minutes import Timetable
from contracts.clock.reading import instant, listed, mapping, minute_of, of_minute, whole
from contracts.clock.refused import Refused, bad_input
from contracts.clock.service_calendar import calendar_of
from contracts.clock.stoppages import FOR_EVER, Stoppages, stoppages
from contracts.clock.targets import Received, Target, due_in_business_days, due_in_minutes, target_of

AnyCalendar = Mapping[str, Any] | Timetable  # as JSON, or read before

MOST_PAUSES: Final = 1_000  # of one event, and as many changes and re-openings
MOST_CALENDARS: Final = 256  # kept as they were read


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still in [starts, ends); ``ends`` None goes on."""

    starts: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """A priority changed: from ``at`` on the target is ``minutes`` of service."""

    at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class _Event:
    """What ``judge`` is asked about, in minutes since 1970; ``stop`` or ``as_of`` is None."""

    start: int
    target: Target
    pauses: tuple[Span, ...]
    gaps: tuple[Span, ...]  # from a fix to its re-opening
    changes: tuple[tuple[int, int], ...]  # when, and to how many minutes
    stop: int | None
    as_of: int | None
    recorded: int | None

    @property
    def end(self) -> int:
        return self.as_of if self.stop is None and self.as_of is not None else self.stop or 0

    @property
    def stopped(self) -> Stoppages:
        end = FOR_EVER if self.stop is None else self.stop
        return stoppages(self.pauses, start=self.start, gaps=self.gaps, end=end)


def due(
    calendar: Timetable, start: datetime, target: Target, pauses: Sequence[Pause] = (), changes: Sequence[Change] = ()
) -> datetime | None:
    """The earliest instant by which the target has counted, in the calendar's zone; None while a pause without an end stands.

    Raises Refused where it depends on days that the calendar doesn't know.
    """
    first = minute_of(start)
    stopped = stoppages(_spans(pauses), start=first)
    found = _due(calendar, first, target, stopped, tuple((minute_of(change.at), change.minutes) for change in changes))
    return None if found == FOR_EVER else of_minute(found).astimezone(calendar.tz)


def elapsed(calendar: Timetable, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
    """The service minutes of [start, end) that were not paused. Raises Refused where the calendar doesn't know a day of it."""
    first, last = minute_of(start), minute_of(end)
    return _counted(calendar, stoppages(_spans(pauses), start=first), first, last)


def judge(data: object) -> dict[str, Any]:
    """``due, elapsed_minutes, verdict, missed_by_minutes`` and, where ``recorded`` was given, ``logged_late``.

    ``data`` and the answer are the JSON of docs/reference/sla-rules.md. Raises Refused.
    """
    given = mapping(data, "An event")
    return judge_by(timetable_of(given.get("calendar")), given)


def judge_by(table: Timetable, given: Mapping[str, Any]) -> dict[str, Any]:
    """``judge`` where the calendar was read before."""
    event = _event(given)
    stopped = event.stopped
    due_at = _due(table, event.start, event.target, stopped, event.changes)
    late = _counted(table, stopped, due_at, event.end)
    answer = {
        "due": None if due_at == FOR_EVER else of_minute(due_at).astimezone(table.tz).isoformat(),
        "elapsed_minutes": _counted(table, stopped, event.start, event.end),
        "verdict": _verdict(table, event, stopped, due_at, late),
        "missed_by_minutes": late,
    }
    return answer | ({} if event.recorded is None else {"logged_late": _is_logged_late(table, event.start, event.recorded)})


def timetable_of(calendar: object) -> Timetable:
    """Reads a calendar; one that was read before comes back with what was laid out of it. Raises Refused."""
    if isinstance(calendar, Timetable):
        return calendar
    return _read(json.dumps(calendar, sort_keys=True, default=str))


def read_once(calendar: AnyCalendar | None) -> AnyCalendar | None:
    """For whoever asks about many events: what ``timetable_of`` gives, so that it need not look for it each time.

    A calendar that can't be read stays as it is, and is refused where it is asked.
    """
    try:
        return calendar and timetable_of(calendar)
    except Refused:
        return calendar


@lru_cache(maxsize=MOST_CALENDARS)
def _read(calendar: str) -> Timetable:
    return Timetable(calendar_of(json.loads(calendar)))


def _due(table: Timetable, start: int, target: Target, stopped: Stoppages, changes: Sequence[tuple[int, int]]) -> int:
    """FOR_EVER for an event that waits without an end; changes of priority in their order (rule C13)."""
    minutes = target.minutes_on(table, table.date_of(start))
    if minutes is None:
        found = due_in_business_days(table, start, target.business_days or 0, target.received, stopped)
    else:
        found = due_in_minutes(table, start, minutes, stopped)
    for at, new in changes:
        if _counted(table, stopped, found, at):
            break  # it was late already, and no change mends that
        from_change = due_in_minutes(table, at, new, stopped)
        is_raised = from_change < found if minutes is None else new < minutes
        if is_raised:
            found = min(found, from_change)
        elif new != minutes:
            found = max(found, due_in_minutes(table, start, new, stopped))
        minutes = new
    return found


def _counted(table: Timetable, stopped: Stoppages, start: int, end: int) -> int:
    return stopped.counted(table.holding(start, end), start, end) if start < end else 0


def _verdict(table: Timetable, event: _Event, stopped: Stoppages, due_at: int, late: int) -> str:
    if event.stop is None:
        return "overdue" if late else "paused" if stopped.holds_at(event.end) else "running"
    in_days = event.target.business_days is not None and not event.changes
    after_last_date = in_days and due_at != FOR_EVER and table.date_of(event.stop) > table.date_of(due_at - 1)
    return "missed" if late or after_last_date else "met"


def _is_logged_late(table: Timetable, start: int, recorded: int) -> bool:
    """After the close of the next open day after it happened (rule C15)."""
    if table.date_of(recorded) <= table.date_of(start):
        return False  # whatever the next day's hours are
    return recorded > due_in_business_days(table, start, 1, Received.AS_HAPPENED, Stoppages())


def _event(given: Mapping[str, Any]) -> _Event:
    start = minute_of(instant(given.get("start"), "The start"))
    stop, as_of, recorded = (_optional(given.get(name), what, start) for name, what in _MOMENTS.items())
    end = stop if stop is not None else as_of
    if end is None:
        bad_input("Say when it was done, or up to when it is looked at.")
    return _Event(
        start=start,
        target=target_of(given.get("target")),
        pauses=tuple(_pause(each) for each in _some(given, "pauses")),
        gaps=tuple(_gap(each) for each in _some(given, "reopened")),
        changes=_changes(given, start, end),
        stop=stop,
        as_of=as_of,
        recorded=recorded,
    )


_MOMENTS: Final = {
    "stop": "The moment when it was done",
    "as_of": "The moment of looking",
    "recorded": "The moment of logging it",
}


def _optional(value: object, what: str, start: int) -> int | None:
    if value is None:
        return None
    found = minute_of(instant(value, what))
    if found < start:
        bad_input(f"{what} lies before the start.")
    return found


def _some(given: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = listed(given.get(name), name.capitalize())
    if len(found) > MOST_PAUSES:
        bad_input(f"One event has {MOST_PAUSES:,} {name} at most.")
    return found


def _pause(data: object) -> Span:
    given = mapping(data, "A pause")
    first = minute_of(instant(given.get("from"), "The start of a pause"))
    last = FOR_EVER if given.get("to") is None else minute_of(instant(given["to"], "The end of a pause"))
    if last < first:
        bad_input("A pause ends before it begins.")
    return first, last


def _gap(data: object) -> Span:
    given = mapping(data, "A re-opening")
    first, last = minute_of(instant(given.get("stop"), "A first fix")), minute_of(instant(given.get("at"), "A re-opening"))
    if last < first:
        bad_input("Something was opened again before it was first done.")
    return first, last


def _changes(given: Mapping[str, Any], start: int, end: int) -> tuple[tuple[int, int], ...]:
    found, earliest = [], start
    for each in _some(given, "changes"):
        change = mapping(each, "A change of priority")
        at = minute_of(instant(change.get("at"), "A change of priority"))
        if not earliest <= at <= end:
            bad_input("Changes of priority are given in order, between the start and the end.")
        found.append((at, whole(change.get("minutes"), "The target of a changed priority")))
        earliest = at
    return tuple(found)


def _spans(pauses: Sequence[Pause]) -> tuple[Span, ...]:
    return tuple((minute_of(p.starts), FOR_EVER if p.ends is None else minute_of(p.ends)) for p in pauses)

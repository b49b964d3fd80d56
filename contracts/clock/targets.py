"""By when something is to be done: in service minutes, in business days, and what a mode or a changed priority makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from contracts.clock.local_time import DAY
from contracts.clock.open_minutes import Timetable
from contracts.clock.reading import mapping, whole
from contracts.clock.refused import Refused, bad_input
from contracts.clock.stoppages import FOR_EVER, Stoppages

MOST_DAYS: Final = 731  # two years: what isn't due by then has no service to wait for
FIRST_LOOK: Final = 40  # days laid out before looking further


class Received(StrEnum):
    """On which day something counts as received: the day itself, or that of the next opening (rule C12)."""

    AS_HAPPENED = "as_happened"
    NEXT_OPENING = "next_opening"


@dataclass(frozen=True, slots=True)
class Target:
    """Either ``minutes`` of service, fewer in some ``modes``, or ``business_days``; the other one is None."""

    minutes: int | None = None
    modes: Mapping[str, int] | None = None
    business_days: int | None = None
    received: Received = Received.AS_HAPPENED

    def minutes_on(self, table: Timetable, day: date) -> int | None:
        """The tightest of the usual target and those of the modes in force on the day (rule C8)."""
        if self.minutes is None or not self.modes:
            return self.minutes
        modes = table.calendar.version(day).modes
        names = {mode.name for mode in modes if mode.window[0] <= day <= mode.window[1]}
        return min([self.minutes, *(minutes for name, minutes in self.modes.items() if name in names)])


def target_of(data: object) -> Target:
    """Reads a target as the cases write it. Raises Refused."""
    given = mapping(data, "The target")
    if ("minutes" in given) == ("business_days" in given):
        bad_input("A target is given in minutes or in business days.")
    if "business_days" in given:
        received = given.get("received", Received.AS_HAPPENED)
        if received not in list(Received):
            bad_input("Something counts as received as it happened, or at the next opening.")
        days = whole(given["business_days"], "A target in business days")
        return Target(business_days=days, received=Received(received))
    modes = mapping(given.get("modes") or {}, "Targets of modes")
    return Target(
        minutes=whole(given["minutes"], "A target in minutes"),
        modes={name: whole(minutes, f"The target of the mode “{name[:40]}”") for name, minutes in modes.items()},
    )


def due_in_minutes(table: Timetable, start: int, minutes: int, stopped: Stoppages) -> int:
    """The earliest minute by which ``minutes`` have counted (rule C9); FOR_EVER while a pause without an end stands.

    Raises Refused where it depends on days that aren't known, or where two years don't bring it.
    """
    first = table.date_of(start)
    days = FIRST_LOOK
    while True:
        opened = table.covering(first, first + timedelta(days=days))
        due = stopped.due(opened, start, minutes)
        if due is not None and due <= start + MOST_DAYS * DAY:
            opened.require_known(start, due)
            return due
        if (since := stopped.goes_on_from) is not None and table.date_of(since) <= opened.last:
            opened.require_known(start, since)
            return FOR_EVER
        for gap in opened.unknown:
            if gap.last > start:
                raise gap.refused
        if days >= MOST_DAYS:
            raise _no_open_time()
        days = min(days * 4, MOST_DAYS)


def due_in_business_days(table: Timetable, start: int, days: int, received: Received, stopped: Stoppages) -> int:
    """The close of the ``days``-th open day after the one on which it was received (rule C12); FOR_EVER as above."""
    if stopped.goes_on_from is not None and stopped.goes_on_from <= start:
        return FOR_EVER  # whatever hours the days after it have, known or not
    day = _first_day(table, start)
    last = day + timedelta(days=MOST_DAYS)
    if days:
        day = _day_of_next_opening(table, start, last) if received is Received.NEXT_OPENING else table.date_of(start)
        day += timedelta(days=1)
    while day <= last:
        spans = table.calendar.openings(day)
        if stopped.runs_within(spans, start):
            days -= 1
            if days <= 0:
                return spans[-1][1]
        elif _is_stopped_for_ever(table, stopped, day):
            return FOR_EVER
        day += timedelta(days=1)
    raise _no_open_time()


def _first_day(table: Timetable, start: int) -> date:
    """The day on which something happened, or the one before if its service was still open then."""
    day = table.date_of(start)
    before = day - timedelta(days=1)
    if table.calendar.spills_from(before) and any(closes > start for _, closes in table.calendar.openings(before)):
        return before
    return day


def _day_of_next_opening(table: Timetable, start: int, last: date) -> date:
    day = _first_day(table, start)
    while day <= last:
        if any(closes > start for _, closes in table.calendar.openings(day)):
            return day
        day += timedelta(days=1)
    raise _no_open_time()


def _is_stopped_for_ever(table: Timetable, stopped: Stoppages, day: date) -> bool:
    since = stopped.goes_on_from
    return since is not None and table.date_of(since) <= day


def _no_open_time() -> Refused:
    return Refused("no_open_time", "In two years the service is not open long enough for this: check its hours and the target.")

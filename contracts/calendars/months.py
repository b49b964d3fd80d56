"""A month of a calendar, day by day: whether the service is given, when, and if not why. Pure."""

import calendar as gregorian
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from contracts.calendars.calendar_text import ALL_DAY
from contracts.clock.bank_holidays import is_bank_holiday
from contracts.clock.calendar_layers import Layer, for_the_clock
from contracts.clock.local_time import DAY
from contracts.clock.refused import Refused
from contracts.clock.service_calendar import Only, Readings, ServiceCalendar, Version, calendar_of


class DayKind(StrEnum):
    """What is drawn; ``mark`` stands in the day's square, since colour alone says nothing."""

    OPEN = "open"
    HALF_DAY = "half-day"
    NO_HOURS = "no-hours"
    CLOSED = "closed"
    BANK_HOLIDAY = "bank-holiday"
    INSET = "inset"
    OUT_OF_SEASON = "holiday"
    UNKNOWN = "unknown"

    @property
    def mark(self) -> str:
        return _TOLD[self][0]

    @property
    def words(self) -> str:
        """What the mark means."""
        return _TOLD[self][1]


_TOLD = {
    DayKind.OPEN: ("", "open"),
    DayKind.HALF_DAY: ("own", "hours of its own"),
    DayKind.NO_HOURS: ("–", "no hours on that day of the week"),
    DayKind.CLOSED: ("shut", "closed"),
    DayKind.BANK_HOLIDAY: ("bank", "bank holiday"),
    DayKind.INSET: ("INSET", "staff only"),
    DayKind.OUT_OF_SEASON: ("off", "outside the time of year for which the hours hold"),
    DayKind.UNKNOWN: ("?", "not known yet"),
}


@dataclass(frozen=True, slots=True)
class ShownDay:
    day: date
    kind: DayKind
    words: str  # "Open 08:00 to 17:00", "Bank holiday"

    @property
    def column(self) -> int:
        return self.day.weekday()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row of which the same is said: a row of the table."""

    first: date
    last: date
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[ShownDay, ...], ...]  # from Monday; of the first and last only the days of the month
    stretches: tuple[Stretch, ...]

    @property
    def kinds_told(self) -> tuple[DayKind, ...]:
        """Those whose marks stand in a square."""
        there = {day.kind for week in self.weeks for day in week}
        return tuple(kind for kind in DayKind if kind in there and kind.mark)


def month(layers: Sequence[Layer], first: date) -> Month:
    """``first`` is the first day of the month."""
    service = calendar_of(for_the_clock(layers)) if layers else None
    length = gregorian.monthrange(first.year, first.month)[1]
    days = [_shown(service, first + timedelta(days=n)) for n in range(length)]
    weeks = groupby(days, key=lambda one: one.day.isocalendar()[:2])
    rows = (list(same) for _, same in groupby(days, key=lambda one: one.words))
    return Month(
        first, tuple(tuple(week) for _, week in weeks), tuple(Stretch(row[0].day, row[-1].day, row[0].words) for row in rows)
    )


def _shown(service: ServiceCalendar | None, day: date) -> ShownDay:
    if service is None:
        return ShownDay(day, DayKind.UNKNOWN, "Not known")
    try:
        version = service.version(day)
        hours = version.readings(day)
    except Refused:
        return ShownDay(day, DayKind.UNKNOWN, "Not known")
    kind, words = _kind(version, day)
    if hours:
        words = f"Open {_hours(hours)}" + (f" ({words})" if kind is not DayKind.OPEN else "")
    return ShownDay(day, kind, words + _modes(version, day))


def _kind(version: Version, day: date) -> tuple[DayKind, str]:
    """In the order of rule C5."""
    if day in version.special:
        return DayKind.HALF_DAY, "hours of its own"
    if version.closed.holds(day):
        return DayKind.CLOSED, "Closed"
    if version.bank_holidays and is_bank_holiday(day, version.bank_holidays):
        return DayKind.BANK_HOLIDAY, "Bank holiday"
    if version.inset.holds(day):
        return DayKind.INSET, "INSET"
    if version.only and version.terms.holds(day) is not (version.only is Only.TERM):
        return DayKind.OUT_OF_SEASON, "School holiday" if version.only is Only.TERM else "Term time"
    return (DayKind.OPEN, "Open") if version.weekly[day.weekday()] else (DayKind.NO_HOURS, "No hours on this day of the week")


def _hours(hours: Readings) -> str:
    if hours == ((0, DAY),):
        return ALL_DAY
    return ", ".join(f"{_time(opens)} to {_time(closes)}" for opens, closes in hours)


def _time(minutes: int) -> str:
    return "24:00" if minutes == DAY else f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _modes(version: Version, day: date) -> str:
    names = sorted({mode.name.replace("_", " ") for mode in version.modes if mode.window[0] <= day <= mode.window[1]})
    return f"; {', '.join(names)}" if names else ""

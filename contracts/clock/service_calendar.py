"""When a service is given: versions of weekly hours, closures, terms and modes, each day judged by its own (rules C2 to C8)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from contracts.clock import local_time
from contracts.clock.bank_holidays import NATIONS, is_bank_holiday
from contracts.clock.local_time import DAY, Span
from contracts.clock.reading import day as a_day
from contracts.clock.reading import days, listed, mapping
from contracts.clock.refused import Refused, bad_calendar

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STARTS, ENDS = "calendar_starts", "calendar_ends"

Readings = tuple[tuple[int, int], ...]  # minutes after midnight: opens, closes; past 1440 is the next morning
Days = tuple[date, date]  # the first and the last


class Only(StrEnum):
    """In which part of the year the weekly hours hold."""

    TERM = "term"
    HOLIDAYS = "holidays"


@dataclass(frozen=True, slots=True)
class Windows:
    """Stretches of days, first and last included: by their first day, joined where they overlap."""

    firsts: tuple[date, ...] = ()
    lasts: tuple[date, ...] = ()

    def holds(self, day: date) -> bool:
        place = bisect_right(self.firsts, day)
        return place > 0 and day <= self.lasts[place - 1]


@dataclass(frozen=True, slots=True)
class Mode:
    """A named window with tighter targets: an inspection, exams, results day."""

    name: str
    window: Days


@dataclass(frozen=True, slots=True)
class Version:
    """The calendar as it stands from a day on; ``weekly`` begins with Monday."""

    starts: date
    weekly: tuple[Readings, ...]
    special: Mapping[date, Readings]
    closed: Windows
    bank_holidays: str | None
    inset: Windows
    inset_open: bool
    terms: Windows
    only: Only | None
    modes: tuple[Mode, ...]

    def readings(self, day: date) -> Readings:
        """The service's hours on a day, by the first of C5's rules that applies. Raises Refused beyond the known terms."""
        if day in self.special:
            return self.special[day]
        if self.closed.holds(day):
            return ()
        if self.bank_holidays and is_bank_holiday(day, self.bank_holidays):
            return ()
        if self.inset.holds(day):
            return self.weekly[day.weekday()] if self.inset_open else ()
        return self.weekly[day.weekday()] if self._is_in_season(day) else ()

    def _is_in_season(self, day: date) -> bool:
        if self.only is None:
            return True
        if day < self.terms.firsts[0]:
            raise Refused(STARTS, f"The terms before {words(day)} are not known: add the year's term dates to the calendar.")
        if day > self.terms.lasts[-1]:
            raise Refused(ENDS, f"The terms after {words(day)} are not known: add the next term dates to the calendar.")
        return self.terms.holds(day) is (self.only is Only.TERM)


@dataclass(frozen=True, slots=True)
class ServiceCalendar:
    tz: ZoneInfo
    versions: tuple[Version, ...]  # by the day on which they start
    _days: dict[date, tuple[Span, ...] | Refused] = field(default_factory=dict, compare=False, repr=False)

    def openings(self, day: date) -> tuple[Span, ...]:
        """When the service opens on a day, past midnight as far as it stays open. Raises Refused where that isn't known."""
        found = self._days.get(day)
        if found is None:
            try:
                found = local_time.spans(day, self.hours(day), local_time.offsets(day, day, self.tz))
            except Refused as refused:
                found = refused
            self._days[day] = found
        if isinstance(found, Refused):
            raise found
        return found

    def hours(self, day: date) -> Readings:
        """The wall-clock hours of a day. Raises Refused where they aren't known."""
        return self.version(day).readings(day)

    def version(self, day: date) -> Version:
        """The version in force on a day. Raises Refused before the first one."""
        place = bisect_right(self.versions, day, key=lambda version: version.starts)
        if not place:
            raise Refused(STARTS, f"The calendar begins on {words(self.versions[0].starts)}: what was before is not known.")
        return self.versions[place - 1]

    def spills_from(self, day: date) -> bool:
        """Whether the service may still be open on the morning after ``day``."""
        if day < self.versions[0].starts:
            return False
        version = self.version(day)
        hours = version.special.get(day, version.weekly[day.weekday()])
        return any(closes > DAY for _, closes in hours)


def calendar_of(data: object) -> ServiceCalendar:
    """Reads a calendar as the cases write it. Raises Refused (``bad_calendar``)."""
    given = mapping(data, "The calendar", bad_calendar)
    tz = local_time.zone(str(given.get("tz", "Europe/London")))
    versions = [_version(each) for each in listed(given.get("versions"), "The calendar's versions", bad_calendar)]
    if not versions:
        bad_calendar("The calendar has no version with hours in it.")
    starts = {version.starts for version in versions}
    if len(starts) < len(versions):
        bad_calendar("Two versions of the calendar start on the same day.")
    return ServiceCalendar(tz, tuple(sorted(versions, key=lambda version: version.starts)))


def words(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _version(data: object) -> Version:
    given = mapping(data, "A version of the calendar", bad_calendar)
    nation, only = given.get("bank_holidays"), given.get("only")
    if nation is not None and nation not in NATIONS:
        bad_calendar(f"Bank holidays are those of {', '.join(NATIONS)}, or of none.")
    if only is not None and only not in list(Only):
        bad_calendar("A service is given all the year, in term only, or in the holidays only.")
    terms = _windows(given.get("terms"), "A term")
    if only is not None and not terms.firsts:
        bad_calendar("A service for terms or holidays only needs the term dates.")
    return Version(
        starts=a_day(given.get("from"), "The day from which a version of the calendar holds", bad_calendar),
        weekly=_weekly(given.get("weekly")),
        special=_special(given.get("special")),
        closed=_windows(given.get("closed"), "A closure"),
        bank_holidays=nation,
        inset=_windows(given.get("inset"), "An INSET day"),
        inset_open=given.get("inset_open") is True,
        terms=terms,
        only=Only(only) if only else None,
        modes=tuple(_mode(each) for each in listed(given.get("modes"), "Modes", bad_calendar)),
    )


def _weekly(data: object) -> tuple[Readings, ...]:
    given = mapping({} if data is None else data, "The weekly hours", bad_calendar)
    if unknown := set(given) - set(WEEKDAYS):
        bad_calendar(f"“{str(min(unknown, key=str))[:20]}” is no day of the week: they are {', '.join(WEEKDAYS)}.")
    return tuple(_readings(given.get(name)) for name in WEEKDAYS)


def _special(data: object) -> Mapping[date, Readings]:
    given = mapping({} if data is None else data, "Days with hours of their own", bad_calendar)
    return {a_day(name, "A day with hours of its own", bad_calendar): _readings(hours) for name, hours in given.items()}


def _windows(data: object, what: str) -> Windows:
    found = listed(data, what, bad_calendar)
    given = sorted(days([each, each] if isinstance(each, str) else each, what, bad_calendar) for each in found)
    joined: list[Days] = []
    for first, last in given:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return Windows(tuple(first for first, _ in joined), tuple(last for _, last in joined))


def _mode(data: object) -> Mode:
    given = mapping(data, "A mode", bad_calendar)
    name = given.get("name")
    if not isinstance(name, str) or not name:
        bad_calendar("A mode needs a name.")
    return Mode(name, days([given.get("from"), given.get("to")], f"The mode “{name[:40]}”", bad_calendar))


def _readings(data: object) -> Readings:
    return tuple(_range(each) for each in listed(data, "Hours", bad_calendar))


def _range(data: Any) -> tuple[int, int]:
    if not isinstance(data, Sequence) or isinstance(data, str) or len(data) != 2:
        bad_calendar("Hours are a time of opening and a time of closing.")
    opens, closes = _time(data[0]), _time(data[1])
    if opens in (DAY, closes):
        bad_calendar(f"The hours {data[0]} to {data[1]} have no length.")
    return opens, closes if closes > opens else closes + DAY


def _time(value: object) -> int:
    """Minutes after midnight; 24:00 is the end of the day."""
    text = value if isinstance(value, str) else ""
    hours, _, minutes = text.partition(":")
    if not (len(text) == 5 and text.isascii() and hours.isdigit() and minutes.isdigit()):
        bad_calendar(f"“{str(value)[:20]}” is no time of day: write it as 08:30.")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > DAY:
        bad_calendar(f"“{text}” is no time of day: write it as 08:30.")
    return found

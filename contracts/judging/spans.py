"""Which minutes the clock counted, and what in between it did not: from the calendar itself, for people. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from contracts.clock.bank_holidays import is_bank_holiday
from contracts.clock.clock import timetable_of
from contracts.clock.local_time import Span, joined
from contracts.clock.open_minutes import Timetable
from contracts.clock.reading import instant, minute_of, of_minute
from contracts.clock.service_calendar import Version
from contracts.clock.stoppages import FOR_EVER

ONE: Final = timedelta(days=1)
LONGEST_HALF_TERM: Final = 23  # days between two windows of terms; more are holidays
MOST_SHOWN: Final = 60  # spans of a page; a job of a school year has some two hundred
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """Service time that counted, from one moment to another on the wall clock."""

    starts: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends - self.starts).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Explanation:
    """``counted`` are minutes since 1970; ``left_out`` says in words what between the first and the last moment did not count."""

    counted: tuple[Span, ...]
    tz: ZoneInfo
    left_out: tuple[str, ...]

    @property
    def spans(self) -> tuple[CountedSpan, ...]:
        """Those that counted, as the clock on the wall reads: made for whoever shows them, and most show none."""
        return tuple(CountedSpan(*(of_minute(minute).astimezone(self.tz) for minute in span)) for span in self.counted)

    @property
    def minutes(self) -> int:
        return sum(last - first for first, last in self.counted)


def explain(asked: Mapping[str, Any]) -> Explanation:
    """Of what ``judge`` is asked. Raises Refused where the calendar doesn't know a day of it."""
    table = timetable_of(asked["calendar"])
    start = minute_of(instant(asked["start"], "The start"))
    end = minute_of(instant(asked.get("stop") or asked["as_of"], "The end"))
    stopped = joined(iter([*_stopped(asked["pauses"], "from", "to"), *_stopped(asked["reopened"], "stop", "at")]))
    opened = table.holding(start, end)
    opened.require_known(start, end)
    here = slice(bisect_right(opened.ends, start), bisect_left(opened.begins, end))  # of a calendar of years, the few that count
    inside = [(max(a, start), min(b, end)) for a, b in zip(opened.begins[here], opened.ends[here], strict=True)]
    counted = tuple(span for one in inside if one[0] < one[1] for span in _without(one, stopped))
    return Explanation(counted, table.tz, tuple(_left_out(table, asked, table.date_of(start), table.date_of(end))))


def _stopped(given: Sequence[Mapping[str, Any]], first: str, last: str) -> list[Span]:
    return [
        (minute_of(instant(one[first], "A pause")), minute_of(instant(one[last], "A pause")) if one[last] else FOR_EVER)
        for one in given
    ]


def _without(span: Span, stopped: Sequence[Span]) -> Iterator[Span]:
    place, end = span
    for first, last in stopped:
        if first < end and last > place:
            if first > place:
                yield place, first
            place = min(last, end)
    if place < end:
        yield place, end


def _left_out(table: Timetable, asked: Mapping[str, Any], first: date, last: date) -> Iterator[str]:
    days = [first + n * ONE for n in range((last - first).days + 1)]
    shut = [day for day in days if not table.calendar.openings(day)]
    names = dict.fromkeys(_why_shut(table.calendar.version(day), day) for day in shut)
    for name in names:
        yield f"{name} didn't count."
    if asked["pauses"]:
        yield "The time in which they waited for us didn't count."
    if asked["reopened"]:
        yield "The time in which it was fixed didn't count."


def _why_shut(version: Version, day: date) -> str:
    """By the first of the clock's rules that closed the day (C5)."""
    if day not in version.special and not version.closed.holds(day):
        if version.bank_holidays and is_bank_holiday(day, version.bank_holidays):
            return f"The bank holiday on {day.day} {day:%B}"
        if version.inset.holds(day):
            return f"The INSET day on {day.day} {day:%B}"
        if day.weekday() >= SATURDAY and not version.weekly[day.weekday()]:
            return "The weekend"
        if version.only and not version.terms.holds(day):
            return _between_terms(version, day)
        if not version.weekly[day.weekday()]:
            return f"{day:%A}, on which the service has no hours,"
    return f"{day.day} {day:%B}, a closed day,"


def _between_terms(version: Version, day: date) -> str:
    """A gap in the windows of terms: half-term, or the holidays."""
    before = max((last for last in version.terms.lasts if last < day), default=None)
    after = min((first for first in version.terms.firsts if first > day), default=None)
    is_short = before is not None and after is not None and (after - before).days - 1 <= LONGEST_HALF_TERM
    return "Half-term" if is_short and not _is_at_year_turn(before, after) else "The school holidays"


def _is_at_year_turn(before: date | None, after: date | None) -> bool:
    """Christmas and Easter are as short as half-term: told by the days they hold."""
    if before is None or after is None:
        return False
    days = [before + n * ONE for n in range(1, (after - before).days)]
    return any((day.month, day.day) == (12, 25) or day == _easter(day.year) for day in days)


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian rule (Meeus, Astronomical Algorithms, chapter 8)."""
    century, golden = year // 100, year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - epact - year % 100 % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)

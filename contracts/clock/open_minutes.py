"""A stretch of a service calendar laid out once, so that minutes are counted by looking up and not by walking.

``spans`` are the open ones in order, ``before`` how many open minutes lie before each. What of the stretch isn't known is kept
with its refusal, and raised by whoever counts across it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from contracts.clock import local_time
from contracts.clock.reading import EARLIEST, LATEST
from contracts.clock.refused import Refused, bad_input
from contracts.clock.service_calendar import ServiceCalendar

ONE = timedelta(days=1)
ROOM = timedelta(days=120)  # beyond what is asked for
ROOMY = 10 * 366  # days after which nothing is added
MOST_DAYS = 60 * 366  # of one stretch: longer than any contract, shorter than a slip of the pen


@dataclass(frozen=True, slots=True)
class Unknown:
    """A stretch of minutes about which the calendar says nothing, and why."""

    first: int
    last: int
    refused: Refused


@dataclass(frozen=True, slots=True)
class OpenMinutes:
    """From the start of the day ``first`` until the end of the day ``last``."""

    first: date
    last: date
    midnights: tuple[int, int]  # with which the days begin and end
    begins: tuple[int, ...]  # of each open span
    ends: tuple[int, ...]
    before: tuple[int, ...]
    unknown: tuple[Unknown, ...]  # in order

    def until(self, minute: int) -> int:
        """How many open minutes of the stretch lie before ``minute``."""
        place = bisect_right(self.begins, minute) - 1
        return self.before[place] + min(minute, self.ends[place]) - self.begins[place] if place >= 0 else 0

    def between(self, start: int, end: int) -> int:
        """The open minutes in [start, end). Raises Refused where a part of it isn't known."""
        if end <= start:
            return 0
        self.require_known(start, end)
        return self.until(end) - self.until(start)

    def after(self, start: int, count: int) -> int | None:
        """The earliest minute by which ``count`` open ones, at least 1, have passed since ``start``; None: not in the stretch."""
        wanted = self.until(start) + count
        place = bisect_left(self.before, wanted) - 1
        if place < 0:
            return None
        found = self.begins[place] + wanted - self.before[place]
        return found if found <= self.ends[place] else None

    def require_known(self, start: int, end: int) -> None:
        place = bisect_right(self.unknown, start, key=lambda gap: gap.last)
        if start < end and place < len(self.unknown) and self.unknown[place].first < end:
            raise self.unknown[place].refused


@dataclass(slots=True)
class Timetable:
    """A service calendar, with as much of it laid out as was asked for so far."""

    calendar: ServiceCalendar
    laid_out: OpenMinutes | None = None

    @property
    def tz(self) -> ZoneInfo:
        return self.calendar.tz

    def date_of(self, minute: int) -> date:
        return local_time.date_of(minute, self.tz)

    def holding(self, start: int, end: int) -> OpenMinutes:
        """A stretch that holds the days of both minutes. Raises Refused as ``covering``."""
        here = self.laid_out
        if here and here.midnights[0] <= start and end < here.midnights[1]:
            return here
        return self.covering(self.date_of(start), self.date_of(end))

    def covering(self, first: date, last: date) -> OpenMinutes:
        """A stretch that holds the days ``first`` to ``last``. Raises Refused where that is absurdly long."""
        here = self.laid_out
        if here and here.first <= first and last <= here.last:
            return here
        if here:  # what was asked for once is asked for again, and who goes on day by day shall not lay out each day anew
            room = ROOM if (here.last - here.first).days < ROOMY else timedelta()
            first = min(first, max(first - room, EARLIEST)) if first < here.first else here.first
            last = max(last, min(last + room, LATEST)) if last > here.last else here.last
        if (last - first).days > MOST_DAYS:
            bad_input("This goes on for more than sixty years: check the dates.")
        self.laid_out = lay_out(self.calendar, first, last)
        return self.laid_out


def lay_out(calendar: ServiceCalendar, first: date, last: date) -> OpenMinutes:
    """The days ``first`` to ``last``, and the night before them as far as the service was still open."""
    unknown, spans = list[Unknown](), list[local_time.Span]()
    pieces = local_time.offsets(first, last, calendar.tz)
    place = 0
    for day in _days(first, last):
        while place + 1 < len(pieces) and pieces[place][1] <= local_time.midnight(day - ONE, calendar.tz):
            place += 1
        try:
            spans += local_time.spans(day, calendar.hours(day), pieces[place : place + 2])
        except Refused as refused:
            unknown.append(_unknown(calendar, day, refused))
    spans += _night_before(calendar, first, unknown)
    joined = local_time.joined(iter(spans))
    before, total = [], 0
    for begins, ends in joined:
        before.append(total)
        total += ends - begins
    return OpenMinutes(
        first,
        last,
        (local_time.midnight(first, calendar.tz), local_time.midnight(last + ONE, calendar.tz)),
        tuple(span[0] for span in joined),
        tuple(span[1] for span in joined),
        tuple(before),
        tuple(sorted(unknown, key=lambda gap: gap.first)),
    )


def _night_before(calendar: ServiceCalendar, first: date, unknown: list[Unknown]) -> Sequence[local_time.Span]:
    """What may still be open from the day before; where that isn't known, the first day isn't either."""
    day = first - ONE
    try:
        return calendar.openings(day) if calendar.spills_from(day) else ()
    except Refused as refused:
        unknown.append(_unknown(calendar, first, refused))
        return ()


def _unknown(calendar: ServiceCalendar, day: date, refused: Refused) -> Unknown:
    return Unknown(local_time.midnight(day, calendar.tz), local_time.midnight(day + ONE, calendar.tz), refused)


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)

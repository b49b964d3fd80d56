"""Wall-clock readings of a zone as minutes of UTC, on the days when the clocks change too (rule C4)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.clock.reading import minute_of, of_minute
from contracts.clock.refused import bad_calendar

DAY = 1_440  # minutes
_EPOCH = date(1970, 1, 1).toordinal()
_MOST = 16 * 60  # minutes that any zone is from UTC, and one more hour

_STEP = 7 * DAY  # in which no zone changes its clocks twice

Span = tuple[int, int]  # minutes since 1970, UTC: from, and up to but not including
Offset = tuple[int, int, int]  # from, up to, and how many minutes ahead of UTC


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        bad_calendar(f"There is no time zone “{name[:40]}”. The United Kingdom's is Europe/London.")


def date_of(minute: int, tz: ZoneInfo) -> date:
    """The local date on which a minute falls."""
    return of_minute(minute).astimezone(tz).date()


def midnight(day: date, tz: ZoneInfo) -> int:
    """The first minute of a local day."""
    return minute_of(datetime.combine(day, time(), tz))


def offsets(first: date, last: date, tz: ZoneInfo) -> tuple[Offset, ...]:
    """How far the zone is from UTC from the day ``first`` until the night after ``last``, piece by piece."""
    end = _start(last) + 2 * DAY + _MOST
    here = _start(first) - _MOST
    found: list[Offset] = []
    while here < end:
        there = min(here + _STEP, end)
        for piece in _pieces(here, there, tz):
            if found and found[-1][2] == piece[2]:
                found[-1] = (found[-1][0], piece[1], piece[2])
            else:
                found.append(piece)
        here = there
    return tuple(found)


def spans(day: date, readings: tuple[tuple[int, int], ...], pieces: Sequence[Offset]) -> tuple[Span, ...]:
    """When the clock on the wall reads one of ``readings``: minutes after midnight of ``day``, of the next day from 1440 on.

    The hour that comes twice counts twice, the hour that is skipped not at all. In order, joined where they touch.
    """
    start = _start(day)
    found = [
        (max(first, start + opens - offset), min(last, start + closes - offset))
        for first, last, offset in pieces
        if first < start + 2 * DAY + _MOST and last > start - _MOST
        for opens, closes in readings
    ]
    if len(found) > 1:
        return joined(span for span in found if span[0] < span[1])
    return tuple(span for span in found if span[0] < span[1])


def joined(unordered: Iterator[Span]) -> tuple[Span, ...]:
    """The same minutes in as few spans as possible, in order."""
    result: list[Span] = []
    for first, last in sorted(unordered):
        if result and first <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return tuple(result)


def _start(day: date) -> int:
    """Midnight of the day, were it in UTC."""
    return (day.toordinal() - _EPOCH) * DAY


def _pieces(first: int, last: int, tz: ZoneInfo) -> tuple[Offset, ...]:
    """The stretches in which the zone's offset stays what it is, where it changes once at most."""
    begins, ends = _offset(first, tz), _offset(last, tz)
    if begins == ends:
        return ((first, last, begins),)
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, tz) == begins else (low, middle)
    return ((first, high, begins), (high, last, ends))


def _offset(minute: int, tz: ZoneInfo) -> int:
    ahead = of_minute(minute).astimezone(tz).utcoffset()
    return (ahead or timedelta()) // timedelta(minutes=1)

"""Counting Monday to Friday, for what must not be told too late: bank holidays count, and no calendar of terms is asked."""

from datetime import date, datetime, time, timedelta
from typing import Final

from base import clock

DAYS: Final = 7
WEEKDAYS: Final = 5


def between(first: date, last: date) -> int:
    """How many weekdays have begun after ``first``, up to and with ``last``; 0 where ``last`` is not after it."""
    days = max((last - first).days, 0)
    weeks, rest = divmod(days, DAYS)
    return weeks * WEEKDAYS + sum(_is_weekday(first + timedelta(days=n)) for n in range(1, rest + 1))


def end_of(count: int, after: date) -> datetime:
    """The end, in London, of the last of so many weekdays that follow the day ``after``."""
    day = after
    for _ in range(count):
        day += timedelta(days=1)
        while not _is_weekday(day):
            day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.LONDON)


def _is_weekday(day: date) -> bool:
    return day.weekday() < WEEKDAYS

"""School days, of which Vouch knows only that they are weekdays: it has no calendar of terms and holidays yet."""

from datetime import date, datetime, time, timedelta
from typing import Final

from base import clock

_SATURDAY: Final = 5


def end_of(days: int, after: date) -> datetime:
    """The end, in London, of the last of so many weekdays that follow the day ``after``."""
    day = after
    for _ in range(days):
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.LONDON)

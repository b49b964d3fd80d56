"""Days, moments, counts and distances in the words that people read, the same on a page, in a letter and in a report."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from base import clock

STORED_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8,15}(Z|[+-][0-9]{2}:[0-9]{2}))?")


def in_words(value: date | datetime) -> str:
    """3 November 2026, on the calendar that hangs in an English school."""
    day = value.astimezone(clock.LONDON) if isinstance(value, datetime) else value
    return f"{day.day} {day:%B %Y}"


def moment(value: datetime) -> str:
    """3 November 2026 at 2:05pm, in English local time, whatever time zone it was stored in."""
    local = value.astimezone(clock.LONDON)
    return f"{in_words(value)} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def month_name(value: date) -> str:
    """November 2026, of a day in it."""
    return f"{value:%B %Y}"


def in_plain(value: str) -> str:
    """A day or a time as it was stored, such as 2026-11-03T14:05:00+00:00, in words; any other text as it is."""
    if not STORED_TIME.fullmatch(value):
        return value
    try:
        return moment(datetime.fromisoformat(value)) if "T" in value else in_words(date.fromisoformat(value))
    except ValueError:  # somebody's text that looks like a day
        return value


def last_day(value: datetime) -> str:
    """The day that ends at this moment, or that it lies in: what lasts until midnight lasts to the end of the day before."""
    return in_words(value - timedelta(microseconds=1))


def ago(value: datetime, now: datetime | None = None) -> str:
    """The largest whole unit since then: 'just now', '3 hours ago', '2 months ago'."""
    minutes = int(((now or clock.now()) - value).total_seconds() // 60)
    for size, unit in ((525_600, "year"), (43_800, "month"), (1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            return f"{count(minutes // size, unit)} ago"
    return "just now"


def count(number: int, one: str, many: str = "") -> str:
    """1 school, 2 schools, 1,204 entries (give ``many`` where it is not one + s)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def miles(value: float) -> str:
    """To a tenth below ten miles; exacter would promise more than a postcode knows."""
    shown = f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}"
    return "less than 0.1 miles" if value < 0.05 else f"{shown} mile{'' if shown == '1' else 's'}"

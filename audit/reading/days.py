"""A stretch of days by English clocks, as somebody asks for it. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from base import clock
from base.refusals import Invalid

EARLIEST: Final = date(2000, 1, 1)  # before any trail began
LATEST: Final = date(2099, 12, 31)


def half_open(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day to before the day after the last, in UTC; None where there is no such end.

    Raises Invalid for ``first`` or ``last``, and when they are the wrong way round.
    """
    if first and last and first > last:
        sentence = "The last day must be the first day or later."
        raise Invalid(sentence, last=sentence)
    for name, day in (("first", first), ("last", last)):
        if day and not EARLIEST <= day <= LATEST:
            sentence = f"Enter a day between {EARLIEST.year} and {LATEST.year}."
            raise Invalid(sentence, **{name: sentence})
    return _midnight(first), _midnight(last + timedelta(days=1) if last else None)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), clock.LONDON).astimezone(UTC) if day else None

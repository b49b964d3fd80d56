"""Reads values of the cases' JSON, and refuses in a sentence what they can't be."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NoReturn

from contracts.clock.refused import bad_input

Refuse = Callable[[str], NoReturn]

LARGEST: Final = 10**12  # of any number: a thousand times the pence of the dearest contract
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # whatever lies outside is a slip of the pen
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def instant(value: object, what: str, refuse: Refuse = bad_input) -> datetime:
    """A moment with its offset or Z, to the minute, in UTC (C1)."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        refuse(f"{what} needs a date, a time and how far from UTC, such as 2026-01-20T09:00Z.")
    if not EARLIEST <= moment.date() <= LATEST:
        refuse(f"{what} lies outside the years {EARLIEST.year} to {LATEST.year}.")
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def day(value: object, what: str, refuse: Refuse = bad_input) -> date:
    """A calendar day, written 2026-01-20."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None:
        refuse(f"{what} is no day of the calendar: write it as 2026-01-20.")
    if not EARLIEST <= found <= LATEST:
        refuse(f"{what} lies outside the years {EARLIEST.year} to {LATEST.year}.")
    return found


def days(value: object, what: str, refuse: Refuse = bad_input) -> tuple[date, date]:
    """Two days, both included, the first not after the second."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        refuse(f"{what} needs a first day and a last day.")
    first, last = day(value[0], what, refuse), day(value[1], what, refuse)
    if last < first:
        refuse(f"{what} ends before it begins.")
    return first, last


def whole(value: object, what: str, refuse: Refuse = bad_input, *, least: int = 0) -> int:
    """A whole number, not below ``least``; never a boolean."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        refuse(f"{what} needs a whole number of {least} or more.")
    return value


def mapping(value: object, what: str, refuse: Refuse = bad_input) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        refuse(f"{what} is not given as names and values.")
    return value


def listed(value: object, what: str, refuse: Refuse = bad_input) -> Sequence[Any]:
    """A list; nothing given is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str):
        refuse(f"{what} is not given as a list.")
    return value


def minute_of(moment: datetime) -> int:
    """Whole minutes since 1970, UTC."""
    return int(moment.timestamp() // 60)


def of_minute(minute: int) -> datetime:
    """The moment that lies so many minutes after the start of 1970, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)

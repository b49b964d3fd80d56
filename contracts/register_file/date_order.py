"""Whether the month stands first in a sheet's dates: told by those that can be read in one way only. Pure."""

import calendar
import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

A_LEAP_YEAR: Final = 2024
MONTHS: Final = 12
THIS_CENTURY: Final = 2_000
_NUMBERS: Final = re.compile(r"([0-9]{1,2})\s?([-/.])\s?([0-9]{1,2})\s?\2\s?([0-9]{4}|[0-9]{2})(?:\s+[0-9:]+)?")


class _Numbers(NamedTuple):
    first: int
    second: int
    year: int


def is_in_doubt(cells: Iterable[str]) -> bool:
    """Whether some have the month first for certain, and no more the day: "09/15/2024" stands beside "05/06/2024"."""
    every = [found for cell in cells if (found := _numbers(cell))]
    month_first = sum(_is_day(month=one.first, day=one.second) and one.second > MONTHS for one in every)
    day_first = sum(_is_day(month=one.second, day=one.first) and one.first > MONTHS for one in every)
    return month_first > 0 and month_first >= day_first


def both_ways(cell: str) -> tuple[date, date] | None:
    """The day that it is with the day first, and with the month first, where these are two."""
    found = _numbers(cell)
    if found is None or found.first == found.second or not found.year:
        return None
    if not all(1 <= one <= MONTHS for one in found[:2]):
        return None
    return date(found.year, found.second, found.first), date(found.year, found.first, found.second)


def _numbers(cell: str) -> _Numbers | None:
    match = _NUMBERS.fullmatch(cell.strip())
    if match is None:
        return None
    year = int(match[4]) + (THIS_CENTURY if len(match[4]) == 2 else 0)
    return _Numbers(int(match[1]), int(match[3]), year)


def _is_day(*, month: int, day: int) -> bool:
    return 1 <= month <= MONTHS and 1 <= day <= calendar.monthrange(A_LEAP_YEAR, month)[1]

"""Periods of a contract: what a term of months means to the day, and how long a notice, a lead time or an extension is."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final

from contracts.clock.reading import EARLIEST, LATEST, mapping, whole
from contracts.clock.refused import bad_input

MOST: Final = 10_000  # of any unit: 27 years in days


class Unit(StrEnum):
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    WORKING_DAYS = "working_days"
    TERMS = "terms"
    HALF_TERMS = "half_terms"


CALENDAR: Final = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)


@dataclass(frozen=True, slots=True)
class Period:
    n: int
    unit: Unit

    @property
    def months(self) -> int:
        """0 for a period that isn't counted in months."""
        return self.n if self.unit is Unit.MONTHS else 12 * self.n if self.unit is Unit.YEARS else 0

    @property
    def days(self) -> int:
        """0 for a period that isn't counted in days."""
        return self.n if self.unit is Unit.DAYS else 7 * self.n if self.unit is Unit.WEEKS else 0

    def __str__(self) -> str:
        name = self.unit.replace("_", " ")
        return f"{self.n} {name.removesuffix('s') if self.n == 1 else name}"


def period(data: object, what: str, *, least: int = 1, units: tuple[Unit, ...] = CALENDAR) -> Period:
    """Reads ``{"n": 3, "unit": "months"}``. Raises Refused."""
    given: Mapping[str, Any] = mapping(data, what)
    n, unit = whole(given.get("n"), what, least=least), given.get("unit")
    if n > MOST:
        bad_input(f"{what} is longer than {MOST:,}: check it.")
    if unit not in units:
        bad_input(f"{what} is in {', '.join(units[:-1])} or {units[-1]}.".replace("_", " "))
    return Period(n, Unit(unit))


def plus_months(day: date, months: int) -> date:
    """The corresponding date; in a month without such a day, its last."""
    return _corresponding(day, months)[0]


def last_day(anchor: date, months: int) -> date:
    """The last day of a period of months that begins on ``anchor``: the day before the corresponding date, or where that month
    has no such day, its last one (rule D1: Dodds v Walker [1981] UKHL).
    """
    found, is_clamped = _corresponding(anchor, months)
    return found if is_clamped else found - timedelta(days=1)


def plus_days(day: date, days: int) -> date:
    if not EARLIEST.toordinal() <= day.toordinal() + days <= LATEST.toordinal():
        _too_far()
    return day + timedelta(days=days)


def _corresponding(day: date, months: int) -> tuple[date, bool]:
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not EARLIEST.year <= year <= LATEST.year:
        _too_far()
    length = _days_in(year, month)
    return date(year, month, min(day.day, length)), day.day > length


@cache
def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _too_far() -> None:
    bad_input(f"This reaches beyond the years {EARLIEST.year} to {LATEST.year}: check the dates and lengths.")

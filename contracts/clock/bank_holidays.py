"""The bank holidays of the four nations, as GOV.UK lists them (rule C6)."""

from datetime import date
from functools import cache
from typing import Final

NATIONS: Final = ("ENG", "WLS", "SCT", "NIR")


def is_bank_holiday(day: date, nation: str) -> bool:
    return day in _of_year(day.year, nation)


@cache
def _of_year(year: int, nation: str) -> frozenset[date]:
    """GOV.UK lists the substitute day instead of a day at the weekend; the library lists both."""
    import holidays  # noqa: PLC0415 - slow to import, and most commands need none

    listed = holidays.country_holidays("GB", subdiv=nation, years=year)
    return frozenset(day for day in listed if day.weekday() < 5)

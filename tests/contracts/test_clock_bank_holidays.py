"""The library's days against those that GOV.UK listed, typed from https://www.gov.uk/bank-holidays and its earlier versions."""

from datetime import date, timedelta
from typing import Final

import pytest

from contracts.clock.bank_holidays import is_bank_holiday

pytestmark = pytest.mark.pure

ENGLAND_AND_WALES: Final = """
2023: 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
2024: 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2025: 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2026: 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
2027: 01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28
2028: 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26
"""
SCOTLAND: Final = """
2023: 01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26
2024: 01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26
2025: 01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26
2026: 01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28
2027: 01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28
2028: 01-03 01-04 04-14 05-01 05-29 08-07 11-30 12-25 12-26
"""
NORTHERN_IRELAND: Final = """
2023: 01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26
2024: 01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26
2025: 01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26
2026: 01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28
2027: 01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28
2028: 01-03 03-17 04-14 04-17 05-01 05-29 07-12 08-28 12-25 12-26
"""


def typed(text: str) -> set[date]:
    lines = (line.split(": ") for line in text.strip().splitlines())
    return {date.fromisoformat(f"{year}-{day}") for year, days in lines for day in days.split()}


@pytest.mark.parametrize(
    ("nation", "listed"),
    [("ENG", ENGLAND_AND_WALES), ("WLS", ENGLAND_AND_WALES), ("SCT", SCOTLAND), ("NIR", NORTHERN_IRELAND)],
)
def test_the_days_are_those_that_gov_uk_lists(nation: str, listed: str) -> None:
    first, last = date(2023, 1, 1), date(2028, 12, 31)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    assert {day for day in every if is_bank_holiday(day, nation)} == typed(listed)

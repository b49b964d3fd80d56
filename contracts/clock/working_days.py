"""Working days: Monday to Friday without the nation's bank holidays, never the school's own calendar (rule D6)."""

from datetime import date, timedelta

from contracts.clock.bank_holidays import is_bank_holiday
from contracts.clock.periods import plus_days

ONE = timedelta(days=1)


def is_working_day(day: date, nation: str) -> bool:
    return day.weekday() < 5 and not is_bank_holiday(day, nation)


def on_or_before(day: date, nation: str) -> date:
    while not is_working_day(day, nation):
        day -= ONE
    return day


def on_or_after(day: date, nation: str) -> date:
    while not is_working_day(day, nation):
        day += ONE
    return day


def nth_after(day: date, n: int, nation: str) -> date:
    """The ``n``-th working day after ``day``, which isn't counted; ``day`` itself for 0."""
    for _ in range(n):
        day = on_or_after(plus_days(day, 1), nation)
    return day


def latest_with_nth_by(last: date, n: int, nation: str) -> date:
    """The latest day whose ``n``-th working day after it is not after ``last``."""
    day = last
    for _ in range(n):
        day = plus_days(on_or_before(day, nation), -1)
    return day

"""Working days: Monday to Friday. Bank holidays count as working days, so what is due is never told later than it should be."""

from datetime import date, timedelta
from typing import Final

WEEK: Final = 7
WORKING: Final = 5


def between(first: date, last: date) -> int:
    """How many working days have begun after ``first``, up to and with ``last``; 0 where ``last`` is not after it."""
    days = max((last - first).days, 0)
    weeks, rest = divmod(days, WEEK)
    return weeks * WORKING + sum((first + timedelta(days=n)).weekday() < WORKING for n in range(1, rest + 1))

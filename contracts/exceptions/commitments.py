"""What contracts still bind a school to pay: within one year, one to five, later, as accounts set it out. Pure.

Straight-line by days at today's price, up to the day on which it can first end without us paying more. What is not known is said.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.clock.periods import plus_months

YEAR_DAYS: Final = 365.25
FIVE_YEARS: Final = 60  # months


@dataclass(frozen=True, slots=True)
class Commitment:
    """In pence; ``problem`` says why there are no sums."""

    contract: UUID
    title: str
    school: str
    supplier_name: str
    until: date | None
    within_one: int = 0
    one_to_five: int = 0
    later: int = 0
    problem: str = ""

    @property
    def total(self) -> int:
        return self.within_one + self.one_to_five + self.later


def of(
    contract: UUID, title: str, school: str, supplier_name: str, *, annual_pence: int | None, until: date | None, on: date
) -> Commitment:  # fmt: skip
    """As it stands at the end of the day ``on``. The three parts add up to the whole, to the penny."""
    if annual_pence is None or until is None:
        problem = "The price of a year is not written down." if annual_pence is None else "The day on which it ends is not known."
        return Commitment(contract, title, school, supplier_name, until, problem=problem)
    total = _pence(annual_pence, (until - on).days)
    one = min(total, _pence(annual_pence, (plus_months(on, 12) - on).days))
    five = min(total, _pence(annual_pence, (plus_months(on, FIVE_YEARS) - on).days))
    return Commitment(contract, title, school, supplier_name, until, one, five - one, total - five)


def _pence(annual: int, days: int) -> int:
    return round(annual * max(0, days) / YEAR_DAYS)

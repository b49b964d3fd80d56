"""What anybody may read of how corrections of the directory are answered: twelve months that are over, and never of few schools.

Only months that are over: what a school does today changes nothing that is read today. A count is told where it is of five
schools or more, so that no school reads what another one asked.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final

import database
from base import clock
from suppliers.corrections.proposals import CorrectionState
from suppliers.corrections.tables import Correction

FEWEST: Final = 5  # schools behind a figure
MONTHS: Final = 12
_DECIDED: Final = (CorrectionState.TAKEN.value, CorrectionState.REFUSED.value)


@dataclass(frozen=True, slots=True)
class Waited:
    """How many were decided, and after how many whole days: half of them by ``median_days``."""

    count: int
    median_days: float
    longest_days: int


@dataclass(frozen=True, slots=True)
class Figures:
    """From the day ``first`` to the day ``last``; None where fewer than FEWEST schools asked what is counted."""

    first: date
    last: date
    asked: int | None
    decided: Waited | None


async def of_last_months() -> Figures:
    """The MONTHS before the one that it is now. Opens its own unit."""
    end = clock.today().replace(day=1)
    first = end.replace(year=end.year - MONTHS // 12)
    since, until = _begins(first), _begins(end)
    async with database.read():
        asked = await Correction.select(Correction.school).where((Correction.made_at >= since) & (Correction.made_at < until))
        decided = await Correction.select(Correction.school, Correction.made_at, Correction.answered_at).where(
            (Correction.answered_at >= since) & (Correction.answered_at < until) & database.among(Correction.state, _DECIDED)
        )
    days = [(row["answered_at"] - row["made_at"]).days for row in decided]
    waited = Waited(len(days), median(days), max(days)) if _are_enough(decided) else None
    return Figures(first, end - timedelta(days=1), len(asked) if _are_enough(asked) else None, waited)


def _are_enough(rows: list[dict[str, object]]) -> bool:
    return len({row["school"] for row in rows}) >= FEWEST


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LONDON)

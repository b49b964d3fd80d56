"""What was measured is rounded down, and where that alone puts it below the target that was met, the sentence says so."""

from datetime import date
from uuid import UUID

import pytest

from contracts.attainment import wording
from contracts.attainment.figures import Figure, MetricAttained, PeriodAttained
from contracts.promises.kinds import MetricKind, Period

pytestmark = pytest.mark.pure

ROUNDED = ", and was reached: what was measured is rounded down"


@pytest.mark.parametrize(
    ("target", "measured", "said", "is_money", "adds"),
    [
        (99.95, 99.9, "met", False, ROUNDED),
        (99.9, 99.9, "met", False, ""),
        (99.95, 99.9, "not met", False, ""),
        (99.95, 99.9, "mostly met", False, ""),
        (120_000, 90_000, "met", True, ""),  # at most so much
    ],
)
def test_only_what_looks_missed_and_is_met_says_so(target: float, measured: float, said: str, is_money: bool, adds: str) -> None:
    figure = Figure(target, measured, 43_200, 1, 0, 0, 0, said, said, is_money)
    day = date(2026, 1, 1)
    kind = MetricKind.MONEY if is_money else MetricKind.AVAILABILITY
    period = PeriodAttained(day, day, "January", False, False, figure)
    metric = MetricAttained(UUID(int=1), "Works", "", kind, Period.MONTH, "minutes", (period,))
    sentence = wording.sentence(metric, period)
    assert sentence.endswith(f"the target is {wording.target(figure)}{adds}.")

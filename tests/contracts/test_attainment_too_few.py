"""What was counted, and too seldom to be judged, is never said not to have happened."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.attaining.attaining import attain
from contracts.attainment import wording
from contracts.attainment.figures import period_of
from contracts.attainment.periods import Span
from contracts.promises.kinds import MetricKind, Period
from contracts.promises.metric import MetricVersion, Rules

pytestmark = pytest.mark.pure

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)


def said(*passed: bool | None, least: int = 3) -> str:
    """Of checks that passed, did not, or were not filled in, where the promise asks for so many."""
    terms: dict[str, Any] = {"target": 90, "least": least}
    metric = MetricVersion(
        uuid4(), uuid4(), uuid4(), MetricKind.SAMPLE_RATIO, "Clean", "", terms, Rules(), Period.MONTH, FIRST, None
    )
    asked = {
        "metric": terms | {"type": "sample_ratio"},
        "period": {"from": FIRST.isoformat(), "to": LAST.isoformat()},
        "as_of": "2026-02-01T09:00:00+00:00",
        "samples": [{"id": str(n), "on": "2026-01-12", "passed": one} for n, one in enumerate(passed)],
    }
    found = {**attain(asked), "breach_events": [], "missing_events": [], "left_out": []}
    return wording.sentence(metric, period_of(metric, Span(FIRST, LAST, "January"), found, is_running=False))


@pytest.mark.parametrize(
    ("passed", "sentence"),
    [
        ((), "Nothing happened."),
        ((True, False), "Too few to tell: 1 of 2 (50 per cent); the target is 90 per cent."),
        ((True, None), "Too few to tell: 1 of 2 (50 per cent); the target is 90 per cent; 1 not recorded."),
        ((None, None), "Not recorded: 2 of 2 not recorded by us."),
        ((True, True, True), "Met: 3 of 3 (100 per cent); the target is 90 per cent."),
    ],
)
def test_two_checks_of_three_are_too_few_and_not_nothing(passed: tuple[bool | None, ...], sentence: str) -> None:
    assert said(*passed) == sentence

"""Of which period a promise is spoken of: the last that has something to say."""

from datetime import date
from typing import Final
from uuid import uuid4

import pytest

from contracts.attainment.figures import Figure, MetricAttained, PeriodAttained
from contracts.promises.kinds import MetricKind, Period

pytestmark = pytest.mark.pure

DAY: Final = date(2026, 11, 29)


def a_promise(*said: tuple[str, str, bool]) -> MetricAttained:
    """Each period as (label, what is said of it, whether it is running)."""
    periods = tuple(
        PeriodAttained(DAY, DAY, label, running, False, Figure(95, None, 0, 0, 0, 0, 0, word, word))
        for label, word, running in said
    )
    return MetricAttained(uuid4(), "Fixed", "", MetricKind.TIME_TO_EVENT, Period.TERM, "jobs", periods)


@pytest.mark.parametrize(
    ("periods", "spoken_of"),
    [
        ([("Spring", "not met", False), ("Summer", "no data", False), ("Autumn", "met", True)], "Spring"),
        ([("Spring", "not met", False), ("Summer", "met", False), ("Autumn", "not met", True)], "Summer"),
        ([("Spring", "not met", False), ("Summer", "not recorded", False)], "Summer"),
        ([("Summer", "no data", False), ("Autumn", "met", True)], "Autumn"),
        ([("Summer", "no data", False), ("Autumn", "not due", True)], "Summer"),
        ([("Autumn", "not due", True)], "Autumn"),
    ],
)
def test_it_is_the_last_one_over_in_which_anything_happened(periods: list[tuple[str, str, bool]], spoken_of: str) -> None:
    latest = a_promise(*periods).latest
    assert latest is not None
    assert latest.label == spoken_of


def test_a_promise_of_which_nothing_is_kept_speaks_of_none() -> None:
    assert a_promise().latest is None

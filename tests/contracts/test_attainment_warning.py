"""An early warning: three falls in a row, or one with the day to decide near; never of a handful of events."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from contracts.attainment import warning
from contracts.attainment.figures import Figure, MetricAttained, PeriodAttained
from contracts.promises.kinds import MetricKind, Period

pytestmark = pytest.mark.pure

TODAY = date(2026, 3, 30)


def a_metric(*measured: float, n: int = 8) -> MetricAttained:
    figures = [Figure(95, one, n, 0, 0, 0, 0, "not met", "not met") for one in measured]
    periods = tuple(PeriodAttained(TODAY, TODAY, "", False, False, figure) for figure in figures)
    return MetricAttained(UUID(int=1), "Fixed", "", MetricKind.TIME_TO_EVENT, Period.TERM, "jobs", periods)


@pytest.mark.parametrize(
    ("measured", "days", "warns"),
    [
        ((99, 98, 97, 96), None, True),
        ((98, 99, 98, 97), None, False),
        ((99, 98), 120, True),
        ((99, 98), 121, False),
        ((99, 98), -1, False),
        ((98, 99), 10, False),
        ((98, 98), 10, False),
        ((98,), 10, False),
    ],
)
def test_a_warning_needs_three_falls_or_one_with_the_day_to_decide_near(
    measured: tuple[float, ...], days: int | None, warns: bool
) -> None:
    decide_by = TODAY + timedelta(days=days) if days is not None else None
    assert bool(warning.reasons([a_metric(*measured)], decide_by, TODAY)) is warns
    assert warning.reasons([a_metric(*measured, n=4)], decide_by, TODAY) == ()


@pytest.mark.parametrize("said", ["can't tell", "not recorded", "too few"])
def test_what_we_did_not_record_makes_no_service_worse(said: str) -> None:
    metric = a_metric(99, 80, 60, 40)
    unsure = tuple(replace(one, figure=replace(one.figure, said=said)) for one in metric.periods[1:])
    metric = replace(metric, periods=(metric.periods[0], *unsure))
    assert warning.reasons([metric], TODAY, TODAY) == ()
    assert metric.trend == ""
    again = replace(metric, periods=(*metric.periods, a_metric(99.5).periods[0]))
    assert again.trend == "better"


def test_a_warning_says_what_it_rests_on() -> None:
    (said,) = warning.reasons([a_metric(99, 98, 97.5, 90)], None, TODAY)
    assert said == (
        "Fixed was kept worse 3 times in a row: 99 per cent of 8, 98 per cent of 8, 97.5 per cent of 8, 90 per cent of 8."
    )

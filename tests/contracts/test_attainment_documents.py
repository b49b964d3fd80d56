"""Documents in date: what nobody recorded is not recorded, and where that decides, nobody can tell."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.attaining.attaining import attain
from contracts.attainment import wording
from contracts.attainment.figures import PeriodAttained, period_of
from contracts.attainment.periods import Span
from contracts.promises.kinds import MetricKind, Period
from contracts.promises.metric import MetricVersion, Rules

pytestmark = pytest.mark.pure

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 10)
KINDS = ["insurance", "letter"]


def in_date(*documents: tuple[str, str, str], target: int = 100, mostly: int = 50) -> tuple[MetricVersion, PeriodAttained]:
    """Ten days in which these were in date: (kind, from, to)."""
    terms: dict[str, Any] = {"kinds": KINDS, "target": target, "mostly": mostly}
    metric = MetricVersion(
        uuid4(), uuid4(), uuid4(), MetricKind.DOCUMENT, "Documents", "", terms, Rules(), Period.YEAR, FIRST, None
    )
    given = [{"kind": kind, "from": first, "to": last} for kind, first, last in documents]
    asked: dict[str, Any] = {
        "metric": terms | {"type": "document"},
        "period": {"from": FIRST.isoformat(), "to": LAST.isoformat()},
        "as_of": "2026-02-01T09:00:00+00:00",
        "documents": given,
    }
    found = attain(asked)
    figures = {**found, "breach_events": [], "missing_events": [], "left_out": []}
    return metric, period_of(metric, Span(FIRST, LAST, "January"), figures, is_running=False)


ALL_TEN = ("2026-01-01", "2026-01-10")


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ((), "Not recorded by us."),
        ((("insurance", *ALL_TEN),), "Can't be told: 1 of 2 documents not recorded by us."),
        (
            (("insurance", "2026-01-01", "2026-01-02"), ("letter", *ALL_TEN)),
            "Mostly met: 60 per cent of 20 days (2 documents together); the target is 100 per cent.",
        ),
        (
            (("insurance", "2026-01-01", "2026-01-01"),),
            "Can't be told: 1 of 2 documents not recorded by us.",
        ),
        (
            (("insurance", *ALL_TEN), ("letter", *ALL_TEN)),
            "Met: 100 per cent of 20 days (2 documents together); the target is 100 per cent.",
        ),
    ],
)
def test_what_nobody_recorded_is_never_said_to_be_out_of_date(documents: tuple[tuple[str, str, str], ...], said: str) -> None:
    assert wording.sentence(*in_date(*documents)) == said


def test_where_the_missing_ones_could_not_mend_it_it_is_not_met() -> None:
    metric, period = in_date(("insurance", "2026-01-01", "2026-01-01"), target=60, mostly=56)
    assert (period.figure.met, period.figure.met_at_best) == (1, 11)
    assert (
        wording.sentence(metric, period)
        == "Not met: 5 per cent of 20 days (2 documents together); the target is 60 per cent; 1 document not recorded."
    )

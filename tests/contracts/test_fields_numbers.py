"""A number is read as it was meant or asked about again: a comma is no point."""

import pytest

from base.refusals import Invalid
from contracts.fields import pounds
from contracts.fields.numbers import number
from contracts.promises import metric_form
from contracts.promises.kinds import EventKind, MetricKind
from contracts.service_events import typed
from web.pages.forms import Form

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("said", "found"),
    [
        *(("8", 8), ("7.5", 7.5), (".5", 0.5), ("1,200", 1_200), ("1,200.5", 1_200.5), ("12,345,678", 12_345_678)),
        *(("7,5", None), ("12,50", None), ("1,2,3", None), ("1.200,5", None), ("1.2.3", None), ("", None), ("-1", None)),
        *(("１２", None), ("9" * 15, None), ("1e3", None)),
    ],
)
def test_a_comma_stands_before_three_figures(said: str, found: float | None) -> None:
    assert number(said) == found


@pytest.mark.parametrize("sum_", ["12,50", "1.005", "1.2.3", "(50)", ""])
def test_a_sum_that_was_paid_is_typed_as_every_sum_is(sum_: str) -> None:
    form = Form(
        {"pounds": (sum_,), "what": ("May",), "happened-day": ("1",), "happened-month": ("5",), "happened-year": ("2026",)}
    )
    with pytest.raises(Invalid) as refused:
        typed.logged(form, EventKind.MONEY, None)
    assert set(refused.value.fields) == {"pounds"}


def test_a_sum_that_is_promised_too() -> None:
    given = {"kind": MetricKind.MONEY.value, "name": "Spend", "period": "year", "measure": "at_most", "pounds": "12,50"}
    given |= {"from-day": "1", "from-month": "9", "from-year": "2025"}
    with pytest.raises(Invalid) as refused:
        metric_form.promise(Form({name: (value,) for name, value in given.items()}))
    assert refused.value.fields == {"pounds": pounds.HOW}

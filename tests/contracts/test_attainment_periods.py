"""Periods are cut where the contract's own terms end, and every day lies in one of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import clock
from base.viewer import Viewer
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.attainment.periods import Span, Terms, spans
from contracts.clock.dates import term_ends
from contracts.clock.school_calendar import Term
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.promises.kinds import Period
from contracts.register import reading, register
from tests.given.served import FROM, a_calendar_of_september, a_contract, a_fix_time, a_job

ONE: Final = timedelta(days=1)
SCHOOL: Final = (
    Term("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31))),
    Term("Spring 2026", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20))),
    Term("Summer 2026", date(2026, 4, 13), date(2026, 7, 21)),
)
A_ROLLING_YEAR: Final = {"mode": "rolls", "n": 1, "unit": "years"}


def days(found: tuple[Span, ...]) -> list[tuple[str, str]]:
    return [(one.first.isoformat(), one.last.isoformat()) for one in found]


@pytest.mark.pure
def test_a_month_is_cut_at_the_end_of_the_contracts_term() -> None:
    found = spans(
        Period.MONTH, date(2026, 3, 1), date(2026, 4, 20), of_contract=Terms(date(2025, 3, 16), (date(2026, 3, 15),)), terms=()
    )
    assert days(found) == [("2026-03-01", "2026-03-15"), ("2026-03-16", "2026-03-31"), ("2026-04-01", "2026-04-30")]
    assert [one.label for one in found] == ["March 2026, up to 15 March 2026", "March 2026, from 16 March 2026", "April 2026"]


@pytest.mark.pure
def test_years_count_anew_from_each_term_of_the_contract_and_stop_where_it_will_end() -> None:
    of_contract = Terms(date(2023, 9, 1), (date(2025, 3, 31), date(2026, 6, 30)))
    found = spans(Period.YEAR, date(2023, 9, 1), date(2026, 5, 1), of_contract=of_contract, terms=())
    assert days(found) == [
        ("2023-09-01", "2024-08-31"),
        ("2024-09-01", "2025-03-31"),
        ("2025-04-01", "2026-03-31"),
        ("2026-04-01", "2026-06-30"),
    ]


@pytest.mark.pure
def test_a_school_term_is_cut_at_the_end_of_the_contracts() -> None:
    of_contract = Terms(date(2025, 3, 1), (date(2026, 2, 28),))
    found = spans(Period.TERM, date(2025, 9, 1), date(2026, 4, 20), of_contract=of_contract, terms=SCHOOL)
    assert [one.label for one in found if not one.is_between] == [
        "Autumn 2025", "Spring 2026, up to 28 February 2026", "Spring 2026, from 1 March 2026", "Summer 2026",
    ]  # fmt: skip


@pytest.mark.pure
@given(
    st.sampled_from(list(Period)),
    st.dates(date(2025, 8, 1), date(2026, 3, 1)),
    st.integers(0, 500),
    st.lists(st.dates(date(2025, 6, 1), date(2027, 9, 1)), max_size=4, unique=True),
)
def test_each_day_lies_in_one_period_and_none_reaches_over_an_end(kind: Period, first: date, more: int, ends: list[date]) -> None:
    last, ends = first + timedelta(days=more), sorted(ends)
    found = spans(kind, first, last, of_contract=Terms(date(2025, 1, 15), tuple(ends)), terms=SCHOOL)
    assert found[0].first == first
    assert found[-1].last >= last
    assert all(one.last + ONE == after.first for one, after in pairwise(found))
    assert not [one for one in found for end in ends if one.first <= end < one.last]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ({}, ["2025-08-31"]),
        ({"renewal": A_ROLLING_YEAR}, ["2025-08-31", "2026-08-31"]),
        ({"renewal": {**A_ROLLING_YEAR, "max": 0}}, ["2025-08-31"]),
        ({"renewal": {"mode": "rolls", "n": 1, "unit": "months"}}, []),  # goes on as one
        ({"renewal": {"mode": "rolls", "n": 1, "unit": "months", "max": 2}}, ["2025-10-31"]),
        ({"extensions": [{"n": 6, "unit": "months", "taken": True}]}, ["2025-08-31", "2026-02-28"]),
        ({"extensions": [{"n": 6, "unit": "months", "taken": False}]}, ["2025-08-31"]),
        ({"term": None, "renewal": {"mode": "open"}}, []),
    ],
    ids=str,
)
def test_the_ends_of_terms_are_those_of_the_first_each_extension_and_each_renewal(more: Any, ends: list[str]) -> None:
    asked = {"start": "2023-09-01", "term": {"n": 2, "unit": "years"}, "as_of": "2026-03-01", **more}
    assert [one.isoformat() for one in term_ends(asked)] == ends


LOOKED: Final = datetime(2026, 3, 30, 12, tzinfo=UTC)


@pytest.fixture
async def ann(ann: Viewer) -> Viewer:
    await a_calendar_of_september(ann)
    return ann


async def test_an_extension_that_is_taken_cuts_what_was_kept_for_the_period(ann: Viewer) -> None:
    with clock.at(LOOKED):
        contract = await a_contract(ann, starts_on=FROM, ends_on=date(2026, 8, 31))
        await a_fix_time(ann, contract)
        await a_job(ann, contract, "2026-01-20 09:30")
        await a_job(ann, contract, "2026-03-03 09:30")
        assert await labels(ann, contract) == [("Autumn 2025", 0), ("Spring 2026", 2)]
        was = await reading.contract(ann, contract)
        shorter = Said(
            {**was.said.values, "ends_on": date(2026, 2, 28)}, extensions=(Extension(to_day=date(2026, 8, 31), is_taken=True),)
        )
        await register.change(ann, contract, shorter, version=was.version)
        assert await labels(ann, contract) == [
            ("Autumn 2025", 0), ("Spring 2026, up to 28 February 2026", 1), ("Spring 2026, from 1 March 2026", 1),
        ]  # fmt: skip


async def labels(viewer: Viewer, contract: Any) -> list[tuple[str, int]]:
    (metric,) = await attainment.of_contract(viewer, contract, Days(FROM, date(2026, 3, 30)))
    return [(one.label, one.figure.n) for one in metric.periods if not one.is_between]

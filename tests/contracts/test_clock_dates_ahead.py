"""The days of a contract as time goes by are those that the rules give on each single day."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.clock.contract import Reckoning, Renewal
from contracts.clock.dates import contract_dates
from contracts.clock.dates_ahead import outlooks
from contracts.clock.periods import CALENDAR, Period, last_day
from contracts.clock.refused import Refused

pytestmark = pytest.mark.pure

FIRST: Final = date(2026, 1, 1)
LAST: Final = date(2028, 12, 31)
STARTS: Final = st.dates(date(2024, 6, 1), date(2026, 12, 31))
PERIODS: Final = st.builds(lambda n, unit: {"n": n, "unit": unit}, st.integers(1, 13), st.sampled_from(["weeks", "months"]))
RENEWALS: Final = st.one_of(
    st.builds(lambda roll, most: {"mode": "rolls", **roll, "max": most}, PERIODS, st.one_of(st.none(), st.integers(1, 4))),
    st.sampled_from([{"mode": "expires"}, {"mode": "express"}, {"mode": "open"}]),
)
CONTRACTS: Final = st.fixed_dictionaries(
    {
        "start": STARTS.map(date.isoformat),
        "term": st.builds(lambda n: {"n": n, "unit": "months"}, st.integers(6, 30)),
        "renewal": RENEWALS,
        "notice": st.one_of(PERIODS, st.just({"by": "12-31"}), st.just({"n": 1, "unit": "terms"})),
        "lead": st.one_of(st.none(), PERIODS),
    }
)


@given(data=CONTRACTS, days=st.lists(st.integers(0, (LAST - FIRST).days), min_size=5, max_size=5))
def test_each_day_lies_in_the_stretch_that_says_what_the_rules_say_of_it(data: dict[str, Any], days: list[int]) -> None:
    found = outlooks(data, FIRST, LAST)
    assert found[0].starts == FIRST
    for day in (FIRST + timedelta(days=n) for n in days):
        outlook = [one for one in found if one.starts <= day][-1]
        asked = {**data, "as_of": day.isoformat(), "lead": data["lead"]}
        if outlook.problem:
            with pytest.raises(Refused):
                contract_dates(asked)
            continue
        planned, words = contract_dates(asked), contract_dates({**asked, "receipt": "any_day"})
        assert (outlook.state, outlook.rolled, outlook.is_missed) == (words["state"], words["rolled"], words["notice_missed"])
        assert _text(outlook.current_end) == words["current_end"]
        assert _text(outlook.decide_by) == planned["decide_by"]
        assert _text(outlook.words_received_by) == words["notice_received_by"]
        if data["renewal"]["mode"] != Renewal.OPEN:
            assert _text(outlook.earliest_exit) == words["earliest_exit"]


def test_a_contract_of_which_nobody_said_how_it_renews_has_the_days_for_saying_no_and_then_ends() -> None:
    data = {"start": "2024-09-01", "end": "2027-08-31", "renewal": None, "notice": {"n": 3, "unit": "months"}}
    found = outlooks(data, date(2026, 11, 28), date(2030, 1, 1))
    assert [one.state for one in found] == ["live", "live", "ended"]
    assert found[0].notice_received_by == date(2027, 5, 28)
    assert found[0].words_received_by == date(2027, 5, 31)
    assert found[-1].starts == date(2027, 9, 1)


def test_a_notice_in_terms_that_nobody_entered_is_a_problem_that_leaves_the_end_known() -> None:
    data = {"start": "2024-09-01", "end": "2027-08-31", "renewal": {"mode": "expires"}, "notice": {"n": 1, "unit": "terms"}}
    data["renewal"] = {"mode": "express"}
    (live, ended) = outlooks(data, date(2026, 11, 28), date(2030, 1, 1))
    assert (live.problem, live.current_end, live.decide_by) == ("terms_missing", date(2027, 8, 31), None)
    assert ended.state == "ended"


def test_dates_that_contradict_each_other_are_a_problem_and_nothing_else() -> None:
    (only,) = outlooks({"start": "2026-09-01", "end": "2025-08-31"}, FIRST, LAST)
    assert (only.problem, only.current_end) == ("end_before_start", None)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


@given(
    end=st.dates(date(1990, 1, 1), date(2030, 12, 31)),
    months=st.integers(0, 40),
    length=st.builds(Period, st.integers(1, 30), st.sampled_from(CALENDAR)),
    times=st.integers(0, 60),
    days=st.integers(-500, 12_000),
)
def test_many_rolls_at_once_are_those_one_after_the_other(end: date, months: int, length: Period, times: int, days: int) -> None:
    assume(length.months * (times + 1) < 1_800 and length.days * (times + 1) < 50_000)  # within the years that are reckoned
    first = Reckoning(end, months, last_day(end, months))
    walked = first
    for _ in range(times):
        walked = walked.plus(length)
    assert first.plus_times(length, times).last == walked.last
    assert first.plus_times(length, times).plus(length) == walked.plus(length)
    day = first.last + timedelta(days=days)
    skipped = first.times_before(length, day)
    assert not skipped or first.plus_times(length, skipped).last < day

"""Contract dates against counting days one by one, and what the cases don't have: fixed days, half-terms, breaks, posting."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.clock.bank_holidays import NATIONS, is_bank_holiday
from contracts.clock.dates import contract_dates
from contracts.clock.refused import Refused
from tests.given.examples import examples

pytestmark = pytest.mark.pure

DRAWS: Final = examples(600)
ONE: Final = timedelta(days=1)
A_YEAR: Final[dict[str, Any]] = {"start": "2025-09-01", "term": {"n": 1, "unit": "years"}, "as_of": "2025-11-28"}
ROLLS: Final = {"mode": "rolls", "n": 12, "unit": "months"}

days = st.dates(date(2015, 1, 1), date(2032, 12, 31))
lengths = st.builds(
    lambda n, unit: {"n": n, "unit": unit}, st.integers(0, 60), st.sampled_from(["days", "weeks", "months", "working_days"])
)


def is_working(day: date, nation: str) -> bool:
    return day.weekday() < 5 and not is_bank_holiday(day, nation)


def months_later(day: date, months: int) -> date:
    """The corresponding date, or the nearest one before that the month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    there = [n for n in range(1, day.day + 1) if n <= 28 or (date(year, month + 1, 28) + (n - 28) * ONE).month == month + 1]
    return date(year, month + 1, there[-1])


def run_out(received: date, notice: dict[str, Any], nation: str) -> date:
    """The last day of a notice, by counting."""
    if notice["unit"] == "months":
        return months_later(received, notice["n"])
    left = notice["n"] * (7 if notice["unit"] == "weeks" else 1)
    while left:
        received += ONE
        left -= notice["unit"] != "working_days" or is_working(received, nation)
    return received


def day(text: str | None) -> date:
    assert text is not None
    return date.fromisoformat(text)


@settings(max_examples=DRAWS)
@given(end=days, notice=lengths, nation=st.sampled_from(NATIONS), clear=st.booleans(), post=st.booleans())
def test_notice_on_the_last_day_runs_out_by_the_end_and_a_day_later_does_not(
    end: date, notice: dict[str, Any], nation: str, clear: bool, post: bool
) -> None:
    start = end - timedelta(days=2_500)
    contract = {
        "start": str(start), "end": str(end), "renewal": ROLLS, "notice": notice | {"clear": clear}, "nation": nation,
        "as_of": str(start), "method": "post" if post else "email",
    }  # fmt: skip
    last = end - ONE if clear else end
    any_day = day(contract_dates(contract | {"receipt": "any_day"})["notice_received_by"])
    assert run_out(any_day, notice, nation) <= last < run_out(any_day + ONE, notice, nation)
    found = contract_dates(contract)
    received, sent = day(found["notice_received_by"]), day(found["send_by"])
    between = [received + n * ONE for n in range(1, (any_day - received).days + 1)]
    assert is_working(received, nation)
    assert not any(is_working(each, nation) for each in between)
    if not post:
        assert sent == received
    else:
        assert is_working(sent, nation)
        later = next(sent + n * ONE for n in range(1, 30) if is_working(sent + n * ONE, nation))
        second = {"n": 2, "unit": "working_days"}
        assert run_out(sent, second, nation) <= received < run_out(later, second, nation)


@settings(max_examples=DRAWS)
@given(start=days, term=st.integers(1, 60), roll=st.integers(1, 24), times=st.integers(0, 20))
def test_the_nth_roll_is_the_term_and_the_rolls_added_up(start: date, term: int, roll: int, times: int) -> None:
    def last(months: int) -> date:
        found = months_later(start, months)
        return found if found.day != start.day else found - ONE

    as_of = last(term + roll * times)
    found = contract_dates(
        {
            "start": str(start), "term": {"n": term, "unit": "months"}, "as_of": str(as_of), "notice": {"n": 0, "unit": "days"},
            "renewal": {"mode": "rolls", "n": roll, "unit": "months"}, "receipt": "any_day",
        }
    )  # fmt: skip
    assert (found["rolled"], found["current_end"]) == (times, str(as_of))
    at_once = {"start": str(start), "term": {"n": term + roll * times, "unit": "months"}, "as_of": str(start)}
    assert contract_dates(at_once)["current_end"] == str(as_of)


@settings(max_examples=DRAWS // 4)
@given(
    end=days, as_of=st.integers(-400, 400), notice=lengths, roll=st.integers(1, 30), most=st.sampled_from([None, 1, 3]),
    given_on=st.none() | st.integers(-500, 400),
)  # fmt: skip
def test_the_first_end_for_which_there_is_time_is_the_earliest_exit(
    end: date, as_of: int, notice: dict[str, Any], roll: int, most: int | None, given_on: int | None
) -> None:
    today, start = end + as_of * ONE, end - timedelta(days=700)
    received = max(start, end + given_on * ONE) if given_on is not None else None
    found = contract_dates(
        {
            "start": str(start), "end": str(end), "renewal": {"mode": "rolls", "n": roll, "unit": "weeks", "max": most},
            "notice": notice, "as_of": str(today), "receipt": "any_day", "notice_given": str(received) if received else None,
        }
    )  # fmt: skip
    acts = received if received and received <= today else today
    ends = [end + roll * times * timedelta(days=7) for times in range((most or 400) + 1)]
    begun = ends if received and received <= today else [each for each in ends if today <= each] or ends[-1:]
    leaves = next(each for each in begun if run_out(acts, notice, "ENG") <= each or (most and each == ends[most]))
    assert found["earliest_exit"] == str(leaves)
    assert (found["state"] == "notice_given") is (received is not None and received <= today <= leaves)


def test_a_fixed_day_of_the_year_is_the_last_one_before_the_end() -> None:
    by_christmas = A_YEAR | {"renewal": ROLLS, "notice": {"by": "12-31"}}
    assert contract_dates(by_christmas)["notice_received_by"] == "2025-12-31"
    missed = contract_dates(by_christmas | {"as_of": "2026-01-02"})
    assert missed["notice_missed"]
    assert missed["next_chance"] == {
        "end": "2027-08-31", "notice_received_by": "2026-12-31", "send_by": "2026-12-31", "decide_by": "2026-12-31"
    }  # fmt: skip
    leap = contract_dates(A_YEAR | {"renewal": ROLLS, "notice": {"by": "02-29"}, "receipt": "any_day"})
    assert leap["notice_received_by"] == "2026-02-28"
    with pytest.raises(Refused, match="such as 12-31"):
        contract_dates(A_YEAR | {"renewal": ROLLS, "notice": {"by": "31 December"}})


def test_notice_in_half_terms_counts_the_halves() -> None:
    halves = [["2025-09-03", "2025-10-24"], ["2025-11-03", "2025-12-19"], ["2026-01-05", "2026-02-13"],
              ["2026-02-23", "2026-03-27"], ["2026-04-13", "2026-05-22"], ["2026-06-01", "2026-07-21"]]  # fmt: skip
    asked = A_YEAR | {"renewal": ROLLS, "half_terms": halves}
    assert contract_dates(asked | {"notice": {"n": 1, "unit": "half_terms"}})["notice_received_by"] == "2026-05-29"
    assert contract_dates(asked | {"notice": {"n": 3, "unit": "half_terms"}})["notice_received_by"] == "2026-02-20"
    with pytest.raises(Refused) as refused:
        contract_dates(asked | {"notice": {"n": 1, "unit": "half_terms"}, "as_of": "2026-07-01"})
    assert refused.value.code == "terms_missing", "the next year's are not known, and are not guessed"


def test_a_letter_arrives_when_the_contract_says() -> None:
    posted = A_YEAR | {"renewal": ROLLS, "notice": {"n": 3, "unit": "months"}, "method": "post"}
    expected = {
        "second_working_day": "2026-05-27", "third_working_day": "2026-05-26", "cpr_6_26": "2026-05-27",
        ("n", 5, "days"): "2026-05-22", ("n", 5, "working_days"): "2026-05-21", ("n", 0, "days"): "2026-05-29",
    }  # fmt: skip
    for deemed, sent in expected.items():
        named = deemed if isinstance(deemed, str) else {"n": deemed[1], "unit": deemed[2]}
        assert contract_dates(posted | {"deemed": named})["send_by"] == sent, deemed


def test_a_break_clause_has_an_exit_of_its_own() -> None:
    lease = {"start": "2024-09-01", "term": {"n": 5, "unit": "years"}, "as_of": "2025-11-28", "renewal": {"mode": "expires"}}
    any_time = {"from": "2026-09-01", "notice": {"n": 6, "unit": "months"}, "cost_pence": 120_000}
    found = contract_dates(lease | {"break": any_time})
    assert found["current_end"] == "2029-08-31"
    assert found["break_clause"] == {
        "earliest_exit": "2026-09-01", "notice_received_by": None, "send_by": None, "cost_pence": 120_000
    }  # fmt: skip
    on_days = {"notice": {"n": 6, "unit": "months"}, "on": ["2026-03-31", "2027-08-31"]}
    assert contract_dates(lease | {"break": on_days})["break_clause"] == {
        "earliest_exit": "2027-08-31", "notice_received_by": "2027-02-26", "send_by": "2027-02-26", "cost_pence": None
    }  # fmt: skip
    assert contract_dates(lease | {"as_of": "2027-03-01", "break": on_days})["break_clause"] is None


def test_after_its_last_missed_period_it_ends_by_itself() -> None:
    once = {"mode": "rolls", "n": 12, "unit": "months", "max": 1}
    found = contract_dates(A_YEAR | {"renewal": once, "notice": {"n": 3, "unit": "months"}, "as_of": "2026-07-01"})
    assert found["notice_missed"]
    assert found["next_chance"] == {
        "end": "2027-08-31", "notice_received_by": None, "send_by": None, "decide_by": "2027-08-31"
    }  # fmt: skip


def test_both_ways_of_receipt_are_said_for_a_contract_that_is_silent() -> None:
    """31 May 2026 is a Sunday: planning uses the Friday, a notice that was given is judged by the contract's words."""
    asked = A_YEAR | {"renewal": ROLLS, "notice": {"n": 3, "unit": "months"}}
    found = contract_dates(asked)
    expected = "Notice of 3 months must be in the supplier's hands by Friday 29 May 2026 to end on Monday 31 August 2026."
    assert found["why"]["notice_received_by"] == expected
    assert contract_dates(asked | {"receipt": "any_day"})["notice_received_by"] == "2026-05-31"

"""What each exception means, as a table: facts of a contract, and the questions that follow from them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.refusals import Invalid
from contracts.exceptions import commitments, rules, scheme
from contracts.exceptions.rules import Facts, Rule
from contracts.exceptions.scheme import Band, Scheme

pytestmark = pytest.mark.pure

TODAY = date(2026, 3, 30)
OURS = Scheme((Band(500_000, 2), Band(2_500_000, 3)), approval_pence=100_000, supplier_pence=5_000_000)
CLEAN = Facts(
    UUID(int=1), "Boilers", "Oakfield Primary", supplier="ashby", supplier_name="Ashby Boilers", starts_on=date(2025, 9, 1),
    value_pence=900_000, annual_pence=300_000, route="quotes", quotes=2, approved_by="Governors", approved_on=date(2025, 7, 1),
    approval_limit_pence=1_000_000, conflicts="None", has_signed_copy=True, officer="Business manager",
)  # fmt: skip

CASES: tuple[tuple[Rule, dict[str, Any], str], ...] = (
    (Rule.NO_SIGNED_COPY, {"has_signed_copy": False}, "No signed copy is kept with it."),
    (Rule.FEW_QUOTES, {"quotes": 1}, "For £9,000 our rules ask for 2 quotes; there were 1."),
    (Rule.FEW_QUOTES, {"quotes": None}, "For £9,000 our rules ask for 2 quotes; how many there were is not written down."),
    (Rule.NO_APPROVAL, {"approved_by": None, "approved_on": None}, "It is worth £9,000, and nobody is named who approved it."),
    (
        Rule.NO_APPROVAL,
        {"approved_by": None, "approved_on": None, "value_pence": None},
        "What it is worth is not written down, and nobody is named who approved it.",
    ),
    (Rule.LATE_APPROVAL, {"approved_on": date(2025, 9, 2)}, "It began on 1 September 2025 and was approved on 2 September 2025."),
    (Rule.INTEREST_NOT_ASKED, {"conflicts": None}, "Nothing is written down about interests, not even that there were none."),
    (Rule.RENEWED_UNDECIDED, {"renewals": 1}, "It renewed by itself once; no decision is written down."),
    (Rule.RENEWED_UNDECIDED, {"undecided": 2}, "2 of its extensions were taken with nobody named who decided."),
    (
        Rule.ENDED_IN_USE,
        {"ended_on": date(2026, 1, 31), "last_used_on": date(2026, 2, 1)},
        "It ended on 31 January 2026; something was logged under it on 1 February 2026.",
    ),
    (Rule.OVER_APPROVAL, {"approval_limit_pence": 800_000}, "It is worth £9,000 and was approved under a limit of £8,000."),
    (
        Rule.SUPPLIER_OVER_LIMIT,
        {"annual_pence": 5_000_001},
        "Ashby Boilers is paid £50,000.01 a year under 1 contract of 1 school; the limit is £50,000.",
    ),
    (
        Rule.DOCUMENT_OUT_OF_DATE,
        {"documents": (("Insurance", date(2026, 3, 29)),)},
        "Insurance: out of date since 29 March 2026.",
    ),
    (Rule.NO_DATA_AGREEMENT, {"needs_data_agreement": True}, "It needs a data-protection agreement, and none is kept with it."),
    (Rule.REVIEW_OVERDUE, {"review_due_on": date(2026, 3, 29)}, "It was to be reviewed by 29 March 2026."),
    (Rule.OFFICER_GONE, {"officer_left": True}, "Who looked after it has left the school."),
    (Rule.OFFICER_GONE, {"officer": None}, "Nobody is named who looks after it."),
)

FINE: tuple[dict[str, Any], ...] = (
    {},
    {"route": "framework", "quotes": 0},  # its own competition stands behind it
    {"value_pence": 499_999, "quotes": 1},
    {"value_pence": 99_999, "approved_by": None, "approved_on": None},
    {"value_pence": 1_000_000},  # at the limit, not over it
    {"approved_on": date(2025, 9, 1)},  # on the first day
    {"documents": (("Insurance", TODAY),)},  # the last day on which it holds
    {"review_due_on": TODAY},
    {"ended_on": date(2026, 1, 31), "last_used_on": date(2026, 1, 31), "officer": None, "has_signed_copy": False},
    {"annual_pence": 5_000_000},
    {"needs_data_agreement": True, "has_data_agreement": True},
)


@pytest.mark.parametrize(("rule", "changed", "sentence"), CASES)
def test_one_fact_that_is_not_as_it_should_be_asks_one_question(rule: Rule, changed: dict[str, Any], sentence: str) -> None:
    (found,) = rules.found([replace(CLEAN, **changed)], OURS, TODAY)
    assert (found.rule, found.sentence) == (rule, sentence)
    assert found.words


@pytest.mark.parametrize("changed", FINE)
def test_what_is_as_it_should_be_asks_nothing(changed: dict[str, Any]) -> None:
    assert rules.found([replace(CLEAN, **changed)], OURS, TODAY) == ()


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, _, _ in CASES} == set(Rule)


def test_a_supplier_is_over_the_limit_by_what_all_schools_pay_it() -> None:
    other = replace(CLEAN, contract=UUID(int=2), school="Ivy Primary", annual_pence=4_800_000)
    found = rules.found([CLEAN, other], OURS, TODAY)
    assert [(one.rule, one.school) for one in found] == [
        (Rule.SUPPLIER_OVER_LIMIT, "Ivy Primary"),
        (Rule.SUPPLIER_OVER_LIMIT, "Oakfield Primary"),
    ]
    assert "£51,000 a year under 2 contracts of 2 schools" in found[0].sentence


def test_without_rules_of_ones_own_nothing_is_said_of_quotes_and_limits() -> None:
    assert rules.found([replace(CLEAN, quotes=0, annual_pence=10**11)], Scheme(), TODAY) == ()


def test_a_higher_value_never_asks_for_fewer_quotes() -> None:
    with pytest.raises(Invalid, match="not saved") as refused:
        scheme.checked(Scheme((Band(100, 3), Band(200, 2))))
    assert "more quotes" in refused.value.fields["from-0"]
    assert scheme.of_json(scheme.to_json(OURS)) == OURS


@given(annual=st.integers(0, 10**11), days=st.integers(-400, 9_000))
def test_the_parts_of_a_commitment_add_up_and_none_is_negative(annual: int, days: int) -> None:
    on = date(2026, 8, 31)
    found = commitments.of(UUID(int=1), "", "", "", annual_pence=annual, until=on + timedelta(days=days), on=on)
    parts = (found.within_one, found.one_to_five, found.later)
    assert min(parts) >= 0
    assert sum(parts) == found.total == round(annual * max(0, days) / 365.25)
    assert found.one_to_five == 0 or days > 365
    assert found.later == 0 or days > 5 * 365


def test_a_commitment_whose_price_or_end_is_not_known_says_so() -> None:
    found = commitments.of(UUID(int=1), "", "", "", annual_pence=None, until=TODAY, on=TODAY)
    assert (found.total, found.problem) == (0, "The price of a year is not written down.")

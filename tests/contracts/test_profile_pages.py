"""A contract's page: its dates with their sentences, what is missing, and what to do when the day for notice has passed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from base import clock
from base.viewer import Viewer
from contracts.fields.said import Said
from contracts.profile import dates_told
from contracts.register import reading, register
from tests.given.builders import signed_in

pytestmark = pytest.mark.usefixtures("db")

COPIERS: dict[str, Any] = {
    "title": "Photocopiers",
    "supplier_name": "Tallow Print Ltd",
    "starts_on": date(2025, 9, 1),
    "ends_on": date(2028, 8, 31),
    "renewal": "rolls",
    "roll": {"n": 1, "unit": "years"},
    "notice": {"n": 3, "unit": "months"},
    "lead": {"n": 2, "unit": "months"},
    "annual_pence": 486_000,
}


async def told(viewer: Viewer, day: date, **more: Any) -> dates_told.Dates:
    contract = await register.add(viewer, Said({**COPIERS, **more}))
    with clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
        return dates_told.dates(await reading.contract(viewer, contract))


@pytest.mark.both_engines
async def test_a_contract_is_shown_with_its_days_and_their_sentences(ann: Viewer) -> None:
    contract = await register.add(ann, Said(COPIERS))
    async with signed_in(ann) as browser:
        answer = await browser.get(f"/contracts/{contract}")
    assert answer.status_code == 200
    assert "Decide by" in answer.text
    assert "must be in the supplier" in answer.text


async def test_where_planning_and_the_words_differ_both_are_said(ann: Viewer) -> None:
    found = await told(ann, date(2025, 10, 1), ends_on=date(2026, 8, 31))
    by = next(one for one in found.days if one.name == "notice_received_by")
    assert by.note == "Safe until Friday 29 May 2026; on the contract's words until Sunday 31 May 2026."
    between = await told(ann, date(2026, 5, 30), ends_on=date(2026, 8, 31))
    assert between.warning is not None
    assert "Send it today and ask for a receipt." in between.warning[1][0]


async def test_after_the_day_for_notice_it_says_what_that_costs_and_what_to_do(ann: Viewer) -> None:
    found = await told(ann, date(2026, 6, 1), ends_on=date(2026, 8, 31))
    assert found.warning is not None
    title, sentences = found.warning
    assert title == "The day for notice has passed"
    assert "the next end is Tuesday 31 August 2027" in sentences[0]
    assert "about £4,860" in sentences[1]
    assert "late notice is often accepted" in sentences[2]
    assert next(one.day for one in found.days if one.name == "decide_by") == date(2027, 3, 25)  # before the Easter holidays


async def test_a_renewal_that_nobody_knows_may_be_one_by_itself(ann: Viewer) -> None:
    found = await told(ann, date(2025, 10, 1), ends_on=date(2026, 8, 31), renewal=None, roll=None)
    assert "may renew by itself" in found.note
    assert any(one.name == "notice_received_by" for one in found.days)
    after = await told(ann, date(2026, 10, 1), ends_on=date(2026, 8, 31), renewal=None, roll=None)
    assert "unless it renewed by itself" in after.days[0].sentence


async def test_a_contract_without_a_known_notice_has_a_question_and_no_date_for_it(ann: Viewer) -> None:
    found = await told(ann, date(2025, 10, 1), notice=None)
    assert [one.name for one in found.days] == ["current_end"]


async def test_a_break_clause_gives_its_own_exit_and_cost(ann: Viewer) -> None:
    clause = {"from": "2026-09-01", "notice": {"n": 6, "unit": "months"}, "cost_pence": 50_000}
    found = await told(ann, date(2026, 10, 1), break_clause=clause)
    leaving = next(one for one in found.days if one.name == "break_clause")
    assert leaving.day == date(2027, 4, 1)
    assert leaving.note == "Leaving costs £500."

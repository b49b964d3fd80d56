"""What was said last stands, also where the clock was put back between two words."""

from datetime import UTC, date, datetime, timedelta

import pytest

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.attainment import attainment
from contracts.improvement import concerns
from contracts.improvement.concerns import Next, Raised, Step
from contracts.judging.kinds import Agreed, Discussed
from contracts.reminders import decisions
from contracts.reminders.decisions import Choice, Deciding
from contracts.service_events import access, agreeing
from contracts.service_events.agreeing import Agreement, Discussion
from tests.given.builders import a_person, a_school, travel
from tests.given.served import a_calendar_of_september, a_contract, a_fix_time, a_job

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.both_engines]

BACK = [timedelta(seconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=400)]


@pytest.fixture
async def ann() -> Viewer:
    return await a_person(await a_school(), Role.HEAD)


@pytest.mark.parametrize("back", BACK, ids=str)
async def test_the_last_agreement_about_a_job_stands(ann: Viewer, monkeypatch: pytest.MonkeyPatch, back: timedelta) -> None:
    job = await a_job(ann, await a_contract(ann), "2021-01-15 09:30")
    spoke = date(2021, 1, 17)
    for outcome in (Agreed.MET, Agreed.MISSED, Agreed.LEFT_OUT):
        await agreeing.agree(ann, job, Agreement(outcome, spoke, f"It was {outcome}", "Ann Ash", "Bo Birch"))
        travel(monkeypatch, seconds=-back.total_seconds())
    await agreeing.discuss(ann, job, Discussion(Discussed.DISPUTED, spoke, "We were there"))
    travel(monkeypatch, seconds=-back.total_seconds())
    await agreeing.discuss(ann, job, Discussion(Discussed.AGREED, spoke))
    async with database.read():
        _, found = await access.open_job(ann, job)
    assert (agreed := found.agreed(None)) is not None
    assert agreed.outcome is Agreed.LEFT_OUT
    assert [one.state for one in found.discussions if one.state] == [Discussed.DISPUTED, Discussed.AGREED]


@pytest.mark.parametrize("back", BACK, ids=str)
async def test_the_last_decision_about_a_contract_stands(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:  # fmt: skip
    contract, day = await a_contract(ann), date(2021, 1, 17)
    for choice in (Choice.RENEW, Choice.LEAVE, Choice.RENEW):
        await decisions.decide(ann, contract, Deciding(choice, day, "As the governors said"))
        travel(monkeypatch, seconds=-back.total_seconds())
    async with database.read():
        assert [one.choice for one in await decisions.of(contract)] == [Choice.RENEW, Choice.LEAVE, Choice.RENEW]
    await decisions.decide(ann, contract, Deciding(Choice.RENEW, day, "As the governors said"))
    async with database.read():
        assert len(await decisions.of(contract)) == 3, "said again what stands: nothing to record"


async def test_the_last_plan_for_a_concern_stands(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    contract, day = await a_contract(ann), date(2021, 1, 17)
    concern = await concerns.raise_concern(ann, contract, Raised(day, "Late again", "By e-mail"))
    for due in (date(2021, 2, 1), date(2021, 3, 1)):
        await concerns.step(ann, concern, Next(Step.PLANNED, day, "They send somebody else", due))
        travel(monkeypatch, hours=-1)
    async with database.read():
        (found,) = await concerns.of_contract(ann, contract)
    assert [one.due_on for one in found.steps] == [date(2021, 2, 1), date(2021, 3, 1)]


async def test_a_figure_that_was_reckoned_while_the_clock_was_ahead_is_none_of_today(ann: Viewer) -> None:
    """The job has until the afternoon; a page that somebody opened by a clock a month ahead called it late."""
    await a_calendar_of_september(ann)
    contract = await a_contract(ann)
    await a_fix_time(ann, contract)
    with clock.at(datetime(2026, 1, 20, 9, 31, tzinfo=UTC)):
        await a_job(ann, contract, "2026-01-20 09:30")
    with clock.at(datetime(2026, 4, 20, 10, tzinfo=UTC)):
        (ahead,) = await attainment.of_contract(ann, contract)
        assert [one.figure.breaches for one in ahead.periods][-1:] == [0]
    with clock.at(datetime(2026, 1, 20, 10, tzinfo=UTC)):
        (read,) = await attainment.of_contract(ann, contract)
        again = (await attainment.of_own(ann, [contract]))[contract]
    assert [(one.is_running, one.figure.breaches, one.figure.pending) for one in read.periods][-1] == (True, 0, 1)
    assert read.periods == again[0].periods
    with clock.at(datetime(2026, 4, 20, 10, tzinfo=UTC)):
        (later,) = await attainment.of_contract(ann, contract)
    assert later.periods == ahead.periods

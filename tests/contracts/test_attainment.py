"""How the service did: figures are those of the rules, name their events, and equal what is kept whatever happens in between."""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import database
from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.attainment.figures import MetricAttained
from contracts.attainment.tables import Attained
from contracts.calendars import calendars
from contracts.judging.kinds import Agreed, StampKind
from contracts.promises import metrics, stored_metrics
from contracts.promises.kinds import EventKind, MetricKind, Period
from contracts.promises.metric import Promise
from contracts.service_events import agreeing, correcting, reading
from contracts.service_events.agreeing import Agreement
from contracts.service_events.logging_one import Logged, log
from tests.given.builders import a_person, a_school
from tests.given.examples import examples
from tests.given.served import FIX, FROM, a_calendar_of_september, a_call, a_contract, a_fix_time, a_job, moment, stamped

pytestmark = pytest.mark.usefixtures("db")

LOOKED = datetime(2026, 3, 30, 12, tzinfo=UTC)  # in the Easter holidays
ALL = Days(FROM, date(2026, 3, 30))


@pytest.fixture
async def ann(ann: Viewer) -> Viewer:
    await a_calendar_of_september(ann)
    return ann


async def read(viewer: Viewer, contract: UUID, days: Days | None = None) -> tuple[MetricAttained, ...]:
    with clock.at(LOOKED):
        return await attainment.of_contract(viewer, contract, days)


async def fixed(viewer: Viewer, contract: UUID, happened: str, done: str, **more: object) -> UUID:
    job = await a_job(viewer, contract, happened, **more)
    await stamped(viewer, job, StampKind.FIXED, done)
    return job


async def forget() -> None:
    async with database.housekeeping():
        await Attained.delete(force=True)


async def test_periods_are_terms_and_each_breach_is_an_event(ann: Viewer, boilers: UUID) -> None:
    await fixed(ann, boilers, "2025-10-06 09:00", "2025-10-06 11:00")
    late = await fixed(ann, boilers, "2026-01-20 09:00", "2026-01-21 16:00")
    await fixed(ann, boilers, "2026-01-27 09:00", "2026-01-27 10:00", priority="P2")
    (metric,) = await read(ann, boilers)
    assert [one.label for one in metric.periods] == ["Autumn 2025", "Spring 2026"]
    autumn, spring = metric.periods
    assert (autumn.figure.measured, autumn.figure.n, autumn.figure.said) == (100.0, 1, "met")
    assert [one.event for one in spring.breaches] == [late]
    assert (spring.figure.n, spring.figure.breaches, spring.figure.said) == (2, 1, "not met")
    assert {name: one.said for name, one in spring.by_priority.items()} == {"P1": "not met", "P2": "met"}
    assert spring.by_priority["P1"].within == "4 hours"
    assert metric.trend == "worse"


async def test_what_nobody_recorded_is_never_met_and_where_it_decides_nobody_can_tell(ann: Viewer) -> None:
    contract = await a_contract(ann, "Cleaning")
    terms = {"target": 90}
    checks = await metrics.add(ann, contract, Promise(MetricKind.SAMPLE_RATIO, "Checks", terms, FROM))
    for day, passed in ((12, True), (13, True), (14, None)):
        said = {"passed": passed} if passed is not None else {}
        await log(ann, contract, Logged(EventKind.SAMPLE, checks, on_day=date(2026, 1, day), what="Hall", said=said))
    (metric,) = await read(ann, contract)
    (figure,) = [one.figure for one in metric.periods if one.label == "Spring 2026"]
    assert (figure.verdict, figure.said, figure.missing, figure.n) == ("not met", "can't tell", 1, 3)
    assert figure.word == "Can't be told"


async def test_what_happened_in_the_holidays_is_in_a_period_of_its_own(ann: Viewer, boilers: UUID) -> None:
    await fixed(ann, boilers, "2025-12-29 09:00", "2026-01-05 10:00")
    (metric,) = await read(ann, boilers, ALL)
    between = [one for one in metric.periods if one.is_between]
    assert [(one.first, one.last, one.figure.n) for one in between] == [(date(2025, 12, 20), date(2026, 1, 4), 1)]


async def test_a_promise_that_changes_within_a_term_is_reckoned_by_each_of_its_targets(ann: Viewer, boilers: UUID) -> None:
    await fixed(ann, boilers, "2026-01-20 09:00", "2026-01-20 15:00")
    await fixed(ann, boilers, "2026-03-10 09:00", "2026-03-10 15:00")
    async with database.read():
        metric = (await stored_metrics.metrics_of(boilers)).versions[0]
    looser = {**FIX, "targets": {"P1": {"minutes": 480}}}
    new = Promise(MetricKind.TIME_TO_EVENT, "Fixed", looser, date(2026, 3, 1))
    await metrics.change(ann, metric.metric, new, version=metric.version)
    (found,) = await read(ann, boilers, Days(date(2026, 1, 5), date(2026, 3, 30)))
    spring = [one for one in found.periods if not one.is_between]
    assert [(one.first, one.last, one.figure.said) for one in spring] == [
        (date(2026, 1, 5), date(2026, 2, 28), "not met"),
        (date(2026, 3, 1), date(2026, 3, 27), "met"),
    ]


async def test_what_was_left_out_says_who_agreed_and_that_it_was_the_person_who_logged_it(ann: Viewer, boilers: UUID) -> None:
    job = await fixed(ann, boilers, "2026-01-20 09:00", "2026-01-21 16:00")
    await agreeing.agree(ann, job, Agreement(Agreed.LEFT_OUT, date(2026, 2, 2), "Power cut", "Ann Ash", "Bo Birch"))
    (metric,) = await read(ann, boilers)
    (period,) = [one for one in metric.periods if one.figure.excluded]
    (out,) = period.left_out
    assert (out.event, out.reason, out.ours, out.theirs, out.is_self_approved) == (job, "Power cut", "Ann Ash", "Bo Birch", True)
    assert (period.figure.n, period.breaches, period.figure.said) == (0, (), "no data")


async def test_an_open_job_is_pending_until_it_is_late_and_nobody_has_to_write_for_that(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers, "2026-01-20 09:30")
    said = []
    for hour in ("2026-01-20 10:00", "2026-01-20 13:30", "2026-01-20 13:31"):
        with clock.at(moment(hour)):
            (metric,) = await attainment.of_contract(ann, boilers)
        period = metric.periods[-1]
        said.append((period.figure.pending, [one.event for one in period.breaches]))
    assert said == [(1, []), (1, []), (0, [job])]


async def test_days_that_are_asked_for_choose_the_periods(ann: Viewer, boilers: UUID) -> None:
    (metric,) = await read(ann, boilers, Days(date(2025, 12, 1), date(2026, 1, 6)))
    assert [one.label for one in metric.periods] == ["Autumn 2025", "Spring 2026"]
    with pytest.raises(Invalid, match="ends before"):
        await read(ann, boilers, Days(date(2026, 2, 1), date(2026, 1, 1)))


async def test_another_school_reads_no_figures(boilers: UUID) -> None:
    other = await a_person(await a_school("Elmfield Primary"))
    with pytest.raises(NotFound):
        await read(other, boilers)


async def test_an_uncalendared_school_is_told_that_its_hours_are_not_known() -> None:
    bo = await a_person(await a_school("Elmfield Primary"))
    contract = await a_contract(bo)
    await a_fix_time(bo, contract, period=Period.MONTH)
    await fixed(bo, contract, "2026-01-20 09:30", "2026-01-20 10:00")
    (metric,) = await read(bo, contract)
    (january,) = [one for one in metric.periods if one.label == "January 2026"]
    assert "calendar" in january.problem


STEPS = st.lists(
    st.tuples(st.sampled_from(["log", "fix", "leave out", "take back", "calendar", "change", "read"]), st.integers(0, 400)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(12), deadline=None)
@given(steps=STEPS)
async def test_what_is_kept_equals_what_is_reckoned_anew_after_whatever_was_done(steps: list[tuple[str, int]]) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    await a_calendar_of_september(ann)
    contract = await a_contract(ann)
    metric = await a_fix_time(ann, contract, period=Period.MONTH)
    jobs: list[UUID] = []
    for step, n in steps:
        await _do(ann, contract, metric, jobs, step, n)
        kept = await read(ann, contract)
        await forget()
        assert kept == await read(ann, contract)


async def _do(ann: Viewer, contract: UUID, metric: UUID, jobs: list[UUID], step: str, n: int) -> None:
    job = jobs[n % len(jobs)] if jobs else None
    if step == "log" or job is None:
        jobs.append(await a_job(ann, contract, f"2026-0{1 + n % 3}-1{n % 9} 10:{n % 60:02}"))
    elif step == "fix":
        whole = (await reading.event(ann, job)).event.job
        if whole.happened_at and not whole.is_fixed:
            await stamped(ann, job, StampKind.FIXED, f"2026-03-2{n % 7} 10:00")
    elif step == "leave out":
        await agreeing.agree(ann, job, Agreement(Agreed.LEFT_OUT, date(2026, 3, 28), "Power cut", "Ann Ash", "Bo Birch"))
    elif step == "take back":
        row = (await reading.event(ann, job)).event.job.row
        if not (await reading.event(ann, job)).event.job.stamps:
            await correcting.correct(ann, job, a_call(), row=row, reason="Not ours.", is_withdrawn=True)
            jobs.remove(job)
    elif step == "calendar":
        with clock.at(datetime(2025, 9, 2, 12, tzinfo=UTC)):
            view = await calendars.look(ann)
            weekly = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:00", f"1{n % 8}:00"),))
            assert view.own is not None
            new_one = msgspec.structs.replace(view.own, weekly=weekly)
            await calendars.save_version(ann, new_one, from_day=date(2025, 10, 1), version=view.version)
    elif step == "change":
        async with database.read():
            latest = [one for one in (await stored_metrics.metrics_of(contract)).versions if one.metric == metric][-1]
        if latest.from_day < date(2026, 2, 1):
            new = Promise(MetricKind.TIME_TO_EVENT, "Fixed", {**FIX, "target": 50, "mostly": 40}, date(2026, 2, 1), Period.MONTH)
            await metrics.change(ann, metric, new, version=latest.version)

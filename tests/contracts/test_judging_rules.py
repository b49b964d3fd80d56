"""Rules that hold for any job: pauses only help the supplier, a page and a period agree, and what counted adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import database
from base import clock
from base.viewer import Viewer
from contracts.attaining.attaining import attain
from contracts.clock import clock as service_clock
from contracts.clock.calendar_layers import Layer
from contracts.clock.school_calendar import SchoolCalendar
from contracts.judging import asking, clock_input, judging
from contracts.judging.job import Job, Stamped, standing
from contracts.judging.kinds import PauseReason, Side, StampKind
from contracts.judging.spans import explain
from contracts.promises import stored_metrics
from contracts.promises.kinds import EventKind, How, MetricKind, Period
from contracts.promises.metric import MetricVersion, Rules
from contracts.service_events import correcting, open_calls, reading
from tests.given.served import FIX, FROM, WEEKDAYS, a_calendar, a_call, a_contract, a_fix_time, a_job, stamped

NOW: Final = datetime(2026, 3, 3, 12, tzinfo=UTC)
FIRST: Final = datetime(2026, 1, 6, 6, tzinfo=UTC)
ME: Final = UUID(int=1)
PERIOD: Final = (date(2026, 1, 1), date(2026, 3, 31))

minutes = st.integers(0, 20 * 1_440)
rules = st.builds(
    Rules,
    starts_when_it_happens=st.booleans(),
    cut_off=st.sampled_from(("", "09:00", "15:00")),
    parts_pause=st.booleans(),
)


def a_metric(given_rules: Rules, **terms: Any) -> MetricVersion:
    return MetricVersion(ME, ME, ME, MetricKind.TIME_TO_EVENT, "Fixed", "4.2", {**FIX, **terms}, given_rules, Period.TERM, FROM)


def a_stamp(kind: StampKind, at: datetime, **more: Any) -> Stamped:
    said: dict[str, Any] = {"priority": None, "reason": None, "claimed_by": Side.SCHOOL, "agrees": None, **more}
    return Stamped(uuid4(), kind, at, is_correction=False, author=ME, recorded_at=at, **said)


def with_stamps(job: Job, *more: Stamped) -> Job:
    return replace(job, stamps=standing([*job.stamps, *more], job.priority))


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    """A call, perhaps paused for a while, perhaps fixed, perhaps back again and fixed anew."""
    happened = FIRST + timedelta(minutes=draw(minutes))
    told = happened + timedelta(minutes=draw(st.integers(0, 600)))
    priority = draw(st.sampled_from(("P1", "P2")))
    job = Job(
        ME, ME, ME, ME, None, EventKind.JOB, happened.date(), happened, told, How.TELEPHONE, "", priority, {}, Side.SCHOOL,
        is_corrected=False, author=ME, recorded_at=told,
    )  # fmt: skip
    stamps, at = list[Stamped](), told
    several: tuple[tuple[StampKind, ...], ...] = (
        (StampKind.WAITING, StampKind.RESUMED),
        (StampKind.FIXED,),
        (StampKind.BACK_AGAIN, StampKind.FIXED),
    )
    for kinds in several:
        if not draw(st.booleans()) or (kinds[0] is StampKind.BACK_AGAIN and not stamps):
            continue
        if kinds[0] is StampKind.BACK_AGAIN and stamps[-1].kind is not StampKind.FIXED:
            continue
        for kind in kinds:
            at += timedelta(minutes=draw(st.integers(0, 3_000)))
            reason = draw(st.sampled_from(PauseReason)) if kind is StampKind.WAITING else None
            stamps.append(a_stamp(kind, at, reason=reason))
    return with_stamps(job, *stamps)


@pytest.mark.pure
@given(jobs(), rules, minutes, st.integers(1, 5_000))
def test_adding_a_pause_never_brings_due_forward(job: Job, given_rules: Rules, after: int, length: int) -> None:
    assert job.told_at is not None
    metric, at = a_metric(given_rules), job.told_at + timedelta(minutes=after)
    waits = [one.at for one in job.stamps if one.kind in (StampKind.WAITING, StampKind.RESUMED)]
    assume(not waits or at > waits[-1] or at + timedelta(minutes=length) < waits[0])  # a wait in a wait is refused
    more = [a_stamp(StampKind.WAITING, at, reason=PauseReason.US)]
    more.append(a_stamp(StampKind.RESUMED, at + timedelta(minutes=length)))
    before = judging.verdict(job, metric, WEEKDAYS, NOW + timedelta(days=60))
    paused = judging.verdict(with_stamps(job, *more), metric, WEEKDAYS, NOW + timedelta(days=60))
    if before.due is not None and paused.due is not None:
        assert paused.due >= before.due


@pytest.mark.pure
@given(jobs(), rules, minutes)
def test_a_suppliers_pause_alone_changes_nothing(job: Job, given_rules: Rules, after: int) -> None:
    assert job.told_at is not None
    metric, at = a_metric(given_rules), job.told_at + timedelta(minutes=after)
    claim = a_stamp(StampKind.WAITING, at, reason=PauseReason.US, claimed_by=Side.SUPPLIER)
    assert judging.verdict(with_stamps(job, claim), metric, WEEKDAYS, NOW) == judging.verdict(job, metric, WEEKDAYS, NOW)


@pytest.mark.pure
@given(jobs(), rules)
def test_what_the_page_shows_is_what_the_period_counts(job: Job, given_rules: Rules) -> None:
    metric = a_metric(given_rules)
    word = judging.verdict(job, metric, WEEKDAYS, NOW).word
    answer = attain(asking.attain_input(metric, [job], PERIOD, WEEKDAYS, NOW))
    counted = {
        "met": (1, 0, 0), "missed": (1, 1, 0), "overdue": (1, 1, 0), "running": (0, 0, 1), "paused": (0, 0, 1),
    }  # fmt: skip
    assert (answer["n"], answer["breaches"], answer["pending"]) == counted[word]


@pytest.mark.pure
@given(jobs(), rules)
def test_the_spans_that_counted_add_up_to_what_the_clock_says(job: Job, given_rules: Rules) -> None:
    metric = a_metric(given_rules)
    event = clock_input.event_of(job, metric)
    assert event is not None
    asked = clock_input.judged_input(event, metric, WEEKDAYS, NOW)
    assert explain(asked).minutes == service_clock.judge(asked)["elapsed_minutes"]


@pytest.mark.pure
@given(st.lists(jobs(), max_size=4))
def test_what_both_sides_left_out_is_counted_apart_and_no_verdict_moves(some: list[Job]) -> None:
    metric = a_metric(Rules())
    numbered = [replace(job, job=UUID(int=n)) for n, job in enumerate(some)]
    answer = attain(asking.attain_input(metric, numbered, PERIOD, WEEKDAYS, NOW))
    assert answer["n"] + answer["pending"] + answer["excluded"] == len(numbered)


async def test_a_correction_changes_nothing_but_its_row(ann: Viewer) -> None:
    with clock.at(NOW):
        await a_calendar(ann)
        contract = await a_contract(ann)
        await a_fix_time(ann, contract)
        made = [await a_job(ann, contract, f"2026-01-{day:02} 09:30") for day in (6, 7, 8)]
        for job in made:
            await stamped(ann, job, StampKind.FIXED, "2026-01-09 12:00")
        before = {one.job.job: one for one in (await reading.page(ann, contract)).events}
        corrected = a_call("2026-01-07 08:00")
        await correcting.correct(ann, made[1], corrected, row=before[made[1]].job.row, reason="So.")
        after = {one.job.job: one for one in (await reading.page(ann, contract)).events}
        _, there = await stored_metrics.metric_versions(ann, contract)
        answer = await reading.attained(ann, contract, there.versions[0].metric, *PERIOD)
    assert {job: after[job] for job in (made[0], made[2])} == {job: before[job] for job in (made[0], made[2])}
    assert after[made[1]].job.stamps == before[made[1]].job.stamps
    assert after[made[1]].job.happened_at == corrected.happened_at
    assert answer["n"] == 3
    assert answer["breaches"] == sum(one.verdicts[0].is_bad for one in after.values())


async def test_a_new_calendar_says_how_many_open_calls_it_moves(ann: Viewer) -> None:
    with clock.at(NOW):
        contract = await a_contract(ann)
        await a_fix_time(ann, contract)
        await a_job(ann, contract, "2026-03-03 10:00")
        done = await a_job(ann, contract, "2026-03-02 10:00")
        await stamped(ann, done, StampKind.FIXED, "2026-03-02 11:00")
        long, short = (
            [Layer(FROM, SchoolCalendar(weekly=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((opens, "17:00"),))))]
            for opens in ("08:00", "11:00")
        )  # fmt: skip
        async with database.read():
            assert await open_calls.moved_by(ann.school, long, short) == 1
            assert await open_calls.moved_by(ann.school, long, long) == 0

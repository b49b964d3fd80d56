"""A figure is the same wherever it is read: on the page, by a program, in a pack, as others see it, in a trust's count."""

import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import database
from base.viewer import Role, Viewer
from contracts.attainment import attainment, shown, trust, wording
from contracts.attainment.attainment import Days
from contracts.attainment.figures import Figure, MetricAttained, PeriodAttained
from contracts.judging.kinds import Agreed, PauseReason, StampKind
from contracts.lists import listing
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, MetricKind, Period
from contracts.promises.metric import Promise
from contracts.review import pack
from contracts.review.pack import PackFormat, PackOrder
from contracts.review.report import Edition
from contracts.service_events import agreeing, correcting, logging_one, reading
from contracts.service_events.agreeing import Agreement
from contracts.service_events.logging_one import Logged
from disclosure import exporting, taking_in
from disclosure.exporting import EVERYTHING
from sharing.tables import School
from tests.given.builders import a_person, a_school, signed_in
from tests.given.examples import examples
from tests.given.page_text import text_of
from tests.given.served import FIX, FROM, a_calendar, a_call, a_contract, moment, stamped
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
PROMISED: Final[Mapping[MetricKind, dict[str, Any]]] = {
    MetricKind.TIME_TO_EVENT: FIX,
    MetricKind.SAMPLE_RATIO: {"target": 90, "mostly": 66.5, "least": 2},
    MetricKind.QUANTITY: {"target": 97.5, "per_open_day": 7.5, "cap": "period"},
    MetricKind.SCHEDULE: {"target": 100, "planned": ["2026-01-12", "2026-02-28", "2026-03-30"], "window_days": 2},
    MetricKind.DOCUMENT: {"target": 100, "kinds": ["insurance", "letter"]},
    MetricKind.MONEY: {"measure": "at_most", "target_pence": 123_456, "mostly_within_percent": 10},
    MetricKind.SURVEY: {"target": 80, "at_least": 4},
    MetricKind.AVAILABILITY: {"target": 99.9, "mostly": 99},
}


@dataclass
class World:
    ann: Viewer
    contract: UUID
    promises: dict[MetricKind, UUID] = field(default_factory=dict)


happenings = st.lists(
    st.tuples(st.sampled_from([*PROMISED, MetricKind.TIME_TO_EVENT]), st.integers(0, 89), st.integers(0, 11)),
    min_size=4,
    max_size=14,
)


@settings(max_examples=examples(5), deadline=None)
@given(happened=happenings, period=st.sampled_from([Period.MONTH, Period.TERM, Period.HALF_TERM, Period.QUARTER]))
@pytest.mark.both_engines
async def test_every_exit_says_the_same(happened: list[tuple[MetricKind, int, int]], period: Period) -> None:
    world, lead = await a_world(period)
    for kind, day, n in happened:
        await _happens(world, kind, FIRST + timedelta(days=day), n)
    found = await attainment.of_contract(world.ann, world.contract, Days(FIRST, LAST))
    async with signed_in(world.ann) as browser:
        days = "first-day=1&first-month=1&first-year=2026&last-day=31&last-month=3&last-year=2026"
        page = text_of((await browser.get(f"/contracts/{world.contract}/service?{days}")).text)
        answer = (await browser.get(f"/api/v1/contracts/{world.contract}/attainment?first={FIRST}&last={LAST}")).json()
    for metric in found:
        for one in metric.periods:
            assert wording.sentence(metric, one) in page
    assert [said_by_program(one) for metric in answer["metrics"] for one in metric["periods"]] == [
        (str(one.first), str(one.last), *numbers(one.figure), one.figure.said) for metric in found for one in metric.periods
    ]
    await in_a_pack(world, found)
    await with_others(world)
    await at_the_trust(world, lead)
    await taken_in_elsewhere(world, found)


async def a_world(period: Period) -> tuple[World, Viewer]:
    ann = await a_person(await a_school("Ivy Primary", trust="Rose Trust"))
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").order_by(School.id).first()
    lead = await a_person(rose, Role.TRUST_LEAD, "Lea Long")
    await a_calendar(ann)
    world = World(ann, await a_contract(ann))
    for kind, terms in PROMISED.items():
        world.promises[kind] = await metrics.add(ann, world.contract, Promise(kind, f"A {kind.value}", terms, FROM, period))
    owed = {"measure": "credits", "of": str(world.promises[MetricKind.TIME_TO_EVENT]), "per_breach_pence": 3_333, "free": 1}
    await metrics.add(ann, world.contract, Promise(MetricKind.MONEY, "Credits", owed, FROM, period))
    return world, lead


async def _happens(world: World, kind: MetricKind, day: date, n: int) -> None:
    if kind is MetricKind.TIME_TO_EVENT:
        job = await _called(world, day, n)
    else:
        job = await logging_one.log(world.ann, world.contract, _logged(world.promises[kind], kind, day, n))
    if n % 5 == 0:
        agreed = Agreement(Agreed.LEFT_OUT, date(2026, 4, 2), "A flood", "Ann Ash", "Bo Birch")
        await agreeing.agree(world.ann, job, agreed)
    elif n == 7 and kind is not MetricKind.TIME_TO_EVENT:
        row = (await reading.event(world.ann, job)).event.job.row
        new = _logged(world.promises[kind], kind, day, n + 1)
        await correcting.correct(world.ann, job, new, row=row, reason="A slip.", is_withdrawn=day.day % 2 == 0)


async def _called(world: World, day: date, n: int) -> UUID:
    job = await logging_one.log(world.ann, world.contract, a_call(f"{day} 09:{n:02}", priority=f"P{1 + n % 2}"))
    if n % 3 == 0:
        await stamped(world.ann, job, StampKind.WAITING, f"{day} 10:00", reason=PauseReason.US)
    if n != 4:
        await stamped(world.ann, job, StampKind.FIXED, f"{day} {11 + n % 8}:00")
    if n in (3, 8):
        await stamped(world.ann, job, StampKind.BACK_AGAIN, f"{day} 20:00")
        await stamped(world.ann, job, StampKind.FIXED, f"{day} 21:30")
    return job


def _logged(metric: UUID, kind: MetricKind, day: date, n: int) -> Logged:
    said: dict[MetricKind, tuple[EventKind, dict[str, Any]]] = {
        MetricKind.SAMPLE_RATIO: (EventKind.SAMPLE, {"passed": (True, True, False, None)[n % 4]}),
        MetricKind.QUANTITY: (EventKind.DELIVERY, {"qty": (7.5, 8, 2.25)[n % 3]}),
        MetricKind.SCHEDULE: (EventKind.VISIT, {}),
        MetricKind.DOCUMENT: (EventKind.DOCUMENT, {"kind": ("insurance", "letter")[n % 2], "from": str(day)}),
        MetricKind.MONEY: (EventKind.MONEY, {"pence": 10_001 * n}),
        MetricKind.SURVEY: (EventKind.SURVEY, {"score": 1 + n % 5, **({"by": f"person {n % 3}"} if n % 4 else {})}),
        MetricKind.AVAILABILITY: (
            EventKind.OUTAGE, {"what": ("watched", "down", "planned")[n % 3], "to": f"{day + timedelta(n)}T13:07:00+00:00"},
        ),
    }  # fmt: skip
    event, what = said[kind]
    when = {"happened_at": moment(f"{day} 09:1{n % 10}")} if event is EventKind.OUTAGE else {"on_day": day}
    return Logged(event, metric=metric, what="It", said=what, **when)


def numbers(one: Figure) -> tuple[Any, ...]:
    return one.target, one.measured, one.n, one.breaches, one.missing, one.excluded


def said_by_program(one: Mapping[str, Any]) -> tuple[Any, ...]:
    whole = one["whole"]
    figures = tuple(whole[name] for name in ("target", "measured", "n", "breaches", "missing"))
    return one["first"], one["last"], *figures, one["excluded"], whole["said"]


async def in_a_pack(world: World, found: tuple[MetricAttained, ...]) -> None:
    file, order = io.BytesIO(), PackOrder(world.contract, Edition.FILE, FIRST, LAST, PackFormat.JSON)
    await pack.make(world.ann, order, to=file, sources=SOURCES)
    rows = [row for one in json.loads(file.getvalue())["promises"] for row in one["figures"] if not row["priority"]]
    names = ("target", "measured", "counted", "missed", "missing", "left_out", "result")
    assert [(row["first"], row["last"], *(row[name] for name in names)) for row in rows] == [
        (str(one.first), str(one.last), *in_pounds(one.figure), one.figure.word) for metric in found for one in within(metric)
    ]


def within(metric: MetricAttained) -> list[PeriodAttained]:
    return [one for one in metric.periods if one.first <= LAST and one.last >= FIRST]


def in_pounds(one: Figure) -> tuple[Any, ...]:
    target, measured, *rest = numbers(one)
    both = (None if value is None else value / 100 if one.is_money else value for value in (target, measured))
    return (*both, *rest)


async def with_others(world: World) -> None:
    """What another school is shown is what stands on our own page, of periods that are over."""
    ours = [
        (metric.name, one.first, one.figure.measured, one.figure.n, one.figure.said)
        for metric in await attainment.of_contract(world.ann, world.contract)
        for one in metric.periods
        if not one.is_running and not one.problem
    ]
    theirs = await shown.as_others_see(world.ann, world.contract)
    assert [(one.name, one.first, one.measured, one.n, one.said) for one in theirs] == ours


async def at_the_trust(world: World, lead: Viewer) -> None:
    last = Counter(
        over[-1].figure.said
        for metric in await attainment.of_contract(world.ann, world.contract)
        if (over := [one for one in metric.periods if not one.is_running and not one.is_between])
    )
    (line,) = [one for one in (await trust.roll_up(lead)).schools if one.school == world.ann.school]
    assert Counter(line.said) == last


async def taken_in_elsewhere(world: World, found: tuple[MetricAttained, ...]) -> None:
    """What a copy of the records makes of them at another installation."""
    file = io.BytesIO()
    await exporting.export(world.ann, EVERYTHING, "json", to=file)
    bo = await a_person(await a_school("Elm Primary"), name="Bo Birch")
    await taking_in.take_in(bo, file.getvalue(), whose=world.ann.school_name)
    (line,) = (await listing.page(bo)).lines
    there = await attainment.of_contract(bo, line.id, Days(FIRST, LAST))
    assert [(metric.name, *in_words(metric)) for metric in there] == [(metric.name, *in_words(metric)) for metric in found]


def in_words(metric: MetricAttained) -> list[str]:
    return [f"{one.label}: {wording.sentence(metric, one)} {len(one.breaches)} named" for one in metric.periods]

"""What happens at a school under its trust's contract is judged by the school's own calendar, where it has one; whose, is said.

Whatever changes a calendar makes every figure that rests on it stale.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest

import database
from base import clock
from base.viewer import Viewer
from contracts.access import service_version
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.attainment.tables import Attained
from contracts.calendars import calendars
from contracts.clock.school_calendar import SchoolCalendar
from contracts.fields.said import Said
from contracts.judging.kinds import StampKind
from contracts.promises.kinds import Period
from contracts.register import register
from contracts.service_events import open_calls, reading
from sharing.tables import NetworkMember, School
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_calendar_of_september, a_contract, a_fix_time, a_job, stamped

pytestmark = pytest.mark.usefixtures("db")

DAY: Final = date(2026, 1, 20)  # a Tuesday
FOLLOWING: Final = SchoolCalendar(follows_trust=True)
INSET: Final = msgspec.structs.replace(FOLLOWING, inset=(DAY,))
MORNINGS: Final = SchoolCalendar(weekly={"tue": (("08:00", "10:00"),), "wed": (("08:00", "17:00"),)})
PERIOD: Final = Days(date(2026, 1, 1), date(2026, 1, 31))
BEFORE, AFTER = datetime(2026, 1, 6, 12, tzinfo=UTC), datetime(2026, 2, 2, 12, tzinfo=UTC)


class Trust:
    """Rose Trust with a calendar and a contract that covers Ivy and Oak; a call at each at 09:30 on the day, fixed at 13:00."""

    def __init__(self, tom: Viewer, ida: Viewer, ola: Viewer, contract: UUID) -> None:
        self.tom, self.ida, self.ola, self.contract = tom, ida, ola, contract

    async def call(self, viewer: Viewer) -> UUID:
        with clock.at(AFTER):
            job = await a_job(viewer, self.contract)
            await stamped(viewer, job, StampKind.FIXED, f"{DAY} 14:00")
        return job

    async def figures(self, viewer: Viewer) -> tuple[int, int]:
        """How many jobs count in January, and how many were late."""
        with clock.at(AFTER):
            (metric,) = await attainment.of_contract(viewer, self.contract, PERIOD)
        (period,) = [one for one in metric.periods if one.first == PERIOD.first]
        return period.figure.n, period.figure.breaches


@pytest.fixture
async def trust(db: object) -> Trust:
    ivy, oak = [await a_school(name, trust="Rose Trust") for name in ("Ivy Primary", "Oak Primary")]
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    tom, ida, ola = [
        await a_person(school, name=name) for school, name in ((rose, "Tom Rose"), (ivy, "Ida Ives"), (oak, "Ola Oak"))
    ]
    await a_calendar_of_september(tom)
    contract = await register.add(tom, Said({"title": "Boilers"}, covers=[ivy.id, oak.id]))
    await a_fix_time(tom, contract, period=Period.MONTH)
    return Trust(tom, ida, ola, contract)


async def save(viewer: Viewer, calendar: SchoolCalendar, at: datetime = BEFORE, version: int = 0) -> None:
    with clock.at(at):
        await calendars.save_version(viewer, calendar, from_day=at.date(), version=version)


async def whole(viewer: Viewer, job: UUID) -> reading.EventView:
    with clock.at(AFTER):
        return (await reading.event(viewer, job)).event


async def test_a_days_closure_of_one_school_moves_its_calls_and_no_other_schools(trust: Trust) -> None:
    await save(trust.ida, INSET)
    at_ivy, at_oak = await trust.call(trust.ida), await trust.call(trust.ola)
    for viewer in (trust.ida, trust.tom):
        ivy = await whole(viewer, at_ivy)
        assert (ivy.verdicts[0].word, ivy.calendar_of) == ("met", "Ivy Primary")
        assert "The INSET day on 20 January didn't count." in ivy.verdicts[0].sentence
    oak = await whole(trust.tom, at_oak)
    assert (oak.verdicts[0].word, oak.calendar_of) == ("missed", "Rose Trust")
    with clock.at(AFTER):
        listed = {
            one.job.job: (one.verdicts[0].word, one.calendar_of) for one in (await reading.page(trust.tom, trust.contract)).events
        }
        metric = (await attainment.of_contract(trust.tom, trust.contract))[0].metric
        answer = await reading.attained(trust.tom, trust.contract, metric, *_days())
    assert listed == {at_ivy: ("met", "Ivy Primary"), at_oak: ("missed", "Rose Trust")}
    assert (answer["n"], answer["breaches"]) == (2, 1)
    assert [await trust.figures(viewer) for viewer in (trust.tom, trust.ida, trust.ola)] == [(2, 1), (1, 0), (1, 1)]


def _days() -> tuple[date, date]:
    assert PERIOD.first is not None
    assert PERIOD.last is not None
    return PERIOD.first, PERIOD.last


async def test_a_school_with_hours_of_its_own_is_judged_by_them_also_where_its_trust_has_none(db: object) -> None:
    ivy = await a_school("Ivy Primary", trust="Rose Trust")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    tom, ida = await a_person(rose, name="Tom Rose"), await a_person(ivy, name="Ida Ives")
    contract = await register.add(tom, Said({"title": "Boilers"}, covers=[ivy.id]))
    await a_fix_time(tom, contract, period=Period.MONTH)
    found = Trust(tom, ida, ida, contract)
    job = await found.call(ida)
    assert (await whole(ida, job)).verdicts[0].word == "unknown"
    await save(ida, MORNINGS)
    assert (await whole(ida, job)).verdicts[0].word == "met"
    assert [await found.figures(viewer) for viewer in (tom, ida)] == [(1, 0), (1, 0)]


async def test_a_school_that_moves_to_another_trust_keeps_what_happened_under_the_first_ones_contract(trust: Trust) -> None:
    await save(trust.ida, INSET)
    job = await trust.call(trust.ida)
    before = (await whole(trust.tom, job)).verdicts
    await a_school("Ivy Primary", trust="Thorn Trust", urn=await urn_of(trust.ida))
    assert (await whole(trust.tom, job)).verdicts == before


async def urn_of(viewer: Viewer) -> int:
    async with database.read():
        rows = await School.select(School.urn).where(School.id == viewer.school)
    found: int = rows[0]["urn"]
    return found


Act = Callable[[Trust], Awaitable[object]]


async def _trust_saves(trust: Trust) -> None:
    newest: Any = (await calendars.look(trust.tom)).own
    await save(trust.tom, msgspec.structs.replace(newest, closed=((DAY, DAY),)), version=1)


async def _ivy_saves(trust: Trust) -> None:
    await save(trust.ida, INSET)


async def _ivy_moves(trust: Trust) -> None:
    await a_school("Ivy Primary", trust="Thorn Trust", urn=await urn_of(trust.ida))


async def _ivy_leaves(trust: Trust) -> None:
    async with database.write():
        await NetworkMember.update({NetworkMember.until_at: clock.now()}).where(NetworkMember.school == trust.ida.school)


@pytest.mark.parametrize(
    ("act", "trusts_moves", "ivys_moves"),
    [(_trust_saves, True, True), (_ivy_saves, True, True), (_ivy_moves, False, True), (_ivy_leaves, False, True)],
)
async def test_whatever_changes_a_calendar_makes_figures_stale_that_rest_on_it(
    trust: Trust, act: Act, trusts_moves: bool, ivys_moves: bool
) -> None:
    ivys = await a_contract(trust.ida, "Grounds")
    await a_fix_time(trust.ida, ivys, period=Period.MONTH)
    await trust.call(trust.ida)
    oaks = await a_contract(trust.ola, "Catering")
    await trust.figures(trust.tom)
    before = await versions(trust.contract, ivys, oaks)
    await act(trust)
    after = await versions(trust.contract, ivys, oaks)
    moved = [now > was for was, now in zip(before, after, strict=True)]
    assert moved == [trusts_moves, ivys_moves, act is _trust_saves]
    told = await trust.figures(trust.tom)
    async with database.write():
        await Attained.delete(force=True)
    assert await trust.figures(trust.tom) == told


async def versions(*contracts: UUID) -> list[int]:
    async with database.read():
        found = await service_version.of_contracts(contracts)
    return [found[one] for one in contracts]


async def test_a_trusts_version_reaches_a_school_whose_own_hours_begin_later(trust: Trust) -> None:
    with clock.at(BEFORE):
        await calendars.save_version(trust.ida, MORNINGS, from_day=DAY + timedelta(days=60), version=0)
    ivys = await a_contract(trust.ida, "Grounds")
    before = await versions(ivys)
    await _trust_saves(trust)
    assert await versions(ivys) > before
    await save(trust.ola, MORNINGS)
    oaks = await a_contract(trust.ola, "Catering")
    before = await versions(oaks)
    newest: Any = (await calendars.look(trust.tom)).own
    await save(trust.tom, newest, at=BEFORE + timedelta(days=1), version=2)
    assert await versions(oaks) == before


async def test_a_page_counts_the_open_calls_that_a_schools_calendar_moves_under_its_trusts_contract(trust: Trust) -> None:
    with clock.at(datetime(2026, 1, 20, 12, tzinfo=UTC)):
        for viewer in (trust.ida, trust.ola):
            await a_job(viewer, trust.contract)
        assert await calendars.would_move(trust.ida, INSET, DAY, [open_calls.moved_by]) == 1
        newest: Any = (await calendars.look(trust.tom)).own
        closed = msgspec.structs.replace(newest, closed=((DAY, DAY),))
        assert await calendars.would_move(trust.tom, closed, DAY, [open_calls.moved_by]) == 2
        await calendars.save_version(trust.ida, MORNINGS, from_day=DAY, version=0)
        assert await calendars.would_move(trust.tom, closed, DAY, [open_calls.moved_by]) == 1


async def test_a_form_that_moves_open_calls_asks_back_once_nothing_in_it_is_wrong(trust: Trust) -> None:
    day = {"from_day-day": "20", "from_day-month": "1", "from_day-year": "2026"}
    form = day | {"version": "0", "whose": "own", "hours_tue": "08:00 to 10:00", "nation": "ENG", "only": "year"}
    with clock.at(datetime(2026, 1, 20, 12, tzinfo=UTC)):
        await a_job(trust.ida, trust.contract)
        async with signed_in(trust.ida) as browser:
            for wrong in ({"version": "one"}, {"sure": "x"}):
                assert (await browser.post("/calendar/change", data=form | wrong)).status_code == 422
            asked = await browser.post("/calendar/change", data=form)
            assert "1 open call will be judged by other hours" in asked.text
            assert (await calendars.look(trust.ida)).version == 0
            assert (await browser.post("/calendar/change", data=form | {"sure": "yes"})).status_code == 303

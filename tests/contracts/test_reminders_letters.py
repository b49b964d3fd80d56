"""For any days and any changes each person gets each key once, and nobody hears of what ended or of where they left."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import database
from base import clock, outbox
from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.register import reading, register
from contracts.reminders import decisions, due, stages
from contracts.reminders.decisions import Choice, Deciding
from contracts.reminders.stages import Deadline, Kind
from notices import planning, reminding
from notices.tables import Told
from sharing.people import people
from tests.conftest import Template, copied
from tests.given.builders import a_person, a_school
from tests.given.examples import examples
from tests.given.reminders import letters, lines_of
from tests.given.served import a_contract

START = date(2026, 2, 23)  # a Monday
COPIERS: dict[str, Any] = {
    "starts_on": date(2023, 9, 1), "ends_on": date(2026, 8, 31), "renewal": "rolls", "roll": {"n": 1, "unit": "years"},
    "notice": {"n": 3, "unit": "months"},
}  # fmt: skip

# In any order: days go by, the notice becomes longer or shorter, somebody decides, leaves, or says that it ended.
STEP = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 45)),
    st.tuples(st.just("notice"), st.integers(1, 8)),
    st.tuples(st.just("decide"), st.sampled_from(list(Choice))),
    st.tuples(st.just("leave"), st.sampled_from(["ann", "bea"])),
    st.tuples(st.just("end"), st.just(0)),
)


@dataclass
class World:
    hal: Viewer
    people: dict[str, Viewer]
    contract: UUID
    day: date = START
    gone: set[UUID] = field(default_factory=set)
    has_ended: bool = False

    async def letters_since(self) -> None:
        """A worker runs, twice, and says what it was told."""
        before = await told()
        with at(self.day):
            for _ in range(2):
                done = await reminding.remind([due.due])
                assert done.failed == ()
            days = planning.days_told_on(self.day) if planning.is_open(clock.now()) else ()
            wanted = {(one.key, one.person) for day in days async for one in due.due(day)}
        now = await told()
        assert wanted <= set(now)
        assert max(now.values(), default=1) == 1
        new = now - before
        if self.has_ended:
            assert not new
        assert not {person for _, person in new} & self.gone


def at(day: date) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


async def told() -> Counter[tuple[str, UUID]]:
    async with database.read():
        return Counter((row["key"], row["person"]) for row in await Told.select(Told.key, Told.person))


async def a_world() -> World:
    with at(START):
        school = await a_school("Oakfield Primary")
        hal = await a_person(school, Role.HEAD, "Hal Hart")
        ann, bea = await a_person(school, name="Ann Archer"), await a_person(school, name="Bea Bell")
        contract = await a_contract(ann, "Photocopiers", **COPIERS)
    return World(hal, {"ann": ann, "bea": bea}, contract)


async def change(world: World, beside: dict[str, Any], **said: Any) -> None:
    now = await reading.contract(world.hal, world.contract)
    new = Said({**now.said.values, **said}, **{**now.said.beside, **beside})
    await register.change(world.hal, world.contract, new, version=now.version)


async def do(world: World, what: str, how: Any) -> None:
    if what == "wait":
        for _ in range(how):
            world.day += timedelta(days=1)
            await world.letters_since()
        return
    with at(world.day):
        if what == "notice":
            await change(world, {}, notice={"n": how, "unit": "months"})
        elif what == "decide":
            await decisions.decide(world.hal, world.contract, Deciding(how, world.day))
        elif what == "leave" and (leaver := world.people.pop(how, None)):
            await people.remove(world.hal, leaver.person)
            world.gone.add(leaver.person)
        elif what == "end":
            await change(world, {"ceased_on": world.day - timedelta(days=1)})
            world.has_ended = True


@settings(max_examples=examples(5))
@given(steps=st.lists(STEP, min_size=5, max_size=12))
@pytest.mark.both_engines
def test_each_person_gets_each_key_once_whatever_happens(template: Template, steps: Sequence[tuple[str, Any]]) -> None:
    async def play(folder: Path) -> None:
        async with copied(template, folder / "played.sqlite"):
            world = await a_world()
            for what, how in steps:
                await do(world, what, how)
            assert "\n".join(map(lines_of, letters())).count("* Photocopiers:") <= len(await told())

    for path in list(outbox.everything()):
        path.unlink()
    with TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder)))


async def test_a_day_that_moved_is_told_anew_with_the_day_before(db: object) -> None:
    world = await a_world()
    world.day = date(2026, 3, 3)
    await world.letters_since()
    with at(world.day):
        await change(world, {}, notice={"n": 4, "unit": "months"})
    world.day = date(2026, 3, 4)
    await world.letters_since()
    text = "\n".join(map(lines_of, letters()))
    assert "decide by Friday 29 May 2026" in text
    assert "decide by Thursday 30 April 2026" in text
    assert "The day moved: when we last wrote it was 29 May 2026." in text


DEADLINE = Deadline(Kind.DECIDE, UUID(int=1), UUID(int=2), "contract:1:decide-by", "Copiers", date(2026, 5, 29), date(2020, 1, 1))


@pytest.mark.pure
@given(st.sets(st.sampled_from([12, 9, 6])), st.integers(-500, 40), st.integers(0, 90), st.integers(0, 500))
def test_stages_follow_each_other_and_none_is_told_before_its_time(
    months: set[int], from_last: int, shut: int, known: int
) -> None:
    day = DEADLINE.day + timedelta(days=from_last)
    open_day = DEADLINE.day - timedelta(days=shut) if shut else None
    deadline = replace(DEADLINE, open_day=open_day, since=DEADLINE.day - timedelta(days=known))
    stage = stages.stage_on(deadline, day, months)
    if day > deadline.day or day < stages.first_day(deadline, months):
        assert stage is None
        return
    assert stage is not None
    left = (deadline.counted_from - day).days
    if not stage.step.endswith("m"):
        assert left <= int(stage.step)
        assert not any(left <= n < int(stage.step) for n in (90, 30, 7, 1))
    if stage.for_head:
        assert (day - deadline.since).days >= 7

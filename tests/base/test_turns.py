"""A few at a time for each person, a short wait, and then a sentence."""

import asyncio
from uuid import uuid4

import pytest

from base.refusals import TooMany
from base.turns import Turns

pytestmark = pytest.mark.pure

ANN, BOB = uuid4(), uuid4()


def turns(*, waiting: int = 1, seconds: float = 60) -> Turns:
    return Turns("You have two under way.", at_once=2, waiting=waiting, seconds=seconds)


async def test_two_at_a_time_one_waits_the_next_is_refused_and_others_are_not_concerned() -> None:
    line, go, working = turns(), asyncio.Event(), [0]

    async def work(person: object = ANN) -> None:
        async with line.of(person):  # type: ignore[arg-type]
            working[0] += 1
            await go.wait()
            working[0] -= 1

    tasks = [asyncio.create_task(work()) for _ in range(3)]
    await asyncio.sleep(0)
    assert working == [2]
    with pytest.raises(TooMany, match="two under way") as refused:
        await work()
    assert refused.value.headers["Retry-After"] == "5"
    tasks.append(asyncio.create_task(work(BOB)))
    await asyncio.sleep(0)
    assert working == [3]
    go.set()
    await asyncio.gather(*tasks)
    assert working == [0]
    assert not line._lines  # nobody is remembered


async def test_who_waits_too_long_is_refused_and_who_leaves_keeps_no_turn() -> None:
    line, go = turns(waiting=4, seconds=0.01), asyncio.Event()

    async def work() -> None:
        async with line.of(ANN):
            await go.wait()

    holding = [asyncio.create_task(work()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooMany):
        await work()
    for task in holding:
        task.cancel()
    await asyncio.gather(*holding, return_exceptions=True)
    go.set()
    await asyncio.gather(work(), work())
    assert not line._lines

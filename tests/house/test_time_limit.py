"""A test that hangs fails by itself: whatever it waits for, and whoever would catch what ends it."""

import asyncio
import signal
import time

import hypothesis
import pytest

from tests.given.time_limit import TookTooLong, time_limit

pytestmark = pytest.mark.pure

SOON = 0.05  # seconds
LATE = 30.0


def test_what_blocks_is_ended_where_it_stands() -> None:
    with pytest.raises(TookTooLong, match=r"longer than 0\.05 s"), time_limit(SOON):
        time.sleep(LATE)


def test_what_an_event_loop_waits_for_is_cancelled_and_cleans_up() -> None:
    said = []

    async def hangs() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            said.append("given back")

    with pytest.raises(asyncio.CancelledError, match=r"longer than 0\.05 s") as ended, time_limit(SOON):
        asyncio.run(hangs())
    assert said == ["given back"]
    assert "hangs" in [line.name for line in ended.traceback]


def test_what_does_not_let_itself_be_cancelled_is_ended_too() -> None:
    async def blocks() -> None:
        time.sleep(LATE)  # noqa: ASYNC251 - as code does that blocks the loop by mistake

    with pytest.raises(TookTooLong), time_limit(SOON, again=SOON):
        asyncio.run(blocks())


def test_an_example_that_hangs_is_not_tried_again() -> None:
    tried = []

    @hypothesis.settings(database=None)
    @hypothesis.given(hypothesis.strategies.integers())
    def hangs(number: int) -> None:
        tried.append(number)
        time.sleep(LATE)

    with pytest.raises(TookTooLong), time_limit(SOON):
        hangs()
    assert len(tried) == 1


def test_what_ends_in_time_is_left_alone() -> None:
    with time_limit(SOON):
        pass
    time.sleep(2 * SOON)


def test_this_test_has_one_as_every_test_has() -> None:
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    assert left > 0

"""What takes longer than any test may is ended: that test fails with a traceback of where it stood, and the next one begins."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import FrameType
from typing import Final

LIMIT: Final = 300.0  # seconds for each of a test's setup, call and teardown; the longest takes one on a busy machine
AGAIN: Final = 20.0  # seconds to clean up in, before it is ended for good


class TookTooLong(BaseException):
    """Not an Exception: nothing of ours swallows it, and Hypothesis does not run the example again to find a smaller one."""


@contextmanager
def time_limit(seconds: float, again: float = AGAIN) -> Iterator[None]:
    """In the main thread: TookTooLong where the code stands, or asyncio.CancelledError in what an event loop waits for.

    Tasks are cancelled first, so that their own traceback says what they waited for and they give back what they hold.
    """
    message = f"took longer than {seconds:g} s"
    rings = count()

    def ring(_number: int, _frame: FrameType | None) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise TookTooLong(message) from None
        if next(rings) > 0:
            raise TookTooLong(message)
        for task in asyncio.all_tasks(loop):
            loop.call_soon_threadsafe(task.cancel, message)  # which wakes the loop, where cancel() alone would not

    handler = signal.signal(signal.SIGALRM, ring)
    outer = signal.setitimer(signal.ITIMER_REAL, seconds, again)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *outer)
        signal.signal(signal.SIGALRM, handler)

"""A reader who leaves ends the work: a page that nobody waits for any more would be somebody else's wait."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from litestar.types import Receive

from web.http.bodies import BrokenOff


@asynccontextmanager
async def watched(receive: Receive, is_answered: Callable[[], bool]) -> AsyncIterator[Receive]:
    """Around the answer to a request without a body, which changes nothing. Yields what is to be received instead.

    When the client leaves before the answer is whole, what runs in the block is cancelled, and BrokenOff is raised. A unit of
    work that is under way ends as it must: rolled back, or with its COMMIT done.
    """
    work, left, ended_by_us = asyncio.current_task(), asyncio.Event(), False

    async def watch() -> None:
        nonlocal ended_by_us
        while (await receive())["type"] != "http.disconnect":
            pass
        left.set()
        if work is not None and not is_answered():
            ended_by_us = True
            work.cancel()

    watcher = asyncio.create_task(watch())
    try:
        yield _nothing_until(left)
    except asyncio.CancelledError:
        if not ended_by_us or work is None or work.uncancel() > 0:  # somebody else cancelled too
            raise
        raise BrokenOff from None
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


def _nothing_until(left: asyncio.Event) -> Receive:
    """An empty body, and then that the client left: the watcher alone listens to the connection."""
    is_given = False

    async def receive() -> Any:
        nonlocal is_given
        if not is_given:
            is_given = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    return receive

"""A small write beside what somebody asked for: that a session was seen, a key was used, a request was refused."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

import database

SECONDS: Final = 1  # how long a reader may wait for it

log = structlog.get_logger("vouch")


async def written(what: str, work: Callable[[], Awaitable[object]]) -> None:
    """Does ``work`` in a housekeeping unit, and gives it up, with a line in the log, where anything hinders it.

    No block around the work: a unit that can't even begin has none to skip.
    """
    try:
        async with asyncio.timeout(SECONDS), database.housekeeping():
            await work()
    except TimeoutError:
        pass
    except Exception as error:  # noqa: BLE001 - the answer matters more
        log.warning("not noted in passing", what=what, error=type(error.__cause__ or error).__name__)

"""A small write beside what somebody asked for: that a session was seen, a key was used, a request was refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

import database

SECONDS: Final = 1  # how long a reader may wait for it

log = structlog.get_logger("vouch")


@asynccontextmanager
async def writing(what: str) -> AsyncIterator[None]:
    """A housekeeping unit that is given up, with a line in the log, where anything hinders it: the answer matters more."""
    try:
        async with asyncio.timeout(SECONDS), database.housekeeping():
            yield
    except TimeoutError:
        pass
    except Exception as error:  # noqa: BLE001
        log.warning("not noted in passing", what=what, error=type(error.__cause__ or error).__name__)

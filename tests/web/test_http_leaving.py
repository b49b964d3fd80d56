"""A reader who leaves ends the work, and no write is left half done."""

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pytest
import uvicorn
from litestar import get, post
from litestar.types import ASGIApp
from structlog.testing import capture_logs

import database
from base import settings
from base.clock import now
from base.settings import Settings
from sharing.tables import Throttle
from tests.given.patience import PATIENCE, until
from tests.given.raw_http import client, listening, request
from vouch.app import create_app

pytestmark = pytest.mark.fault

happened: list[str] = []
LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT count(*) FROM n"


async def save(key: str) -> None:
    await Throttle.insert(Throttle(key=key, failures=0, last_at=now()))


@get("/sample/search")
async def search() -> str:
    try:
        async with database.read():
            happened.append("began")
            await Throttle.raw(LONG)
    except asyncio.CancelledError:
        happened.append("ended")
        raise
    return "found"


@get("/sample/half")
async def half() -> str:
    async with database.housekeeping():
        await save("first")
        happened.append("began")
        await asyncio.sleep(PATIENCE)
        await save("second")
    return "whole"


@get("/sample/committing")
async def committing() -> str:
    async with database.housekeeping():
        await save("committed")
    return "whole"


@post("/sample/change")
async def change() -> str:
    happened.append("began")
    await asyncio.sleep(0.3)
    async with database.housekeeping():
        await save("changed")
    return "saved"


@cache
def app() -> ASGIApp:
    """One for all: it finds its database through the engine."""
    return create_app(settings.current(), more_handlers=[search, half, committing, change])


@pytest.fixture
async def server(db: Settings) -> AsyncIterator[uvicorn.Server]:
    happened.clear()
    async with listening(app()) as server:
        yield server


async def has(what: str) -> bool:
    return what in happened


async def keys() -> list[str]:
    async with database.read():
        found: list[str] = await Throttle.select(Throttle.key).output(as_list=True)
        return found


async def left(server: uvicorn.Server, method: str, path: str) -> list[Any]:
    """Asks, leaves once it has begun, and returns what was logged by the end of it."""
    with capture_logs() as lines:
        async with client(server) as leaver:
            await leaver.send(request(method, path))
            await until(lambda: has("began"))
            leaver.leave()
            await until(lambda: logged(lines))
    return [(line["status"], line["log_level"]) for line in lines]


async def logged(lines: list[Any]) -> bool:
    return any(line["event"] == "request" for line in lines)


async def test_a_search_that_nobody_waits_for_ends_and_its_connection_is_free_again(server: uvicorn.Server) -> None:
    for _ in range(6):  # more than there are connections
        happened.clear()
        assert await left(server, "GET", "/sample/search") == [(499, "info")]
        assert await has("ended")
    async with asyncio.timeout(PATIENCE):
        assert await keys() == []


async def test_what_was_half_written_is_not_there(server: uvicorn.Server) -> None:
    assert await left(server, "GET", "/sample/half") == [(499, "info")]
    assert await keys() == []


async def test_a_commit_that_was_begun_is_done(server: uvicorn.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    real = database.engine().commit

    async def slow_commit(connection: Any) -> None:
        happened.append("began")
        await asyncio.sleep(0.2)
        await real(connection)

    with monkeypatch.context() as patch:
        patch.setattr(database.engine(), "commit", slow_commit)
        assert await left(server, "GET", "/sample/committing") == [(499, "info")]
    assert await keys() == ["committed"]


async def test_a_change_goes_on_to_its_end_though_its_sender_left(server: uvicorn.Server) -> None:
    assert await left(server, "POST", "/sample/change") == [(201, "info")]
    assert await keys() == ["changed"]

"""What one test forgets is no other's: the loop that all share is tidied, and the connections that are kept are as new."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import database
from base.settings import Settings
from tests.given.one_loop import KeptPool, OneLoop


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.mark.pure
class TestOneLoop:
    def test_tasks_and_timers_end_with_their_test(self, loop: asyncio.AbstractEventLoop) -> None:
        one, told = OneLoop(loop), list[str]()

        async def forgets() -> None:
            asyncio.get_running_loop().call_later(0.01, told.append, "the timer rang")
            forgotten.append(asyncio.create_task(asyncio.sleep(60)))

        forgotten: list[asyncio.Task[None]] = []
        loop.run_until_complete(forgets())
        one.tidy()
        assert forgotten[0].cancelled()
        loop.run_until_complete(asyncio.sleep(0.05))
        assert told == []

    def test_a_socket_that_was_left_open_is_told_once_and_closed(self, loop: asyncio.AbstractEventLoop) -> None:
        one = OneLoop(loop, patience=0)
        here, there = socket.socketpair()
        with there:
            _, writer = loop.run_until_complete(asyncio.open_connection(sock=here))
            with pytest.raises(AssertionError, match="left open"):
                one.tidy()
            one.tidy()
            assert writer.is_closing()
            assert there.recv(1) == b""

    def test_a_server_that_was_left_open_is_told(self, loop: asyncio.AbstractEventLoop) -> None:
        one = OneLoop(loop, patience=0)
        server = loop.run_until_complete(asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0))
        with pytest.raises(AssertionError, match="left open"):
            one.tidy()
        server.close()

    def test_what_is_being_closed_may_take_its_time(self, loop: asyncio.AbstractEventLoop) -> None:
        one = OneLoop(loop)
        here, there = socket.socketpair()
        with there:
            _, writer = loop.run_until_complete(asyncio.open_connection(sock=here))
            writer.close()
            one.tidy()

    def test_what_somebody_else_closes_a_little_later_is_waited_for(self, loop: asyncio.AbstractEventLoop) -> None:
        one = OneLoop(loop)
        here, there = socket.socketpair()
        loop.run_until_complete(loop.create_connection(asyncio.Protocol, sock=here))
        later = threading.Timer(0.1, there.close)
        later.start()
        one.tidy()
        later.join()


async def shown(setting: str) -> Any:
    async with database.read():
        return (await database.select(f"SHOW {setting}"))[0][0]


@pytest.mark.postgres
class TestKeptPool:
    async def test_the_next_test_finds_the_same_connection_without_what_was_set(self, db: Settings) -> None:
        kept = KeptPool()
        seen = []
        try:
            for _ in range(2):
                async with kept.opened(db):
                    assert await shown("work_mem") == "4MB"
                    (connection,) = kept.connections()
                    seen.append(connection)
                    await connection.execute("SET work_mem = '8MB'")
                    assert await shown("work_mem") == "8MB"
        finally:
            await kept.close()
            await database.open(db)
        assert seen[0] is seen[1]

    async def test_a_pool_that_a_test_closed_or_replaced_is_made_anew(self, db: Settings) -> None:
        kept, pools = KeptPool(), list[Any]()
        engine: Any = database.engine()
        try:
            for _ in range(3):
                async with kept.opened(db):
                    pools.append(engine.pool)
                    await database.close()
                    if len(pools) == 2:
                        await database.open(db)
        finally:
            await kept.close()
            await database.open(db)
        assert len({id(pool) for pool in pools}) == 3

    async def test_it_is_closed_to_whoever_asks_for_no_database(self, db: Settings) -> None:
        kept = KeptPool()
        try:
            async with kept.opened(db):
                pass
            with pytest.raises(database.UnitMisuse, match="not open"):
                await shown("work_mem")
        finally:
            await kept.close()
            await database.open(db)

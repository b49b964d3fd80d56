"""What one test forgets is no other's: the loop that all share is tidied, and the connections that are kept are as new."""

import asyncio
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import database
from base import settings
from base.settings import Settings
from sharing.tables import School
from tests.conftest import ENGINE, Template
from tests.given.builders import a_school
from tests.given.kept_file import KeptFile
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

    @pytest.mark.program
    async def test_a_program_that_read_it_takes_nothing_from_the_next_test(self, kept_file: KeptFile, tmp_path: Path) -> None:
        """It is never the last one at the file, whose log SQLite would remove beneath the connections that are kept."""
        chosen = settings_of(tmp_path)
        reads = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM sharing_school').fetchall()"
        for _ in range(3):
            async with kept_file.opened(chosen):
                await a_school("Oakfield Primary")
                subprocess.run([sys.executable, "-c", reads, str(chosen.sqlite_path)], check=True)  # noqa: ASYNC221
                assert await schools() == ["Oakfield Primary"]

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


@pytest.fixture
async def kept_file(template: Template, tmp_path: Path) -> AsyncIterator[KeptFile]:
    kept = KeptFile(Path(template.url.removeprefix("sqlite:///")), tmp_path / "kept.sqlite")
    yield kept
    await kept.close()


@pytest.mark.skipif(ENGINE != "sqlite", reason="PostgreSQL's tests share a pool")
class TestKeptFile:
    async def test_the_next_test_finds_the_same_connection_and_nothing_written(self, kept_file: KeptFile, tmp_path: Path) -> None:
        engine: Any = database.engine()
        seen = []
        for _ in range(3):
            async with kept_file.opened(settings_of(tmp_path)):
                assert await schools() == []
                await a_school("Oakfield Primary")
                assert await schools() == ["Oakfield Primary"]
                seen.append(engine._writer)
        assert len({id(writer) for writer in seen}) == 1

    async def test_several_connections_at_once_find_nothing_written(self, kept_file: KeptFile, tmp_path: Path) -> None:
        for _ in range(3):
            async with kept_file.opened(settings_of(tmp_path)):
                assert await asyncio.gather(*(schools() for _ in range(8))) == [[]] * 8
                for number in range(30):
                    await a_school(f"School {number}")
                assert {len(found) for found in await asyncio.gather(*(schools() for _ in range(8)))} == {30}
                async with database.read():
                    assert [row["integrity_check"] for row in await School.raw("PRAGMA integrity_check")] == ["ok"]

    @pytest.mark.parametrize("left", ["closed", "reopened", "schema", "read by somebody", "in a transaction"])
    async def test_what_a_test_left_otherwise_is_made_anew(self, kept_file: KeptFile, tmp_path: Path, left: str) -> None:
        engine: Any = database.engine()
        chosen = settings_of(tmp_path)
        with ExitStack() as stack:
            async with kept_file.opened(chosen):
                await a_school()
                before = engine._writer
                if left in ("closed", "reopened"):
                    await database.close()
                if left == "reopened":
                    await database.open(chosen)
                if left == "schema":
                    await before.execute_fetchall("CREATE TABLE another (id)")
                if left == "read by somebody":
                    somebody = stack.enter_context(closing(sqlite3.connect(chosen.sqlite_path, isolation_level=None)))
                    somebody.execute("BEGIN").execute("SELECT count(*) FROM sqlite_master").fetchall()
                if left == "in a transaction":
                    await before.execute_fetchall("BEGIN IMMEDIATE")
            async with kept_file.opened(chosen):
                assert engine._writer is not before
                assert await schools() == []
                async with database.read():
                    assert await School.raw("SELECT 1 FROM sqlite_master WHERE name = 'another'") == []

    @pytest.mark.program
    async def test_a_program_that_read_it_takes_nothing_from_the_next_test(self, kept_file: KeptFile, tmp_path: Path) -> None:
        """It is never the last one at the file, whose log SQLite would remove beneath the connections that are kept."""
        chosen = settings_of(tmp_path)
        reads = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM sharing_school').fetchall()"
        for _ in range(3):
            async with kept_file.opened(chosen):
                await a_school("Oakfield Primary")
                subprocess.run([sys.executable, "-c", reads, str(chosen.sqlite_path)], check=True)  # noqa: ASYNC221
                assert await schools() == ["Oakfield Primary"]

    async def test_it_is_closed_to_whoever_asks_for_no_database(self, kept_file: KeptFile, tmp_path: Path) -> None:
        async with kept_file.opened(settings_of(tmp_path)):
            pass
        engine: Any = database.engine()
        assert (engine._writer, engine._readers.qsize()) == (None, 0)


def settings_of(folder: Path) -> Settings:
    return replace(settings.current(), database_url=f"sqlite:///{folder / 'kept.sqlite'}", pool_size=4)


async def schools() -> list[str]:
    async with database.read():
        names: list[str] = await School.select(School.name).output(as_list=True)
        return names

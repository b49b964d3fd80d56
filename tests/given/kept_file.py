"""SQLite: the one file that tests take turns in, with its connections, which know the schema and their statements by heart.

A new connection reads the schema of a hundred tables first, and prepares each statement anew: that takes longer than all that
most tests ask. So the file's bytes are put back beneath its connections, which notice it by the log beside the file.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import aiosqlite

import database
from base.settings import Settings

PAGES, SCHEMA_NUMBER = slice(28, 32), slice(40, 44)  # of a file's header: https://www.sqlite.org/fileformat.html
ROOM = 2 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Connections:
    """An engine's, between two tests: it has none meanwhile, as any other."""

    writer: aiosqlite.Connection
    lock: asyncio.Lock
    readers: "asyncio.LifoQueue[aiosqlite.Connection | None]"
    pool_size: int

    def given_to(self, engine: Any, path: Path) -> None:
        engine.path, engine._writer, engine._write_lock, engine._readers = str(path), self.writer, self.lock, self.readers

    def taken_from(self, engine: Any) -> None:
        engine._writer, engine._write_lock, engine._readers = None, asyncio.Lock(), asyncio.LifoQueue()

    def are_whole(self, engine: Any) -> bool:
        """All are there, and none is in the middle of something."""
        held = [self.writer, *(one for one in self.readers._queue if one is not None)]  # type: ignore[attr-defined]
        return (
            engine._writer is self.writer
            and engine._readers is self.readers
            and self.readers.qsize() == self.pool_size
            and not engine._closed
            and not self.lock.locked()
            and not any(one.in_transaction for one in held)
        )


class KeptFile:
    """At ``path``, as the file ``template`` is, at the beginning of each test."""

    def __init__(self, template: Path, path: Path) -> None:
        self._bytes, self._path = _with_room(template, path), path
        self._connections: Connections | None = None
        self._file: BinaryIO | None = None  # open as long as they are: to close it would give up their locks (fcntl(2))

    @asynccontextmanager
    async def opened(self, chosen: Settings) -> AsyncIterator[None]:
        """The process's one engine is open at it. What a test closed, or left in a state of its own, is made anew."""
        engine: Any = database.engine()
        if self._connections is None or self._file is None or not await self._put_back(self._connections, self._file):
            await self.close()
            self._path.write_bytes(self._bytes)
            self._file = self._path.open("r+b")
            await database.open(chosen)
            self._connections = Connections(engine._writer, engine._write_lock, engine._readers, chosen.pool_size)
        self._connections.given_to(engine, self._path)
        try:
            yield
        finally:
            if self._connections.are_whole(engine):
                self._connections.taken_from(engine)
            else:
                await database.close()
                self._connections = None

    async def close(self) -> None:
        """And removes the file."""
        if self._connections is not None:
            self._connections.given_to(database.engine(), self._path)
            await database.close()
            self._connections = None
        if self._file is not None:
            self._file.close()
            self._file = None
        self._removed()

    def _removed(self) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)

    async def _put_back(self, kept: Connections, file: BinaryIO) -> bool:
        """False where somebody reads the file, or a test changed its schema or its size, which the connections know by heart."""
        asked = ("schema_version", "page_count", "busy_timeout")
        number, pages, patience = [await _said(kept.writer, pragma) for pragma in asked]
        if (number, pages) != tuple(int.from_bytes(self._bytes[place], "big") for place in (SCHEMA_NUMBER, PAGES)):
            return False
        await _said(kept.writer, "busy_timeout=0")
        if await _said(kept.writer, "wal_checkpoint(TRUNCATE)") != 0:
            return False
        await _said(kept.writer, f"busy_timeout={patience}")
        file.seek(0)
        file.write(self._bytes)
        file.flush()
        with closing(sqlite3.connect(self._path, isolation_level=None)) as stranger:
            stranger.execute("PRAGMA user_version=0")  # a new log: whoever finds one forgets the pages that it remembers
        return True


def _with_room(template: Path, path: Path) -> bytes:
    """The file with pages that nothing is on yet, so that what most tests write leaves it as long as it is."""
    path.write_bytes(template.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE room (taken)")
        connection.execute("INSERT INTO room VALUES (zeroblob(?))", (ROOM,))
        connection.execute("DROP TABLE room")
    return path.read_bytes()


async def _said(connection: aiosqlite.Connection, pragma: str) -> int:
    """The first number of what SQLite answers."""
    (row,) = await connection.execute_fetchall(f"PRAGMA {pragma}")
    return int(row[0])

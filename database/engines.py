"""Piccolo's two engines, made safe: one connection a unit of work, always handed back clean or thrown away.

``database/__init__.py`` is the only caller. A query that no live unit covers is refused instead of opening a connection
of its own. Reproduced faults of the stock engines, and why this is a subclass and not a fork: ADR 0005.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite
import asyncpg
from asyncpg.pgproto.pgproto import UUID
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString

from database.composing import compiled
from database.opening import require_guards
from database.units import UnitKind, UnitMisuse

ACQUIRE_SECONDS: Final = 10  # longer than any unit takes; past it the visitor is better served by "try again"
STATEMENT_MILLISECONDS: Final = 60_000  # a runaway query must not hold a connection for ever
UNANSWERED_SECONDS: Final = 70  # longer than the server lets a statement run: past it the server, or the way to it, is gone
MIGRATION_SECONDS: Final = 3_600  # of one statement: rows of millions of reviews, or an index of them, take minutes
CACHE_KILOBYTES: Final = 16_000  # of a connection; with SQLite's own 2,000 an index of a million suppliers is read over and over
# Types as asyncpg gives them, by functions in C: Piccolo's own take several times as long for every value read.
sqlite3.register_converter("UUID", lambda value: UUID(value.decode()))
sqlite3.register_adapter(UUID, str)
sqlite3.register_converter("INTEGER", int)

WRITER: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=1",  # deleted bytes become zeros
    f"PRAGMA journal_size_limit={64 * 1024 * 1024}",  # the log beside the file shrinks again after a busy hour
)
# Brings up to date what the planner knows of the tables, from a few hundred rows of each index: milliseconds.
AT_CLOSE: Final = ("PRAGMA analysis_limit=400", "PRAGMA optimize")

Waited = TypeVar("Waited")


async def _soon(waiting: Awaitable[Waited]) -> Waited:
    """Raises TimeoutError when a connection does not come free in time."""
    async with asyncio.timeout(ACQUIRE_SECONDS):
        return await waiting


def _unit_of(engine: SQLiteEngine | PostgresEngine) -> Any:
    unit = engine.current_transaction.get()
    if unit is None:
        raise UnitMisuse("a query outside any unit of work: open read() or write()")
    return unit


class EmbeddedEngine(SQLiteEngine):
    """One kept writer behind a fair lock, and a few ``query_only`` readers. WAL, synchronous=FULL.

    16 writers in DEFERRED transactions fail nine times in ten with "database is locked", whatever the timeout;
    one writer and a lock never do (bench/README.md).
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path), timeout=ACQUIRE_SECONDS)
        self._writer: aiosqlite.Connection | None = None
        self._write_lock = asyncio.Lock()
        # The one used last is lent first: its cache knows the most. None: to be opened when needed.
        self._readers: asyncio.LifoQueue[aiosqlite.Connection | None] = asyncio.LifoQueue()
        self._closed: set[aiosqlite.Connection | None] = set()

    async def open(self, where: str, size: int) -> None:
        self.path = where
        self._write_lock, self._readers = asyncio.Lock(), asyncio.LifoQueue()
        try:
            self._writer = await self._connect(*WRITER)
            for reader in (*[None] * (size - 1), await self._connect("PRAGMA query_only=1")):
                self._readers.put_nowait(reader)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self._writer is not None:
            with suppress(Exception):  # of a file that is full, damaged or being written elsewhere: closing goes on
                for pragma in AT_CLOSE:
                    await self._writer.execute_fetchall(pragma)
        readers = [self._readers.get_nowait() for _ in range(self._readers.qsize())]
        for connection in filter(None, (*readers, self._writer)):
            await connection.close()
        self._writer = None

    @asynccontextmanager
    async def connection(self, kind: UnitKind) -> AsyncIterator[Any]:
        lend = self._reader if kind is UnitKind.READ else self._sole_writer
        async with lend() as connection:
            yield connection

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[aiosqlite.Connection]:
        connection = await _soon(self._readers.get())
        try:
            connection = connection or await self._connect("PRAGMA query_only=1")
            yield connection
        finally:
            self._readers.put_nowait(None if connection in self._closed else connection)
            self._closed.discard(connection)

    @asynccontextmanager
    async def _sole_writer(self) -> AsyncIterator[aiosqlite.Connection]:
        await _soon(self._write_lock.acquire())
        try:
            self._writer = self._writer or await self._connect(*WRITER)
            yield self._writer
        finally:
            if self._writer in self._closed:
                self._closed.discard(self._writer)
                self._writer = None
            self._write_lock.release()

    async def begin(self, connection: Any, kind: UnitKind) -> None:
        await connection.execute_fetchall("BEGIN DEFERRED" if kind is UnitKind.READ else "BEGIN IMMEDIATE")

    async def commit(self, connection: Any) -> None:
        await connection.execute_fetchall("COMMIT")

    async def touch(self, connection: Any) -> None:
        await connection.execute_fetchall("PRAGMA user_version=0")  # a number that is ours and means nothing: one page is written

    async def rollback(self, connection: Any) -> None:
        """Never raises: a connection that can't roll back is closed, which rolls back, and the next unit opens another."""
        try:
            await connection.interrupt()  # a cancelled statement still runs in its thread; don't wait for its answer
            await connection.execute_fetchall("ROLLBACK")
        except Exception as error:  # noqa: BLE001 - whatever it was, the remedy is the same
            if "no transaction is active" not in str(error):
                await connection.close()
                self._closed.add(connection)

    async def copy(self, connection: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
        async with connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows):  # noqa: S608 - our own names
            pass

    async def update(self, connection: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        changes = ", ".join(f'"{c}" = ?' for c in columns)
        async with connection.executemany(f'UPDATE "{table}" SET {changes} WHERE "id" = ?', rows):  # noqa: S608 - our own names
            pass

    async def scrub(self, tables: Sequence[str]) -> bool:
        """Writes the whole file anew and empties the log beside it. False when a reader was in the way for too long."""
        async with self._sole_writer() as connection:
            await connection.execute_fetchall("VACUUM")
            rows = await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not next(iter(rows))["busy"]

    @asynccontextmanager
    async def unchecked_references(self) -> AsyncIterator[None]:
        """For migrations: SQLite makes a table anew only while it doesn't look at what refers to it, and a transaction is too
        late to say so. Whoever migrates looks at the end: ``database.migrations``.
        """
        await self._check_references(False)
        try:
            yield
        finally:
            await self._check_references(True)

    async def _check_references(self, on: bool) -> None:
        async with self._sole_writer() as connection:
            await connection.execute_fetchall(f"PRAGMA foreign_keys={int(on)}")

    async def _connect(self, *pragmas: str) -> aiosqlite.Connection:
        """Closed again where the file can't be used: aiosqlite's thread would keep the process from ever ending."""
        connection = await aiosqlite.connect(**self.connection_kwargs)
        connection.row_factory = sqlite3.Row
        try:
            for pragma in ("PRAGMA foreign_keys=1", f"PRAGMA cache_size=-{CACHE_KILOBYTES}", *pragmas):
                await connection.execute_fetchall(pragma)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        return await self._run_in_existing_connection(_unit_of(self).connection, *compiled(querystring, self.engine_type))

    async def _run_in_new_connection(self, *_: Any, **__: Any) -> Any:
        _unit_of(self)

    async def _run_in_existing_connection(self, connection: Any, query: str, args: Any = None, *_: Any, **__: Any) -> Any:
        rows = list(await connection.execute_fetchall(query, args or []))
        names = rows[0].keys() if rows else ()
        return [dict(zip(names, row, strict=True)) for row in rows]  # what Piccolo expects; its own way takes three times as long


async def _nothing_left(_: Any) -> None:
    """A unit leaves nothing in its session but a transaction that has ended: asyncpg's own reset would cost each unit a trip."""


class GrowthEngine(PostgresEngine):
    """A pool whose connections are read only unless a unit of work begins READ WRITE."""

    def __init__(self, url: str) -> None:
        super().__init__(config={"dsn": url})

    async def get_version(self) -> float:
        """No look at the server here: importing a module must not need a database. ``open`` checks it."""
        return float(self.min_version_number)

    async def open(self, where: str, size: int) -> None:
        self.config = {"dsn": where}
        guards = {
            "default_transaction_read_only": "on",
            "jit": "off",  # compiling one of our searches takes ten times as long as running it
            "lock_timeout": str(ACQUIRE_SECONDS * 1000),
            "statement_timeout": str(STATEMENT_MILLISECONDS),
        }
        self.pool = await asyncpg.create_pool(
            **self.config,
            min_size=1,
            max_size=size,
            server_settings=guards | {"application_name": "vouch", "timezone": "UTC"},
            timeout=ACQUIRE_SECONDS,
            command_timeout=UNANSWERED_SECONDS,
            init=partial(require_guards, wanted=guards),
            reset=_nothing_left,
        )

    async def close(self) -> None:
        if self.pool is not None:
            await self.pool.close()
            self.pool = None

    def unchecked_references(self) -> nullcontext[None]:
        return nullcontext()  # it alters tables in place

    @asynccontextmanager
    async def connection(self, kind: UnitKind) -> AsyncIterator[Any]:
        if self.pool is None:
            raise UnitMisuse("the database is not open")
        connection = await self.pool.acquire(timeout=ACQUIRE_SECONDS)
        try:
            yield connection
        finally:
            await asyncio.shield(self.pool.release(connection))

    async def begin(self, connection: Any, kind: UnitKind) -> None:
        await connection.execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if kind is UnitKind.READ else "BEGIN READ WRITE"
        )

    async def commit(self, connection: Any) -> None:
        """PostgreSQL answers the COMMIT of a failed transaction with a quiet ROLLBACK: that is a failure here."""
        if await connection.execute("COMMIT") != "COMMIT":
            raise UnitMisuse("a query in this unit failed and its error was swallowed: nothing was saved")

    async def touch(self, connection: Any) -> None:
        await connection.execute("SELECT pg_logical_emit_message(true, 'vouch', '')")  # a line of the log, and no table

    async def rollback(self, connection: Any) -> None:
        """Never raises: a connection that can't roll back is cut, and the pool opens another."""
        try:
            if not connection.is_closed():
                await connection.execute("ROLLBACK")
        except Exception:  # noqa: BLE001 - whatever it was, the remedy is the same
            with suppress(Exception):
                connection.terminate()

    async def copy(self, connection: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        await connection.copy_records_to_table(table, columns=list(columns), records=rows)

    async def update(self, connection: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        changes = ", ".join(f'"{c}" = ${n}' for n, c in enumerate(columns, start=1))
        await connection.executemany(f'UPDATE "{table}" SET {changes} WHERE "id" = ${len(columns) + 1}', rows)  # noqa: S608 - our own names

    async def scrub(self, tables: Sequence[str]) -> bool:
        """Frees the space of dead rows, which later rows fill. Only the owner's VACUUM FULL takes the bytes away: False."""
        async with self.connection(UnitKind.WRITE) as connection:
            await connection.execute(f"VACUUM {', '.join(tables)}")
        return False

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        text, values = compiled(querystring, self.engine_type)
        return await _unit_of(self).connection.fetch(text, *values)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """For migrations, which may take longer than any question; whoever waits for a lock of theirs is told to try again."""
        return await _unit_of(self).connection.fetch(ddl, timeout=MIGRATION_SECONDS)

"""The PostgreSQL database that tests take turns in is emptied between two of them.

By one connection that is kept for the whole run: a new one would read the catalogue of a hundred tables first, which takes the
server longer than all the rest.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from database import migrations

OTHERS_OPEN = """FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""
TRIGGERS = """SELECT tgrelid::regclass::text AS t,
    string_agg(CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS TRIGGER ' ELSE 'ENABLE TRIGGER ' END || tgname, ', ') AS enabled
    FROM pg_trigger WHERE NOT tgisinternal GROUP BY 1"""
SOON = 5.0  # seconds, in which the server notices that somebody it served was killed


class Emptier:
    """Removes every row of one database, on the loop that it was made on; ``triggers`` switch those of each table on again."""

    def __init__(self, connection: Any, triggers: Mapping[str, str]) -> None:
        self.connection, self._triggers = connection, triggers

    async def __call__(self) -> None:
        await _empty(self.connection, self._triggers)


@asynccontextmanager
async def emptier(url: str) -> AsyncIterator[Emptier]:
    connection = await asyncpg.connect(url)
    try:
        yield Emptier(connection, {row["t"]: row["enabled"] for row in await connection.fetch(TRIGGERS)})
    finally:
        await connection.close()


async def _left_open(connection: Any) -> list[str]:
    """Ends what is still open after a moment: one test fails for it, not each one after a minute's wait for its locks."""
    deadline = time.monotonic() + SOON
    while await connection.fetchval(f"SELECT count(*) {OTHERS_OPEN}") and time.monotonic() < deadline:  # noqa: ASYNC110 - the server sets no event
        await asyncio.sleep(0.02)
    return [row["query"] for row in await connection.fetch(f"SELECT pg_terminate_backend(pid), query {OTHERS_OPEN}")]


async def _empty(connection: Any, triggers: Mapping[str, str]) -> None:
    """Removes every row as only somebody with the database in their hands can: triggers off, and on again as they are made."""
    left = await _left_open(connection)
    assert left == [], f"a test before this one left transactions open, which began or went on with {left}"
    tables = [row["t"] for row in await connection.fetch("SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public'")]
    marks = ", ".join(f"CASE WHEN EXISTS (SELECT FROM {table}) THEN '{table}' END" for table in tables)
    written = await connection.fetchval(f"SELECT array_remove(ARRAY[{marks}], NULL)")
    guarded = {table: triggers[table] for table in written if table in triggers}
    known = ", ".join(f"'{name}'" for _, name in migrations._known())
    statements = [
        "SET LOCAL lock_timeout = '60s'; SET LOCAL session_replication_role = replica",
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded),
        *(f"DELETE FROM {table}" for table in written if table != "migration"),  # noqa: S608 - our own names
        f"DELETE FROM migration WHERE name NOT IN ({known})",  # noqa: S608 - our own names
        *(f"ALTER TABLE {table} {enabled}" for table, enabled in guarded.items()),
    ]
    async with connection.transaction():
        await connection.execute(";".join(statements))

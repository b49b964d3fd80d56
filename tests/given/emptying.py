"""The PostgreSQL database that tests take turns in is emptied between two of them.

By connections that are kept for the whole run: a new one would read the catalogue of a hundred tables first, which takes the
server longer than all the rest. One asks and one removes, and no table is altered: what the server and the connections of the
application know of their statements stays, where planning the question alone takes longer than removing the rows.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from database import migrations

OTHERS_OPEN = """FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""
TRIGGERS = """SELECT tgrelid::regclass::text AS t, string_agg(tgenabled::text || tgname, ' ' ORDER BY tgname) AS state,
    string_agg(CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS TRIGGER ' ELSE 'ENABLE TRIGGER ' END || tgname, ', ') AS enabled
    FROM pg_trigger WHERE NOT tgisinternal GROUP BY 1"""
# What refuses that a row goes, whoever asks; replica leaves out all other triggers.
REFUSING = """SELECT DISTINCT tgfoid::regproc::text AS name, pg_get_functiondef(tgfoid) AS definition FROM pg_trigger
    WHERE NOT tgisinternal AND tgenabled = 'A' AND tgtype & 8 > 0"""
REFUSES_NOTHING: Final = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"
SOON = 5.0  # seconds, in which the server notices that somebody it served was killed


class Emptier:
    """Removes every row of one database, on the loop that it was made on.

    ``triggers`` are those of each table, as they are made; ``refusing`` makes the functions by their names.
    """

    def __init__(self, asking: Any, removing: Any, triggers: Mapping[str, Any], refusing: Mapping[str, str]) -> None:
        self.connections = (asking, removing)
        self._asking, self._removing, self._triggers, self._refusing = asking, removing, triggers, refusing
        self._known = ", ".join(f"'{name}'" for _, name in migrations._known())

    async def __call__(self) -> None:
        """As only somebody with the database in their hands can."""
        left = await _left_open(self._asking)
        assert left == [], f"a test before this one left transactions open, which began or went on with {left}"
        tables = [
            row["t"] for row in await self._asking.fetch("SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public'")
        ]
        marks = ", ".join(f"CASE WHEN EXISTS (SELECT FROM {table}) THEN '{table}' END" for table in tables)
        written = await self._asking.fetchval(f"SELECT array_remove(ARRAY[{marks}], NULL)")
        found = await _triggers(self._asking)
        altered = [made for table, made in self._triggers.items() if found.get(table) != made]
        statements = [
            "SET LOCAL lock_timeout = '60s'",
            *(REFUSES_NOTHING.format(name) for name in self._refusing),
            *(f"DELETE FROM {table}" for table in written if table != "migration"),  # noqa: S608 - our own names
            f"DELETE FROM migration WHERE name NOT IN ({self._known})",  # noqa: S608 - our own names
            *self._refusing.values(),
            *(f"ALTER TABLE {made['t']} {made['enabled']}" for made in altered),
        ]
        async with self._removing.transaction():
            await self._removing.execute(";".join(statements))


@asynccontextmanager
async def emptier(url: str) -> AsyncIterator[Emptier]:
    asking = await asyncpg.connect(url)
    try:
        removing = await asyncpg.connect(url, server_settings={"session_replication_role": "replica"})
        try:
            refusing = {row["name"]: row["definition"] for row in await asking.fetch(REFUSING)}
            yield Emptier(asking, removing, await _triggers(asking), refusing)
        finally:
            await removing.close()
    finally:
        await asking.close()


async def _triggers(connection: Any) -> dict[str, Any]:
    return {row["t"]: row for row in await connection.fetch(TRIGGERS)}


async def _left_open(connection: Any) -> list[str]:
    """Ends what is still open after a moment: one test fails for it, not each one after a minute's wait for its locks."""
    deadline = time.monotonic() + SOON
    while await connection.fetchval(f"SELECT count(*) {OTHERS_OPEN}") and time.monotonic() < deadline:  # noqa: ASYNC110 - the server sets no event
        await asyncio.sleep(0.02)
    return [row["query"] for row in await connection.fetch(f"SELECT pg_terminate_backend(pid), query {OTHERS_OPEN}")]

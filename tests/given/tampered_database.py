"""What somebody with the database in their hands can do, past every trigger and check."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import database
from audit.tables import Entry
from database import migrations


async def behind_the_triggers(statements: str) -> None:
    """As somebody with the database in their hands would: triggers, foreign keys and checks off, and the triggers on again."""
    engine = database.engine()
    if not database.is_postgres():
        connection = engine._writer  # type: ignore[attr-defined]  # SQLite's engine has one
        await connection.execute_fetchall("PRAGMA foreign_keys=0")
        await connection.execute_fetchall("PRAGMA ignore_check_constraints=1")
    off, on = await switched_off_and_on()
    await _run(off)
    try:
        await _run(statements.split(";"))
    finally:
        await _run(on)


async def _run(statements: Sequence[str]) -> None:
    async with database.write():
        for statement in statements:
            await database.engine().run_ddl(statement)


async def switched_off_and_on() -> tuple[list[str], list[str]]:
    """What switches every trigger off, and what switches each on again as it was."""
    async with database.read():
        if not database.is_postgres():
            rows = await Entry.raw("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return [f"DROP TRIGGER {row['name']}" for row in rows], [row["sql"] for row in rows]
        always = await Entry.raw(
            "SELECT tgrelid::regclass::text AS relation, tgname::text AS name FROM pg_trigger WHERE tgenabled = 'A'"
        )
    rules = migrations.rules()
    tables = sorted(rules.append_only | rules.unchanging | rules.kept)
    off = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables]
    on = [f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in tables]
    return off, on + [f"ALTER TABLE {row['relation']} ENABLE ALWAYS TRIGGER {row['name']}" for row in always]


def tamper(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "vouch.sqlite")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()

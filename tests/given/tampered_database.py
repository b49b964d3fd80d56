"""What somebody with the database in their hands can do, past every trigger and check."""

import sqlite3
from contextlib import closing
from pathlib import Path

import database
from audit.tables import Entry
from database import migrations


async def behind_the_triggers(statements: str) -> None:
    """As somebody with the database in their hands would: triggers, foreign keys and checks off."""
    engine = database.engine()
    rules = migrations.rules()
    if not database.is_postgres():
        connection = engine._writer  # type: ignore[attr-defined]  # SQLite's engine has one
        await connection.execute_fetchall("PRAGMA foreign_keys=0")
        await connection.execute_fetchall("PRAGMA ignore_check_constraints=1")
    async with database.write():
        if database.is_postgres():
            for table in rules.append_only | rules.unchanging | rules.kept:
                await engine.run_ddl(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            for (name,) in [tuple(r.values()) for r in await Entry.raw("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
                await engine.run_ddl(f"DROP TRIGGER {name}")
    async with database.write():
        for statement in statements.split(";"):
            await engine.run_ddl(statement)


def tamper(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "vouch.sqlite")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()

"""The hand-written SQL makes the tables that Piccolo's classes describe, and a newer database is left alone."""

import pytest
from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

import audit.tables
import database
import migrations
import sharing.tables
import suppliers.tables
from settings import SettingsError
from suppliers.tables import Deletion, Key

TABLES: tuple[type[Table], ...] = (*audit.tables.TABLES, *sharing.tables.TABLES, *suppliers.tables.TABLES)
WITHOUT_SURROGATE = (Key, Deletion)  # their `id` exists for Piccolo only

pytestmark = pytest.mark.usefixtures("db")


async def columns_of(table: str) -> dict[str, bool]:
    """Column name to "may be null", as the engine tells it."""
    async with database.read():
        if database.is_postgres():
            rows = await Migration.raw(
                "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = {}", table
            )
            return {row["column_name"]: row["is_nullable"] == "YES" for row in rows}
        rows = await Migration.raw(f"PRAGMA table_info({table})")
        return {row["name"]: not (row["notnull"] or row["pk"]) for row in rows}


@pytest.mark.parametrize("table", TABLES, ids=[table.__name__ for table in TABLES])
async def test_the_database_has_the_columns_that_the_class_describes(table: type[Table]) -> None:
    described = {column._meta.db_column_name: column._meta.null for column in table._meta.columns}
    if table in WITHOUT_SURROGATE:
        del described["id"]
    made = await columns_of(table._meta.tablename)
    assert made == described


async def test_migrating_twice_changes_nothing() -> None:
    assert await migrations.migrate() == ()
    assert await migrations.is_current()


async def test_a_database_made_by_a_newer_vouch_is_refused_in_one_sentence() -> None:
    async with database.write():
        await Migration.insert(Migration(name="suppliers_9999", app_name="suppliers"))
    with pytest.raises(SettingsError, match=r"made by a newer Vouch \(suppliers_9999\)"):
        await migrations.migrate()


async def test_text_that_is_too_long_or_holds_a_nul_is_refused_by_the_database_itself() -> None:
    for name in ("x" * 201, "a\x00b"):
        with pytest.raises(Exception, match=r"(?i)check|invalid byte|0x00"):
            async with database.write():
                await sharing.tables.Network.insert(sharing.tables.Network(kind="group", name=name, source="school"))

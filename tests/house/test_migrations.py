"""The hand-written SQL makes the tables that Piccolo's classes describe, and a newer database is left alone."""

from pathlib import Path

import pytest
from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

import audit.tables
import contracts.piccolo_app
import database
import disclosure.piccolo_app
import notices.piccolo_app
import sharing.piccolo_app
import sharing.tables
import suppliers.piccolo_app
from base.settings import SettingsError
from database import migrations
from suppliers.index.tables import KeyRow
from tests.conftest import ENGINE, opened

TABLES: tuple[type[Table], ...] = (
    *audit.tables.TABLES,
    *sharing.piccolo_app.TABLES,
    *suppliers.piccolo_app.TABLES,
    *contracts.piccolo_app.TABLES,
    *notices.piccolo_app.TABLES,
    *disclosure.piccolo_app.TABLES,
)
WITHOUT_SURROGATE = (KeyRow,)  # its `id` exists for Piccolo only

SCHOOL, PERSON, MEMBERSHIP = (f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2, 3))
LONG_AGO = "2026-01-01 00:00:00+00:00"
OLD_SCHOOL = f"""INSERT INTO sharing_school
    (id, kind, name, search_name, phase, status, local_authority, town, postcode, registered_at)
    VALUES ('{SCHOOL}', 'school', 'Oak', 'oak', '', 'open', '', '', '', '{LONG_AGO}')"""  # noqa: S608 - our own text
OLD_PERSON = f"""INSERT INTO sharing_person (id, email, name, password_hash, is_operator, made_at)
    VALUES ('{PERSON}', 'a@b.example', 'Ann', 'x', 0, '{LONG_AGO}')"""  # noqa: S608 - our own text
OLD_MEMBERSHIP = f"""INSERT INTO sharing_membership (id, person, school, role, valid_from)
    VALUES ('{MEMBERSHIP}', '{PERSON}', '{SCHOOL}', 'head', '{LONG_AGO}')"""  # noqa: S608 - our own text

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


@pytest.mark.skipif(ENGINE == "postgres", reason="PostgreSQL alters the table in place")
async def test_a_membership_from_before_there_were_auditors_keeps_its_rows_and_its_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite makes the table anew: in a database made by the first version, with people in it."""
    known = migrations._known()
    await database.close()
    async with opened(f"sqlite:///{tmp_path / 'old.sqlite'}"):
        monkeypatch.setattr(migrations, "_known", lambda: [one for one in known if one[1].endswith("_0001")])
        await migrations.migrate()
        async with database.write():
            await sharing.tables.School.raw(OLD_SCHOOL)
            await sharing.tables.Person.raw(OLD_PERSON)
            await sharing.tables.Membership.raw(OLD_MEMBERSHIP)
        monkeypatch.setattr(migrations, "_known", lambda: known)
        assert "sharing_0002" in await migrations.migrate()
        async with database.read():
            rows = await sharing.tables.Membership.select()
            indexes = await Migration.raw(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'sharing_membership'"
            )
        assert [(row["role"], str(row["person"])[:1], row["auditor_grant"]) for row in rows] == [("head", "2", None)]
        assert {row["name"] for row in indexes} >= {
            "sharing_one_live_role_at_a_school", "sharing_membership_school", "sharing_a_grant_is_taken_up_once",
        }  # fmt: skip
        with pytest.raises(Exception, match="UNIQUE"):
            async with database.write():
                await sharing.tables.Membership.raw(OLD_MEMBERSHIP.replace("'3", "'4"))

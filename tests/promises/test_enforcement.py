"""Append-only tables are append-only for whoever holds the database's password or file, not only for Vouch's own code.

Which tables those are is what their migrations declare; a table that a later migration declares is tried here too.
"""

import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest
from piccolo.apps.migrations.tables import Migration

import database
from base.settings import Settings
from database import migrations
from tests import conftest
from tests.given import postgres_logins
from tests.given.builders import a_person, a_school
from tests.given.entries import a_viewer, do

RULES: Final = migrations.rules()
GUARDED: Final = sorted(RULES.append_only | RULES.unchanging)
TIME: Final = "'2026-11-22 05:00:00+00:00'"

# One row for each append-only table that recording an entry does not fill.
SAMPLES: Final[Mapping[str, str]] = {  # by table, with columns where not all are given
    "audit_origin": "'example.org/trail/1', (SELECT MIN(owner) FROM audit_trail), 1",
    "audit_checkpoint": f"'{UUID(int=1)}', (SELECT MIN(owner) FROM audit_trail), 'o', 1, {{zeros}}, {{zeros}}, {TIME}",
    "audit_origins_note": f"'{UUID(int=14)}', 'school 100023', {{zeros}}, {TIME}",
    "audit_cosignature": f"'{UUID(int=15)}', 'school', 'o', 1, 'oak', '', {{zeros}}, {TIME}",
    "audit_time_stamp": f"'{UUID(int=18)}', 'school', 'o', 1, 'Time', {TIME}, {{zeros}}",
    "audit_key": f"'vkey', 'name', '', {TIME}, FALSE",
    "audit_rotation": "'vkey', {zeros}",
    "audit_cosigner": f"'cosigner', 'vkey', {TIME}",
    "audit_delivery": f"'{UUID(int=2)}', '{UUID(int=1)}', (SELECT MIN(owner) FROM audit_trail), 'pack', {TIME}, NULL",
    "sharing_school (id, kind, name, search_name, phase, status, local_authority, town, postcode, registered_at)": (
        f"'{UUID(int=5)}', 'school', 'Oak', 'oak', '', 'open', '', '', '', {TIME}"
    ),
    "sharing_person (id, email, name, password_hash, is_operator, made_at)": (
        f"'{UUID(int=6)}', 'a@b.example', 'Ann', 'x', FALSE, {TIME}"
    ),
    "contracts_contract (id, school, title, is_draft, author, version, written_at)": (
        f"'{UUID(int=7)}', '{UUID(int=5)}', 'Boilers', FALSE, '{UUID(int=6)}', 1, {TIME}"
    ),
    "contracts_service_event (id, job, contract, school, kind, on_day, claimed_by, corrects, is_withdrawn, author,"
    " recorded_at)": (
        f"'{UUID(int=8)}', '{UUID(int=8)}', '{UUID(int=7)}', '{UUID(int=5)}', 'visit', '2026-11-22', 'school', '{UUID(int=8)}',"
        f" FALSE, '{UUID(int=6)}', {TIME}"
    ),
    "contracts_service_stamp (id, job, contract, kind, at, claimed_by, corrects, is_withdrawn, author, recorded_at)": (
        f"'{UUID(int=9)}', '{UUID(int=8)}', '{UUID(int=7)}', 'fixed', {TIME}, 'school', '{UUID(int=9)}', FALSE,"
        f" '{UUID(int=6)}', {TIME}"
    ),
    "contracts_outcome (id, job, contract, state, on_day, author, recorded_at)": (
        f"'{UUID(int=10)}', '{UUID(int=8)}', '{UUID(int=7)}', 'agreed', '2026-11-22', '{UUID(int=6)}', {TIME}"
    ),
    "contracts_service_words": f"'{UUID(int=11)}', '{UUID(int=8)}', '{UUID(int=7)}', 'what', 'No heating'",
    "audit_retention": f"'{UUID(int=3)}', 'trail', 'notes', 3, '2026-11-22', 'statute', '{UUID(int=4)}', {TIME}",
    "contracts_calendar_version": f"'{UUID(int=12)}', '{UUID(int=5)}', 1, '2026-11-22', '{{{{}}}}', '{UUID(int=6)}', {TIME}",
    "contracts_buying_rules": f"'{UUID(int=13)}', '{UUID(int=5)}', 1, '{{{{}}}}', '{UUID(int=6)}', {TIME}",
    "contracts_concern (id, contract, raised_on, author, recorded_at)": (
        f"'{UUID(int=14)}', '{UUID(int=7)}', '2026-11-22', '{UUID(int=6)}', {TIME}"
    ),
    "contracts_concern_step (id, concern, contract, kind, on_day, author, recorded_at)": (
        f"'{UUID(int=15)}', '{UUID(int=14)}', '{UUID(int=7)}', 'answered', '2026-11-22', '{UUID(int=6)}', {TIME}"
    ),
    "contracts_credit (id, credit, contract, state, pence, on_day, author, recorded_at)": (
        f"'{UUID(int=16)}', '{UUID(int=16)}', '{UUID(int=7)}', 'proposed', 5000, '2026-11-22', '{UUID(int=6)}', {TIME}"
    ),
    "contracts_assessment": (
        f"'{UUID(int=17)}', '{UUID(int=7)}', '2025-09-01', '2026-07-21', '{{{{}}}}', '{UUID(int=6)}', {TIME}"
    ),
}


@pytest.fixture
async def filled(db: Settings) -> Settings:
    """A database with a row in every append-only table."""
    await do(a_viewer(), n=256)
    await a_person(await a_school())
    zeros = "decode(repeat('00', 32), 'hex')" if database.is_postgres() else "zeroblob(32)"
    async with database.write():
        for table, values in SAMPLES.items():
            await database.engine().run_ddl(f"INSERT INTO {table} VALUES ({values.format(zeros=zeros)})")
    return db


async def test_every_append_only_table_has_a_row_to_try(filled: Settings) -> None:
    async with database.read():
        for table in GUARDED:
            assert await Migration.raw(f"SELECT 1 FROM {table} LIMIT 1"), f"give {table} a row in SAMPLES"


async def test_what_the_migrations_declare_is_what_the_triggers_refuse(filled: Settings) -> None:
    query = (
        "SELECT tgname AS name FROM pg_trigger"
        if database.is_postgres()
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    async with database.read():
        names = {row["name"] for row in await Migration.raw(query)}
    no_update = {name.removesuffix("_no_update") for name in names if name.endswith("_no_update")}
    no_delete = {name.removesuffix("_no_delete") for name in names if name.endswith("_no_delete")}
    assert no_update == RULES.append_only | RULES.unchanging
    assert no_update & no_delete == RULES.append_only
    assert no_delete - no_update <= RULES.kept


class TestSqlite:
    """Through a connection that knows nothing of Vouch. Dropping a trigger is beyond what a file can refuse its holder."""

    pytestmark = pytest.mark.skipif(conftest.ENGINE != "sqlite", reason="about SQLite")

    @pytest.fixture
    def plain(self, filled: Settings) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(filled.sqlite_path)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection

    @pytest.mark.parametrize("table", GUARDED)
    def test_no_row_is_changed_removed_or_overwritten(self, plain: sqlite3.Connection, table: str) -> None:
        before = content(plain, table)
        tried = [f"UPDATE {table} SET {column} = {column}" for column in before[0] if column != "rowid"]
        tried += [f"UPDATE OR REPLACE {table} SET rowid = rowid + 1"]
        if table in RULES.append_only:
            tried.append(f"DELETE FROM {table}")
        for statement in tried:
            with pytest.raises(sqlite3.Error, match=r"append-only"):
                plain.execute(statement)
        for key in keys(plain, table):
            for statement, row in overwriting(plain, table, key):
                with pytest.raises(sqlite3.Error, match=r"append-only|next position|never changed"):
                    plain.execute(statement, row)
        assert content(plain, table) == before


def content(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid")]


def keys(connection: sqlite3.Connection, table: str) -> list[tuple[str, ...]]:
    """Everything by which SQLite would take two rows of a table for the same."""
    indexes = [row["name"] for row in connection.execute(f"PRAGMA index_list({table})") if row["unique"]]
    return [("rowid",), *(tuple(row["name"] for row in connection.execute(f"PRAGMA index_info({name})")) for name in indexes)]


def overwriting(connection: sqlite3.Connection, table: str, key: tuple[str, ...]) -> Iterator[tuple[str, list[Any]]]:
    """Statements that put a row in the place of the first one by ``key``, and by no other key."""
    row = content(connection, table)[0]
    for other in keys(connection, table):
        column = next((name for name in reversed(other) if name not in key), None)
        if other != key and column is not None:
            row[column] = fresh(connection, table, column, row[column])
    if "rowid" not in key:
        del row["rowid"]
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    yield f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", list(row.values())
    if "rowid" not in key:
        upsert = f"ON CONFLICT ({', '.join(key)}) {only_where(connection, table, key)} DO UPDATE SET {key[0]} = excluded.{key[0]}"
        yield f"INSERT INTO {table} ({names}) VALUES ({marks}) {upsert}", list(row.values())


def only_where(connection: sqlite3.Connection, table: str, key: tuple[str, ...]) -> str:
    """The condition of the index by which the columns are a key, where it is not of every row."""
    made = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table,))
    found = (re.search(rf"UNIQUE.*\({', '.join(key)}\) (WHERE .*)", sql or "") for (sql,) in made)
    return next((match[1] for match in found if match), "")


def fresh(connection: sqlite3.Connection, table: str, column: str, value: Any) -> Any:
    """Another value of the kind: the next number, other bytes, another id or text."""
    if isinstance(value, int):
        return connection.execute(f"SELECT max({column}) + 1 FROM {table}").fetchone()[0]
    if isinstance(value, bytes):
        return os.urandom(len(value))
    return str(uuid4()) if len(value) == len(str(uuid4())) else f"{value}x"


@pytest.mark.postgres
class TestPostgres:
    @pytest.fixture
    async def served(self, template: conftest.Template) -> AsyncIterator[postgres_logins.Place]:
        async with postgres_logins.place(template, admin_may="CREATEROLE") as made:
            async with conftest.opened(made.as_login(made.admin)):
                await migrations.migrate_with_roles(serve_as=made.serving)
            yield made

    async def test_the_app_role_can_do_nothing_to_the_past(self, served: postgres_logins.Place) -> None:
        connection = await asyncpg.connect(served.as_login(served.serving))
        try:
            for table in GUARDED:
                columns = [r[0] for r in await connection.fetch("SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass "
                                                                "AND attnum > 0 ORDER BY attnum", table)]  # fmt: skip
                for statement in (*by_the_app_role(table, columns, served), *everywhere(served)):
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await connection.execute(statement)
        finally:
            await connection.close()

    async def test_a_temporary_table_of_the_same_name_tells_no_other_next_position(self, filled: Settings) -> None:
        connection = await asyncpg.connect(filled.database_url)
        try:
            await connection.execute("CREATE TEMP TABLE audit_entry (trail text, idx bigint)")
            await connection.execute("INSERT INTO audit_entry SELECT trail, 998 FROM public.audit_entry LIMIT 1")
            with pytest.raises(asyncpg.RaiseError, match="next position"):
                await connection.execute(
                    "INSERT INTO public.audit_entry SELECT gen_random_uuid(), trail, 999, header, leaf_hash, type, at, stream, "
                    "999, subject FROM public.audit_entry LIMIT 1"
                )
        finally:
            await connection.close()

    @pytest.mark.parametrize("table", GUARDED)
    async def test_the_triggers_refuse_the_owner_too_even_as_a_replica(self, filled: Settings, table: str) -> None:
        connection = await asyncpg.connect(filled.database_url)
        tried = [f"UPDATE {table} SET {{column}} = {{column}}", f"TRUNCATE {table} CASCADE"]
        tried += [f"DELETE FROM {table}"] * (table in RULES.append_only)
        tried += [
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({{column}}) DO UPDATE SET {{column}} = EXCLUDED.{{column}}"
        ]
        column = await connection.fetchval(
            "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] "
            "WHERE indrelid = $1::regclass AND indisprimary", table,
        )  # fmt: skip
        try:
            for mode in ("origin", "replica"):
                await connection.execute(f"SET session_replication_role = {mode}")
                for statement in tried:
                    with pytest.raises(asyncpg.RaiseError, match=r"append-only|next position"):
                        await connection.execute(statement.format(column=column))
        finally:
            await connection.close()


def by_the_app_role(table: str, columns: list[str], served: postgres_logins.Place) -> list[str]:
    first = columns[0]
    upsert = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({first}) DO UPDATE SET {first} = EXCLUDED.{first}"
    return [
        *(f"UPDATE {table} SET {column} = {column}" for column in columns),
        *[f"DELETE FROM {table}"] * (table in RULES.append_only),
        upsert,
        f"MERGE INTO {table} t USING {table} s ON s.{first} = t.{first} WHEN MATCHED THEN UPDATE SET {first} = s.{first}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_update",
        f"ALTER TABLE {table} RENAME TO gone",
        f'ALTER TABLE {table} OWNER TO "{served.serving}"',
        f"DROP TRIGGER {table}_no_update ON {table}",
        f"CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        f"CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
        f"DROP TABLE {table} CASCADE",
    ]


def everywhere(served: postgres_logins.Place) -> list[str]:
    return [
        "SET session_replication_role = replica",
        "DELETE FROM audit_head",
        "DELETE FROM audit_stream",
        "UPDATE migration SET name = name",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DROP FUNCTION audit_refuse() CASCADE",
        "CREATE TABLE mine (id INT)",
        "DROP SCHEMA public CASCADE",
        f'SET ROLE "{served.name}_owner"',
        f'GRANT "{served.name}_owner" TO "{served.serving}"',
        f"ALTER ROLE {served.serving} SUPERUSER",
    ]

"""Brings a database to the shape that this version needs. Migrations are hand-written SQL that both engines take.

Piccolo's automatic ones emit ``ALTER TABLE … ADD CONSTRAINT``, which SQLite refuses, and can't write triggers.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

import database
from base.settings import SettingsError
from database import engines, postgres_roles

SLICES: Final = ("audit", "sharing", "suppliers", "contracts", "notices", "disclosure")

ONE_AT_A_TIME: Final = 0x766F756368  # "vouch": the number of an advisory lock of PostgreSQL's

_TEXT = re.compile(r"\{text:(\w+):(\d+)(:null)?\}")


@dataclass(frozen=True, slots=True)
class Migrated:
    """The ids of the migrations that ran, and on PostgreSQL what became of its roles."""

    ids: tuple[str, ...]
    roles: postgres_roles.RolesOutcome | None = None


async def migrate() -> tuple[str, ...]:
    """Runs what has not run yet, all in one unit of work; returns the ids.

    Raises SettingsError for a database from a newer Vouch, or a role that may not make tables.
    """
    async with _privileged():
        return await _migrate()


async def migrate_with_roles(*, serve_as: str | None = None) -> Migrated:
    """Like ``migrate``; on PostgreSQL as the owner role, which limits the app role to its part and grants it to ``serve_as``."""
    async with _privileged():
        if not database.is_postgres():
            return Migrated(await _migrate())
        await postgres_roles.become_owner(rules(), serve_as)
        ran = await _migrate()
        return Migrated(ran, await postgres_roles.finish(rules(), serve_as))


@asynccontextmanager
async def _privileged() -> AsyncIterator[None]:
    try:
        async with database.engine().unchecked_references(), database.write():
            if database.is_postgres():
                await _alone()
            yield
    except asyncpg.InsufficientPrivilegeError as error:
        raise SettingsError(
            "This database role may not make tables. Run vouch migrate as the role that owns the database."
        ) from error


async def _alone() -> None:
    """Waits for another migration of this database; it has seen to everything when this one goes on. Raises SettingsError."""
    try:
        await Migration.raw("SELECT pg_advisory_xact_lock({})", ONE_AT_A_TIME)
    except asyncpg.LockNotAvailableError as error:
        raise SettingsError("Another vouch migrate is at work on this database. Run this again when it has ended.") from error


async def _migrate() -> tuple[str, ...]:
    if database.is_postgres():
        await database.engine().run_ddl(f"SET LOCAL statement_timeout = {engines.MIGRATION_SECONDS * 1000}")
    await Migration.create_table(if_not_exists=True)
    done = await _done()
    ran = tuple((slice_name, name) for slice_name, name in _known() if name not in done)
    for slice_name, name in ran:
        manager: MigrationManager = await _module(slice_name, name).forwards()
        for statement in manager.raw:
            await statement()
        await Migration.insert(Migration(name=name, app_name=slice_name))
    if ran and not database.is_postgres() and (broken := await Migration.raw("PRAGMA foreign_key_check")):
        raise RuntimeError(f"got {len(broken)} rows that refer to nothing after migrating, want none")
    return tuple(name for _, name in ran)


async def make_anew(table: str, replaced: Mapping[str, str]) -> None:
    """SQLite can't alter a constraint: makes the table again with the texts ``replaced`` in what made it, and its rows, indexes
    and triggers as they were. Raises LookupError for a text that isn't there once.
    """
    kept = await Migration.raw("SELECT type, sql FROM sqlite_master WHERE tbl_name = {} AND sql IS NOT NULL", table)
    made = next(row["sql"] for row in kept if row["type"] == "table")
    for old, new in {table: f"{table}_anew", **replaced}.items():
        if old != table and made.count(old) != 1:
            raise LookupError(f"got {made.count(old)} of {old!r} in {table}, want 1")
        made = made.replace(old, new, 1)
    steps = (made, f"INSERT INTO {table}_anew SELECT * FROM {table}", f"DROP TABLE {table}",  # noqa: S608 - our own names
             f"ALTER TABLE {table}_anew RENAME TO {table}")  # fmt: skip
    for statement in (*steps, *(row["sql"] for row in kept if row["type"] != "table")):
        await database.engine().run_ddl(statement)


def rules() -> postgres_roles.Rules:
    """What the migrations declare of their tables: APPEND_ONLY, UNCHANGING (rows may go) and KEPT (rows may change)."""
    return postgres_roles.Rules(
        ours=f"^(({'|'.join(SLICES)})_|migration$)",
        append_only=_declared("APPEND_ONLY"),
        unchanging=_declared("UNCHANGING"),
        kept=_declared("KEPT"),
    )


def _declared(what: str) -> frozenset[str]:
    return frozenset(table for known in _known() for table in getattr(_module(*known), what, ()))


async def serving_risk() -> str | None:
    """One sentence when whoever has this role's password could alter the audit trail. PostgreSQL only; its own read unit."""
    if not database.is_postgres():
        return None
    async with database.read():
        why = await postgres_roles.risk(rules())
    if why is None:
        return None
    return (
        "Anyone with this database role's password could switch off what keeps the audit trail append-only, "
        f"because {why}. Let Vouch serve as another role: vouch migrate --serve-as LOGIN"
    )


def known() -> tuple[str, ...]:
    """The ids of this version's migrations, in the order in which they run."""
    return tuple(name for _, name in _known())


async def statements() -> tuple[str, ...]:
    """Everything that this version's migrations say to the engine in use, in the order in which they run."""
    managers = [await _module(*one).forwards() for one in _known()]
    steps = [step for manager in managers for step in manager.raw if isinstance(step, Statements)]
    return tuple(one for step in steps for one in (step.postgres if database.is_postgres() else step.sqlite))


async def is_current() -> bool:
    """True when every migration of this version has run. Opens its own read unit."""
    async with database.read():
        return bool(await Migration.table_exists()) and await _done() == {name for _, name in _known()}


def ddl(name: str, *, both: Sequence[str], sqlite: Sequence[str] = (), postgres: Sequence[str] = ()) -> MigrationManager:
    """A migration that runs ``both``, then the statements of the engine in use.

    In ``both``, ``{bytes}`` stands for BLOB or BYTEA, and ``{text:name:200}`` (``{text:name:200:null}``) for a
    text column with its length limit; SQLite must be told to refuse NUL, which PostgreSQL can't store.
    """
    manager = MigrationManager(migration_id=name, app_name="", wrap_in_transaction=False)
    on_sqlite, on_postgres = ([_spell_out(one, is_postgres=it_is) for one in both] for it_is in (False, True))
    manager.add_raw(Statements((*on_sqlite, *sqlite), (*on_postgres, *postgres)))
    return manager


@dataclass(frozen=True, slots=True)
class Statements:
    """What a migration does on either engine, in order."""

    sqlite: tuple[str, ...]
    postgres: tuple[str, ...]

    async def __call__(self) -> None:
        for statement in self.postgres if database.is_postgres() else self.sqlite:
            await database.engine().run_ddl(statement)


def _spell_out(statement: str, *, is_postgres: bool) -> str:
    def column(found: re.Match[str]) -> str:
        name, longest, null = found.groups()
        required = "" if null else " NOT NULL"
        no_nul = "" if is_postgres else f" AND instr({name}, char(0)) = 0"
        return f"{name} TEXT{required} CHECK (length({name}) <= {longest}{no_nul})"

    return _TEXT.sub(column, statement).replace("{bytes}", "BYTEA" if is_postgres else "BLOB")


async def _done() -> set[str]:
    """The migrations that have run. Raises SettingsError when some are unknown to this version."""
    done = set(await Migration.select(Migration.name).output(as_list=True))
    newer = done - {name for _, name in _known()}
    if newer:
        raise SettingsError(
            f"This database was made by a newer Vouch ({max(newer)}). Start that version, or restore an older backup."
        )
    return done


def _known() -> list[tuple[str, str]]:
    """(slice, migration) in the order in which they run: a slice's tables may refer to those of the slices before it."""
    return [
        (slice_name, module.name)
        for slice_name in SLICES
        for module in sorted(iter_modules(import_module(f"{slice_name}.piccolo_migrations").__path__), key=lambda m: m.name)
    ]


def _module(slice_name: str, name: str) -> Any:
    return import_module(f"{slice_name}.piccolo_migrations.{name}")

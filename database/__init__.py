"""The only place that begins, commits and rolls back.

``read()`` is one snapshot, ``read_one()`` that of one statement, ``write()`` one change (by ``audit.recording`` and migrations),
``housekeeping()`` a change to the few tables that no audit trail wants (database/guarded.py). A unit always ends:
whatever fails or is cancelled, the connection goes back clean or is thrown away. A read inside a read is part of it
(ADR 0083); other units never nest. None retries, and each serves only the task that opened it. Why not Piccolo's own
transactions: ADR 0005.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, TypeVar

from piccolo.columns import Column
from piccolo.query import Objects, Select
from piccolo.table import Table

from base.refusals import Refusal
from base.settings import Settings
from database import batches, failures, opening, saving
from database.batches import Batch, Shape
from database.by_hand import id_of, in_selected, moment_of, none_of, one_of_numbers, plan_anew, row_lock, rows_of, select
from database.composing import all_of, put_together, some_of
from database.conditions import among, outside
from database.current import afterwards, asked_once, engine, in_unit, is_postgres, unit_now
from database.failures import Stage
from database.guarded import GuardedConnection, GuardedUnit
from database.opening import DatabaseAway, serving_lock
from database.units import LoneUnit, Unit, UnitKind, UnitMisuse

__all__ = [
    "DatabaseAway", "UnitMisuse", "afterwards", "all_of", "among", "asked_once", "engine", "id_of", "in_selected", "in_unit",
    "is_postgres", "moment_of", "none_of", "one_of_numbers", "outside", "plan_anew", "put_together", "row_lock", "rows_of",
    "select", "serving_lock", "some_of",
]  # fmt: skip

UnitOfWork = AbstractAsyncContextManager[None]
_Lockable = TypeVar("_Lockable", Select[Any], Objects[Any])


async def open(chosen: Settings) -> None:  # noqa: A001 - read as database.open
    """Points the one engine at this database, of the same kind. Raises SettingsError when it can't be reached or written,
    DatabaseAway when waiting may help.
    """
    if chosen.is_sqlite:
        opening.prepare_file(chosen)
    try:
        await engine().open(str(chosen.sqlite_path) if chosen.is_sqlite else chosen.database_url, chosen.pool_size)
    except Exception as error:
        raise opening.refusal_of(error, chosen) from error


async def close() -> None:
    await engine().close()


def read() -> UnitOfWork:
    """``async with database.read():`` queries inside see one snapshot and can't write.

    Opened inside another read of this task it is part of that one: the same snapshot, which ends with the outer block.
    """
    return _unit(UnitKind.READ)


def read_one() -> UnitOfWork:
    """``async with database.read_one():`` the one statement inside sees a snapshot of its own: BEGIN and COMMIT are saved.

    Inside a read it is part of that one.
    """
    return _unit(UnitKind.READ, LoneUnit)


def write() -> UnitOfWork:
    """``async with database.write():`` one change. For ``audit.recording`` and migrations only (tests/house/test_doors.py)."""
    return _unit(UnitKind.WRITE)


def housekeeping() -> UnitOfWork:
    """``async with database.housekeeping():`` may write HOUSEKEEPING_TABLES and nothing else."""
    return _unit(UnitKind.HOUSEKEEPING, GuardedUnit)


async def probe() -> None:
    """One small write that changes nothing, as far as the disk. Raises Busy, Away where nothing can be saved."""
    async with _unit(UnitKind.HOUSEKEEPING, GuardedUnit):
        await engine().touch(unit_now().raw)


@asynccontextmanager
async def _unit(kind: UnitKind, of: type[Unit] = Unit) -> AsyncIterator[None]:
    if in_unit():
        if {kind, unit_now().kind} != {UnitKind.READ}:
            raise UnitMisuse("units of work do not nest: pass what the inner verb needs, such as `record`")
        yield
        return
    stage = Stage.CONNECTING
    try:
        async with _connected(kind, of) as unit:
            stage = Stage.BEGINNING
            if of is not LoneUnit:
                await engine().begin(unit.raw, kind)
            stage = Stage.WORKING
            yield
            stage = Stage.COMMITTING
            if of is not LoneUnit:
                await _to_the_end(_commit(unit))
    except Exception as error:
        refusal = failures.refusal_of(error, kind, stage)
        if refusal is not None:
            raise refusal from error
        raise
    for work in unit.afterwards:
        await work()


@asynccontextmanager
async def _connected(kind: UnitKind, of: type[Unit]) -> AsyncIterator[Unit]:
    """A connection that is this unit's until the end, when it is rolled back unless it was committed."""
    store = engine()
    async with store.connection(kind) as connection:
        unit = of(connection, kind)
        token = store.current_transaction.set(unit)
        try:
            yield unit
        except BaseException:
            await _to_the_end(store.rollback(connection))
            raise
        finally:
            unit.alive = False
            store.current_transaction.reset(token)


async def _commit(unit: Unit) -> None:
    await engine().commit(unit.raw)
    if unit.changes_something:
        saving.note()


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Runs COMMIT or ROLLBACK to its end even when the caller is cancelled, then raises the cancellation.

    A COMMIT cancelled half-way had committed 200 times of 200 on SQLite: only its real end tells what happened.
    """
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001 - task.result() below raises it
            break
    task.result()
    if cancelled is not None:
        raise cancelled


def locked(query: _Lockable) -> _Lockable:
    """FOR UPDATE on PostgreSQL; SQLite's single writer already holds the only lock there is."""
    return query.lock_rows("UPDATE") if is_postgres() else query


def held(query: _Lockable) -> _Lockable:
    """Like ``locked``, but shared: many may hold these rows at once, and whoever wants them alone waits for all of these."""
    return query.lock_rows("KEY SHARE") if is_postgres() else query


async def insert_rows(table: type[Table], columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> None:
    """Bulk insert inside a write unit, or of housekeeping's tables: COPY on PostgreSQL, one prepared statement on SQLite.

    Values in column order.
    """
    name = table._meta.tablename  # noqa: SLF001
    await engine().copy(_filling(name), name, _names(columns), rows)


async def update_rows(table: type[Table], columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> None:
    """Bulk update, where ``insert_rows`` may insert, one prepared statement. Values in column order, then the row's id."""
    name = table._meta.tablename  # noqa: SLF001
    await engine().update(_filling(name), name, _names(columns), rows)


async def scrub(*tables: type[Table]) -> bool:
    """Outside any unit: takes what was deleted from ``tables`` out of the database's own files, as far as that is ours to do.

    True when nothing is left in them; False when only whoever owns the database, or trying again later, gets that far.
    """
    if in_unit():
        raise UnitMisuse("scrubbing needs the writer to itself: end the unit first")
    try:
        return await engine().scrub([table._meta.tablename for table in tables])  # noqa: SLF001
    except Exception as error:
        if failures.is_passing(error):
            return False
        raise


def shape(table: type[Table], columns: Sequence[Column], *, keys: int = 0, merging: str = "") -> Shape:
    """Rows for ``write_together``: to insert or, with ``keys``, to update the rows that the first ``keys`` columns name.

    ``merging`` is what to do with a row that is there already: the SQL after ON CONFLICT.
    """
    return Shape(table._meta.tablename, tuple(_names(columns)), tuple(columns), keys, merging)  # noqa: SLF001


async def write_together(*given: Batch) -> None:
    """Inserts and updates of several tables inside a write unit, in one trip to the database, in no order to rely on.

    Each is a shape and its rows, values in column order.
    """
    connection, filled = _writing(), [(shape, rows) for shape, rows in given if rows]
    if filled:
        await (batches.all_at_once if is_postgres() else batches.one_by_one)(connection, filled)


def _writing() -> Any:
    unit = unit_now()
    if unit.kind is not UnitKind.WRITE:
        raise UnitMisuse("rows in bulk need a write unit")
    return unit.connection


def _filling(table: str) -> Any:
    connection = unit_now().connection
    return connection.to_fill(table) if isinstance(connection, GuardedConnection) else connection


def _names(columns: Sequence[Column]) -> list[str]:
    return [column._meta.db_column_name for column in columns]  # noqa: SLF001 - Piccolo has no public name for it


@contextmanager
def duplicates(refusal: Refusal) -> Iterator[None]:
    """Turns the unique index's refusal into ours: ``with database.duplicates(Conflict("…")): await row.save()``."""
    try:
        yield
    except Exception as error:
        if failures.is_duplicate(error):
            raise refusal from error
        raise


@contextmanager
def references(refusal: Refusal) -> Iterator[None]:
    """The same of a row that can't be deleted, because another refers to it."""
    try:
        yield
    except Exception as error:
        if failures.is_referred_to(error):
            raise refusal from error
        raise

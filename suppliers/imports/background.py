"""The long steps of an import, in the background: reading, checking, importing.

A process takes a lease on the import and renews it with every step; when the process dies, the lease ends and the next look
at the import, in whichever process, carries on. Reading and checking begin anew; importing goes on with the next batch.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID, uuid4

import structlog

import database
from base import clock
from base.refusals import Busy, Invalid, Refusal
from base.spreadsheets import reading_worker
from base.spreadsheets.cells import SheetRow, column_letters
from base.spreadsheets.reading import SCHOOLS
from base.spreadsheets.reading_worker import BookPreview
from base.viewer import Viewer
from suppliers.imports import adding, checking
from suppliers.imports.states import ImportState, RowKind, SheetSummary, UnderstoodFile, cells_of, seen_of
from suppliers.imports.tables import Import, ImportRow
from suppliers.lists import columns
from suppliers.lists.supplier_file import READ_FIRST

LEASE: Final = timedelta(seconds=60)  # longer than the longest step between two beats
WAIT: Final = 4.0  # seconds that a request waits for the end: most lists are ready by then, and nobody sees a progress page
MOST_AT_ONCE: Final = 2  # imports that one process works on; the rest wait their turn
MOST_WAITING: Final = 100  # imports that wait for a turn; a further one begins when somebody looks at it and a turn is free
WRONG: Final = "Something went wrong on our side. Nothing more was imported. Try again, or choose the file again."
NO_SHEET: Final = "There is no table of suppliers in this file: no row of headings, and no column that looks like names."

Beat = Callable[[int, int], Coroutine[Any, Any, None]]

_running: dict[UUID, asyncio.Task[None]] = {}
_waiting: dict[UUID, Viewer] = {}  # who wants it done; in the order in which they begin


class LeaseLost(Exception):
    """Another process took over, or the import was removed."""


async def carry_on(viewer: Viewer, import_id: UUID, *, wait: float = WAIT) -> None:
    """Does what the import waits for, if anything; returns when that is done, or after ``wait`` seconds.

    Where MOST_AT_ONCE are under way, it begins when one of them has ended.
    """
    task = _running.get(import_id)
    if task is None or task.done():
        if len(_running) >= MOST_AT_ONCE:
            if len(_waiting) < MOST_WAITING:
                _waiting[import_id] = viewer
            return
        task = _begin(viewer, import_id)
    await asyncio.wait([task], timeout=wait)


def _begin(viewer: Viewer, import_id: UUID) -> asyncio.Task[None]:
    _waiting.pop(import_id, None)
    task = _running[import_id] = asyncio.create_task(_work(viewer, import_id))
    task.add_done_callback(lambda _: _ended(import_id))
    return task


def _ended(import_id: UUID) -> None:
    _running.pop(import_id, None)
    if _waiting and len(_running) < MOST_AT_ONCE:
        first = next(iter(_waiting))
        _begin(_waiting[first], first)


async def stop() -> None:
    """At the end of the process: whatever is under way is carried on by the next one."""
    _waiting.clear()
    for task in list(_running.values()):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _work(viewer: Viewer, import_id: UUID) -> None:
    me = uuid4()
    with suppress(LeaseLost, Busy):  # busy: the next look carries on
        try:
            while (state := await _take(import_id, me)) is not None:
                holding = asyncio.create_task(_hold(import_id, me))
                try:
                    await _step(viewer, import_id, state, me)
                finally:
                    holding.cancel()
        finally:
            await _let_go(import_id, me)


async def _hold(import_id: UUID, me: UUID) -> None:
    """Renews the lease through steps that report nothing for a while."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 4)
        with suppress(Busy):
            async with database.housekeeping():
                held = (Import.id == import_id) & (Import.leased_by == me)
                await Import.update({Import.lease: clock.now() + LEASE}).where(held)


async def _step(viewer: Viewer, import_id: UUID, state: ImportState, me: UUID) -> None:
    async def beat(done: int, total: int) -> None:
        await _renew(import_id, me, done, total)

    try:
        await _STEPS[state](viewer, import_id, beat)
    except (LeaseLost, Busy):
        raise
    except Refusal as refusal:
        await _end(import_id, state, refusal.sentence)
    except Exception:  # noqa: BLE001 - whoever looks at the import has to hear of it
        structlog.get_logger("vouch").exception("import_failed", step=state.value)
        await _end(import_id, state, WRONG)


async def _take(import_id: UUID, me: UUID) -> ImportState | None:
    """Takes the lease; returns what is to be done, None when that is nothing, or another process does it."""
    now = clock.now()
    free = Import.lease.is_null() | (Import.lease < now) | (Import.leased_by == me)
    mine: dict[Any, Any] = {Import.lease: now + LEASE, Import.leased_by: me}
    work = [state.value for state in ImportState if state.is_work]
    async with database.housekeeping():
        waiting = (Import.id == import_id) & database.among(Import.state, work) & free
        taken = await Import.update(mine).where(waiting).returning(Import.state)
    return ImportState(taken[0]["state"]) if taken else None


async def _let_go(import_id: UUID, me: UUID) -> None:
    left: dict[Any, Any] = {Import.lease: None, Import.leased_by: None}
    async with database.housekeeping():
        await Import.update(left).where((Import.id == import_id) & (Import.leased_by == me))


async def _renew(import_id: UUID, me: UUID, done: int, total: int) -> None:
    now: dict[Any, Any] = {Import.lease: clock.now() + LEASE, Import.done: done, Import.total: total}
    async with database.housekeeping():
        held = (Import.id == import_id) & (Import.leased_by == me)
        if not await Import.update(now).where(held).returning(Import.id):
            raise LeaseLost


async def _end(import_id: UUID, state: ImportState, sentence: str) -> None:
    """A file that can't be read is not kept; an import that stopped half-way can go on."""
    ended = ImportState.STOPPED if state is ImportState.IMPORTING else ImportState.REFUSED
    change: dict[Any, Any] = {Import.state: ended.value, Import.sentence: sentence[:1000]}
    async with database.housekeeping():
        if ended is ImportState.REFUSED:
            await ImportRow.delete().where(ImportRow.import_id == import_id)
            change[Import.file] = None
        await Import.update(change).where((Import.id == import_id) & (Import.state == state.value))


async def _read(_viewer: Viewer, import_id: UUID, beat: Beat) -> None:
    async with database.read():
        row = await Import.select(Import.file, Import.understood).where(Import.id == import_id).first()
    if row is None or row["file"] is None:
        raise LeaseLost
    wanted = seen_of(row["understood"])
    with TemporaryDirectory(prefix="vouch-import-") as folder:
        path = Path(folder) / "suppliers"
        await asyncio.to_thread(path.write_bytes, bytes(row["file"]))
        seen = await _read_sheet(path, import_id, wanted.sheet if wanted else None, beat)
    change: dict[Any, Any] = {Import.state: ImportState.MAPPING.value, Import.understood: seen.as_json(), Import.fields: ""}
    async with database.housekeeping():
        await Import.update(change).where((Import.id == import_id) & (Import.state == ImportState.READING.value))


async def _read_sheet(path: Path, import_id: UUID, sheet: int | None, beat: Beat) -> UnderstoodFile:
    """Writes the rows of the sheet, or of the likeliest one, into the database; returns how the file was understood."""
    book = await reading_worker.looked_at(path, SCHOOLS, first=READ_FIRST)
    sheet = _likeliest(book) if sheet is None else sheet
    async with database.housekeeping():
        await ImportRow.delete().where(ImportRow.import_id == import_id)
    done, formulas = 0, dict[int, str]()
    async for rows in reading_worker.rows_of(path, SCHOOLS, sheet=sheet):
        async with database.housekeeping():
            await database.insert_rows(ImportRow, _COLUMNS, [_row(import_id, row) for row in rows])
        done += len(rows)
        for row in rows:
            for at in row.formulas:
                formulas.setdefault(at, f"{column_letters(at)}{row.number}")
        await beat(done, 0)
    understood = columns.understand(book.sheets[sheet].first)
    sheets = tuple(SheetSummary(one.name, one.is_hidden, one.hidden_rows) for one in book.sheets)
    return UnderstoodFile(book.said, sheets, sheet, understood.header, understood.columns, formulas)


def _likeliest(book: BookPreview) -> int:
    """The sheet with a column of names under headings, else with any; those that show before hidden ones. Raises Invalid."""
    best: tuple[int, int] | None = None
    for n, sheet in enumerate(book.sheets):
        understood = columns.understand(sheet.first)
        if understood.has_name:
            known = sum(column.field is not None for column in understood.columns)
            worth = 100 * (not sheet.is_hidden) + 10 * bool(understood.header) + known
            best = max(best or (-1, 0), (worth, -n))
    if best is None:
        raise Invalid(NO_SHEET)
    return -best[1]


_COLUMNS: Final = (
    ImportRow.id, ImportRow.import_id, ImportRow.number, ImportRow.kind, ImportRow.cells, ImportRow.name, ImportRow.said,
    ImportRow.flaws, ImportRow.facts, ImportRow.options, ImportRow.choice,
)  # fmt: skip


def _row(import_id: UUID, row: SheetRow) -> tuple[Any, ...]:
    return (uuid4(), import_id, row.number, RowKind.READ.value, cells_of(row), "", "", "", "", "", "")


_STEPS: Final[dict[ImportState, Callable[[Viewer, UUID, Beat], Coroutine[Any, Any, None]]]] = {
    ImportState.READING: _read,
    ImportState.CHECKING: checking.check,
    ImportState.IMPORTING: adding.add_all,
}

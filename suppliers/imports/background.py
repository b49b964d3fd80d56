"""The long steps of an import, in the background and under a lease: reading, checking, importing.

When a process dies, the next look at the import carries on: reading and checking begin anew, importing goes on with the next
batch.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base.refusals import Invalid
from base.spreadsheets import reading_worker
from base.spreadsheets.cells import SheetRow, column_letters
from base.spreadsheets.reading import SCHOOLS
from base.spreadsheets.reading_worker import BookPreview
from base.viewer import Viewer
from database.leased import WAIT, Beat, LeasedWork, LeaseLost, Step
from suppliers.imports import adding, checking, imports, remembered
from suppliers.imports.states import ImportState, RowKind, SheetSummary, UnderstoodFile, cells_of, seen_of
from suppliers.imports.tables import Import, ImportRow
from suppliers.lists import columns
from suppliers.lists.columns import Understood
from suppliers.lists.supplier_file import READ_FIRST

WRONG: Final = "Something went wrong on our side. Nothing more was imported. Try again, or choose the file again."
NO_SHEET: Final = "There is no table of suppliers in this file: no row of headings, and no column that looks like names."


async def carry_on(viewer: Viewer, import_id: UUID, *, wait: float = WAIT) -> None:
    """Does what the import waits for, if anything; returns when that is done, or after ``wait`` seconds."""
    await work.carry_on(viewer, import_id, wait=wait)


async def stop() -> None:
    """At the end of the process: whatever is under way is carried on by the next one."""
    await work.stop()


async def _end(import_id: UUID, state: str, sentence: str) -> None:
    """A file that can't be read is not kept; an import that stopped half-way can go on."""
    ended = ImportState.STOPPED if state == ImportState.IMPORTING else ImportState.REFUSED
    change: dict[Any, Any] = {Import.state: ended.value, Import.sentence: sentence[:1000]}
    async with database.housekeeping():
        if ended is ImportState.REFUSED:
            await ImportRow.delete().where(ImportRow.import_id == import_id)
            change[Import.file] = None
        await Import.update(change).where((Import.id == import_id) & (Import.state == state))


async def _read(viewer: Viewer, import_id: UUID, beat: Beat) -> None:
    async with database.read():
        row = await Import.select(Import.file, Import.understood).where(Import.id == import_id).first()
    if row is None or row["file"] is None:
        raise LeaseLost
    wanted = seen_of(row["understood"])
    with TemporaryDirectory(prefix="vouch-import-") as folder:
        path = Path(folder) / "suppliers"
        await asyncio.to_thread(path.write_bytes, bytes(row["file"]))
        seen = await _as_last_time(viewer, import_id, await _read_sheet(path, import_id, wanted.sheet if wanted else None, beat))
    change: dict[Any, Any] = {Import.state: ImportState.MAPPING.value, Import.understood: seen.as_json(), Import.fields: ""}
    async with database.housekeeping():
        await Import.update(change).where((Import.id == import_id) & (Import.state == ImportState.READING.value))


async def _as_last_time(viewer: Viewer, import_id: UUID, seen: UnderstoodFile) -> UnderstoodFile:
    """With what the school said that columns of these headings hold; a column of formulas is never used."""
    said = await remembered.columns_as_last_time(viewer.school, seen.columns)
    if said is None:
        return seen
    fields = [None if at in seen.formulas else field for at, field in enumerate(said)]
    chosen = columns.as_chosen(Understood(seen.header, seen.columns), await imports.first_rows(import_id), fields)
    return replace(seen, columns=chosen.columns, is_as_last_time=True)


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
    sheets = tuple(SheetSummary(one.name, one.is_hidden, one.hidden_rows, one.unseen) for one in book.sheets)
    return UnderstoodFile(book.said, sheets, sheet, understood.header, understood.columns, formulas)


def _likeliest(book: BookPreview) -> int:
    """The sheet with a column of names under headings, else with any, else with headings alone, of which a person then says
    which is the name's; those that show before hidden ones. Raises Invalid.
    """
    best: tuple[int, int] | None = None
    for n, sheet in enumerate(book.sheets):
        understood = columns.understand(sheet.first)
        if understood.has_name or understood.header:
            known = sum(column.field is not None for column in understood.columns)
            worth = 1000 * understood.has_name + 100 * (not sheet.is_hidden) + 10 * bool(understood.header) + known
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


_STEPS: Final[dict[str, Step[Viewer]]] = {
    ImportState.READING.value: _read,
    ImportState.CHECKING.value: checking.check,
    ImportState.IMPORTING.value: adding.add_all,
}
work: Final = LeasedWork(Import, _STEPS, _end, called="import", wrong=WRONG)

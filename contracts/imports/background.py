"""The long steps of an import, in the background and under a lease: reading, checking, importing.

When a process dies, the next look at the import carries on: reading and checking begin anew, importing goes on with the next
batch.
"""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base.viewer import Viewer
from contracts.imports import adding, checking
from contracts.imports.tables import NameInFile, RegisterImport, RegisterRow
from contracts.register_rows import register_worker
from contracts.register_rows.register_worker import BookSeen, SkippedRow
from contracts.register_rows.row_read import RowRead
from contracts.register_rows.states import ImportState, RowKind
from database.leased import WAIT, Beat, LeasedWork, LeaseLost, Step

WRONG: Final = "Something went wrong on our side. Nothing more was imported. Try again, or choose the file again."
LONGEST_SHEET: Final = 100  # characters of its name


async def carry_on(viewer: Viewer, import_id: UUID, *, wait: float = WAIT) -> None:
    """Does what the import waits for, if anything; returns when that is done, or after ``wait`` seconds."""
    await work.carry_on(viewer, import_id, wait=wait)


async def stop() -> None:
    """At the end of the process: whatever is under way is carried on by the next one."""
    await work.stop()


async def _end(import_id: UUID, state: str, sentence: str) -> None:
    """A file that can't be read is not kept; an import that stopped half-way can go on."""
    ended = ImportState.REFUSED if state == ImportState.READING else ImportState.STOPPED
    change: dict[Any, Any] = {RegisterImport.state: ended.value, RegisterImport.sentence: sentence[:1000]}
    async with database.housekeeping():
        if ended is ImportState.REFUSED:
            await RegisterRow.delete().where(RegisterRow.import_id == import_id)
            change[RegisterImport.file] = None
        await RegisterImport.update(change).where((RegisterImport.id == import_id) & (RegisterImport.state == state))


async def _read(_viewer: Viewer, import_id: UUID, beat: Beat) -> None:
    async with database.read():
        wanted = RegisterImport.select(RegisterImport.file, RegisterImport.chosen).where(RegisterImport.id == import_id)
        row = await wanted.first()
    if row is None or row["file"] is None:
        raise LeaseLost
    async with database.housekeeping():
        for table in (RegisterRow, NameInFile):
            await table.delete().where(table.import_id == import_id)
    with TemporaryDirectory(prefix="vouch-import-") as folder:
        path = Path(folder) / "contracts"
        await asyncio.to_thread(path.write_bytes, bytes(row["file"]))
        seen = await _read_rows(path, import_id, json.loads(row["chosen"] or "{}"), beat)
    understood = json.dumps(asdict(seen), ensure_ascii=False)
    change: dict[Any, Any] = {RegisterImport.state: ImportState.CHECKING.value, RegisterImport.understood: understood}
    async with database.housekeeping():
        still = (RegisterImport.id == import_id) & (RegisterImport.state == ImportState.READING.value)
        await RegisterImport.update(change).where(still)


async def _read_rows(path: Path, import_id: UUID, chosen: dict[str, Any], beat: Beat) -> BookSeen:
    """Writes the rows into the database; returns how the file was understood."""
    seen, place = BookSeen("", ()), 0
    async for line in register_worker.read(path, chosen):
        if isinstance(line, BookSeen):
            seen = line
            continue
        found: list[RowRead | SkippedRow] = [*line]
        rows = [_row(import_id, place + n, one) for n, one in enumerate(found, start=1)]
        place += len(rows)
        async with database.housekeeping():
            await database.insert_rows(RegisterRow, _COLUMNS, rows)
        await beat(place, 0)
    return seen


def _row(import_id: UUID, place: int, one: RowRead | SkippedRow) -> tuple[Any, ...]:
    new = uuid4()
    if isinstance(one, RowRead):
        read, title = json.dumps(one.as_dict(), ensure_ascii=False), one.cells.get("title", "")
        kept = (one.number, one.sheet[:LONGEST_SHEET], RowKind.READ.value, title[:200], "", read)
    else:
        sheet, number, why = one
        kept = (number, sheet[:LONGEST_SHEET], RowKind.SKIPPED.value, "", why[:1000], "")
    return (new, import_id, place, *kept, "", "", None, None, None)


_COLUMNS: Final = (
    RegisterRow.id, RegisterRow.import_id, RegisterRow.place, RegisterRow.number, RegisterRow.sheet, RegisterRow.kind,
    RegisterRow.title, RegisterRow.said, RegisterRow.read, RegisterRow.answers, RegisterRow.choice, RegisterRow.twin,
    RegisterRow.twin_place, RegisterRow.contract,
)  # fmt: skip
_STEPS: Final[dict[str, Step[Viewer]]] = {
    ImportState.READING.value: _read,
    ImportState.CHECKING.value: checking.check,
    ImportState.IMPORTING.value: adding.add_all,
}
work: Final = LeasedWork(RegisterImport, _STEPS, _end, called="contracts_import", wrong=WRONG)

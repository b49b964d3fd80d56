"""The rows that an import leaves out, as a spreadsheet: as they were, with a column that says why, to be mended and used."""

import json
from collections.abc import AsyncIterator
from typing import Any, BinaryIO, Final
from uuid import UUID

import database
from base.spreadsheets.writing import TableFormat
from base.viewer import Viewer, must_write
from suppliers.imports.imports import must_have
from suppliers.imports.states import RowChoice, RowKind, seen_of
from suppliers.imports.tables import ImportRow

AT_ONCE: Final = 500  # rows read at a time
HEADING: Final = "Error"
ROW: Final = "Row"
SHEET: Final = "To mend"
WAITING: Final = "Vouch asks whether this is another supplier, and has no answer yet."
SKIPPED: Final = "You chose to leave this row out."


async def errors(viewer: Viewer, import_id: UUID, made_as: TableFormat, *, to: BinaryIO) -> int:
    """Writes the rows that are wrong, wait for an answer or lose something; returns how many. Raises NotFound, Forbidden."""
    must_write(viewer)
    async with database.read():
        found = await must_have(viewer, import_id)
    seen = seen_of(found["understood"])
    titles = [column.title or column.letters for column in seen.columns] if seen else []
    writer = made_as.writer(to, sheet=SHEET)
    writer.add([HEADING, ROW, *titles])
    count = 0
    async for row in _rows(import_id):
        cells, _ = json.loads(row["cells"])
        writer.add([_why(row), str(row["number"]), *cells])
        count += 1
    writer.close()
    return count


async def _rows(import_id: UUID) -> AsyncIterator[dict[str, Any]]:
    after = -1
    mine = (ImportRow.import_id == import_id) & (
        (ImportRow.kind == RowKind.WRONG.value) | (ImportRow.kind == RowKind.ASK.value) | (ImportRow.flaws != "")
    )
    while True:
        async with database.read():
            further = mine & (ImportRow.number > after)
            rows = await ImportRow.select(*_COLUMNS).where(further).order_by(ImportRow.number).limit(AT_ONCE)
        for row in rows:
            is_answered = row["kind"] == RowKind.ASK and row["choice"] not in ("", RowChoice.SKIP) and not row["flaws"]
            if not is_answered and json.loads(row["cells"]) != [[], ""]:
                yield row
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["number"]


def _why(row: dict[str, Any]) -> str:
    said = []
    if row["kind"] == RowKind.WRONG:
        said.append(f"{row['said'][:1].upper()}{row['said'][1:]}.")
    elif row["kind"] == RowKind.ASK and row["choice"] == "":
        said.append(WAITING)
    elif row["kind"] == RowKind.ASK and row["choice"] == RowChoice.SKIP:
        said.append(SKIPPED)
    said += [f"Left out: {flaw}" for flaw in row["flaws"].splitlines()]
    return " ".join(said)


_COLUMNS: Final = (
    ImportRow.number, ImportRow.kind, ImportRow.cells, ImportRow.said, ImportRow.flaws, ImportRow.choice,
)  # fmt: skip

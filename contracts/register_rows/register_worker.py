"""Reads a register in a process of its own: a large workbook takes seconds of computing and a hundred MB."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from base import worker
from base.refusals import Invalid
from base.spreadsheets import reading
from base.spreadsheets.cells import SheetRow
from base.spreadsheets.reading import Sheet
from contracts.register_file import register_file
from contracts.register_file.headings import Field
from contracts.register_file.layout import LOOKED_AT, Chosen, Column
from contracts.register_file.register_file import LIMITS, NO_HEADINGS, NOT_IMPORTED
from contracts.register_rows import row_read
from contracts.register_rows.row_read import RowRead
from contracts.sheets import own_columns

AT_ONCE: Final = 200  # rows of one line
SAMPLES: Final = 3
LONGEST_SAMPLE: Final = 60  # characters
NOTED, LEFT_OUT = "notes_with_heading", "left_out"  # what a column may hold beside a field


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """``held`` is a field of register_file, NOTED or LEFT_OUT."""

    at: int
    title: str
    held: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """``header`` 0: nothing was read of it. ``own``: a sheet of ours, whose columns are known."""

    name: str
    header: int
    own: bool
    columns: tuple[ColumnSeen, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookSeen:
    said: str
    sheets: tuple[SheetSeen, ...]


SkippedRow = tuple[str, int, str]  # sheet, number, why


def book_seen(given: Mapping[str, Any]) -> BookSeen:
    """Of what ``asdict`` gave and JSON kept."""
    return BookSeen(given["said"], tuple(_sheet_seen(each) for each in given["sheets"]))


def _sheet_seen(given: Mapping[str, Any]) -> SheetSeen:
    columns = tuple(ColumnSeen(**{**each, "samples": tuple(each["samples"])}) for each in given["columns"])
    return SheetSeen(**{**given, "columns": columns, "remarks": tuple(given["remarks"])})


async def read(path: Path, chosen: Mapping[str, Any]) -> AsyncIterator[BookSeen | list[RowRead] | list[SkippedRow]]:
    """How the book was understood, then its rows, some at a time, then what was left out. Raises Invalid, TooLarge.

    ``chosen`` by the name of a sheet: ``{"header": 4, "held": {"0": "title"}}``.
    """
    async with worker.child(__name__, {"path": str(path), "chosen": chosen}) as lines:
        async for line in lines:
            if "book" in line:
                yield book_seen(line["book"])
            elif "rows" in line:
                yield [row_read.row_read(each) for each in line["rows"]]
            else:
                yield [(sheet, number, why) for sheet, number, why in line["skipped"]]


def _answers(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the child sends back."""
    seen, rows, skipped = [], list[RowRead](), list[SkippedRow]()
    with reading.opened(Path(order["path"]), LIMITS) as book:
        read_all = [(sheet, list(sheet.rows())) for sheet in book.sheets]
        own = [_own_header(rows) for _, rows in read_all]
        for (sheet, lines), columns in zip(read_all, own, strict=True):
            if any(own) and not columns:
                continue  # the explanations beside our own sheet
            one = _own_sheet(sheet, lines, *columns) if columns else _register(sheet, lines, order["chosen"].get(sheet.name))
            seen.append(one[0])
            rows += one[1]
            skipped += one[2]
    if not any(one.header for one in seen):
        raise Invalid(NO_HEADINGS)
    yield {"book": asdict(BookSeen(book.said, tuple(seen)))}
    every = iter(rows)
    while some := list(islice(every, AT_ONCE)):
        yield {"rows": [each.as_dict() for each in some]}
    yield {"skipped": skipped}


def _own_header(rows: list[SheetRow]) -> tuple[int, dict[int, str]] | None:
    for row in rows[:LOOKED_AT]:
        if columns := own_columns.recognised(row.cells):
            return row.number, columns
    return None


Read = tuple[SheetSeen, list[RowRead], list[SkippedRow]]


def _own_sheet(sheet: Sheet, lines: list[SheetRow], header: int, columns: dict[int, str]) -> Read:
    rows, skipped = [], []
    for line in (one for one in lines if one.number > header):
        if line.problem:
            skipped.append((sheet.name, line.number, f"can't be read: {line.problem}"))
            continue
        found = row_read.of_own_sheet(sheet.name, line, columns)
        kept_by = found.cells.get(own_columns.KEPT_BY, "")
        if kept_by:
            skipped.append((sheet.name, line.number, f"kept by {kept_by}"))
        else:
            rows.append(found)
    titles = next(one.cells for one in lines if one.number == header)
    unknown = [title for at, title in enumerate(titles) if title and at not in columns]
    remarks = (f"Columns that are none of Vouch's, and so not imported: {', '.join(unknown)}.",) if unknown else ()
    return SheetSeen(sheet.name, header, own=True, columns=(), remarks=remarks), rows, skipped


def _register(sheet: Sheet, lines: list[SheetRow], said: Mapping[str, Any] | None) -> Read:
    held = {int(at): what for at, what in said["held"].items()} if said else {}
    fields = {at: Field(what) if what not in (NOTED, LEFT_OUT) else None for at, what in held.items()}
    chosen = Chosen(said["header"], fields) if said else None
    found = register_file.read_sheet(sheet, lines, named=sheet.name or None, chosen=chosen)
    left_out = {column.title for column in found.columns if held.get(column.at) == LEFT_OUT}
    rows = [row_read.of_register(found, contract, left_out) for contract in found.contracts]
    columns = tuple(_seen(column, held, lines, found.header) for column in found.columns if column.title)
    seen = SheetSeen(sheet.name, found.header, own=False, columns=columns, remarks=tuple(found.remarks))
    return seen, rows, [(sheet.name, each.row, each.why) for each in found.skipped]


def _seen(column: Column, held: Mapping[int, str], lines: list[SheetRow], header: int) -> ColumnSeen:
    filled = (
        row.cells[column.at] for row in lines if row.number > header and column.at < len(row.cells) and row.cells[column.at]
    )
    samples = tuple(" ".join(cell.split())[:LONGEST_SAMPLE] for cell in islice(filled, SAMPLES))
    is_taken = column.meaning is not None and column.is_used and column.meaning.field not in NOT_IMPORTED
    otherwise = column.meaning.field.value if is_taken and column.meaning else NOTED
    return ColumnSeen(column.at, column.title, held.get(column.at, otherwise), samples)


if __name__ == "__main__":
    worker.main(_answers)

"""Reads a spreadsheet in a process of its own: a large workbook takes seconds of computing and a hundred MB."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from base import worker
from base.refusals import Invalid
from base.spreadsheets import reading
from base.spreadsheets.cells import Limits, SheetRow

AT_ONCE: Final = 200  # rows of one line


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """A sheet with its first rows, as many as were asked for."""

    name: str
    is_hidden: bool
    hidden_rows: int
    first: tuple[SheetRow, ...]
    merged: tuple[str, ...] = ()
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class BookPreview:
    said: str
    sheets: tuple[SheetPreview, ...]


async def looked_at(path: Path, limits: Limits, *, first: int) -> BookPreview:
    """Every sheet with its ``first`` rows. Raises Invalid, TooLarge."""
    async with worker.child(__name__, order_for(path, limits, first=first)) as lines:
        async for line in lines:
            return preview_in(line)
    raise Invalid(worker.TOO_MUCH)


async def rows_of(path: Path, limits: Limits, *, sheet: int) -> AsyncIterator[list[SheetRow]]:
    """The rows of one sheet, some at a time. Raises Invalid, TooLarge, also half-way."""
    async with worker.child(__name__, order_for(path, limits, sheet=sheet)) as lines:
        async for line in lines:
            yield rows_in(line)


def rows_in(line: dict[str, Any]) -> list[SheetRow]:
    return [_row(row) for row in line["rows"]]


def preview_in(line: dict[str, Any]) -> BookPreview:
    return BookPreview(line["said"], tuple(_previewed(sheet) for sheet in line["sheets"]))


def _previewed(sheet: dict[str, Any]) -> SheetPreview:
    return SheetPreview(**sheet | {"first": tuple(map(_row, sheet["first"])), "merged": tuple(sheet["merged"])})


def order_for(path: Path, limits: Limits, **wanted: int) -> dict[str, Any]:
    return {"path": str(path), "limits": asdict(limits), **wanted}


def _row(values: list[Any]) -> SheetRow:
    number, cells, problem, formulas, lines = values
    return SheetRow(number, tuple(cells), problem, tuple(formulas), lines)


def _answers(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the child sends back."""
    with reading.opened(Path(order["path"]), Limits(**order["limits"])) as book:
        if "first" in order:
            yield {"said": book.said, "sheets": [_sheet(sheet, order["first"]) for sheet in book.sheets]}
            return
        rows = book.sheets[order["sheet"]].rows()
        while some := list(islice(rows, AT_ONCE)):
            yield {"rows": list(map(_values, some))}


def _sheet(sheet: reading.Sheet, first: int) -> dict[str, Any]:
    rows = list(map(_values, islice(sheet.rows(), first)))
    told = {"name": sheet.name, "is_hidden": sheet.is_hidden, "hidden_rows": sheet.hidden_rows}
    return told | {"merged": sheet.merged, "unseen": sheet.unseen, "first": rows}


def _values(row: SheetRow) -> list[Any]:
    return [row.number, row.cells, row.problem, row.formulas, row.lines]


if __name__ == "__main__":
    worker.main(_answers)

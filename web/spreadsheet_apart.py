"""Reads a spreadsheet in a process of its own: a large workbook takes seconds of computing and a hundred MB, and ends with both.

The child writes lines of JSON to its standard output: first the book, then rows, or one refusal. It gets a path, no
settings and no database, and may use so much memory and time and no more.
"""

import asyncio
import json
import resource
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from web import spreadsheet
from web.cells import Limits, Row
from web.refusals import Invalid, TooLarge

ROOT: Final = Path(__file__).parents[1]
MEMORY: Final = 1_500_000_000  # bytes of address space; 100,000 rows of 10 columns take a third of it
SECONDS: Final = 120  # of computing; 100,000 rows take 20
PATIENCE: Final = 300  # seconds on the clock, on a busy machine
AT_ONCE: Final = 200  # rows of one line of output
LONGEST_LINE: Final = 64 * 1024 * 1024  # bytes: so many of the longest rows, every character escaped

TOO_MUCH: Final = "This file takes too much memory or time to read. Save only the sheet with the suppliers, and choose that."


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """``first`` are as many rows as were asked for."""

    name: str
    is_hidden: bool
    hidden_rows: int
    first: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class BookSeen:
    said: str
    sheets: tuple[SheetSeen, ...]


async def looked_at(path: Path, limits: Limits, *, first: int) -> BookSeen:
    """Every sheet with its ``first`` rows. Raises Invalid, TooLarge."""
    async with _child(path, limits, f"look {first}") as lines:
        async for line in lines:
            sheets = (SheetSeen(**sheet | {"first": tuple(map(_row, sheet["first"]))}) for sheet in line["sheets"])
            return BookSeen(line["said"], tuple(sheets))
    raise Invalid(TOO_MUCH)


async def rows_of(path: Path, limits: Limits, *, sheet: int) -> AsyncIterator[list[Row]]:
    """The rows of one sheet, some at a time. Raises Invalid, TooLarge, also half-way."""
    async with _child(path, limits, f"rows {sheet}") as lines:
        async for line in lines:
            yield [_row(row) for row in line["rows"]]


@asynccontextmanager
async def _child(path: Path, limits: Limits, wanted: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    order = json.dumps({"path": str(path), "limits": asdict(limits), "wanted": wanted})
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "web.spreadsheet_apart", order),
        cwd=ROOT,
        env={"PATH": "", "PYTHONIOENCODING": "utf-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE,
    )
    try:
        yield _lines(child)
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _lines(child: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    assert child.stdout is not None  # noqa: S101 - it was asked for
    is_whole = False
    try:
        async with asyncio.timeout(PATIENCE):
            while raw := await child.stdout.readline():
                line = json.loads(raw)
                if "refused" in line:
                    raise (TooLarge if line["refused"] == TooLarge.__name__ else Invalid)(line["sentence"])
                if is_whole := "end" in line:
                    return
                yield line
    except (TimeoutError, ValueError) as error:  # ValueError: a line that was cut off, or is too long
        raise Invalid(TOO_MUCH) from error
    if not is_whole:
        raise Invalid(TOO_MUCH)


def _row(values: list[Any]) -> Row:
    number, cells, problem, formulas = values
    return Row(number, tuple(cells), problem, tuple(formulas))


def _told(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the child says."""
    what, number = order["wanted"].split()
    try:
        with spreadsheet.opened(Path(order["path"]), Limits(**order["limits"])) as book:
            if what == "look":
                sheets = [
                    {
                        "name": sheet.name,
                        "is_hidden": sheet.is_hidden,
                        "hidden_rows": sheet.hidden_rows,
                        "first": list(map(_values, islice(sheet.rows(), int(number)))),
                    }
                    for sheet in book.sheets
                ]
                yield {"said": book.said, "sheets": sheets}
            else:
                rows = book.sheets[int(number)].rows()
                while some := list(islice(rows, AT_ONCE)):
                    yield {"rows": list(map(_values, some))}
        yield {"end": True}
    except (Invalid, TooLarge) as refusal:
        yield {"refused": type(refusal).__name__, "sentence": refusal.sentence}
    except MemoryError:
        yield {"refused": Invalid.__name__, "sentence": TOO_MUCH}


def _values(row: Row) -> list[Any]:
    return [row.number, row.cells, row.problem, row.formulas]


def main(order: dict[str, Any]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for line in _told(order):
        sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

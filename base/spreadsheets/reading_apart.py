"""``reading.opened`` for whoever computes in the present process and can wait: a workbook is read by a child, at each call anew.

So a file made to do harm ends the child and not the command, or the server, that was given it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from base import worker
from base.spreadsheets import reading, reading_worker
from base.spreadsheets.cells import Limits, SheetRow
from base.spreadsheets.reading import SCHOOLS, Book, Sheet
from base.spreadsheets.reading_worker import SheetPreview

MEMORY: Final = 3_000_000_000  # bytes of address space, for the largest sheet that is read at all: 20 million cells
SECONDS: Final = 3_600  # of computing


@contextmanager
def opened(path: Path, limits: Limits = SCHOOLS) -> Iterator[Book]:
    """The sheets of the file. Raises Invalid or TooLarge with a sentence, here or while the rows are read."""
    if not reading.is_workbook(path, limits):
        with reading.opened(path, limits) as book:
            yield book
        return
    told = reading_worker.preview_in(worker.first_of(_lines(path, limits, first=0)))
    yield Book(tuple(_sheet(path, limits, at, sheet) for at, sheet in enumerate(told.sheets)), told.said)


def _sheet(path: Path, limits: Limits, at: int, told: SheetPreview) -> Sheet:
    def rows() -> Iterator[SheetRow]:
        for line in _lines(path, limits, sheet=at):
            yield from reading_worker.rows_in(line)

    return Sheet(told.name, rows, told.is_hidden, told.hidden_rows, told.merged, told.unseen)


def _lines(path: Path, limits: Limits, **wanted: int) -> Iterator[worker.Line]:
    order = reading_worker.order_for(path.resolve(), limits, **wanted)
    return worker.waited_for(reading_worker.__name__, order, memory=MEMORY, seconds=SECONDS)

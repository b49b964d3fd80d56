"""Rows of a spreadsheet as people have them: CSV in any dialect, also gzipped or zipped, .xlsx, .xls, .xlsb or .ods. Pure.

``with opened(path) as book: for row in book.sheets[0].rows(): ...``. Every cell is text as it reads on the screen, without
outer white space; blank rows are left out and blank cells at the end of a row cut off. Told apart by their bytes; what is no
spreadsheet, could do harm or is too large raises Invalid or TooLarge with a sentence, here or while the rows are read.
A workbook is read by a library that may end the process that it runs in, and takes seconds of computing: everybody but
base/spreadsheets/reading_worker.py goes through base/spreadsheets/reading_apart.py, or through a worker of their own.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from base.refusals import Invalid, TooLarge
from base.spreadsheets import csv_file, dialects, packages, workbook
from base.spreadsheets.cells import LONGEST_CELL, LONGEST_ROW, Limits, SheetRow, clean
from base.spreadsheets.csv_file import BrokenRecord, CsvRecord

SCHOOLS: Final = Limits(packed=10 * 1024 * 1024, unpacked=100_000_000, rows=100_000)
OPERATORS: Final = Limits(packed=csv_file.MOST_PACKED_BYTES, unpacked=csv_file.MOST_BYTES, rows=1_000_000)

SAVE_AS: Final = "Open it in your spreadsheet program, save it as .xlsx or CSV, and choose that file."
EMPTY: Final = "There is nothing in this file, so nothing was imported."
# What people choose instead of a spreadsheet, by first bytes.
_OTHERS: Final = (
    (b"%PDF-", f"This is a PDF. Vouch needs the spreadsheet that it was made from. {SAVE_AS}"),
    (b"{\\rtf", f"This is a text document. {SAVE_AS}"),
    (b"\xff\xd8\xff", "This is a photo. Vouch needs a spreadsheet: .xlsx or CSV."),
    (b"\x89PNG", "This is a picture. Vouch needs a spreadsheet: .xlsx or CSV."),
)
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of any Office file with a password
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|workbook)", re.IGNORECASE)
_HEAD: Final = 8192  # bytes to look at


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str  # "" for the one table of a CSV file
    rows: Callable[[], Iterator[SheetRow]]  # anew at each call
    is_hidden: bool = False
    hidden_rows: int = 0
    merged: tuple[str, ...] = ()  # ranges of cells that are one, as a spreadsheet names them: "A4:A6"
    unseen: str = ""  # a sentence on what can't be seen in a file of this kind


@dataclass(frozen=True, slots=True)
class Book:
    """``said`` is how the file was understood, in words."""

    sheets: tuple[Sheet, ...]
    said: str


@contextmanager
def opened(path: Path, limits: Limits = SCHOOLS) -> Iterator[Book]:
    """The sheets of the file. Raises Invalid or TooLarge with a sentence."""
    with ExitStack() as stack:
        file, head = _begun(path, limits, stack)
        if head.startswith(_OLD_EXCEL) or _is_package(file, head):
            yield _workbook(file, limits, stack, is_old=head.startswith(_OLD_EXCEL))
        else:
            yield _text_table(path, limits)


def is_workbook(path: Path, limits: Limits) -> bool:
    """Whether the file is for the compiled library. Raises Invalid, TooLarge."""
    with ExitStack() as stack:
        file, head = _begun(path, limits, stack)
        return head.startswith(_OLD_EXCEL) or _is_package(file, head)


def _begun(path: Path, limits: Limits, stack: ExitStack) -> tuple[IO[bytes], bytes]:
    """The file and its first bytes, unless they say that it is no spreadsheet of ours."""
    try:
        size = path.stat().st_size
        file = stack.enter_context(path.open("rb"))
        head = file.read(_HEAD)
    except OSError as error:
        raise Invalid(f"The file {path.name} can't be read, so nothing was imported.") from error
    if size > limits.packed:
        raise TooLarge(f"This file is larger than {limits.packed // 1_000_000} MB. Save only the sheet that matters.")
    _refuse_others(head)
    return file, head


def _is_package(file: IO[bytes], head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04") and packages.is_office(file)


def _refuse_others(head: bytes) -> None:
    """Raises Invalid for what is no spreadsheet of ours, with what to do."""
    if not head.strip():
        raise Invalid(EMPTY)
    for first_bytes, sentence in _OTHERS:
        if head.startswith(first_bytes):
            raise Invalid(sentence)
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise Invalid(f"This is a web page or XML with a spreadsheet's name, as some programs export them. {SAVE_AS}")


def _workbook(file: IO[bytes], limits: Limits, stack: ExitStack, *, is_old: bool) -> Book:
    book = stack.enter_context(workbook.opened(file, limits, is_old=is_old))
    sheets = tuple(
        Sheet(
            table.name,
            lambda table=table: _limited(table.rows(), limits),  # type: ignore[misc]
            table.is_hidden,
            table.hidden_rows,
            table.merged,
            table.unseen,
        )
        for table in book.sheets
    )
    return Book(sheets, f"{book.said} with {len(sheets)} sheet{'' if len(sheets) == 1 else 's'}")


def _text_table(path: Path, limits: Limits) -> Book:
    with (
        csv_file.unpacked(path, expected="a list of suppliers", most_packed=limits.packed) as (_, stream),
        csv_file.damage_as_invalid(),
    ):
        dialect = dialects.guessed(stream)

    def rows() -> Iterator[SheetRow]:
        with csv_file.opened(
            path,
            expected="a list of suppliers",
            most_rows=limits.rows + Limits.ABOVE,
            most_bytes=limits.unpacked,
            most_packed=limits.packed,
            delimiter=dialect.delimiter,
        ) as source:
            yield from _limited(_fields(source.records, dialect), limits)

    return Book((Sheet("", rows),), dialect.words)


def _fields(records: Iterator[CsvRecord | BrokenRecord], dialect: dialects.Dialect) -> Iterator[SheetRow]:
    for record in records:
        if isinstance(record, BrokenRecord):
            yield SheetRow(record.line, (clean(record.text),), problem=record.reason)
        elif not (dialect.names_itself and record.line == 1):  # sep=;
            yield SheetRow(record.line, tuple(map(clean, record.fields)), lines=record.lines)


def _limited(rows: Iterator[SheetRow], limits: Limits) -> Iterator[SheetRow]:
    """Without blank rows and blank ends of rows. Raises TooLarge, and Invalid for too many columns."""
    count = 0
    for row in rows:
        width = _width(row.cells)
        if not width and not row.problem and not row.formulas:
            continue
        count += 1
        if count > limits.rows + Limits.ABOVE:
            raise TooLarge(
                f"This file has more than {limits.rows:,} rows, so nothing was imported. Split it and import each part."
            )
        width = max(width, *(at + 1 for at in row.formulas), 0)
        if width > limits.columns:
            raise Invalid(f"Row {row.number} has more than {limits.columns} columns. Delete those that Vouch does not need.")
        cells = row.cells[:width]
        problem = row.problem or _too_long(cells)
        is_whole = width == len(row.cells) and problem == row.problem
        yield row if is_whole else SheetRow(row.number, cells, problem, row.formulas, row.lines)


def _width(cells: tuple[str, ...]) -> int:
    """How many there are without blank ones at the end."""
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return width


def _too_long(cells: tuple[str, ...]) -> str:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return f"a cell is longer than {LONGEST_CELL:,} characters"
    if sum(map(len, cells)) > LONGEST_ROW:
        return f"the row is longer than {LONGEST_ROW:,} characters"
    return ""

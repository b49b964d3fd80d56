"""The sheets of a workbook (.xlsx, .xls, .xlsb, .ods), by python-calamine, after our own pass over the file. Pure.

The library is compiled: what it is given may end the process that it runs in, so this is for one of its own
(base/spreadsheets/reading_worker.py). ADR 0057. Raises Invalid, TooLarge.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final

import python_calamine
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from base.refusals import Invalid, Refusal, TooLarge
from base.spreadsheets import old_excel, packages
from base.spreadsheets.cells import Limits, SheetRow, as_text, column_letters
from base.spreadsheets.marks import DAMAGED, MOST_SHEETS, TOO_MANY_SHEETS, Marks
from base.spreadsheets.packages import LOCKED, MACROS, Package, PackageKind

WORDS: Final = {
    "xlsx": "Excel workbook",
    "xlsb": "Excel binary workbook (.xlsb)",
    "xls": "old Excel workbook (.xls)",
    "ods": "OpenDocument spreadsheet (.ods)",
}
UNSEEN: Final = (
    "In a file of this kind Vouch can't see which rows are hidden, nor which cells hold a formula: it reads what the program "
    "last worked out. If a column is worked out, save the file as .xlsx and choose that."
)
XLS: Final = "xls"
AT_ONCE: Final = 200  # rows read at a time


@dataclass(frozen=True, slots=True)
class Worksheet:
    """``unseen`` is a sentence on what can't be seen in a file of this kind, or ""."""

    name: str
    is_hidden: bool
    hidden_rows: int
    merged: tuple[str, ...]
    rows: Callable[[], Iterator[SheetRow]]
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Workbook:
    said: str  # what kind of file it is
    sheets: tuple[Worksheet, ...]


@contextmanager
def opened(file: IO[bytes], limits: Limits, *, is_old: bool) -> Iterator[Workbook]:
    """``is_old``: in the container of .xls."""
    package = None if is_old else packages.looked_through(file, limits)
    if is_old:
        old_excel.looked_through(file, limits)
    for marks in _every(package):
        marks.check(limits)
    with _damage_as_invalid():
        book = CalamineWorkbook.from_filelike(file)
    if any(sheet.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for sheet in book.sheets_metadata):
        raise Invalid(MACROS)
    sheets = _sheets(book, package)
    if not sheets:
        raise Invalid(DAMAGED)
    if len(sheets) > MOST_SHEETS:
        raise TooLarge(TOO_MANY_SHEETS)
    try:
        yield Workbook(WORDS[package.kind.value if package else XLS], sheets)
    finally:
        book.close()


def _every(package: Package | None) -> Sequence[Marks]:
    return (*package.by_name.values(), *package.in_order) if package else ()


def _sheets(book: CalamineWorkbook, package: Package | None) -> tuple[Worksheet, ...]:
    found = []
    for at, sheet in enumerate(book.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        is_hidden = sheet.visible != SheetVisibleEnum.Visible
        if package and package.kind is PackageKind.XLSX:
            found.append(_seen(book, at, sheet.name, package.by_name.get(sheet.name), is_hidden=is_hidden))
        elif package and package.kind is PackageKind.ODS:
            marks = package.in_order[at] if at < len(package.in_order) else None
            found.append(_seen(book, at, sheet.name, marks, is_hidden=is_hidden))
        else:
            merged = tuple(_merged(book, at)) if package is None else ()
            found.append(Worksheet(sheet.name, is_hidden, 0, merged, lambda at=at: _rows(book, at, Marks()), UNSEEN))  # type: ignore[misc]
    return tuple(found)


def _seen(book: CalamineWorkbook, at: int, name: str, marks: Marks | None, *, is_hidden: bool) -> Worksheet:
    if marks is None:  # a sheet that our pass did not find is one that the reader must not lay out
        raise Invalid(DAMAGED)
    return Worksheet(name, is_hidden, marks.hidden_rows, tuple(marks.merged), lambda: _rows(book, at, marks))


def _merged(book: CalamineWorkbook, at: int) -> Iterator[str]:
    with _damage_as_invalid():
        ranges = book.get_sheet_by_index(at).merged_cell_ranges or ()
    for (top, left), (bottom, right) in ranges:
        yield f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"


def _rows(book: CalamineWorkbook, at: int, marks: Marks) -> Iterator[SheetRow]:
    with _damage_as_invalid():
        sheet = book.get_sheet_by_index(at)
        values = sheet.iter_rows()
    offset = sheet.start[1] if sheet.start else 0
    last = max(marks.last_row, sheet.end[0] + 1 if sheet.end else 0)
    formulas, errors = marks.formulas(), _errors_by_row(marks)
    for first in range(1, last + 1, AT_ONCE):
        with _damage_as_invalid():
            some: list[Sequence[Any]] = list(islice(values, AT_ONCE))
        some += [()] * (min(AT_ONCE, last + 1 - first) - len(some))
        for number, cells in enumerate(some, start=first):
            here = formulas.of(number)
            if here or number in errors or cells.count("") < len(cells):
                yield SheetRow(number, _texts(cells, offset, here, errors.get(number, {})), formulas=here)


def _texts(cells: Sequence[Any], offset: int, formulas: Sequence[int], errors: dict[int, str]) -> tuple[str, ...]:
    """A formula's cell is blank, whatever the program last worked out."""
    width = max([len(cells) + offset, *(at + 1 for at in (*formulas, *errors))])
    texts = [""] * offset + [as_text(cell) for cell in cells]
    texts += [""] * (width - len(texts))
    for at, text in errors.items():
        texts[at] = text
    for at in formulas:
        texts[at] = ""
    return tuple(texts)


def _errors_by_row(marks: Marks) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for (row, column), text in marks.errors.items():
        found.setdefault(row, {})[column] = text
    return found


@contextmanager
def _damage_as_invalid() -> Iterator[None]:
    """The library raises its own errors, and, where it gives up, a panic that is no Exception."""
    try:
        yield
    except (Refusal, GeneratorExit, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except python_calamine.PasswordError as error:
        raise Invalid(LOCKED) from error
    except BaseException as error:
        raise Invalid(DAMAGED) from error

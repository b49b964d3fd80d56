"""A file of supplier names read row by row, such as a ledger's list of creditors. Pure.

What can't be used is passed on as ``RejectedSupplierRow`` with its line and a reason, and the rest goes on; a file without a
column of names, or one that is damaged, raises Invalid.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Final

from base.refusals import Invalid
from base.spreadsheets import reading, reading_apart
from base.spreadsheets.cells import SheetRow, column_letters
from base.spreadsheets.reading import Book, Sheet
from suppliers.lists import columns, header_row
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import Understood
from suppliers.lists.supplier_row import RejectedSupplierRow, SupplierRow, supplier_row

MOST_ROWS: Final = 1_000_000  # every company that a region's councils ever paid is a fifth of it
READ_FIRST: Final = header_row.LOOKED_AT + columns.SAMPLED
AS_THEY_ARE: Final[Mapping[str, SupplierField | None]] = {}
NO_NAME: Final = "This file has no column called name, so nothing was imported. One of its first rows should name the columns."


@dataclass(frozen=True, slots=True)
class SupplierFile:
    digest: str  # SHA-256 of the file's bytes, in hexadecimal
    rows: Iterator[SupplierRow | RejectedSupplierRow]
    said: str  # how it was understood, in words
    titles: tuple[str, ...]  # of its columns


@contextmanager
def open_suppliers(path: Path, *, named: Mapping[str, SupplierField | None] = AS_THEY_ARE) -> Iterator[SupplierFile]:
    """``named`` says what some columns hold, by heading, in place of what they seem to hold.

    Raises Invalid or TooLarge with a sentence, here or while the rows are read.
    """
    with reading_apart.opened(path, replace(reading.OPERATORS, rows=MOST_ROWS)) as book:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        sheet, first, rest, understood = _chosen(book, named)
        fields = _fields(understood, named)
        titles = tuple(column.title for column in understood.columns)
        rows = columns.without_repeats(chain(first, rest), understood.header, titles)
        _refuse_formulas(first, fields)
        read = (supplier_row(row, fields) for row in _checked(rows, fields))
        yield SupplierFile(digest, read, _said(book, sheet, understood, fields), titles)


def _chosen(
    book: Book, named: Mapping[str, SupplierField | None]
) -> tuple[Sheet, list[SheetRow], Iterator[SheetRow], Understood]:
    """The first sheet that has a column of names, those that are not hidden before others. Raises Invalid."""
    wanted = {title.casefold() for title in named}
    for sheet in sorted(book.sheets, key=lambda one: one.is_hidden):
        rows = sheet.rows()
        first = list(islice(rows, READ_FIRST))
        with_named = next((row.number for row in first if wanted & {cell.casefold() for cell in row.cells}), None)
        understood = columns.understand(first, header=with_named)
        if understood.header and (understood.has_name or SupplierField.NAME in named.values()):
            return sheet, first, rows, understood
    raise Invalid(NO_NAME)


def _fields(understood: Understood, named: Mapping[str, SupplierField | None]) -> list[SupplierField | None]:
    """Raises Invalid for a heading that is not there."""
    titles = {column.title.casefold(): n for n, column in enumerate(understood.columns)}
    fields = list(understood.fields)
    for title, field in named.items():
        if title.casefold() not in titles:
            known = ", ".join(column.title for column in understood.columns if column.title)
            raise Invalid(f"There is no column called {title} here, so nothing was imported. There are: {known}.")
        if field is SupplierField.NAME:
            fields = [None if one is SupplierField.NAME else one for one in fields]
        fields[titles[title.casefold()]] = field
    if SupplierField.NAME not in fields:
        raise Invalid(NO_NAME)
    return fields


def _checked(rows: Iterator[SheetRow], fields: Sequence[SupplierField | None]) -> Iterator[SheetRow]:
    for row in rows:
        _refuse_formulas([row], fields)
        yield row


def _refuse_formulas(rows: Sequence[SheetRow], fields: Sequence[SupplierField | None]) -> None:
    for row in rows:
        for at in row.formulas:
            if at < len(fields) and fields[at]:
                raise Invalid(formula_refusal(f"{column_letters(at)}{row.number}"))


def formula_refusal(cell: str) -> str:
    return (
        f"Cell {cell} holds a formula, and Vouch can't know its value. Copy the column, paste it as values only, save the file "
        "and choose it again."
    )


def _said(book: Book, sheet: Sheet, understood: Understood, fields: Sequence[SupplierField | None]) -> str:
    used = [f"{c.title or c.letters} = {f.value}" for c, f in zip(understood.columns, fields, strict=False) if f]
    where = f", sheet {sheet.name}" if sheet.name else ""
    return f"{book.said}{where}; headings in row {understood.header}; {', '.join(used)}"

"""A table written for a spreadsheet program, row by row in constant memory. What somebody typed is never a formula in it."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final

from base.refusals import Invalid, TooLarge

Cell = str | int | float | date | None

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_576  # of a worksheet: Excel's own limit
TEXTS_NEVER_FORMULAS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
ANY_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same rows give the same bytes
FIRST_WIDTH: Final = 60  # characters: the first column is a sentence
OTHER_WIDTH: Final = 24


class Xlsx:
    """A workbook of one sheet, or of several one after the other: ``add`` the rows, the headings first, then ``close``."""

    def __init__(self, to: Path | BinaryIO, *, sheet: str, first_width: int = FIRST_WIDTH) -> None:
        """``first_width`` of the first column, in characters."""
        import xlsxwriter  # noqa: PLC0415 - slow to import, and what only reads or spells cells writes no workbook

        self._book: Any = xlsxwriter.Workbook(to, TEXTS_NEVER_FORMULAS)
        self._book.set_properties({"created": ANY_DAY})
        self._bold: Any = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text: Any = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._day: Any = self._book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        self.begin(sheet, first_width=first_width)

    def begin(self, sheet: str, *, first_width: int = FIRST_WIDTH) -> None:
        """Adds a further sheet, which takes the rows from now on."""
        self._sheet: Any = self._book.add_worksheet(sheet)
        self._sheet.set_column(0, 0, first_width)
        self._sheet.set_column(1, 100, OTHER_WIDTH)
        self._sheet.freeze_panes(1, 1)
        self._at = 0

    def offer(self, column: int, source: str | Sequence[str], *, rows: int) -> None:
        """Lets the first ``rows`` cells below a heading choose from a list, or from a range such as "=Lists!$A$2:$A$9".

        Another value is warned of, not refused.
        """
        wanted = {"validate": "list", "source": source, "error_type": "warning"}
        self._sheet.data_validation(1, column, rows, column, wanted)

    def add(self, cells: Iterable[Cell]) -> None:
        """Raises TooLarge past MOST_ROWS."""
        if self._at == MOST_ROWS:
            raise TooLarge(f"A worksheet has {MOST_ROWS:,} rows at most. Write to a file that ends in .csv.")
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                self._sheet.write_datetime(self._at, column, cell, self._day)
            elif cell not in (None, ""):
                write = self._sheet.write_string if isinstance(cell, str) else self._sheet.write_number
                write(self._at, column, cell, self._text if self._at else self._bold)
        self._at += 1

    @property
    def rows(self) -> int:
        """Those of the present sheet so far, its headings among them."""
        return self._at

    def close(self) -> None:
        self._book.close()


class Csv:
    """A table as CSV, with the mark by which Excel knows UTF-8; ``close`` leaves the file itself open."""

    def __init__(self, to: BinaryIO) -> None:
        self._text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="", write_through=True)
        self._table = csv.writer(self._text)

    def add(self, cells: Iterable[Cell]) -> None:
        self._table.writerow(map(as_text, cells))

    def close(self) -> None:
        self._text.detach()


class TableFormat(StrEnum):
    """The two kinds of file that a table is given out as."""

    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        return "text/csv" if self is TableFormat.CSV else XLSX_TYPE

    def writer(self, to: BinaryIO, *, sheet: str, first_width: int = FIRST_WIDTH) -> Xlsx | Csv:
        """``sheet`` and ``first_width`` are a workbook's."""
        return Xlsx(to, sheet=sheet, first_width=first_width) if self is TableFormat.XLSX else Csv(to)


def table_format(asked: str) -> TableFormat:
    """Raises Invalid for anything else."""
    if asked not in set(TableFormat):
        raise Invalid("Choose xlsx or csv.")
    return TableFormat(asked)


def as_text(value: object) -> object:
    """A spreadsheet runs a cell that begins like a formula; behind an apostrophe it is text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value

"""The timeline as a workbook: all entries, those to look at first, and what the file is. Texts are never formulas.

Written row by row in constant memory; the same rows give the same bytes.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import xlsxwriter

from audit import sheet
from audit.packs import reports
from audit.packs.reports import Frame
from base import clock

LONGEST: Final = 32_767  # characters in a cell: Excel's own limit
CUT: Final = " … (cut short here: the CSV file has all of it)"
PROVEN: Final = "The pack proves"
MOST_ROWS: Final = 1_000_000  # Excel shows 1,048,576
WIDTHS: Final = (8, 12, 18, 9, 22, 40, 34, 44, 24, 30)  # characters, in the order of sheet.COLUMNS
TEXTS_NEVER_FORMULAS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class XlsxReport:
    """``add`` the rows in order, then ``finish``."""

    def __init__(self, to: Path | BinaryIO) -> None:
        self._book: Any = xlsxwriter.Workbook(to, TEXTS_NEVER_FORMULAS)
        self._bold = self._book.add_format({"bold": True, "bg_color": "#F1F5F4", "text_wrap": True, "valign": "top"})
        self._text = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "d mmm yyyy", "valign": "top", "align": "left"})
        self._moment = self._book.add_format({"num_format": "d mmm yyyy hh:mm", "valign": "top", "align": "left"})
        self._all = self._table("Timeline", reports.HEADINGS, WIDTHS)
        self._exceptions = self._table("Exceptions", ("Why", *reports.HEADINGS), (20, *WIDTHS))
        self._rows = self._odd = self._left_out = 0

    def add(self, rows: Iterable[sheet.TimelineRow]) -> None:
        for row in rows:
            if self._rows == MOST_ROWS:
                self._left_out += 1
                continue
            self._rows += 1
            self._write(self._all, self._rows, 0, row)
            if row.flags:
                self._odd += 1
                self._exceptions.write_string(self._odd, 0, reports.why(row), self._text)
                self._write(self._exceptions, self._odd, 1, row)

    def finish(self, frame: Frame) -> None:
        self._all.autofilter(0, 0, max(self._rows, 1), len(WIDTHS) - 1)
        self._exceptions.autofilter(0, 0, max(self._odd, 1), len(WIDTHS))
        self._about(frame)
        made = frame.made.replace(tzinfo=None)
        self._book.set_properties({"title": frame.title, "author": "Vouch", "comments": reports.NOT_EVIDENCE, "created": made})
        self._book.close()

    def close(self) -> None:
        """Removes the temporary files of a workbook that was not finished."""
        if not self._book.fileclosed:
            self._book.close()

    def _table(self, name: str, headings: tuple[str, ...], widths: tuple[int, ...]) -> Any:
        made = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        for column, heading in enumerate(headings):
            made.write_string(0, column, heading, self._bold)
        made.freeze_panes(1, 0)
        made.repeat_rows(0)
        made.set_landscape()
        made.set_paper(9)  # A4
        made.fit_to_pages(1, 0)
        made.set_footer(f"&L{reports.NOT_EVIDENCE}&RPage &P of &N")
        return made

    def _write(self, worksheet: Any, at: int, start: int, row: sheet.TimelineRow) -> None:
        values = [getattr(row, column) for column in sheet.COLUMNS]
        for column, (name, value) in enumerate(zip(sheet.COLUMNS, values, strict=True), start):
            if isinstance(value, int):
                worksheet.write_number(at, column, value, self._text)
            elif name == "recorded":
                worksheet.write_datetime(at, column, _local(value), self._moment)
            elif name == "happened" and (day := _day(value)):
                worksheet.write_datetime(at, column, day, self._day)
            elif value:
                worksheet.write_string(at, column, _fitting(value), self._text)

    def _about(self, frame: Frame) -> None:
        about = self._book.add_worksheet("About this file")
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 90)
        left_out = [("Left out", f"{self._left_out:,} entries did not fit in a workbook.")] if self._left_out else []
        lines = [
            (frame.title, ""),
            *(("", line) for line in frame.about),
            *(("" if n else PROVEN, line) for n, line in enumerate(frame.proven)),
            *left_out,
            ("Exceptions", reports.EXCEPTIONS),
            ("How to check it", reports.HOW_TO_CHECK),
            *frame.seal,
        ]
        for at, (name, text) in enumerate(lines):
            about.write_string(at, 0, name, self._bold)
            about.write_string(at, 1, _fitting(text), self._text)


def _local(recorded: str) -> datetime:
    """By the clock on the wall in England, for Excel knows no time zones."""
    return datetime.fromisoformat(recorded).astimezone(clock.LONDON).replace(tzinfo=None)


def _day(happened: str) -> datetime | None:
    """None for what is no day, or none that Excel knows: its calendar begins in 1900."""
    try:
        day = date.fromisoformat(happened)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None) if day.year > 1900 else None


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT

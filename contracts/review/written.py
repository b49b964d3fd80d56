"""A report as CSV, XLSX and JSON: the same values in each, part by part; a text is never a formula. Pure but for the files."""

import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, BinaryIO, Final

import xlsxwriter

from base.spreadsheets.writing import TEXTS_NEVER_FORMULAS, Cell, Csv
from contracts.review.report import FIGURE_HEADINGS, FigureRow, NamedTable, PromiseReport, ReviewReport, figures, tables

LONGEST: Final = 32_767  # characters in a cell: Excel's own limit
SHEET_NAME: Final = 31  # characters: Excel's own limit
NOT_IN_SHEET_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
FIRST_WIDTH: Final = 34  # characters
OTHER_WIDTH: Final = 24


def as_csv(report: ReviewReport, to: BinaryIO) -> None:
    """Every part below the other; each row begins with the part that it belongs to."""
    table = Csv(to)
    for part in tables(report):
        table.add((part.name, part.title))
        for line in part.lines:
            table.add((part.name, line))
        if part.headings:
            table.add((part.name, *part.headings))
        for row in part.rows:
            table.add((part.name, *row))
    table.close()


def as_json(report: ReviewReport, to: BinaryIO) -> None:
    """Figures with their numbers by name; the other parts as their headings and rows."""
    found = {
        "version": 1,
        "edition": report.edition.value,
        "contract": report.title,
        "supplier": report.supplier,
        "school": report.school,
        "officer": report.officer,
        "first": report.first,
        "last": report.last,
        "made_at": report.made_at,
        "sentence": report.sentence,
        "promises": [_promise(one) for one in report.promises],
        "sections": [
            {
                "name": one.name,
                "title": one.title,
                "lines": one.lines,
                "headings": one.headings if one.rows else (),
                "rows": one.rows,
            }
            for one in report.sections
        ],
    }
    text = io.TextIOWrapper(to, "utf-8", newline="")
    json.dump(found, text, default=_plain, ensure_ascii=False, indent=1)  # bit by bit: of thousands of events it is large
    text.detach()


def as_xlsx(report: ReviewReport, to: BinaryIO) -> None:
    """A sheet for each part; the first has what it is and the figures, with their chart."""
    book: Any = xlsxwriter.Workbook(to, TEXTS_NEVER_FORMULAS)
    book.set_properties({"title": report.heading, "author": "Vouch", "created": report.made_at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#F1F5F4"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for part in tables(report):
        _sheet(book, part, bold, text)
    if rows := list(figures(report)):
        _chart(book, rows)
    book.close()


def _sheet(book: Any, part: NamedTable, bold: Any, text: Any) -> None:
    sheet = book.add_worksheet(
        part.title.translate(NOT_IN_SHEET_NAMES)[:SHEET_NAME] if part.name != "about" else "About this pack"
    )
    sheet.set_column(0, 0, FIRST_WIDTH)
    sheet.set_column(1, max(1, len(part.headings) - 1), OTHER_WIDTH if part.headings else 90)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    _row(sheet, 0, (part.title,), bold)
    at = 1
    for line in part.lines:
        _row(sheet, at, (line,), text)
        at += 1
    if part.headings:
        _row(sheet, at, part.headings, bold)
        at += 1
    for row in part.rows:
        _row(sheet, at, row, text)
        at += 1


def _row(sheet: Any, at: int, cells: Iterable[Cell], form: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(at, column, cell[:LONGEST], form)
        elif cell is not None:
            sheet.write_number(at, column, cell, form)


def _chart(book: Any, rows: list[FigureRow]) -> None:
    """Met, missed and not recorded of each promise, by period: bars on each other, on the sheet of figures."""
    sheet = book.get_worksheet_by_name("How the service did")
    first, last = 2, 1 + len(rows)
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for name in ("Met", "Missed", "Not recorded"):
        column = FIGURE_HEADINGS.index(name)
        chart.add_series(
            {
                "name": name,
                "categories": [sheet.name, first, 0, last, 2],
                "values": [sheet.name, first, column, last, column],
            }
        )
    chart.set_title({"name": "Met, missed, not recorded"})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 900, "height": min(1_200, 160 + 28 * len(rows))})
    sheet.insert_chart(last + 2, 0, chart, {"description": "Counts of met, missed and not recorded, as in the table above."})


def _promise(one: PromiseReport) -> dict[str, Any]:
    return {
        "name": one.name, "clause": one.clause, "asks": one.asks, "counts": one.counts, "trend": one.trend,
        "figures": [asdict(row) for row in one.rows],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"not in a report: {type(value).__name__}")

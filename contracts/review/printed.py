"""A report as pages to print, made by typst: tagged for screen readers (PDF/UA-1). What was typed is data and never evaluated."""

from pathlib import Path
from typing import Any, BinaryIO, Final

from audit.packs import font, report_pdf
from base.words import moment
from contracts.review.report import FIGURE_HEADINGS, Cell, Edition, FigureRow, PromiseReport, ReportSection, ReviewReport

PAGES: Final = Path(__file__).parent / "review.typ"
MOST_ROWS: Final = 150  # of a table: some ten pages; who wants more wants the spreadsheet
MOST_BARS: Final = 24  # of a chart: two years of months
LONGEST: Final = 600  # characters of a cell: a few centimetres
MOST_UPRIGHT: Final = 9  # columns that fit on a page upright with room to read; more lie on their side


def as_pdf(report: ReviewReport, to: BinaryIO) -> None:
    """Takes a second or two, in a process of its own: call it in a thread. Raises NoPdf where there is no typst."""
    report_pdf.require()
    to.write(report_pdf.compiled(document(report), report.made_at, PAGES))


def document(report: ReviewReport) -> dict[str, Any]:
    made = report.made_at
    _, *about, _ = report.about  # the edition stands in the footer, the sentence by itself
    return {
        "title": font.shown(report.heading),
        "edition": report.edition.words,
        "footer": f"{font.shown(report.title)}. {report.edition.words}. Made {moment(made)}.",
        "date": {part: getattr(made, part) for part in ("year", "month", "day", "hour", "minute", "second")},
        "about": [[name, font.shown(value)] for name, value in about],
        "sentence": font.shown(report.sentence),
        "is_short": report.edition is Edition.GOVERNORS,
        "latest": [_latest(one) for one in report.promises if one.latest],
        "figure_headings": FIGURE_HEADINGS[1:],
        "promises": [_promise(one) for one in report.promises],
        "sections": [_section(one) for one in report.sections],
    }


def _latest(one: PromiseReport) -> dict[str, Any]:
    row = one.latest
    assert row is not None  # only promises with one are asked for  # noqa: S101
    return {
        **_bar(row), "name": font.shown(one.name), "clause": font.shown(one.clause), "period": font.shown(row.period),
        "trend": one.trend, "target": _cell(row.target), "measured": _cell(row.measured), "unit": row.unit,
        "counts": one.counts, "counted": row.counted, "missed": row.missed,
    }  # fmt: skip


def _promise(one: PromiseReport) -> dict[str, Any]:
    return {
        "name": font.shown(one.name),
        "clause": font.shown(one.clause),
        "asks": font.shown(one.asks),
        "trend": one.trend,
        "counts": one.counts,
        "bars": [{**_bar(row), "label": font.shown(row.period)} for row in one.periods[-MOST_BARS:]],
        "rows": [[_cell(cell) for cell in row.cells[1:]] for row in one.rows],
    }


def _bar(row: FigureRow) -> dict[str, Any]:
    """``share`` and ``line`` are from 0 to 1; null where nothing was measured, or where it is no share."""
    is_share = row.unit == "%"
    return {
        "share": row.measured / 100 if is_share and row.measured is not None else None,
        "line": row.target / 100 if is_share and row.target is not None else None,
        "n": row.counted,
        "result": font.shown(row.result),
        "said": f"{row.measured:g}{row.unit}" if row.measured is not None else "",
    }


def _section(one: ReportSection) -> dict[str, Any]:
    lines = list(one.lines)
    if len(one.rows) > MOST_ROWS:
        lines.append(f"The first {MOST_ROWS:,} of {len(one.rows):,} are printed; the Excel and CSV files have all of them.")
    return {
        "name": one.name,
        "title": one.title,
        "lines": [font.shown(line) for line in lines],
        "headings": one.headings if one.rows else (),
        "rows": [[_cell(cell) for cell in row] for row in one.rows[:MOST_ROWS]],
        "is_wide": bool(one.rows) and len(one.headings) > MOST_UPRIGHT,
    }


def _cell(value: Cell) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else value
    return font.shown(text if len(text) <= LONGEST else text[:LONGEST] + "…")

"""A review pack as one tree of values: what is written as PDF, XLSX, CSV and JSON, so that all four say the same. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from base.words import in_words

Cell = str | int | float | None
NOT_RECORDED: Final = "Not recorded."


class Edition(StrEnum):
    """Whom a pack is for. The values are recorded; never change one."""

    MEETING = "meeting"  # goes to the supplier
    GOVERNORS = "governors"
    FILE = "file"

    @property
    def words(self) -> str:
        return {Edition.MEETING: "For the meeting", Edition.GOVERNORS: "For governors", Edition.FILE: "For the file"}[self]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What was counted of a promise in a period; ``priority`` "" is all of them.

    ``target`` and ``measured`` are per cent, or pounds where ``unit`` is "£". ``met`` is None where a breach is no part of what
    was counted, such as days. ``result`` is in the words of the screen.
    """

    promise: str
    period: str
    first: date
    last: date
    priority: str
    unit: str
    target: float | None
    measured: float | None
    counted: int
    met: int | None
    missed: int
    missing: int
    left_out: int
    result: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of FIGURE_HEADINGS."""
        return (
            self.promise, self.period, self.priority or "All", self.unit, self.target, self.measured, self.counted, self.met,
            self.missed, self.missing, self.left_out, self.result,
        )  # fmt: skip


FIGURE_HEADINGS: Final = (
    "Promise", "Period", "Priority", "In", "Target", "Measured", "Counted", "Met", "Missed", "Not recorded", "Left out",
    "How it did",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PromiseReport:
    """``rows`` by period, the oldest first: that of all priorities, then one for each. ``latest`` is the last that is over."""

    name: str
    clause: str
    asks: str  # what is promised, in words
    counts: str  # "jobs", "checks"
    trend: str
    latest: FigureRow | None
    rows: tuple[FigureRow, ...]

    @property
    def periods(self) -> tuple[FigureRow, ...]:
        return tuple(row for row in self.rows if not row.priority)


@dataclass(frozen=True, slots=True)
class ReportSection:
    """``lines`` are sentences; ``rows`` a table under ``headings``. One without either is no part of a report: it is named among
    what is not recorded.
    """

    name: str
    title: str
    lines: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.rows


@dataclass(frozen=True, slots=True)
class ReviewReport:
    edition: Edition
    title: str
    supplier: str
    school: str
    officer: str
    first: date
    last: date
    made_at: datetime
    sentence: str  # all of it in one, for somebody who reads no more
    promises: tuple[PromiseReport, ...]
    sections: tuple[ReportSection, ...]

    @property
    def heading(self) -> str:
        return f"Contract review: {self.title}"

    @property
    def days(self) -> str:
        return f"{in_words(self.first)} to {in_words(self.last)}"

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Edition", self.edition.words),
            ("Contract", self.title),
            ("Supplier", self.supplier or "Not recorded"),
            ("School", self.school),
            ("Responsible officer", self.officer or "Not recorded"),
            ("From and to", self.days),
            ("In one sentence", self.sentence),
        )


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A part of a report as a table, as a spreadsheet has it: lines come first, each in a row of its own."""

    name: str
    title: str
    lines: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def figures(report: ReviewReport) -> tuple[FigureRow, ...]:
    return tuple(row for promise in report.promises for row in promise.rows)


def tables(report: ReviewReport) -> Iterator[NamedTable]:
    """The whole report, part by part, in its order."""
    yield NamedTable("about", report.heading, (), (), report.about)
    rows = tuple(row.cells for row in figures(report))
    yield NamedTable("figures", "How the service did", () if rows else (NOT_RECORDED,), FIGURE_HEADINGS if rows else (), rows)
    for section in report.sections:
        yield NamedTable(section.name, section.title, section.lines, section.headings if section.rows else (), section.rows)

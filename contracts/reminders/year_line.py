"""Contracts on a line of twelve months: where each day stands on the drawing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.clock.periods import plus_months

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """``at`` is a share of the year, from 0 to 1."""

    at: float
    day: date
    kind: str  # decide | end


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class YearLine:
    """``months`` are (share of the year, first day) of each month that begins in it."""

    months: tuple[tuple[float, date], ...]
    rows: tuple[Row, ...]


def drawn(first: date, last: date, contracts: Iterable[tuple[str, date | None, date]]) -> YearLine:
    """Of (title, decide by, end); days outside of the year are left out."""
    begun = first.replace(day=1)
    months = [plus_months(begun, n) for n in range(1, MONTHS + 1)]
    rows = []
    for title, decide, end in contracts:
        days = [(decide, "decide"), (end, "end")]
        marks = [Mark(_share(day, first, last), day, kind) for day, kind in days if day and first <= day <= last]
        rows.append(Row(title, tuple(marks)))
    return YearLine(tuple((_share(month, first, last), month) for month in months if month <= last), tuple(rows))


def _share(day: date, first: date, last: date) -> float:
    return round((day - first).days / max(1, (last - first).days), 4)

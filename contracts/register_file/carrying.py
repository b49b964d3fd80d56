"""Names that stand once for several rows: a school above its group, "ditto" below a supplier."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from contracts.register_file.lines import Line, put
from contracts.register_file.wording import DITTO, plain


def schools_carried(rows: Sequence[Line], at: int) -> tuple[list[Line], list[int]]:
    """Where a column of schools is written in groups, each name once above blank cells, the blank cells take it.

    Returns the rows, and the numbers of those that took a name. A column with a name on most rows, or the same name twice
    running, isn't written so: there a blank cell stays blank.
    """
    values = [row.cells[at] if at < len(row.cells) else "" for row in rows]
    named = [value for value in values if value]
    is_grouped = bool(values) and bool(values[0]) and len(named) * 3 <= len(values) * 2
    if not is_grouped or any(first == second for first, second in pairwise(named)):
        return list(rows), []
    found, carried, name = [], [], ""
    for row, value in zip(rows, values, strict=True):
        name = value or name
        cells = list(row.cells)
        if not value:
            put(cells, at, name)
            carried.append(row.number)
        found.append(replace(row, cells=tuple(cells)))
    return found, carried


def without_dittos(rows: Sequence[Line], columns: Sequence[int]) -> list[Line]:
    """Names written as "ditto" or as a pair of marks take the one above."""
    found: list[Line] = []
    for row in rows:
        cells = list(row.cells)
        for at in columns:
            if found and at < len(cells) and cells[at] and DITTO.fullmatch(plain(cells[at])) and at < len(found[-1].cells):
                cells[at] = found[-1].cells[at]
        found.append(replace(row, cells=tuple(cells)))
    return found

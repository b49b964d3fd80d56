"""The rows of a sheet as the register's owner sees them: which cells are one cell merged."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from base.spreadsheets.cells import SheetRow

MOST_CELLS: Final = 2_000_000  # of all rows: what merged ranges may fill is bounded by it
_RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the register's owner sees it. ``shared`` are the columns whose cell is merged with one of another row.

    ``wide`` are its cells that reach over several columns, the first and the last; None of a text file, which can't say.
    """

    number: int
    cells: tuple[str, ...]
    own: tuple[str, ...]  # without what merged cells carried down
    problem: str = ""
    formulas: frozenset[int] = frozenset()
    shared: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # column: first and last row
    wide: Mapping[int, int] | None = None


def lines_of(rows: Sequence[SheetRow], merged: Sequence[str]) -> list[Line]:
    """The rows, each cell of a vertically merged range with the value of its first one."""
    made = {row.number: list(row.cells) for row in rows}
    shared: dict[int, dict[int, tuple[int, int]]] = {number: {} for number in made}
    wide: dict[int, dict[int, int]] = {number: {} for number in made}
    filled = 0
    for text in merged:
        left, top, right, bottom = _corners(text)
        value = made.get(top, [])[left : left + 1]
        if right > left and top in wide:
            wide[top][left] = right
        if bottom == top or not value or filled > MOST_CELLS:
            continue
        for number in [n for n in range(top, min(bottom, top + len(rows) * 2) + 1) if n in made]:
            put(made[number], left, value[0])
            shared[number] |= dict.fromkeys(range(left, right + 1), (top, bottom))
            filled += 1
    return [
        Line(
            number=row.number,
            cells=tuple(made[row.number]),
            own=row.cells,
            problem=row.problem,
            formulas=frozenset(row.formulas),
            shared=shared[row.number],
            wide=wide[row.number] if merged else None,
        )
        for row in rows
    ]


def put(cells: list[str], at: int, value: str) -> None:
    cells += [""] * (at + 1 - len(cells))
    cells[at] = cells[at] or value


def _corners(text: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of "A4:B6"; columns from 0."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return 0, 0, 0, 0
    return _number(found[1]), int(found[2]), _number(found[3]), int(found[4])


def _number(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1

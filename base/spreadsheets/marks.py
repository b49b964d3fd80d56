"""What our own pass over a sheet notes before a reader of cell values sees it: what the reader doesn't tell, and how far it goes.

Rows and columns count from 1 and 0, as in ``SheetRow``. Pure.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from base.refusals import Invalid, TooLarge
from base.spreadsheets.cells import Limits, column_letters

MOST_CELLS: Final = 20_000_000  # of the rectangle around what is used; a reader lays out all of it, 32 bytes a cell
MOST_ROW: Final = 1_048_576  # Excel's own limits, and LibreOffice's
MOST_COLUMN: Final = 16_384
MOST_MERGED: Final = 10_000  # ranges that are remembered; those beyond count as cells of their own
MOST_RANGES: Final = 100_000  # of one formula each
MOST_SHEETS: Final = 50
MOST_ERRORS: Final = 100_000  # cells such as #REF! that are remembered
LONGEST_ERROR: Final = 40  # characters

DAMAGED: Final = (
    "This file is damaged, so nothing was imported. Open it in your spreadsheet program, save it again, and choose it again."
)
TOO_FAR: Final = (
    "A sheet of this workbook reaches as far as cell {cell}, {cells:,} cells in all, so nothing was imported. Copy the table "
    "into a new workbook, and choose that."
)
TOO_MANY_CELLS: Final = (
    "The sheets of this workbook reach over {cells:,} cells in all, so nothing was imported. Copy the table into a new workbook, "
    "and choose that."
)
TOO_MANY_SHEETS: Final = f"This workbook has more than {MOST_SHEETS} sheets. Save the one that matters by itself."
TOO_MUCH_TEXT: Final = (
    "A sheet of this workbook shows {letters:,} million characters of text, because long texts stand in many cells, so nothing "
    "was imported. Delete the columns that Vouch does not need, such as notes, and choose the file again."
)

Range = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(slots=True)
class Marks:
    hidden_rows: int = 0
    merged: list[str] = field(default_factory=list)  # as a spreadsheet names them: "A4:A6"
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # row, column -> #REF!
    letters: int = 0  # of the texts that the cells show; one that stands in many cells counts for each, as a reader lays it out
    last_row: int = 0
    last_column: int = -1
    first_column: int = MOST_COLUMN
    _formulas: "array[int]" = field(default_factory=lambda: array("Q"))  # row * MOST_COLUMN + column
    _ranges: list[Range] = field(default_factory=list)  # of one formula

    def use(self, row: int, column: int, *, rows: int = 1, columns: int = 1) -> None:
        """Notes that these cells hold something. Raises Invalid for a place that no sheet has."""
        last_row, last_column = row + rows - 1, column + columns - 1
        if not (row > 0 and column >= 0 and last_row <= MOST_ROW and last_column < MOST_COLUMN):
            raise Invalid(DAMAGED)
        self.last_row = max(self.last_row, last_row)
        self.last_column = max(self.last_column, last_column)
        self.first_column = min(self.first_column, column)

    def note_formula(self, row: int, column: int) -> None:
        self._formulas.append(row * MOST_COLUMN + column)

    def note_formulas(self, cells: Range) -> None:
        """Of a range whose cells are worked out together, where only the first says so."""
        top, left, bottom, right = cells
        if (top, left) == (bottom, right):
            self.note_formula(top, left)
            return
        if len(self._ranges) >= MOST_RANGES:
            raise Invalid(DAMAGED)
        self._ranges.append(cells)

    def note_error(self, row: int, column: int, text: str) -> None:
        """``text`` may come in pieces."""
        before = self.errors.get((row, column), "")
        if len(self.errors) < MOST_ERRORS and len(before) < LONGEST_ERROR:
            self.errors[row, column] = (before + text)[:LONGEST_ERROR]

    def note_merged(self, cells: Range) -> None:
        if len(self.merged) < MOST_MERGED:
            top, left, bottom, right = cells
            self.merged.append(f"{column_letters(left)}{top}:{column_letters(right)}{bottom}")

    @property
    def cells(self) -> int:
        """Of the rectangle around what is used, from the first row of the sheet."""
        return self.last_row * (self.last_column - self.first_column + 1) if self.last_row else 0

    def check(self, limits: Limits) -> None:
        """Raises TooLarge for a sheet that a reader would lay out as too many cells, or as too much text."""
        if self.cells > MOST_CELLS:
            raise TooLarge(TOO_FAR.format(cell=f"{column_letters(self.last_column)}{self.last_row}", cells=self.cells))
        if self.letters > limits.letters:
            raise TooLarge(TOO_MUCH_TEXT.format(letters=self.letters // 1_000_000))

    def formulas(self) -> "FormulaCells":
        return FormulaCells(self._formulas, self._ranges, self.last_column)


class FormulaCells:
    """Which cells of a row hold a formula, asked for rows in ascending order."""

    def __init__(self, cells: "array[int]", ranges: list[Range], last_column: int) -> None:
        self._cells = cells if all(a < b for a, b in pairwise(cells)) else array("Q", sorted(set(cells)))
        self._at = 0
        self._coming: Iterator[Range] = iter(sorted(ranges))
        self._next = next(self._coming, None)
        self._here: list[Range] = []
        self._last_column = last_column

    def of(self, row: int) -> tuple[int, ...]:
        found = set()
        while self._at < len(self._cells) and self._cells[self._at] < (row + 1) * MOST_COLUMN:
            at_row, column = divmod(self._cells[self._at], MOST_COLUMN)
            if at_row == row:
                found.add(column)
            self._at += 1
        while self._next is not None and self._next[0] <= row:
            self._here.append(self._next)
            self._next = next(self._coming, None)
        if self._here:
            self._here = [one for one in self._here if one[2] >= row]
            for _, left, _, right in self._here:
                found.update(range(left, min(right, self._last_column) + 1))
        return tuple(sorted(found))

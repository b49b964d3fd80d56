"""The cells of one row by their fields."""

from dataclasses import dataclass
from typing import Final

from contracts.clock.periods import Unit
from contracts.register_file.headings import Field
from contracts.register_file.layout import Column, Table
from contracts.register_file.lines import Line
from contracts.register_file.wording import plain

TEXTS: Final = {Field.TITLE, Field.SUPPLIER, Field.OFFICER, Field.NOTES, Field.SCHOOLS}
LONGEST_VALUE: Final = 300  # characters of a date, sum or notice
FORMULA: Final = "This cell holds a formula, whose value Vouch can't know: what is it?"


@dataclass(frozen=True, slots=True)
class Cells:
    """A row by its fields."""

    row: Line
    table: Table

    def of(self, name: Field) -> str:
        """What stands there; of a cell too long to be one value the beginning, with a mark that makes every reader ask.

        Nothing where several columns of the field say different things: see ``is_disputed``.
        """
        column = None if self.is_disputed(name) else self.column(name)
        cell = self._cell(column) if column else ""
        return cell if name in TEXTS or len(cell) <= LONGEST_VALUE else f"{cell[:LONGEST_VALUE]} …?"

    def column(self, name: Field) -> Column | None:
        """The column taken for a field; where its cell is empty, another column of the field that has one."""
        every = self.every(name)
        used = self.table.of(name)
        if used is None or self._cell(used) or used.at in self.row.formulas:
            return used
        return next((one for one in every if self._cell(one)), used)

    def every(self, name: Field) -> list[Column]:
        return [one for one in self.table.columns if one.meaning and one.meaning.field is name]

    def is_disputed(self, name: Field) -> bool:
        """Whether several columns of the field say different things here, or none of them was taken."""
        if name in TEXTS - {Field.SUPPLIER}:
            return False
        said = {plain(cell) for one in self.every(name) if (cell := self._cell(one))}
        return len(said) > 1 or (bool(said) and self.table.of(name) is None)

    def text(self, column: Column) -> str:
        return self._cell(column)[:LONGEST_VALUE]

    def _cell(self, column: Column) -> str:
        return self.row.cells[column.at] if column.at < len(self.row.cells) else ""

    def is_formula(self, name: Field) -> bool:
        column = self.column(name)
        return bool(column and column.at in self.row.formulas)

    def is_shared(self, name: Field) -> bool:
        """Whether the cell is merged with one of another row."""
        column = self.column(name)
        return bool(column and column.at in self.row.shared)

    def unit(self, name: Field) -> Unit | None:
        column = self.column(name)
        return column.meaning.unit if column and column.meaning else None

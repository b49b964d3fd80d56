"""The cells of one row by their fields."""

from dataclasses import dataclass
from typing import Final

from contracts.clock.periods import Unit
from contracts.register_file.headings import Field
from contracts.register_file.layout import Column, Line, Table

TEXTS: Final = {Field.TITLE, Field.SUPPLIER, Field.OFFICER, Field.NOTES, Field.SCHOOLS}
LONGEST_VALUE: Final = 300  # characters of a date, sum or notice
FORMULA: Final = "This cell holds a formula, whose value Vouch can't know: what is it?"


@dataclass(frozen=True, slots=True)
class Cells:
    """A row by its fields."""

    row: Line
    table: Table

    def of(self, name: Field) -> str:
        """What stands there; of a cell too long to be one value the beginning, with a mark that makes every reader ask."""
        column = self.table.of(name)
        cell = self.row.cells[column.at] if column and column.at < len(self.row.cells) else ""
        return cell if name in TEXTS or len(cell) <= LONGEST_VALUE else f"{cell[:LONGEST_VALUE]} …?"

    def column(self, name: Field) -> Column | None:
        return self.table.of(name)

    def is_formula(self, name: Field) -> bool:
        column = self.table.of(name)
        return bool(column and column.at in self.row.formulas)

    def is_shared(self, name: Field) -> bool:
        """Whether the cell is merged with one of another row."""
        column = self.table.of(name)
        return bool(column and column.at in self.row.shared)

    def unit(self, name: Field) -> Unit | None:
        column = self.table.of(name)
        return column.meaning.unit if column and column.meaning else None

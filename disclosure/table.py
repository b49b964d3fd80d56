"""A list of a school's own records as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from base.spreadsheets.writing import Cell


@dataclass(frozen=True, slots=True)
class Table:
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

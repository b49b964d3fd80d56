"""A spreadsheet that is read to be written again with more columns: its headings, what is above them, and its rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from base.refusals import Invalid, Refusal
from base.spreadsheets import reading
from base.spreadsheets.cells import Limits, SheetRow, column_letters
from suppliers.lists import columns
from suppliers.lists.supplier_row import SupplierRow
from suppliers.matching.identifiers import Identifiers

# For the operator's own file, which is read as it comes: they only end what would never end.
LIMITS: Final = Limits(packed=10_000_000_000, unpacked=100_000_000_000, rows=1_000_000_000)
READ_FIRST: Final = columns.LOOKED_AT + columns.SAMPLED
TOO_WIDE: Final = "it has more cells than there are headings"
IMPORTED: Final = ", so nothing was imported"  # what the reader's refusals end in; here nothing ever is


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """A sheet with its row of headings, what is above it, and the rows below."""

    above: tuple[SheetRow, ...]
    header: SheetRow
    rows: Callable[[], Iterator[SheetRow]]  # those below the headings, anew at each call

    def named(self, cells: Sequence[str]) -> dict[str, str]:
        """A row by its headings; a column without one by its letters."""
        titles = self.header.cells
        width = max(len(titles), len(cells))
        keys = [titles[at] if at < len(titles) and titles[at] else column_letters(at) for at in range(width)]
        return {key: cells[at] if at < len(cells) else "" for at, key in enumerate(keys)}

    def padded(self, cells: Sequence[str]) -> list[str]:
        return [*cells, *[""] * (len(self.header.cells) - len(cells))]


@contextmanager
def opened(
    path: Path, headings: Callable[[Sequence[SheetRow]], int], *, adding: Sequence[str], lacking: str
) -> Iterator[HeadedSheet]:
    """``headings`` gives, from a sheet's first rows, the number of the one with the headings, 0 for none.

    Raises Invalid or TooLarge; ``lacking`` says that no sheet has the headings.
    """
    with _of_a_list(), reading.opened(path, LIMITS) as book:
        for sheet in book.sheets:
            first = list(islice(sheet.rows(), READ_FIRST))
            number = headings(first)
            if number and not sheet.is_hidden:
                yield _table(sheet, first, number, adding)
                return
        raise Invalid(lacking)


@contextmanager
def _of_a_list() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise type(refusal)(refusal.sentence.replace(IMPORTED, "")) from refusal


def _table(sheet: reading.Sheet, first: Sequence[SheetRow], number: int, adding: Sequence[str]) -> HeadedSheet:
    header = next(row for row in first if row.number == number)
    taken = [title for title in header.cells if title.casefold() in adding]
    if taken:
        raise Invalid(f"This file has a column called {taken[0]} already. Give it another name, or take it out.")

    def rows() -> Iterator[SheetRow]:
        for row in sheet.rows():
            if row.number > number:
                too_wide = TOO_WIDE if len(row.cells) > len(header.cells) else ""
                yield SheetRow(row.number, row.cells, row.problem or too_wide)

    return HeadedSheet(tuple(row for row in first if row.number < number), header, rows)


def identifiers(row: SupplierRow) -> Identifiers:
    """The identifiers of a row, the first of each scheme."""
    first: dict[str, str] = {}
    for scheme, value in row.facts.identifiers:
        first.setdefault(scheme, value)
    return Identifiers(**first)

"""A spreadsheet that is read to be written again with more columns: its headings, what is above them, and its rows."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from base.refusals import Invalid, Refusal
from base.spreadsheets import reading, reading_apart
from base.spreadsheets.cells import Limits, SheetRow, column_letters
from suppliers.lists import columns, header_row
from suppliers.lists.supplier_row import SupplierRow
from suppliers.matching.identifiers import Identifiers

# For the operator's own file, which is read as it comes: they only end what would never end.
LIMITS: Final = Limits(packed=10_000_000_000, unpacked=100_000_000_000, rows=1_000_000_000)
READ_FIRST: Final = header_row.LOOKED_AT + columns.SAMPLED
MOST_SAID: Final = 12  # headings in a refusal
TOO_WIDE: Final = "it has more cells than there are headings"
IMPORTED: Final = ", so nothing was imported"  # what the reader's refusals end in; here nothing ever is


@dataclass(frozen=True, slots=True)
class Headings:
    """The row that they stand in, and all of them, with what merged cells above add."""

    number: int
    titles: tuple[str, ...]
    is_sure: bool = True  # or else a sheet that has surer ones is read before


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """A sheet with its row of headings, what is above it, and the rows below. ``said`` is how it was chosen, in words."""

    above: tuple[SheetRow, ...]
    header: SheetRow
    titles: tuple[str, ...]
    rows: Callable[[], Iterator[SheetRow]]  # those below the headings, anew at each call
    said: str

    def named(self, cells: Sequence[str]) -> dict[str, str]:
        """A row by its headings; a column without one by its letters."""
        width = max(len(self.titles), len(cells))
        keys = [self.titles[at] if at < len(self.titles) and self.titles[at] else column_letters(at) for at in range(width)]
        return {key: cells[at] if at < len(cells) else "" for at, key in enumerate(keys)}

    def padded(self, cells: Sequence[str]) -> list[str]:
        return [*cells, *[""] * (len(self.titles) - len(cells))]


@contextmanager
def opened(
    path: Path,
    headings: Callable[[Sequence[SheetRow]], Headings | None],
    *,
    adding: Sequence[str],
    lacking: str,
    wanted: str | None = None,
) -> Iterator[HeadedSheet]:
    """``headings`` finds them in a sheet's first rows; ``wanted`` is the sheet's name or number, without it the first fitting.

    Raises Invalid or TooLarge; ``lacking`` says that no sheet has the headings, and what there was is said behind it.
    """
    with _of_a_list(), reading_apart.opened(path, LIMITS) as book:
        sheets = _those_wanted(book, wanted)
        seen = [(sheet, list(islice(sheet.rows(), READ_FIRST))) for sheet in sheets]
        found = [(sheet, first, headings(first)) for sheet, first in seen]
        fitting = [(sheet, first, there) for sheet, first, there in found if there and (wanted or not sheet.is_hidden)]
        fitting.sort(key=lambda one: not one[2].is_sure)
        if not fitting:
            raise Invalid(f"{lacking}{_seen(seen)}")
        (sheet, first, there), others = fitting[0], [one.name for one, _, _ in fitting[1:]]
        where = f"{book.said}{f', sheet {sheet.name}' if sheet.name else ''}; headings in row {there.number}"
        unread = f"; not read: {', '.join(others)} (--sheet chooses)" if others else ""
        yield _table(sheet, first, there, adding, f"{where}{unread}")


def _those_wanted(book: reading.Book, wanted: str | None) -> Sequence[reading.Sheet]:
    if wanted is None:
        return book.sheets
    named = [sheet for sheet in book.sheets if sheet.name.casefold() == wanted.strip().casefold()]
    if not named and wanted.isdecimal() and 0 < int(wanted) <= len(book.sheets):
        named = [book.sheets[int(wanted) - 1]]
    if not named:
        known = ", ".join(sheet.name for sheet in book.sheets if sheet.name) or "one table without a name"
        raise Invalid(f"There is no sheet called {wanted} here. There are: {known}.")
    return named


def _seen(seen: Sequence[tuple[reading.Sheet, Sequence[SheetRow]]]) -> str:
    """What seem to be the headings of the first sheet with any, so that its owner can say which is which."""
    for sheet, first in seen:
        titles = [
            column.title or column.letters for column in columns.understand(first).columns if column.title or column.samples
        ]
        titles = titles or [cell for row in first[:1] for cell in row.cells if cell]
        if titles:
            where = f" on the sheet {sheet.name}" if sheet.name else ""
            return f' There{where} are: {", ".join(titles[:MOST_SAID])}. Say what they hold: --map "{titles[0]}=…".'
    return ""


@contextmanager
def _of_a_list() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise type(refusal)(refusal.sentence.replace(IMPORTED, "")) from refusal


def _table(sheet: reading.Sheet, first: Sequence[SheetRow], there: Headings, adding: Sequence[str], said: str) -> HeadedSheet:
    header = next(row for row in first if row.number == there.number)
    taken = [title for title in there.titles if title.casefold() in adding]
    if taken:
        raise Invalid(f"This file has a column called {taken[0]} already. Give it another name, or take it out.")
    titles = there.titles + ("",) * (_width(first, there) - len(there.titles))

    def rows() -> Iterator[SheetRow]:
        for row in sheet.rows():
            if row.number > there.number:
                is_wrong = not row.problem and len(row.cells) > len(titles)
                yield replace(row, problem=TOO_WIDE) if is_wrong else row

    return HeadedSheet(tuple(row for row in first if row.number < there.number), header, titles, rows, said)


def _width(first: Sequence[SheetRow], there: Headings) -> int:
    """That of the headings, or, where most rows are wider, of those."""
    widths = Counter(len(row.cells) for row in first if row.number > there.number)
    commonest = max(widths, key=lambda width: (widths[width], width), default=0)
    return max(len(there.titles), commonest)


def identifiers(row: SupplierRow) -> Identifiers:
    """The identifiers of a row, the first of each scheme."""
    first: dict[str, str] = {}
    for scheme, value in row.facts.identifiers:
        first.setdefault(scheme, value)
    return Identifiers(**first)

"""What of a list goes into an answer to a request under the Freedom of Information Act: columns, and what is blanked. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from base.spreadsheets.writing import Cell
from disclosure.foi.sections import by_number
from disclosure.record_parts import Table
from disclosure.sheets import CONTRACT_TITLE

BLANKED: Final = "[left out: section 40]"
ABOUT: Final = ("Supplier", "Contract", CONTRACT_TITLE)
GIVEN, NOT_ASKED = "give", "not_asked"  # of a column; else the number of a section


@dataclass(frozen=True, slots=True)
class Wanted:
    """``columns`` says of each, by its place, what becomes of it: one that it leaves out was not asked for.

    ``blank`` are names to take out of every text.
    """

    about: Collection[str] = ()  # of which a row names one in a column that says what it is about; empty for all
    columns: Mapping[int, str] = field(default_factory=dict)
    blank: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``left_out`` has the heading of each column that a section keeps back, with the number of that section."""

    table: Table
    left_out: tuple[tuple[str, str], ...]
    blanked: int


def of(table: Table, wanted: Wanted) -> Answer:
    there = range(len(table.headings))
    kept = [place for place in there if wanted.columns.get(place) == GIVEN]
    sections = {
        place: choice for place, choice in wanted.columns.items() if choice in by_number() and place < len(table.headings)
    }
    names = _pattern(wanted.blank)
    rows, blanked = [], 0
    for row in table.rows:
        if wanted.about and not any(row[place] in wanted.about for place in places_about(table)):
            continue
        cells = []
        for place in kept:
            cell, times = _blanked(row[place], names)
            cells.append(cell)
            blanked += times
        rows.append(cells)
    left_out = tuple((table.headings[place], section) for place, section in sorted(sections.items()))
    return Answer(Table([table.headings[place] for place in kept], rows), left_out, blanked)


def places_about(table: Table) -> tuple[int, ...]:
    """The columns that say of which supplier or contract a row is."""
    return tuple(place for place, heading in enumerate(table.headings) if heading in ABOUT)


def _pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """Whole words, whatever their capitals; the longest first, so that no part of one is left standing."""
    wanted = sorted({name for name in names if name}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", re.IGNORECASE) if wanted else None


def _blanked(cell: Cell, names: re.Pattern[str] | None) -> tuple[Cell, int]:
    return names.subn(BLANKED, cell) if names and isinstance(cell, str) else (cell, 0)

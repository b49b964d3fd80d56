"""A file of pairs of names, each judged as it is read: may these two be one supplier?

Columns `name_a` and `name_b`, and any of `postcode`, `company_number`, `charity_number`, `vat_number`, `website`, `phone`
with the same endings. Everything else is the file's own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from base.spreadsheets.cells import SheetRow
from suppliers.lists import columns, list_file
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.list_file import HeadedSheet, Headings
from suppliers.lists.supplier_row import RejectedSupplierRow, SupplierRow, supplier_row
from suppliers.matching import matching
from suppliers.matching.matching import Candidate, Match
from suppliers.matching.names import normalise

ADDED: Final = ("probability", "verdict", "reasons")
LACKING: Final = "This file has no columns called name_a and name_b. Its first line should name the columns."
SIDES: Final = ("a", "b")
AS_THEY_ARE: Final[Mapping[str, str]] = {}

_ENDING: Final = re.compile(r"^(.+)[\s_-]([ab])$", re.IGNORECASE | re.DOTALL)

Side = tuple[SupplierField | None, ...]  # what each column holds of one of the two names


@dataclass(frozen=True, slots=True)
class Judged:
    """``problem`` says why there is no match; ``left_out`` which identifiers can't be right, a sentence each."""

    row: SheetRow
    match: Match | None
    problem: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def added(self) -> tuple[float | None, str, str]:
        """The values of the added columns."""
        if self.match is None:
            return None, "", f"not compared: {self.problem}"
        said = [f"{reason.words} {reason.log_odds:+.1f}" for reason in self.match.reasons]
        doubt = [f"a person has to look: {self.match.doubt}"] if self.match.doubt else []
        left_out = [f"left out: {sentence}" for sentence in self.left_out]
        return round(self.match.probability, 4), self.match.verdict.value, "; ".join([*said, *doubt, *left_out])

    @property
    def facts(self) -> dict[str, object]:
        """The judgement as JSON objects have it, for a program."""
        if self.match is None:
            return {"probability": None, "verdict": None, "reasons": [], "problem": self.problem}
        reasons = [{"words": reason.words, "log_odds": reason.log_odds} for reason in self.match.reasons]
        doubt, left_out = self.match.doubt or None, list(self.left_out)
        named = {"probability": self.match.probability, "verdict": self.match.verdict.value, "reasons": reasons}
        return named | {"doubt": doubt, "left_out": left_out}


@dataclass(frozen=True, slots=True)
class PairFile:
    table: HeadedSheet
    judged: Iterator[Judged]
    said: str  # how the file was understood, in words


@contextmanager
def open_pairs(path: Path, *, named: Mapping[str, str] = AS_THEY_ARE, sheet: str | None = None) -> Iterator[PairFile]:
    """``named`` says by heading what a column holds: name_a, postcode_b. ``sheet`` is a name or a number.

    Raises Invalid or TooLarge with a sentence, here or while the pairs are read.
    """
    known = {title.casefold(): what for title, what in named.items()}

    def headings(rows: Sequence[SheetRow]) -> Headings | None:
        fitting = (row for row in rows if all(SupplierField.NAME in _side(row.cells, side, known) for side in SIDES))
        return next((Headings(row.number, row.cells) for row in fitting), None)

    with list_file.opened(path, headings, adding=ADDED, lacking=LACKING, wanted=sheet) as table:
        sides = {side: _side(table.titles, side, known) for side in SIDES}
        held = [f"{table.titles[at]} = {one.value}_{side}" for side in SIDES for at, one in enumerate(sides[side]) if one]
        yield PairFile(table, (_judged(row, sides) for row in table.rows()), f"{table.said}; {', '.join(held)}")


def _side(titles: Sequence[str], side: str, known: Mapping[str, str]) -> Side:
    endings = (_ENDING.match(known.get(title.casefold(), title)) for title in titles)
    return tuple(columns.field_of(found[1]) if found and found[2].casefold() == side else None for found in endings)


def _judged(row: SheetRow, sides: Mapping[str, Side]) -> Judged:
    if row.problem:
        return Judged(row, None, row.problem)
    read = {side: supplier_row(row, fields, for_import=False) for side, fields in sides.items()}
    wrong = [f"name_{side}: {_reason(one)}" for side, one in read.items() if isinstance(one, RejectedSupplierRow)]
    if wrong:
        return Judged(row, None, "; ".join(wrong))
    left, right = (one for one in read.values() if isinstance(one, SupplierRow))
    left_out = tuple(f"_{side}: {why}" for side, one in zip(SIDES, (left, right), strict=True) for why in one.left_out)
    return Judged(row, matching.score(_candidate(left), _candidate(right)), left_out=left_out)


def _reason(rejected: RejectedSupplierRow) -> str:
    return rejected.reason if rejected.name else "the name is empty"


def _candidate(row: SupplierRow) -> Candidate:
    others = tuple(map(normalise, row.facts.aliases))
    return Candidate(normalise(row.facts.name), others, list_file.identifiers(row))

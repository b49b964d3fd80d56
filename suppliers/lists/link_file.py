"""Two lists linked: each row of the one with the row of the other that is the same supplier, or may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from base.spreadsheets.cells import SheetRow
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.dedupe_file import SupplierList, Taken
from suppliers.matching.clusters import Clusters
from suppliers.matching.dedupe import Compared
from suppliers.matching.matching import ASK, MatchVerdict

ADDED: Final = ("linked_row", "linked_name", "linked_probability", "linked_verdict", "linked_reasons")
NONE: Final = "none"
ALIKE: Final = "the names are written alike"

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Linked:
    """``row`` of the first list with what is added to it; ``problem`` says why it is no supplier."""

    row: SheetRow
    added: tuple[Cell, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Other:
    """A supplier of the second list: the first row that bears it."""

    row: int
    name: str


class Links:
    """Both lists were taken into one, the first list's rows first."""

    def __init__(self, first: Taken, both: Taken, compared: Compared, found: Clusters, second: SupplierList) -> None:
        self._first, self._both, self._compared, self._found = first, both, compared, found
        self._count = len(first.listed.at)
        self._others = self._second_list(second)
        self._likely = self._pairs_across()

    def linked(self, first: SupplierList) -> Iterator[Linked]:
        places = iter(self._both.listed.at)
        for row in first.table.rows():
            if row.number in self._first.rejected:
                yield Linked(row, (None, "", None, "", ""), self._first.rejected[row.number])
            else:
                yield Linked(row, self._link(next(places)))

    def _link(self, place: int) -> tuple[Cell, ...]:
        """The likeliest of the other list; one that the list as a whole joins before any other."""
        if place in self._others:
            other = self._others[place]
            return other.row, other.name, 1.0, MatchVerdict.SAME.value, ALIKE
        of = self._found.of
        together = [one for one in self._found.members[of[place]] if one in self._others and one != place]
        asked = [one for one in self._likely.get(place, ()) if one not in together]
        ranked = sorted(together or asked, key=lambda one: (-self._compared.score(place, one).probability, one))
        if not ranked:
            return None, "", None, NONE, ""
        other = self._others[ranked[0]]
        match = self._compared.match(place, ranked[0])
        reasons = "; ".join(f"{reason.words} {reason.log_odds:+.1f}" for reason in match.reasons)
        verdict = MatchVerdict.SAME if together else MatchVerdict.ASK
        return other.row, other.name, round(match.probability, 4), verdict.value, reasons

    def _second_list(self, second: SupplierList) -> dict[int, _Other]:
        at = second.fields.index(SupplierField.NAME)
        good = (row for row in second.table.rows() if row.number not in self._both.rejected)
        found: dict[int, _Other] = {}
        for place, row in zip(self._both.listed.at[self._count :], good, strict=False):
            found.setdefault(place, _Other(row.number, row.cells[at]))
        return found

    def _pairs_across(self) -> dict[int, list[int]]:
        """By each supplier, those of the second list that it may be."""
        found: dict[int, list[int]] = {}
        for left, right in self._compared.pairs:
            if self._compared.score(left, right).probability >= ASK:
                for one, other in ((left, right), (right, left)):
                    if other in self._others:
                        found.setdefault(one, []).append(other)
        return found

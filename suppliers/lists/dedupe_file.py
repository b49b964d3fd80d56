"""A list of suppliers read twice: once to find which are one, once to write each row with its cluster.

Nothing is kept in between but the suppliers themselves, each once.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from base.refusals import Invalid
from base.spreadsheets.cells import SheetRow
from suppliers.lists import columns, list_file
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.list_file import HeadedSheet
from suppliers.lists.supplier_row import RejectedSupplierRow, supplier_row
from suppliers.matching import matching
from suppliers.matching.clusters import Clusters
from suppliers.matching.dedupe import Compared
from suppliers.matching.distinct import DistinctList, DistinctListBuilder, NameDecision
from suppliers.matching.matching import ASK

ADDED: Final = ("cluster", "probability")
LACKING: Final = "This file has no column called name. Its first line should name the columns."
CHANGED: Final = "The file changed while it was read. Leave it alone, and start again."

PAIRS: Final = ("row_a", "name_a", "row_b", "name_b", "probability", "verdict", "reasons", "joined", "decision")
DECIDED: Final = {"same": True, "different": False}
UNDECIDED: Final = ("", "unsure")
LACKING_DECISIONS: Final = "This file has no columns called name_a, name_b and decision, as the file of pairs has them."

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Clustered:
    """``cluster`` None for a row that is no supplier; ``problem`` says why."""

    row: SheetRow
    cluster: int | None
    probability: float | None
    problem: str = ""


@dataclass(slots=True)
class Taken:
    """What the first reading of a list found."""

    listed: DistinctList
    rejected: dict[int, str] = field(default_factory=dict)  # row number -> why it is no supplier
    left_out: list[tuple[int, str]] = field(default_factory=list)  # row number, why an identifier can't be right


@dataclass(frozen=True, slots=True)
class SupplierList:
    table: HeadedSheet
    fields: Sequence[SupplierField | None]

    def take(self, decisions: Sequence[NameDecision], shown: Callable[[Iterable[SheetRow]], Iterable[SheetRow]] = iter) -> Taken:
        """The first reading. ``shown`` may show progress."""
        rows, rejected, left_out = DistinctListBuilder(decisions), {}, []
        for row in shown(self.table.rows()):
            read = supplier_row(row, self.fields)
            if isinstance(read, RejectedSupplierRow):
                rejected[row.number] = read.reason
            else:
                left_out += [(row.number, sentence) for sentence in read.left_out]
                rows.add(read.facts.name, list_file.identifiers(read), read.facts.aliases)
        return Taken(rows.listed(), rejected, left_out)

    def clustered(self, taken: Taken, found: Clusters, right: Sequence[float]) -> Iterator[Clustered]:
        """The second reading: clusters are numbered as they first appear."""
        numbers: dict[int, int] = {}
        places = iter(taken.listed.at)
        for row in self.table.rows():
            if row.number in taken.rejected:
                yield Clustered(row, None, None, taken.rejected[row.number])
                continue
            place = next(places, None)
            if place is None:
                raise Invalid(CHANGED)
            number = numbers.setdefault(found.of[place], len(numbers) + 1)
            yield Clustered(row, number, round(right[place], 4))

    def first_rows(self, taken: Taken) -> Sequence[int]:
        """The number of the first row of each supplier."""
        first = array("L", bytes(array("L").itemsize * len(taken.listed.suppliers)))
        good = (row.number for row in self.table.rows() if row.number not in taken.rejected)
        for place, number in zip(taken.listed.at, good, strict=False):
            first[place] = first[place] or number
        return first


@contextmanager
def open_list(path: Path) -> Iterator[SupplierList]:
    """Raises Invalid or TooLarge with a sentence, here or while the rows are read."""
    understood = columns.understand([])

    def headings(rows: Sequence[SheetRow]) -> int:
        nonlocal understood
        understood = columns.understand(rows)
        named = any(column.field is SupplierField.NAME and columns.field_of(column.title) for column in understood.columns)
        return understood.header if named else 0

    with list_file.opened(path, headings, adding=ADDED, lacking=LACKING) as table:
        yield SupplierList(table, understood.fields)


@dataclass(frozen=True, slots=True)
class Summary:
    rows: int
    rejected: int
    clusters: int  # of several rows
    in_clusters: int  # rows of those
    pairs: int  # likely enough to be asked about, and not joined


def summary(taken: Taken, compared: Compared, found: Clusters) -> Summary:
    sizes = Counter(found.of[place] for place in taken.listed.at)
    several = [size for size in sizes.values() if size > 1]
    open_pairs = sum(found.of[a] != found.of[b] for a, b in likely(compared))
    return Summary(len(taken.listed.at) + len(taken.rejected), len(taken.rejected), len(several), sum(several), open_pairs)


def likely(compared: Compared) -> Iterator[tuple[int, int]]:
    """The pairs that are likely enough to be asked about, and not decided to be different."""
    return (pair for pair in compared.pairs if compared.score(*pair).probability >= ASK)


def pairs(compared: Compared, found: Clusters, first: Sequence[int]) -> Iterator[tuple[Cell, ...]]:
    """Rows under the headings `PAIRS`: those that nobody has joined yet first, the likeliest of them first."""
    listed = compared.listed
    decided = listed.decided
    wanted = {*likely(compared), *decided.same, *decided.different}
    in_order = sorted(wanted, key=lambda pair: (found.of[pair[0]] == found.of[pair[1]], -compared.score(*pair).probability, pair))
    for pair in in_order:
        left, right = sorted(pair, key=first.__getitem__)
        match = matching.score(listed.suppliers[left], listed.suppliers[right])
        reasons = "; ".join(f"{reason.words} {reason.log_odds:+.1f}" for reason in match.reasons)
        said = "same" if pair in decided.same else "different" if pair in decided.different else ""
        joined = "yes" if found.of[left] == found.of[right] else "no"
        names = (cell for place in (left, right) for cell in (first[place], listed.suppliers[place].name.display))
        yield (*names, round(match.probability, 4), match.verdict.value, reasons, joined, said)


def decisions(path: Path) -> list[NameDecision]:
    """The decisions of a file with the columns name_a, name_b and decision: same, different, or nothing. Raises Invalid."""
    wanted = ("name_a", "name_b", "decision")

    def places(row: SheetRow) -> list[int]:
        titles = ["_".join(title.casefold().split()) for title in row.cells]
        return [titles.index(title) for title in wanted if title in titles]

    def headings(rows: Sequence[SheetRow]) -> int:
        return next((row.number for row in rows if len(places(row)) == len(wanted)), 0)

    with list_file.opened(path, headings, adding=(), lacking=LACKING_DECISIONS) as table:
        at = places(table.header)
        return [one for row in table.rows() if (one := _decision(row, at)) is not None]


def _decision(row: SheetRow, at: Sequence[int]) -> NameDecision | None:
    left, right, said = (row.cells[place] if place < len(row.cells) else "" for place in at)
    if said.casefold() in UNDECIDED:
        return None
    if row.problem or said.casefold() not in DECIDED or not (left and right):
        why = row.problem or "it needs two names, and same, different or nothing as the decision"
        raise Invalid(f"Row {row.number} of the decisions can't be used: {why}.")
    return NameDecision(left, right, DECIDED[said.casefold()])

"""A list of suppliers read twice: once to find which are one, once to write each row with its cluster.

Nothing is kept in between but the suppliers themselves, each once.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from base.refusals import Invalid
from base.spreadsheets.cells import SheetRow, column_letters
from suppliers.lists import columns, header_row, list_file
from suppliers.lists.column_titles import PERHAPS_NAMES, SupplierField
from suppliers.lists.columns import Understood
from suppliers.lists.list_file import HeadedSheet, Headings
from suppliers.lists.reading_names import read_rows
from suppliers.matching.clusters import Clusters
from suppliers.matching.dedupe import Compared
from suppliers.matching.distinct import DistinctList, DistinctListBuilder, NameDecision
from suppliers.matching.matching import ASK, Match, MatchVerdict

ADDED: Final = ("cluster", "probability")
AS_THEY_ARE: Final[Mapping[str, SupplierField | None]] = {}
LACKING: Final = "This file has no column called name. Its first line should name the columns."
CHANGED: Final = "The file changed while it was read. Leave it alone, and start again."

PAIRS: Final = ("row_a", "name_a", "row_b", "name_b", "probability", "verdict", "reasons", "joined", "decision")
DECIDED: Final = {"same": True, "different": False}
CHOICES: Final = ("same", "different", "unsure")  # what the cells below the decision offer
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

    @property
    def said(self) -> str:
        """How the file was understood, in words."""
        held = (f"{title or column_letters(at)} = {one.value}" for at, (title, one) in enumerate(self._held()) if one)
        return f"{self.table.said}; {', '.join(held)}"

    def _held(self) -> Iterator[tuple[str, SupplierField | None]]:
        return zip(self.table.titles, self.fields, strict=False)

    def take(
        self,
        decisions: Sequence[NameDecision],
        shown: Callable[[Iterable[SheetRow]], Iterable[SheetRow]] = iter,
        *,
        behind: DistinctListBuilder | None = None,
        jobs: int = 1,
    ) -> Taken:
        """The first reading. ``shown`` may show progress; ``behind`` holds another list's suppliers already."""
        rows, rejected, left_out = behind or DistinctListBuilder(decisions), {}, []
        for read in read_rows(self.table.rows(), self.fields, shown, jobs=jobs):
            if read.name is None:
                rejected[read.number] = read.reason
            else:
                left_out += [(read.number, sentence) for sentence in read.left_out]
                rows.add_read(read.raw, read.name, read.identifiers, read.others)
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
def open_list(
    path: Path,
    *,
    named: Mapping[str, SupplierField | None] = AS_THEY_ARE,
    sheet: str | None = None,
    adding: Sequence[str] = ADDED,
) -> Iterator[SupplierList]:
    """``named`` says by heading what some columns hold; ``sheet`` is a name or a number.

    Raises Invalid or TooLarge with a sentence, here or while the rows are read.
    """

    def headings(rows: Sequence[SheetRow]) -> Headings | None:
        understood = _understood(rows, named)
        if not understood.header or SupplierField.NAME not in understood.fields:
            return None
        name = next(column for column in understood.columns if column.field is SupplierField.NAME)
        is_sure = bool(columns.field_of(name.title)) or (name.title or name.letters).casefold() in wanted
        told = is_sure or header_row.folded(name.title) in PERHAPS_NAMES
        return Headings(understood.header, _titles(rows, understood), is_sure) if told else None

    wanted = {title.casefold() for title in named}
    with list_file.opened(path, headings, adding=adding, lacking=LACKING, wanted=sheet) as table:
        there = {(title or column_letters(at)).casefold() for at, title in enumerate(table.titles)}
        unknown = [title for title in named if title.casefold() not in there]
        if unknown:
            known = ", ".join(filter(None, table.titles))
            raise Invalid(f"There is no column called {unknown[0]} here. There are: {known}.")
        first = list(islice(table.rows(), columns.SAMPLED))
        yield SupplierList(table, _understood([*table.above, table.header, *first], named).fields)


def _understood(rows: Sequence[SheetRow], named: Mapping[str, SupplierField | None]) -> Understood:
    """As it seems, and as ``named`` says."""
    wanted = {title.casefold(): field for title, field in named.items()}
    header = next((row.number for row in rows if wanted.keys() & {cell.casefold() for cell in row.cells}), None)
    understood = columns.understand(rows, header=header)
    fields = [wanted.get((column.title or column.letters).casefold(), column.field) for column in understood.columns]
    if SupplierField.NAME in wanted.values():
        fields = [
            None if field is SupplierField.NAME and (column.title or column.letters).casefold() not in wanted else field
            for field, column in zip(fields, understood.columns, strict=True)
        ]
    return columns.as_chosen(understood, rows, fields)


def _titles(rows: Sequence[SheetRow], understood: Understood) -> tuple[str, ...]:
    """The headings, without columns behind them that have none."""
    header = next(row for row in rows if row.number == understood.header)
    titles = [column.title for column in understood.columns]
    while len(titles) > len(header.cells) and not titles[-1]:
        titles.pop()
    return tuple(titles)


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
        match = compared.match(left, right)
        reasons = "; ".join(f"{reason.words} {reason.log_odds:+.1f}" for reason in match.reasons)
        said = "same" if pair in decided.same else "different" if pair in decided.different else ""
        is_joined = found.of[left] == found.of[right]
        verdict = _verdict(match, is_joined=is_joined, said=said)
        if verdict is not match.verdict:
            reasons = f"{_why_otherwise(match, is_joined=is_joined, said=said)}; {reasons}"
        joined = "yes" if is_joined else "no"
        names = (cell for place in (left, right) for cell in (first[place], listed.suppliers[place].name.display))
        yield (*names, round(match.probability, 4), verdict.value, reasons, joined, said)


def _verdict(match: Match, *, is_joined: bool, said: str) -> MatchVerdict:
    """What the list makes of the pair: never another thing than ``joined`` says."""
    if is_joined:
        return MatchVerdict.SAME
    if said == "different":
        return MatchVerdict.DIFFERENT
    return MatchVerdict.ASK if match.probability >= ASK else MatchVerdict.DIFFERENT


def _why_otherwise(match: Match, *, is_joined: bool, said: str) -> str:
    """Why the list makes something else of the pair than the two names alone would."""
    if said:
        return f"you decided that they are {said}"
    if is_joined:
        alone = f", though alone they would be asked about ({match.doubt})" if match.doubt else ""
        return f"joined by --threshold and what else is in their cluster{alone}"
    return "not joined, because of what else is in their clusters"


def decisions(path: Path) -> list[NameDecision]:
    """The decisions of a file with the columns name_a, name_b and decision: same, different, or nothing. Raises Invalid."""
    wanted = ("name_a", "name_b", "decision")

    def places(row: SheetRow) -> list[int]:
        titles = ["_".join(title.casefold().split()) for title in row.cells]
        return [titles.index(title) for title in wanted if title in titles]

    def headings(rows: Sequence[SheetRow]) -> Headings | None:
        return next((Headings(row.number, row.cells) for row in rows if len(places(row)) == len(wanted)), None)

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

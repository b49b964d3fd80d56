"""A list's clusters, a row each: the names in it, on how many rows, which name to keep, and the sum of an amount. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from base.refusals import Invalid
from base.spreadsheets.writing import Cell
from suppliers.lists import not_suppliers
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.dedupe_file import Clustered, SupplierList
from suppliers.lists.header_row import folded

HEADINGS: Final = ("cluster", "suggested name", "names", "rows")
SHEET: Final = "Clusters"
MOSTLY: Final = 0.6  # of the first cells of a column of amounts are some
AMOUNTS: Final = (
    "amount", "net amount", "amount net", "amount paid", "payment amount", "invoice amount", "amount excl vat", "net", "value",
    "net value", "spend", "total spend", "spend to date", "gross amount", "gross", "total amount", "total", "total paid", "paid",
    "invoice total", "ytd", "turnover", "awarded value", "amount awarded", "debit",
)  # fmt: skip
LONGEST_NAMES: Final = 32_000  # characters: what a cell of a workbook may hold

_AMOUNT: Final = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
_AROUND: Final = re.compile(r"[£$€\s]|GBP|DR\b", re.IGNORECASE)


@dataclass(slots=True)
class _Cluster:
    names: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    amount: Decimal = Decimal(0)


@dataclass(slots=True)
class ClusterTable:
    """Notes the rows of a list as they pass. ``amount_at`` is the column to be summed, None for none."""

    name_at: int
    amount_at: int | None
    amount_title: str
    _clusters: dict[int, _Cluster] = field(default_factory=lambda: defaultdict(_Cluster))
    unread: int = 0  # cells of that column that are no amount

    def noting(self, rows: Iterable[Clustered]) -> Iterator[Clustered]:
        for one in rows:
            if one.cluster is not None:
                self._note(self._clusters[one.cluster], one.row.cells)
            yield one

    def rows(self) -> Iterator[Sequence[Cell]]:
        """With its headings."""
        yield (*HEADINGS, *([f"sum of {self.amount_title}"] if self.amount_at is not None else []))
        for number, one in sorted(self._clusters.items()):
            names = "; ".join(one.names)[:LONGEST_NAMES]
            total = [float(one.amount)] if self.amount_at is not None else []
            yield (number, suggested(one.names), names, one.rows, *total)

    def _note(self, cluster: _Cluster, cells: Sequence[str]) -> None:
        cluster.rows += 1
        cluster.names[cells[self.name_at]] += 1
        if self.amount_at is not None and self.amount_at < len(cells) and cells[self.amount_at]:
            found = amount(cells[self.amount_at])
            self.unread += found is None
            cluster.amount += found or 0


def table_of(given: SupplierList, wanted: str | None) -> ClusterTable:
    """``wanted`` is the heading of the column to be summed; without it one that is called so, if any. Raises Invalid."""
    titles = [folded(title) for title in given.table.titles]
    name_at = given.fields.index(SupplierField.NAME)
    if wanted is not None:
        if folded(wanted) not in titles:
            raise Invalid(f"There is no column called {wanted} here. There are: {', '.join(filter(None, given.table.titles))}.")
        at = titles.index(folded(wanted))
        return ClusterTable(name_at, at, given.table.titles[at])
    for title in AMOUNTS:
        if title in titles and given.fields[titles.index(title)] is None and _holds_amounts(given, titles.index(title)):
            return ClusterTable(name_at, titles.index(title), given.table.titles[titles.index(title)])
    return ClusterTable(name_at, None, "")


def _holds_amounts(given: SupplierList, at: int) -> bool:
    cells = [
        row.cells[at] for row, _ in zip(given.table.rows(), range(200), strict=False) if at < len(row.cells) and row.cells[at]
    ]
    return sum(amount(cell) is not None for cell in cells) > MOSTLY * len(cells)


def amount(cell: str) -> Decimal | None:
    """£1,234.50; a ledger's minus stands before, behind, as brackets or as CR. None for what is no amount."""
    text = _AROUND.sub("", cell)
    is_credit = text.upper().endswith("CR")
    text = text[:-2] if is_credit else text
    is_negative = (
        is_credit or (text.startswith("(") and text.endswith(")")) or text.startswith(("-", "\u2212")) or text.endswith("-")
    )
    bare = text.strip("()-+\u2212")
    if not _AMOUNT.fullmatch(bare):
        return None
    found = Decimal(bare.replace(",", ""))
    return -found if is_negative else found


def suggested(names: Counter[str]) -> str:
    """The name to keep: no closed account, none in a ledger's capitals where somebody wrote it otherwise, then the commonest."""
    return min(names, key=lambda name: (not_suppliers.is_retired(name), name.isupper() or name.islower(), -names[name], name))

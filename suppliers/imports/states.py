"""What an import is while it waits between two pages: its state, how its file was understood, what a row is. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from base.spreadsheets.cells import SheetRow
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import Column


class ImportState(StrEnum):
    READING = "reading"
    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    STOPPED = "stopped"
    DONE = "done"
    REFUSED = "refused"

    @property
    def is_work(self) -> bool:
        return self in (ImportState.READING, ImportState.CHECKING, ImportState.IMPORTING)

    @property
    def takes_answers(self) -> bool:
        return self in (ImportState.CHECKED, ImportState.STOPPED)


class RowKind(StrEnum):
    READ = "read"
    NEW = "new"
    KNOWN = "known"
    OURS = "ours"
    MORE = "more"
    ASK = "ask"
    DOUBLE = "double"
    WRONG = "wrong"
    NOISE = "noise"
    ADDED = "added"
    ADOPTED = "adopted"
    REFRESHED = "refreshed"


class RowChoice(StrEnum):
    NEW = "new"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class SheetSummary:
    name: str
    is_hidden: bool
    hidden_rows: int
    unseen: str = ""  # a sentence on what can't be seen in a file of this kind


@dataclass(frozen=True, slots=True)
class UnderstoodFile:
    """How a file was understood, in words as ``said``. ``formulas`` has, by column, the first cell that holds a formula."""

    said: str
    sheets: tuple[SheetSummary, ...]
    sheet: int
    header: int
    columns: tuple[Column, ...]
    formulas: Mapping[int, str]
    is_as_last_time: bool = False  # the columns hold what a list of these headings held before

    @property
    def has_categories(self) -> bool:
        return any(column.field is SupplierField.CATEGORY for column in self.columns)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def seen_of(text: str) -> UnderstoodFile | None:
    if not text:
        return None
    found = json.loads(text)
    return UnderstoodFile(
        said=found["said"],
        sheets=tuple(SheetSummary(**sheet) for sheet in found["sheets"]),
        sheet=found["sheet"],
        header=found["header"],
        columns=tuple(_column(column) for column in found["columns"]),
        formulas={int(at): cell for at, cell in found["formulas"].items()},
        is_as_last_time=found.get("is_as_last_time", False),
    )


def _column(column: Mapping[str, Any]) -> Column:
    field = SupplierField(column["field"]) if column["field"] else None
    return Column(**{**column, "samples": tuple(column["samples"]), "field": field})


def row_of(row: Mapping[str, Any]) -> SheetRow:
    cells, problem = json.loads(row["cells"])
    return SheetRow(row["number"], tuple(cells), problem)


def cells_of(row: SheetRow) -> str:
    return json.dumps([row.cells, row.problem], ensure_ascii=False)

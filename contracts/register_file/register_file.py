"""A contract register in a file, read: ``read(path)``. Which rows are contracts, what each says, what has to be asked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from base.refusals import Invalid
from base.spreadsheets import reading_apart
from base.spreadsheets.cells import Limits, SheetRow
from base.spreadsheets.reading import Sheet
from contracts.register_file import carrying, date_order, layout, naming
from contracts.register_file.headings import Field
from contracts.register_file.kinds import LineKind, kinds
from contracts.register_file.layout import Chosen, Column, Table
from contracts.register_file.lines import Line, lines_of
from contracts.register_file.rows import ContractRow, contract_of

LIMITS: Final = Limits(packed=10 * 1024 * 1024, unpacked=100_000_000, rows=20_000)  # the largest trust has some thousands
NO_HEADINGS: Final = (
    "No sheet of this file has a row of headings that Vouch understands. It looks for a row that names at least three columns, "
    "such as Contract, Supplier, Start date, End date and Notice."
)
TRIGGER: Final = "trigger (not imported: Vouch works it out, and shows the difference)"
NOT_IMPORTED: Final = {
    Field.TRIGGER: TRIGGER,
    Field.REVIEW: "review (not imported)",
    Field.RENEWAL_DAY: "renewal day (not imported)",
}
DATES: Final = (Field.START, Field.END, Field.RENEWAL_DAY)
ENCODINGS: Final = {"Windows-1252": "cp1252", "UTF-8": "utf-8", "UTF-16": "utf-16"}


@dataclass(frozen=True, slots=True)
class Skipped:
    row: int
    why: str


@dataclass(slots=True)
class SheetRead:
    """``name`` None for a text file's one table; ``header`` 0: the sheet has no headings, and nothing was read of it."""

    name: str | None
    header: int = 0
    columns: list[Column] = field(default_factory=list)
    contracts: list[ContractRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RegisterRead:
    file: str
    said: str  # how the file was understood, in words
    sheets: tuple[SheetRead, ...]

    @property
    def json(self) -> dict[str, Any]:
        """In the form that docs/reference/sla-rules.md, R, gives."""
        with_headings = [one for one in self.sheets if one.header]
        encoding = next((code for name, code in ENCODINGS.items() if self.said.startswith(name)), None)
        beside = {"encoding": encoding} if encoding else {"sheets": [one.name for one in with_headings]}
        return {
            "file": self.file,
            "header_row": with_headings[0].header,
            "columns": {column.title: _held(column) for one in with_headings for column in one.columns if column.meaning},
            **beside,
            "rows": [_row(one.name, contract) for one in self.sheets for contract in one.contracts],
            "skipped": [{"sheet": one.name, "row": each.row, "why": each.why} for one in self.sheets for each in one.skipped],
            "unknown_columns": list(
                dict.fromkeys(c.title for one in with_headings for c in one.columns if c.title and not c.meaning)
            ),
            "remarks": [remark for one in self.sheets for remark in one.remarks],
        }


def read(path: Path, *, sheet: str | None = None, watched: Callable[[Iterable[Line]], Iterable[Line]] = iter) -> RegisterRead:
    """``sheet`` reads only the sheet of that name; ``watched`` is handed the rows while they are read.

    Raises Invalid or TooLarge with a sentence.
    """
    with reading_apart.opened(path, LIMITS) as book:
        chosen = [one for one in book.sheets if sheet is None or one.name.casefold() == sheet.casefold()]
        if not chosen:
            raise Invalid(
                f"There is no sheet called {sheet} in this file. There are: {', '.join(one.name for one in book.sheets)}."
            )
        sheets = tuple(read_sheet(one, list(one.rows()), named=one.name or None, watched=watched) for one in chosen)
    if not any(one.header for one in sheets):
        raise Invalid(NO_HEADINGS)
    return RegisterRead(path.name, book.said, sheets)


def read_sheet(
    sheet: Sheet,
    rows: Sequence[SheetRow],
    *,
    named: str | None,
    chosen: Chosen | None = None,
    watched: Callable[[Iterable[Line]], Iterable[Line]] = iter,
) -> SheetRead:
    """``chosen`` is what a person said of the sheet, where somebody did."""
    found = SheetRead(named)
    lines = lines_of(_as_rows(rows) if named is None else rows, sheet.merged)
    if sheet.is_hidden:
        found.remarks.append(f"The sheet {named} is hidden. It was read.")
    if sheet.unseen:
        found.remarks.append(sheet.unseen)
    if sheet.hidden_rows:
        is_one = sheet.hidden_rows == 1
        what = "1 row is hidden. It was read." if is_one else f"{sheet.hidden_rows} rows are hidden. They were read."
        found.remarks.append(f"{_where(named)}{what}")
    table = layout.understood(lines, chosen)
    if table is None:
        found.skipped += [Skipped(line.number, "sheet without a header") for line in lines[:1]]
        return found
    found.header, found.columns = table.header, list(table.columns)
    _read_rows(found, lines, table, named, watched)
    if named is None:
        found.skipped += [Skipped(number, LineKind.EMPTY.value) for number in _blank(lines)]
    found.skipped.sort(key=lambda one: one.row)
    return found


def _read_rows(
    found: SheetRead, lines: Sequence[Line], table: Table, named: str | None, watched: Callable[[Iterable[Line]], Iterable[Line]]
) -> None:
    found.skipped += [Skipped(line.number, LineKind.TITLE.value) for line in lines if line.number < table.header]
    is_ended = bool(named and naming.ENDED.search(named.casefold()))
    below = [line for line in lines if line.number > table.header]
    found.skipped += [Skipped(line.number, f"can't be read: {line.problem}") for line in below if line.problem]
    below = [line for line in below if not line.problem]
    every = list(zip(below, kinds(below, table), strict=True))
    contracts = _with_names(found, [line for line, kind in every if kind is LineKind.CONTRACT], table)
    schools, table = _standing_alone(contracts, table), _with_doubt(contracts, table)
    by_number = {line.number: line for line in contracts}
    for line, kind in zip(watched([one for one, _ in every]), (kind for _, kind in every), strict=True):
        if kind is LineKind.CONTRACT:
            read_one = contract_of(by_number[line.number], table, schools)
            found.contracts.append(_ended(read_one) if is_ended else read_one)
        else:
            found.skipped.append(Skipped(line.number, kind.value))
            if kind is LineKind.HEADING and not layout.is_repeated(line, table):
                is_ended = any(naming.ENDED.search(cell.casefold()) for cell in line.own) or bool(
                    named and naming.ENDED.search(named.casefold())
                )


def _with_names(found: SheetRead, contracts: Sequence[Line], table: Table) -> list[Line]:
    """With what stands once above several rows in the columns of names."""
    columns = [column.at for name in (Field.TITLE, Field.SUPPLIER, Field.SCHOOLS, Field.OFFICER) if (column := table.of(name))]
    lines = carrying.without_dittos(contracts, columns)
    schools = table.of(Field.SCHOOLS)
    if schools:
        lines, carried = carrying.schools_carried(lines, schools.at)
        if carried:
            numbers = ", ".join(map(str, carried[:50]))
            found.remarks.append(f"{_where(found.name)}{schools.title}: blank cells took the name above them, in rows {numbers}.")
    return lines


def _standing_alone(lines: Sequence[Line], table: Table) -> frozenset[str]:
    column = table.of(Field.SCHOOLS)
    cells = {line.cells[column.at].casefold() for line in lines if column.at < len(line.cells)} if column else set()
    return frozenset(cell for cell in cells if cell and not set(cell) & set("/;\n|,"))


def _with_doubt(lines: Sequence[Line], table: Table) -> Table:
    """Where days of the sheet have the month first, those that could be read either way are asked about."""
    at = {column.at for name in DATES for column in table.all_of(name)}
    if not date_order.is_in_doubt(cell for line in lines for place, cell in enumerate(line.cells) if place in at):
        return table
    columns = (
        replace(one, meaning=replace(one.meaning, is_in_doubt=True)) if one.meaning and one.at in at else one
        for one in table.columns
    )
    return replace(table, columns=tuple(columns))


def _ended(contract: ContractRow) -> ContractRow:
    if contract.parsed["status"] is not None or any(what == "status" for what, _ in contract.questions):
        return contract
    return replace(contract, parsed=contract.parsed | {"status": "ceased"})


def _as_rows(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """Rows of a text file, numbered as a spreadsheet program shows them: a cell with line breaks is still one row."""
    found, extra = [], 0
    for row in rows:
        found.append(replace(row, number=row.number - extra))
        extra += row.lines - 1
    return found


def _blank(lines: Sequence[Line]) -> list[int]:
    numbers = {line.number for line in lines}
    return [n for n in range(1, max(numbers, default=0)) if n not in numbers]


def _held(column: Column) -> str:
    name = column.meaning.field if column.meaning else None
    if name in NOT_IMPORTED and not column.is_used:
        return NOT_IMPORTED[name]
    held = {Field.RENEWAL_DAY: "end", Field.SUM: "annual"}.get(name, name) if name else ""
    return f"{held}" if column.is_used else f"{held} (not imported: another column is taken for it)"


def _row(sheet: str | None, contract: ContractRow) -> dict[str, Any]:
    return {
        "row": contract.row,
        "sheet": sheet,
        "parsed": contract.parsed,
        "questions": [[what, question.code.value] for what, question in contract.questions],
        "sentences": [question.sentence for _, question in contract.questions],
        "also": contract.also,
    }


def _where(sheet: str | None) -> str:
    return f"{sheet}: " if sheet else ""

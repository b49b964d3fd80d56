"""The register as a spreadsheet that can be imported again: the same contracts, by their numbers, with every field.

``template`` is the same sheet without contracts, and says how to fill it in.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final
from uuid import UUID

import database
from base.spreadsheets.writing import Cell, Csv, TableFormat, Xlsx
from base.viewer import Viewer, must_keep_contracts
from contracts.fields.contract_fields import ContractField, Kind
from contracts.lists import whole
from contracts.lists.whole import Whole
from contracts.sheets import own_columns, row_spelt, spelling, trust_schools
from contracts.sheets.own_columns import COLUMNS, EXTENSIONS
from sharing.tables import School

SHEET: Final = "Contracts"
EXPLANATIONS: Final = "How to fill it in"
LISTS: Final = "Lists"
FILLED_IN: Final = 1_000  # rows of the template that offer the lists
FIRST_EXCEL_YEAR: Final = 1901  # days before it are texts in a workbook
NUMBER_WIDTH: Final = 16  # characters of the column of numbers, which nobody reads
_HINTS: Final[Mapping[Kind, str]] = {
    Kind.LINE: "Text, up to 200 characters",
    Kind.PROSE: "Text, up to 10,000 characters",
    Kind.PENCE: "Pounds, such as 4860 or 4,860.50",
    Kind.COUNT: "A whole number",
    Kind.DAY: "A day, such as 31/08/2027",
    Kind.YES_NO: "Yes or No",
    Kind.CHOICE: "One of the list",
    Kind.PERIOD: "A number and what it counts, such as 3 months, 20 working days, 1 term, 1 half-term",
    Kind.NOTICE: "3 months, 1 term, 30 clear days, or by 31 December; of several the earliest counts: 90 days and 3 months",
    Kind.BREAK: "from 01/09/2027; on 31/08/2028, 31/08/2029; notice 3 months; costs £500.00",
}


async def export(viewer: Viewer, made_as: TableFormat, *, to: BinaryIO) -> int:
    """Writes the school's contracts, then those of others that serve it; returns how many. Raises Forbidden."""
    must_keep_contracts(viewer)
    async with database.read():
        schools = await trust_schools.schools_of(viewer)
    writer, count = _begun(made_as, to), 0
    async for some in whole.readable(viewer):
        keepers = await _called({one.school for one in some} - {viewer.school})
        for one in some:
            writer.add(_row(one, schools, keepers.get(one.school, ""), made_as))
        count += len(some)
    writer.close()
    return count


def template(made_as: TableFormat, *, to: BinaryIO) -> None:
    """Writes an empty sheet to fill in; as a workbook with a sheet of explanations and lists to choose from."""
    writer = _begun(made_as, to)
    if isinstance(writer, Xlsx):
        lists = {one.name: list(spelling.choices(one).values()) for one in COLUMNS if one.kind is Kind.CHOICE}
        for at, one in enumerate(COLUMNS):
            if one.kind is Kind.YES_NO:
                writer.offer(at, ["Yes", "No"], rows=FILLED_IN)
            elif one.name in lists:
                column = _letter(list(lists).index(one.name))
                writer.offer(at, f"={LISTS}!${column}$2:${column}${len(lists[one.name]) + 1}", rows=FILLED_IN)
        _explain(writer)
        _list(writer, lists)
    writer.close()


def _begun(made_as: TableFormat, to: BinaryIO) -> Xlsx | Csv:
    writer = made_as.writer(to, sheet=SHEET, first_width=NUMBER_WIDTH)
    writer.add([one.label for one in COLUMNS])
    return writer


def _row(one: Whole, schools: row_spelt.Schools, kept_by: str, made_as: TableFormat) -> Iterator[Cell]:
    cells = row_spelt.cells(one, schools, kept_by=kept_by)
    for column in COLUMNS:
        yield _typed(column, cells[column.name]) if made_as is TableFormat.XLSX else cells[column.name]


def _typed(column: ContractField, text: str) -> Cell:
    """Sums, numbers and days as a workbook keeps them, so that it can sort and add them."""
    if not text:
        return None
    if column.kind is Kind.PENCE:
        return float(text)
    if column.kind is Kind.COUNT:
        return int(text)
    if column.kind is Kind.DAY:
        day = spelling.read_day(column.name, text)
        return day if day.year >= FIRST_EXCEL_YEAR else text
    return text


def _explain(writer: Xlsx) -> None:
    writer.begin(EXPLANATIONS, first_width=40)
    writer.add(["Column", "What to write", "", "Choices"])
    for one in COLUMNS:
        how = "" if one.name in own_columns.BESIDE and one.name != EXTENSIONS else _HINTS[one.kind]
        choices = "; ".join(spelling.choices(one).values()) if one.kind is Kind.CHOICE and one.choices else ""
        writer.add([one.label, one.hint or how, how if one.hint else "", choices])
    writer.add(["", "Only “What it is for” has to be filled in. A column that you delete changes nothing.", "", ""])


def _list(writer: Xlsx, lists: Mapping[str, Sequence[str]]) -> None:
    writer.begin(LISTS, first_width=40)
    writer.add([own_columns.BY_NAME[name].label for name in lists])
    for n in range(max(map(len, lists.values()))):
        writer.add([choices[n] if n < len(choices) else "" for choices in lists.values()])


def _letter(at: int) -> str:
    return chr(ord("A") + at)


async def _called(schools: set[UUID]) -> dict[UUID, str]:
    if not schools:
        return {}
    async with database.read():
        rows = await School.select(School.id, School.name).where(database.among(School.id, list(schools)))
    return {row["id"]: row["name"] for row in rows}

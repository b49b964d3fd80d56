"""A row of a register as the import keeps it: what each field's cell says, spelt one way for every file, and what to ask. Pure.

Registers that schools keep by hand are read by the room `register_file`, our own sheets as they are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from base.refusals import Invalid
from base.spreadsheets.cells import SheetRow
from contracts.fields import contract_fields
from contracts.fields.contract_fields import Kind
from contracts.fields.dates_asked import Extension
from contracts.register_file.cells import FORMULA
from contracts.register_file.headings import Field
from contracts.register_file.register_file import SheetRead
from contracts.register_file.rows import ContractRow
from contracts.sheets import cell_back, extension_text, own_columns, spelling

STATUS: Final = "status"  # a question that is no field: draft, live, notice given, ended
FORMULA_CODE: Final = "a_formula"
# Where what a register's row says goes. `schools` and `status` are looked at by themselves.
FIELD_OF: Final[Mapping[str, str]] = {
    "title": "title", "supplier": own_columns.SUPPLIER, "start": "starts_on", "end": "ends_on", "renewal": "renewal",
    "roll": "roll", "notice": "notice", "method": "method", "extensions": own_columns.EXTENSIONS, "annual": "annual_pence",
    "annual_pence": "annual_pence", "total": "total_pence", "total_pence": "total_pence", "approximate": "is_approximate",
    "officer": "officer", "route": "route", "schools": own_columns.COVERS, "status": STATUS, "notes": "notes",
}  # fmt: skip
_ROUTES: Final = {"direct": "direct_award"}
ROLL_LENGTH: Final = "roll_length"


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A question about a field of the row; ``code`` is one of docs/reference/sla-rules.md, R, or of this room."""

    field: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RowRead:
    """``cells`` by field, spelt as ``spelling`` has it. ``schools`` None: there is no such column.

    ``own``: of a sheet of ours, so that an empty cell says that there is nothing. ``noted`` are lines that went into the notes.
    """

    number: int
    sheet: str
    cells: Mapping[str, str]
    questions: tuple[AskedOf, ...] = ()
    schools: tuple[str, ...] | None = None
    noted: tuple[str, ...] = ()
    own: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def row_read(given: Mapping[str, Any]) -> RowRead:
    """Of what ``as_dict`` gave and JSON kept."""
    schools = given["schools"]
    return RowRead(
        given["number"],
        given["sheet"],
        given["cells"],
        tuple(AskedOf(**each) for each in given["questions"]),
        tuple(schools) if schools is not None else None,
        tuple(given["noted"]),
        given["own"],
    )


def of_register(sheet: SheetRead, contract: ContractRow, left_out: Collection[str]) -> RowRead:
    """``left_out`` are headings whose cells somebody doesn't want."""
    parsed = contract.parsed
    cells = {FIELD_OF[what]: _spelt(FIELD_OF[what], value) for what, value in parsed.items() if value is not None}
    known = {column.title: column.meaning.field for column in sheet.columns if column.meaning}
    noted = []
    for title, cell in {**contract.also, **contract.beside}.items():
        name = {Field.DESCRIPTION: "description", Field.REFERENCE: "reference"}.get(known.get(title, Field.NOTES))
        if title in left_out:
            continue
        if name and title in contract.also and name not in cells:
            cells[name] = cell if name == "description" else " ".join(cell.split())
        else:
            noted.append(f"{title}: {cell}")
    if noted:
        cells["notes"] = "\n".join([*filter(None, [cells.get("notes")]), *noted])
    questions = tuple(AskedOf(_asked_field(what, q.code.value), q.code.value, q.sentence) for what, q in contract.questions)
    schools = tuple(parsed["schools"] or ()) if Field.SCHOOLS in known.values() else None
    cells.pop(own_columns.COVERS, None)
    return RowRead(contract.row, sheet.name or "", cells, questions, schools, tuple(noted))


def of_own_sheet(sheet: str, row: SheetRow, columns: Mapping[int, str]) -> RowRead:
    cells, questions = {}, []
    for at, name in columns.items():
        cell = row.cells[at] if at < len(row.cells) else ""
        cells[name] = cell_back.undone(cell)
        if at in row.formulas:
            questions.append(AskedOf(name, FORMULA_CODE, FORMULA))
    has_schools = own_columns.COVERS in cells
    schools = tuple(part for each in cells.pop(own_columns.COVERS, "").split(";") if (part := each.strip()))
    return RowRead(row.number, sheet, cells, tuple(questions), schools if has_schools else None, own=True)


def _asked_field(what: str, code: str) -> str:
    return "roll" if code == ROLL_LENGTH else FIELD_OF[what]


def _spelt(name: str, value: Any) -> str:
    if name == own_columns.EXTENSIONS:
        return extension_text.spelt_extensions([_extension(each) for each in value])
    if name == "route":
        value = _ROUTES.get(value, value)
    one = contract_fields.BY_NAME.get(name)
    if one is None or one.is_words:
        return " ".join(str(value).split()) if one and one.kind is Kind.LINE else str(value)
    if one.kind is Kind.DAY:
        value = date.fromisoformat(value)
    return spelling.spelt(one, value) if value is not False else ""


def _extension(each: Mapping[str, Any]) -> Extension:
    is_taken = each.get("taken") is True
    if "to" in each:
        return Extension(None, date.fromisoformat(each["to"]), is_taken)
    return Extension({"n": each["n"], "unit": each["unit"]}, None, is_taken)


def status_of(cells: Mapping[str, str], answered: Collection[str], today: date) -> tuple[dict[str, str], Sequence[AskedOf]]:
    """What a status means in fields: cells, and what it leaves to ask."""
    status, more, asked = cells.get(STATUS, ""), dict[str, str](), list[AskedOf]()
    if status == "draft":
        more["is_draft"] = "Yes"
    elif status == "notice_given" and "notice_given_on" not in answered:
        asked.append(AskedOf("notice_given_on", "which_day", "Notice was given: on which day did the supplier receive it?"))
    elif status == "ceased" and "ceased_on" not in answered:
        if _is_past(cells.get("ends_on", ""), today):
            return more, ()  # its dates say so themselves
        asked.append(AskedOf("ceased_on", "which_day", "It has ended: what was its last day?"))
    return more, asked


def _is_past(cell: str, today: date) -> bool:
    try:
        return spelling.read_day("ends_on", cell) < today
    except Invalid:
        return False

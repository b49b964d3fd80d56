"""What goes out into a spreadsheet comes back as the same contracts: every field, extensions, every form of notice."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base import clock
from base.refusals import Invalid
from base.spreadsheets.cells import SheetRow, clean
from base.spreadsheets.writing import TableFormat, as_text
from base.viewer import Viewer
from contracts.clock.periods import Unit
from contracts.fields import said
from contracts.fields.contract_fields import BY_NAME, FIELDS, ContractField, Kind
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.imports import background, imports
from contracts.lists import whole
from contracts.lists.whole import Whole
from contracts.register import register
from contracts.register_rows import built as building
from contracts.register_rows import row_read
from contracts.register_rows.built import Around
from contracts.register_rows.states import ImportState
from contracts.sheets import exporting, own_columns, row_spelt, spelling
from contracts.sheets.row_spelt import SchoolNamed
from suppliers.record import taxonomy
from tests.given.patience import PATIENCE
from tests.given.register_imports import brought

TODAY: Final = date(2026, 11, 28)
SCHOOL: Final = uuid4()
SCHOOLS: Final = {uuid4(): SchoolNamed("St. Mary's; Infants", 100001), uuid4(): SchoolNamed("Oakfield Primary", 100002)}
DAYS: Final = st.dates(date(1950, 1, 1), date(2150, 12, 31))
WORDS: Final = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=60)
ODD: Final = st.sampled_from(
    ["=1+1", "'=1+1", "+44 20", "-", "@you", "a; b", "[x]", "{", "12 months (taken)", "3 months", "Ünïcode"]
)
PERIODS: Final = st.builds(lambda n, unit: {"n": n, "unit": unit.value}, st.integers(1, 999), st.sampled_from(list(Unit)))
CALENDAR: Final = PERIODS.filter(lambda one: one["unit"] in ("days", "weeks", "months", "years"))
ONE_NOTICE: Final = st.one_of(
    PERIODS,
    PERIODS.map(lambda one: {**one, "clear": True}),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: {"by": f"{day:%m-%d}"}),
)
NOTICES: Final = st.one_of(ONE_NOTICE, st.lists(ONE_NOTICE, min_size=2, max_size=3))
BREAKS: Final = st.fixed_dictionaries(
    {"notice": ONE_NOTICE.filter(lambda one: "by" not in one and one["unit"] not in ("terms", "half_terms"))},
    optional={
        "from": DAYS.map(date.isoformat),
        "on": st.lists(DAYS.map(date.isoformat), min_size=1, max_size=3),
        "cost_pence": st.integers(0, 10**9),
    },
)
OF_KIND: Final[dict[Kind, st.SearchStrategy[Any]]] = {
    Kind.LINE: WORDS | ODD,
    Kind.PROSE: st.lists(WORDS | ODD, max_size=3).map("\n\n".join),
    Kind.PENCE: st.integers(0, 10**11),
    Kind.COUNT: st.integers(0, 1000),
    Kind.DAY: DAYS,
    Kind.YES_NO: st.booleans(),
    Kind.PERIOD: PERIODS,
    Kind.NOTICE: NOTICES,
    Kind.BREAK: BREAKS,
}


def of_field(one: ContractField) -> st.SearchStrategy[Any]:
    if one.kind is Kind.CHOICE:
        return st.sampled_from(sorted(taxonomy.by_slug() if one.name == "category" else one.choices))
    return OF_KIND[one.kind]


EXTENSIONS: Final = st.lists(
    st.one_of(
        st.builds(
            Extension,
            length=CALENDAR,
            is_taken=st.booleans(),
            decided_on=st.none() | DAYS,
            decided_by=WORDS | ODD,
            minute=WORDS | ODD,
        ),
        st.builds(Extension, to_day=DAYS, is_taken=st.booleans(), decided_on=st.none() | DAYS, minute=ODD),
    ),
    max_size=3,
)
NAMES: Final = st.sets(st.sampled_from([one.name for one in FIELDS]), max_size=8).flatmap(
    lambda names: st.fixed_dictionaries({**{name: of_field(BY_NAME[name]) for name in names}, "title": st.just("Photocopiers")})
)
SAID: Final = st.builds(
    Said,
    values=NAMES,
    extensions=EXTENSIONS,
    covers=st.sets(st.sampled_from(sorted(SCHOOLS)), max_size=2),
    is_draft=st.booleans(),
    notice_given_on=st.none() | st.dates(date(2020, 1, 1), TODAY),
    ceased_on=st.none() | st.dates(date(2020, 1, 1), TODAY),
)


def is_kept(one: Said) -> bool:
    try:
        with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
            said.checked(one)
    except Invalid:
        return False
    return True


def as_kept(one: Said) -> Whole:
    with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
        return Whole(uuid4(), SCHOOL, 1, said.checked(one), "")


@pytest.mark.pure
@given(one=st.data())
def test_every_value_of_every_field_is_spelt_so_that_it_can_be_read(one: st.DataObject) -> None:
    field = one.draw(st.sampled_from(FIELDS))
    value = one.draw(of_field(field))
    if field.is_words:
        value = " ".join(value.split()) or None
    assert spelling.read(field, spelling.spelt(field, value)) == value


@pytest.mark.pure
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(one=SAID.filter(is_kept), made_as=st.sampled_from(TableFormat), is_new=st.booleans())
def test_a_contract_that_went_out_comes_back_as_it_was(one: Said, made_as: TableFormat, *, is_new: bool) -> None:
    contract = as_kept(one)
    cells = row_spelt.cells(contract, SCHOOLS)
    there = [str(as_text(cells[c.name])) if made_as is TableFormat.CSV else cells[c.name] for c in own_columns.COLUMNS]
    row = SheetRow(2, tuple(map(clean, there)))
    read = row_read.of_own_sheet("", row, {n: c.name for n, c in enumerate(own_columns.COLUMNS)})

    around = Around(SCHOOL, SCHOOLS, {}, {" ".join(str(named).split()): str(which) for which, named in SCHOOLS.items()}, TODAY)
    with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
        made = building.built(read, {}, around, None if is_new else contract)
    assert made.asked == ()
    assert made.said is not None
    if not is_new:
        assert said.difference(contract.said, made.said) == ({}, {})
        return
    changed = said.difference(contract.said, made.said)[0].get("new", {})
    assert changed == {}  # facts; words may have lost white space and apostrophes that a cell can't hold


@pytest.mark.parametrize("made_as", TableFormat)
@pytest.mark.both_engines
async def test_a_register_that_is_exported_and_imported_again_changes_nothing_and_one_cell_changes_one_field(
    ann: Viewer, made_as: TableFormat
) -> None:
    full: dict[str, Any] = {
        "title": "=Photocopiers", "starts_on": date(2024, 9, 1), "ends_on": date(2027, 8, 31), "renewal": "rolls",
        "roll": {"n": 1, "unit": "years"}, "notice": [{"n": 90, "unit": "days"}, {"by": "05-31"}], "annual_pence": 486_050,
        "notes": "One.\n\nTwo.", "category": next(iter(taxonomy.by_slug())), "is_deed": False, "quotes": 3,
        "break_clause": {"from": "2025-09-01", "notice": {"n": 3, "unit": "months"}},
    }  # fmt: skip
    options = [
        Extension({"n": 12, "unit": "months"}, None, True, date(2026, 2, 3), "Ann Ash", "4; (b)"),
        Extension(None, date(2030, 8, 31)),
    ]
    await register.add(ann, Said(full, extensions=options, is_draft=True))
    await register.add(ann, Said({"title": "Cleaning", "supplier_name": "Brightside"}))
    file = io.BytesIO()
    assert await exporting.export(ann, made_as, to=file) == 2
    again = await brought(ann, file.getvalue())
    assert (again.state, again.count("same"), again.count("ask"), again.to_import) == (ImportState.CHECKED, 2, 0, 0)
    changed = await brought(ann, with_another_supplier(file.getvalue(), made_as))
    assert (changed.count("same"), changed.count("change")) == (1, 1)
    await imports.start(ann, changed.id)
    await background.carry_on(ann, changed.id, wait=PATIENCE)
    kept = [one async for some in whole.readable(ann) for one in some]
    assert {one.said.values["supplier_name"] for one in kept} == {None, "Sparkle"}
    assert {one.version for one in kept} == {1, 2}


def with_another_supplier(content: bytes, made_as: TableFormat) -> bytes:
    if made_as is TableFormat.CSV:
        return content.replace(b"Brightside", b"Sparkle")
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == "Brightside":
                cell.value = "Sparkle"
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


async def test_no_cell_of_an_export_is_run_as_a_formula(ann: Viewer) -> None:
    await register.add(ann, Said({"title": '=HYPERLINK("http://x")', "officer": "+441", "notes": "@SUM(A1)", "site": "-2"}))
    file = io.BytesIO()
    await exporting.export(ann, TableFormat.CSV, to=file)
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    workbook = io.BytesIO()
    await exporting.export(ann, TableFormat.XLSX, to=workbook)
    sheet = openpyxl.load_workbook(workbook).active
    assert not [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("made_as", TableFormat)
@pytest.mark.both_engines
async def test_the_template_that_is_filled_in_becomes_contracts(ann: Viewer, made_as: TableFormat) -> None:
    file = io.BytesIO()
    exporting.template(made_as, to=file)
    written = {
        "What it is for": "Cleaning", "Notice to end it": "1 term", "Value a year": "9,000", "First day": "01/09/2025",
        "Length": "3 years", "Signed as a deed": "no",
    }  # fmt: skip
    filled = filled_in(file.getvalue(), made_as, written)
    found = await brought(ann, filled)
    assert (found.to_import, found.count("ask")) == (1, 0)
    await imports.start(ann, found.id)
    await background.carry_on(ann, found.id, wait=PATIENCE)
    (one,) = [one async for some in whole.readable(ann) for one in some]
    values_of = one.said.values
    assert (values_of["notice"], values_of["annual_pence"]) == ({"n": 1, "unit": "terms"}, 900_000)
    assert (values_of["term"], values_of["is_deed"]) == ({"n": 3, "unit": "years"}, False)


def filled_in(content: bytes, made_as: TableFormat, cells: dict[str, str]) -> bytes:
    if made_as is TableFormat.CSV:
        (headings,) = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        text = io.StringIO()
        csv.writer(text).writerows([headings, [cells.get(heading, "") for heading in headings]])
        return text.getvalue().encode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for cell in sheet[1]:
        if cell.value in cells:
            sheet.cell(2, cell.column).value = cells[cell.value]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.pure
def test_the_cfr_heading_is_told_and_not_taken_in() -> None:
    contract = as_kept(Said({"title": "Power", "category": "energy"}))
    assert row_spelt.cells(contract, SCHOOLS)["cfr"] == "E16 Energy"
    titles = [one.label for one in own_columns.COLUMNS]
    assert set((own_columns.recognised(titles) or {}).values()) == set(own_columns.BY_NAME) - {"cfr"}


async def test_the_workbook_to_fill_in_explains_every_column_and_offers_every_list(ann: Viewer) -> None:
    file = io.BytesIO()
    exporting.template(TableFormat.XLSX, to=file)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == [exporting.SHEET, exporting.EXPLANATIONS, exporting.LISTS]
    explained = {row[0].value for row in book[exporting.EXPLANATIONS].iter_rows(min_row=2)}
    assert {one.label for one in own_columns.COLUMNS} <= explained
    offered = len(book[exporting.SHEET].data_validations.dataValidation)
    assert offered == sum(one.kind in (Kind.CHOICE, Kind.YES_NO) for one in own_columns.COLUMNS)

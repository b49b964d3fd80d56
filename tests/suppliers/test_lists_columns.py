"""What a spreadsheet's columns hold is understood from headings and from cells, and a row becomes a supplier or a reason."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.spreadsheets.cells import SheetRow
from base.spreadsheets.reading import opened
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import Understood, as_chosen, field_of, understand, without_repeats
from suppliers.lists.supplier_row import RejectedSupplierRow, SupplierRow, supplier_row
from suppliers.matching.identifiers import Scheme
from tests.given import messy_workbook
from tests.given.checkout import DATA

pytestmark = pytest.mark.pure

MESSY = DATA / "messy_suppliers.csv"


def rows(*lines: str) -> list[SheetRow]:
    """Cells separated by bars; blank lines count, as in a spreadsheet."""
    made = (SheetRow(n, tuple(cell.strip() for cell in line.split("|"))) for n, line in enumerate(lines, start=1))
    return [row for row in made if any(row.cells)]


def held(understood: Understood) -> dict[str, str]:
    return {column.title or column.letters: column.field for column in understood.columns if column.field}


def read(understood: Understood, found: list[SheetRow]) -> list[SupplierRow | RejectedSupplierRow]:
    below = without_repeats(found, understood.header, [column.title for column in understood.columns])
    return [supplier_row(row, understood.fields) for row in below]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Supplier Name", SupplierField.NAME),
        ("SUPLIER NAME", SupplierField.NAME),
        ("Creditor", SupplierField.NAME),
        ("creditor_name", SupplierField.NAME),
        ("Telephone No.", SupplierField.PHONE),
        ("Tel. no", SupplierField.PHONE),
        ("E-Mail Address", SupplierField.EMAIL),
        ("Post Code (billing)", SupplierField.POSTCODE),
        ("VAT Reg. No.", SupplierField.VAT_NUMBER),
        ("Companies House number", SupplierField.COMPANY_NUMBER),
        ("Co. Reg", SupplierField.COMPANY_NUMBER),
        ("Address Line 1", SupplierField.ADDRESS),
        ("Trading as", SupplierField.OTHER_NAMES),
        ("Creditor Ref", None),
        ("Bank account number", None),
        ("Sort code", None),
        ("Contact name", None),
        ("Notes", None),
        ("Anything else", None),
    ],
)
def test_a_heading_says_what_is_below_it(title: str, field: SupplierField | None) -> None:
    assert field_of(title) == field


def test_titles_above_and_merged_headings_are_passed_over() -> None:
    found = understand(
        rows("Oakfield Primary", "Creditors||Printed 3/11/2026", "", "Supplier||Contact", "Name|Ref|Phone||", "Oak|1|2")
    )
    assert found.header == 5
    assert held(found) == {"Name": "name", "Phone": "phone"}


def test_a_heading_that_stands_in_the_merged_cell_above_counts() -> None:
    found = understand(rows("Supplier name|Contact|", "|Telephone|E-mail", "Oak|01522 496001|a@oak.example"))
    assert (found.header, held(found)) == (2, {"Supplier name": "name", "Telephone": "phone", "E-mail": "email"})


def test_half_a_heading_is_read_with_its_upper_half() -> None:
    above, below = "Supplier|Company|VAT|Post|Bank", "Name|Number|No.|code|Name"
    found = understand(rows(above, below, "Oak Ltd|2345678|980780684|LN1 1AA|Moorland Bank", "Elm Ltd||||"))
    assert found.header == 2
    assert held(found) == {
        "Name": "name", "Company Number": "company_number", "VAT No.": "vat_number", "Post code": "postcode",
    }  # fmt: skip


def test_an_amount_of_vat_is_no_vat_number_however_few_there_are() -> None:
    assert held(understand(rows("Supplier|VAT", "Oak Ltd|20.00"))) == {"Supplier": "name"}


def test_without_headings_the_cells_say_what_they_are() -> None:
    found = understand(rows("7|Oak Ltd|LN1 1AA|01522 496001|GB 980 7806 84", "8|Elm Ltd|LN2 2BB|01522 496002|GB 980 7806 84"))
    assert found.header == 0
    assert held(found) == {"B": "name", "C": "postcode", "D": "phone", "E": "vat_number"}


def test_one_name_is_chosen_and_headings_that_repeat_are_told_apart() -> None:
    found = understand(rows("Company|Supplier Name|Name|Name", "x|Oak|y|z"))
    assert held(found) == {"Name": "name"}
    assert [column.title for column in found.columns] == ["Company", "Supplier Name", "Name", "Name (2)"]


def test_a_person_may_name_the_row_of_headings_and_what_each_column_holds() -> None:
    sheet = rows("Liste|", "Firma|Ort", "Oak|LN1 1AA", "Elm|nowhere")
    found = understand(sheet, header=2)
    assert [column.title for column in found.columns] == ["Firma", "Ort"]
    chosen = as_chosen(found, sheet, [SupplierField.NAME, SupplierField.POSTCODE])
    assert [(column.field, column.filled, column.fits) for column in chosen.columns] == [("name", 2, 2), ("postcode", 2, 1)]
    assert chosen.columns[1].samples == ("LN1 1AA", "nowhere")


def test_the_messy_csv_is_understood_row_by_row() -> None:
    with opened(MESSY) as book:
        found = list(book.sheets[0].rows())
        assert book.said == "Windows-1252 text separated by semicolons"
    understood = understand(found)
    assert understood.header == 5
    assert held(understood) == {
        "Suplier Name": "name",
        "Telephone No.": "phone",
        "E-mail address": "email",
        "Postal Address": "address",
        "VAT Reg": "vat_number",
        "Company No": "company_number",
    }
    made = read(understood, found)
    good = {row.facts.name: row for row in made if isinstance(row, SupplierRow)}
    bad = {row.line: row for row in made if isinstance(row, RejectedSupplierRow)}
    assert list(good) == [
        "Ashby Boilers Ltd", "ASHBY BOILERS LIMITED (4024)", "Café Noël Catering", "Brook & Sons t/a Brookside Cleaning",
        'Dene Drains 24" pipes', "Elm Electrics", "O’Hara Glazing", "Yorkley Purchasing Organisation",
    ]  # fmt: skip
    assert dict(good["Ashby Boilers Ltd"].facts.identifiers) == {
        Scheme.COMPANY_NUMBER: "01234567",
        Scheme.VAT_NUMBER: "GB980780684",
        Scheme.DOMAIN: "ashbyboilers.example",
        Scheme.PHONE: "+441522496001",
        Scheme.POSTCODE: "LN1 1AA",
    }
    assert good["Café Noël Catering"].facts.identifiers == ((Scheme.PHONE, "+441522496002"), (Scheme.POSTCODE, "LN2 2BB"))
    assert good["Café Noël Catering"].left_out == ()
    brook = good["Brook & Sons t/a Brookside Cleaning"]
    assert brook.facts.identifiers == (
        (Scheme.DOMAIN, "brookside.example"), (Scheme.PHONE, "+441522496003"), (Scheme.PHONE, "+447700900123"),
    )  # fmt: skip
    assert brook.left_out == ("That VAT number fails its check digits. Compare it with an invoice.",)
    assert [said.split(" was ")[0] for said in good['Dene Drains 24" pipes'].left_out] == ["1.23E+06", "1.52E+09"]
    reasons = {row.reason for row in bad.values()}
    assert reasons == {
        "the name is a spreadsheet's error", "the name is empty", "the name says that there is none",
        "it is a total or a footnote, not a supplier",
    }  # fmt: skip
    assert [row.reason for row in bad.values() if row.is_noise] == ["it is a total or a footnote, not a supplier"]


@pytest.mark.parametrize(
    "name",
    ["DO NOT USE - Moor Foods", "Moor Foods (don't use)", "MOOR FOODS. DO NOT USE", "CLOSED - MOOR FOODS", "Moor Foods - closed"],
)
def test_an_account_that_the_file_says_is_not_to_be_used_is_no_supplier(name: str) -> None:
    (found,) = read(understand(rows("Supplier", name)), rows("Supplier", name))
    assert isinstance(found, RejectedSupplierRow)
    assert (found.is_noise, found.reason) == (True, "the file itself says that it is closed or not to be used")


@pytest.mark.parametrize("name", ["Behind Closed Doors", "Closed Circuit Cameras Ltd", "Do Not Disturb Hotels"])
def test_a_name_that_only_sounds_closed_is_a_supplier(name: str) -> None:
    (found,) = read(understand(rows("Supplier", name)), rows("Supplier", name))
    assert isinstance(found, SupplierRow)


def test_the_messy_workbook_is_understood_too(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(messy_workbook.workbook())
    with opened(tmp_path / "x") as book:
        assert [(sheet.name, sheet.is_hidden, sheet.hidden_rows) for sheet in book.sheets] == [
            ("Read me", False, 0), ("Creditors", False, 1), ("Lookup", True, 0),
        ]  # fmt: skip
        found = list(book.sheets[1].rows())
    understood = understand(found)
    made = read(understood, found)
    assert [row.facts.name for row in made if isinstance(row, SupplierRow)] == [
        "Ashby Boilers Ltd", "ASHBY BOILERS LIMITED", "Café Noël Catering", "Brook & Sons t/a Brookside Cleaning",
        "Dene Drains", "Elm Electrics",
    ]  # fmt: skip
    assert [(row.line, row.is_noise) for row in made if isinstance(row, RejectedSupplierRow)] == [
        (10, False),
        (11, False),
        (15, True),
    ]
    assert isinstance(made[0], SupplierRow)
    assert (Scheme.PHONE, "+441522496001") in made[0].facts.identifiers
    assert (Scheme.COMPANY_NUMBER, "01234567") in made[0].facts.identifiers


@given(st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=6))
def test_no_table_whatever_breaks_the_understanding(table: list[list[str]]) -> None:
    found = [SheetRow(n, tuple(cells)) for n, cells in enumerate(table, start=1)]
    understood = understand(found)
    assert sum(column.field is SupplierField.NAME for column in understood.columns) <= 1
    for row in read(understood, found):
        assert isinstance(row, SupplierRow | RejectedSupplierRow)


def test_a_ledgers_vat_is_an_amount_and_no_number() -> None:
    found = rows("Creditor|Company number|Net|VAT", "Oak Carpets|1234567|100|20", "Elm Windows|x|50|10.5", "Ash Lifts|y|7|1.4")
    assert held(understand(found)) == {"Creditor": "name", "Company number": "company_number"}

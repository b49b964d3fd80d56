"""Twelve systems' headings, and forty more, are read or asked about; none of them becomes a supplier."""

import pytest

from base.spreadsheets.cells import SheetRow
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import Understood, understand
from suppliers.lists.supplier_row import RejectedSupplierRow, SupplierRow, supplier_row
from suppliers.matching.identifiers import Scheme
from tests.given import heading_sets
from tests.given.heading_sets import HeadingSet

pytestmark = pytest.mark.pure

OTHERS = ("Ashby Windows Ltd", "Bourne Fencing", "Caistor Coaches")  # further rows, so that a column can be judged


def table(one: HeadingSet) -> list[SheetRow]:
    lines = [one.headings, [cell for _, cell in one.cells]]
    lines += [[cell.replace(heading_sets.NAME, other) for _, cell in one.cells] for other in OTHERS]
    return [SheetRow(n, tuple(line)) for n, line in enumerate(lines, start=1)]


def held(understood: Understood) -> dict[str, str]:
    return {column.title: column.field.value for column in understood.columns if column.field}


@pytest.mark.parametrize("one", heading_sets.SETS, ids=lambda one: one.system)
def test_the_headings_of_a_system_are_read(one: HeadingSet) -> None:
    understood = understand(table(one))
    assert understood.header == 1
    assert held(understood) == one.held


@pytest.mark.parametrize("one", heading_sets.SETS, ids=lambda one: one.system)
def test_its_rows_become_suppliers_and_nothing_of_them_is_refused(one: HeadingSet) -> None:
    rows = table(one)
    read = [supplier_row(row, understand(rows).fields) for row in rows[1:]]
    assert all(isinstance(row, SupplierRow) and not row.left_out for row in read)


@pytest.mark.parametrize("one", heading_sets.SETS, ids=lambda one: one.system)
def test_each_layout_says_where_it_was_found(one: HeadingSet) -> None:
    assert one.source == "from memory" or "." in one.source or "," in one.source


def test_a_cell_that_holds_a_whole_supplier_is_taken_apart() -> None:
    rows = table(heading_sets.CONTRACTS_FINDER)
    read = supplier_row(rows[1], understand(rows).fields)
    assert isinstance(read, SupplierRow)
    assert read.facts.name == heading_sets.NAME
    assert dict(read.facts.identifiers) == {Scheme.COMPANY_NUMBER: "02345678", Scheme.POSTCODE: "LN1 1AA"}


def test_what_more_such_a_cell_holds_is_said() -> None:
    read = supplier_row(SheetRow(2, ("[Oak Ltd|A|NONE||Yes|No][Ash Ltd|B|NONE||Yes|No]",)), [SupplierField.NAME])
    assert isinstance(read, SupplierRow)
    assert (read.facts.name, read.left_out) == ("Oak Ltd", ("The cell names more suppliers, which are not read: Ash Ltd.",))


# Besides those of test_lists_columns.py: what councils, trusts and card providers write above the column of names.
NAMES = (
    "Beneficiary", "Merchant Name", "Merchant", "Supplier/Payee", "Paid To", "Provider Name", "Recipient", "Recipient Name",
    "Supplier's Name", "Name of Contractor", "Name of Payee", "Contracted Supplier", "Awarded Supplier",
    "Approved Contractor", "Service Provider", "Subcontractor Name", "Vendor Description", "Payee Description",
    "Company/Organisation", "Firm", "Name of Firm", "Name of Company", "Business", "Seller", "Retailer Name", "Shop",
    "Manufacturer", "Agency Name", "Consultant", "Partner Organisation", "External Provider", "Third Party",
    "Third Party Name", "Supplier Title", "Main Supplier", "Current Provider", "Landlord", "Caterer", "supplierName",
    "VENDOR_NAME", "Supplier (full name)", "Preferred Supplier",
)  # fmt: skip
ONLY_WHERE_NO_OTHER = ("Trading Name", "Legal Name", "Known As", "Contact Name", "Display Name", "Description", "Customer Name")
NEVER_NAMES = (
    "Supplier No", "Supplier #", "Vendor Id", "Payee Ref", "Creditor Date", "Company Number", "Organisation ID",
    "Supplier Code", "Merchant Category Code", "Provider Type", "organisation_number", "Beneficiary Reference",
    "Supplier Group", "Payee Amount", "Vendor Status", "Supplier Start Date", "Contractor Numbers", "SupplierID",
    "Vendor Total", "Trader Nr.",
)  # fmt: skip
UNKNOWN = ("Whom we use", "Anbieter", "Bought from", "Who", "Tradespeople", "Outfit")

NAMED_ROWS = (("Oak Ltd", "LN1 1AA", "120.00"), ("Ash & Sons", "LN2 2BB", "99.00"), ("Elm Windows", "LN3 3CC", "7.50"))


def under(title: str, *, codes: bool = False) -> Understood:
    cells = [("1001",), ("1002",), ("1003",)] if codes else [(row[0],) for row in NAMED_ROWS]
    lines = [(title, "Postcode", "Amount"), *((*cell, *row[1:]) for cell, row in zip(cells, NAMED_ROWS, strict=True))]
    return understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)])


@pytest.mark.parametrize("title", [*NAMES, *ONLY_WHERE_NO_OTHER])
def test_what_stands_above_names_is_read(title: str) -> None:
    understood = under(title)
    assert (understood.header, understood.columns[0].field) == (1, SupplierField.NAME)


@pytest.mark.parametrize("title", ONLY_WHERE_NO_OTHER)
def test_another_name_is_the_name_only_where_there_is_no_other(title: str) -> None:
    lines = [(title, "Supplier Name"), ("Oak", "Oak Ltd"), ("Ash", "Ash & Sons"), ("Elm", "Elm Windows")]
    fields = understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).fields
    assert fields[1] is SupplierField.NAME
    assert fields[0] is not SupplierField.NAME


@pytest.mark.parametrize("codes", [True, False])
@pytest.mark.parametrize("title", NEVER_NAMES)
def test_a_heading_that_ends_in_number_id_or_date_is_never_the_names(title: str, codes: bool) -> None:
    understood = under(title, codes=codes)
    assert understood.header == 1
    assert understood.columns[0].field is not SupplierField.NAME


@pytest.mark.parametrize("title", UNKNOWN)
def test_a_heading_that_nobody_knows_is_asked_about_and_is_no_supplier(title: str) -> None:
    """It is in the row of headings; the page of columns shows it with the values below."""
    understood = under(title)
    assert understood.header == 1
    assert understood.columns[0].samples == ("Oak Ltd", "Ash & Sons", "Elm Windows")


@pytest.mark.parametrize("title", [*NAMES, *ONLY_WHERE_NO_OTHER])
def test_a_list_of_nothing_but_names_loses_its_heading_too(title: str) -> None:
    lines = [(title,), ("Oak Ltd",), ("Ash & Sons",), ("Elm Windows",)]
    assert understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).header == 1


@pytest.mark.parametrize(
    "lines",
    [
        [("Oak Ltd",), ("Ash & Sons",), ("Elm Windows",)],
        [("Oak Ltd", "LN1 1AA"), ("Ash & Sons", "LN2 2BB")],
        [("Oak Ltd", "none"), ("Ash & Sons", "01632 960101"), ("Elm", "01632 960102")],
        [("Web Design Ltd", "Mobile Phone Repairs"), ("Oak Ltd", "Windows")],
    ],
)
def test_a_list_without_headings_keeps_its_first_row(lines: list[tuple[str, ...]]) -> None:
    assert understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).header == 0


@pytest.mark.parametrize(
    "title", ["Paid Date", "Date of Payment", "IncorporationDate", "Contract start date", "Since", "Column1"]
)
@pytest.mark.parametrize("day", ["0{}/09/2025", "0{}.09.2025", "2025-09-0{}", "0{}/09/2025 10:44"])
def test_a_date_is_never_a_phone(title: str, day: str) -> None:
    lines = [("Supplier", title), *((f"Oak {n} Ltd", day.format(n)) for n in range(1, 9))]
    assert understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).fields == (SupplierField.NAME, None)


def test_a_column_of_codes_is_no_column_of_names_whatever_stands_above_it() -> None:
    lines = [("Supplier", "Details"), ("1001", "Oak Ltd"), ("1002", "Ash & Sons"), ("1003", "Elm Windows")]
    fields = understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).fields
    assert fields == (None, SupplierField.NAME)


@pytest.mark.parametrize("title", ["Legal Entity", "Trading Company"])
def test_a_column_that_says_the_same_in_every_row_is_nobodys_name_where_another_may_be(title: str) -> None:
    lines = [("Description", title), *((name, "FENNOCK TRUST") for name in ("Oak Ltd", "Ash & Sons", "Elm Windows"))]
    assert understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).fields[0] is SupplierField.NAME


@pytest.mark.parametrize(("cells", "field"), [
    (("07700 900222", "0800 496 0099", "see website"), SupplierField.PHONE),
    (("a@oak.example", "b@ash.example", "c@elm.example"), SupplierField.EMAIL),
    (("1001", "1002", "1003"), None), (("Dave", "Mrs Cole", "Reception"), None),
])  # fmt: skip
@pytest.mark.parametrize("title", ["Number", "Contact"])
def test_a_heading_that_says_little_is_read_by_its_cells(title: str, cells: tuple[str, ...], field: SupplierField | None) -> None:
    lines = [("Supplier", title), *zip(("Oak Ltd", "Ash & Sons", "Elm Windows"), cells, strict=True)]
    assert understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).fields == (SupplierField.NAME, field)


def test_codes_of_a_few_letters_are_no_names() -> None:
    lines = [("Apar Gr", "Amount"), ("TR", "12.00"), ("XX", "9.00"), ("E19", "7.00")]
    assert not understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).has_name


@pytest.mark.parametrize(("cells", "is_headings"), [
    (("Name", "Instrument", "Phone"), True), (("Supplier", "Tel", "Notes"), True), (("Company", "Books"), False),
    (("Payee",), False),
])  # fmt: skip
def test_the_headings_of_a_further_table_are_no_supplier(cells: tuple[str, ...], is_headings: bool) -> None:
    read = supplier_row(SheetRow(9, cells), [SupplierField.NAME])
    assert (isinstance(read, RejectedSupplierRow) and read.is_noise) is is_headings


def test_who_paid_is_no_other_name_of_everybody_who_was_paid() -> None:
    lines = [("Organisation Name", "Supplier"), *(("Lincoln Council", name) for name in ("Oak Ltd", "Ash & Sons", "Elm Windows"))]
    assert understand([SheetRow(n, line) for n, line in enumerate(lines, start=1)]).fields == (None, SupplierField.NAME)


FOOTERS = (
    "Total", "TOTAL:", "Grand Total £1,234.00", "Total Suppliers: 1", "Sub-total", "Totals for Lincoln", "Report total",
    "Report generated 12/09/2025 10:44 by SIMS FMS", "Report generated by SIMS FMS", "Printed on 01/09/2025",
    "Printed: 1 Sep 2025", "*** End of Report ***", "Page 1 of 3", "Page 2/3", "12 suppliers listed", "Count: 12",
    "Number of suppliers: 4", "Run Date: 01/09/2025", "As at 31/08/2025", "Selection criteria: all", "Sorted by name",
    "(No more records)", "Continued on next page", "Confidential", "© 2025 Larkfield Software",
    "Exported 2025-09-01 by office", "Tuesday, 11 November 2025 10:04 AM GMT", "05/09/2025 at 14:30",
)  # fmt: skip
SOUND_LIKE_FOOTERS = (
    "Total Gas & Power Ltd", "Printed Word Ltd", "Page One Catering", "End of Line Clearance Ltd",
    "Copyright Licensing Agency", "Confidential Shredding Ltd", "Report Design Ltd", "Grand Total Accountancy",
    "Exported Goods Ltd", "Count On Us Childcare", "May Gardens", "Summer 2000 Sports", "Friday Night Catering",
)  # fmt: skip


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_footer_is_no_row(footer: str) -> None:
    for row in ((footer, ""), ("8", footer), ("", footer)):
        read = supplier_row(SheetRow(9, row), [SupplierField.NAME, None])
        assert isinstance(read, RejectedSupplierRow)
        assert read.is_noise


@pytest.mark.parametrize("name", SOUND_LIKE_FOOTERS)
def test_a_name_that_only_sounds_like_a_footer_is_a_supplier(name: str) -> None:
    assert isinstance(supplier_row(SheetRow(9, (name,)), [SupplierField.NAME]), SupplierRow)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("8", "has no letters"),
        ("12345", "has no letters"),
        ("01/09/2025", "total or a footnote"),
        ("http://www.hallhire.example", "is a web address"),
        ("office@hallhire.example", "is an e-mail address"),
        ('=HYPERLINK("http://x.example","Oak")', "is a formula"),
        ("Bright Sparks Electrical - CLOSED ACCOUNT", "closed"),
        ("Tolworth Blinds (OLD)", "closed"),
        ("Tolworth Blinds INACTIVE", "closed"),
        ("Tolworth Blinds - DUPLICATE", "closed"),
        ("Tolworth Blinds (closed)", "closed"),
        ("ZZZ Tolworth Blinds", "closed"),
        ("September 2025", "total or a footnote"),
        ("Oct-25", "total or a footnote"),
        ("Term 1 2025", "total or a footnote"),
        ("Week ending 12/09/2025", "total or a footnote"),
        ("(blank)", "there is none"),
        ("To be confirmed", "there is none"),
        ("In-house", "there is none"),
    ],
)
def test_what_is_no_name_becomes_no_supplier(name: str, reason: str) -> None:
    for cells in ((name,), (name, "05/09/2026")):  # a day beside it makes it no footer
        read = supplier_row(SheetRow(9, cells), [SupplierField.NAME, None])
        assert isinstance(read, RejectedSupplierRow)
        assert reason in read.reason


@pytest.mark.parametrize(
    "name", ["Old School Catering", "Closed Loop Recycling Ltd", "Dormant Gardens Ltd", "3M UK Plc", "WWW.ARGOS.CO.UK"]
)
def test_a_name_that_only_sounds_retired_is_a_supplier(name: str) -> None:
    assert isinstance(supplier_row(SheetRow(9, (name,)), [SupplierField.NAME]), SupplierRow)


@pytest.mark.parametrize(
    "name", ["8", "Tolworth Blinds (OLD)", "Tolworth Blinds Ltd **DO NOT USE**", "http://www.hallhire.example"]
)
def test_whoever_only_compares_leaves_none_of_them_out(name: str) -> None:
    assert isinstance(supplier_row(SheetRow(9, (name,)), [SupplierField.NAME], for_import=False), SupplierRow)


@pytest.mark.parametrize(
    ("field", "cell", "is_left_out"),
    [
        (SupplierField.INACTIVE, "Y", True), (SupplierField.INACTIVE, "On Hold", True), (SupplierField.INACTIVE, "Dormant", True),
        (SupplierField.INACTIVE, "N", False), (SupplierField.INACTIVE, "Open", False), (SupplierField.INACTIVE, "Active", False),
        (SupplierField.ACTIVE, "No", True), (SupplierField.ACTIVE, "FALSE", True), (SupplierField.ACTIVE, "Inactive", True),
        (SupplierField.ACTIVE, "Yes", False), (SupplierField.ACTIVE, "TRUE", False), (SupplierField.ACTIVE, "", False),
    ],
)  # fmt: skip
def test_a_column_that_says_who_is_no_longer_used_is_heeded(field: SupplierField, cell: str, is_left_out: bool) -> None:
    read = supplier_row(SheetRow(9, ("Oak Ltd", cell)), [SupplierField.NAME, field])
    assert isinstance(read, RejectedSupplierRow) is is_left_out


def test_windows_characters_that_were_read_as_controls_are_what_they_were() -> None:
    read = supplier_row(SheetRow(9, ("HARKER\x92S COACHES",)), [SupplierField.NAME])
    assert isinstance(read, SupplierRow)
    assert read.facts.name == "HARKER’S COACHES"


@pytest.mark.parametrize(
    ("label", "slugs"),
    [
        ("Heating / Boilers", ("heating",)), ("Grounds", ("grounds-maintenance",)), ("Tree surgeon", ("tree-surgery",)),
        ("Gardener", ("grounds-maintenance",)), ("cleaners", ("cleaning",)), ("school photos", ("photography",)),
        ("IT", ("ict-support",)), ("Interpreting", ("interpreting",)), ("Catering", ("catering",)),
        ("Boilers; tree surgeon", ("heating", "tree-surgery")), ("Cleaners / Gardener", ("cleaning", "grounds-maintenance")),
    ],
)  # fmt: skip
def test_a_schools_categories_are_understood_as_search_understands_them(label: str, slugs: tuple[str, ...]) -> None:
    read = supplier_row(SheetRow(2, ("Oak Ltd", label)), [SupplierField.NAME, SupplierField.CATEGORY], as_search=True)
    assert isinstance(read, SupplierRow)
    assert (read.facts.categories, read.left_out) == (slugs, ())


@pytest.mark.parametrize("label", ["Sundry", "Misc", "Xyzzy"])
def test_a_category_that_is_not_understood_is_said(label: str) -> None:
    read = supplier_row(SheetRow(2, ("Oak Ltd", label)), [SupplierField.NAME, SupplierField.CATEGORY], as_search=True)
    assert isinstance(read, SupplierRow)
    assert read.left_out == (f"“{label}” is no category that Vouch knows.",)


@pytest.mark.parametrize("sign", ["(", "[", "[("])
def test_a_cell_of_brackets_that_never_close_is_read_as_fast_as_any(sign: str) -> None:
    """Looked for from each of them to the end of the cell, their ends would take days."""
    rows = [SheetRow(1, ("Name", "Postcode", sign * 3_000_000)), SheetRow(2, ("Ashby Windows Ltd", "LN1 1AA", ""))]
    assert held(understand(rows)) == {"Name": "name", "Postcode": "postcode"}

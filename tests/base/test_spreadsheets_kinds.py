"""Each kind of workbook that schools have is read; what of it is hidden, worked out, locked or able to run is told or refused."""

from pathlib import Path

import pytest

from base.refusals import Invalid, Refusal
from base.spreadsheets import reading_apart, reading_worker
from base.spreadsheets.packages import LINKS, LOCKED, MACROS
from base.spreadsheets.reading import SCHOOLS, Book, opened
from base.spreadsheets.workbook import UNSEEN
from tests.given import workbooks
from tests.given.workbooks import ods, ods_cell, ods_row, text_cell, xlsx

pytestmark = pytest.mark.pure

TABLE = [
    ("Name", "Company number", "Since", "Limit"),
    ("Oak & Sons Ltd", "1234567", "03/11/2026", "12.5"),
    ("Café Noël", "SC123456"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "suppliers.file"


def cells(book: Book, sheet: int = 0) -> list[tuple[str, ...]]:
    return [row.cells for row in book.sheets[sheet].rows()]


@pytest.mark.parametrize("kind", [workbooks.xls, workbooks.xlsb])
def test_the_binary_kinds_are_read_and_what_cannot_be_seen_of_them_is_said(path: Path, kind: object) -> None:
    path.write_bytes(kind())  # type: ignore[operator]
    with opened(path) as book:
        assert cells(book)[:3] == TABLE
        assert {sheet.unseen for sheet in book.sheets} == {UNSEEN}


def test_an_old_workbook_tells_its_hidden_sheet_and_its_merged_cells(path: Path) -> None:
    path.write_bytes(workbooks.xls())
    with opened(path) as book:
        assert [(s.name, s.is_hidden, s.merged) for s in book.sheets] == [("Suppliers", False, ("A5:B6",)), ("Old", True, ())]


ODS = (
    ods_row(ods_cell("Name"), ods_cell("No"), ods_cell("Worked out"))
    + ods_row('<table:table-cell table:number-columns-repeated="1000"/>', more='table:number-rows-repeated="3"')
    + ods_row(
        ods_cell("Oak"),
        '<table:table-cell office:value-type="float" office:value="1234567"><text:p>1,234,567</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p>'
        "</table:table-cell>",
    )
    + ods_row(
        ods_cell("Ash", 'table:number-columns-repeated="2"'), more='table:number-rows-repeated="2" table:visibility="filter"'
    )
    + ods_row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048570"')
)


def test_an_opendocument_spreadsheet_is_read_with_its_repeats_hidden_rows_and_formulas(path: Path) -> None:
    path.write_bytes(ods(ODS))
    with opened(path) as book:
        (sheet,) = book.sheets
        rows = [(row.number, row.cells, row.formulas) for row in sheet.rows()]
    assert rows == [
        (1, ("Name", "No", "Worked out"), ()),
        (5, ("Oak", "1234567", ""), (2,)),
        (6, ("Ash", "Ash"), ()),
        (7, ("Ash", "Ash"), ()),
    ]
    assert (sheet.hidden_rows, sheet.unseen) == (2, "")


def test_a_table_of_an_opendocument_spreadsheet_has_its_own_formulas(path: Path) -> None:
    with_formula = ods_row('<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/>')
    named = '<table:table table:name="{}">{}</table:table>'
    tables = named.format("A", ods_row(ods_cell("x"))) + named.format("B", with_formula)
    path.write_bytes(ods("", tables=tables))
    with opened(path) as book:
        assert [[row.formulas for row in sheet.rows()] for sheet in book.sheets] == [[()], [(0,)]]


def test_a_formula_is_blank_whatever_the_program_last_worked_out(path: Path) -> None:
    """Also the further cells of one that fills a range, of which only the first says so."""
    rows = (
        f'<row r="1">{text_cell("A1", "Name")}</row>'
        f'<row r="2">{text_cell("A2", "Oak")}<c r="B2"><f t="array" ref="B2:C3">x</f><v>7</v></c><c r="C2"><v>8</v></c></row>'
        f'<row r="3">{text_cell("A3", "Ash")}<c r="B3"><v>9</v></c><c r="C3"><v>9</v></c><c r="D3"><v>1</v></c></row>'
        f'<row r="4">{text_cell("A4", "Elm")}<c r="B4"><f t="shared" si="0"/><v>0</v></c><c r="C4"><v>5</v></c></row>'
    )
    path.write_bytes(xlsx(rows))
    with opened(path) as book:
        found = [(row.cells, row.formulas) for row in book.sheets[0].rows()]
    assert found == [
        (("Name",), ()),
        (("Oak", "", ""), (1, 2)),
        (("Ash", "", "", "1"), (1, 2)),
        (("Elm", "", "5"), (1,)),
    ]


def test_errors_of_a_spreadsheet_are_kept_as_they_look(path: Path) -> None:
    path.write_bytes(
        xlsx('<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><v>1</v></c></row><row r="2"><c t="e"><v>#N/A</v></c></row>')
    )
    with opened(path) as book:
        assert cells(book) == [("#REF!", "1"), ("#N/A",)]


@pytest.mark.parametrize("prefix", ["x:", ""])
@pytest.mark.parametrize("reference", ["r", "none"])
def test_prefixes_and_cells_that_do_not_say_where_they_are_change_nothing(path: Path, prefix: str, reference: str) -> None:
    place = ' r="A1"' if reference == "r" else ""
    sheet = (
        f'<{prefix}worksheet xmlns{":x" if prefix else ""}="{workbooks.MAIN}"><{prefix}sheetData><{prefix}row>'
        f"<{prefix}c{place}><{prefix}f>1+1</{prefix}f><{prefix}v>2</{prefix}v></{prefix}c><{prefix}c><{prefix}v>3</{prefix}v></{prefix}c>"
        f"</{prefix}row></{prefix}sheetData></{prefix}worksheet>"
    )
    path.write_bytes(xlsx("", more={"xl/worksheets/sheet1.xml": sheet}))
    with opened(path) as book:
        assert [(row.cells, row.formulas) for row in book.sheets[0].rows()] == [(("", "3"), (0,))]


@pytest.mark.parametrize("odd", ["\x0b", "&#x1F;", "&#11;"])
def test_characters_that_xml_forbids_and_exporters_write_do_not_damage_a_workbook(path: Path, odd: str) -> None:
    path.write_bytes(xlsx(f'<row r="1" hidden="1">{text_cell("A1", f"Oak{odd} Ltd")}</row>'))
    with opened(path) as book:
        assert [row[0].startswith("Oak") for row in cells(book)] == [True]
        assert book.sheets[0].hidden_rows == 1


def test_colours_that_are_none_damage_nothing(path: Path) -> None:
    """As three of eight real workbooks had them, which other readers call damaged."""
    strings = '<si><r><rPr><color rgb="#112233"/></rPr><t xml:space="preserve">Oak </t></r><r><t>Ltd</t></r></si>'
    path.write_bytes(xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=strings))
    with opened(path) as book:
        assert cells(book) == [("Oak Ltd",)]


ENCRYPTED = b'<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>'
LINKED = '<table:table table:name="A"><table:table-source/></table:table>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbooks.with_entry(workbooks.xls(), "_VBA_PROJECT_CUR"), MACROS),
        (workbooks.with_entry(workbooks.xls(), "VBA"), MACROS),
        (workbooks.repacked(workbooks.xlsb(), **{"xl/vbaProject.bin": b"x"}), MACROS),
        (workbooks.repacked(workbooks.xlsb(), **{"xl/macrosheets/sheet1.bin": b"x"}), MACROS),
        (xlsx("", more={"xl/macrosheets/sheet1.xml": b"<x/>"}), MACROS),
        (ods(ODS, more={"Basic/Standard/Module1.xml": b"<x/>"}), MACROS),
        (ods(ODS, more={"Scripts/python/x.py": b"x"}), MACROS),
        (workbooks.with_entry(workbooks.xls(), "EncryptedPackage"), LOCKED),
        (ods(ODS, more={"META-INF/manifest.xml": ENCRYPTED}), LOCKED),
        (workbooks.repacked(workbooks.xlsb(), **{"xl/externalLinks/externalLink1.bin": b"x"}), LINKS),
        (ods("", tables=LINKED), LINKS),
    ],
)
def test_macros_passwords_and_links_are_refused_in_every_kind(path: Path, content: bytes, sentence: str) -> None:
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused, opened(path) as book:
        cells(book)
    assert refused.value.sentence == sentence


def test_an_old_workbook_that_is_locked_from_within_is_refused(path: Path) -> None:
    """Its first record after the beginning says so (MS-XLS 2.4.117, FilePass)."""
    content = bytearray(workbooks.xls())
    begins = content.index(b"\x09\x08\x10\x00")  # BOF
    content[begins + 20 : begins + 22] = b"\x2f\x00"
    path.write_bytes(content)
    with pytest.raises(Invalid, match="has a password"), opened(path) as book:
        cells(book)


def test_a_package_of_two_kinds_is_refused(path: Path) -> None:
    """Our pass might look at the one, and the library read the other."""
    path.write_bytes(xlsx("", more={"content.xml": "<x/>", "mimetype": workbooks.ODS_TYPE}))
    with pytest.raises(Invalid, match="not an Excel workbook"), opened(path):
        pass


@pytest.mark.parametrize("content", [workbooks.xls(), ods(ODS), b"Name,Town\nOak,Ashby\n"])
def test_whoever_reads_in_a_child_that_waits_sees_the_same(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with opened(path) as here, reading_apart.opened(path) as apart:
        assert here.said == apart.said
        assert [(s.name, s.is_hidden, s.hidden_rows, s.merged, s.unseen, list(s.rows())) for s in here.sheets] == [
            (s.name, s.is_hidden, s.hidden_rows, s.merged, s.unseen, list(s.rows())) for s in apart.sheets
        ]


async def test_the_preview_says_what_cannot_be_seen() -> None:
    seen = await reading_worker.looked_at(workbooks.BINARY / "suppliers.xls", SCHOOLS, first=1)
    assert [sheet.unseen for sheet in seen.sheets] == [UNSEEN, UNSEEN]


def test_what_a_child_refuses_is_refused_to_whoever_waits(path: Path) -> None:
    path.write_bytes(xlsx("", more={"xl/vbaProject.bin": b"x"}))
    with pytest.raises(Refusal, match="macros"), reading_apart.opened(path):
        pass

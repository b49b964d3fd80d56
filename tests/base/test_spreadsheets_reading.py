"""Spreadsheets as people have them are read as they look; what is none, or could do harm, is refused in a sentence."""

import asyncio
import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from base import worker
from base.refusals import Invalid, Refusal, TooLarge
from base.spreadsheets import reading_worker
from base.spreadsheets.cells import Limits, clean, column_letters
from base.spreadsheets.reading import SCHOOLS, opened
from base.text import without_c1
from tests.given import workbooks
from tests.given.examples import examples

pytestmark = pytest.mark.pure

SMALL = Limits(packed=1_000_000, unpacked=2_000_000, rows=10)
TABLE = [["Name", "Postcode"], ["Oak & Sons Ltd", "LN1 1AA"], ["Café Żółw", "LN2 2BB"]]

# What a cell of a table may hold and still be found again after its outer white space is gone.
CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs")), max_size=12).map(clean)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=8)


def read(path: Path, *, sheet: int = 0, limits: Limits = SCHOOLS) -> list[list[str]]:
    with opened(path, limits) as book:
        return [list(row.cells) for row in book.sheets[sheet].rows()]


WHITE = st.text(st.sampled_from("  \t\u00a0\n\r\u2028\x0b\x1c\x85\u200ba"), max_size=12)


@given(WHITE)
def test_each_run_of_white_space_becomes_one_line_break_if_it_has_one_and_one_space_otherwise(text: str) -> None:
    read = clean(text)
    seen = without_c1(text).replace("\u200b", "")
    assert read.split() == seen.split()
    gaps = re.findall(r"(?<=\S)\s+(?=\S)", seen)
    assert re.findall(r"\s+", read) == ["\n" if set(gap) & set("\n\r\u2028\x0b") else " " for gap in gaps]


def test_a_cell_of_nothing_but_spaces_is_read_as_fast_as_one_of_letters() -> None:
    """Looked at anew from each space, these would take days."""
    assert clean(f"a{' ' * 3_000_000}b") == "a b"


def as_workbook(path: Path, *sheets: Sequence[Sequence[Any]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    book.save(path)


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", line_end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def trimmed(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Naively what remains: no blank rows, no blank ends."""
    found = []
    for row in rows:
        kept = list(row)
        while kept and not kept[-1]:
            kept.pop()
        if kept:
            found.append(kept)
    return found


def repacked(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> None:
    """The package with its parts changed, or left out for None, and ``more`` parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **more}.items():
            changed = change(name, content)
            if changed is not None:
                archive.writestr(name, changed)


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def same(_name: str, content: bytes) -> bytes:
    return content


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "suppliers.file"


@given(TABLES, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
def test_a_table_written_as_text_in_any_dialect_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], delimiter: str, encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "dialect.csv"
    header = ["Name", "Town", "Note"]  # with ASCII enough to tell UTF-16 without a mark
    path.write_bytes(as_csv([header, header, *table], delimiter).encode(encoding))
    assert read(path) == [header, header, *trimmed(table)]


@settings(max_examples=examples(40))
@given(TABLES)
def test_a_table_written_as_a_workbook_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "table.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([["Name"], *table]):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    assert read(path) == [["Name"], *trimmed(table)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16-be"])
def test_every_line_end_and_encoding_that_schools_have_is_understood(path: Path, line_end: str, encoding: str) -> None:
    table = [["Name", "Limit"], ["Café Noël", "£1,200.00"], ["O’Brien – Sons", "£5"]]
    path.write_bytes(as_csv(table, line_end=line_end).encode(encoding))
    assert read(path) == table


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("mac_roman", ["Café Noël", "Müller & Söhne"]),
        ("cp850", ["CAFÉ NOËL", "Müller & Söhne"]),
        ("cp1252", ["Harker\u2019s Coaches \u2013 Leeds", "\u201cOak\u201d £5", "BETTYïS"]),
    ],
)
def test_names_of_an_old_macintosh_or_of_dos_keep_their_accents(path: Path, encoding: str, names: list[str]) -> None:
    path.write_bytes(as_csv([["Name"], *([name] for name in names)]).encode(encoding))
    assert read(path) == [["Name"], *([name] for name in names)]


def test_gzip_zip_and_a_line_that_names_the_separator_are_understood(path: Path) -> None:
    text = b"sep=;\r\nName;Town\r\nOak, Ash & Co;Ashby\r\n"
    table = [["Name", "Town"], ["Oak, Ash & Co", "Ashby"]]
    path.write_bytes(text)
    assert read(path) == table
    path.write_bytes(gzip.compress(text))
    assert read(path) == table
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("list/suppliers.csv", text)
    assert read(path) == table


def test_cells_read_as_they_look(path: Path) -> None:
    values = [1234567, 1.23e9, 0.5, True, datetime(2026, 11, 3), date(2026, 11, 3), "a\u00a0b\r\nc", " x ", "#REF!", None, None]  # noqa: DTZ001
    as_workbook(path, [values, [], [None, "last"], [None]])
    assert read(path) == [
        ["1234567", "1230000000", "0.5", "TRUE", "03/11/2026", "03/11/2026", "a b\nc", "x", "#REF!"],
        ["", "last"],
    ]


def test_an_inch_mark_inside_a_cell_opens_nothing(path: Path) -> None:
    path.write_text('Name,Note\nPipes,6" and 8"\nMore,6" only\nElm,\n')
    assert read(path) == [["Name", "Note"], ["Pipes", '6" and 8"'], ["More", '6" only'], ["Elm"]]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows_and_formulas_are_named(path: Path) -> None:
    as_workbook(path, [["Name", "Sum"], [], ["Oak", "=1+1"]])
    with opened(path) as book:
        rows = list(book.sheets[0].rows())
    assert [(row.number, row.cells, row.formulas) for row in rows] == [(1, ("Name", "Sum"), ()), (3, ("Oak", ""), (1,))]
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_sheets_hidden_rows_and_hidden_sheets_are_told(path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Old")
    first.append(["Name"])
    first.append(["Oak"])
    first.row_dimensions[2].hidden = True
    second.sheet_state = "hidden"
    second.append(["x"])
    book.save(path)
    with opened(path) as found:
        assert [(s.name, s.is_hidden, s.hidden_rows) for s in found.sheets] == [("Sheet", False, 1), ("Old", True, 0)]


def test_a_broken_line_is_told_and_the_rest_goes_on(path: Path) -> None:
    path.write_bytes(b'Name,Town\n"Oak"x,Ashby\nElm,\x00\nAsh,' + b"x" * 40_000 + b"\nFir,Ashby\n")
    with opened(path) as book:
        rows = list(book.sheets[0].rows())
    assert [row.problem for row in rows] == [
        "",
        "the quotation marks are out of place",
        "the line holds a NUL character",
        "a cell is longer than 32,767 characters",
        "",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There is nothing in this file"),
        (b" \r\n", "There is nothing in this file"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        (b"<html><table><tr><td>Name", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook>', "web page"),
        (b"PK\x03\x04rest", "nothing was imported"),
        (b"\x1f\x8b\x08", "nothing was imported"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        read(path)
    assert words in refused.value.sentence


def test_another_office_document_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(Invalid, match="not an Excel workbook"):
        read(path)


MACRO_TYPE = (b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.macroEnabled.main+xml")
ASCII_ONLY = {ord(c): "x" for c in "Żół’ąęé"}
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "more", "words"),
    [
        (same, {"xl/vbaProject.bin": b"x"}, "holds macros"),
        (lambda _, content: content.replace(*MACRO_TYPE), {}, "holds macros"),
        (same, {"xl/externalLinks/externalLink1.xml": b"<x/>"}, "values from other files"),
        (lambda name, content: BOMB + content if name == "xl/worksheets/sheet1.xml" else content, {}, "damaged"),
        (lambda name, content: content.decode().encode("utf-16") if "sheet1" in name else content, {}, "damaged"),
        (
            lambda name, content: content.decode().translate(ASCII_ONLY).encode("cp037") if "sheet1" in name else content,
            {},
            "damaged",
        ),
        (lambda name, content: None if name == "xl/worksheets/sheet1.xml" else content, {}, "damaged"),
        (lambda name, content: content[:200] if "sheet1" in name else content, {}, "damaged"),
        (lambda name, content: content.replace(b'r="2"', b'r="99999999999"') if "sheet1" in name else content, {}, "damaged"),
        (same, {"docProps/x": b"0" * 3_000_000}, "unpacks to more than 2 MB"),
    ],
)
def test_a_workbook_that_could_do_harm_is_refused(
    path: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes], words: str
) -> None:
    as_workbook(path, TABLE)
    repacked(path, change, **more)
    with pytest.raises(Refusal) as refused:
        read(path, limits=SMALL)
    assert words in refused.value.sentence


ROW_OF_IT = b'<row r="99"><c r="A99" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" " * 300_000])
def test_a_sheet_by_another_name_is_looked_through_as_well(path: Path, before: bytes) -> None:
    as_workbook(path, TABLE)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").split(b"?>", 1)[-1]
    declared = BOMB.partition(b"?>")[2]
    repacked(
        path,
        lambda name, content: None if name.endswith("sheet1.xml") else content.replace(b"sheet1.xml", b"sheet1.dat"),
        **{"xl/worksheets/sheet1.dat": before + declared + sheet.replace(b"</sheetData>", ROW_OF_IT)},
    )
    with pytest.raises(Invalid, match="damaged"):
        read(path, limits=SMALL)


def test_a_part_that_says_it_is_small_and_is_not_is_counted_as_it_is(path: Path) -> None:
    """What a package says of its own sizes is not believed: only what came out of it is counted."""
    as_workbook(path, TABLE)
    repacked(path, same, **{"xl/big.xml": b"<x>" + b" " * 5_000_000 + b"</x>"})
    lie = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        big = archive.getinfo("xl/big.xml")
    size = big.file_size.to_bytes(4, "little")
    path.write_bytes(bytes(lie).replace(size, (1_000).to_bytes(4, "little")))
    with pytest.raises(Refusal):
        read(path, limits=SMALL)


def test_too_many_bytes_rows_and_columns_are_refused(path: Path) -> None:
    as_workbook(path, [["x"]] * 200)
    with pytest.raises(TooLarge, match="more than 10 rows"):
        read(path, limits=SMALL)
    path.write_text("x\n" * 200)
    with pytest.raises(TooLarge, match="more than 10 rows"):
        read(path, limits=SMALL)
    as_workbook(path, [["x"] * 150])
    with pytest.raises(Invalid, match="more than 100 columns"):
        read(path, limits=SMALL)
    as_workbook(path, [["Name"], ["Oak Carpets", *[None] * 140, "far out"]])
    with pytest.raises(Invalid, match="Row 2 has more than 100 columns"):
        read(path, limits=SMALL)
    path.write_text("x" * 1_000_001)
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        read(path, limits=SMALL)


@settings(max_examples=examples(60))
@given(st.integers(0, 5_000), st.binary(max_size=6))
def test_a_workbook_with_any_bytes_changed_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, at: int, instead: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.xlsx"
    as_workbook(path, TABLE)
    content = bytearray(path.read_bytes())
    content[at : at + len(instead)] = instead
    path.write_bytes(content)
    with suppress(Refusal):
        read(path)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many cells that they take more than a second of computing, with a pattern that packs small."""
    path = tmp_path_factory.mktemp("heavy") / "suppliers.xlsx"
    row = "".join(f"<c><v>{n}</v></c>" for n in range(100))
    path.write_bytes(workbooks.xlsx(f"<row>{row}</row>" * 8_000))
    return path


class TestApart:
    async def test_a_process_of_its_own_reads_the_same(self, path: Path) -> None:
        as_workbook(path, TABLE, [["x"]])
        seen = await reading_worker.looked_at(path, SCHOOLS, first=2)
        assert [(sheet.name, [list(row.cells) for row in sheet.first]) for sheet in seen.sheets] == [
            ("Sheet", TABLE[:2]),
            ("Sheet1", [["x"]]),
        ]
        rows = [row async for some in reading_worker.rows_of(path, SCHOOLS, sheet=0) for row in some]
        assert [list(row.cells) for row in rows] == TABLE

    async def test_its_refusals_come_back_as_they_are(self, path: Path) -> None:
        write(path, b"%PDF-1.7")
        with pytest.raises(Invalid, match="This is a PDF"):
            await reading_worker.looked_at(path, SCHOOLS, first=2)
        write(path, b"x\n" * 200)
        with pytest.raises(TooLarge, match="more than 10 rows"):
            [some async for some in reading_worker.rows_of(path, SMALL, sheet=0)]

    @pytest.mark.fault
    @pytest.mark.parametrize(("limit", "value"), [("MEMORY", 60_000_000), ("SECONDS", 1), ("PATIENCE", 0.01)])
    async def test_one_that_takes_too_much_memory_or_time_is_ended(
        self, heavy: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: float
    ) -> None:
        monkeypatch.setattr(worker, limit, value)
        with pytest.raises(Invalid, match="too much memory or time"):
            [some async for some in reading_worker.rows_of(heavy, SCHOOLS, sheet=0)]

    async def test_the_event_loop_goes_on_meanwhile(self, path: Path) -> None:
        as_workbook(path, [[f"supplier {n}", "LN1 1AA"] for n in range(5_000)])
        reading = asyncio.create_task(reading_worker.looked_at(path, SCHOOLS, first=1))
        beats = 0
        while not reading.done():
            await asyncio.sleep(0.01)
            beats += 1
        assert beats > 5
        await reading

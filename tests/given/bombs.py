"""Small files that would make a reader of spreadsheets take what a machine has: ten of each kind of workbook."""

import struct
import zipfile
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Final

from tests.given import workbooks
from tests.given.workbooks import ods, ods_cell, ods_row, repacked, text_cell, xlsx

LAUGHS: Final = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
)
TWO: Final = f'<row r="1">{text_cell("A1", "Name")}</row>'
FAR: Final = TWO + f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
SHEET: Final = "xl/worksheets/sheet1.xml"


def shared(times: int) -> bytes:
    """One long string that many cells show."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, times + 1))
    return xlsx(cells, strings=f"<si><t>{'x' * 32_000}</t></si>")


def whole(content: str | bytes) -> bytes:
    """With this as the sheet's part."""
    return xlsx("", more={SHEET: content})


def diagonal(size: int) -> bytes:
    places = ((f"{letters}{n * 60 + 1}", n * 60 + 1) for n, letters in enumerate(workbooks.columns(size)))
    return xlsx("".join(f'<row r="{row}">{text_cell(place, "x")}</row>' for place, row in places))


XLSX: Final[dict[str, Callable[[], bytes]]] = {
    "one cell at the far corner": lambda: xlsx(FAR),
    "a hundred columns and a million rows": lambda: xlsx(
        f'<row r="1">{text_cell("CV1", "x")}</row><row r="1048576">{text_cell("A1048576", "x")}</row>'
    ),
    "a diagonal over the whole sheet": lambda: diagonal(16_000),
    "cells that say another row than their own": lambda: xlsx(
        f'<row r="1">{text_cell("A1", "x")}{text_cell("XFD999999", "x")}</row>'
    ),
    "a long string that many cells show": lambda: shared(90_000),
    "a part of many spaces": lambda: whole("<worksheet>" + " " * 12_000_000 + "</worksheet>"),
    "entities that hold entities": lambda: whole(f"{LAUGHS}<worksheet><sheetData>&c;</sheetData></worksheet>"),
    "elements in elements": lambda: whole("<worksheet>" + "<a>" * 200_000),
    "many names of one sheet": lambda: xlsx(FAR, sheets=1_900),
    "an attribute without an end": lambda: whole('<worksheet><row spans="' + "1" * 12_000_000),
}


def many(what: str) -> str:
    return f'table:number-{what}-repeated="1048576"'


EMPTY_CELL: Final = "<table:table-cell/>"
ODS: Final[dict[str, Callable[[], bytes]]] = {
    "one cell at the far corner": lambda: ods(
        ods_row(ods_cell("x"))
        + ods_row(EMPTY_CELL, more='table:number-rows-repeated="1048574"')
        + ods_row('<table:table-cell table:number-columns-repeated="16383"/>', ods_cell("x"))
    ),
    "a row that stands for a million": lambda: ods(
        ods_row(ods_cell("x", 'table:number-columns-repeated="100"'), more=many("rows"))
    ),
    "a cell that stands for a million": lambda: ods(ods_row(ods_cell("x", many("columns")))),
    "a cell and its row that stand for all there are": lambda: ods(
        ods_row(ods_cell("x", 'table:number-columns-repeated="16384"'), more=many("rows"))
    ),
    "numbers without an end": lambda: ods(ods_row(ods_cell("x"), more='table:number-rows-repeated="99999999999999999999"')),
    "empty rows without an end": lambda: ods(ods_row(EMPTY_CELL, more=many("rows")) * 100_000 + ods_row(ods_cell("x"))),
    "a formula that stands for all there are": lambda: ods(
        ods_row(ods_cell("1", 'table:formula="of:=1" table:number-columns-repeated="16384"'), more=many("rows"))
    ),
    "a long text that stands for many": lambda: ods(ods_row(ods_cell("x" * 32_000), more='table:number-rows-repeated="1000000"')),
    "entities that hold entities": lambda: ods("", more={"content.xml": f"{LAUGHS}<x>&c;</x>"}),
    "a part of many spaces": lambda: ods(ods_row(ods_cell(" " * 12_000_000))),
}


def patched(content: bytes, at: int, instead: bytes) -> bytes:
    return content[:at] + instead + content[at + len(instead) :]


def record_of_xls(number: int) -> tuple[int, int]:
    """Where the first record of a kind begins, and its length: the streams of the sample lie in one piece."""
    content = workbooks.xls()
    at = content.index(b"\x09\x08\x10\x00")
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == number:
            return at, length
        at += 4 + length
    raise AssertionError(number)


def xls_with(number: int, offset: int, instead: bytes) -> bytes:
    return patched(workbooks.xls(), record_of_xls(number)[0] + 4 + offset, instead)


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def shown(row: int, column: int = 0, text: int = 0) -> bytes:
    """A cell of an .xls that shows a shared text (MS-XLS 2.4.149)."""
    return record(0x00FD, struct.pack("<HHHI", row, column, 0, text))


def xls_stream(cells: bytes, *, texts: bytes, sheets: int = 1, size: bytes = b"") -> bytes:
    """A workbook of one sheet of ``cells``, which has ``sheets`` names. ``texts`` are the records of the shared texts."""
    begins = record(0x0809, bytes.fromhex("00060500bb0dcc070000000006000000"))
    start = len(begins) + 15 * sheets + len(texts) + 4
    named = b"".join(record(0x0085, struct.pack("<IHBBBBB", start, 0, 3, 0, *divmod(at, 10), 65)) for at in range(sheets))
    return (
        begins
        + named
        + texts
        + record(0x000A, b"")
        + begins
        + (record(0x0200, size) if size else b"")
        + cells
        + record(0x000A, b"")
    )


def shared_texts(*texts: str, cut: int = 8_000) -> bytes:
    """Their table, begun anew after so many characters, where characters may be of another width (MS-XLS 2.4.265)."""
    pieces = [struct.pack("<II", len(texts), len(texts))]
    for text in texts:
        pieces[-1] += struct.pack("<HB", len(text), 0) + text[:cut].encode("latin-1")
        pieces += [b"\1" + text[at : at + cut].encode("utf-16-le") for at in range(cut, len(text), cut)]
    return record(0x00FC, pieces[0]) + b"".join(record(0x003C, piece) for piece in pieces[1:])


def of_spaces(spaces: int) -> bytes:
    """A formula of an .xls that says so many times 255 spaces (MS-XLS 2.5.198.37)."""
    spelt = b"\x16" + b"\x19\x40\x00\xff" * spaces
    return record(0x0006, struct.pack("<HHHd6xH", 0, 0, 0, 1.0, len(spelt)) + spelt)


MOST: Final = b"\xff\xff\xff\xff"
XLS: Final[dict[str, Callable[[], bytes]]] = {
    "a table of strings without an end": partial(xls_with, 0x00FC, 4, MOST),
    "a string longer than the file": partial(xls_with, 0x00FC, 8, b"\xff\xff"),
    "a sheet that lies behind the file": partial(xls_with, 0x0085, 0, MOST),
    "a sheet that begins in itself": partial(xls_with, 0x0085, 0, b"\0\0\0\0"),
    "a directory behind the file": lambda: patched(workbooks.xls(), 0x30, b"\xfe\xff\xff\x7f"),
    "sectors of four gigabytes": lambda: patched(workbooks.xls(), 0x1E, b"\x20\x00"),
    "a table of sectors without an end": lambda: patched(workbooks.xls(), 0x2C, b"\xff\xff\xff\x7f"),
    "a chain of sectors that bites its tail": lambda: patched(workbooks.xls(), 0x44, b"\0\0\0\0\xff\xff\xff\x7f"),
    "small sectors without an end": lambda: patched(workbooks.xls(), 0x3C, b"\0\0\0\0\xff\xff\xff\x7f"),
    "a record as long as can be": lambda: patched(workbooks.xls(), record_of_xls(0x0200)[0] + 2, b"\xff\xff"),
}


def xlsb_part(name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(workbooks.xlsb())) as archive:
        return archive.read(name)


def xlsb_with(name: str, find: bytes, instead: bytes, *, offset: int = 0) -> bytes:
    part = xlsb_part(name)
    return repacked(workbooks.xlsb(), **{name: patched(part, part.index(find) + offset, instead)})


SHEET_BINARY: Final = "xl/worksheets/sheet1.bin"
ROW_HEADER: Final = b"\x00\x19\x00\x00\x00\x00"  # its kind, its length, and row 0
DIMENSION: Final = b"\x94\x01\x10"
XLSB: Final[dict[str, Callable[[], bytes]]] = {
    "a row at the far end": partial(xlsb_with, SHEET_BINARY, ROW_HEADER, struct.pack("<I", 1_048_575), offset=2),
    "a row that no sheet has": partial(xlsb_with, SHEET_BINARY, ROW_HEADER, MOST, offset=2),
    "a size that no sheet has": partial(xlsb_with, SHEET_BINARY, DIMENSION, b"\0" * 4 + MOST + b"\0" * 4 + MOST, offset=3),
    "a size of all there are": partial(
        xlsb_with, SHEET_BINARY, DIMENSION, struct.pack("<IIII", 0, 1_048_575, 0, 16_383), offset=3
    ),
    "cells at the far corner": lambda: repacked(workbooks.xlsb(), **{SHEET_BINARY: far_cells()}),
    "a record as long as can be": partial(xlsb_with, SHEET_BINARY, ROW_HEADER, b"\xff\xff\xff\x7f", offset=1),
    "strings without an end": lambda: repacked(workbooks.xlsb(), **{"xl/sharedStrings.bin": b"\x9f\x01\x08" + MOST * 2}),
    "a string longer than the file": lambda: repacked(
        workbooks.xlsb(), **{"xl/sharedStrings.bin": b"\x9f\x01\x08\x01\0\0\0\x01\0\0\0\x13\x05\0" + MOST}
    ),
    "a part of many zeros": lambda: repacked(workbooks.xlsb(), **{SHEET_BINARY: b"\0" * 12_000_000}),
    "records of nothing": lambda: repacked(workbooks.xlsb(), **{SHEET_BINARY: xlsb_part(SHEET_BINARY) + b"\x01\x00" * 4_000_000}),
}


def far_cells() -> bytes:
    """A number in A1 and one in XFD1048576 (MS-XLSB 2.4.318 BrtCellReal, 2.4.739 BrtRowHdr)."""
    part = xlsb_part(SHEET_BINARY)
    begins, ends = part.index(ROW_HEADER), part.rindex(b"\x92\x01\x00")
    row = part[begins + 2 : begins + 2 + 25]

    def number(column: int) -> bytes:
        return b"\x05\x10" + struct.pack("<IId", column, 0, 1.0)

    last = struct.pack("<I", 1_048_575) + row[4:]
    return part[:begins] + b"\x00\x19" + row + number(0) + b"\x00\x19" + last + number(16_383) + part[ends:]


KINDS: Final = {"xlsx": XLSX, "ods": ODS, "xls": XLS, "xlsb": XLSB}

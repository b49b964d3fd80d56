"""Workbooks written part by part: .xlsx and .ods as no program would, and the binary kinds from tests/data/workbooks."""

import io
import itertools
import struct
import zipfile
from typing import Final

from tests.given.checkout import DATA

BINARY: Final = DATA / "workbooks"
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
ODS_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:"


def packed(parts: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(rows: str, *, after: str = "", strings: str = "", sheets: int = 1, more: dict[str, str | bytes] | None = None) -> bytes:
    """``rows`` is what stands in sheetData, ``after`` behind it; ``sheets`` names that all lead to the one part."""
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, sheets + 1))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>"
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    return packed(parts | (more or {}))


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(rows: str, *, tables: str | None = None, more: dict[str, str | bytes] | None = None) -> bytes:
    """``rows`` of the one table, or ``tables`` whole."""
    spaces = " ".join(f'xmlns:{one}="{OFFICE}{one}:1.0"' for one in ("office", "table", "text"))
    inside = tables if tables is not None else f'<table:table table:name="S1">{rows}</table:table>'
    content = (
        f'<office:document-content {spaces} office:version="1.3"><office:body><office:spreadsheet>{inside}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed({"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest, **(more or {})})


def ods_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def ods_row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def xls() -> bytes:
    return (BINARY / "suppliers.xls").read_bytes()


def xlsb() -> bytes:
    return (BINARY / "suppliers.xlsb").read_bytes()


def repacked(package: bytes, **parts: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        kept: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return packed({**kept, **parts})


def with_entry(container: bytes, name: str) -> bytes:
    """The .xls with a part of this name in the first free place of its directory (MS-CFB 2.6.1)."""
    directory = struct.unpack_from("<I", container, 0x30)[0] * 512 + 512
    for at in range(directory, directory + 512, 128):
        if container[at + 66] == 0:
            spelt = name.encode("utf-16-le")
            entry = spelt.ljust(64, b"\0") + struct.pack("<HB", len(spelt) + 2, 1)
            return container[:at] + entry + container[at + len(entry) :]
    raise AssertionError


ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def columns(most: int) -> list[str]:
    """The names of the first columns, by counting."""
    every = ("".join(letters) for size in (1, 2, 3) for letters in itertools.product(ALPHABET, repeat=size))
    return list(itertools.islice(every, most))


END_OF_CHAIN: Final = 0xFFFFFFFE


def in_compound(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file (MS-CFB) with this one stream, its sectors from the last to the first; a short one in small sectors."""
    is_small = len(stream) < 4096
    content = [stream[at : at + 512].ljust(512, b"\0") for at in range(0, len(stream), 512)]
    tables = -(-(len(content) + 2) // 127)  # sectors of 128 numbers each, which have a number of their own
    first = tables + 2  # behind them the directory, and the table of small sectors
    numbers = [0xFFFFFFFD] * tables + [END_OF_CHAIN] * 2 + [END_OF_CHAIN, *range(first, first + len(content) - 1)]
    smalls = [*range(1, -(-len(stream) // 64)), END_OF_CHAIN]
    last = first + len(content) - 1
    root = _part("Root Entry", 5, last, len(content) * 512) if is_small else _part("Root Entry", 5, END_OF_CHAIN, 0)
    directory = root + _part(name, 2, 0 if is_small else last, len(stream))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", tables, tables, 0, 4096, tables + 1, int(is_small), END_OF_CHAIN, 0)
    parts = [
        head,
        _numbers(list(range(tables)), 109),
        _numbers(numbers, 128 * tables),
        directory.ljust(512, b"\0"),
        _numbers(smalls if is_small else [], 128),
    ]
    return b"".join([*parts, *reversed(content)])


def _part(name: str, kind: int, start: int, length: int) -> bytes:
    spelt = name.encode("utf-16-le")
    child = 1 if kind == 5 else 0xFFFFFFFF
    begins = spelt.ljust(64, b"\0") + struct.pack("<HBBiiI", len(spelt) + 2, kind, 1, -1, -1, child)
    return begins.ljust(116, b"\0") + struct.pack("<IQ", start, length)


def _numbers(numbers: list[int], count: int) -> bytes:
    return struct.pack(f"<{count}I", *numbers, *[0xFFFFFFFF] * (count - len(numbers)))

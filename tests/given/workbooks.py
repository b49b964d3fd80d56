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

"""The sheets of an .xlsx workbook, by openpyxl, which is handed a package only after every byte of it was looked at. Pure.

An .xlsx is a zip of XML. What a package declares about itself is not believed: each part is inflated once, counted, and,
if it is XML by its name or its beginning, searched for a DOCTYPE, without which XML has no entities to blow up or to read
other files with. Raises Invalid, TooLarge.
"""

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, Final

import openpyxl
from openpyxl.utils.escape import unescape

from base.refusals import Invalid, TooLarge
from base.spreadsheets.cells import Limits, SheetRow, as_text
from base.spreadsheets.zips import UNREADABLE

MOST_PARTS: Final = 2_000  # of a package; a workbook of twenty sheets has some sixty
MOST_SHEETS: Final = 50
MOST_MERGED: Final = 10_000  # ranges of one sheet that are remembered; those beyond count as cells of their own
MOST_ROW_NUMBER: Final = 1_048_576  # Excel's own limit; a row that says it is the billionth comes after a billion blank ones
AT_ONCE: Final = 200  # rows read at a time
BLOCK: Final = 256 * 1024  # bytes inflated at a time
OVERLAP: Final = 256  # bytes searched again with the next block

DAMAGED: Final = "This Excel file is damaged, so nothing was imported. Open it in Excel, save it again, and choose it again."
LOCKED: Final = "This file has a password. Save it without one and choose it again."
MACROS: Final = "This workbook holds macros, which Vouch does not take. Save it as an Excel workbook (.xlsx), without macros."
LINKS: Final = (
    "This workbook takes values from other files, which Vouch can't see. Copy the sheet, paste it into a new workbook as values "
    "only, and choose that."
)
OTHER_KIND: Final = "This is not an Excel workbook (.xlsx). Open it in your spreadsheet program and save it as .xlsx or CSV."

_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*(?:<|\Z)")
_DOCTYPE: Final = b"<!DOCTYPE"
_HIDDEN_ROW: Final = re.compile(rb'<(?:\w+:)?row\b[^>]*\shidden="(?:1|true)"')
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\sref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_MACRO_TYPE: Final = re.compile(rb"macroEnabled|vbaProject")
_ESCAPED: Final = re.compile(r"_x[0-9A-Fa-f]{4}_")


@dataclass(slots=True)
class Seen:
    """What was seen in a part while it was inflated, that openpyxl doesn't tell of a sheet that it reads row by row."""

    hidden_rows: int = 0
    merged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Worksheet:
    name: str
    is_hidden: bool
    hidden_rows: int
    merged: tuple[str, ...]
    rows: Callable[[], Iterator[SheetRow]]


def is_office(file: IO[bytes]) -> bool:
    """Whether a zip is a document rather than a zipped CSV."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except UNREADABLE:
        return False
    return bool({"[Content_Types].xml", "mimetype", "Index/Document.iwa"} & names)


@contextmanager
def opened(file: IO[bytes], limits: Limits) -> Iterator[tuple[Worksheet, ...]]:
    seen = _looked_through(file, limits)
    with _damage_as_invalid(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out, such as pictures
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise Invalid(DAMAGED)
        if len(book.worksheets) > MOST_SHEETS:
            raise TooLarge(f"This workbook has more than {MOST_SHEETS} sheets. Save the one that matters by itself.")
        yield tuple(_table(sheet, seen) for sheet in book.worksheets)
    finally:
        book.close()


def _table(sheet: Any, seen: dict[str, Seen]) -> Worksheet:
    part = seen.get(str(getattr(sheet, "_worksheet_path", "")).lstrip("/"), Seen())
    is_hidden = sheet.sheet_state != "visible"
    return Worksheet(sheet.title, is_hidden, part.hidden_rows, tuple(part.merged), lambda: _rows(sheet))


def _rows(sheet: Any) -> Iterator[SheetRow]:
    sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
    found, number = sheet.iter_rows(), 0  # as wide as each row is, so that what is too wide is seen
    blank: Any = None  # the one row that openpyxl gives in place of every row that is not there
    while True:
        with _damage_as_invalid(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            some = list(islice(found, AT_ONCE))
        for cells in some:
            number += 1
            if number > MOST_ROW_NUMBER:
                raise Invalid(DAMAGED)
            if cells is blank:
                continue
            if all(cell.value is None for cell in cells):
                blank = cells
            else:
                formulas = tuple(at for at, cell in enumerate(cells) if cell.data_type == "f")
                yield SheetRow(number, tuple(_text(cell) for cell in cells), formulas=formulas)
        if len(some) < AT_ONCE:
            return


def _text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.data_type == "f":
        return ""
    if isinstance(value, str) and "_x" in value and _ESCAPED.search(value):
        value = unescape(value)
    return as_text(value)


def _looked_through(file: IO[bytes], limits: Limits) -> dict[str, Seen]:
    """Inflates and looks at every part; returns which rows of each are hidden, and which cells are merged."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_by_names(archive)
            left, seen = limits.unpacked, {}
            for part in archive.infolist():
                left, seen[part.filename] = _looked_at(archive, part, left)
                if left < 0:
                    raise TooLarge(f"This file unpacks to more than {limits.unpacked // 1_000_000} MB, so nothing was imported.")
    except UNREADABLE as error:
        raise Invalid(DAMAGED) from error
    file.seek(0)
    return seen


def _refuse_by_names(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) < len(names):
        raise Invalid(DAMAGED)
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(LOCKED)
    if any("vbaproject" in name.lower() for name in names):
        raise Invalid(MACROS)
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Invalid(LINKS)
    if "xl/workbook.xml" not in names:
        raise Invalid(OTHER_KIND)


def _looked_at(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> tuple[int, Seen]:
    """How many bytes may still come, and what was seen in this part."""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    seen, before, is_first = Seen(), b"", True
    with archive.open(part) as inflating:
        while left >= 0 and (block := inflating.read(BLOCK)):
            left -= len(block)
            is_xml = is_xml or (is_first and bool(_MARKUP.match(block)))  # a sheet may lie in a part of any name
            if is_xml:
                if is_first and not _is_plain_xml(block):
                    raise Invalid(DAMAGED)
                searched = before + block
                if _DOCTYPE in searched:
                    raise Invalid(DAMAGED)
                if part.filename == "[Content_Types].xml" and _MACRO_TYPE.search(searched):
                    raise Invalid(MACROS)
                _note(seen, searched, len(before))
                before, is_first = searched[-OVERLAP:], False
    return left, seen


def _note(seen: Seen, searched: bytes, known: int) -> None:
    """Notes what ends behind the first ``known`` bytes, which were searched before."""
    seen.hidden_rows += sum(found.end() > known for found in _HIDDEN_ROW.finditer(searched))
    for found in _MERGED.finditer(searched):
        if found.end() > known and len(seen.merged) < MOST_MERGED:
            seen.merged.append(found[1].decode())


def _is_plain_xml(block: bytes) -> bool:
    """In an encoding whose ASCII is ASCII, so that what is searched for can be found."""
    start = block.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] == b"<" and b"\0" not in start[:4]


@contextmanager
def _damage_as_invalid() -> Iterator[None]:
    """The library raises whatever the slip in the file led to: KeyError, TypeError, ParseError, IndexError and many more."""
    try:
        yield
    except (Invalid, TooLarge, GeneratorExit, MemoryError):
        raise
    except Exception as error:
        raise Invalid(DAMAGED) from error

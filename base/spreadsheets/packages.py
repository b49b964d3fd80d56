"""A workbook that is a zip: .xlsx, .xlsb or .ods, looked through before anything else sees it. Pure.

What a package declares about itself is not believed: each part is inflated once, counted, and, if it is XML by its name or its
beginning, searched for a DOCTYPE, without which XML has no entities to blow up or to read other files with. Then our own pass
notes what the reader of values doesn't tell. Raises Invalid, TooLarge.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Final, TypeVar

from base.refusals import Invalid, TooLarge
from base.spreadsheets import xlsb_pass, xml_pass
from base.spreadsheets.cells import Limits
from base.spreadsheets.marks import DAMAGED, MOST_SHEETS, TOO_MANY_SHEETS, Marks
from base.spreadsheets.ods_pass import ContentWatcher
from base.spreadsheets.xlsx_pass import BookWatcher, RelationsWatcher, SheetWatcher, StringsWatcher
from base.spreadsheets.zips import UNREADABLE

MOST_PARTS: Final = 2_000  # of a package; a workbook of twenty sheets has some sixty
BLOCK: Final = 256 * 1024  # bytes inflated at a time
OVERLAP: Final = 256  # bytes searched again with the next block

LOCKED: Final = "This file has a password. Save it without one and choose it again."
MACROS: Final = "This workbook holds macros, which Vouch does not take. Save it as an Excel workbook (.xlsx), without macros."
LINKS: Final = (
    "This workbook takes values from other files, which Vouch can't see. Copy the sheet, paste it into a new workbook as values "
    "only, and choose that."
)
OTHER_KIND: Final = (
    "This is not an Excel workbook (.xlsx, .xlsb or .xls) and not an OpenDocument spreadsheet (.ods). Open it in your "
    "spreadsheet program and save it as .xlsx or CSV."
)

_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*(?:<|\Z)")
_DOCTYPE: Final = b"<!DOCTYPE"
_MACRO_TYPE: Final = re.compile(rb"macroEnabled|vbaProject")
_MACRO_PART: Final = re.compile(r"vbaproject|^xl/macrosheets/|^basic/|^scripts/(?!$)", re.IGNORECASE)
_LINK_PART: Final = re.compile(r"^xl/externallinks/", re.IGNORECASE)
_STRINGS: Final = "xl/sharedstrings.xml"
_TEXTS: Final = "xl/sharedstrings.bin"
_ENCRYPTED: Final = b"encryption-data"

W = TypeVar("W", bound=xml_pass.Watcher)


class PackageKind(StrEnum):
    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"


_BOOKS: Final = {
    "xl/workbook.xml": PackageKind.XLSX,
    "xl/workbook.bin": PackageKind.XLSB,
    "content.xml": PackageKind.ODS,
}


@dataclass(frozen=True, slots=True)
class Package:
    """``by_name`` has the marks of an .xlsx's sheets, ``in_order`` those of an .ods's; of an .xlsb none are kept."""

    kind: PackageKind
    by_name: Mapping[str, Marks] = field(default_factory=dict)
    in_order: tuple[Marks, ...] = ()


def is_office(file: IO[bytes]) -> bool:
    """Whether a zip is a document rather than a zipped CSV."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except UNREADABLE:
        return False
    return bool({"[Content_Types].xml", "mimetype", "Index/Document.iwa"} & names)


def looked_through(file: IO[bytes], limits: Limits) -> Package:
    """Inflates and looks at every part, then notes what our pass sees."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            kind = _kind(archive)
            _look_at_parts(archive, kind, limits)
            package = _passed(archive, kind, limits)
    except UNREADABLE as error:
        raise Invalid(DAMAGED) from error
    file.seek(0)
    return package


def _kind(archive: zipfile.ZipFile) -> PackageKind:
    parts = archive.infolist()
    names = {part.filename.casefold() for part in parts}
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        raise Invalid(DAMAGED)
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(LOCKED)
    if any(_MACRO_PART.search(name) for name in names):
        raise Invalid(MACROS)
    if any(_LINK_PART.search(name) for name in names):
        raise Invalid(LINKS)
    kinds = [kind for name, kind in _BOOKS.items() if name in names]
    if len(kinds) != 1:  # two, and a reader might take the one that was not looked at
        raise Invalid(OTHER_KIND)
    return kinds[0]


def _look_at_parts(archive: zipfile.ZipFile, kind: PackageKind, limits: Limits) -> None:
    left = limits.unpacked
    for part in archive.infolist():
        left = _looked_at(archive, part, left, kind)
        if left < 0:
            raise TooLarge(f"This file unpacks to more than {limits.unpacked // 1_000_000} MB, so nothing was imported.")


def _looked_at(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, kind: PackageKind) -> int:
    """How many bytes may still come."""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    before, is_first = b"", True
    for block in _blocks(archive, part):
        left -= len(block)
        if left < 0:
            break
        is_xml = is_xml or (is_first and bool(_MARKUP.match(block)))  # a sheet may lie in a part of any name
        if is_xml:
            if is_first and not _is_plain_xml(block):
                raise Invalid(DAMAGED)
            _refuse_by_content(part.filename, before + block, kind)
            before, is_first = (before + block)[-OVERLAP:], False
    return left


def _refuse_by_content(name: str, searched: bytes, kind: PackageKind) -> None:
    if _DOCTYPE in searched:
        raise Invalid(DAMAGED)
    is_declared = kind is PackageKind.XLSX and name == "[Content_Types].xml"  # every .xlsb says that it may hold macros
    if is_declared and _MACRO_TYPE.search(searched):
        raise Invalid(MACROS)
    if name == "META-INF/manifest.xml" and _ENCRYPTED in searched:
        raise Invalid(LOCKED)


def _is_plain_xml(block: bytes) -> bool:
    """In an encoding whose ASCII is ASCII, so that what is searched for can be found."""
    start = block.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] == b"<" and b"\0" not in start[:4]


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as inflating:
        while block := inflating.read(BLOCK):
            yield block


def _passed(archive: zipfile.ZipFile, kind: PackageKind, limits: Limits) -> Package:
    if kind is PackageKind.XLSX:
        return Package(kind, by_name=_sheets(archive))
    if kind is PackageKind.ODS:
        content = _watched(archive, "content.xml", ContentWatcher)
        if content.has_links:
            raise Invalid(LINKS)
        return Package(kind, in_order=tuple(content.tables))
    texts = _part(archive, _TEXTS)
    lengths = xlsb_pass.lengths_of(_blocks(archive, texts)) if texts else ()
    for target in set(_watched(archive, "xl/_rels/workbook.bin.rels", RelationsWatcher).targets.values()):
        part = _part(archive, target)
        if part and not target.endswith(".xml"):
            xlsb_pass.passed(_blocks(archive, part), lengths).check(limits)
    return Package(kind)


def _sheets(archive: zipfile.ZipFile) -> dict[str, Marks]:
    targets = _watched(archive, "xl/_rels/workbook.xml.rels", RelationsWatcher).targets
    listed = _watched(archive, "xl/workbook.xml", BookWatcher).sheets
    if len(listed) > MOST_SHEETS:
        raise TooLarge(TOO_MANY_SHEETS)
    known = {part.filename.casefold() for part in archive.infolist()}
    lengths = _watched(archive, _STRINGS, StringsWatcher).lengths if _STRINGS in known else ()
    seen: dict[str, SheetWatcher] = {}
    for _, relation in listed:
        target = targets.get(relation, "").casefold()
        if target in known and target not in seen:
            seen[target] = _watched(archive, target, lambda: SheetWatcher(lengths))
    by_name = {name: seen.get(targets.get(relation, "").casefold()) for name, relation in listed}
    return {name: sheet.finished() for name, sheet in by_name.items() if sheet and sheet.is_sheet}


def _part(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    return next((part for part in archive.infolist() if part.filename.casefold() == name.casefold()), None)


def _watched(archive: zipfile.ZipFile, name: str, watcher: Callable[[], W]) -> W:
    part = _part(archive, name)
    if part is None:
        raise Invalid(DAMAGED)
    return xml_pass.watched(lambda: _blocks(archive, part), watcher)

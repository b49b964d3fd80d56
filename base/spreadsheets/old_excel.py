"""What is looked at in a compound file, the container of .xls and of any Office file with a password, before it is read. Pure.

Its directory (MS-CFB 2.6.1) has an entry of 128 bytes for each part: 64 of the name in UTF-16 with zeros behind, then the
name's length with one zero. Raises Invalid.
"""

import re
from typing import IO, Final

from base.refusals import Invalid
from base.spreadsheets import xls_pass
from base.spreadsheets.cells import Limits
from base.spreadsheets.compound import Compound
from base.spreadsheets.packages import LOCKED, MACROS, OTHER_KIND

BLOCK: Final = 1 << 20  # bytes read at a time
ENTRY: Final = 66  # bytes of an entry by which its name is known
MACRO_PARTS: Final = ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA")
LOCKED_PART: Final = "EncryptedPackage"
LOCKED_STREAM: Final = "FilePass"
BOOK_PARTS: Final = ("Workbook", "Book")


def looked_through(file: IO[bytes], limits: Limits) -> None:
    """Refuses macros and passwords by the names of the parts, what is no workbook or takes too much. Raises TooLarge too."""
    parts = _parts(file)
    if parts & {LOCKED_PART, LOCKED_STREAM}:
        raise Invalid(LOCKED)
    if parts & set(MACRO_PARTS):
        raise Invalid(MACROS)
    if not parts & set(BOOK_PARTS):
        raise Invalid(OTHER_KIND)
    xls_pass.check(Compound(file).stream(*BOOK_PARTS), limits)
    file.seek(0)


def _parts(file: IO[bytes]) -> set[str]:
    """Those of the names above that the file has."""
    found, before = set(), b""
    file.seek(0)
    while block := file.read(BLOCK):
        searched = before + block
        found |= {name for name, entry in _ENTRIES.items() if entry.search(searched)}
        before = searched[-ENTRY:]
    file.seek(0)
    return found


def _entry(name: str) -> bytes:
    spelt = name.encode("utf-16-le")
    return spelt.ljust(64, b"\0") + (len(spelt) + 2).to_bytes(2, "little")


_ENTRIES: Final = {
    **{name: re.compile(re.escape(_entry(name)), re.IGNORECASE) for name in (*MACRO_PARTS, *BOOK_PARTS)},
    LOCKED_PART: re.compile(re.escape(LOCKED_PART.encode("utf-16-le"))),
    # FilePass (MS-XLS 2.4.117) behind the record that begins a stream, and perhaps behind WriteProtect.
    LOCKED_STREAM: re.compile(rb"\x09\x08(?:\x10\0.{16}|\x08\0.{8})(?:\x86\0\0\0)?\x2f\0", re.DOTALL),
}

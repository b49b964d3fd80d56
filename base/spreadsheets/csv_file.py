"""The numbered records of a file somebody imports: .csv, .csv.gz or .zip, told apart by their first bytes. Pure.

A broken record is passed on as ``Broken`` and reading goes on with the next line; a file that is damaged, cut short
or too large raises Invalid. Nothing is ever held but the record at hand.
"""

import csv
import gzip
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from base.refusals import Invalid, TooLarge
from base.spreadsheets import dialects
from base.spreadsheets.dialects import ByteLines
from base.spreadsheets.zips import UNREADABLE

MOST_PACKED_BYTES: Final = 200_000_000  # of the file as it was given; the DfE's own is about 60 MB, a few MB zipped
MOST_BYTES: Final = 400_000_000  # unpacked: a small archive can unpack to anything
MOST_ROWS: Final = 200_000  # the register has about 52,000, closed schools included
LONGEST_RECORD: Final = 65_536  # bytes; the register's longest is under 4,000
SHOWN: Final = 200  # bytes of a line that can't be read
MOST_LINES: Final = 20  # of one record, so that one stray quotation mark can't swallow the file

DAMAGED = "This file is damaged or was cut short, so nothing was imported. Download it again."


@dataclass(frozen=True, slots=True)
class CsvRecord:
    line: int  # where it starts; the header is line 1
    fields: tuple[str, ...]
    lines: int = 1  # that it runs over


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    line: int
    reason: str
    text: str = ""  # how the line begins


@dataclass(frozen=True, slots=True)
class OpenedCsv:
    name: str  # of the CSV itself, without folders
    records: Iterator[CsvRecord | BrokenRecord]


@contextmanager
def opened(
    path: Path,
    *,
    expected: str = "the school register",
    most_rows: int | None = None,
    most_bytes: int | None = None,
    most_packed: int | None = None,
    delimiter: str = ",",
) -> Iterator[OpenedCsv]:
    """``expected`` is what the file should be, for its refusals: Invalid or TooLarge, here or while the records are read."""
    with unpacked(path, expected=expected, most_packed=most_packed) as (name, stream), ExitStack() as stack:
        with damage_as_invalid():
            readable = stack.enter_context(dialects.readable(stream))
        lines = _Lines(readable, most_bytes or MOST_BYTES)
        yield OpenedCsv(name, _records(lines, expected, most_rows or MOST_ROWS, delimiter))


@contextmanager
def unpacked(path: Path, *, expected: str, most_packed: int | None = None) -> Iterator[tuple[str, IO[bytes]]]:
    """The name and the bytes of the CSV itself. Raises Invalid, TooLarge."""
    with ExitStack() as stack:
        try:
            most = most_packed or MOST_PACKED_BYTES
            if path.stat().st_size > most:
                raise TooLarge(f"This file is larger than {most // 1_000_000} MB. Is it {expected}?")
            packed = stack.enter_context(path.open("rb"))
            found = _unpacked(packed, path.name, stack, expected)
        except UNREADABLE as error:
            raise Invalid(f"The file {path.name} can't be read, so nothing was imported.") from error
        yield found


@contextmanager
def damage_as_invalid() -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise Invalid(DAMAGED) from error


def _unpacked(packed: IO[bytes], name: str, stack: ExitStack, expected: str) -> tuple[str, IO[bytes]]:
    magic = packed.read(4)
    packed.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return name.removesuffix(".gz"), cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=packed)))
    if magic == b"PK\x03\x04":
        archive = stack.enter_context(zipfile.ZipFile(packed))
        member = _table_in(archive, expected)
        return PurePosixPath(member.filename).name, stack.enter_context(archive.open(member))
    return name, packed


def _table_in(archive: zipfile.ZipFile, expected: str) -> zipfile.ZipInfo:
    tables = [m for m in archive.infolist() if m.filename.lower().endswith(".csv") and "__MACOSX" not in m.filename]
    registers = [m for m in tables if PurePosixPath(m.filename).name.lower().startswith("edubasealldata")] or tables
    if len(registers) != 1:
        raise Invalid(f"The zip file should hold one CSV file, {expected}. Unzip it and choose the CSV file.")
    if registers[0].flag_bits & 1:
        raise Invalid("The zip file has a password. Unzip it and choose the CSV file.")
    return registers[0]


class _Lines:
    """Physical lines with one-line-at-a-time push back, and the limits on what is read."""

    def __init__(self, stream: ByteLines, most_bytes: int) -> None:
        self._stream = stream
        self._most_bytes = most_bytes
        self._returned: deque[tuple[int, bytes]] = deque()
        self._number = 0
        self._bytes = 0

    def next(self) -> tuple[int, bytes] | None:
        """The line's number and bytes, cut at LONGEST_RECORD + 1; None at the end."""
        if self._returned:
            return self._returned.popleft()
        line = self._read()
        if not line:
            return None
        self._number += 1
        rest = line
        while len(rest) > LONGEST_RECORD and not rest.endswith(b"\n"):
            rest = self._read()
        return self._number, line

    def give_back(self, lines: list[tuple[int, bytes]]) -> None:
        self._returned.extendleft(reversed(lines))

    def _read(self) -> bytes:
        try:  # as damage_as_invalid, which would take as long as all else that is done for a line
            line = self._stream.readline(LONGEST_RECORD + 1)
        except UNREADABLE as error:
            raise Invalid(DAMAGED) from error
        self._bytes += len(line)
        if self._bytes > self._most_bytes:
            raise TooLarge(f"This file unpacks to more than {self._most_bytes // 1_000_000} MB, so nothing was imported.")
        return line


def _records(lines: _Lines, expected: str, most_rows: int, delimiter: str) -> Iterator[CsvRecord | BrokenRecord]:
    count = 0
    while (first := lines.next()) is not None:
        number, content = first
        if not content.strip():
            continue
        count += 1
        if count > most_rows + 1:  # and the header
            raise TooLarge(f"This file has more than {most_rows:,} rows, so nothing was imported. Is it {expected}?")
        whole = _closed(content, lines, delimiter)
        if whole is None:
            yield BrokenRecord(number, "a quotation mark is opened and never closed", _begun(content))
        else:
            yield _parsed(number, whole, delimiter)


def _closed(content: bytes, lines: _Lines, delimiter: str) -> bytes | None:
    """The record with the lines that its quoted line breaks run over; None when the quotation mark never closes."""
    taken: list[tuple[int, bytes]] = []
    while len(content) <= LONGEST_RECORD and (trouble := _trouble(content, delimiter)):
        is_open = "unexpected end of data" in trouble
        if not is_open and not taken:
            return content
        following = lines.next() if is_open and len(taken) < MOST_LINES - 1 else None
        if following is None:
            lines.give_back(taken)
            return None
        taken.append(following)
        content += following[1]
    return content


def _trouble(content: bytes, delimiter: str) -> str:
    """What is wrong with its quotation marks; "" for nothing. One inside an unquoted cell, as in 6" pipe, opens nothing."""
    if b'"' not in content:
        return ""
    try:
        next(csv.reader([content.decode("latin-1")], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return str(error)
    return ""


def _parsed(number: int, content: bytes, delimiter: str) -> CsvRecord | BrokenRecord:
    if len(content) > LONGEST_RECORD:
        return BrokenRecord(number, f"the line is longer than {LONGEST_RECORD:,} characters", _begun(content))
    if b"\0" in content:
        return BrokenRecord(number, "the line holds a NUL character", _begun(content))
    try:
        text = _decoded(content.removeprefix(b"\xef\xbb\xbf"))
        fields = next(csv.reader([text], delimiter=delimiter, strict=True))
    except UnicodeDecodeError:
        return BrokenRecord(number, "the line is neither UTF-8 nor Windows-1252 text", _begun(content))
    except csv.Error:
        return BrokenRecord(number, "the quotation marks are out of place", _begun(content))
    return CsvRecord(number, tuple(fields), content.rstrip(b"\r\n").count(b"\n") + 1)


def _begun(content: bytes) -> str:
    """The beginning of a line that can't be read, so that its owner knows which it is."""
    return "".join(c for c in content[:SHOWN].decode("cp1252", errors="replace") if c.isprintable())


def _decoded(content: bytes) -> str:
    """UTF-8 if it is, otherwise the Windows-1252 that the DfE writes: accented Windows-1252 is hardly ever valid UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")

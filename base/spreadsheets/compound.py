"""One stream of a compound file, the container of .xls, put together from its sectors ([MS-CFB] 2). Pure.

Read as the library of cell values reads it: the first part of the name, cut at its length, or the whole chain where that says 0.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Final

from base.refusals import Invalid
from base.spreadsheets.marks import DAMAGED

HEADER: Final = 512  # bytes, and of those the last 436 say where the first tables of sectors lie
SECTORS: Final = {9: 512, 12: 4096}  # bytes of a sector, by what the header says; the header takes a whole one
SMALL: Final = 64  # bytes of a small sector, of which the root's own stream is made
SMALLEST_LARGE: Final = 4096  # bytes: a shorter stream lies in small sectors
ENTRY: Final = 128  # bytes of the directory for each part
NAME: Final = 64  # of those, with zeros behind
NOWHERE: Final = 0xFFFFFFFA  # from here on no sector, but the end of a chain, or what a sector is for


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    start: int
    length: int


class Compound:
    """Raises Invalid for what is none."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        header = self._read(0, HEADER)
        size = SECTORS.get(int.from_bytes(header[30:32], "little"))
        if size is None or len(header) < HEADER:
            raise Invalid(DAMAGED)
        self._size = size
        first, smalls, self._tables = struct.unpack_from("<I8xI4xI", header, 48)
        self._following = self._table_of_sectors(struct.unpack_from("<109I", header, 76))
        self._entries = self._directory(first)
        self._small_following = _numbers(self._chain(smalls, 0))

    def stream(self, *names: str) -> bytes:
        """The first of these that there is. Raises Invalid where there is none."""
        for name in names:
            for entry in self._entries:
                if entry.name == name:
                    return self._stream(entry)
        raise Invalid(DAMAGED)

    def _stream(self, entry: _Entry) -> bytes:
        if entry.length >= SMALLEST_LARGE:
            return self._chain(entry.start, entry.length)
        root = self._entries[0]
        smalls = self._chain(root.start, root.length)
        return _chained(entry.start, entry.length, SMALL, self._small_following, lambda at: smalls[at * SMALL : (at + 1) * SMALL])

    def _table_of_sectors(self, first: Sequence[int]) -> Sequence[int]:
        """Which sector follows on which; ``first`` are the sectors that say so, and more may lie in sectors of their own."""
        places, table, seen = list(first), self._tables, set()
        while table < NOWHERE and table not in seen:
            seen.add(table)
            *more, table = _numbers(self._sector(table))
            places += more
        wanted = [place for place in places if place < NOWHERE]
        if len(wanted) > len(set(wanted)):
            raise Invalid(DAMAGED)
        return _numbers(b"".join(map(self._sector, wanted)))

    def _directory(self, first: int) -> list[_Entry]:
        content = self._chain(first, 0)
        length = "<I" if self._size == HEADER else "<Q"
        found = []
        for at in range(0, len(content) - ENTRY + 1, ENTRY):
            name = content[at : at + NAME].decode("utf-16-le", "replace").partition("\0")[0]
            (start,) = struct.unpack_from("<I", content, at + 116)
            found.append(_Entry(name, start, struct.unpack_from(length, content, at + 120)[0]))
        if not found:
            raise Invalid(DAMAGED)
        return found

    def _chain(self, start: int, length: int) -> bytes:
        return _chained(start, length, self._size, self._following, self._sector)

    def _sector(self, at: int) -> bytes:
        found = self._read((at + 1) * self._size, self._size)
        if not found:
            raise Invalid(DAMAGED)
        return found

    def _read(self, at: int, length: int) -> bytes:
        self._file.seek(at)
        return self._file.read(length)


def _chained(start: int, length: int, size: int, following: Sequence[int], sector: Callable[[int], bytes]) -> bytes:
    """The sectors from ``start`` on, at most ``length`` bytes of them, or with 0 all. Raises Invalid where they have no end."""
    found: list[bytes] = []
    at = start
    while at < NOWHERE and not 0 < length <= len(found) * size:
        if at >= len(following) or len(found) > len(following):
            raise Invalid(DAMAGED)
        found.append(sector(at))
        at = following[at]
    content = b"".join(found)
    return content[:length] if length else content


def _numbers(content: bytes) -> Sequence[int]:
    count = len(content) // 4
    return struct.unpack(f"<{count}I", content[: count * 4])

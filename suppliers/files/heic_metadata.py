"""Blanks what a HEIC photo (ISO/IEC 23008-12) says beside the picture.

Its metadata are items of the file, found through two tables in its ``meta`` box. Their bytes are overwritten with
zeros where they are, so nothing else moves. Which way up the photo is shown is a property of the picture, and stays.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TELLING_ITEMS: Final = frozenset({b"Exif", b"mime", b"uri "})  # mime is where XMP is
KNOWN_BOXES: Final = frozenset({b"ftyp", b"meta", b"mdat", b"free", b"skip"})
# What describes the picture inside ``meta``; anything else there is blanked, as is what the others leave free.
DESCRIBING_BOXES: Final = frozenset({b"hdlr", b"dinf", b"pitm", b"iinf", b"iloc", b"iref", b"iprp", b"idat", b"grpl", b"ipro"})
FREE_BOXES: Final = frozenset({b"free", b"skip"})
MOST_ITEMS: Final = 10_000  # a photo in tiles has some fifty

IN_FILE, IN_META = 0, 1  # how iloc's offsets count: from the start of the file, or of the box idat


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    start: int  # of its content
    end: int


@dataclass(frozen=True, slots=True)
class Extent:
    item: int
    method: int
    offset: int
    length: int


def blanked(photo: bytes) -> bytes:
    """The same file, as long as before, its metadata zero. Raises ValueError, LookupError or struct.error if unreadable."""
    boxes = list(_boxes(photo, 0, len(photo)))
    if unknown := {box.kind for box in boxes} - KNOWN_BOXES:
        raise ValueError(f"got boxes {sorted(unknown)} beside the picture, which may tell anything")
    (meta,) = (box for box in boxes if box.kind == b"meta")
    within = list(_boxes(photo, meta.start + 4, meta.end))
    inside = {box.kind: box for box in within}
    telling = set(_telling_items(photo, inside[b"iinf"]))
    result = bytearray(photo)
    free = [box for box in boxes if box.kind in FREE_BOXES]
    for box in (*free, *(box for box in within if box.kind not in DESCRIBING_BOXES)):
        result[box.start : box.end] = bytes(box.end - box.start)
    for extent in _extents(photo, inside[b"iloc"]):
        if extent.item in telling:
            start = extent.offset + (inside[b"idat"].start if extent.method == IN_META else 0)
            if start + extent.length > len(photo) or extent.length == 0:
                raise ValueError(f"got an item of {extent.length} bytes at {start}, want it inside the file")
            result[start : start + extent.length] = bytes(extent.length)
    return bytes(result)


def _boxes(photo: bytes, at: int, end: int) -> Iterator[Box]:
    while at < end:
        size, kind = struct.unpack_from(">I4s", photo, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", photo, start)
            start += 8
        stop = end if size == 0 else at + size
        if not start <= stop <= end:
            raise ValueError(f"got a box that ends at {stop}, want at most {end}")
        yield Box(kind, start, stop)
        at = stop


def _telling_items(photo: bytes, iinf: Box) -> Iterator[int]:
    wide_count = photo[iinf.start] > 0
    for box in _boxes(photo, iinf.start + (8 if wide_count else 6), iinf.end):
        version = photo[box.start]
        item, _, kind = struct.unpack_from(">IH4s" if version == 3 else ">HH4s", photo, box.start + 4)
        if version < 2 or kind in TELLING_ITEMS:  # older entries name no kind: only metadata would use them
            yield item


class _Reader:
    """Big-endian numbers, one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def number(self, size: int) -> int:
        if self._at + size > len(self._data):
            raise ValueError("got the end of the file, want a number")
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at], "big")


def _extents(photo: bytes, iloc: Box) -> Iterator[Extent]:
    version = photo[iloc.start]
    reader = _Reader(photo, iloc.start + 4)
    sizes = reader.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(_at_most(reader.number(wide))):
        item = reader.number(wide)
        method = reader.number(2) & 15 if version else IN_FILE
        reader.number(2)  # the data reference: 0 is this file
        base = reader.number(base_size)
        for _ in range(_at_most(reader.number(2))):
            reader.number(index_size if version else 0)
            yield Extent(item, method, base + reader.number(offset_size), reader.number(length_size))


def _at_most(count: int) -> int:
    if count > MOST_ITEMS:
        raise ValueError(f"got {count} items, want at most {MOST_ITEMS}")
    return count

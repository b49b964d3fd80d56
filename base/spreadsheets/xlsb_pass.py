"""Our own pass over a sheet of an .xlsb, for the last row and column that hold something, and how much text: [MS-XLSB] 2.1.4,
records of a kind, a length and that many bytes. Pure.

What is no record is left to the reader: this only says how far the sheet reaches and how much it shows.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from base.spreadsheets.marks import MOST_COLUMN, MOST_ROW, Marks

ROW: Final = 0  # BrtRowHdr: its number, from 0
CELLS: Final = frozenset(range(2, 12))  # BrtCellRk to BrtFmlaError: the column, from 0; BrtCellBlank holds nothing
SHARED: Final = 7  # BrtCellIsst: column, style, and the number of a text
TEXT: Final = 19  # BrtSSTItem: a byte, and how many characters follow
NUMBER: Final = 4  # bytes
LOOKED_AT: Final = 12  # bytes of a record
LONGEST_HEAD: Final = 6  # bytes: two of the kind, four of the length


def passed(blocks: Iterable[bytes], lengths: Sequence[int] = ()) -> Marks:
    """How far the cells reach; one that no sheet has is left to the reader too. ``lengths`` are those of the shared texts."""
    marks, row = Marks(), 0
    for kind, begins in _records(blocks, CELLS | {ROW}):
        number = int.from_bytes(begins[:NUMBER], "little")
        if kind == ROW:
            row = number
        elif row < MOST_ROW and number < MOST_COLUMN:
            marks.use(row + 1, number)
            if kind == SHARED and (text := int.from_bytes(begins[8:12], "little")) < len(lengths):
                marks.letters += lengths[text]
    return marks


def lengths_of(blocks: Iterable[bytes]) -> Sequence[int]:
    """How many characters each text of xl/sharedStrings.bin has."""
    return array("Q", (int.from_bytes(begins[1:5], "little") for _, begins in _records(blocks, frozenset({TEXT}))))


def _records(blocks: Iterable[bytes], wanted: frozenset[int]) -> Iterator[tuple[int, bytes]]:
    """The kind of each record of a kind that is wanted, and the bytes that it begins with."""
    held, passing = b"", 0  # what was read and not looked at yet; how many bytes are still of the last record
    for block in chain(blocks, [bytes(LONGEST_HEAD + LOOKED_AT)]):  # zeros behind the end, so that the last record counts too
        if passing >= len(block):
            passing -= len(block)
            continue
        held, at, passing = held + block[passing:], 0, 0
        while len(held) - at >= LONGEST_HEAD + LOOKED_AT:
            kind, length, start = _head(held, at)
            if kind in wanted:
                yield kind, held[start : start + LOOKED_AT]
            at = start + length
        passing = max(0, at - len(held))
        held = held[at:]


def _head(held: bytes, at: int) -> tuple[int, int, int]:
    """Kind, length, and where what it holds begins."""
    kind, at = held[at], at + 1
    if kind >= 0x80:
        kind, at = (kind & 0x7F) | held[at] << 7, at + 1
    length = 0
    for shift in (0, 7, 14, 21):
        byte, at = held[at], at + 1
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return kind, length, at

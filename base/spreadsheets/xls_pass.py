"""Our own pass over the workbook of an .xls, for how far its cells reach and how much text they show: [MS-XLS] 2.1.4, records
of a kind, a length and that many bytes. Pure.

The library lays out every sheet as soon as it opens the file, and the text of a cell anew for each cell that shows it. What is no
record is left to the library: this only says how much it would lay out.
"""

import re
import struct
from array import array
from collections.abc import Iterator, Sequence
from typing import Final

from base.refusals import Invalid, TooLarge
from base.spreadsheets.cells import Limits
from base.spreadsheets.marks import DAMAGED, MOST_CELLS, MOST_SHEETS, TOO_MANY_CELLS, TOO_MANY_SHEETS, TOO_MUCH_TEXT, Marks

END: Final = 0x000A  # EOF: of the workbook's own records, or of a sheet's
CONTINUED: Final = 0x003C  # Continue: more of the record before
SHEET: Final = 0x0085  # BoundSheet8: where a sheet's records begin
TEXTS: Final = 0x00FC  # SST: the shared texts
SIZE: Final = 0x0200  # Dimensions: how far a sheet says that it reaches
SHARED: Final = 0x00FD  # LabelSst: a cell that shows a shared text
SEVERAL: Final = 0x00BD  # MulRk: numbers side by side
FORMULA: Final = 0x0006
CELLS: Final = frozenset({0x0203, 0x0204, 0x0205, 0x027E, SHARED, SEVERAL, FORMULA})  # and Number, Label, BoolErr, RK
LONGEST_RECORD: Final = 8_224  # bytes; what is longer goes on in further records
LONGEST_FORMULA: Final = 1_024  # characters, of the programs that write this kind of file

_SPACES: Final = re.compile(rb"\x19[\x40\x41][\0-\x06](.)", re.DOTALL)  # PtgAttrSpace: where, and how many
_PAIR: Final = struct.Struct("<HH")  # kind and length of a record; row and column of a cell


def check(book: bytes, limits: Limits) -> None:
    """``book`` is the stream of the workbook. Raises TooLarge, and Invalid for shared texts that are none."""
    starts, lengths = _contents(book)
    if len(starts) > MOST_SHEETS:
        raise TooLarge(TOO_MANY_SHEETS)
    cells = letters = 0
    sheets = {start: _sheet(book, start, lengths, limits) for start in set(starts)}
    for marks in (marks for start in starts for marks in sheets[start]):
        cells, letters = cells + marks.cells, letters + marks.letters
    if cells > MOST_CELLS:
        raise TooLarge(TOO_MANY_CELLS.format(cells=cells))
    if letters > limits.letters:
        raise TooLarge(TOO_MUCH_TEXT.format(letters=letters // 1_000_000))


def _contents(book: bytes) -> tuple[list[int], Sequence[int]]:
    """Where each sheet begins, and how many characters each shared text has."""
    starts: list[int] = []
    lengths: Sequence[int] = ()
    for kind, pieces in _records(book, 0):
        if kind == SHEET:
            starts.append(int.from_bytes(pieces[0][:4], "little"))
        elif kind == TEXTS:
            lengths = _lengths(pieces)
    return starts, lengths


def _sheet(book: bytes, start: int, lengths: Sequence[int], limits: Limits) -> tuple[Marks, Marks]:
    """What its values, and its formulas, take: the library lays both out. Raises TooLarge."""
    values, formulas = Marks(), Marks()
    for kind, pieces in _records(book, start):
        begins = pieces[0]
        if kind == SIZE:
            _check_size(begins, limits)
        elif kind in CELLS and len(begins) >= _PAIR.size:
            row, column = _PAIR.unpack_from(begins)
            values.use(row + 1, column)
            if kind == SHARED and (text := int.from_bytes(begins[6:10], "little")) < len(lengths):
                values.letters += lengths[text]
            elif kind == SEVERAL:
                values.use(row + 1, int.from_bytes(begins[-2:], "little"))
            elif kind == FORMULA:
                formulas.use(row + 1, column)
                _check_formula(begins)
    values.check(limits)
    formulas.check(limits)
    return values, formulas


def _check_formula(said: bytes) -> None:
    """The library spells it, and each space that it says moves all that follows: 31 KB of them took 7 s. Raises Invalid."""
    spaces = sum(found[1][0] for found in _SPACES.finditer(said))
    if len(said) > LONGEST_RECORD or spaces > LONGEST_FORMULA:
        raise Invalid(DAMAGED)


def _check_size(said: bytes, limits: Limits) -> None:
    """The library makes room for as many cells before it reads one."""
    form = {10: "<4H", 14: "<IIHH"}.get(len(said))
    if form is None:
        return
    top, bottom, left, right = struct.unpack_from(form, said)
    if bottom > top and right > left:
        reach = Marks()
        reach.use(1, 0, rows=bottom - top, columns=right - left)
        reach.check(limits)


def _lengths(pieces: list[bytes]) -> Sequence[int]:
    texts = _Texts(pieces)
    count = int.from_bytes(texts.take(8)[4:], "little")
    if count > sum(map(len, pieces)):
        raise Invalid(DAMAGED)
    return array("Q", (texts.length() for _ in range(count)))


class _Texts:
    """Reads one shared text after another out of the pieces of their record, each of which may end within a text."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)
        self._piece = next(self._pieces)
        self._at = 0

    def length(self) -> int:
        """Of the next text, in characters (XLUnicodeRichExtendedString); passes over it."""
        if self._at == len(self._piece):
            self._go_on()
        head = self.take(3)
        letters, says = int.from_bytes(head[:2], "little"), head[2]
        formats = int.from_bytes(self.take(2), "little") if says & 8 else 0
        more = int.from_bytes(self.take(4), "little") if says & 4 else 0
        self._pass_letters(letters, is_wide=bool(says & 1))
        self._pass(4 * formats + more)
        return letters

    def take(self, count: int) -> bytes:
        taken = self._piece[self._at : self._at + count]
        if len(taken) < count:
            raise Invalid(DAMAGED)
        self._at += count
        return taken

    def _pass_letters(self, left: int, *, is_wide: bool) -> None:
        while True:
            here = min(left, (len(self._piece) - self._at) >> is_wide)
            self._at += here << is_wide
            left -= here
            if not left:
                return
            self._go_on()
            is_wide = bool(self.take(1)[0] & 1)  # each piece says anew how wide its characters are

    def _pass(self, left: int) -> None:
        while left:
            if self._at == len(self._piece):
                self._go_on()
            here = min(left, len(self._piece) - self._at)
            self._at += here
            left -= here

    def _go_on(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise Invalid(DAMAGED)
        self._piece, self._at = piece, 0


def _records(book: bytes, at: int) -> Iterator[tuple[int, list[bytes]]]:
    """Kind and pieces of each record from here to the one that says it is the last."""
    while (found := _record(book, at)) and found[0] != END:
        kind, begins, at = found
        pieces = [begins]
        while (more := _record(book, at)) and more[0] == CONTINUED:
            pieces.append(more[1])
            at = more[2]
        yield kind, pieces


def _record(book: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Kind, content, and where the next one begins."""
    if at + _PAIR.size > len(book):
        return None
    kind, length = _PAIR.unpack_from(book, at)
    begins = at + _PAIR.size
    content = book[begins : begins + length]
    return (kind, content, begins + length) if len(content) == length else None

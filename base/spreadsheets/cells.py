"""What the readers of spreadsheets have in common: a row, the limits, and a cell as text. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar, Final

from base.text import without_c1

LONGEST_CELL: Final = 32_767  # characters: Excel's own limit
LONGEST_ROW: Final = 65_536  # characters: a supplier's row with every note that somebody ever made
MOST_COLUMNS: Final = 100  # a finance system's export of suppliers has about 40
EXACT: Final = 1e15  # a spreadsheet keeps 15 digits of a number

_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_WHITE: Final = re.compile(r"\s+")  # non-breaking ones too; each run is looked at once, however long it is
_BREAK: Final = re.compile(r"[\r\n\u2028\u2029\x0b\x0c]")


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of a file: bytes as it was given, bytes unpacked, rows below the headings, columns."""

    ABOVE: ClassVar[int] = 100  # title rows and headings
    LETTERS: ClassVar[int] = 600_000_000  # of any workbook: a reader keeps all that a sheet shows at once

    packed: int
    unpacked: int
    rows: int
    columns: int = MOST_COLUMNS

    @property
    def letters(self) -> int:
        """The most characters that the cells of a sheet show: a few bytes may say that a long text stands in a thousand."""
        return min(2 * self.unpacked, self.LETTERS)


@dataclass(frozen=True, slots=True)
class SheetRow:
    number: int  # as the spreadsheet numbers it; of a text file, the line where it starts
    cells: tuple[str, ...]
    problem: str = ""  # why it can't be used, ending a sentence that begins with its number
    formulas: tuple[int, ...] = ()  # which cells, from 0, hold a formula
    lines: int = 1  # of a text file, that it runs over: more where a cell holds a line break


def clean(text: str) -> str:
    """White space of any kind becomes one space, line breaks one line break; what is invisible or around the text goes."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _WHITE.sub(_one, _INVISIBLE.sub("", without_c1(text))).strip()


def _one(run: re.Match[str]) -> str:
    return "\n" if _BREAK.search(run[0]) else " "


def as_text(value: Any) -> str:
    """A cell's value as it reads on the screen; numbers in full, days as 3/11/2026 is written in the UK."""
    match value:
        case None:
            text = ""
        case bool():
            text = "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < EXACT:
            text = str(int(value))
        case datetime():
            text = f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
        case date():
            text = f"{value:%d/%m/%Y}"
        case _:
            text = clean(str(value))
    return text


def column_letters(at: int) -> str:
    """How a spreadsheet names a column: 0 is A, 26 is AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

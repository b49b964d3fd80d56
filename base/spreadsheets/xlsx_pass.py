"""Our own pass over the parts of an .xlsx workbook. Pure.

Cell values are read by a library that tells neither formulas nor hidden rows, and lays a sheet out as one rectangle.
"""

import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Final

from base.refusals import Invalid
from base.spreadsheets.marks import DAMAGED, Marks, Range
from base.spreadsheets.xml_pass import Attributes, local

YES: Final = ("1", "true")
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,9})")
LONGEST_NUMBER: Final = 10  # figures
_CONTENT: Final = frozenset({"v", "is", "f"})


class StringsWatcher:
    """How many characters each text of xl/sharedStrings.xml has, to which cells point by its number."""

    has_ends: ClassVar = False
    has_text: ClassVar = True

    def __init__(self) -> None:
        self.lengths = array("Q")

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si" or local(name) == "si":
            self.lengths.append(0)

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class SheetWatcher:
    """Notes of a worksheet what ``Marks`` has; ``is_sheet`` only where the part is one."""

    has_ends: ClassVar = False
    has_text: ClassVar = True

    def __init__(self, lengths: Sequence[int] = ()) -> None:
        self.marks = Marks()
        self._lengths = lengths  # of the shared texts
        self.is_sheet: bool | None = None
        self._row = 0
        self._column = -1
        self._kind = ""  # of the present cell: e for an error, s for a shared text
        self._is_error_text = False
        self._shared = ""  # the number of the shared text that the last such cell shows, as far as it was read

    def start(self, name: str, attributes: Attributes) -> None:
        if ":" in name:
            name = local(name)
        if self._shared:
            self._note_shared()
        if name == "c":
            self._is_error_text = False
            self._begin_cell(attributes.get("r"))
            self._kind = attributes.get("t", "")
        elif name in _CONTENT:
            self.marks.use(self._row, self._column)
            self._is_error_text = name == "v" and self._kind == "e"
            if name == "f":
                self._note_formula(attributes)
        elif name == "row":
            self._begin_row(attributes)
        else:
            self._note_other(name, attributes)

    def finished(self) -> Marks:
        if self._shared:
            self._note_shared()
        return self.marks

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None:
        if self._is_error_text:
            self.marks.note_error(self._row, self._column, text)
        elif self._kind == "s" and self._lengths:
            self._shared += text

    def _note_shared(self) -> None:
        number, self._shared = self._shared.strip(), ""
        if number.isdecimal() and len(number) < LONGEST_NUMBER and int(number) < len(self._lengths):
            self.marks.letters += self._lengths[int(number)]

    def _begin_row(self, attributes: Attributes) -> None:
        self._is_error_text = False
        self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = -1
        self.marks.hidden_rows += attributes.get("hidden") in YES

    def _begin_cell(self, place: str | None) -> None:
        if place is None:
            self._column += 1
            return
        letters = place.rstrip("0123456789")
        self._column, self._row = _column(letters), _number(place[len(letters) :])

    def _note_formula(self, attributes: Attributes) -> None:
        self.marks.note_formula(self._row, self._column)
        if attributes.get("t") in ("array", "dataTable") and (cells := _range(attributes.get("ref", ""))):
            self.marks.note_formulas(cells)

    def _note_other(self, name: str, attributes: Attributes) -> None:
        if self.is_sheet is None:
            self.is_sheet = name == "worksheet"
        elif name == "mergeCell" and (cells := _range(attributes.get("ref", ""))):
            self.marks.note_merged(cells)


class BookWatcher:
    """The sheets of xl/workbook.xml: name, and the id of the relation that says where it lies."""

    has_ends: ClassVar = False
    has_text: ClassVar = False

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if local(name) == "sheet":
            relation = next((value for key, value in attributes.items() if ":" in key and local(key) == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class RelationsWatcher:
    """The targets of xl/_rels/workbook.xml.rels by id, as names of parts."""

    has_ends: ClassVar = False
    has_text: ClassVar = False

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if local(name) == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            self.targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target.removeprefix('xl/')}"

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(DAMAGED)
    return int(text)


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    found = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or found > 1_000_000:
            raise Invalid(DAMAGED)
        found = found * 26 + ord(letter) - ord("A") + 1
    return found - 1


def _range(reference: str) -> Range | None:
    ends = [_REFERENCE.fullmatch(end) for end in reference.split(":")]
    if not 1 <= len(ends) <= 2 or not all(ends):
        return None
    places = [(int(end[2]), _column(end[1])) for end in ends if end]
    (top, left), (bottom, right) = places[0], places[-1]
    return (top, left, bottom, right) if top <= bottom and left <= right else None

"""Our own pass over content.xml of an OpenDocument spreadsheet (OpenDocument 1.3, part 3, section 9). Pure.

A cell, and a row, may stand for many: a few bytes can say that a million rows hold a thousand cells each.
"""

from typing import ClassVar, Final

from base.refusals import Invalid
from base.spreadsheets.marks import DAMAGED, MOST_COLUMN, MOST_ROW, Marks
from base.spreadsheets.xml_pass import Attributes, local

_CELLS: Final = ("table-cell", "covered-table-cell")
_HIDDEN: Final = ("collapse", "filter")


class ContentWatcher:
    """Notes of each table of the document what ``Marks`` has, in their order; ``has_links`` to other files."""

    has_ends: ClassVar = True
    has_text: ClassVar = True

    def __init__(self) -> None:
        self.tables: list[Marks] = []
        self.has_links = False
        self._tables_open = 0
        self._row, self._rows = 0, 1  # the present row, and for how many it stands
        self._column, self._columns = -1, 0  # the present cell, and for how many it stands
        self._is_used = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "table":
            self._tables_open += 1
            if self._tables_open == 1:
                self.tables.append(Marks())
                self._row, self._rows = 1, 0
        elif self._tables_open != 1:
            return
        elif name == "table-row":
            self._begin_row({local(key): value for key, value in attributes.items()})
        elif name in _CELLS:
            self._begin_cell({local(key): value for key, value in attributes.items()})
        elif name == "p":
            self._use()
        elif name in ("cell-range-source", "table-source"):
            self.has_links = True

    def end(self, name: str) -> None:
        if local(name) == "table" and self._tables_open:
            self._tables_open -= 1

    def text(self, text: str) -> None:
        if self._is_used and not text.isspace():
            self._note_letters(len(text))

    def _begin_row(self, said: Attributes) -> None:
        self._row += self._rows
        self._rows = _repeated(said.get("number-rows-repeated"))
        self._column, self._columns = 0, 0
        if self._row > 2 * MOST_ROW:
            raise Invalid(DAMAGED)
        if said.get("visibility") in _HIDDEN:
            self.tables[-1].hidden_rows += self._rows

    def _begin_cell(self, said: Attributes) -> None:
        self._column += self._columns
        self._columns = _repeated(said.get("number-columns-repeated"))
        self._is_used = False
        if self._column > 2 * MOST_COLUMN:
            raise Invalid(DAMAGED)
        if "formula" in said:
            self._use()
            bottom, right = self._row + self._rows - 1, self._column + self._columns - 1
            down, across = _repeated(said.get("number-matrix-rows-spanned")), _repeated(said.get("number-matrix-columns-spanned"))
            self.tables[-1].note_formulas((self._row, self._column, bottom + down - 1, right + across - 1))
        elif "value-type" in said:
            self._use()
            self._note_letters(len(said.get("string-value", "")))
        self._note_merged(said)

    def _use(self) -> None:
        if not self._is_used and self._columns:
            self._is_used = True
            self.tables[-1].use(self._row, self._column, rows=self._rows, columns=self._columns)

    def _note_letters(self, count: int) -> None:
        self.tables[-1].letters += count * self._rows * self._columns

    def _note_merged(self, said: Attributes) -> None:
        down, across = _repeated(said.get("number-rows-spanned")), _repeated(said.get("number-columns-spanned"))
        if down > 1 or across > 1:
            self.tables[-1].note_merged((self._row, self._column, self._row + down - 1, self._column + across - 1))


def _repeated(said: str | None) -> int:
    if said is None:
        return 1
    if not said.isdecimal() or not 0 < len(said) < 10:
        raise Invalid(DAMAGED)
    return max(int(said), 1)

"""A table written row by row, in constant memory: CSV or Excel by the file's ending, or CSV to standard output. Pure.

Texts are never formulas: in a CSV file they stand behind an apostrophe, and a mark lets Excel read it as UTF-8. What was there
under the file's name stays until the last row is written.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from base.refusals import Invalid
from base.spreadsheets.writing import Cell, Xlsx, as_text

Add = Callable[[Sequence[Cell]], None]
Offers = Mapping[int, Sequence[str]]  # by column, from 0: what may be chosen below its heading
NO_OFFERS: Final[Offers] = {}

_NUMBER: Final = re.compile(r"[+-]?[\d ,.()/]+")  # a spreadsheet works nothing out of it, and its owner may want its sum


@dataclass(frozen=True, slots=True)
class SecondSheet:
    """What a workbook gets on a sheet of its own; its rows are asked for when the table is written."""

    name: str
    rows: Iterable[Sequence[Cell]]


@contextmanager
def written(
    to: Path | None, *, kept: Sequence[Path], offers: Offers = NO_OFFERS, second: SecondSheet | None = None
) -> Iterator[Add]:
    """Yields what to call with each row; ``to`` None is standard output. ``kept`` are files that must stay as they are.

    A workbook lets the cells below a heading choose from ``offers`` and has the ``second`` sheet; CSV has neither.

    Raises Invalid for a file that can't be written, and TooLarge.
    """
    if to is None:
        yield csv.writer(sys.stdout, lineterminator="\n").writerow
        return
    kind = _KINDS.get(to.suffix.lower())
    if kind is None:
        raise Invalid(f"Give the file to write a name that ends in {' or '.join(_KINDS)}: {to.name}.")
    if any(to.exists() and one.exists() and to.samefile(one) for one in kept):
        raise Invalid(f"{to.name} would be lost. Write to another file, so that it stays as it is.")
    half = to.with_name(f"{to.name}.part")
    try:
        with kind(half, offers, second) as add:
            yield add
        half.replace(to)
    except OSError as error:
        raise Invalid(f"{to} can't be written: {error.strerror or error}.") from error
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _csv(to: Path, _offers: Offers, _second: SecondSheet | None) -> Iterator[Add]:
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        yield lambda cells: table.writerow(map(_defused, cells))


def _defused(cell: Cell) -> object:
    return cell if isinstance(cell, str) and _NUMBER.fullmatch(cell) else as_text(cell)


@contextmanager
def _xlsx(to: Path, offers: Offers, second: SecondSheet | None) -> Iterator[Add]:
    with closing(Xlsx(to, sheet="Sheet1")) as table:
        yield table.add
        for column, values in offers.items():
            table.offer(column, list(values), rows=max(table.rows - 1, 1))
        if second:
            table.begin(second.name)
            for row in second.rows:
                table.add(row)


_KINDS: Final = {".csv": _csv, ".xlsx": _xlsx}

"""A table written row by row, in constant memory: CSV or Excel by the file's ending, or CSV to standard output. Pure.

Texts of a workbook are never formulas. What was there under the file's name stays until the last row is written.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from base.refusals import Invalid
from base.spreadsheets.writing import Cell, Xlsx

Add = Callable[[Sequence[Cell]], None]


@contextmanager
def written(to: Path | None, *, kept: Sequence[Path]) -> Iterator[Add]:
    """Yields what to call with each row; ``to`` None is standard output. ``kept`` are files that must stay as they are.

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
        with kind(half) as add:
            yield add
        half.replace(to)
    except OSError as error:
        raise Invalid(f"{to} can't be written: {error.strerror or error}.") from error
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _csv(to: Path) -> Iterator[Add]:
    with to.open("w", encoding="utf-8", newline="") as file:
        yield csv.writer(file, lineterminator="\n").writerow


@contextmanager
def _xlsx(to: Path) -> Iterator[Add]:
    with closing(Xlsx(to, sheet="Sheet1")) as table:
        yield table.add


_KINDS: Final = {".csv": _csv, ".xlsx": _xlsx}

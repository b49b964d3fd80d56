"""The rows that an import left out: shown on the screen, and written to a table that a spreadsheet can open."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import click

from base.refusals import Invalid
from base.spreadsheets.writing import Csv, Xlsx, as_text

MOST_SHOWN: Final = 20  # on the screen; --rejected writes all of them

errors_option = click.option(
    "--errors", "errors_to", type=click.Path(dir_okay=False, path_type=Path),
    help="Write rejected rows as they were, with a column Error, to a spreadsheet: .xlsx or CSV.",
)  # fmt: skip
option = click.option(
    "--rejected", "rejected_to", type=click.Path(dir_okay=False, path_type=Path), help="Write rejected rows to a CSV."
)


class RejectedRow(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def reason(self) -> str: ...


def lines(rejected: Sequence[RejectedRow], written_to: Path | None) -> Iterator[str]:
    """A line of text for each of the first few rows, then where the others are."""
    for row in rejected[:MOST_SHOWN]:
        yield f"  Line {row.line}: {row.reason}{f' ({row.name})' if row.name else ''}."
    if len(rejected) > MOST_SHOWN:
        where = written_to or "a CSV file with --rejected FILE"
        yield f"  And {len(rejected) - MOST_SHOWN:,} more, in {where}."


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes a CSV. Raises Invalid when the file can't be written; the import itself is done by then."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(columns)
            table.writerows([as_text(value) for value in row] for row in rows)
    except OSError as error:
        raise Invalid(f"The import is done, but {path} can't be written: {error.strerror}.") from error


def write_as_they_were(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The first column says what is wrong; .xlsx by its ending, otherwise CSV. Raises Invalid as ``write``."""
    try:
        with path.open("wb") as file:
            table = Xlsx(file, sheet="To mend") if path.suffix.lower() == ".xlsx" else Csv(file)
            for row in (headings, *rows):
                table.add(row)
            table.close()
    except OSError as error:
        raise Invalid(f"The import is done, but {path} can't be written: {error.strerror}.") from error

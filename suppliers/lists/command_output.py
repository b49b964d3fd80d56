"""What the commands about lists take and give alike: the options for files, the rows they write, and the summary they tell."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from base.refusals import Invalid
from base.spreadsheets import table_file
from base.spreadsheets.table_file import SecondSheet
from base.spreadsheets.writing import Cell
from suppliers.lists.list_file import HeadedSheet
from suppliers.matching import dedupe
from suppliers.matching.dedupe import Compared
from suppliers.matching.distinct import DistinctList
from web import terminal

MOST_SHOWN: Final = 20  # rows that something is wrong with; the answer has all of them
MOST_JOBS: Final = 64

T = TypeVar("T")

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
TO: Final = click.Path(dir_okay=False, path_type=Path)
to_option = click.option("-o", "--to", type=TO, help="The file to write, .csv or .xlsx; without it, CSV to standard output.")


def require_some(count: int, unused: int, what: str, wrong: Sequence[tuple[int, str]]) -> None:
    """Raises Invalid where nothing of a file could be used: the answer is written, and is none."""
    if count and count == unused:
        number, said = wrong[0]
        raise Invalid(f"No {what} of this file could be used. Row {number}: {said.rstrip('.')}.")


def compared_on(listed: DistinctList, jobs: int) -> Compared:
    with dedupe.comparing(listed, jobs=jobs) as (count, chunks):
        return dedupe.compared(listed, terminal.with_progress(chunks, doing="Comparing", count=count))


def write_table(
    to: Path | None,
    kept: Sequence[Path],
    table: HeadedSheet,
    added: Sequence[str],
    rows: Iterable[tuple[Sequence[str], Sequence[Cell]]],
    second: SecondSheet | None = None,
) -> None:
    """The table as it was, with more columns."""
    with table_file.written(to, kept=kept, second=second) as add:
        for above in table.above:
            add(above.cells)
        add([*table.padded(table.header.cells), *added])
        for cells, more in rows:
            add([*table.padded(cells), *more])


def print_lines(table: HeadedSheet, rows: Iterable[tuple[Sequence[str], Mapping[str, object]]]) -> None:
    for cells, facts in rows:
        sys.stdout.write(json.dumps({**table.named(cells), **facts}, ensure_ascii=False) + "\n")


def watched(items: Iterable[T], *, doing: str, to: Path | None) -> Iterator[T]:
    """The items with a progress bar, unless what is printed shows that it goes on."""
    return iter(items) if to is None and sys.stdout.isatty() else terminal.with_progress(items, doing=doing)


def tell(facts: Mapping[str, Any], words: Sequence[str], *, to: Path | None, as_json: bool) -> None:
    """The summary: on standard error where the rows themselves went to standard output."""
    if to is None:
        click.echo("\n".join(words), err=True)
    else:
        terminal.answer(dict(facts) | {"file": to}, "\n".join(words), as_json=as_json)


def shown(wrong: Sequence[tuple[int, str]]) -> Iterator[str]:
    for number, said in wrong[:MOST_SHOWN]:
        yield f"  Row {number}: {said.rstrip('.')}."
    if len(wrong) > MOST_SHOWN:
        yield "  And more."

"""The `vouch schools` commands: bring the school register up to date from a file."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from sharing import register
from sharing.register import Rejected
from sharing.register_import import Report, import_register
from web import terminal
from web.refusals import Invalid

MOST_SHOWN: Final = 20  # rejected rows on the screen; --rejected writes all of them


@click.group()
def schools() -> None:
    """The school register."""


@schools.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rejected", "rejected_to", type=click.Path(dir_okay=False, path_type=Path), help="Write rejected rows to a CSV.")
@terminal.json_option
def import_file(*, file: Path, rejected_to: Path | None, as_json: bool) -> None:
    """Bring schools up to date from FILE: the DfE's edubasealldata CSV, as it is, gzipped or zipped.

    The same file again changes nothing. A broken row is named and left out; a broken file changes nothing.
    """
    with register.open_register(file) as opened:
        rows = terminal.with_progress(opened.rows, doing="Reading the school register")
        report = terminal.run(lambda: import_register(None, rows, digest=opened.digest, complete=opened.is_complete))
        facts = asdict(report) | {"digest": opened.digest, "complete": opened.is_complete}
    if rejected_to is not None:
        _write(report.rejected, rejected_to)
    terminal.answer(facts, _told(report, rejected_to), as_json=as_json)


def _told(report: Report, rejected_to: Path | None) -> str:
    counts = (
        f"Schools: {report.added:,} added, {report.changed:,} changed, {report.closed:,} closed, {report.unchanged:,} unchanged."
    )
    lines = [f"{counts} Rows rejected: {len(report.rejected):,}."]
    lines += [f"  Line {row.line}: {row.reason}{f' ({row.name})' if row.name else ''}." for row in report.rejected[:MOST_SHOWN]]
    if len(report.rejected) > MOST_SHOWN:
        where = rejected_to or "a CSV file with --rejected FILE"
        lines.append(f"  And {len(report.rejected) - MOST_SHOWN:,} more, in {where}.")
    return "\n".join(lines)


def _write(rejected: Sequence[Rejected], path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("line", "urn", "name", "reason"))
            table.writerows((row.line, row.urn, _as_text(row.name), row.reason) for row in rejected)
    except OSError as error:
        raise Invalid(f"The schools were imported, but {path} can't be written: {error.strerror}.") from error


def _as_text(value: str) -> str:
    """A spreadsheet runs a cell that begins like a formula; behind an apostrophe it is text."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value

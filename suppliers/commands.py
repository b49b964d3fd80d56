"""The `vouch suppliers` commands: fill the directory from a file."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from suppliers.importing import Report, import_suppliers
from suppliers.supplier_file import Rejected, open_suppliers
from web import terminal
from web.refusals import Invalid

MOST_SHOWN: Final = 20  # rejected rows on the screen; --rejected writes all of them


@click.group()
def suppliers() -> None:
    """The directory of suppliers."""


@suppliers.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rejected", "rejected_to", type=click.Path(dir_okay=False, path_type=Path), help="Write rejected rows to a CSV.")
@terminal.json_option
def import_file(*, file: Path, rejected_to: Path | None, as_json: bool) -> None:
    """Add the suppliers of FILE to the directory: a CSV with a column `name`, as it is, gzipped or zipped.

    Other columns that are read: category, company_number, charity_number, vat_number, website, phone, postcode. Names
    written alike become one supplier. The same file again adds nothing. A broken row is named and left out; a broken
    file adds nothing.
    """
    with open_suppliers(file) as opened:
        rows = terminal.with_progress(opened.rows, doing=f"Reading {file.name}")
        report = terminal.run(
            lambda: import_suppliers(
                None, rows, digest=opened.digest, shown=lambda chunks: terminal.with_progress(chunks, doing="Filing suppliers")
            )
        )
        facts = asdict(report) | {"digest": opened.digest}
    if rejected_to is not None:
        _write(report.rejected, rejected_to)
    terminal.answer(facts, _told(report, rejected_to), as_json=as_json)


def _told(report: Report, rejected_to: Path | None) -> str:
    lines = [f"Suppliers: {report.added:,} added from {report.rows:,} rows. Other spellings of them: {report.spellings:,}."]
    if report.left_out:
        lines.append(f"Numbers, addresses and postcodes that can't be right, and so left out: {report.left_out:,}.")
    lines.append(f"Rows rejected: {len(report.rejected):,}.")
    lines += [f"  Line {row.line}: {row.reason}{f' ({row.name})' if row.name else ''}." for row in report.rejected[:MOST_SHOWN]]
    if len(report.rejected) > MOST_SHOWN:
        where = rejected_to or "a CSV file with --rejected FILE"
        lines.append(f"  And {len(report.rejected) - MOST_SHOWN:,} more, in {where}.")
    return "\n".join(lines)


def _write(rejected: Sequence[Rejected], path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("line", "name", "reason"))
            table.writerows((row.line, _as_text(row.name), row.reason) for row in rejected)
    except OSError as error:
        raise Invalid(f"The suppliers were imported, but {path} can't be written: {error.strerror}.") from error


def _as_text(value: str) -> str:
    """A spreadsheet runs a cell that begins like a formula; behind an apostrophe it is text."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value


COMMANDS: Final[tuple[click.Command, ...]] = (suppliers,)

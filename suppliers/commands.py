"""The `vouch suppliers` commands: fill the directory from a file."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from suppliers import match_commands
from suppliers.importing import Report, import_suppliers
from suppliers.supplier_file import open_suppliers
from web import rejected, terminal


@click.group()
def suppliers() -> None:
    """The directory of suppliers."""


@suppliers.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@rejected.option
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
        columns = ("line", "name", "reason")
        rejected.write(rejected_to, columns, ((row.line, row.name, row.reason) for row in report.rejected))
    terminal.answer(facts, _told(report, rejected_to), as_json=as_json)


def _told(report: Report, rejected_to: Path | None) -> str:
    lines = [f"Suppliers: {report.added:,} added from {report.rows:,} rows. Other spellings of them: {report.spellings:,}."]
    if report.left_out:
        lines.append(f"Numbers, addresses and postcodes that can't be right, and so left out: {report.left_out:,}.")
    lines.append(f"Rows rejected: {len(report.rejected):,}.")
    return "\n".join([*lines, *rejected.told(report.rejected, rejected_to)])


suppliers.add_command(match_commands.dedupe_list)
COMMANDS: Final[tuple[click.Command, ...]] = (suppliers, match_commands.match)

"""The `vouch suppliers` commands: fill the directory from a file, and look after the index that finds suppliers."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from suppliers import match_commands, reindexing
from suppliers.importing import Report, import_suppliers
from suppliers.supplier_file import open_suppliers
from web import rejected, terminal

MOST_NAMED: Final = 20  # suppliers in one sentence on a screen


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


@suppliers.command()
@terminal.json_option
def reindex(*, as_json: bool) -> None:
    """Make the index that finds suppliers by their names anew, from their facts.

    Needed when `vouch check` says so: another version read names in another way. Stop it and nothing has changed; run it
    again and it begins anew. On PostgreSQL the service can go on meanwhile.
    """
    report = terminal.run(lambda: reindexing.reindex(terminal.progress))
    terminal.answer(asdict(report), reindexed_words(report), as_json=as_json)


def reindexed_words(report: reindexing.Report) -> str:
    lines = [f"The index is made anew: {report.suppliers:,} suppliers under {report.keys:,} keys."]
    if report.kept:
        names = ", ".join(report.kept[:MOST_NAMED])
        more = f", and {len(report.kept) - MOST_NAMED:,} more" if len(report.kept) > MOST_NAMED else ""
        lines.append(f"Own records that are read as another of their school's is, and so keep their old reading: {names}{more}.")
    return "\n".join(lines)


def _told(report: Report, rejected_to: Path | None) -> str:
    lines = [f"Suppliers: {report.added:,} added from {report.rows:,} rows. Other spellings of them: {report.spellings:,}."]
    if report.left_out:
        lines.append(f"Numbers, addresses and postcodes that can't be right, and so left out: {report.left_out:,}.")
    lines.append(f"Rows rejected: {len(report.rejected):,}.")
    return "\n".join([*lines, *rejected.told(report.rejected, rejected_to)])


suppliers.add_command(match_commands.dedupe_list)
COMMANDS: Final[tuple[click.Command, ...]] = (suppliers, match_commands.match)

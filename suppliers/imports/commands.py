"""``vouch suppliers import``: fill the directory from a file."""

from dataclasses import asdict
from pathlib import Path

import click

from base.spreadsheets import rejected
from suppliers.imports.directory_import import DirectoryImportReport, import_suppliers
from suppliers.lists.map_option import fields_named, map_option
from suppliers.lists.supplier_file import open_suppliers
from web import terminal


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@map_option()
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and import nothing.")
@rejected.option
@rejected.errors_option
@terminal.json_option
def import_file(
    *, file: Path, mapped: tuple[str, ...], dry_run: bool, rejected_to: Path | None, errors_to: Path | None, as_json: bool
) -> None:
    """Add the suppliers of FILE to the directory: an Excel workbook or a CSV, as it is, gzipped or zipped.

    Columns are known by their headings: name, other names, category, company number, charity number, VAT number, website,
    e-mail, phone, postcode, address. Names written alike become one supplier. The same file again adds nothing. A broken
    row is named and left out; a broken file adds nothing.
    """
    with open_suppliers(file, named=fields_named(mapped)) as opened:
        rows = terminal.with_progress(opened.rows, doing=f"Reading {file.name}")
        report = terminal.run(
            lambda: import_suppliers(
                None,
                rows,
                digest=opened.digest,
                shown=lambda batches: terminal.with_progress(batches, doing="Filing suppliers"),
                dry_run=dry_run,
            )
        )
    if rejected_to is not None:
        columns = ("line", "name", "reason")
        rejected.write(rejected_to, columns, ((row.line, row.name, row.reason) for row in report.rejected))
    if errors_to is not None:
        as_they_were = ((f"{row.reason[:1].upper()}{row.reason[1:]}.", str(row.line), *row.cells) for row in report.rejected)
        rejected.write_as_they_were(errors_to, ("Error", "Row", *opened.titles), as_they_were)
    facts = asdict(report) | {"digest": opened.digest, "understood": opened.said, "dry_run": dry_run}
    said = f"Understood: {opened.said}.\n{_summary(report, rejected_to or errors_to, dry_run=dry_run)}"
    terminal.answer(facts, said, as_json=as_json)


def _summary(report: DirectoryImportReport, rejected_to: Path | None, *, dry_run: bool) -> str:
    done = "would be added" if dry_run else "added"
    lines = [f"Suppliers: {report.added:,} {done} from {report.rows:,} rows. Other spellings of them: {report.spellings:,}."]
    if report.left_out:
        lines.append(f"Numbers, addresses and postcodes that can't be right, and so left out: {report.left_out:,}.")
    lines.append(f"Rows rejected: {len(report.rejected):,}.")
    if report.added and not dry_run:
        lines.append("Some may be in the directory under another name: vouch suppliers find-duplicates looks for them.")
    return "\n".join([*lines, *rejected.lines(report.rejected, rejected_to)])

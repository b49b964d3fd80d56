"""The `vouch schools` commands: bring the school register up to date from a file."""

from dataclasses import asdict
from pathlib import Path

import click

from base.spreadsheets import rejected
from sharing.schools import register
from sharing.schools.register_import import RegisterReport, import_register
from web import terminal


@click.group()
def schools() -> None:
    """The school register."""


@schools.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@rejected.option
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
        columns = ("line", "urn", "name", "reason")
        rejected.write(rejected_to, columns, ((row.line, row.urn, row.name, row.reason) for row in report.rejected))
    terminal.answer(facts, _summary(report, rejected_to), as_json=as_json)


def _summary(report: RegisterReport, rejected_to: Path | None) -> str:
    counts = (
        f"Schools: {report.added:,} added, {report.changed:,} changed, {report.closed:,} closed, {report.unchanged:,} unchanged."
    )
    lines = [f"{counts} Rows rejected: {len(report.rejected):,}."]
    return "\n".join([*lines, *rejected.lines(report.rejected, rejected_to)])

"""The `vouch schools` commands: bring schools, and the trusts that they are in, up to date from a file."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from base.spreadsheets import rejected
from base.words import count
from sharing.schools import converting, register, trust_file
from sharing.schools.register_import import RegisterReport, import_register
from sharing.schools.trust_file import TrustFile
from sharing.schools.trust_import import TrustsReport, import_trusts
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
        report = terminal.run(
            lambda: import_register(None, rows, digest=opened.digest, complete=opened.is_complete, as_of=opened.as_of)
        )
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


@schools.command("convert")
@click.option("--from", "old", type=int, required=True, metavar="URN", help="Under which Vouch has its records.")
@click.option("--to", "new", type=int, required=True, metavar="URN", help="Its new one, which the register has by now.")
@terminal.json_option
def convert_school(*, old: int, new: int, as_json: bool) -> None:
    """A school became an academy: its people, records and trail go on under its new URN, and the trail says so."""
    done = terminal.run(lambda: converting.convert(old, new))
    sentence = (
        f"{done.before.name} (URN {old}) goes on as {done.now.name} (URN {new}), and its trail says so. Now run vouch schools "
        "import with the newest register, and vouch schools import-trusts: they bring it into the networks of its trust."
    )
    terminal.answer({"school": str(done.id), "from": asdict(done.before), "to": asdict(done.now)}, sentence, as_json=as_json)


@schools.command("import-trusts")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--complete", is_flag=True, help="FILE names every school of every trust: whoever it leaves out has left.")
@click.option("--dry-run", is_flag=True, help="Change nothing, and say what would change.")
@rejected.option
@terminal.json_option
def import_trusts_file(*, file: Path, complete: bool, dry_run: bool, rejected_to: Path | None, as_json: bool) -> None:
    """Bring trusts and their schools up to date from FILE: the DfE's group links, a list of trusts, or links by company number.

    CSV, as it is, gzipped or zipped. The same file again changes nothing. A row that can't be used is named and left out; a
    broken file changes nothing.
    """
    with trust_file.open_trusts(file) as opened:
        rows = list(terminal.with_progress(opened.rows, doing="Reading trusts and their schools"))
        chosen = {"digest": opened.digest, "complete": complete, "dry_run": dry_run}
        report = terminal.run(lambda: import_trusts(None, rows, digest=opened.digest, complete=complete, dry_run=dry_run))
    if rejected_to is not None:
        columns = ("line", "urn", "name", "reason")
        rejected.write(rejected_to, columns, ((row.line, row.urn, row.name, row.reason) for row in report.rejected))
    facts = asdict(report) | chosen | {"other_groups": dict(opened.other_groups)}
    terminal.answer(facts, "\n".join(_told(report, opened, rejected_to, dry_run=dry_run)), as_json=as_json)


def _told(report: TrustsReport, opened: TrustFile, rejected_to: Path | None, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield "Nothing was changed. This is what would change:"
    joined = [move for move in report.moves if move.what == "joins"]
    yield (
        f"Trusts: {len(report.added):,} added, {len(report.changed):,} changed, {len(report.closed):,} closed, "
        f"{len(report.reopened):,} opened again."
    )
    yield (
        f"Schools: {len(joined):,} joined a trust, {len(report.moves) - len(joined):,} left one, "
        f"{report.dated:,} have another day of joining, {report.unchanged:,} unchanged."
    )
    leaving = [move for move in report.moves if move.what == "leaves"]
    yield from (f"  {move.school} ({move.urn}) leaves {move.trust}: {_WHY[move.why]}." for move in leaving[: rejected.MOST_SHOWN])
    if len(leaving) > rejected.MOST_SHOWN:
        yield f"  And {len(leaving) - rejected.MOST_SHOWN:,} more that leave: --json lists all."
    for kind, rows in sorted(opened.other_groups.items()):
        yield f"Left out, because no academy trusts: {count(rows, 'row')} about groups of type {kind}."
    yield f"Rows rejected: {len(report.rejected):,}."
    yield from rejected.lines(report.rejected, rejected_to)


_WHY: Final = {
    "moved": "the file has it in another trust",
    "left": "the file says so",
    "closed": "the trust is closed",
    "absent": "the file, called complete, doesn't have it",
}

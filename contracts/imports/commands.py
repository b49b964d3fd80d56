"""`vouch contracts import` reads a register and says what it holds, or brings it to a school or trust for whoever runs this."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from base.refusals import Invalid, Refusal
from base.words import count
from contracts.imports import from_outside
from contracts.imports.from_outside import Brought
from contracts.register_file import register_file
from contracts.register_file.register_file import RegisterRead, SheetRead
from web import terminal

UNREADABLE: Final = 2  # the exit status
WHOSE: Final = "Say whose contracts they are: --school URN or --trust UID. With --dry-run nothing is saved."


@click.group(name="contracts")
def contracts_group() -> None:
    """Contracts with suppliers."""


@contracts_group.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--school", "urn", type=int, metavar="URN", help="The school whose contracts they are.")
@click.option("--trust", "uid", metavar="UID", help="The trust whose contracts they are, for schools of its own.")
@click.option("--dry-run", is_flag=True, help="Read the file and say what it holds; nothing is saved.")
@click.option("--sheet", metavar="NAME", help="With --dry-run: read only this sheet; else every sheet that has headings is.")
@terminal.json_option
def import_register(*, file: Path, urn: int | None, uid: str | None, dry_run: bool, sheet: str | None, as_json: bool) -> None:
    """Read the contract register in FILE, a CSV or Excel file: its contracts, what has to be asked, and what was left out.

    With --school or --trust the rows without a question become contracts there; the others wait on its pages for its people,
    who are told on their home page that whoever runs this installation did it. The same file again adds nothing.

    With --dry-run it needs no database and no settings. Exit status 0: it was read; 2: it could not be.
    """
    if dry_run:
        _dry_run(file, sheet, as_json=as_json)
        return
    if (urn is None) is (uid is None):
        raise Invalid(WHOSE)
    content = _content(file)
    found = terminal.run(lambda: from_outside.bring(content, urn=urn, uid=uid))
    terminal.answer(asdict(found), "\n".join(_said_of_brought(found)), as_json=as_json)
    if found.refused:
        sys.exit(UNREADABLE)


def _dry_run(file: Path, sheet: str | None, *, as_json: bool) -> None:
    try:
        found = register_file.read(file, sheet=sheet, watched=lambda rows: terminal.with_progress(rows, doing="Reading"))
    except Refusal as refusal:
        click.echo(refusal.sentence, err=True)
        sys.exit(UNREADABLE)
    terminal.answer(found.json, "\n".join(_said_of(found)), as_json=as_json)


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(register_file.LIMITS.packed + 1)


def _said_of_brought(found: Brought) -> Iterator[str]:
    if found.refused:
        yield found.refused
        return
    yield f"{found.school}: {count(found.added, 'contract')} added, {found.changed:,} changed, {found.the_same:,} as they were."
    if found.waiting:
        yield f"{count(found.waiting, 'row waits', 'rows wait')} for an answer of the school's, at {found.page}."
    if found.left_out:
        yield f"{count(found.left_out, 'row was', 'rows were')} left out."
    if found.stopped:
        yield f"It stopped: {found.stopped} The same command carries on, and imports nothing twice."


def _said_of(found: RegisterRead) -> Iterator[str]:
    yield f"{found.said}. Nothing was saved."
    for sheet in found.sheets:
        yield from _said_of_sheet(sheet)


def _said_of_sheet(sheet: SheetRead) -> Iterator[str]:
    if not sheet.header:
        yield f"{sheet.name or 'This file'}: no headings that Vouch understands, so nothing was read of it."
        return
    asked = sum(bool(one.questions) for one in sheet.contracts)
    where = f"{sheet.name}: headings" if sheet.name else "Headings"
    yield f"{where} in row {sheet.header}; contracts: {len(sheet.contracts)}, with something to ask: {asked}."
    yield from sheet.remarks
    unknown = [column.title for column in sheet.columns if column.title and not column.meaning]
    if unknown:
        yield f"Columns that Vouch doesn't know: {', '.join(unknown)}."
    for contract in sheet.contracts:
        for what, question in contract.questions:
            yield f"  Row {contract.row}, {contract.parsed['title'] or 'no title'}, {what}: {question.sentence}"
    for each in sheet.skipped:
        yield f"  Row {each.row} left out: {each.why}."

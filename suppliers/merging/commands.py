"""``vouch suppliers find-duplicates``."""

from dataclasses import asdict

import click

from suppliers.merging import directory_sweep
from web import terminal


@click.command("find-duplicates")
@terminal.json_option
def find_directory_duplicates(*, as_json: bool) -> None:
    """Look for directory entries that may be the same, for the curator to decide at /directory/duplicates.

    Merges nothing, and asks nothing again that was decided. Stop it when you like: the next run goes on from there.
    """
    report = terminal.run(lambda: directory_sweep.find_duplicates(terminal.progress))
    words = f"Looked at {report.looked_at:,} entries. Pairs that may be the same: {report.pairs:,}."
    terminal.answer(asdict(report), words, as_json=as_json)

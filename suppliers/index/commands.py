"""``vouch suppliers reindex``."""

from dataclasses import asdict
from typing import Final

import click

from suppliers.index import rebuilding
from web import terminal

MOST_NAMED: Final = 20  # suppliers in one sentence on a screen


@click.command()
@terminal.json_option
def reindex(*, as_json: bool) -> None:
    """Make the index that finds suppliers by their names anew, from their facts.

    Needed when `vouch check` says so: another version read names in another way. Stop it and nothing has changed; run it
    again and it begins anew. On PostgreSQL the service can go on meanwhile.
    """
    report = terminal.run(lambda: rebuilding.reindex(terminal.progress))
    terminal.answer(asdict(report), reindexed_words(report), as_json=as_json)


def reindexed_words(report: rebuilding.ReindexReport) -> str:
    lines = [f"The index is made anew: {report.suppliers:,} suppliers under {report.keys:,} keys."]
    if report.kept:
        names = ", ".join(report.kept[:MOST_NAMED])
        more = f", and {len(report.kept) - MOST_NAMED:,} more" if len(report.kept) > MOST_NAMED else ""
        lines.append(f"Own records that are read as another of their school's is, and so keep their old reading: {names}{more}.")
    return "\n".join(lines)

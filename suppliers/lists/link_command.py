"""`vouch suppliers link`: two lists, such as last year's creditors and this year's, without a database or settings."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from suppliers.lists import dedupe_file, link_file
from suppliers.lists.command_output import (
    FILE,
    MOST_JOBS,
    compared_on,
    print_lines,
    require_some,
    shown,
    tell,
    to_option,
    watched,
    write_table,
)
from suppliers.lists.link_file import Linked, Links
from suppliers.lists.map_option import fields_named, map_option, sheet_option
from suppliers.matching.dedupe import THRESHOLD, nothing_thrown_away
from suppliers.matching.distinct import DistinctListBuilder
from web import terminal


@click.command("link")
@click.argument("file", type=FILE)
@click.argument("other", type=FILE)
@to_option
@click.option(
    "--threshold", type=click.FloatRange(0.5, 1), default=THRESHOLD, show_default=True, help="The same from this probability."
)
@map_option()
@sheet_option
@map_option("--other-map")
@click.option("--other-sheet", metavar="NAME", help="The sheet of OTHER to read.")
@click.option("--jobs", type=click.IntRange(1, MOST_JOBS), help="Processors to use; all of them without it.")
@terminal.json_option
def link_lists(*, file: Path, other: Path, to: Path | None, as_json: bool, **how: Any) -> None:
    """Find for each supplier in FILE the one in OTHER that it is, or may be.

    Both are spreadsheets with a column of names. FILE comes back with five more columns: row, name, probability, verdict (same,
    ask or none) and reasons. Needs no database and no settings.
    """
    counts = {"same": 0, "ask": 0, "none": 0, "no supplier": 0}

    def counted(rows: Iterable[Linked]) -> Iterator[Linked]:
        for one in rows:
            counts["no supplier" if one.problem else str(one.added[3])] += 1
            yield one

    first = dedupe_file.open_list(file, named=fields_named(how["mapped"]), sheet=how["sheet"], adding=link_file.ADDED)
    second = dedupe_file.open_list(other, named=fields_named(how["other_mapped"]), sheet=how["other_sheet"], adding=())
    with nothing_thrown_away(), first as given, second as others:
        both = DistinctListBuilder()
        jobs = how["jobs"] or os.cpu_count() or 1
        taken = given.take([], lambda rows: watched(rows, doing=f"Reading {file.name}", to=file), behind=both, jobs=jobs)
        more = others.take([], lambda rows: watched(rows, doing=f"Reading {other.name}", to=file), behind=both, jobs=jobs)
        compared = compared_on(more.listed, jobs)
        links = Links(taken, more, compared, compared.clusters(how["threshold"]), others)
        rows = counted(links.linked(given))
        if as_json and to is None:
            print_lines(given.table, ((one.row.cells, _facts(one)) for one in rows))
        else:
            write_table(to, (file, other), given.table, link_file.ADDED, ((one.row.cells, one.added) for one in rows))
    wrong = sorted(taken.rejected.items())
    said = [f"Understood: {given.said}.", f"Beside it: {others.said}."]
    named = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    tell(
        counts | {"understood": given.said, "other": others.said},
        [*said, f"Rows: {named}.", *shown(wrong)],
        to=to,
        as_json=as_json,
    )
    require_some(sum(counts.values()), counts["no supplier"], "row", wrong)


def _facts(one: Linked) -> dict[str, object]:
    facts: dict[str, object] = dict(zip(link_file.ADDED, one.added, strict=True))
    return facts | ({"problem": one.problem} if one.problem else {})

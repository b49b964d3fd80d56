"""`vouch match` and `vouch suppliers dedupe`: matching for any list, without a database or settings."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from base.spreadsheets import table_file
from base.spreadsheets.writing import Cell
from suppliers.lists import dedupe_file, match_file
from suppliers.lists.dedupe_file import Clustered, Summary, SupplierList
from suppliers.lists.list_file import HeadedSheet
from suppliers.lists.match_file import Judged
from suppliers.matching import dedupe
from suppliers.matching.clusters import Clusters
from suppliers.matching.dedupe import THRESHOLD, Compared
from suppliers.matching.distinct import DistinctList
from suppliers.matching.matching import MatchVerdict
from web import terminal

MOST_SHOWN: Final = 20  # rows that something is wrong with; the answer has all of them
MOST_JOBS: Final = 64

T = TypeVar("T")

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
TO: Final = click.Path(dir_okay=False, path_type=Path)
to_option = click.option("-o", "--to", type=TO, help="The file to write, .csv or .xlsx; without it, CSV to standard output.")


@click.command()
@click.argument("file", type=FILE)
@to_option
@terminal.json_option
def match(*, file: Path, to: Path | None, as_json: bool) -> None:
    """Say of each pair of names in FILE how likely they are one supplier, and why.

    FILE is a CSV or Excel file with the columns name_a and name_b, and any of postcode, company_number, charity_number,
    vat_number, website and phone that end in _a and _b. It comes back with three more columns: probability, verdict (same,
    ask or different) and reasons. Needs no database and no settings.
    """
    counts: dict[str, int] = {verdict.value: 0 for verdict in MatchVerdict} | {"not compared": 0}
    wrong: list[tuple[int, str]] = []

    def counted(judged: Iterable[Judged]) -> Iterator[Judged]:
        for one in judged:
            counts[one.match.verdict.value if one.match else "not compared"] += 1
            _note(wrong, one.row.number, [one.problem, *one.left_out])
            yield one

    with match_file.open_pairs(file) as pairs:
        judged = counted(_watched(pairs.judged, doing="Comparing", to=to))
        if as_json and to is None:
            _print_lines(pairs.table, ((one.row.cells, one.facts) for one in judged))
        else:
            rows = ((one.row.cells, one.added) for one in judged)
            _write(to, (file,), pairs.table, match_file.ADDED, rows)
    named = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    _tell(counts, [f"Pairs: {sum(counts.values()):,}: {named}.", *_shown(wrong)], to=to, as_json=as_json)


@click.command("dedupe")
@click.argument("file", type=FILE)
@to_option
@click.option(
    "--threshold", type=click.FloatRange(0.5, 1), default=THRESHOLD, show_default=True, help="Join from this probability."
)
@click.option("--pairs", "pairs_to", type=TO, help="Also write the likely pairs with their reasons, to look at; .csv or .xlsx.")
@click.option(
    "--decisions", "decided_in", type=FILE, help="Pairs with a decision, same or different, which hold over any likeness."
)
@click.option("--jobs", type=click.IntRange(1, MOST_JOBS), help="Processors to use; all of them without it.")
@terminal.json_option
def dedupe_list(
    *, file: Path, to: Path | None, pairs_to: Path | None, decided_in: Path | None, as_json: bool, **how: Any
) -> None:
    """Find the suppliers in FILE that are one.

    FILE is a CSV or Excel file with a column of names, and any of company number, charity number, VAT number, website, phone
    and postcode. It comes back with two more columns: cluster, which rows of one supplier share, and probability, how
    likely the row belongs there. Needs no database and no settings.
    """
    decisions = dedupe_file.decisions(decided_in) if decided_in else []
    kept = [file, *filter(None, [decided_in])]
    with dedupe_file.open_list(file) as given:
        taken = given.take(decisions, lambda rows: _watched(rows, doing=f"Reading {file.name}", to=file))
        compared = _compared(taken.listed, how["jobs"] or os.cpu_count() or 1)
        found = compared.clusters(how["threshold"])
        if pairs_to:
            _write_pairs(pairs_to, kept, dedupe_file.pairs(compared, found, given.first_rows(taken)))
            kept.append(pairs_to)
        _write_clusters(to, kept, given, given.clustered(taken, found, compared.rightness(found)), as_json=as_json)
    counted = dedupe_file.summary(taken, compared, found)
    wrong = [*taken.rejected.items(), *taken.left_out]
    words = [*_summary_lines(counted, pairs_to), *_about_decisions(taken.listed, found), *_shown(sorted(wrong))]
    _tell(asdict(counted), words, to=to, as_json=as_json)


def _compared(listed: DistinctList, jobs: int) -> Compared:
    with dedupe.comparing(listed, jobs=jobs) as (count, chunks):
        return dedupe.compared(listed, terminal.with_progress(chunks, doing="Comparing", count=count))


def _write_pairs(to: Path, kept: Sequence[Path], pairs: Iterable[Sequence[Cell]]) -> None:
    with table_file.written(to, kept=kept) as add:
        add(dedupe_file.PAIRS)
        for row in pairs:
            add(row)


def _write_clusters(
    to: Path | None, kept: Sequence[Path], given: SupplierList, rows: Iterable[Clustered], *, as_json: bool
) -> None:
    if as_json and to is None:
        _print_lines(given.table, ((one.row.cells, _facts(one)) for one in rows))
    else:
        filled = ((one.row.cells, (one.cluster, one.probability)) for one in rows)
        _write(to, kept, given.table, dedupe_file.ADDED, filled)


def _facts(one: Clustered) -> dict[str, object]:
    facts: dict[str, object] = {"cluster": one.cluster, "probability": one.probability}
    return facts | ({"problem": one.problem} if one.problem else {})


def _write(
    to: Path | None,
    kept: Sequence[Path],
    table: HeadedSheet,
    added: Sequence[str],
    rows: Iterable[tuple[Sequence[str], Sequence[Cell]]],
) -> None:
    with table_file.written(to, kept=kept) as add:
        for above in table.above:
            add(above.cells)
        add([*table.header.cells, *added])
        for cells, more in rows:
            add([*table.padded(cells), *more])


def _print_lines(table: HeadedSheet, rows: Iterable[tuple[Sequence[str], Mapping[str, object]]]) -> None:
    for cells, facts in rows:
        sys.stdout.write(json.dumps({**table.named(cells), **facts}, ensure_ascii=False) + "\n")


def _watched(items: Iterable[T], *, doing: str, to: Path | None) -> Iterator[T]:
    """The items with a progress bar, unless what is printed shows that it goes on."""
    return iter(items) if to is None and sys.stdout.isatty() else terminal.with_progress(items, doing=doing)


def _note(wrong: list[tuple[int, str]], number: int, said: Iterable[str]) -> None:
    wrong += ((number, one) for one in said if one and len(wrong) <= MOST_SHOWN)


def _tell(facts: Mapping[str, Any], words: Sequence[str], *, to: Path | None, as_json: bool) -> None:
    """The summary: on standard error where the rows themselves went to standard output."""
    if to is None:
        click.echo("\n".join(words), err=True)
    else:
        terminal.answer(dict(facts) | {"file": to}, "\n".join(words), as_json=as_json)


def _summary_lines(counted: Summary, pairs_to: Path | None) -> list[str]:
    clusters = f"Clusters of several rows: {counted.clusters:,}, with {counted.in_clusters:,} of {counted.rows:,} rows."
    where = f"they are in {pairs_to}" if pairs_to else "--pairs FILE writes them"
    return [clusters, f"Pairs for a person to look at: {counted.pairs:,}; {where}."]


def _about_decisions(listed: DistinctList, found: Clusters) -> Iterator[str]:
    for a, b in found.refused:
        left, right = (listed.suppliers[place].name.display for place in (a, b))
        yield f"“{left}” and “{right}” stay apart: another decision says that two of their cluster are different."
    if listed.unknown:
        yield f"Decisions about a name that is not in the list, and so without effect: {len(listed.unknown):,}."


def _shown(wrong: Sequence[tuple[int, str]]) -> Iterator[str]:
    for number, said in wrong[:MOST_SHOWN]:
        yield f"  Row {number}: {said.rstrip('.')}."
    if len(wrong) > MOST_SHOWN:
        yield "  And more."

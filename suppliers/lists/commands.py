"""`vouch match` and `vouch suppliers dedupe`: matching for any list, without a database or settings."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from base.spreadsheets import table_file
from base.spreadsheets.table_file import SecondSheet
from base.spreadsheets.writing import Cell
from suppliers.lists import cluster_table, dedupe_file, match_file
from suppliers.lists.cluster_table import ClusterTable
from suppliers.lists.command_output import (
    FILE,
    MOST_JOBS,
    MOST_SHOWN,
    TO,
    compared_on,
    print_lines,
    require_some,
    shown,
    tell,
    to_option,
    watched,
    write_table,
)
from suppliers.lists.dedupe_file import Clustered, Summary, SupplierList
from suppliers.lists.map_option import fields_named, map_option, sheet_option, sides_named
from suppliers.lists.match_file import Judged
from suppliers.matching.clusters import Clusters
from suppliers.matching.dedupe import THRESHOLD, nothing_thrown_away
from suppliers.matching.distinct import DistinctList
from suppliers.matching.matching import MatchVerdict
from web import terminal


@click.command()
@click.argument("file", type=FILE)
@to_option
@map_option(what="name_a, postcode_b and so on")
@sheet_option
@terminal.json_option
def match(*, file: Path, to: Path | None, mapped: tuple[str, ...], sheet: str | None, as_json: bool) -> None:
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

    with match_file.open_pairs(file, named=sides_named(mapped), sheet=sheet) as pairs:
        judged = counted(watched(pairs.judged, doing="Comparing", to=to))
        if as_json and to is None:
            print_lines(pairs.table, ((one.row.cells, one.facts) for one in judged))
        else:
            rows = ((one.row.cells, one.added) for one in judged)
            write_table(to, (file,), pairs.table, match_file.ADDED, rows)
    named = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    words = [f"Understood: {pairs.said}.", f"Pairs: {sum(counts.values()):,}: {named}.", *shown(wrong)]
    tell(counts | {"understood": pairs.said}, words, to=to, as_json=as_json)
    require_some(sum(counts.values()), counts["not compared"], "pair", wrong)


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
@map_option()
@sheet_option
@click.option("--summary", "summary_to", type=TO, help="Also write a row for each cluster, with its names; .csv or .xlsx.")
@click.option("--amount", metavar="HEADING", help="The column whose sum the rows of clusters have; one called amount else.")
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
    opened = dedupe_file.open_list(file, named=fields_named(how["mapped"]), sheet=how["sheet"])
    with nothing_thrown_away(), opened as given:
        table = cluster_table.table_of(given, how["amount"])
        jobs = how["jobs"] or os.cpu_count() or 1
        taken = given.take(decisions, lambda rows: watched(rows, doing=f"Reading {file.name}", to=file), jobs=jobs)
        compared = compared_on(taken.listed, jobs)
        found = compared.clusters(how["threshold"])
        if pairs_to:
            _write_pairs(pairs_to, kept, dedupe_file.pairs(compared, found, given.first_rows(taken)))
            kept.append(pairs_to)
        clustered = table.noting(given.clustered(taken, found, compared.rightness(found)))
        _write_clusters(to, kept, given, clustered, SecondSheet(cluster_table.SHEET, table.rows()), as_json=as_json)
    if how["summary_to"]:
        with table_file.written(how["summary_to"], kept=[*kept, *filter(None, [to])]) as add:
            for row in table.rows():
                add(row)
    counted = dedupe_file.summary(taken, compared, found)
    wrong = sorted([*taken.rejected.items(), *taken.left_out])
    lines = [*_summary_lines(counted, pairs_to), *_about_amounts(table), *_about_decisions(taken.listed, found)]
    words = [f"Understood: {given.said}.", *lines, *shown(wrong)]
    tell(asdict(counted) | {"understood": given.said}, words, to=to, as_json=as_json)
    require_some(counted.rows, counted.rejected, "row", wrong)


def _about_amounts(table: ClusterTable) -> Iterator[str]:
    if table.amount_at is not None:
        unread = f"; {table.unread:,} of its cells are no amount" if table.unread else ""
        yield f"Summed for each cluster: {table.amount_title}{unread}."


def _write_pairs(to: Path, kept: Sequence[Path], pairs: Iterable[Sequence[Cell]]) -> None:
    offers = {dedupe_file.PAIRS.index("decision"): dedupe_file.CHOICES}
    with table_file.written(to, kept=kept, offers=offers) as add:
        add(dedupe_file.PAIRS)
        for row in pairs:
            add(row)


def _write_clusters(
    to: Path | None, kept: Sequence[Path], given: SupplierList, rows: Iterable[Clustered], second: SecondSheet, *, as_json: bool
) -> None:
    if as_json and to is None:
        print_lines(given.table, ((one.row.cells, _facts(one)) for one in rows))
    else:
        filled = ((one.row.cells, (one.cluster, one.probability)) for one in rows)
        write_table(to, kept, given.table, dedupe_file.ADDED, filled, second)


def _facts(one: Clustered) -> dict[str, object]:
    facts: dict[str, object] = {"cluster": one.cluster, "probability": one.probability}
    return facts | ({"problem": one.problem} if one.problem else {})


def _note(wrong: list[tuple[int, str]], number: int, said: Iterable[str]) -> None:
    wrong += ((number, one) for one in said if one and len(wrong) <= MOST_SHOWN)


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

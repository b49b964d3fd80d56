"""Needs written as people of many kinds type them, in five sets, and how many are understood.

Each was measured as it was written. Words were added afterwards for what the first four showed, and none for the fifth, which
says how the needs of others fare.
"""

import csv

import pytest

from suppliers.record.taxonomy import find
from tests.given.checkout import DATA

pytestmark = pytest.mark.pure

NEEDS = DATA / "needs_blind.csv"  # several slugs are equally right; none: it is no need that we have
LEAST = {  # by set and kind: the share that is right first, a little below what is measured
    ("1", "phrase"): 0.96, ("1", "title"): 0.96, ("1", "sentence"): 0.90, ("1", "nothing"): 0.79,
    ("2", "phrase"): 0.96, ("2", "title"): 0.95, ("2", "sentence"): 0.90, ("2", "nothing"): 0.76,
    ("3", "phrase"): 0.95, ("3", "title"): 0.98, ("3", "sentence"): 0.94, ("3", "nothing"): 0.80,
    ("4", "phrase"): 0.96, ("4", "nothing"): 0.84,
    ("5", "phrase"): 0.83, ("5", "title"): 0.95, ("5", "sentence"): 0.83,
}  # fmt: skip


@pytest.mark.parametrize(("of_set", "kind"), LEAST)
def test_of_needs_that_nobody_here_had_seen_most_are_understood(of_set: str, kind: str) -> None:
    with NEEDS.open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if (row["set"], row["kind"]) == (of_set, kind)]
    found = {row["typed"]: {hit.category.slug for hit in find(row["typed"], 1)} or {""} for row in rows}
    wrong = [row["typed"] for row in rows if not found[row["typed"]] & set(row["slugs"].split("|"))]
    assert len(rows) >= 40
    assert len(wrong) <= (1 - LEAST[of_set, kind]) * len(rows), wrong

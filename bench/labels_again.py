"""Labels that were read a second time: a wrong one is put right in the column "labels read again", where figures are judged.

Weights are always fitted on the labels as they are, and only the column "as labelled" is measured against an aim.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "data" / "labels_read_again.csv"
Pair = tuple[str, str]  # two names
Row = dict[str, str]


@cache
def reading() -> dict[Pair, Row]:
    """The two names of a pair to its row: drawn, name_a, name_b, label, read_without_label, reading, why."""
    with FILE.open(encoding="utf-8") as table:
        return {(row["name_a"], row["name_b"]): row for row in csv.DictReader(table)}


def same_when_read(left: str, right: str, *, labelled: bool) -> bool:
    """Whether the two are one supplier, with a wrong label put right; where it cannot be known, the label stands."""
    row = reading().get((left, right))
    return labelled != (row is not None and row["reading"] == "wrong")

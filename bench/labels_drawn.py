"""Draws the labelled pairs to be read again, and compares them with ``data/labels_read_again.csv``.

    python -m bench.labels_drawn supplier_pairs_dev.csv.gz supplier_names.csv.gz

The file has its first five kinds whole; of the sixth ("same, high") what it has not was read and is right. The seventh, "of
a name already read", follows from these. With other weights or counts of words other pairs are drawn.
"""

import argparse
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bench.fit_matching import MADE, Labelled, load, logits
from bench.labels_again import Pair, Row, reading
from bench.sources import each, read
from suppliers.matching.matching import ASK, logistic

HIGHEST: Final = 120  # pairs that are labelled different
LOWEST: Final = 60  # and the same
WITHOUT_RENAMES: Final = 40
BY_CHANCE: Final = 40  # of each label, where the model agrees with it: how often is a label wrong that nobody doubts?
HIGH: Final = 0.8876  # about the threshold of precision 0.98: every pair above it that is labelled the same was read


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pairs")
    options.add_argument("names")
    chosen = options.parse_args()
    rows = read(chosen.pairs)
    folds = names_of((pair, logistic(logit)) for pair, logit in logits(load(chosen.pairs)) if pair.stratum not in MADE)
    left_out = names_of(pair for _, judged in each(rows, read(chosen.names)) for pair in judged)
    for kind, pairs in drawn(rows, folds, left_out).items():
        there = [reading()[pair] for pair in pairs if pair in reading()]
        said = {verdict: sum(row["reading"] == verdict for row in there) for verdict in ("right", "wrong", "cannot be known")}
        print(f"{kind}: {len(pairs)} drawn, {len(there)} in the file; {said}")


def drawn(rows: Sequence[Row], folds: dict[Pair, float], left_out: dict[Pair, float]) -> dict[str, list[Pair]]:
    """What was to be read, by the kind that the file calls ``drawn``; a pair may be of two kinds and has one there."""
    different = [pair_of(row) for row in rows if row["same"] == "0"]
    same = [pair_of(row) for row in rows if row["same"] == "1"]
    renames = {pair_of(row) for row in rows if row["stratum"] == "dissimilar"}
    lowest = extreme(same, lambda pair: folds[pair], lambda pair: left_out[pair])
    named = {
        "different, highest": extreme(different, lambda pair: -folds[pair], lambda pair: -left_out[pair])[:HIGHEST],
        "same, lowest": lowest[:LOWEST],
        "same, lowest without renames": [pair for pair in lowest if pair not in renames][:WITHOUT_RENAMES],
    }
    taken, chance = {pair for pairs in named.values() for pair in pairs}, random.Random(7)
    agreed = [pair for pair in same if folds[pair] >= ASK and pair not in taken]
    apart = [pair for pair in different if folds[pair] < ASK and pair not in taken]
    return named | {
        "same, by chance": chance.sample(agreed, BY_CHANCE),
        "different, by chance": chance.sample(apart, BY_CHANCE),
        "same, high": [pair for pair in same if max(folds[pair], left_out[pair]) >= HIGH],
    }


def extreme(pairs: Sequence[Pair], *orders: Callable[[Pair], float]) -> list[Pair]:
    """The pairs by the better of their places in the two orders, equals as they come."""
    place: dict[Pair, int] = {}
    for order in orders:
        for rank, pair in enumerate(sorted(pairs, key=order)):
            place[pair] = min(place.get(pair, rank), rank)
    return sorted(pairs, key=place.__getitem__)


def pair_of(row: Row) -> Pair:
    return row["name_a"], row["name_b"]


def names_of(judged: Iterable[tuple[Labelled, float]]) -> dict[Pair, float]:
    return {(pair.left, pair.right): probability for pair, probability in judged}


if __name__ == "__main__":
    main()

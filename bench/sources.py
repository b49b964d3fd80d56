"""How good matching is for a body that it has never seen: each source of labels left out in turn, its words with it.

    python -m bench.sources supplier_pairs_dev.csv.gz supplier_names.csv.gz

For each source the weights are fitted as those that ship, made pairs and all, on the pairs that have nothing to do with it, and
the words are counted anew without its names; then its pairs are judged. Sources with fewer than 100 pairs of the same supplier
are left out, and judged, together.
"""

import argparse
import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bench.count_words import counted
from bench.fit_matching import Labelled, best_threshold, both_columns, dot, f1, fit, fitted_on, read_pair
from suppliers.matching.matching import ASK, SAME, logistic
from suppliers.matching.names import normalise
from suppliers.matching.rarity import counted as rarity_of
from suppliers.matching.word_pairs import Rarity

FEWEST: Final = 100  # pairs of the same supplier that are a source of its own
BOUNDS: Final = (0.0, 0.1, ASK, 0.5, 0.7, 0.9, SAME, 1.01)
Row = dict[str, str]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pairs", help="CSV, gzip: name_a, name_b, same, stratum, entity_a, entity_b, body_a, body_b")
    options.add_argument("names", help="CSV, gzip: name, body")
    chosen = options.parse_args()
    everything: list[tuple[Labelled, float]] = []
    for source, judged in each(read(chosen.pairs), read(chosen.names)):
        tell(source, judged)
        everything += judged
    tell("all", everything)


def each(rows: Sequence[Row], names: Sequence[Row]) -> Iterator[tuple[str, list[tuple[Labelled, float]]]]:
    """Each source, and its pairs with their probabilities."""
    having = bodies_of(names)
    for source in sources(rows):
        yield " ".join(sorted(source)), left_out(rows, source, rarity_without(having, source))


def read(path: str) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def bodies_of(names: Sequence[Row]) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in names:
        found[normalise(row["name"]).loose].add(row["body"])
    return found


def sources(rows: Sequence[Row]) -> list[frozenset[str]]:
    same = Counter(body for row in rows if row["same"] == "1" for body in bodies(row))
    few = frozenset(body for row in rows for body in bodies(row) if same[body] < FEWEST)
    return [*(frozenset({body}) for body in sorted(same) if body not in few), few]


def bodies(row: Row) -> set[str]:
    return {*row["body_a"].split("|"), *row["body_b"].split("|")}


def rarity_without(having: Mapping[tuple[str, ...], set[str]], source: frozenset[str]) -> Rarity:
    return rarity_of(counted([name for name, seen in having.items() if seen - source]))


def left_out(rows: Sequence[Row], source: frozenset[str], rarity: Rarity) -> list[tuple[Labelled, float]]:
    """The pairs whose first name is of the source, each with its probability."""
    weights = fit(fitted_on([row for row in rows if not bodies(row) & source], rarity))
    judged = [read_pair(row, rarity) for row in rows if row["body_a"].split("|")[0] in source]
    return [(pair, logistic(dot(weights, pair.values))) for pair in judged]


def tell(source: str, judged: Sequence[tuple[Labelled, float]]) -> None:
    scores = dict(judged)
    easier = [pair for pair in scores if pair.stratum != "dissimilar"]
    threshold = best_threshold([(scores[pair], pair.same) for pair in easier])
    said = Counter((pair.same, scores[pair] >= threshold) for pair in easier)
    figures = f1(said[True, True], said[False, True], said[True, False])
    print(f"{source}: {len(judged)} pairs, {sum(pair.same for pair in scores)} the same")
    print(both_columns(judged))
    print(
        "  without renames: F1 {:.3f}, precision {:.3f}, recall {:.3f}".format(*figures),
        f"at {threshold:.2f}",
    )
    for low, high in pairwise(BOUNDS):
        within = [pair.same for pair, p in judged if low <= p < high]
        print(f"  {low} to {min(high, 1)}: {sum(within)} of {len(within)} the same")


if __name__ == "__main__":
    main()

"""Fits the weights of the name features, and says how good they are beside rapidfuzz alone.

    python -m bench.fit_matching supplier_pairs_dev.csv.gz [--write]

A labelled list holds only negatives that look alike. Trained on those alone, a model learns that names which share nothing
are the same (renames are among the positives), so random pairs of unrelated names are added as negatives, pairs of strangers of
which one is the initials of the other, and neighbours: strangers that a list would compare, for they share a word.

Figures are over five folds with no supplier in two of them, each judged at the threshold that was best on the other four, on the
labelled pairs alone. "tier A" leaves out renames and pairs that share one word, which no comparison of names can find.
"""

import argparse
import csv
import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz

from bench.labels_again import same_when_read
from bench.negatives import initials, neighbours
from suppliers.matching.features import NAME_FEATURES
from suppliers.matching.matching import ASK, SAME, candidate, logistic, nearest
from suppliers.matching.overrides import conflict, names_alone
from suppliers.matching.word_pairs import Rarity

WEIGHTS = Path(__file__).parent.parent / "suppliers" / "matching" / "data" / "matching_weights.json"
RANDOM_NEGATIVES = 15_000
FOLDS = 5
RIDGE = 0.2  # keeps a feature that is nearly always right from growing without end
MADE = frozenset({"random", "initials", "neighbours"})  # negatives that nobody labelled
STRATA: dict[str, frozenset[str]] = {
    "all": MADE,
    "without dissimilar": MADE | {"dissimilar"},
    "tier A": MADE | {"dissimilar", "shared_token"},
}
Vector = tuple[float, ...]
Scorer = Callable[["Labelled"], float]


@dataclass(frozen=True)
class Labelled:
    left: str
    right: str
    same: bool
    stratum: str
    fold: int
    values: Vector  # 1 for the prior, then the features
    doubt: str = ""  # why the two would be asked about however likely


def main() -> None:
    chosen = options(str(__doc__), "name_a, name_b, same, stratum, entity_a, entity_b")
    pairs = load(chosen.file)
    scores = dict(logits(pairs))
    report(pairs, scores.__getitem__)
    weights = fit(pairs)
    for name, weight in weights_by_name(weights).items():
        print(f"  {name:20} {weight:+.2f}")
    if chosen.write:
        write(weights)


def logits(pairs: Sequence[Labelled]) -> list[tuple[Labelled, float]]:
    """Each pair with what the weights that were fitted without its fold say."""
    by_fold = [fit([pair for pair in pairs if pair.fold != fold]) for fold in range(FOLDS)]
    return [(pair, dot(by_fold[pair.fold], pair.values)) for pair in pairs]


def options(about: str, columns: str) -> argparse.Namespace:
    """``file`` with these columns, and whether to ``write`` what is fitted."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help=f"CSV, gzip: {columns}")
    parser.add_argument("--write", action="store_true", help="put the weights into suppliers/matching/data")
    return parser.parse_args()


def load(path: str) -> list[Labelled]:
    """What is fitted on a file of labelled pairs."""
    with gzip.open(path, "rt", encoding="utf-8") as table:
        return fitted_on(list(csv.DictReader(table)))


def fitted_on(rows: Sequence[dict[str, str]], rarity: Rarity | None = None) -> list[Labelled]:
    """The labelled pairs, each in the fold of its left supplier, then made ones within one fold."""
    supplier = suppliers_of(rows)
    chance = random.Random(1)
    fold = {root: chance.randrange(FOLDS) for root in sorted(set(supplier.values()))}
    pairs = [read_pair(row, rarity, fold[supplier[row["name_a"]]]) for row in rows]
    names = [sorted(name for name in supplier if fold[supplier[name]] == f) for f in range(FOLDS)]
    while len(pairs) < len(rows) + RANDOM_NEGATIVES:
        f = len(pairs) % FOLDS
        left, right = chance.choice(names[f]), chance.choice(names[f])
        if supplier[left] != supplier[right]:
            pairs.append(labelled(left, right, same=False, stratum="random", fold=f, rarity=rarity))
    made = {"initials": initials, "neighbours": neighbours}
    return pairs + [
        labelled(a, b, same=False, stratum=stratum, fold=f, rarity=rarity)
        for stratum, pairs_of in made.items()
        for f in range(FOLDS)
        for a, b in pairs_of(names[f], supplier)
    ]


def read_pair(row: dict[str, str], rarity: Rarity | None = None, fold: int = 0) -> Labelled:
    return labelled(row["name_a"], row["name_b"], same=row["same"] == "1", stratum=row["stratum"], fold=fold, rarity=rarity)


def labelled(left: str, right: str, *, same: bool, stratum: str, fold: int, rarity: Rarity | None = None) -> Labelled:
    pair = nearest(candidate(left), candidate(right), rarity)
    values = (1.0, *(feature.value(pair) for feature in NAME_FEATURES))
    return Labelled(left, right, same, stratum, fold, values, conflict(pair) or names_alone(pair))


def suppliers_of(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    """Name to one root name of its connected component: same entity, or labelled the same."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    names: set[str] = set()
    for row in rows:
        for name, entity in ((row["name_a"], row["entity_a"]), (row["name_b"], row["entity_b"])):
            names.add(name)
            parent[root(name)] = root(f"entity {entity}")
        if row["same"] == "1":
            parent[root(row["name_a"])] = root(row["name_b"])
    return {name: root(name) for name in sorted(names)}


def fit(pairs: Sequence[Labelled]) -> list[float]:
    """Penalised logistic regression. A feature whose weight takes the wrong sign is left out, and the rest fitted again."""
    counted = Counter((pair.values, pair.same) for pair in pairs)
    live = list(range(len(NAME_FEATURES) + 1))
    while True:
        few = [(tuple(values[i] for i in live), same, count) for (values, same), count in counted.items()]
        fitted = newton(few)
        by_place = dict(zip(live, fitted, strict=True))
        wrong = [i for i, weight in by_place.items() if i and (weight < 0) == NAME_FEATURES[i - 1].speaks_for]
        if not wrong:
            return [by_place.get(i, 0.0) for i in range(len(NAME_FEATURES) + 1)]
        live.remove(max(wrong, key=lambda i: abs(by_place[i])))  # one at a time: without it, the others may be right


def newton(rows: Sequence[tuple[Vector, bool, int]]) -> list[float]:
    size = len(rows[0][0])
    weights = [0.0] * size
    for _ in range(30):
        gradient = [0.0] + [-RIDGE * weight for weight in weights[1:]]
        curve = [[RIDGE * (i == j and i > 0) for j in range(size)] for i in range(size)]
        for values, same, count in rows:
            p = logistic(dot(weights, values))
            slope, bend = count * (same - p), count * p * (1 - p)
            present = [i for i in range(size) if values[i]]
            for i in present:
                gradient[i] += slope * values[i]
                for j in present:
                    curve[i][j] += bend * values[i] * values[j]
        step = solve(curve, gradient)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss elimination; the ridge keeps the matrix positive definite, so no pivot is zero."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i, pivot in enumerate(rows):
        pivot[:] = [value / pivot[i] for value in pivot]
        for j, row in enumerate(rows):
            if j != i and row[i]:
                row[:] = [a - row[i] * b for a, b in zip(row, pivot, strict=True)]
    return [row[-1] for row in rows]


def dot(weights: Sequence[float], values: Vector) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def report(pairs: Sequence[Labelled], ours: Scorer) -> None:
    peers: dict[str, Scorer] = {
        "Vouch": ours,
        "rapidfuzz WRatio": lambda pair: fuzz.WRatio(pair.left.lower(), pair.right.lower()),
        "rapidfuzz token_set_ratio": lambda pair: fuzz.token_set_ratio(pair.left.lower(), pair.right.lower()),
    }
    for title, left_out in STRATA.items():
        judged = [pair for pair in pairs if pair.stratum not in left_out]
        for peer, scorer in peers.items():
            print(f"{title:20} {peer:26} F1 {{:.3f}}  precision {{:.3f}}  recall {{:.3f}}".format(*crossed(judged, scorer)))
    probability = {pair: logistic(ours(pair)) for pair in pairs}
    tier_a = [pair for pair in pairs if pair.stratum not in STRATA["tier A"]]
    print(f"recall at precision 0.99, tier A: {recall_at(tier_a, ours, precision=0.99):.3f}")
    print(f"calibration error: {calibration_error(probability):.4f}")
    sure = [pair.same for pair, p in probability.items() if p >= SAME]
    print(f"p >= {SAME}: right in {sum(sure)} of {len(sure)}")
    print(both_columns([(pair, p) for pair, p in probability.items() if pair.stratum not in MADE]))
    for stratum in sorted({pair.stratum for pair in pairs}):
        said = Counter((pair.same, probability[pair] >= 0.5) for pair in pairs if pair.stratum == stratum)
        shown = sum(p >= ASK for pair, p in probability.items() if pair.stratum == stratum and pair.same)
        print(
            f"  {stratum:13} same: found {said[True, True]} (asked or found {shown}) of {said[True, True] + said[True, False]}; "
            f"different: kept apart {said[False, False]} of {said[False, False] + said[False, True]}"
        )


def both_columns(judged: Sequence[tuple[Labelled, float]]) -> str:
    """Verdicts, and recall without renames, as labelled and with the labels read again."""
    again = [(replace(pair, same=same_when_read(pair.left, pair.right, labelled=pair.same)), p) for pair, p in judged]
    return f"as labelled: {column(judged)}\nlabels read again: {column(again)}"


def column(judged: Sequence[tuple[Labelled, float]]) -> str:
    score = {pair: p for pair, p in judged if pair.stratum != "dissimilar"}
    recall = {precision: recall_at(list(score), score.__getitem__, precision=precision) for precision in (0.99, 0.98)}
    return f"recall at 0.99 {recall[0.99]:.3f}, at 0.98 {recall[0.98]:.3f}; {verdicts(judged)}"


def verdicts(judged: Sequence[tuple[Labelled, float]]) -> str:
    """How many are same, ask and different, as Vouch says it, and how many of the first and the last are wrong."""
    said: Counter[tuple[str, bool]] = Counter()
    for pair, p in judged:
        said["different" if p < ASK else "ask" if p < SAME or pair.doubt else "same", pair.same] += 1
    count = {verdict: said[verdict, True] + said[verdict, False] for verdict in ("same", "ask", "different")}
    return (
        f"same {count['same']}, {said['same', False]} wrong; ask {count['ask']} ({count['ask'] / len(judged):.1%}), "
        f"{said['ask', True]} the same; different {count['different']}, {said['different', True]} wrong"
    )


def crossed(pairs: Sequence[Labelled], scorer: Scorer) -> tuple[float, float, float]:
    """F1, precision, recall of all folds together, each at the threshold of the others."""
    scores = {pair: scorer(pair) for pair in pairs}
    said: Counter[tuple[bool, bool]] = Counter()
    for fold in range(FOLDS):
        threshold = best_threshold([(scores[pair], pair.same) for pair in pairs if pair.fold != fold])
        said.update((pair.same, scores[pair] >= threshold) for pair in pairs if pair.fold == fold)
    return f1(said[True, True], said[False, True], said[True, False])


def f1(right: int, wrong: int, missed: int) -> tuple[float, float, float]:
    return 2 * right / (2 * right + wrong + missed or 1), right / (right + wrong or 1), right / (right + missed or 1)


def best_threshold(scored: list[tuple[float, bool]]) -> float:
    scored.sort(reverse=True)
    positives = sum(same for _, same in scored)
    right, best = 0, (0.0, 0.0)
    for said, (score, same) in enumerate(scored, start=1):
        right += same
        if said == len(scored) or scored[said][0] < score:  # a threshold can't part equal scores
            best = max(best, (f1(right, said - right, positives - right)[0], score))
    return best[1]


def recall_at(pairs: Sequence[Labelled], scorer: Scorer, *, precision: float) -> float:
    ranked = sorted(pairs, key=scorer, reverse=True)
    right, reached = 0, 0
    for said, pair in enumerate(ranked, start=1):
        right += pair.same
        reached = right if right / said >= precision else reached
    return reached / sum(pair.same for pair in pairs)


def calibration_error(probability: dict[Labelled, float], bins: int = 10) -> float:
    """Mean gap between what was promised and what came true, by tenths, random negatives included."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for pair, p in probability.items():
        groups.setdefault(min(int(p * bins), bins - 1), []).append((p, pair.same))
    return math.fsum(abs(math.fsum(p - same for p, same in group)) for group in groups.values()) / len(probability)


def weights_by_name(weights: Sequence[float]) -> dict[str, float]:
    names = ("prior", *(feature.name for feature in NAME_FEATURES))
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def write(weights: Sequence[float]) -> None:
    """Identifier weights stay as they are."""
    table = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    names = weights_by_name(weights)
    table["prior"] = names.pop("prior")
    table["names"] = names
    WEIGHTS.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

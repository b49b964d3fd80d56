"""Fits what a pair of names tells less because it was found in a list, and says what a probability is worth there.

    python -m bench.fit_lists supplier_names.csv.gz [--write]

Labelled pairs were chosen to look alike, one in four of one supplier. Of the pairs that a whole list holds, nearly all that look
alike are strangers. `data/judged_candidates.csv` has pairs that were found in the lists of seven bodies, read by a person, a
doubt counting as "not". The weights of names stay as bench/fit_matching.py fitted them; those of lists are fitted on top. They
are judged on the lists of three other bodies (`data/judged_lists.csv`). A body's own words are taken out of the shipped counts.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench.fit_matching import WEIGHTS, options, solve
from bench.sources import bodies_of, rarity_without, read
from suppliers.matching.distinct import DistinctListBuilder
from suppliers.matching.features import LIST_FEATURES
from suppliers.matching.identifiers import NO_IDENTIFIERS
from suppliers.matching.matching import ASK, candidate, log_odds, logistic, nearest

DATA: Final = Path(__file__).parent / "data"
RIDGE: Final = 0.5
BOUNDS: Final = (0.0, ASK, 0.5, 0.7, 0.9, 1.01)


@dataclass(frozen=True)
class Judged:
    body: str
    same: bool
    alone: float  # log-odds of the two names, wherever they were found
    values: tuple[float, ...]  # of the list features


def main() -> None:
    chosen = options(str(__doc__), "name, body")
    names = read(chosen.file)
    fitted_on = list(judged("judged_candidates.csv", names))
    bodies = sorted({one.body for one in fitted_on})
    for left_out in bodies:
        tell(
            left_out, [one for one in fitted_on if one.body == left_out], fit([one for one in fitted_on if one.body != left_out])
        )
    weights = fit(fitted_on)
    asked = list(judged("judged_lists.csv", names, said="ask"))
    for body in sorted({one.body for one in asked}):
        tell(f"{body}, asked about", [one for one in asked if one.body == body], weights)
    by_name = {feature.name: round(weight, 3) for feature, weight in zip(LIST_FEATURES, weights, strict=True)}
    print(by_name)
    if chosen.write:
        table = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        WEIGHTS.write_text(json.dumps(table | {"lists": by_name}, indent=2) + "\n", encoding="utf-8")


def judged(file: str, names: Sequence[dict[str, str]], said: str = "") -> Iterator[Judged]:
    having = bodies_of(names)
    by_body = defaultdict(list)
    with (DATA / file).open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row.get("said", "") == said:
                by_body[row["body"]].append(row)
    for body, rows in by_body.items():
        listed = DistinctListBuilder(shipped=rarity_without(having, frozenset({body})))
        for name in sorted({row["name"] for row in names if row["body"] == body}):
            listed.add(name, NO_IDENTIFIERS)
        rarity = listed.listed().rarity
        for row in rows:
            pair = nearest(candidate(row["name_a"]), candidate(row["name_b"]), rarity)
            yield Judged(body, row["same"] == "1", log_odds(pair), tuple(feature.value(pair) for feature in LIST_FEATURES))


def fit(rows: Sequence[Judged]) -> list[float]:
    """Logistic regression upon what the names tell alone, by Newton's steps, halved where one would go too far."""
    weights = [0.0] * len(LIST_FEATURES)
    size = range(len(weights))
    while True:
        gradient = [-RIDGE * weight for weight in weights]
        curve = [[RIDGE * (i == j) for j in size] for i in size]
        for row in rows:
            p = logistic(in_list(row, weights))
            for i in size:
                gradient[i] += (row.same - p) * row.values[i]
                for j in size:
                    curve[i][j] += p * (1 - p) * row.values[i] * row.values[j]
        step, share, now = solve(curve, gradient), 1.0, cost(rows, weights)
        while cost(rows, (tried := [a + share * b for a, b in zip(weights, step, strict=True)])) > now and share > 1e-6:
            share /= 2
        if now - cost(rows, tried) < 1e-9:
            return weights
        weights = tried


def in_list(row: Judged, weights: Sequence[float]) -> float:
    return row.alone + math.fsum(weight * value for weight, value in zip(weights, row.values, strict=True))


def cost(rows: Sequence[Judged], weights: Sequence[float]) -> float:
    odds = ((1 if row.same else -1) * in_list(row, weights) for row in rows)
    return math.fsum(math.log1p(math.exp(-one)) for one in odds) + RIDGE / 2 * math.fsum(weight**2 for weight in weights)


def tell(title: str, rows: Sequence[Judged], weights: Sequence[float]) -> None:
    found = [(logistic(in_list(row, weights)), row.same) for row in rows]
    bands = []
    for low, high in pairwise(BOUNDS):
        within = [same for p, same in found if low <= p < high]
        bands.append(f"{low} to {min(high, 1)}: {sum(within)} of {len(within)}")
    print(f"{title}: {len(rows)} pairs; of one supplier at {', '.join(bands)}")


if __name__ == "__main__":
    main()

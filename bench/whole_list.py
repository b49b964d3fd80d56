"""The doubles in a whole list of names: Vouch beside Splink and string_grouper, at equal precision by review.

    peers/bin/python -m bench.whole_list TOOL supplier_names.csv.gz supplier_entities_dev.csv.gz [--unjudged FILE]

(bench/peers.py says how to make `peers`.) Each tool runs in a process of its own and finds its pairs once; they are counted
at several thresholds. A pair counts when its names differ in more than capitals, signs and figures: card payments to 250
inns of one chain, each with its own number, are 31,000 pairs, and no achievement. At each threshold the pairs are put in an
order of chance that is the same for all tools, and the first SAMPLE of them are looked up in bench/data/judged_pairs.csv,
where a person has said of each whether it is one supplier; --unjudged writes those that are not there yet.
"""

import argparse
import csv
import gzip
import hashlib
import re
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from anyascii import anyascii

Pair = tuple[str, str]  # in order
At = Callable[[float], Iterable[Pair]]

JUDGED = Path(__file__).parent / "data" / "judged_pairs.csv"
SAMPLE = 100
LARGEST_ENTITY = 6  # names; beyond it, they are mostly sites
THRESHOLDS = {
    "vouch": (0.8, 0.9, 0.95, 0.985),
    "splink": (0.99, 0.994, 0.996, 0.998),
    "string_grouper": (0.75, 0.8, 0.85, 0.9),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("tool", choices=THRESHOLDS)
    options.add_argument("names", help="CSV, gzip: name")
    options.add_argument("entities", help="CSV, gzip: name, entity_id")
    options.add_argument("--unjudged", type=Path, help="write sampled pairs that nobody has judged yet, of each threshold")
    options.add_argument("--threshold", type=float, action="append", help="instead of the usual ones; may be repeated")
    chosen = options.parse_args()
    names = sorted({row["name"] for row in rows(chosen.names)})
    wanted = truth(chosen.entities, set(names))
    clock, processor = time.monotonic(), processor_seconds()
    at = TOOLS[chosen.tool](names)
    clock, processor = time.monotonic() - clock, processor_seconds() - processor
    print(f"{chosen.tool}: {len(names):,} names, {clock:.1f} s, {processor:.1f} s of the processor, peak {peak_mb():,.0f} MB")
    print("| threshold | pairs said | of them true, in the sample | true pairs | recall on the truth |\n|---|---|---|---|---|")
    judged = judgements()
    unjudged: dict[Pair, float] = {}
    for threshold in chosen.threshold or THRESHOLDS[chosen.tool]:
        said = {pair for pair in at(threshold) if differ(pair)}
        sample = sampled(said)
        unjudged |= {pair: threshold for pair in sample if pair not in judged}
        print(
            f"| {threshold} | {len(said):,} | {precision(sample, judged, len(said))} | {len(said & wanted) / len(wanted):.3f} |"
        )
    if chosen.unjudged:
        write(chosen.unjudged, unjudged)


def rows(path: str) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def truth(path: str, names: set[str]) -> set[Pair]:
    """Pairs of names in the list that are labelled as one entity's."""
    by_entity: dict[str, set[str]] = defaultdict(set)
    for row in rows(path):
        if row["name"] in names:
            by_entity[row["entity_id"]].add(row["name"])
    fitting = (sorted(one) for one in by_entity.values() if len(one) <= LARGEST_ENTITY)
    return {pair for one in fitting for pair in combinations(one, 2) if differ(pair)}


def differ(pair: Pair) -> bool:
    left, right = (re.sub(r"[^a-z]", "", anyascii(name).casefold()) for name in pair)
    return left != right


def sampled(said: Iterable[Pair]) -> list[Pair]:
    return sorted(said, key=lambda pair: hashlib.sha256("\n".join(pair).encode()).digest())[:SAMPLE]


def precision(sample: Sequence[Pair], judged: Mapping[Pair, bool], said: int) -> str:
    """Two cells; the second is how many of those said are true, by the sample."""
    known = [judged[pair] for pair in sample if pair in judged]
    if len(known) < len(sample) or not known:
        return f"{len(sample) - len(known)} not judged | "
    return f"{sum(known)} of {len(known)} | {said * sum(known) / len(known):,.0f}"


def judgements() -> dict[Pair, bool]:
    if not JUDGED.exists():
        return {}
    with JUDGED.open(encoding="utf-8") as table:
        return {(row["name_a"], row["name_b"]): row["same"] == "1" for row in csv.DictReader(table)}


def write(to: Path, unjudged: Mapping[Pair, float]) -> None:
    with to.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows(
            [("threshold", "name_a", "name_b", "same", "why"), *((at, *pair, "", "") for pair, at in unjudged.items())]
        )


def processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_mb() -> float:
    """Of this process and, where it has started two, twice that of the larger."""
    here, there = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (here + 2 * there) / 1e3


def vouch(names: Sequence[str]) -> At:
    """As `vouch suppliers dedupe` does it, on two processors: what is said is what stands in one cluster."""
    from suppliers.matching import dedupe  # noqa: PLC0415 - each tool is loaded by itself, for its memory
    from suppliers.matching.distinct import DistinctListBuilder  # noqa: PLC0415
    from suppliers.matching.identifiers import NO_IDENTIFIERS  # noqa: PLC0415

    taken = DistinctListBuilder()
    for name in names:
        taken.add(name, NO_IDENTIFIERS)
    listed = taken.listed()
    with dedupe.comparing(listed, jobs=2) as (_, chunks):
        compared = dedupe.compared(listed, chunks)
    compared.clusters()

    def at(threshold: float) -> Iterator[Pair]:
        found = compared.clusters(threshold)
        together: dict[int, list[str]] = defaultdict(list)
        for name, place in zip(names, listed.at, strict=True):
            together[found.of[place]].append(name)
        return (pair for one in together.values() for pair in combinations(sorted(one), 2))

    return at


def splink(names: Sequence[str]) -> At:
    """Trained without labels, as its tutorial does: `u` from random pairs, `m` by expectation maximisation over two blocks."""
    from splink import block_on  # noqa: PLC0415

    from bench import peer_scorers  # noqa: PLC0415

    table = peer_scorers.splink_names(names)
    exact = block_on("cleaned")
    blocking = [exact, block_on("rarest"), block_on("second"), "l.rarest = r.second", block_on("first")]
    linker, _ = peer_scorers.splink_linker(table, blocking, prior=1e-5)
    linker.training.estimate_probability_two_random_records_match([exact], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("rarest"))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    scored = list(zip(found["name_l"], found["name_r"], found["match_probability"], strict=True))
    return lambda threshold: (tuple(sorted((a, b))) for a, b, score in scored if score >= threshold)


def string_grouper(names: Sequence[str]) -> At:
    """As it comes, but for the threshold and the number of matches of one name."""
    import pandas as pd  # noqa: PLC0415
    from string_grouper import match_strings  # noqa: PLC0415

    found = match_strings(
        pd.Series(names), min_similarity=min(THRESHOLDS["string_grouper"]), max_n_matches=50, number_of_processes=2
    )
    scored = [
        (names[a], names[b], score)
        for a, b, score in zip(found["left_index"], found["right_index"], found["similarity"], strict=True)
        if a < b
    ]
    return lambda threshold: ((a, b) for a, b, score in scored if score >= threshold)


TOOLS: dict[str, Callable[[Sequence[str]], At]] = {"vouch": vouch, "splink": splink, "string_grouper": string_grouper}


if __name__ == "__main__":
    main()

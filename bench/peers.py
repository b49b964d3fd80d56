"""Vouch beside its peers on the same labelled pairs, in one run.

    python3 -m venv peers && peers/bin/pip install -r bench/peers.txt
    peers/bin/python -m bench.peers supplier_pairs_dev.csv.gz [PEER ...]

The folds, strata and random pairs are those of bench/fit_matching.py: no supplier in two folds, each fold judged at the
threshold that was best on the others. Random pairs are for training and for the calibration error; F1 is on the labelled
pairs alone, which are all look-alikes. Vouch and the trained peers are trained on the other folds. Seconds are the processor's.
"""

import argparse
import time
from collections.abc import Sequence

from bench.fit_matching import STRATA, Labelled, calibration_error, crossed, load, recall_at
from bench.peer_scorers import PEERS, PROBABILITIES, Scores

HEADINGS = (
    *(f"{title}: F1, precision, recall" for title in STRATA),
    "recall at precision 0.99",
    "calibration error",
    "µs a pair",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pairs", help="CSV, gzip: name_a, name_b, same, stratum, entity_a, entity_b")
    options.add_argument("peers", nargs="*", metavar="PEER", help=f"of: {', '.join(PEERS)}; all without it")
    chosen = options.parse_args()
    began = time.process_time()
    pairs = load(chosen.pairs)
    reading = time.process_time() - began  # Vouch's features are worked out here
    print("| |", " | ".join(HEADINGS), "|")
    print("|---" * (len(HEADINGS) + 1) + "|")
    for name in chosen.peers or PEERS:
        began = time.process_time()
        scores = PEERS[name](pairs)
        seconds = time.process_time() - began + (reading if name == "Vouch" else 0)
        told = figures(pairs, scores, is_probability=name in PROBABILITIES)
        print(f"| {name} |", " | ".join([*told, f"{seconds / len(pairs) * 1e6:.0f}"]), "|", flush=True)


def figures(pairs: Sequence[Labelled], scores: Scores, *, is_probability: bool) -> list[str]:
    told = []
    for left_out in STRATA.values():
        judged = [pair for pair in pairs if pair.stratum not in left_out]
        told.append("{:.3f}, {:.3f}, {:.3f}".format(*crossed(judged, scores.__getitem__)))
    easier = [pair for pair in pairs if pair.stratum not in STRATA["without dissimilar"]]
    told.append(f"{recall_at(easier, scores.__getitem__, precision=0.99):.3f}")
    told.append(f"{calibration_error(scores):.3f}" if is_probability else "")
    return told


if __name__ == "__main__":
    main()

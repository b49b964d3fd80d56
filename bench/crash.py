"""Twenty times on each engine: kill -9 at a random one of 1,000 recorded writes, then look at what is left.

On PostgreSQL half of the kills hit a process of the server, which then recovers from its log; the others, and all on
SQLite, hit the service. Prints what was lost; ends with status 1 if anything was.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.given import crashing
from tests.given.postgres import server

ROUNDS, WRITES = 20, 1000


def rounds(url: str, seed: int) -> tuple[int, int, list[str]]:
    """Acknowledged writes, changes found, and faults, over all rounds; looks after each."""
    choose, acknowledged = random.Random(seed), set[str]()
    changes, faults = 0, list[str]()
    for number in range(ROUNDS):
        acknowledged |= set(crashing.crash(url, number, choose.randrange(1, WRITES), choose).acknowledged)
        seen = crashing.look(url)
        changes, found = len(seen.changes), crashing.faults(acknowledged, seen)
        faults += found
        print(f"round {number + 1}: {len(acknowledged)} acknowledged, {changes} saved, {len(found)} faults", flush=True)
    return len(acknowledged), changes, faults


def main() -> int:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else time.time_ns()
    print(f"seed {seed}")
    rows, faults = [], list[str]()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, server() as postgres:
        for engine, url in (("SQLite", f"sqlite:///{folder}/vouch.sqlite"), ("PostgreSQL", f"{postgres}&synchronous_commit=on")):
            acknowledged, changes, found = rounds(url, seed)
            rows.append(f"| {engine} | {ROUNDS} | {acknowledged} | {changes} | {len(found)} |")
            faults += found
    print("\n| engine | kills | writes acknowledged | writes saved | faults |\n|---|---|---|---|---|", *rows, *faults, sep="\n")
    return min(len(faults), 1)


if __name__ == "__main__":
    sys.exit(main())

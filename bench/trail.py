"""What the trail costs: its Merkle log beside pymerkle at a million leaves, and a recorded write beside the bare insert.

``./run bench trail`` does both; ``./run bench trail tree`` and ``./run bench trail writes`` one of them. Each side of
each comparison runs in a process of its own, so that memory is its own too.
"""

import asyncio
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from uuid import uuid4

os.environ["PICCOLO_CONF"] = "piccolo_conf"
sys.path.insert(0, str(Path(__file__).parent.parent))

LEAVES, PROOFS = 1_000_000, 2_000
ROUNDS, UNITS = 41, 96


def main() -> None:
    asked = sys.argv[1:] or ["tree", "writes"]
    if asked[0] in PARTS:
        print(json.dumps(PARTS[asked[0]]()))
        return
    if "tree" in asked:
        _compare_trees()
    if "writes" in asked:
        _compare_writes()


def _part(name: str, **env: str) -> dict[str, float]:
    """The measurements of one part, taken in a process of its own."""
    answer = subprocess.check_output([sys.executable, __file__, name], env=os.environ | env)  # noqa: S603 - this very file
    measured: dict[str, float] = json.loads(answer)
    return measured


def _compare_trees() -> None:
    ours, theirs = _part("our_tree"), _part("pymerkle_tree")
    print(f"\n{LEAVES:,} leaves, {PROOFS:,} random proofs\n\n| | Vouch | pymerkle | ratio |\n|---|---|---|---|")
    for name in ours:
        print(f"| {name} | {ours[name]:,.0f} | {theirs[name]:,.0f} | {ours[name] / theirs[name]:.2f} |")


def our_tree() -> dict[str, float]:
    """Keeps what a trail keeps: the frontier, the leaf hashes and the stored subtrees."""
    from audit import merkle, ranges  # noqa: PLC0415 - each part loads its own, for the sake of memory

    before = _memory()
    frontier, leaves, rows = b"", bytearray(), {8: dict[int, bytes](), 16: dict[int, bytes]()}
    began = time.perf_counter()
    for size in range(LEAVES):
        leaf = merkle.leaf_hash(b"entry %d" % size)
        frontier, completed = merkle.push(frontier, size, leaf)
        leaves += leaf
        for node in completed:
            rows[node.level][node.n] = node.hash
    appended = time.perf_counter() - began
    kept, root = _memory() - before, merkle.frontier_root(frontier)
    indexes = random.Random(1).sample(range(LEAVES), PROOFS)
    stored = {0: _Slices(leaves), **rows}
    began = time.perf_counter()
    proofs = [[ranges.hash_of(*span, stored) for span in ranges.inclusion_ranges(index, LEAVES)] for index in indexes]
    proved = time.perf_counter() - began
    began = time.perf_counter()
    for index, proof in zip(indexes, proofs, strict=True):
        merkle.verify_inclusion(leaf_hash=stored[0][index], index=index, size=LEAVES, proof=proof, root=root)
    return _figures(appended, proved, time.perf_counter() - began, kept)


class _Slices(dict[int, bytes]):
    """Leaf hashes by position out of one run of bytes, as a database would hand them over."""

    def __init__(self, run: bytearray) -> None:
        super().__init__()
        self._run = run

    def __getitem__(self, position: int) -> bytes:
        return bytes(self._run[32 * position : 32 * position + 32])


def pymerkle_tree() -> dict[str, float]:
    from pymerkle import InmemoryTree, verify_inclusion  # noqa: PLC0415 - see our_tree

    before, tree = _memory(), InmemoryTree(algorithm="sha256")
    began = time.perf_counter()
    for size in range(LEAVES):
        tree.append_entry(b"entry %d" % size)
    appended = time.perf_counter() - began
    kept, root = _memory() - before, tree.get_root()
    indexes = random.Random(1).sample(range(LEAVES), PROOFS)
    began = time.perf_counter()
    proofs = [tree.prove_inclusion(index + 1) for index in indexes]
    proved = time.perf_counter() - began
    leaves = [tree.get_leaf(index + 1) for index in indexes]
    began = time.perf_counter()
    for leaf, proof in zip(leaves, proofs, strict=True):
        verify_inclusion(leaf, root, proof)
    return _figures(appended, proved, time.perf_counter() - began, kept)


def _figures(appended: float, proved: float, verified: float, kept: int) -> dict[str, float]:
    return {
        "appends a second": LEAVES / appended,
        "inclusion proofs a second": PROOFS / proved,
        "verifications a second": PROOFS / verified,
        "memory taken, MB": kept / 1024,
    }


def _memory() -> int:
    """The most that this process has held so far, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _compare_writes() -> None:
    from tests.given.postgres import DURABLE, server  # noqa: PLC0415 - see our_tree

    print(f"\n{UNITS} writes a round, {ROUNDS} rounds that alternate: medians, and the middle half of the rounds' ratios;")
    print("on disk, every commit flushed\n")
    print("| engine | writers | bare inserts/s | recorded/s | ratio | middle half |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, server(DURABLE, None) as postgres:
        for engine, url in (("SQLite", f"sqlite:///{folder}/vouch.sqlite"), ("PostgreSQL", postgres)):
            for writers in ("1", "16"):
                measured = _part("writes_of_an_engine", VOUCH_DATABASE_URL=url, VOUCH_POOL_SIZE="16", BENCH_WRITERS=writers)
                bare, recorded = measured["bare"], measured["recorded"]
                spread = f"{measured['low']:.2f} to {measured['high']:.2f}"
                ratio = measured["ratio"]
                print(f"| {engine} | {writers} | {bare:.0f} | {recorded:.0f} | {ratio:.2f} | {spread} |", flush=True)


def writes_of_an_engine() -> dict[str, float]:
    """Of the database in VOUCH_DATABASE_URL: each writer has a school of its own, as in a network of schools."""
    return asyncio.run(_writes(int(os.environ["BENCH_WRITERS"])))


async def _writes(writers: int) -> dict[str, float]:
    from enum import StrEnum  # noqa: PLC0415 - see our_tree

    import audit  # noqa: PLC0415
    import database  # noqa: PLC0415
    from base import settings  # noqa: PLC0415
    from base.clock import now  # noqa: PLC0415
    from base.viewer import Role, Viewer  # noqa: PLC0415
    from database import migrations  # noqa: PLC0415
    from sharing.tables import Throttle  # noqa: PLC0415

    event = StrEnum("event", {"THING_DONE": "thing.done"}).THING_DONE  # type: ignore[attr-defined]  # made just now
    viewers = [Viewer(uuid4(), "Ada Marsh", uuid4(), "Oakfield", Role.BUSINESS_MANAGER) for _ in range(writers)]
    numbers = count(time.time_ns())

    async def insert() -> None:
        await Throttle.insert(Throttle(key=f"bench-{next(numbers)}", failures=0, last_at=now()))

    async def bare(_: Viewer) -> None:
        async with database.write():
            await insert()

    async def recorded(viewer: Viewer) -> None:
        async with audit.recording(viewer) as record:
            await insert()
            facts = {"old": {"rating": 3}, "new": {"rating": 4}}
            record(event, stream="supplier:1", subject="review:1", facts=facts, personal={"praise": "Quick, and clean."})

    async def rate(unit: Callable[[Viewer], Awaitable[None]]) -> float:
        async def writer(viewer: Viewer) -> None:
            for _ in range(UNITS // writers):
                await unit(viewer)

        began = time.perf_counter()
        await asyncio.gather(*(writer(viewer) for viewer in viewers))
        return UNITS / (time.perf_counter() - began)

    await database.open(settings.current())
    await migrations.migrate()
    await rate(recorded)  # trails, streams and connections are made before anything is measured
    rounds = [(await rate(bare), await rate(recorded)) for _ in range(ROUNDS)]
    await database.close()
    low, ratio, high = statistics.quantiles((one / other for one, other in rounds), n=4)
    return {
        "bare": statistics.median(one for one, _ in rounds),
        "recorded": statistics.median(other for _, other in rounds),
        "low": low,
        "ratio": ratio,
        "high": high,
    }


PARTS: dict[str, Callable[[], dict[str, float]]] = {
    part.__name__: part for part in (our_tree, pymerkle_tree, writes_of_an_engine)
}

if __name__ == "__main__":
    main()

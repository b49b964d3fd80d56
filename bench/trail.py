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

LEAVES, PROOFS, TREE_ROUNDS = 1_000_000, 2_000, 5
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
    rounds = [(_part("our_tree"), _part("pymerkle_tree")) for _ in range(TREE_ROUNDS)]
    print(f"\n{LEAVES:,} leaves, {PROOFS:,} random proofs; seconds of the processor, medians of {TREE_ROUNDS} rounds that")
    print("alternate, and the lowest and the highest ratio of a round\n\n| | Vouch | pymerkle | ratio |\n|---|---|---|---|")
    for name in rounds[0][0]:
        ours, theirs = (statistics.median(measured[which][name] for measured in rounds) for which in (0, 1))
        ratios = sorted(one[name] / other[name] for one, other in rounds)
        spread = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(f"| {name} | {ours:,.0f} | {theirs:,.0f} | {spread} |")


def our_tree() -> dict[str, float]:
    """Keeps what a trail keeps: the frontier, the leaf hashes and the stored subtrees."""
    from audit import merkle, ranges  # noqa: PLC0415 - each part loads its own, for the sake of memory

    before = _memory()
    frontier, leaves, nodes = merkle.Frontier(), bytearray(), {level: bytearray() for level in merkle.STORED_LEVELS}
    leaf_hash, push = merkle.leaf_hash, frontier.push
    began = time.process_time()
    for size in range(LEAVES):
        leaf = leaf_hash(b"entry %d" % size)
        leaves += leaf
        for level, _, node in push(leaf):
            nodes[level] += node
    appended = time.process_time() - began
    kept, root = _memory() - before, frontier.root
    indexes = random.Random(1).sample(range(LEAVES), PROOFS)
    stored = {level: _Slices(run) for level, run in ((0, leaves), *nodes.items())}
    hashes = [stored[0][index] for index in indexes]
    began = time.process_time()
    proofs = [[ranges.hash_of(*span, stored) for span in ranges.inclusion_ranges(index, LEAVES)] for index in indexes]
    proved = time.process_time() - began
    began = time.process_time()
    for leaf, index, proof in zip(hashes, indexes, proofs, strict=True):
        merkle.verify_inclusion(leaf_hash=leaf, index=index, size=LEAVES, proof=proof, root=root)
    return _figures(appended, proved, time.process_time() - began, kept)


class _Slices(dict[int, bytes]):
    """Hashes of a level by position out of one run of bytes, as a database would hand them over."""

    def __init__(self, run: bytearray) -> None:
        super().__init__()
        self._run = run

    def __getitem__(self, position: int) -> bytes:
        return bytes(self._run[32 * position : 32 * position + 32])


def pymerkle_tree() -> dict[str, float]:
    from pymerkle import InmemoryTree, verify_inclusion  # noqa: PLC0415 - see our_tree

    before, tree = _memory(), InmemoryTree(algorithm="sha256")
    began = time.process_time()
    for size in range(LEAVES):
        tree.append_entry(b"entry %d" % size)
    appended = time.process_time() - began
    kept, root = _memory() - before, tree.get_root()
    indexes = random.Random(1).sample(range(LEAVES), PROOFS)
    began = time.process_time()
    proofs = [tree.prove_inclusion(index + 1) for index in indexes]
    proved = time.process_time() - began
    leaves = [tree.get_leaf(index + 1) for index in indexes]
    began = time.process_time()
    for leaf, proof in zip(leaves, proofs, strict=True):
        verify_inclusion(leaf, root, proof)
    return _figures(appended, proved, time.process_time() - began, kept)


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
    print("| engine | writers | bare inserts/s | recorded/s | ratio | middle half | about a supplier/s | recorded ÷ that |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, server(DURABLE, None) as postgres:
        for engine, url in (("SQLite", f"sqlite:///{folder}/vouch.sqlite"), ("PostgreSQL", postgres)):
            for writers in ("1", "16"):
                measured = _part("writes_of_an_engine", VOUCH_DATABASE_URL=url, VOUCH_POOL_SIZE="16", BENCH_WRITERS=writers)
                bare, recorded = measured["bare"], measured["recorded"]
                spread = f"{measured['low']:.2f} to {measured['high']:.2f}"
                ratio, of_name = measured["ratio"], f"{measured['named']:.0f} | {measured['name']:.2f}"
                print(f"| {engine} | {writers} | {bare:.0f} | {recorded:.0f} | {ratio:.2f} | {spread} | {of_name} |", flush=True)


def writes_of_an_engine() -> dict[str, float]:
    """Of the database in VOUCH_DATABASE_URL: each writer has a school of its own, as in a network of schools."""
    return asyncio.run(_writes(int(os.environ["BENCH_WRITERS"])))


async def _writes(writers: int) -> dict[str, float]:
    from enum import StrEnum  # noqa: PLC0415 - see our_tree

    import audit  # noqa: PLC0415
    import database  # noqa: PLC0415
    from audit.log.subjects import Subject  # noqa: PLC0415
    from base import settings  # noqa: PLC0415
    from base.clock import now  # noqa: PLC0415
    from base.viewer import Role, Viewer  # noqa: PLC0415
    from database import migrations  # noqa: PLC0415
    from sharing.tables import Throttle  # noqa: PLC0415
    from tests.given.builders import a_person, a_school  # noqa: PLC0415
    from tests.given.searching import a_supplier  # noqa: PLC0415
    from vouch import wiring  # noqa: F401, PLC0415 - tells the trail whom to ask for names

    event = StrEnum("event", {"THING_DONE": "thing.done"}).THING_DONE  # type: ignore[attr-defined]  # made just now
    viewers = [Viewer(uuid4(), "Ada Marsh", uuid4(), "Oakfield", Role.BUSINESS_MANAGER) for _ in range(writers)]
    numbers = count(time.time_ns())

    async def insert() -> None:
        await Throttle.insert(Throttle(key=f"bench-{next(numbers)}", failures=0, last_at=now()))

    async def bare(_: Viewer) -> None:
        async with database.write():
            await insert()

    async def record_about(viewer: Viewer, stream: str) -> None:
        async with audit.recording(viewer) as record:
            await insert()
            facts = {"old": {"rating": 3}, "new": {"rating": 4}}
            record(event, stream=stream, subject="review:1", facts=facts, personal={"praise": "Quick, and clean."})

    async def recorded(viewer: Viewer) -> None:
        await record_about(viewer, "supplier:1")

    async def named(viewer: Viewer) -> None:
        await record_about(viewer, known)

    async def rate(unit: Callable[[Viewer], Awaitable[None]]) -> float:
        async def writer(viewer: Viewer) -> None:
            for _ in range(UNITS // writers):
                await unit(viewer)

        began = time.perf_counter()
        await asyncio.gather(*(writer(viewer) for viewer in viewers))
        return UNITS / (time.perf_counter() - began)

    await database.open(settings.current())
    await migrations.migrate()
    ann = await a_person(await a_school(), email=f"ann.{next(numbers)}@school.example")
    known = Subject.SUPPLIER.of(await a_supplier(ann, f"Boilers {next(numbers)} Ltd"))
    await rate(recorded)  # trails, streams and connections are made before anything is measured
    await rate(named)
    rounds = [(await rate(bare), await rate(recorded), await rate(named)) for _ in range(ROUNDS)]
    await database.close()
    low, ratio, high = statistics.quantiles((one / other for one, other, _ in rounds), n=4)
    return {
        "bare": statistics.median(one for one, _, _ in rounds),
        "recorded": statistics.median(other for _, other, _ in rounds),
        "low": low,
        "ratio": ratio,
        "high": high,
        "named": statistics.median(by_name for _, _, by_name in rounds),
        "name": statistics.median(other / by_name for _, other, by_name in rounds),
    }


PARTS: dict[str, Callable[[], dict[str, float]]] = {
    part.__name__: part for part in (our_tree, pymerkle_tree, writes_of_an_engine)
}

if __name__ == "__main__":
    main()

"""Sixteen writers on one SQLite file: our engine beside stock Piccolo at its best setting, in the same run.

Each unit reads a counter, raises it and adds a log row, as in the notes that led to ADR 5. Stock at its best is WAL and
BEGIN IMMEDIATE; at its default (DEFERRED) nearly every unit fails. Rounds alternate, so that a noisy machine hits both.
"""

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

os.environ["PICCOLO_CONF"] = "piccolo_conf"
sys.path.insert(0, str(Path(__file__).parent.parent))

from piccolo.columns import BigInt, Text
from piccolo.engine.sqlite import SQLiteEngine, TransactionType
from piccolo.table import Table

import database
from base import settings
from database.engines import EmbeddedEngine

WRITERS, UNITS, ROUNDS = 16, 400, 5


class Counter(Table, tablename="counter"):
    id = BigInt(primary_key=True, default=None, null=False)
    n = BigInt(default=None, null=False)


class Log(Table, tablename="log"):
    id = BigInt(primary_key=True, default=None, null=True)
    line = Text(default=None, null=False)


async def one_unit() -> None:
    (n,) = await Counter.select(Counter.n).output(as_list=True)
    await Counter.update({Counter.n: n + 1}).where(Counter.id == 1)
    await Log.raw("INSERT INTO log (line) VALUES ({})", "a line of a log")


async def ours(path: Path) -> tuple[float, int]:
    engine = EmbeddedEngine(path)
    database.engine = lambda: engine  # type: ignore[assignment]  # a database of the benchmark's own
    _use(engine)
    await engine.open(str(path), 4)

    async def unit() -> None:
        async with database.write():
            await one_unit()

    try:
        return await _timed(unit)
    finally:
        await engine.close()


async def stock(path: Path, kind: TransactionType) -> tuple[float, int]:
    engine = SQLiteEngine(str(path), timeout=30)
    _use(engine)

    async def unit() -> None:
        async with engine.transaction(transaction_type=kind):
            await one_unit()

    return await _timed(unit)


async def _timed(unit: Callable[[], Awaitable[None]]) -> tuple[float, int]:
    """Units a second that succeeded, and how many failed."""
    failed = 0

    async def writer() -> None:
        nonlocal failed
        for _ in range(UNITS // WRITERS):
            try:
                await unit()
            except sqlite3.OperationalError:
                failed += 1

    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    return (UNITS - failed) / (time.perf_counter() - began), failed


def _use(engine: object) -> None:
    for table in (Counter, Log):
        table._meta.db = engine  # type: ignore[assignment]  # noqa: SLF001 - the benchmark changes engines under its tables


def _fresh(folder: Path, name: str) -> Path:
    path = folder / f"{name}.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL);"
            "CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT NOT NULL); INSERT INTO counter VALUES (1, 0)"
        )
    connection.close()
    return path


def main() -> None:
    settings.current()
    results: dict[str, list[tuple[float, int]]] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        for round_number in range(ROUNDS):
            for label, work in (
                ("Vouch", ours),
                ("stock Piccolo, WAL, IMMEDIATE", lambda path: stock(path, TransactionType.immediate)),
                ("stock Piccolo, WAL, DEFERRED (its default)", lambda path: stock(path, TransactionType.deferred)),
            ):
                if "DEFERRED" in label and round_number > 0:
                    continue  # once is enough: every failed unit waits for its whole timeout
                path = _fresh(Path(name), f"{round_number}-{len(results)}-{label[:5]}-{label[-4:].strip(')')}")
                results.setdefault(label, []).append(asyncio.run(work(path)))
    print(f"{WRITERS} writers, {UNITS} units a round, median of {ROUNDS} rounds, synchronous=FULL, on disk\n")
    print("| engine | units a second | failed |\n|---|---|---|")
    for label, rounds in results.items():
        print(
            f"| {label} | {statistics.median(speed for speed, _ in rounds):.0f} "
            f"| {sum(f for _, f in rounds)} of {UNITS * len(rounds)} |"
        )
    ours_speed, best = (statistics.median(s for s, _ in results[label]) for label in list(results)[:2])
    print(f"\nVouch does {ours_speed / best:.1f} times the units of stock Piccolo's best setting.")


if __name__ == "__main__":
    main()

"""How the service did: one contract among ten thousand, and a trust of sixty schools, on SQLite and on PostgreSQL.

    python bench/attainment.py [EVENTS]

A trust of 60 schools with ten contracts each, and 9,400 contracts of other schools; each promises a time to fix, passed checks
and content people, and has a hundred events of two years: calls with their fixes, checks, answers. Of the calls one in twelve
was fixed late, of the newest some are open. All is made up. "Reckoned" is the first look after a change, "kept" the
next one; the peer is the same reading with nothing ever kept.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"


import database  # noqa: E402 - after the path above
from base import clock, settings  # noqa: E402
from base.viewer import Role, Viewer  # noqa: E402
from bench.attaining_world import AUTHOR, NOW, TEAM, fill  # noqa: E402
from contracts.attainment import attainment, trust  # noqa: E402
from contracts.attainment.tables import Attained  # noqa: E402
from database import migrations  # noqa: E402
from tests.given.postgres import server  # noqa: E402

ASKED, ROLLS = 400, 40


def main(events: str = "1000000") -> None:
    """Starts one process an engine and prints what they measured as one table."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder, server() as postgres:
        columns = [_measured(url, events, folder) for url in (f"sqlite:///{folder}/vouch.sqlite", postgres)]
    print("| | SQLite | PostgreSQL |\n|---|---|---|")
    for (what, one), (_, other) in zip(*columns, strict=True):
        print(f"| {what} | {one} | {other} |")


def _measured(url: str, events: str, folder: str) -> list[list[str]]:
    env = {**os.environ, "VOUCH_DATABASE_URL": url, "VOUCH_DATA": folder}
    command = [sys.executable, __file__, "--one", events]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - this very file
    return [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]


async def one_engine(events: int) -> None:
    random.seed(11)
    await database.open(settings.current())
    try:
        await migrations.migrate()
        began = time.perf_counter()
        contracts = await fill(events)
        print(f"filled with {events:,} events in\t{time.perf_counter() - began:.0f} s")
        await _settle()
        with clock.at(NOW):
            await _ask_contracts(contracts)
            await _ask_the_trust()
    finally:
        await database.close()


async def _ask_contracts(contracts: Sequence[tuple[UUID, UUID]]) -> None:
    asked = random.sample(contracts, ASKED)
    viewers = [(Viewer(AUTHOR, "Ann", school, "", Role.BUSINESS_MANAGER), contract) for contract, school in asked]
    for what in ("one contract, reckoned", "one contract, kept"):
        await _time(what, [partial(attainment.of_contract, *one) for one in viewers])


async def _ask_the_trust() -> None:
    lead = Viewer(AUTHOR, "Lea", TEAM, "", Role.TRUST_LEAD)
    await _time("a trust's 600 contracts, all reckoned", [lambda: trust.roll_up(lead)])
    await _time("a trust's 600 contracts, kept", [lambda: trust.roll_up(lead) for _ in range(ROLLS)])
    async with database.read():
        rows = await Attained.count()
    print(f"figures kept\t{rows:,}")


async def _time(what: str, calls: Sequence[Callable[[], Awaitable[Any]]]) -> None:
    times = []
    for call in calls:
        began = time.perf_counter()
        await call()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"{what}\tp50 {statistics.median(times):.1f} ms, p99 {p99:.1f} ms" if len(times) > 1 else f"{what}\t{times[0]:.0f} ms")


async def _settle() -> None:
    """As an installation stands after a night."""
    if database.is_postgres():
        import asyncpg  # noqa: PLC0415

        connection = await asyncpg.connect(settings.current().database_url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        asyncio.run(one_engine(int(sys.argv[2])))
    else:
        main(*sys.argv[1:])

"""How fast, and how surely, the suppliers that may be the same are found among ten thousand, a hundred thousand, a million names.

    ./run bench matching_speed supplier_names.csv.gz supplier_entities_dev.csv.gz [10000,100000,1000000]

Real names; past their number, heads of some joined to tails of others, which is harsher than life. Each engine and size runs in
a process of its own. Beside us stand rapidfuzz's WRatio over all names, as one would do it without an index, and on PostgreSQL
pg_trgm. Figures of recall are on the real names of the middle size.
"""

import asyncio
import json
import logging
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import structlog
from rapidfuzz import fuzz, process

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

from bench.matching_recall import recall, slips  # noqa: E402 - after the path above
from bench.names_asked import catalogue, column, slip  # noqa: E402
from bench.names_asked import clusters as clusters_of  # noqa: E402
from bench.served import served  # noqa: E402

T = TypeVar("T")

SIZES = "10000,100000,1000000"
ASKED = 500  # questions of each kind
ASKED_OF_PEERS = 8

TRIGRAMS = """SELECT name, similarity(lower(name), lower($1)) AS likeness FROM suppliers_supplier
    WHERE lower(name) % lower($1) ORDER BY likeness DESC LIMIT 10"""

Figures = dict[str, Any]


def main(names: str, entities: str, sizes: str = SIZES) -> None:
    from tests.given.postgres import DURABLE, server  # noqa: PLC0415 - after the path above

    rows: list[Figures] = []
    with tempfile.TemporaryDirectory() as folder, server(DURABLE, None) as postgres:
        for size in sizes.split(","):
            for engine, url in (("SQLite", f"sqlite:///{folder}/{size}.sqlite"), ("PostgreSQL", _database(postgres, size))):
                rows.append({"engine": engine, "names": f"{int(size):,}"} | _measured(url, names, entities, size))
                print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(str(row.get(column, '')) for column in columns)} |")


def _database(server: str, name: str) -> str:
    import asyncpg  # noqa: PLC0415

    async def made() -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(f'CREATE DATABASE "of_{name}"')
        await connection.close()

    asyncio.run(made())
    return server.replace("/postgres?", f"/of_{name}?")


def _measured(url: str, names: str, entities: str, size: str) -> Figures:
    """Filled, made and asked by three processes: what one of them holds in memory must not slow the next one down."""
    env = {**os.environ, "VOUCH_DATABASE_URL": url, "VOUCH_SEAL_EVERY": "0"}
    found: Figures = {}
    with tempfile.TemporaryDirectory() as data:
        for step in STEPS:
            command = [sys.executable, __file__, "--step", step, names, entities, size]
            done = subprocess.run(command, env={**env, "VOUCH_DATA": data}, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                sys.exit(done.stderr)
            found |= json.loads(done.stdout.splitlines()[-1])
    return found


async def one(step: str, names: Path, entities: Path, size: int) -> Figures:
    import database  # noqa: PLC0415
    from base import settings  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    await database.open(settings.current())
    try:
        return await STEPS[step](names, entities, size)
    finally:
        await database.close()


async def _fill(names: Path, entities: Path, size: int) -> Figures:
    """Straight into the table: what is measured is the index."""
    import database  # noqa: PLC0415
    from base import clock  # noqa: PLC0415
    from database import migrations  # noqa: PLC0415
    from suppliers.matching.names import normalise  # noqa: PLC0415
    from suppliers.record.facts import SHORTEST_NAME  # noqa: PLC0415
    from suppliers.tables import Supplier  # noqa: PLC0415

    await migrations.migrate()
    related = [name for cluster in clusters_of(entities) for name in cluster]
    chance, now = random.Random(2), clock.now()
    rows = [
        (UUID(int=chance.getrandbits(128), version=4), name, normalise(name).exact, now)
        for name in catalogue(sorted({*column(names, "name"), *related}), related, size)
        if SHORTEST_NAME <= len(name) <= 300 and normalise(name).exact
    ]
    columns = (Supplier.id, Supplier.name, Supplier.exact_name, Supplier.made_at)
    for start in range(0, len(rows), 50_000):
        async with database.write():
            await database.insert_rows(Supplier, columns, rows[start : start + 50_000])
    return {}


async def _build(_names: Path, _entities: Path, _size: int) -> Figures:
    import database  # noqa: PLC0415
    from suppliers.index import rebuilding  # noqa: PLC0415

    before, cpu, began = _peak(), time.process_time(), time.perf_counter()
    report = await rebuilding.reindex()
    took, used = time.perf_counter() - began, time.process_time() - cpu
    if database.is_postgres():
        async with database.read():
            sizes = await database.select(
                "SELECT sum(pg_total_relation_size(oid))::bigint AS n FROM pg_class"
                " WHERE relname IN ('suppliers_key', 'suppliers_card') AND relkind = 'r'"
            )
        size = sizes[0]["n"]
    else:
        async with database.read():
            size = (await database.select("PRAGMA page_count"))[0]["page_count"] * 4096
    await _settle()
    return {
        "build": f"{took:.0f} s ({used:.0f} s of Python)",
        "keys": f"{report.keys:,}",
        "size": f"{size / 2**20:.0f} MB",
        "memory more than the open database": f"{max(_peak() - before, 0):.0f} MB",
    }


async def _settle() -> None:
    """What PostgreSQL does by itself within minutes of a great change, and would otherwise be doing while it is asked."""
    import asyncpg  # noqa: PLC0415

    url = os.environ["VOUCH_DATABASE_URL"]
    if url.startswith("postgres"):
        connection = await asyncpg.connect(url)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        await connection.close()


async def _ask(_names: Path, entities: Path, size: int) -> Figures:
    import database  # noqa: PLC0415

    async with database.read():  # ids are random, so the first are any
        rows = await database.select("SELECT name FROM suppliers_supplier ORDER BY id LIMIT $1", ASKED)
    figures = await _asked([row["name"] for row in rows])
    async with database.read():
        ids = {row["name"]: row["id"] for row in await database.select("SELECT id, name FROM suppliers_supplier ORDER BY name")}
    if size == 100_000:
        figures |= await recall(clusters_of(entities), ids) | await slips(list(ids), ids, 10 * ASKED)
    return figures | _peer(list(ids)) | await _trigrams(list(ids))


async def _asked(names: Sequence[str]) -> Figures:
    from base.viewer import KeyScope  # noqa: PLC0415
    from sharing.sign_in import api_keys  # noqa: PLC0415
    from suppliers.directory import directory  # noqa: PLC0415
    from suppliers.search import search  # noqa: PLC0415
    from suppliers.search.search import Question  # noqa: PLC0415
    from tests.given.builders import a_person, a_school, program  # noqa: PLC0415

    ann = await a_person(await a_school())
    chance = random.Random(3)
    typed = [slip(name, chance) for name in names]
    found = {"may be the same": await each(typed, lambda name: directory.suggestions(ann, name))}
    halves = [name[: max(4, len(name) * 2 // 3)][:100] for name in typed]
    found["search by a name"] = await each(typed[:100], lambda name: search.recommendations(ann, Question(name[:100])))
    found["by half a name"] = await each(halves[:100], lambda name: search.recommendations(ann, Question(name)))
    key = await api_keys.create(ann, name="bench", days=90, scopes={KeyScope.READ})
    async with program(key) as client:

        async def get(name: str) -> None:
            (await client.get("/api/v1/suppliers/matches", params={"name": name})).raise_for_status()

        found["HTTP in process"] = await each(typed, get)
    with served() as connection:
        headers = {"Authorization": f"Bearer {key}"}

        async def over_http(name: str) -> None:
            connection.request("GET", f"/api/v1/suppliers/matches?{urlencode({'name': name})}", headers=headers)
            if (answer := connection.getresponse()).status != HTTPStatus.OK:
                raise SystemExit(answer.read().decode())
            answer.read()

        found["HTTP, uvicorn"] = await each(typed, over_http)
    return found


def _peer(names: Sequence[str]) -> Figures:
    chance = random.Random(3)
    took = []
    for name in chance.sample(names, ASKED_OF_PEERS):
        typed, began = slip(name, chance), time.perf_counter()
        process.extract(typed, names, scorer=fuzz.WRatio, limit=10)
        took.append((time.perf_counter() - began) * 1000)
    return {"WRatio over all": f"{statistics.median(took):,.0f} ms"}


async def _trigrams(names: Sequence[str]) -> Figures:
    """PostgreSQL's own trigrams, a GIN index and its usual threshold of 0.3; where the server has the extension."""
    import asyncpg  # noqa: PLC0415

    url = os.environ["VOUCH_DATABASE_URL"]
    if not url.startswith("postgres"):
        return {}
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION pg_trgm")
        await connection.execute("CREATE INDEX by_trigrams ON suppliers_supplier USING gin (lower(name) gin_trgm_ops)")
        chance = random.Random(3)
        typed = [slip(name, chance) for name in chance.sample(names, 5 * ASKED_OF_PEERS)]
        return {"pg_trgm": await each(typed, lambda name: connection.fetch(TRIGRAMS, name))}
    except asyncpg.PostgresError as error:
        return {"pg_trgm": str(error)[:60]}
    finally:
        await connection.close()


async def each(items: Iterable[T], work: Callable[[T], Awaitable[object]]) -> str:
    """Clock time; and of the processor, which other work on the machine hardly moves, what this process took on average."""
    took, used = [], time.process_time()
    for item in items:
        began = time.perf_counter()
        await work(item)
        took.append((time.perf_counter() - began) * 1000)
    used = (time.process_time() - used) * 1000 / len(took)
    took.sort()
    return f"p50 {statistics.median(took):.1f}, p99 {took[int(len(took) * 0.99)]:.1f} ms ({used:.1f})"


def _peak() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


STEPS: dict[str, Callable[[Path, Path, int], Awaitable[Figures]]] = {"fill": _fill, "build": _build, "ask": _ask}

if __name__ == "__main__":
    if sys.argv[1] == "--step":
        print(json.dumps(asyncio.run(one(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5])))))
    else:
        main(*sys.argv[1:])

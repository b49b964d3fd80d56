"""Vouch on real, messy input: the school register and 160,215 supplier names, on SQLite and on PostgreSQL.

    python bench/real_input.py supplier_names.csv.gz

Each engine runs in a process of its own, so that the peak memory is its own. Suppliers that the benchmark reviews are
made up; real ones are only found. Beside the suggestions stands a plain scan of all names with rapidfuzz's WRatio.
"""

import asyncio
import logging
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog
from rapidfuzz import fuzz, process

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

T = TypeVar("T")

ASKED = 200  # questions of each kind
NEEDS = ("boiler servicing", "grounds maintance", "caterring", "photocopyer", "supply techers", "legionela", "minibus hire")


def main(names: str) -> None:
    """Starts one process an engine and prints what they measured as one table."""
    from tests.given.postgres import server  # noqa: PLC0415 - after the path above

    with tempfile.TemporaryDirectory(dir=ROOT) as folder, server() as postgres:
        columns = [_measured(f"sqlite:///{folder}/vouch.sqlite", names), _measured(postgres, names)]
    print("| | SQLite | PostgreSQL |\n|---|---|---|")
    for (what, one), (_, other) in zip(*columns, strict=True):
        print(f"| {what} | {one} | {other} |")


def _measured(url: str, names: str) -> list[tuple[str, str]]:
    env = {**os.environ, "VOUCH_DATABASE_URL": url}
    done = subprocess.run([sys.executable, __file__, "--one", names], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.stderr)
    rows = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    return [(what, value) for what, value in rows]


async def one_engine(names: Path) -> None:
    import database  # noqa: PLC0415
    from base import settings  # noqa: PLC0415
    from database import migrations  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    await database.open(settings.current())
    try:
        await migrations.migrate()
        await _import(names)
        await _use()
    finally:
        await database.close()
    print_row("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


async def _import(names: Path) -> None:
    from sharing.schools import register  # noqa: PLC0415
    from sharing.schools.register_import import import_register  # noqa: PLC0415
    from suppliers.imports.directory_import import import_suppliers  # noqa: PLC0415
    from suppliers.lists.supplier_file import open_suppliers  # noqa: PLC0415

    for again in ("", ", again"):
        with timed(f"import the register{again}"), register.open_register(register.SHIPPED) as file:
            report = await import_register(None, file.rows, digest=file.digest, complete=file.is_complete)
        print_row(f"schools added{again}", f"{report.added:,}")
    with timed("import the supplier names"), open_suppliers(names) as listed:
        made = await import_suppliers(None, listed.rows, digest=listed.digest)
    print_row("suppliers added", f"{made.added:,}")


async def _use() -> None:
    """Two schools of one city: one adds, reviews and shares; the other finds."""
    import database  # noqa: PLC0415
    from sharing.access.audiences import AudienceChoice, GrantChoice  # noqa: PLC0415
    from sharing.access.fields import GrantKind  # noqa: PLC0415
    from sharing.tables import School  # noqa: PLC0415
    from suppliers.directory import directory  # noqa: PLC0415
    from suppliers.opinions import reviews  # noqa: PLC0415
    from suppliers.opinions.opinion import Opinion  # noqa: PLC0415
    from suppliers.search import search  # noqa: PLC0415
    from suppliers.search.search import Question  # noqa: PLC0415
    from suppliers.shares import shares  # noqa: PLC0415
    from suppliers.tables import Supplier  # noqa: PLC0415
    from tests.given.builders import a_person, signed_in  # noqa: PLC0415

    async with database.read():
        giver, seeker = (await School.objects().where(School.local_authority == "Leeds").order_by(School.urn).limit(2))[:2]
        known: list[str] = await Supplier.select(Supplier.name).output(as_list=True)
    ann, bea = await a_person(giver), await a_person(seeker, name="Bea Birch")
    chance = random.Random(1)
    typed = [slip(chance.choice(known), chance) for _ in range(ASKED)]

    await each("suggest who may be the same, a misspelt name", typed, lambda name: directory.suggestions(ann, name))

    await each(
        "the same by WRatio over all names",
        typed[:5],
        lambda name: asyncio.to_thread(process.extract, name, known, scorer=fuzz.WRatio, limit=8),
    )

    made: list[UUID] = []

    async def add(n: int) -> None:
        made.append((await directory.add(ann, name=f"Zebra Quill {n} Boilers Ltd", categories=["heating"])).id)

    async def write(supplier: UUID) -> None:
        said = Opinion(interest=None, rating=chance.randint(1, 5), would_use_again=True, praise="Came the same day.")
        written.append((await reviews.review(ann, supplier, opinion=said, version=None)).id)

    written: list[UUID] = []
    everyone = AudienceChoice((GrantChoice(GrantKind.EVERYONE),))
    await each("add a supplier", range(50), add)
    await each("review it", made, write)
    await each(
        "share it with every school", written, lambda review: shares.share(ann, shares.OpinionKind.REVIEW, review, everyone)
    )
    await each("find by a misspelt need", NEEDS * (ASKED // len(NEEDS)), lambda need: search.recommendations(bea, Question(need)))
    await each("find by a misspelt name", typed, lambda name: search.recommendations(bea, Question(name[:100])))
    async with signed_in(bea) as browser:

        async def get(path: str, **query: str) -> None:
            (await browser.get(path, params=query)).raise_for_status()

        await each("the search page, over HTTP in process", NEEDS * 5, lambda need: get("/search", need=need))
        await each("a supplier's page, over HTTP in process", made, lambda supplier: get(f"/suppliers/{supplier}"))


async def each(what: str, items: Iterable[T], work: Callable[[T], Awaitable[object]]) -> None:
    """Does ``work`` for every item, one after another, and tells the median and the 99th percentile."""
    took = []
    for item in items:
        began = time.perf_counter()
        await work(item)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print_row(what, f"p50 {statistics.median(took):.1f} ms, p99 {took[int(len(took) * 0.99)]:.1f} ms")


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print_row(what, f"{time.perf_counter() - began:.1f} s")


def print_row(what: str, value: str) -> None:
    print(f"{what}\t{value}", flush=True)


def slip(name: str, chance: random.Random) -> str:
    """One letter left out of a name, as a hurried person types it."""
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        asyncio.run(one_engine(Path(sys.argv[2])))
    else:
        main(sys.argv[1])

"""Imports of supplier lists: into the directory, and a school's own of 1,000 and of 100,000 rows, from .xlsx.

    python bench/imports.py supplier_names.csv.gz [sqlite|postgres]

The directory is filled from the file; the schools' lists are made of its names with slips and numbers, as real creditors are.
While each step runs, another task wants the writer every 20 ms: its longest wait is what everybody else would feel.
"""

import asyncio
import csv
import gzip
import io
import logging
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
import xlsxwriter

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

SIZES = (1_000, 100_000)
FOREVER = 7_200.0  # seconds


def main(names: str, *engines: str) -> None:
    from tests.given.postgres import server  # noqa: PLC0415 - after the path above

    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        for engine in engines or ("sqlite", "postgres"):
            if engine == "sqlite":
                _measured(f"sqlite:///{folder}/vouch.sqlite", names, folder)
                continue
            with server() as url:
                _measured(url, names, folder)


def _measured(url: str, names: str, folder: str) -> None:
    env = {**os.environ, "VOUCH_DATABASE_URL": url, "VOUCH_DATA": folder}
    subprocess.run([sys.executable, __file__, "--one", names], env=env, check=True)  # noqa: S603


async def one_engine(names: Path) -> None:
    import database  # noqa: PLC0415
    from base import settings  # noqa: PLC0415
    from database import migrations  # noqa: PLC0415
    from tests.given.builders import a_person, a_school  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    await database.open(settings.current())
    try:
        await migrations.migrate()
        ann = await a_person(await a_school())
        await into_the_directory(names)
        for size in SIZES:
            await of_a_school(ann if size == SIZES[0] else await a_person(await a_school("Fern Primary")), names, size)
    finally:
        await database.close()
    print_row("peak memory of the service", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print_row("peak memory of a child process", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


async def into_the_directory(names: Path) -> None:
    from suppliers.imports import directory_import  # noqa: PLC0415
    from suppliers.imports.directory_import import import_suppliers  # noqa: PLC0415
    from suppliers.lists.supplier_file import open_suppliers  # noqa: PLC0415

    async with step("vouch suppliers import"):
        with open_suppliers(names) as listed:
            made = await import_suppliers(None, listed.rows, digest=listed.digest)
    print_row("suppliers added", f"{made.added:,} from {made.rows:,} rows, {directory_import.CHUNK:,} a unit")


async def of_a_school(viewer: Any, names: Path, size: int) -> None:
    from suppliers.imports import background, imports, rows  # noqa: PLC0415

    content = a_workbook(names, size)
    print_row(f"{size:,} rows: size of the workbook", f"{len(content) / 1e6:.1f} MB")
    async with step(f"{size:,} rows: read"):
        import_id = await imports.upload(viewer, content)
        await background.carry_on(viewer, import_id, wait=FOREVER)
    seen = (await imports.look(viewer, import_id)).seen
    async with step(f"{size:,} rows: check"):
        await imports.choose_columns(viewer, import_id, [column.field for column in seen.columns])  # type: ignore[union-attr]
        await background.carry_on(viewer, import_id, wait=FOREVER)
    found = await imports.look(viewer, import_id)
    print_row(f"{size:,} rows: found", ", ".join(f"{number:,} {kind}" for kind, number in sorted(found.counts.items())))
    await rows.answer_all(viewer, import_id, "new")
    async with step(f"{size:,} rows: import"):
        await imports.start(viewer, import_id)
        await background.carry_on(viewer, import_id, wait=FOREVER)
    done = await imports.look(viewer, import_id)
    print_row(f"{size:,} rows: {done.state.value}", f"{done.count('added'):,} added, {done.count('adopted'):,} used")


def a_workbook(names: Path, size: int) -> bytes:
    """Rows of a finance system's export: half are names of the directory as they are, a quarter with a slip, the rest new."""
    chance = random.Random(size)
    with gzip.open(names, "rt", encoding="utf-8") as file:
        known = [row["name"] for row in csv.DictReader(file) if 3 < len(row["name"]) < 100]
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Creditors")
        sheet.write_row(0, 0, ["Ref", "Supplier name", "Telephone", "Postcode", "Company number", "Spend", "Notes"])
        for n in range(1, size + 1):
            sheet.write_row(
                n, 0, [f"C{n:06}", a_name(known, n, chance), f"01522{chance.randrange(10**6):06}", "LN1 1AA", "", n / 7, "x"]
            )
    return made.getvalue()


def a_name(known: Sequence[str], n: int, chance: random.Random) -> str:
    name = chance.choice(known)
    kind = n % 4
    if kind == 3:
        at = chance.randrange(len(name))
        name = name[:at] + name[at + 1 :]
    return f"{chance.choice(WORDS)}{chance.choice(WORDS).lower()}{n % 977} {chance.choice(TRADES)} Ltd" if kind == 2 else name


WORDS = (
    "Alder",
    "Birch",
    "Cedar",
    "Damson",
    "Elder",
    "Fern",
    "Gorse",
    "Hazel",
    "Ivy",
    "Juniper",
    "Larch",
    "Maple",
    "Oak",
    "Rowan",
)
TRADES = ("Carpets", "Coaches", "Fencing", "Glazing", "Joinery", "Lifts", "Pianos", "Playgrounds", "Roofing", "Stationery")


@asynccontextmanager
async def step(what: str) -> AsyncIterator[None]:
    """Tells how long it took, and the longest that another writer waited meanwhile."""
    waits: list[float] = [0.0]
    other = asyncio.create_task(wanting_the_writer(waits))
    began = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - began
        other.cancel()
        with suppress(asyncio.CancelledError):
            await other
    print_row(what, f"{took:.1f} s; others waited {max(waits):.2f} s at most")


async def wanting_the_writer(waits: list[float]) -> None:
    import database  # noqa: PLC0415
    from base.refusals import Busy  # noqa: PLC0415
    from sharing.tables import Session  # noqa: PLC0415

    while True:
        began = time.perf_counter()
        with suppress(Busy):
            async with database.housekeeping():
                await Session.count()
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)


def print_row(what: str, value: str) -> None:
    print(f"| {what} | {value} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        asyncio.run(one_engine(Path(sys.argv[2])))
    else:
        main(*sys.argv[1:])

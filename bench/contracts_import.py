"""A register of 5,000 contracts brought to a school: read, checked, imported, taken out again and brought once more.

    python bench/contracts_import.py [--rows 5000] [--profile] [sqlite|postgres]

The register is made by ``a_register``, always the same: 400 suppliers, lengths, extensions, notices and renewals of every kind
that schools write, an eighth of the rows with something to ask.
"""

import asyncio
import csv
import io
import logging
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

ROWS = 5_000
FOREVER = 7_200.0  # seconds
HEADINGS = (
    *("Contract", "Supplier", "Start date", "End date", "Extensions", "Notice", "Auto renewal", "Annual value"),
    *("Officer", "Route", "Insurance expiry", "Notes"),
)
NOTICES = ("3 months", "90 days", "6 months written notice", "1 month", "30 clear days", "12 weeks", "20 working days", "a while")
RENEWALS = ("Yes, annually", "Yes, monthly", "No", "Rolls for 12 months", "N", "Expires")
EXTENSIONS = ("", "", "1+1", "2 x 12 months", "12 months")
WHAT = ("Photocopiers", "Grounds", "Cleaning", "Catering", "Broadband", "Energy", "Boilers", "Payroll", "Waste", "Lifts")
ROUTES = ("Quotes", "Framework", "Tender", "Direct award")


def main(*given: str) -> None:
    from tests.given.postgres import server  # noqa: PLC0415 - after the path above

    rows = given[given.index("--rows") + 1] if "--rows" in given else str(ROWS)
    engines = [one for one in given if one in ("sqlite", "postgres")] or ["sqlite", "postgres"]
    more = ["--profile"] if "--profile" in given else []
    with tempfile.TemporaryDirectory() as folder:
        for engine in engines:
            if engine == "sqlite":
                _measured(f"sqlite:///{folder}/vouch.sqlite", rows, folder, more)
                continue
            with server() as url:
                _measured(url, rows, folder, more)


def _measured(url: str, rows: str, folder: str, more: list[str]) -> None:
    print(f"\n{url.split(':', maxsplit=1)[0]}, {int(rows):,} rows\n")
    env = {**os.environ, "VOUCH_DATABASE_URL": url, "VOUCH_DATA": folder}
    subprocess.run([sys.executable, __file__, "--one", rows, *more], env=env, check=True)  # noqa: S603


def a_register(rows: int) -> bytes:
    chance = random.Random(rows)
    made = io.StringIO()
    table = csv.writer(made)
    table.writerow(HEADINGS)
    for n in range(1, rows + 1):
        starts = date(2020, 1, 1) + timedelta(days=chance.randrange(2400))
        ends = starts.replace(year=starts.year + chance.choice((1, 2, 3, 3, 5)), day=min(starts.day, 28)) - timedelta(days=1)
        table.writerow(
            (
                *(f"{chance.choice(WHAT)} {n}", f"Supplier {n % 400} Ltd", f"{starts:%d/%m/%Y}", f"{ends:%d/%m/%Y}"),
                *(
                    chance.choice(EXTENSIONS),
                    chance.choice(NOTICES),
                    chance.choice(RENEWALS),
                    f"£{chance.randrange(100, 90000):,}",
                ),
                *("Business manager", chance.choice(ROUTES), "01/04/2027", "A note of ours about it."),
            )
        )
    return made.getvalue().encode()


async def one_engine(rows: int) -> None:
    import database  # noqa: PLC0415
    from base import settings  # noqa: PLC0415
    from base.spreadsheets.writing import TableFormat  # noqa: PLC0415
    from contracts.imports import background, imports  # noqa: PLC0415
    from contracts.imports import rows as import_rows  # noqa: PLC0415
    from contracts.sheets import exporting  # noqa: PLC0415
    from database import migrations  # noqa: PLC0415
    from tests.given.builders import a_person, a_school  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    await database.open(settings.current())
    try:
        await migrations.migrate()
        ann = await a_person(await a_school())

        async def brought(content: bytes, *, doing: str) -> Any:
            with step(doing):
                import_id = await imports.upload(ann, content)
                await background.carry_on(ann, import_id, wait=FOREVER)
            return await imports.look(ann, import_id)

        found = await brought(a_register(rows), doing="read and check")
        print_row("ready, with a question", f"{found.to_import:,}, {found.count('ask'):,}")
        with step("leave empty what is asked"):
            await import_rows.leave_unknown(ann, found.id)
            await background.carry_on(ann, found.id, wait=FOREVER)
        with step("import"):
            await imports.start(ann, found.id)
            await background.carry_on(ann, found.id, wait=FOREVER)
        print_row("imported", f"{(await imports.look(ann, found.id)).imported:,}")
        file = io.BytesIO()
        with step("export, Excel"):
            await exporting.export(ann, TableFormat.XLSX, to=file)
        again = await brought(file.getvalue(), doing="bring the export again")
        print_row("as they were", f"{again.count('same'):,}")
    finally:
        await database.close()
    print_row("peak memory of the service", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print_row("peak memory of a child process", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


@contextmanager
def step(doing: str) -> Iterator[None]:
    """By the clock, and of the processor: on a machine with other work the second says more.

    Processes of ours that ended are in it, what the server of PostgreSQL computes is not.
    """
    began, used = time.perf_counter(), computing()
    yield
    print_row(doing, f"{time.perf_counter() - began:.1f} s, {computing() - used:.1f} s of computing")


def computing() -> float:
    """Seconds so far."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def print_row(what: str, found: str) -> None:
    print(f"| {what} | {found} |", flush=True)


if __name__ == "__main__":
    if "--one" in sys.argv:
        size = int(sys.argv[sys.argv.index("--one") + 1])
        if "--profile" in sys.argv:
            import cProfile
            import pstats

            with cProfile.Profile() as profile:
                asyncio.run(one_engine(size))
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
        else:
            asyncio.run(one_engine(size))
    else:
        main(*sys.argv[1:])

"""How long the list of contracts takes, over HTTP, among ten thousand of one school.

    python bench/contracts.py [CONTRACTS]

The contracts are made up, and end on days spread over four years. The first page is asked for by a program with an API key and by
a browser; what is printed is what both wait for. ``VOUCH_DATABASE_URL`` says where: without it, a SQLite file of its own.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

import audit
import database
from base import settings
from base.viewer import Role, Viewer
from bench.served import served
from contracts.fields import said
from contracts.fields.said import Said
from contracts.register import register
from database import migrations
from sharing.sign_in import sessions
from tests.given.builders import a_person, a_school

ASKED: Final = 200  # times, after some to warm up
WARM: Final = 20
AT_ONCE: Final = 500  # contracts in a unit
PAGES: Final = ("/", "/contracts", "/contracts?text=cleaning", "/contracts?questions=yes", "/api/v1/contracts")


async def fill(contracts: int) -> tuple[Viewer, str]:
    """A school with so many contracts, and the token of somebody's session there."""
    await database.open(settings.current())
    try:
        await migrations.migrate()
        ann = await a_person(await a_school("Oakfield Primary"), Role.BUSINESS_MANAGER)
        for first in range(0, contracts, AT_ONCE):
            async with audit.recording(ann) as record:
                for n in range(first, min(first + AT_ONCE, contracts)):
                    await register.add_one(record, ann, said.checked(_made_up(n)))
        return ann, await sessions.start(ann.person, ann.school)
    finally:
        await database.close()


def _made_up(n: int) -> Said:
    start = date.today() - timedelta(days=n % 1000)  # noqa: DTZ011 - any day will do
    values: dict[str, Any] = {
        "title": f"{('Cleaning', 'Grounds', 'Copiers', 'Payroll')[n % 4]} {n}",
        "supplier_name": f"Supplier {n % 300}",
        "starts_on": start,
        "ends_on": start + timedelta(days=1100 + n % 365),
        "renewal": ("rolls", "expires", "express")[n % 3],
        "roll": {"n": 1, "unit": "years"} if n % 3 == 0 else None,
        "notice": {"n": 3, "unit": "months"},
        "annual_pence": n * 100,
        "officer": f"Officer {n % 20}",
    }
    return Said(values)


def asked(connection: HTTPConnection, path: str, cookie: str) -> list[float]:
    """Milliseconds of each answer, read to its end."""
    found = []
    for n in range(WARM + ASKED):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} gave {answer.status}")
        if n >= WARM:
            found.append((time.perf_counter() - began) * 1000)
    return found


def main(contracts: str = "10000") -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("VOUCH_DATABASE_URL", f"sqlite:///{folder}/vouch.sqlite")
        os.environ["VOUCH_DATA"] = folder
        began = time.perf_counter()
        _, token = asyncio.run(fill(int(contracts)))
        print(f"| {int(contracts):,} contracts added in | {time.perf_counter() - began:.0f} s |\n|---|---|")
        with served() as connection:
            for path in PAGES:
                taken = sorted(asked(connection, path, f"{sessions.cookie_name()}={token}"))
                p99 = taken[int(len(taken) * 0.99) - 1]
                print(f"| {path} | p50 {statistics.median(taken):.1f} ms, p99 {p99:.1f} ms |")


if __name__ == "__main__":
    main(*sys.argv[1:])

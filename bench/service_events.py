"""Service events at size: attainment of one contract among 10,000 with 1,000,000 events, and logging one over HTTP.

    python bench/service_events.py [EVENTS [SCHOOLS]]

On SQLite and on a PostgreSQL of its own. Contracts, promises, events and stamps are made up and put in by rows: what is
measured is reading, reckoning and logging. Beside attainment stands what a spreadsheet does: reading all rows of the school
and filtering them, before anything is reckoned.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

import database  # noqa: E402 - after the path above
from audit import recording  # noqa: E402
from base import clock, settings  # noqa: E402
from base.viewer import Role, Viewer  # noqa: E402
from bench.served import served  # noqa: E402
from contracts.calendars import calendars  # noqa: E402
from contracts.clock.school_calendar import SchoolCalendar, Term  # noqa: E402
from contracts.events import Event  # noqa: E402
from contracts.promises import stored_metrics  # noqa: E402
from contracts.promises.metric import as_json  # noqa: E402
from contracts.promises.tables import Metric  # noqa: E402
from contracts.service_events import reading  # noqa: E402
from contracts.service_events.tables import ServiceEvent, Stamp  # noqa: E402
from contracts.tables import Contract  # noqa: E402
from database import migrations  # noqa: E402
from sharing.schools import register  # noqa: E402
from sharing.schools.register_import import import_register  # noqa: E402
from sharing.sign_in import sessions  # noqa: E402
from sharing.tables import Membership, Person, School  # noqa: E402
from tests.given.postgres import server  # noqa: E402

CONTRACTS = 100  # of a school
ASKED, LOGGED = 300, 400
AT_ONCE = 100_000  # rows of a COPY
FIRST: Final = date(2025, 9, 1)
TERMS: Final = {
    "stage": "fixed", "target": 95, "mostly": 90, "targets": {f"P{n}": {"minutes": 120 * n} for n in range(1, 5)},
}  # fmt: skip
PERIOD: Final = (date(2025, 9, 1), date(2026, 7, 31))
NOW: Final = datetime(2026, 8, 1, 12, tzinfo=UTC)


def main(events: str = "1000000", schools: str = "100") -> None:
    """Starts one process an engine and prints what they measured as one table."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder, server() as postgres:
        columns = [_measured(url, (events, schools), folder) for url in (f"sqlite:///{folder}/vouch.sqlite", postgres)]
    print("| | SQLite | PostgreSQL |\n|---|---|---|")
    for (what, one), (_, other) in zip(*columns, strict=True):
        print(f"| {what} | {one} | {other} |")


def _measured(url: str, sizes: tuple[str, str], folder: str) -> list[list[str]]:
    env = {**os.environ, "VOUCH_DATABASE_URL": url, "VOUCH_DATA": folder}
    command = [sys.executable, __file__, "--one", *sizes]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - this very file
    return [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]


async def one_engine(events: int, schools: int) -> tuple[str, list[UUID]]:
    """The session of somebody who may log, and her contracts."""
    await database.open(settings.current())
    try:
        await migrations.migrate()
        with register.open_register(register.SHIPPED) as file:
            await import_register(None, file.rows, digest=file.digest, complete=file.is_complete)
        began = time.perf_counter()
        viewer, contracts, metrics = await _fill(events, schools)
        print(f"filled with {events:,} events of {schools * CONTRACTS:,} contracts in\t{time.perf_counter() - began:.0f} s")
        await _settle()
        with clock.at(NOW):
            await _attainment(viewer, contracts, metrics)
        return await sessions.start(viewer.person, viewer.school), contracts
    finally:
        await database.close()


async def _fill(events: int, several: int) -> tuple[Viewer, list[UUID], list[UUID]]:
    chance, now, author = random.Random(7), clock.now(), uuid4()
    async with database.read():
        schools = [row["id"] for row in await School.select(School.id).where(School.kind == "school").limit(several)]
    viewer = Viewer(author, "Ann", schools[0], "A school", Role.BUSINESS_MANAGER)
    contracts = [(uuid4(), school) for school in schools for _ in range(CONTRACTS)]
    metrics = [uuid4() for _ in contracts]
    async with recording(viewer) as record:
        await Person(id=author, email="ann@school.example", name="Ann", password_hash="x", made_at=now).save()  # noqa: S106
        await Membership(
            id=uuid4(), person=author, school=schools[0], role="business_manager", valid_from=now, begins_at=now
        ).save()  # fmt: skip
        columns: tuple[Any, ...] = (Contract.id, Contract.school, Contract.title, Contract.is_draft, Contract.author)
        columns += (Contract.version, Contract.written_at)
        rows: list[Any] = [(one, school, f"Contract {n}", False, author, 1, now) for n, (one, school) in enumerate(contracts)]
        await database.insert_rows(Contract, columns, rows)
        columns = (Metric.id, Metric.metric, Metric.contract, Metric.kind, Metric.name, Metric.terms, Metric.rules,
                   Metric.period, Metric.from_day, Metric.author, Metric.written_at)  # fmt: skip
        rows = [(uuid4(), metric, one, "time_to_event", "Fixed", as_json(TERMS), "{}", "term", FIRST, author, now)
                for metric, (one, _) in zip(metrics, contracts, strict=True)]  # fmt: skip
        await database.insert_rows(Metric, columns, rows)
        await _fill_events(contracts, events, author, chance)
        record(Event.CONTRACT_ADDED, stream="contract:bench", subject="contract:bench")
    await _calendar(viewer)
    return viewer, [one for one, school in contracts if school == schools[0]], metrics[:CONTRACTS]


async def _fill_events(contracts: list[tuple[UUID, UUID]], events: int, author: UUID, chance: random.Random) -> None:
    first = datetime(2025, 9, 1, 8, tzinfo=UTC)
    of_event = (ServiceEvent.id, ServiceEvent.job, ServiceEvent.contract, ServiceEvent.school, ServiceEvent.kind,
                ServiceEvent.on_day, ServiceEvent.happened_at, ServiceEvent.told_at, ServiceEvent.told_how,
                ServiceEvent.priority, ServiceEvent.claimed_by, ServiceEvent.is_withdrawn, ServiceEvent.author,
                ServiceEvent.recorded_at)  # fmt: skip
    of_stamp = (Stamp.id, Stamp.job, Stamp.contract, Stamp.kind, Stamp.at, Stamp.claimed_by, Stamp.is_withdrawn, Stamp.author,
                Stamp.recorded_at)  # fmt: skip
    for start in range(0, events, AT_ONCE):
        made, stamps = [], []
        for n in range(start, min(start + AT_ONCE, events)):
            contract, school = contracts[n % len(contracts)]
            job, at = uuid4(), first + timedelta(minutes=chance.randrange(330 * 1_440))
            made.append((job, job, contract, school, "job", at.date(), at, at, "telephone", f"P{chance.randint(1, 4)}", "school",
                         False, author, at))  # fmt: skip
            fixed = at + timedelta(minutes=chance.randrange(3_000))
            stamps.append((uuid4(), job, contract, "fixed", fixed, "school", False, author, fixed))
        await database.insert_rows(ServiceEvent, of_event, made)
        await database.insert_rows(Stamp, of_stamp, stamps)


async def _calendar(viewer: Viewer) -> None:
    terms = (
        Term("Autumn", date(2025, 9, 1), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31))),
        Term("Spring", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20))),
        Term("Summer", date(2026, 4, 13), date(2026, 7, 21), (date(2026, 5, 25), date(2026, 5, 29))),
        Term("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18), (date(2026, 10, 26), date(2026, 10, 30))),
    )
    weekly: Any = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:00", "17:00"),))
    with clock.at(NOW):
        await calendars.save_version(
            viewer, SchoolCalendar(weekly=weekly, only="term", terms=terms), from_day=FIRST, version=0
        )  # fmt: skip


async def _settle() -> None:
    """What autovacuum does by itself in a quiet hour."""
    if database.is_postgres():
        import asyncpg  # noqa: PLC0415 - this engine's own

        connection = await asyncpg.connect(settings.current().database_url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
    else:
        async with database.write():
            await database.engine().run_ddl("ANALYZE")


async def _attainment(viewer: Viewer, contracts: list[UUID], metrics: list[UUID]) -> None:
    chance, times, n = random.Random(8), [], 0
    for _ in range(ASKED):
        place = chance.randrange(len(contracts))
        began = time.perf_counter()
        answer = await reading.attained(viewer, contracts[place], metrics[place], *PERIOD)
        times.append(time.perf_counter() - began)
        n += answer["n"]
    print(f"attainment of one contract, {n // ASKED} events of a year each\t{shown(times)}")
    times = []
    for contract in contracts[:20]:
        began = time.perf_counter()
        async with database.read():
            rows = await ServiceEvent.select().where(ServiceEvent.school == viewer.school)
            if not [row for row in rows if row["contract"] == contract]:
                raise SystemExit("got no rows of a contract")
            await stored_metrics.metrics_of(contract)
        times.append(time.perf_counter() - began)
    print(f"beside it: the school's rows read and filtered, nothing reckoned\t{shown(times)}")


def logged(session: str, contracts: list[UUID]) -> None:
    """Each a form as a browser sends it; the entry of the trail is committed before the answer."""
    then = datetime.now(UTC) - timedelta(hours=2)
    day = {"happened-day": then.day, "happened-month": then.month, "happened-year": then.year, "happened_time": f"{then:%H:%M}"}
    told = {name.replace("happened", "told"): value for name, value in day.items()} | {"told_how": "telephone"}
    body = urlencode({"what": "No heating", "priority": "P1", **day, **told})
    headers = {"Cookie": f"{sessions.cookie_name()}={session}", "Sec-Fetch-Site": "same-origin",
               "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
    times = []
    with served() as connection:
        for n in range(LOGGED + 20):
            began = time.perf_counter()
            connection.request("POST", f"/contracts/{contracts[n % len(contracts)]}/log", body, headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            if answer.status != 303:
                raise SystemExit(f"got {answer.status}, want 303")
    print(f"log an event over HTTP, its entry of the trail included\t{shown(times[20:])}")


def shown(times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {statistics.median(ordered) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"


def one(events: str, schools: str) -> None:
    session, contracts = asyncio.run(one_engine(int(events), int(schools)))
    logged(session, contracts)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3])
    else:
        main(*sys.argv[1:])

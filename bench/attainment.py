"""How the service did: one contract among ten thousand, and a trust of sixty schools, on SQLite and on PostgreSQL.

    python bench/attainment.py [EVENTS]

A trust of 60 schools with ten contracts each, and 9,400 contracts of other schools; each promises a time to fix, passed checks
and content people, and has a hundred events of two years: calls with their fixes, checks, answers. Of the calls one in twelve
was fixed late, of the newest some are open. All is made up. "Reckoned" is the first look after a change, "kept" the
next one; the peer is the same reading with nothing ever kept.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

from piccolo.columns import Column  # noqa: E402 - after the path above

import database  # noqa: E402 - after the path above
from audit import recording  # noqa: E402
from base import clock, settings  # noqa: E402
from base.viewer import Role, Viewer  # noqa: E402
from contracts.access.tables import ServiceVersion  # noqa: E402
from contracts.attainment import attainment, trust  # noqa: E402
from contracts.attainment.tables import Attained  # noqa: E402
from contracts.clock import school_calendar  # noqa: E402
from contracts.clock.school_calendar import SchoolCalendar, Term  # noqa: E402
from contracts.promises.tables import Metric  # noqa: E402
from contracts.service_events.tables import ServiceEvent, Stamp  # noqa: E402
from contracts.tables import CalendarVersion, Contract  # noqa: E402
from database import migrations  # noqa: E402
from sharing.tables import Network, NetworkMember, Person, School  # noqa: E402
from tests.given.postgres import server  # noqa: E402

CONTRACTS, OF_ONE_SCHOOL, OF_THE_TRUST = 10_000, 10, 60
ASKED, ROLLS = 400, 40
AT_ONCE = 50_000
NOW: Final = datetime(2026, 3, 30, 12, tzinfo=UTC)
FROM: Final = date(2024, 4, 8)
AUTHOR, TEAM = uuid4(), uuid4()
TERMS: Final = tuple(
    Term(f"{name} {year}", date(year, *first), date(year, *last), (date(year, *off), date(year, *back)))
    for year in (2024, 2025, 2026)
    for name, first, last, off, back in (
        ("Spring", (1, 6), (3, 27), (2, 16), (2, 20)),
        ("Summer", (4, 13), (7, 21), (5, 25), (5, 29)),
        ("Autumn", (9, 3), (12, 19), (10, 27), (10, 31)),
    )
)
PROMISES: Final[Sequence[tuple[str, str, dict[str, Any], str]]] = (
    (
        "time_to_event",
        "Fixed",
        {
            "stage": "fixed",
            "target": 95,
            "mostly": 90,
            "targets": {"P1": {"minutes": 240}, "P2": {"minutes": 1080}, "P3": {"business_days": 5}},
        },
        "term",
    ),
    ("sample_ratio", "Checks", {"target": 90, "mostly": 80, "least": 3}, "term"),
    ("survey", "Content", {"target": 80, "mostly": 70, "at_least": 4}, "term"),
)


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
        contracts = await _fill(events)
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


async def _fill(events: int) -> list[tuple[UUID, UUID]]:
    now = clock.now()
    schools = [uuid4() for _ in range(CONTRACTS // OF_ONE_SCHOOL)]
    await _put(
        Person,
        (Person.id, Person.email, Person.name, Person.password_hash, Person.is_operator, Person.made_at),
        [(AUTHOR, "ann@example.org", "Ann Archer", "", False, now)],
    )
    await _schools(schools, now)
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:00", "17:00"),))
    data = school_calendar.to_json(SchoolCalendar(weekly=hours, only="term", terms=TERMS))  # type: ignore[arg-type]
    kept = (
        CalendarVersion.id,
        CalendarVersion.school,
        CalendarVersion.version,
        CalendarVersion.from_day,
        CalendarVersion.data,
        CalendarVersion.made_by,
        CalendarVersion.made_at,
    )
    owners = [TEAM, *schools[OF_THE_TRUST:]]
    await _put(CalendarVersion, kept, ((uuid4(), school, 1, date(2024, 1, 1), data, AUTHOR, now) for school in owners))
    contracts = [(uuid4(), school) for school in schools for _ in range(OF_ONE_SCHOOL)]
    columns: tuple[Column, ...] = (
        Contract.id,
        Contract.school,
        Contract.title,
        Contract.supplier_name,
        Contract.starts_on,
        Contract.is_draft,
        Contract.open_questions,
        Contract.author,
        Contract.version,
        Contract.written_at,
    )
    rows = (
        (one, school, f"Contract {n}", "Ashby Boilers", FROM, False, 0, AUTHOR, 1, now)
        for n, (one, school) in enumerate(contracts)
    )
    await _put(Contract, columns, rows)
    await _put(ServiceVersion, (ServiceVersion.contract, ServiceVersion.version), ((one, 1) for one, _ in contracts))
    metrics = {contract: [uuid4() for _ in PROMISES] for contract, _ in contracts}
    columns = (
        Metric.id,
        Metric.metric,
        Metric.contract,
        Metric.kind,
        Metric.name,
        Metric.terms,
        Metric.rules,
        Metric.period,
        Metric.from_day,
        Metric.author,
        Metric.written_at,
    )
    await _put(Metric, columns, _promises(metrics, now))
    await _events(contracts, metrics, events // len(contracts))
    return contracts


async def _schools(schools: Sequence[UUID], now: datetime) -> None:
    columns: tuple[Column, ...] = (
        School.id,
        School.kind,
        School.uid,
        School.urn,
        School.name,
        School.search_name,
        School.phase,
        School.status,
        School.local_authority,
        School.town,
        School.postcode,
        School.registered_at,
    )
    beside = ("Primary", "open", "Lincolnshire", "Lincoln", "LN1 1AA", now)
    await _put(School, columns, [(TEAM, "trust", "9001", None, "Rose Trust", "rose trust", *beside)])
    numbered = enumerate(schools)
    await _put(
        School, columns, ((one, "school", None, 900_000 + n, f"School {n}", f"school {n}", *beside) for n, one in numbered)
    )
    network = uuid4()
    columns = (Network.id, Network.kind, Network.name, Network.code, Network.source)
    await _put(Network, columns, [(network, "trust", "Rose Trust", "9001", "register")])
    columns = (NetworkMember.id, NetworkMember.network, NetworkMember.school, NetworkMember.joined_at)
    joined = now - timedelta(days=900)
    await _put(NetworkMember, columns, ((uuid4(), network, one, joined) for one in (TEAM, *schools[:OF_THE_TRUST])))


def _promises(metrics: dict[UUID, list[UUID]], now: datetime) -> Iterator[tuple[Any, ...]]:
    for contract, its in metrics.items():
        for metric, (kind, name, terms, period) in zip(its, PROMISES, strict=True):
            yield uuid4(), metric, contract, kind, name, json.dumps(terms), "{}", period, FROM, AUTHOR, now


async def _events(contracts: Sequence[tuple[UUID, UUID]], metrics: dict[UUID, list[UUID]], each: int) -> None:
    event = (
        ServiceEvent.id,
        ServiceEvent.job,
        ServiceEvent.contract,
        ServiceEvent.school,
        ServiceEvent.metric,
        ServiceEvent.kind,
        ServiceEvent.on_day,
        ServiceEvent.happened_at,
        ServiceEvent.told_at,
        ServiceEvent.told_how,
        ServiceEvent.priority,
        ServiceEvent.said,
        ServiceEvent.claimed_by,
        ServiceEvent.is_withdrawn,
        ServiceEvent.author,
        ServiceEvent.recorded_at,
    )
    stamp = (
        Stamp.id,
        Stamp.job,
        Stamp.contract,
        Stamp.kind,
        Stamp.at,
        Stamp.claimed_by,
        Stamp.is_withdrawn,
        Stamp.author,
        Stamp.recorded_at,
    )
    days = (NOW.date() - FROM).days
    step = AT_ONCE // each
    for first in range(0, len(contracts), step):
        events: list[tuple[Any, ...]] = []
        stamps: list[tuple[Any, ...]] = []
        for contract, school in contracts[first : first + step]:
            for n in range(each):
                _event(contract, school, metrics[contract], n, FROM + timedelta(days=random.randrange(days)), events, stamps)
        await _put(ServiceEvent, event, events)
        await _put(Stamp, stamp, stamps)


def _event(
    contract: UUID, school: UUID, metrics: Sequence[UUID], n: int, day: date, events: list[Any], stamps: list[Any]
) -> None:
    job, at = uuid4(), datetime(day.year, day.month, day.day, random.randrange(8, 16), random.randrange(60), tzinfo=UTC)
    if n % 10 < 6:
        priority = random.choice(("P1", "P2", "P3"))
        events.append(
            (job, job, contract, school, None, "job", day, at, at, "telephone", priority, None, "school", False, AUTHOR, at)
        )
        done = at + (timedelta(days=12) if random.random() < 1 / 12 else timedelta(minutes=random.randrange(20, 60)))
        if done < NOW - timedelta(days=2):
            stamps.append((uuid4(), job, contract, "fixed", done, "school", False, AUTHOR, done))
        return
    kind, metric = ("sample", metrics[1]) if n % 10 < 9 else ("survey", metrics[2])
    said = {"passed": random.random() < 0.92} if kind == "sample" else {"score": random.choice((3, 4, 5, 5)), "by": f"p{n}"}
    events.append(
        (job, job, contract, school, metric, kind, day, None, None, None, None, json.dumps(said), "school", False, AUTHOR, at)
    )


async def _put(table: Any, columns: Sequence[Any], rows: Any) -> None:
    from contracts.events import Event  # noqa: PLC0415

    async with recording(None) as record:
        await database.insert_rows(table, columns, list(rows))
        record(Event.CONTRACT_ADDED, stream="bench", subject="bench", trail="operator")


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

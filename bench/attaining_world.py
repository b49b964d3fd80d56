"""Ten thousand contracts with what happened under them, made up: what bench/attainment.py asks about."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from piccolo.columns import Column

import database
from audit import recording
from base import clock
from contracts.access.tables import ServiceVersion
from contracts.clock import school_calendar
from contracts.clock.school_calendar import SchoolCalendar, Term
from contracts.promises.tables import Metric
from contracts.service_events.tables import ServiceEvent, Stamp
from contracts.tables import CalendarVersion, Contract
from sharing.tables import Network, NetworkMember, Person, School

CONTRACTS, OF_ONE_SCHOOL, OF_THE_TRUST = 10_000, 10, 60
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


async def fill(events: int) -> list[tuple[UUID, UUID]]:
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

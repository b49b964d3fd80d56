"""How long a review pack takes, and how much memory, for 1,000 and 10,000 events of a contract, in the edition for the file.

Every figure is of a process of its own, whose peak is compared with that of one that only opened the database. PDFs are made by a
further process, whose peak stands beside. At most: 5 s for 1,000 events, 30 s for 10,000.
"""

import asyncio
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

os.environ["PICCOLO_CONF"] = "piccolo_conf"
sys.path.insert(0, str(Path(__file__).parent.parent))

import audit
import database
from base import settings
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.clock.school_calendar import SchoolCalendar, Term
from contracts.events import Event
from contracts.fields.said import Said
from contracts.promises import metrics
from contracts.promises.kinds import MetricKind
from contracts.promises.metric import Promise
from contracts.register import register
from contracts.review import pack
from contracts.review.pack import PackOrder
from contracts.review.report import Edition
from contracts.service_events.tables import ServiceEvent, Stamp, Words
from contracts.tables import Contract
from database import migrations
from sharing.tables import Membership, Person, School
from vouch.wiring import SOURCES

SIZES: Final = (1_000, 10_000)
FIRST, LAST = date(2025, 9, 1), date(2026, 7, 21)
ANN: Final = Viewer(UUID(int=2), "Ann Archer", UUID(int=1), "Oakfield Primary", Role.HEAD)
TARGETS: Final = {"P1": {"minutes": 240}, "P2": {"minutes": 480}, "P3": {"minutes": 960}}


async def grow(size: int) -> UUID:
    """A contract with four promises of time and ``size`` jobs over a school year, a fifth of them late."""
    now = datetime.now(UTC)
    async with audit.recording(ANN) as record:
        school = School(
            id=ANN.school, kind="school", name=ANN.school_name, search_name="oakfield", phase="", status="open",
            local_authority="", town="", postcode="", registered_at=now,
        )  # fmt: skip
        await school.save()
        await Person(id=ANN.person, email="ann@oakfield.example", name=ANN.name, password_hash="", made_at=now).save()
        await Membership(id=uuid4(), person=ANN.person, school=ANN.school, role="head", valid_from=now).save()
        record(Event.CALENDAR_SAVED, stream="calendar", subject="calendar")
    terms = (
        Term("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31))),
        Term("Spring 2026", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20))),
        Term("Summer 2026", date(2026, 4, 13), LAST, (date(2026, 5, 25), date(2026, 5, 29))),
    )
    weekly = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:00", "17:00"),))
    await calendars.save_version(ANN, SchoolCalendar(weekly=weekly, only="term", terms=terms), from_day=FIRST, version=0)  # type: ignore[arg-type]
    contract = await register.add(ANN, Said({"title": "Boilers", "supplier_name": "Ashby Boilers", "starts_on": FIRST}))
    for stage in ("acknowledged", "responded", "attended", "fixed"):
        asked = {"stage": stage, "target": 95, "mostly": 90, "targets": TARGETS}
        await metrics.add(ANN, contract, Promise(MetricKind.TIME_TO_EVENT, stage.title(), asked, FIRST))
    await _jobs(contract, size)
    return contract


async def _jobs(contract: UUID, size: int) -> None:
    chance, start = random.Random(1), datetime(2025, 9, 3, 8, 0, tzinfo=UTC)
    async with audit.recording(ANN) as record:
        for n in range(size):
            at, job = start + timedelta(minutes=n * 450_000 // size), uuid4()
            by: dict[str, Any] = {"author": ANN.person, "recorded_at": at + timedelta(minutes=5), "contract": contract}
            await ServiceEvent(
                id=job, job=job, school=ANN.school, kind="job", on_day=at.date(), happened_at=at, told_at=at,
                told_how="telephone", priority=f"P{n % 3 + 1}", claimed_by="school", **by,
            ).save()  # fmt: skip
            await Words(id=uuid4(), about=job, contract=contract, name="what", words=f"No heating in room {n % 40}").save()
            hours = chance.choice((1, 2, 3, 3, 60))
            for step, kind in enumerate(("acknowledged", "responded", "attended", "fixed"), 1):
                moment = at + timedelta(minutes=15 * hours * step)
                await Stamp(id=uuid4(), job=job, kind=kind, at=moment, claimed_by="school", **by).save()
        record(Event.SERVICE_LOGGED, stream=f"contract:{contract}", subject=f"contract:{contract}")


async def one(what: str, size: int) -> None:
    await database.open(settings.current())
    try:
        if what == "grow":
            await migrations.migrate()
            await grow(size)
            return
        async with database.read():
            contracts = await Contract.select(Contract.id).output(as_list=True)
        started, busy = time.perf_counter(), computing()
        with tempfile.TemporaryFile() as to:
            if what == "pack":
                await pack.make(ANN, PackOrder(contracts[0], Edition.FILE, FIRST, LAST), to=to, sources=SOURCES)
        print(
            time.perf_counter() - started,
            computing() - busy,
            _peak(resource.RUSAGE_SELF),
            _peak(resource.RUSAGE_CHILDREN),
        )
    finally:
        await database.close()


def computing() -> float:
    """Seconds of the processor so far, processes of ours that ended included."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _peak(whose: int) -> float:
    """In MB."""
    return resource.getrusage(whose).ru_maxrss / 1024


def main() -> None:
    print("| events | seconds | of the processor | MB more than idle | MB for the PDF |\n|---|---|---|---|---|")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            _run("grow", folder, size)
            _, _, idle, _ = map(float, _run("nothing", folder, size).split())
            seconds, busy, peak, typst = map(float, _run("pack", folder, size).split())
            print(f"| {size:,} | {seconds:.1f} | {busy:.1f} | {peak - idle:.0f} | {typst:.0f} |", flush=True)


def _run(what: str, folder: str, size: int) -> str:
    env = {**os.environ, "VOUCH_DATA": folder, "VOUCH_ORIGIN": "https://vouch.example"}
    command = [sys.executable, __file__, what, str(size)]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - ourselves


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(one(sys.argv[1], int(sys.argv[2])))
    else:
        main()

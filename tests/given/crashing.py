"""A service that writes until it is killed, and the look at what its database then holds.

``python -m tests.given.crashing write N`` prints a line for every write that was acknowledged to it, in the N-th round;
``python -m tests.given.crashing look`` prints a Look as JSON. Both use the database of VOUCH_DATABASE_URL.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import asyncpg
import msgspec

import audit
import database
from audit.log import fsck
from audit.tables import Entry
from base import settings
from base.clock import now
from base.viewer import Role, Viewer
from database import migrations
from sharing.tables import Throttle
from tests.given.checkout import ROOT
from tests.given.patience import PATIENCE

WRITERS = 4  # at a time, in two trails
SCHOOLS = (UUID(int=1), UUID(int=2))


class Event(StrEnum):
    THING_DONE = "thing.done"


class Look(msgspec.Struct, frozen=True):
    """The changes, and the entries' subjects, by name; and what a check of every trail found."""

    changes: list[str]
    entries: list[str]
    findings: list[str]


@dataclass(frozen=True)
class Round:
    """Which writes were acknowledged before the end."""

    acknowledged: tuple[str, ...]


def crash(url: str, number: int, writes: int, choose: random.Random) -> Round:
    """Lets a service do about so many writes, then kills it, or on PostgreSQL now and then the server beneath it."""
    with _program(url, "write", str(number)) as service:
        assert service.stdout is not None
        acknowledged = [line.strip() for _, line in zip(range(writes), service.stdout, strict=False)]
        time.sleep(choose.random() / 50)  # anywhere within a write, not just behind one
        if url.startswith("postgresql") and choose.random() < 0.5:
            asyncio.run(_kill_server_process(url))
        else:
            service.kill()
        acknowledged += [line.strip() for line in service.stdout]
    return Round(tuple(acknowledged))


def look(url: str) -> Look:
    with _program(url, "look") as program:
        assert program.stdout is not None
        return msgspec.json.decode(program.stdout.read(), type=Look)


def faults(acknowledged: set[str], seen: Look) -> list[str]:
    """What was promised and is not so; nothing when all is well."""
    changes, entries = set(seen.changes), set(seen.entries)
    return [
        *(f"{name} was acknowledged and is lost" for name in sorted(acknowledged - changes)),
        *(f"{name} changed without an entry" for name in sorted(changes - entries)),
        *(f"{name} has an entry and no change" for name in sorted(entries - changes)),
        *(["a change has two entries"] if len(seen.entries) != len(entries) else []),
        *seen.findings,
    ]


@contextmanager
def _program(url: str, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    env = os.environ | {"VOUCH_DATABASE_URL": url, "PICCOLO_CONF": "piccolo_conf", "VOUCH_ORIGIN": "http://127.0.0.1:8000"}
    command = [sys.executable, "-m", "tests.given.crashing", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        try:
            yield program
        finally:
            program.kill()


async def _kill_server_process(url: str) -> None:
    """The postmaster answers a killed backend by ending them all and recovering from its log, as after a power cut."""
    connection = await asyncpg.connect(url)
    pids = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE application_name = 'vouch'")
    os.kill(pids[0]["pid"], signal.SIGKILL)
    connection.terminate()


async def _opened() -> None:
    """Waits for a server that is still recovering."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await database.open(settings.current())
        except settings.SettingsError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)


async def _write(number: int) -> None:
    await _opened()
    await migrations.migrate()
    await asyncio.gather(*(_writer(number, n) for n in range(WRITERS)))


async def _writer(number: int, n: int) -> None:
    school = SCHOOLS[n % len(SCHOOLS)]
    viewer = Viewer(person=UUID(int=3), name="Ada Marsh", school=school, school_name="Oakfield", role=Role.BUSINESS_MANAGER)
    i = 0
    while True:
        name = f"{number}-{n}-{i}"
        async with audit.recording(viewer) as record:
            await Throttle.insert(Throttle(key=name, failures=0, last_at=now()))
            record(Event.THING_DONE, stream=f"supplier:{i % 3}", subject=name, facts={"n": i}, personal={"body": "A word"})
        print(name, flush=True)  # noqa: T201 - the acknowledgement
        i += 1


async def _look() -> None:
    await _opened()
    async with database.read():
        changes: list[str] = await Throttle.select(Throttle.key).output(as_list=True)
        entries: list[str] = await Entry.select(Entry.subject).output(as_list=True)
    verdicts = [await fsck.check(trail) for trail in await fsck.trails()]
    findings = [f"{v.finding.trail} {v.finding.idx}: {v.finding.what}" for v in verdicts if v.finding]
    print(msgspec.json.encode(Look(changes, entries, findings)).decode())  # noqa: T201 - the answer
    await database.close()


if __name__ == "__main__":
    asyncio.run(_write(int(sys.argv[2])) if sys.argv[1] == "write" else _look())

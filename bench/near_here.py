"""How long pages take at a country's scale: asked over HTTP of the service itself, signed in, one question at a time.

    VOUCH_DATABASE_URL=... VOUCH_DATA=... python bench/near_here.py [QUESTIONS] [AT_ONCE]

The settings name a database that bench/country.py filled. Of each kind QUESTIONS (200), drawn by a seed, are asked by people
of schools in London after a fifth as many to warm up, one at a time or AT_ONCE. "Processor" is what the service used of it for
a question, without PostgreSQL's part. Beside each page stands what the same service takes to say that it is alive: what HTTP and
this machine cost whatever is asked.
"""

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

import database  # noqa: E402 - after the path above
from audit import recording  # noqa: E402
from base import clock, settings  # noqa: E402
from base.viewer import Role  # noqa: E402
from bench.served import Service, service  # noqa: E402
from database import migrations  # noqa: E402
from sharing.sign_in import sessions  # noqa: E402
from sharing.tables import Membership, Person, School  # noqa: E402
from suppliers.events import Event  # noqa: E402
from suppliers.record import taxonomy  # noqa: E402
from suppliers.tables import Review, Supplier  # noqa: E402

SEED: Final = 1
ASKERS: Final = 20  # schools, each with somebody of its own
WARMING: Final = 5  # for so many questions one to warm up
INNER_LONDON: Final = (51.45, 51.57, -0.22, 0.02)  # south, north, west, east


async def prepare() -> tuple[list[str], str, list[str]]:
    """Tokens of people who are signed in, the supplier with the most reviews, and beginnings of names. Opens units of its own."""
    await migrations.migrate()
    south, north, west, east = INNER_LONDON
    async with database.read():
        found = await School.select(School.id).where(
            School.status == "open", School.lat >= south, School.lat <= north, School.lon >= west, School.lon <= east,
            School.id.is_in(School.select(School.id).where(School.id.is_in(Review.select(Review.school)))),
        ).order_by(School.urn)  # fmt: skip
        most = await database.select("SELECT supplier FROM suppliers_review GROUP BY supplier ORDER BY COUNT(*) DESC LIMIT 1")
        names = await Supplier.select(Supplier.name).order_by(Supplier.id).limit(1_000).output(as_list=True)
    chosen = random.Random(SEED).sample([row["id"] for row in found], ASKERS)
    tokens = [await _signed_in(n, school) for n, school in enumerate(chosen)]
    return tokens, str(most[0]["supplier"]), names


async def _signed_in(n: int, school: UUID) -> str:
    """A business manager of theirs, with a new session."""
    person, now = uuid4(), clock.now()
    async with recording(None) as record:
        await database.insert_rows(
            Person, (Person.id, Person.email, Person.name, Person.password_hash, Person.is_operator, Person.made_at),
            [(person, f"asker.{person}@example.org", f"Asker {n}", "", False, now)],
        )  # fmt: skip
        await database.insert_rows(
            Membership, (Membership.id, Membership.person, Membership.school, Membership.role, Membership.valid_from),
            [(uuid4(), person, school, Role.BUSINESS_MANAGER.value, now)],
        )  # fmt: skip
        record(Event.SUPPLIERS_IMPORTED, stream="bench", subject="bench", trail="operator")
    return await sessions.start(person, school)


def questions(popular: str, names: Sequence[str], many: int) -> Iterator[tuple[str, list[str]]]:
    """What each kind is called, and its addresses."""
    chance = random.Random(SEED)
    needs = [category.name for category in taxonomy.categories()]
    for what, miles in (("a need, 10 miles", 10), ("a need, 50 miles", 50)):
        yield what, [f"/search?{urlencode({'need': chance.choice(needs), 'miles': miles})}" for _ in range(many)]
    yield "no need, 10 miles", ["/search?miles=10"] * many
    yield "the supplier with the most reviews", [f"/suppliers/{popular}"] * many
    yield "home", ["/"] * many
    yield "our suppliers", ["/suppliers"] * many
    yield "names while typing", [f"/suppliers/suggestions?{urlencode({'name': chance.choice(names)[:11]})}" for _ in range(many)]
    yield "alive", ["/healthz"] * many


def asked(connection: HTTPConnection, path: str, token: str) -> float:
    """Milliseconds until the answer is read; it has to be one."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": f"{sessions.cookie_name()}={token}", "Accept": "text/html,*/*"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return (time.perf_counter() - began) * 1000


def timed(serving: Service, paths: Sequence[str], tokens: Sequence[str], at_once: int) -> tuple[list[float], float]:
    """Milliseconds of each, and of the processor's for one."""

    def asked_of(turn: int) -> list[float]:
        connection = serving.connection()
        times = [asked(connection, paths[n], tokens[n % len(tokens)]) for n in range(turn, len(paths), at_once)]
        connection.close()
        return times

    before = serving.processor()
    with ThreadPoolExecutor(at_once) as pool:
        times = [one for some in pool.map(asked_of, range(at_once)) for one in some]
    return times, (serving.processor() - before) / len(paths)


def main(many: str = "200", at_once: str = "1") -> None:
    tokens, popular, names = asyncio.run(_prepared())
    warming = int(many) // WARMING
    with service() as serving:
        print("| | p50 | p99 | processor |\n|---|---|---|---|")
        for what, paths in questions(popular, names, int(many) + warming):
            timed(serving, paths[:warming], tokens, 1)
            times, processor = timed(serving, paths[warming:], tokens, int(at_once))
            cuts = statistics.quantiles(times, n=100)
            print(f"| {what} | {statistics.median(times):.1f} ms | {cuts[98]:.1f} ms | {processor:.1f} ms |", flush=True)


async def _prepared() -> tuple[list[str], str, list[str]]:
    await database.open(settings.current())
    try:
        return await prepare()
    finally:
        await database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

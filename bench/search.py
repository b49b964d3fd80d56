"""A need near a school among a million reviews, on SQLite and on PostgreSQL.

    python bench/search.py [REVIEWS]

Schools are those of the shipped register, drawn at random, so that they lie as dense as the country's; suppliers and what is
said of them are made up. Of the reviews 40 % are about 400 national suppliers, the others about some 60 of the school's local
authority; 45 % are shared with everyone, 25 % with the local authority, 10 % with one school, 20 % with nobody. Beside
our way of naming the suppliers and schools in question stands the plain one, IN with sub-selects, in the same run.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

from piccolo.query import WhereRaw  # noqa: E402
from piccolo.querystring import QueryString  # noqa: E402

import database  # noqa: E402 - after the path above
from audit import recording  # noqa: E402
from base import clock, settings  # noqa: E402
from base.viewer import Role, Viewer  # noqa: E402
from database import migrations  # noqa: E402
from sharing.schools import register  # noqa: E402
from sharing.schools.register_import import import_register  # noqa: E402
from sharing.tables import Audience, AudienceGrant, Network, Person, School  # noqa: E402
from suppliers.record import taxonomy  # noqa: E402
from suppliers.search import search  # noqa: E402
from suppliers.search.search import Question  # noqa: E402
from suppliers.tables import Review, Supplier, Supplies  # noqa: E402
from tests.given.postgres import server  # noqa: E402

NATIONAL, LOCAL = 400, 60
ASKED = 40  # questions of each kind
AT_ONCE = 100_000  # rows of a COPY
AUTHOR = uuid4()
KINDS = (("a need, 10 miles", True, 10), ("a need, 50 miles", True, 50), ("no need, 10 miles", False, 10))


def main(reviews: str = "1000000") -> None:
    """Starts one process an engine and prints what they measured as one table."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder, server() as postgres:
        columns = [_measured(url, reviews, folder) for url in (f"sqlite:///{folder}/vouch.sqlite", postgres)]
    print("| | SQLite | PostgreSQL |\n|---|---|---|")
    for (what, one), (_, other) in zip(*columns, strict=True):
        print(f"| {what} | {one} | {other} |")


def _measured(url: str, reviews: str, folder: str) -> list[list[str]]:
    env = {**os.environ, "VOUCH_DATABASE_URL": url, "VOUCH_DATA": folder}
    command = [sys.executable, __file__, "--one", reviews]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - this very file
    return [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]


async def one_engine(reviews: int) -> None:
    await database.open(settings.current())
    try:
        await migrations.migrate()
        with register.open_register(register.SHIPPED) as file:
            await import_register(None, file.rows, digest=file.digest, complete=file.is_complete)
        began = time.perf_counter()
        await _fill(reviews)
        print(f"filled with {reviews:,} reviews in\t{time.perf_counter() - began:.0f} s")
        await _settle()
        schools = await _askers()
        for kind in KINDS:
            await _compare(*kind, schools)
    finally:
        await database.close()


@dataclass(slots=True)
class _Country:
    """Schools with their local authorities, and the suppliers of each; the first of a list have most of the reviews."""

    schools: list[tuple[UUID, str]]
    networks: dict[str, UUID]
    national: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(NATIONAL)])
    local: dict[str, list[UUID]] = field(default_factory=dict)


async def _fill(reviews: int) -> None:
    async with database.read():
        schools = await School.select(School.id, School.local_authority).where(School.status == "open")
        networks = await Network.select(Network.id, Network.code).where(Network.kind == "local_authority")
    country = _Country([(row["id"], row["local_authority"]) for row in schools], {row["code"]: row["id"] for row in networks})
    country.local = {authority: [uuid4() for _ in range(LOCAL)] for authority in {authority for _, authority in country.schools}}
    listed = [*country.national, *(one for local in country.local.values() for one in local)]
    now, slugs = clock.now(), [category.slug for category in taxonomy.categories()]
    names = ((one, f"Supplier {n} Ltd", f"supplier {n}", now) for n, one in enumerate(listed))
    await _put(Supplier, (Supplier.id, Supplier.name, Supplier.exact_name, Supplier.made_at), names)
    supplies = ((uuid4(), one, random.choice(slugs)) for one in listed)
    await _put(Supplies, (Supplies.id, Supplies.supplier, Supplies.category), supplies)
    audiences = {school: tuple(uuid4() for _ in range(3)) for school, _ in country.schools}
    await _put(Audience, (Audience.id, Audience.owner, Audience.digest, Audience.made_at),
               ((one, school, str(one), now) for school, three in audiences.items() for one in three))  # fmt: skip
    await _put(AudienceGrant, (
        AudienceGrant.id, AudienceGrant.audience, AudienceGrant.owner, AudienceGrant.kind, AudienceGrant.subject,
        AudienceGrant.fields, AudienceGrant.valid_from), _grants(country, audiences, now))  # fmt: skip
    person = (AUTHOR, "ann@example.org", "Ann Archer", "", False, now)
    await _put(Person, (Person.id, Person.email, Person.name, Person.password_hash, Person.is_operator, Person.made_at), [person])
    said = (
        Review.id, Review.school, Review.supplier, Review.rating, Review.would_use_again, Review.praise, Review.criticism,
        Review.author, Review.audience, Review.version, Review.written_at,
    )  # fmt: skip
    await _put(Review, said, _reviews(country, audiences, reviews, now))


def _grants(country: _Country, audiences: dict[UUID, tuple[UUID, ...]], now: Any) -> Iterator[tuple[Any, ...]]:
    """Everyone, the local authority, one other school."""
    for school, authority in country.schools:
        everyone, close, one = audiences[school]
        yield uuid4(), everyone, school, "everyone", None, 3, now
        if authority in country.networks:
            yield uuid4(), close, school, "network", country.networks[authority], 3, now
        yield uuid4(), one, school, "school", random.choice(country.schools)[0], 3, now


def _reviews(country: _Country, audiences: dict[UUID, tuple[UUID, ...]], count: int, now: Any) -> Iterator[tuple[Any, ...]]:
    seen: set[tuple[UUID, UUID]] = set()
    while len(seen) < count:
        school, authority = random.choice(country.schools)
        among = country.national if random.random() < 0.4 else country.local[authority]
        supplier = among[
            min(int(random.paretovariate(1.0)) - 1, len(among) - 1) if random.random() < 0.5 else random.randrange(len(among))
        ]
        if (school, supplier) in seen:
            continue
        seen.add((school, supplier))
        audience = random.choices((*audiences[school], None), weights=(45, 25, 10, 20))[0]
        written = now - timedelta(days=random.randrange(900))
        yield uuid4(), school, supplier, random.randint(1, 5), random.random() < 0.8, "", "", AUTHOR, audience, 1, written


async def _put(table: Any, columns: Sequence[Any], rows: Any) -> None:
    waiting: list[tuple[Any, ...]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            await _put_some(table, columns, waiting)
            waiting = []
    if waiting:
        await _put_some(table, columns, waiting)


async def _put_some(table: Any, columns: Sequence[Any], rows: list[tuple[Any, ...]]) -> None:
    from suppliers.events import Event  # noqa: PLC0415

    async with recording(None) as record:
        await database.insert_rows(table, columns, rows)
        record(Event.SUPPLIERS_IMPORTED, stream="bench", subject="bench", trail="operator")


async def _settle() -> None:
    """As an installation stands after a night."""
    if database.is_postgres():
        import asyncpg  # noqa: PLC0415

        connection = await asyncpg.connect(settings.current().database_url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


async def _askers() -> list[Viewer]:
    """Schools of London and others, as likely as there are such schools."""
    async with database.read():
        rows = await School.select(School.id, School.name).where(School.status == "open", School.lat.is_not_null())
    return [Viewer(uuid4(), "Ann", row["id"], row["name"], Role.BUSINESS_MANAGER) for row in random.sample(rows, ASKED)]


async def _compare(what: str, with_need: bool, miles: int, viewers: list[Viewer]) -> None:
    needs = [category.name for category in random.choices(taxonomy.categories(), k=ASKED)] if with_need else [""] * ASKED
    questions = [(viewer, Question(need=need, miles=miles)) for viewer, need in zip(viewers, needs, strict=True)]
    ours = database.in_selected
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    same = 0
    for viewer, question in questions:
        answers = []
        for name, way in (("plain", in_sub_selects), ("ours", ours)):
            database.in_selected = way  # the peer, in the same run
            began = time.perf_counter()
            answers.append(await search.recommendations(viewer, question))
            times[name].append((time.perf_counter() - began) * 1000)
        database.in_selected = ours
        same += [hit.supplier for hit in answers[0].hits] == [hit.supplier for hit in answers[1].hits]
    for name, taken in times.items():
        cuts = statistics.quantiles(taken, n=100)
        print(f"{what}: {'IN with sub-selects' if name == 'plain' else 'ours'}\tp50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms")
    print(f"{what}: same first page\t{same} of {ASKED}")


def in_sub_selects(column: str, *selects: QueryString, also: Sequence[UUID] = (), **_: bool) -> WhereRaw:
    """As one writes it first."""
    parts = [QueryString(f"{column} IN ({{}})", select) for select in selects]
    if also:
        parts.append(QueryString(f"{column} IN ({', '.join('{}' for _ in also)})", *also))
    return WhereRaw(f"({' OR '.join('{}' for _ in parts)})" if parts else "(1 = 0)", *parts)


def _run(work: Callable[[], Any]) -> None:
    random.seed(1)
    asyncio.run(work())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _run(lambda: one_engine(int(sys.argv[2])))
    else:
        main(*sys.argv[1:])

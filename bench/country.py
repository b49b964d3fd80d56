"""A country of schools that review suppliers, made up by a seed, for benchmarks to ask questions of.

    VOUCH_DATABASE_URL=... VOUCH_DATA=... python bench/country.py [--reviews N] [--schools N] [--suppliers N] [--trails N]

Migrates the database that the settings name, which must be empty, and fills it as an operator's import would: in units of work,
COPY on PostgreSQL, with every trigger and constraint on. Schools are those of the shipped register, drawn at random, so that they
lie as dense as the country's; suppliers and what is said of them are made up. Of the reviews 40 % are about 400 national
suppliers, one of which every school reviews, and 60 % about those of the school's local authority, a few of which have most.
45 % are shared with everyone, 25 % with the local authority, 10 % with one school, 20 % with nobody. A quarter are vouches, which
lapse after a year; a tenth changed their rating since. Of those with a rating a third judge by criteria, and half answer what is
asked of such suppliers alone. ``--trails`` schools have an entry for each of their reviews. Trails are sealed, names indexed.
"""

import argparse
import asyncio
import os
import random
import sys
import time
from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

import database  # noqa: E402 - after the path above
from audit import recording  # noqa: E402
from audit.log.subjects import Subject  # noqa: E402
from audit.seals import keys, sealing  # noqa: E402
from base import clock, settings  # noqa: E402
from bench import made_names  # noqa: E402
from database import migrations  # noqa: E402
from sharing.schools import register  # noqa: E402
from sharing.schools.register_import import import_register  # noqa: E402
from sharing.tables import Audience, AudienceGrant, Network, Person, School  # noqa: E402
from suppliers.events import Event  # noqa: E402
from suppliers.index import rebuilding  # noqa: E402
from suppliers.matching.names import normalise  # noqa: E402
from suppliers.record import extras, taxonomy  # noqa: E402
from suppliers.record.criteria import Criterion  # noqa: E402
from suppliers.tables import Review, Supplier, Supplies  # noqa: E402

SEED: Final = 1
NATIONAL: Final = 400
AT_ONCE: Final = 50_000  # rows of a unit of work
AUTHOR: Final = UUID(int=1)
HOW_SHARED: Final = (45, 70, 80, 100)  # everyone, the authority, one school, nobody: of a hundred, added up
_UP_TO: Final = (0.5, 0.8, 0.95)  # how often each answer to an extra question is given, added up
PRAISE: Final = "Came when they said, tidied up after themselves, and the invoice was what they had quoted."


@dataclass(frozen=True, slots=True)
class Size:
    reviews: int = 500_000
    schools: int = 5_000
    suppliers: int = 200_000
    trails: int = 0  # schools whose reviews have entries


def no_name(n: int, _category: str) -> str:
    """What the nth supplier is called where nobody looks at names."""
    return f"Supplier {n} Ltd"


@dataclass(slots=True)
class _Country:
    """Schools with their local authorities, and the suppliers of each; the first of a list have most of the reviews."""

    chance: random.Random
    now: datetime
    schools: list[tuple[UUID, str]]
    networks: dict[str, UUID]
    audiences: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)  # everyone, the authority, one school
    national: "_Ranked" = field(init=False)
    local: dict[str, "_Ranked"] = field(default_factory=dict)
    supplied: dict[UUID, str] = field(default_factory=dict)  # the category of each supplier

    def an_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


class _Ranked:
    """Suppliers of which the nth is as likely as 1/n (Zipf)."""

    def __init__(self, ids: list[UUID]) -> None:
        self.ids = ids
        self._up_to = list(accumulate(1 / n for n in range(1, len(ids) + 1)))

    def some(self, chance: random.Random, count: int) -> set[UUID]:
        """At most so many different ones."""
        found: set[UUID] = set()
        for _ in range(count * 4):  # some come again and again
            if len(found) >= min(count, len(self.ids)):
                break
            found.add(self.ids[min(bisect(self._up_to, chance.random() * self._up_to[-1]), len(self.ids) - 1)])
        return found


async def fill(size: Size, *, authorities: Collection[str] = (), name: Callable[[int, str], str] = no_name) -> int:
    """Fills an empty database, and says how many reviews it has then. Opens units of its own.

    ``authorities``: schools of these alone, where there are any. ``name`` gives the nth supplier, of a category, its name.
    """
    await migrations.migrate()
    with register.open_register(register.SHIPPED) as file:
        await import_register(None, file.rows, digest=file.digest, complete=file.is_complete)
    country = await _drawn(size, authorities)
    await put(Person, (Person.id, Person.email, Person.name, Person.password_hash, Person.is_operator, Person.made_at),
               [(AUTHOR, "ann@example.org", "Ann Archer", "", False, country.now)])  # fmt: skip
    await _put_suppliers(country, size.suppliers, name)
    await _put_audiences(country)
    count = await put(Review, _REVIEW, _reviews(country, size.reviews))
    await _put_entries(country.chance.sample(country.schools, min(size.trails, len(country.schools))))
    await settle()
    return count


async def _drawn(size: Size, authorities: Collection[str]) -> _Country:
    async with database.read():
        found = await School.select(School.id, School.local_authority).where(
            School.status == "open", School.lat.is_not_null()
        ).order_by(School.urn)  # fmt: skip
        networks = await Network.select(Network.id, Network.code).where(Network.kind == "local_authority")
    chance = random.Random(SEED)
    found = [row for row in found if not authorities or row["local_authority"] in authorities]
    rows = chance.sample(found, min(size.schools, len(found)))
    return _Country(
        chance, clock.now(), [(row["id"], row["local_authority"]) for row in rows], {row["code"]: row["id"] for row in networks}
    )


async def _put_suppliers(country: _Country, count: int, name: Callable[[int, str], str]) -> None:
    authorities = sorted({authority for _, authority in country.schools})
    ids = [country.an_id() for _ in range(max(count, NATIONAL + len(authorities)))]
    country.national = _Ranked(ids[:NATIONAL])
    country.local = {one: _Ranked(ids[NATIONAL + n :: len(authorities)]) for n, one in enumerate(authorities)}
    slugs = [category.slug for category in taxonomy.categories()]
    supplies = [(country.an_id(), one, country.chance.choice(slugs)) for one in ids]
    country.supplied = {one: slug for _, one, slug in supplies}
    names = (name(n, slug) for n, (_, _, slug) in enumerate(supplies))
    await put(Supplier, (Supplier.id, Supplier.name, Supplier.exact_name, Supplier.made_at),
               ((one, called, normalise(called).exact, country.now) for one, called in zip(ids, names, strict=True)))  # fmt: skip
    await put(Supplies, (Supplies.id, Supplies.supplier, Supplies.category), supplies)


async def _put_audiences(country: _Country) -> None:
    country.audiences = {school: tuple(country.an_id() for _ in range(3)) for school, _ in country.schools}
    rows = ((one, school, str(one), country.now) for school, three in country.audiences.items() for one in three)
    await put(Audience, (Audience.id, Audience.owner, Audience.digest, Audience.made_at), rows)
    columns = (
        AudienceGrant.id, AudienceGrant.audience, AudienceGrant.owner, AudienceGrant.kind, AudienceGrant.subject,
        AudienceGrant.fields, AudienceGrant.valid_from,
    )  # fmt: skip
    await put(AudienceGrant, columns, _grants(country))


def _grants(country: _Country) -> Iterator[tuple[Any, ...]]:
    for school, authority in country.schools:
        everyone, close, one = country.audiences[school]
        yield country.an_id(), everyone, school, "everyone", None, 3, country.now
        if authority in country.networks:
            yield country.an_id(), close, school, "network", country.networks[authority], 3, country.now
        yield country.an_id(), one, school, "school", country.chance.choice(country.schools)[0], 3, country.now


_REVIEW: Final = (
    Review.id, Review.school, Review.supplier, Review.rating, Review.would_use_again, Review.praise, Review.criticism,
    Review.author, Review.audience, Review.version, Review.written_at, Review.lapses_at,
    Review.revised_at, Review.revised_by, Review.rating_at, Review.rating_by,
    Review.extras, Review.value, Review.reliability, Review.quality, Review.communication,
)  # fmt: skip


def _reviews(country: _Country, count: int) -> Iterator[tuple[Any, ...]]:
    """As many of each school, give or take half, and one of each about the first national supplier."""
    chance, each = country.chance, count / len(country.schools)
    for school, authority in country.schools:
        many = max(1, round(each * chance.uniform(0.5, 1.5)))
        everywhere = {country.national.ids[0], *country.national.some(chance, round(many * 0.4) - 1)}
        for supplier in (*everywhere, *country.local[authority].some(chance, round(many * 0.6))):
            yield _review(country, school, supplier)


def _review(country: _Country, school: UUID, supplier: UUID) -> tuple[Any, ...]:
    chance = country.chance
    shared = bisect(HOW_SHARED, chance.random() * 100)
    written = country.now - timedelta(seconds=chance.randrange(900 * 86_400))
    rating = None if chance.random() < 0.25 else chance.randint(1, 5)
    changed = chance.random() < 0.1
    at, by = (written + (country.now - written) * chance.random(), AUTHOR) if changed else (None, None)
    return (
        country.an_id(), school, supplier, rating, True if rating is None else chance.random() < 0.8,
        PRAISE if chance.random() < 0.5 else "", "", AUTHOR, (*country.audiences[school], None)[shared], 2 if changed else 1,
        written, (at or written) + timedelta(days=365) if rating is None else None, at, by, at, by,
        None if rating is None else _answers(country, supplier), *_criteria(chance, rating),
    )  # fmt: skip


def _answers(country: _Country, supplier: UUID) -> str | None:
    """Of half the schools: the best of three or four answers is given as often as all others."""
    chance = country.chance
    if chance.random() < 0.5:
        return None
    asked = extras.of_category(country.supplied[supplier])[: chance.randint(1, extras.MOST)]
    return extras.stored({one.slug: [*one.answers][bisect(_UP_TO, chance.random()) % len(one.answers)] for one in asked})


def _criteria(chance: random.Random, rating: int | None) -> list[int | None]:
    """A star more or less than the rating, each left out by one in five; of two thirds of the schools none."""
    if rating is None or chance.random() > 1 / 3:
        return [None for _ in Criterion]
    return [None if chance.random() < 0.2 else min(5, max(1, rating + chance.randint(-1, 1))) for _ in Criterion]


async def _put_entries(schools: Sequence[tuple[UUID, str]]) -> None:
    for school, _ in schools:
        async with database.read():
            said = await Review.select(Review.id, Review.supplier, Review.version).where(
                Review.school == school, Review.withdrawn_at.is_null()
            )
        async with recording(None) as record:
            for row in said:
                record(
                    Event.REVIEW_WRITTEN, stream=Subject.SUPPLIER.of(row["supplier"]), subject=Subject.REVIEW.of(row["id"]),
                    trail=str(school), facts={"version": row["version"]},
                )  # fmt: skip


async def put(table: Any, columns: Sequence[Any], rows: Iterable[tuple[Any, ...]]) -> int:
    """How many rows there were."""
    rest, count = iter(rows), 0
    while some := list(islice(rest, AT_ONCE)):
        async with recording(None) as record:
            await database.insert_rows(table, columns, some)
            record(Event.SUPPLIERS_IMPORTED, stream="bench", subject="bench", trail="operator")
        count += len(some)
    return count


async def settle() -> None:
    """As an installation stands after a night: names can be found, trails are sealed, the planner knows how much there is."""
    await rebuilding.reindex()
    if own := await keys.signing():
        async for _ in sealing.seal_in_batches(await sealing.all_trails(), own):
            pass
    if database.is_postgres():
        import asyncpg  # noqa: PLC0415

        connection = await asyncpg.connect(settings.current().database_url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description="Fills an empty database with a made-up country.")
    for name, usual in asdict(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    size = Size(**vars(parser.parse_args()))
    await database.open(settings.current())
    try:
        began, used = time.perf_counter(), time.process_time()
        count = await fill(size, name=made_names.name)
        print(f"{count:,} reviews of {size.schools:,} schools in {time.perf_counter() - began:.0f} s,"
              f" {time.process_time() - used:.0f} s of the processor's in this process")  # fmt: skip
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())

"""How good is the first page? NDCG@10 of our search, of PostgreSQL's full text with pg_trgm, and of SQLite's FTS5.

    python bench/ranking.py

A hundred questions (`data/ranking_queries.csv`, written before anything was asked) are put to one made-up world: 300 schools
of five local authorities, suppliers and reviews of `country.py`, names of `made_names.py`. A grade comes from a rule over what is
true in that world, never from what a search returns:

* a need, also misspelt or with a place: 0 where the supplier does not supply it. Otherwise the reviews count that the asker may
  read, by schools within 10 miles of the place, or else of the asker's school: 3 where at least three in four of them speak well,
  2 at least half, 0 fewer, and 1 where there are none;
* a name, also misspelt, or a number: 3 whose name or number it is; 0 everybody else.

Speaking well is four or five stars, or "would use again" without stars. The gain is 2^grade - 1, the best order is that of all
grades in the world. The second figure counts only whether the supplier does what is asked for, which a text search answers.

The others have each supplier's name, number, and the name and group of what it supplies, as somebody would set them up who has a
table and an afternoon: any word counts, stemmed; misspellings by trigrams; equals by the mean of the stars that every school may
see.
"""

import asyncio
import csv
import math
import os
import random
import sqlite3
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

import database  # noqa: E402 - after the path above
from base import clock, settings  # noqa: E402
from base.viewer import Role, Viewer  # noqa: E402
from bench import country, made_names  # noqa: E402
from sharing.schools.places import Place, miles_between  # noqa: E402
from sharing.tables import AudienceGrant, Network, School  # noqa: E402
from suppliers.index import rebuilding  # noqa: E402
from suppliers.record import taxonomy  # noqa: E402
from suppliers.search import listed, search  # noqa: E402
from suppliers.search.search import Question  # noqa: E402
from suppliers.tables import Identifier, Review, Supplier, Supplies  # noqa: E402
from tests.given.postgres import server  # noqa: E402

AUTHORITIES: Final = ("Lincolnshire", "Nottinghamshire", "Leicestershire", "Derbyshire", "Nottingham")
SIZE: Final = country.Size(reviews=45_000, schools=300, suppliers=5_000)
NEAR: Final = 10.0  # miles
FIRST: Final = 10
NUMBER: Final = 99_000_000  # company numbers from here on belong to nobody

Search = Callable[["Asked"], Awaitable[list[UUID]]]


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    typed: str
    means: str  # slug of a category; of a name or number, which of the suppliers
    viewer: Viewer
    place: Place


@dataclass(slots=True)
class World:
    suppliers: list[tuple[UUID, str, str]]  # id, name, slug of what it supplies; by id, which the seed decides
    schools: dict[UUID, dict[str, Any]]
    reviews: dict[UUID, list[dict[str, Any]]]  # by supplier
    everyone: frozenset[UUID]  # audiences
    authority: dict[UUID, str]  # by audience
    one: dict[UUID, UUID]  # the school, by audience

    def may_read(self, review: Mapping[str, Any], school: UUID) -> bool:
        audience = review["audience"]
        return (
            review["school"] == school
            or audience in self.everyone
            or self.one.get(audience) == school
            or self.authority.get(audience) == self.schools[school]["local_authority"]
        )


def speaks_well(review: Mapping[str, Any]) -> bool:
    return bool(review["rating"] >= 4 if review["rating"] is not None else review["would_use_again"])


def grade(world: World, asked: Asked, supplier: tuple[UUID, str, str]) -> int:
    """0 to 3, by the rule above."""
    which, name, slug = supplier
    if asked.kind.startswith("name"):
        return 3 if name == world.suppliers[int(asked.means)][1] else 0
    if asked.kind == "number":
        return 3 if which == world.suppliers[int(asked.means)][0] else 0
    if slug != asked.means:
        return 0
    said = [speaks_well(one) for one in world.reviews[which] if _is_near(world, asked, one)]
    if not said:
        return 1
    share = sum(said) / len(said)
    return 3 if share >= 0.75 else 2 if share >= 0.5 else 0


def _is_near(world: World, asked: Asked, review: Mapping[str, Any]) -> bool:
    if not world.may_read(review, asked.viewer.school) or (review["lapses_at"] and review["lapses_at"] <= clock.now()):
        return False
    return miles_between(asked.place, _place(world.schools[review["school"]])) <= NEAR


def _place(school: Mapping[str, Any]) -> Place:
    return Place(school["name"], school["lat"], school["lon"])


def ndcg(found: Sequence[UUID], grades: Mapping[UUID, int]) -> float:
    best = sorted(grades.values(), reverse=True)[:FIRST]
    return _dcg([grades.get(one, 0) for one in found[:FIRST]]) / _dcg(best)


def _dcg(grades: Sequence[int]) -> float:
    return math.fsum((2**one - 1) / math.log2(at + 2) for at, one in enumerate(grades))


async def ours(asked: Asked) -> list[UUID]:
    """As the page has them: who was heard of, then who is listed beside."""
    answer = await search.recommendations(asked.viewer, Question(need=asked.typed))
    heard = [hit.supplier for hit in answer.hits]
    beside = await listed.of_categories(asked.viewer, answer.meant, answer.place, limit=FIRST, but=set(heard))
    return heard + [one.supplier for one in beside.suppliers]


# Stemmed words, any of them; what is misspelt by trigrams of name and trade. Ranks are the functions' own, added up.
_FULL_TEXT: Final = """
    SELECT id FROM (SELECT id, stars, ts_rank(words, query) + word_similarity($1, said) AS rank FROM doc,
        (SELECT CAST(replace(CAST(plainto_tsquery('english', $1) AS text), '&', '|') AS tsquery) AS query) q
        WHERE words @@ query OR $1 <% said) found
    ORDER BY round(CAST(rank AS numeric), 3) DESC, stars DESC NULLS LAST, id LIMIT 10"""


async def full_text(connection: Any, world: World) -> Search:
    await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    await connection.execute("CREATE TABLE doc (id uuid, said text, stars float, words tsvector)")
    await connection.executemany(
        """INSERT INTO doc SELECT $1, $2 || ' ' || $3, $4,
            setweight(to_tsvector('english', $2), 'A') || setweight(to_tsvector('english', $3), 'B')""",
        _documents(world),
    )

    async def asked_of(asked: Asked) -> list[UUID]:
        return [UUID(str(row["id"])) for row in await connection.fetch(_FULL_TEXT, asked.typed)]

    return asked_of


def fts5(world: World) -> Search:
    """Words stemmed by porter; where fewer than ten have any, those that share trigrams behind them."""
    file = sqlite3.connect(":memory:")
    for table, tokens in (("words", "porter unicode61"), ("letters", "trigram")):
        file.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(id UNINDEXED, stars UNINDEXED, name, trade, tokenize='{tokens}')")
        file.executemany(f"INSERT INTO {table} (id, name, trade, stars) VALUES (?, ?, ?, ?)",  # noqa: S608 - ours
                         [(str(which), *rest) for which, *rest in _documents(world)])  # fmt: skip

    def found(table: str, parts: Sequence[str]) -> list[UUID]:
        query = " OR ".join(f'"{part}"' for part in dict.fromkeys(parts))
        sql = f"SELECT id FROM {table} WHERE {table} MATCH ? ORDER BY round(bm25({table}), 3), stars DESC, id LIMIT 10"  # noqa: S608
        return [UUID(row[0]) for row in file.execute(sql, (query,))] if query else []

    async def asked_of(asked: Asked) -> list[UUID]:
        typed = "".join(letter if letter.isalnum() else " " for letter in asked.typed.casefold())
        trigrams = [word[at : at + 3] for word in typed.split() for at in range(len(word) - 2)]
        return list(dict.fromkeys([*found("words", typed.split()), *found("letters", trigrams)]))

    return asked_of


def _documents(world: World) -> list[tuple[UUID, str, str, float | None]]:
    made: list[tuple[UUID, str, str, float | None]] = []
    for at, (which, name, slug) in enumerate(world.suppliers):
        pooled = [one["rating"] for one in world.reviews[which] if one["rating"] and one["audience"] in world.everyone]
        category = taxonomy.by_slug()[slug]
        trade = f"{category.name} {category.group} {NUMBER + at}"
        made.append((which, name, trade, statistics.fmean(pooled) if pooled else None))
    return made


async def _known() -> World:
    async with database.read():
        suppliers = await Supplier.select(Supplier.id, Supplier.name).order_by(Supplier.id)
        supplied = {row["supplier"]: row["category"] for row in await Supplies.select()}
        schools = {row["id"]: row for row in await School.select().where(School.lat.is_not_null())}
        networks = {row["id"]: row["code"] for row in await Network.select(Network.id, Network.code)}
        grants = await AudienceGrant.select()
        reviews = defaultdict[UUID, list[dict[str, Any]]](list)
        for row in await Review.select():
            reviews[row["supplier"]].append(row)
    to = {kind: [one for one in grants if one["kind"] == kind] for kind in ("everyone", "network", "school")}
    return World(
        [(row["id"], row["name"], supplied[row["id"]]) for row in suppliers],
        schools,
        reviews,
        frozenset(one["audience"] for one in to["everyone"]),
        {one["audience"]: networks[one["subject"]] for one in to["network"]},
        {one["audience"]: one["subject"] for one in to["school"]},
    )


async def _asked(world: World) -> list[Asked]:
    """Each question from another school; one with a place from a school of that town."""
    reviewing = {one["school"] for said in world.reviews.values() for one in said}
    schools = sorted((one for key, one in world.schools.items() if key in reviewing), key=lambda one: one["urn"])
    chance = random.Random(4)
    made: list[Asked] = []
    with (ROOT / "bench" / "data" / "ranking_queries.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            there = [one for one in schools if not row["place"] or one["town"] == row["place"]]
            school = chance.choice(there)
            viewer = Viewer(UUID(int=len(made) + 2), "Ann", school["id"], school["name"], Role.BUSINESS_MANAGER)
            made.append(Asked(row["kind"], row["typed"], row["means"], viewer, _place(school)))
    return made


async def _measured(world: World, searches: Mapping[str, Search]) -> None:
    """Prints a table: a row for each kind, for each search both figures."""
    figures = defaultdict[str, dict[str, list[tuple[float, float]]]](lambda: defaultdict(list))
    for asked in await _asked(world):
        grades = {one[0]: grade(world, asked, one) for one in world.suppliers}
        does_it = {one[0]: 3 for one in world.suppliers if grades[one[0]] or one[2] == asked.means}
        for name, answer in searches.items():
            found = await answer(asked)
            for kind in (asked.kind, "all"):
                figures[kind][name].append((ndcg(found, grades), ndcg(found, does_it)))
    print(f"| | questions | {' | '.join(searches)} |\n|---|---|{'---|' * len(searches)}")
    for kind, by_search in sorted(figures.items(), key=lambda one: one[0] == "all"):
        cells = (
            " / ".join(f"{statistics.fmean(column):.2f}" for column in zip(*pairs, strict=True)) for pairs in by_search.values()
        )
        print(f"| {kind} | {len(next(iter(by_search.values())))} | {' | '.join(cells)} |")


async def _one_world() -> None:
    import asyncpg  # noqa: PLC0415

    await database.open(settings.current())
    try:
        count = await country.fill(SIZE, authorities=AUTHORITIES, name=made_names.name)
        world = await _known()
        columns = (Identifier.id, Identifier.supplier, Identifier.scheme, Identifier.value)
        numbers = ((UUID(int=n), which, "company_number", str(NUMBER + n)) for n, (which, *_) in enumerate(world.suppliers))
        await country.put(Identifier, columns, numbers)
        await rebuilding.reindex()
        await country.settle()
        print(f"{len(world.suppliers):,} suppliers, {count:,} reviews of {SIZE.schools} schools")
        connection = await asyncpg.connect(settings.current().database_url)
        peers = {"PostgreSQL full text and pg_trgm": await full_text(connection, world), "SQLite FTS5": fts5(world)}
        await _measured(world, {"Vouch": ours, **peers})
        await connection.close()
    finally:
        await database.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, server() as url:
        os.environ |= {"VOUCH_DATABASE_URL": url, "VOUCH_DATA": folder}
        asyncio.run(_one_world())


if __name__ == "__main__":
    main()

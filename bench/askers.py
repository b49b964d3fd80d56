"""People of schools in London and in villages who ask a country that bench/country.py filled, and what they ask."""

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

import database
from audit import recording
from audit.tables import HeadRow
from base import clock
from base.viewer import Role
from database import migrations
from sharing.sign_in import sessions
from sharing.tables import Membership, Person, School
from suppliers.events import Event
from suppliers.record import taxonomy
from suppliers.tables import Review, Supplier, Use

SEED: Final = 1
ASKERS: Final = 20  # schools, each with somebody of its own
INNER_LONDON: Final = (51.45, 51.57, -0.22, 0.02)  # south, north, west, east
CELL: Final = 10  # of a degree: some 7 miles by 4
FEW: Final = 3  # schools of a cell in the country
USED: Final = 50  # suppliers of each asker's school, where it reviewed so many
TYPED: Final = 11  # letters of a name

_MADE: Final = (Use.id, Use.school, Use.supplier, Use.since_at)


@dataclass(frozen=True, slots=True)
class Asker:
    token: str  # of a session
    school: UUID
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, the supplier with the most reviews, and names to type the beginnings of."""

    london: tuple[Asker, ...]
    villages: tuple[Asker, ...]
    recorded: tuple[Asker, ...]  # of the schools with the longest trails
    popular: UUID
    names: tuple[str, ...]


async def prepared() -> Asking:
    """Signs them in and gives their schools a list of their own. Migrates; opens units of its own."""
    await migrations.migrate()
    async with database.read():
        schools = await School.select(School.id, School.lat, School.lon).where(
            School.status == "open", School.lat.is_not_null(),
            School.id.is_in(School.select(School.id).where(School.id.is_in(Review.select(Review.school)))),
        ).order_by(School.urn)  # fmt: skip
        most = await database.select("SELECT supplier FROM suppliers_review GROUP BY supplier ORDER BY COUNT(*) DESC LIMIT 1")
        names = await Supplier.select(Supplier.name).order_by(Supplier.id).limit(1_000).output(as_list=True)
        longest = HeadRow.select(HeadRow.trail).where(HeadRow.trail != "operator").order_by(HeadRow.size, ascending=False)
        trails = {*await longest.limit(ASKERS).output(as_list=True)}
    south, north, west, east = INNER_LONDON
    in_london = [one for one in schools if south <= one["lat"] <= north and west <= one["lon"] <= east]
    near = Counter(map(_cell, schools))
    in_villages = [one for one in schools if near[_cell(one)] <= FEW]
    london, villages = [await _signed_in(random.Random(SEED).sample(some, ASKERS)) for some in (in_london, in_villages)]
    recorded = await _signed_in([one for one in schools if str(one["id"]) in trails])
    return Asking(london, villages, recorded, database.id_of(most[0]["supplier"]), tuple(names))


def _cell(school: dict[str, Any]) -> tuple[int, int]:
    return int(school["lat"] * CELL), int(school["lon"] * CELL)


async def _signed_in(schools: Sequence[dict[str, Any]]) -> tuple[Asker, ...]:
    """A business manager of each, with a new session."""
    found = []
    for n, school in enumerate(schools):
        person, now = uuid4(), clock.now()
        used = await _to_use(school["id"])
        async with recording(None) as record:
            await database.insert_rows(
                Person, (Person.id, Person.email, Person.name, Person.password_hash, Person.is_operator, Person.made_at),
                [(person, f"asker.{person}@example.org", f"Asker {n}", "", False, now)],
            )  # fmt: skip
            await database.insert_rows(
                Membership, (Membership.id, Membership.person, Membership.school, Membership.role, Membership.valid_from),
                [(uuid4(), person, school["id"], Role.BUSINESS_MANAGER.value, now)],
            )  # fmt: skip
            await database.insert_rows(Use, _MADE, [(uuid4(), school["id"], one, now) for one in used])
            record(Event.SUPPLIERS_IMPORTED, stream="bench", subject="bench", trail="operator")
        found.append(Asker(await sessions.start(person, school["id"]), school["id"], school["lat"], school["lon"]))
    return tuple(found)


async def _to_use(school: UUID) -> list[UUID]:
    """Suppliers that it reviewed, and does not use yet, up to USED in all."""
    async with database.read():
        used = await Use.select(Use.supplier).where(Use.school == school).output(as_list=True)
        said = await Review.select(Review.supplier).where(Review.school == school).order_by(Review.id).output(as_list=True)
    return [one for one in said if one not in set(used)][: max(0, USED - len(used))]


def questions(asking: Asking, many: int) -> Iterator[tuple[str, tuple[Asker, ...], list[str]]]:
    """What each kind is called, who asks, and its addresses."""
    chance = random.Random(SEED)
    for where, some in (("", asking.london), (", a village", asking.villages)):
        for miles in (10, 50):
            yield f"a need, {miles} miles{where}", some, [_search(chance, miles) for _ in range(many)]
        yield f"no need, 10 miles{where}", some, ["/search?miles=10"] * many
    yield "the supplier with the most reviews", asking.london, [f"/suppliers/{asking.popular}"] * many
    yield "home", asking.london, ["/"] * many
    yield "our suppliers", asking.london, ["/suppliers"] * many
    if asking.recorded:
        yield "our trail", asking.recorded, ["/trail"] * many
    typed = (chance.choice(asking.names)[:TYPED] for _ in range(many))
    yield "names while typing", asking.london, [f"/suppliers/suggestions?{urlencode({'name': one})}" for one in typed]
    yield "alive", asking.london, ["/healthz"] * many


def _search(chance: random.Random, miles: int) -> str:
    return f"/search?{urlencode({'need': chance.choice(taxonomy.categories()).name, 'miles': miles})}"

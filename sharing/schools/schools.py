"""Finding schools in the register: by name, town, postcode or URN, near a place, spelling mistakes allowed.

The register is public, so every signed-in person finds the same schools; only open ones are listed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from piccolo.columns import And, Or, Where
from piccolo.querystring import QueryString

import database
from base import cursor as keys
from base.refusals import Invalid, NotFound
from sharing.schools.names import fold, likeness, word_parts
from sharing.schools.places import Place, bounding_box, miles_between
from sharing.schools.register_values import URN
from sharing.tables import School

LONGEST_SEARCH: Final = 100  # characters; the register's longest name is 96
MOST_WORDS: Final = 8
MOST_A_PAGE: Final = 100
SEARCH_MILES: Final = 50  # further is not near, and half of England
NOWHERE: Final = 99_999.0  # miles: as far as a school without a position counts, beyond every other
MOST_CLOSE: Final = 200  # candidates whose spelling is compared
CLOSE_ENOUGH: Final = 70.0  # of 100: "castel primry" finds Castle Primary, "oak" alone doesn't find Elm
MOST_PARTS: Final = 24  # three-letter parts asked of the database; more words get fewer each

_WHOLE_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?)([0-9][a-z]{2})\b")  # typed without its space

_COLUMNS: Final = (
    School.id, School.kind, School.urn, School.name, School.search_name, School.phase, School.status,
    School.local_authority, School.trust_name, School.town, School.postcode, School.lat, School.lon,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundSchool:
    id: UUID
    kind: str  # school | trust
    urn: int | None
    name: str
    search_name: str
    phase: str
    status: str  # open | closed
    local_authority: str
    trust_name: str | None
    town: str
    postcode: str
    lat: float | None
    lon: float | None
    miles: float | None = None  # from the place that was asked for


@dataclass(frozen=True, slots=True)
class SchoolsPage:
    schools: tuple[FoundSchool, ...]
    next_cursor: str | None = None
    is_guess: bool = False  # no school is spelt like that; these are spelt almost like it


async def find_schools(
    text: str, *, near: Place | None = None, miles: float | None = 10, cursor: str | None = None, limit: int = 20
) -> SchoolsPage:
    """Open schools with every word of ``text`` in their name, town or postcode, or with that URN.

    With ``near``, those within ``miles`` (None: however far), the nearest first; otherwise names that begin with the text, then
    the others, each in alphabetical order. Where nothing matches, but for a circle, one page of the likeliest spellings.
    Raises Invalid.
    """
    limit = max(1, min(limit, MOST_A_PAGE))
    words = _words(text)
    if near is not None and miles is not None and not 0 < miles <= SEARCH_MILES:
        raise Invalid(f"Enter a distance from 1 to {SEARCH_MILES} miles.", miles=f"Enter from 1 to {SEARCH_MILES} miles.")
    async with database.read():
        if len(words) == 1 and URN.fullmatch(words[0]):
            return SchoolsPage(tuple(seen_from(near, school) for school in await _rows(School.urn == int(words[0]), limit=1)))
        page = await _by_name(words, cursor, limit) if near is None else await _near(words, near, miles, cursor, limit)
        if page.schools or cursor or not words or (near is not None and miles is not None):
            return page
        return await _likeliest(words, near, limit)


async def place_of(school: UUID) -> Place | None:
    """Where the register has it; None where it says nothing."""
    found = await one(school)
    return Place(found.name, found.lat, found.lon) if found.lat is not None and found.lon is not None else None


async def one(school: UUID) -> FoundSchool:
    """Any school, open or closed. Raises NotFound."""
    async with database.read():
        found = await School.select(*_COLUMNS).where(School.id == school).first()
    if found is None:
        raise NotFound
    return FoundSchool(**found)


def seen_from(place: Place | None, school: FoundSchool) -> FoundSchool:
    """The same, with how far it is from there."""
    return replace(school, miles=_miles(place, school.lat, school.lon)) if place else school


async def with_urn(urn: int) -> FoundSchool:
    """The school that somebody at the terminal means. Raises Invalid."""
    async with database.read():
        found = await School.select(*_COLUMNS).where(School.urn == urn).first()
    if found is None:
        raise Invalid(f"No school has the URN {urn}. Import the register first, or check the number.")
    return FoundSchool(**found)


def _words(text: str) -> tuple[str, ...]:
    if len(text) > LONGEST_SEARCH:
        sentence = f"Enter a shorter search, of at most {LONGEST_SEARCH} characters."
        raise Invalid(sentence, text=sentence)
    folded = _WHOLE_POSTCODE.sub(r"\1 \2", fold(text))
    return tuple(dict.fromkeys(folded.split()))[:MOST_WORDS]


async def _rows(where: Where | And | Or, *, limit: int) -> list[FoundSchool]:
    query = School.select(*_COLUMNS).where(where & (School.status == "open"))
    return [FoundSchool(**row) for row in await query.order_by(School.search_name, School.id).limit(limit)]


def _holds(words: Sequence[str]) -> Where | And:
    """Each of the words begins a word of the school's search name. Folded words hold no % or _."""
    condition: Where | And = School.status == "open"
    for word in words:
        condition = condition & School.search_name.like(f"% {word}%")
    return condition


async def _by_name(words: Sequence[str], cursor: str | None, limit: int) -> SchoolsPage:
    """Two runs through the alphabet: 0, names that begin with the text; 1, all others."""
    run, after_name, after_id = _after(cursor)
    begins = School.search_name.like(f" {' '.join(words)}%")
    others = School.search_name.not_like(f" {' '.join(words)}%")
    found: list[tuple[int, FoundSchool]] = []
    for number, belongs in ((0, begins), (1, others)):
        if number < run or len(found) > limit:
            continue
        condition = _holds(words) & belongs
        if number == run and after_id is not None:
            same_name = (School.search_name == after_name) & (School.id > after_id)
            condition = condition & ((School.search_name > after_name) | same_name)
        found += [(number, school) for school in await _rows(condition, limit=limit + 1 - len(found))]
    page = found[:limit]
    if len(found) <= limit:
        return SchoolsPage(tuple(school for _, school in page))
    last_run, last = page[-1]
    return SchoolsPage(tuple(school for _, school in page), keys.encode(last_run, last.search_name, str(last.id)))


def _after(cursor: str | None) -> tuple[int, str, UUID | None]:
    if cursor is None:
        return 0, "", None
    run, name, school = keys.decode(cursor, keys=3)
    if run not in (0, 1) or not isinstance(name, str):
        raise keys.nonsense()
    return int(run), name, keys.an_id(school)


async def _near(words: Sequence[str], near: Place, miles: float | None, cursor: str | None, limit: int) -> SchoolsPage:
    """The distance decides, and only the page's own rows are read whole. However far: first those that may fill the page."""
    after = _after_distance(cursor)
    ordered = [each for each in await _distances(words, near, miles or SEARCH_MILES) if each > after]
    if miles is None and len(ordered) <= limit:
        ordered = [each for each in await _distances(words, near, None) if each > after]
    page = [school for _, school in ordered[:limit]]
    rows = await School.select(*_COLUMNS).where(database.among(School.id, [UUID(school) for school in page]))
    found = {str(row["id"]): seen_from(near, FoundSchool(**row)) for row in rows}
    return SchoolsPage(
        tuple(found[school] for school in page), keys.encode(*ordered[limit - 1]) if len(ordered) > limit else None
    )


async def _distances(words: Sequence[str], near: Place, miles: float | None) -> list[tuple[float, str]]:
    """How far and the id, in order; those without a position, which only ``miles`` None asks for, are further than any.

    A box narrows the rows by an index.
    """
    condition = _holds(words)
    if miles is not None:
        box = bounding_box(near, miles)
        inside = (School.lat >= box.south) & (School.lat <= box.north) & (School.lon >= box.west) & (School.lon <= box.east)
        condition = condition & inside
    rows = await School.select(School.id, School.lat, School.lon).where(condition)
    away = ((_miles(near, row["lat"], row["lon"]), str(row["id"])) for row in rows)
    return sorted((NOWHERE if far is None else far, school) for far, school in away if miles is None or (far or 0.0) <= miles)


def _miles(near: Place, lat: float | None, lon: float | None) -> float | None:
    return None if lat is None or lon is None else miles_between(near, Place("school", lat, lon))


def _after_distance(cursor: str | None) -> tuple[float, str]:
    if cursor is None:
        return -1.0, ""
    distance, school = keys.decode(cursor, keys=2)
    if not isinstance(distance, int | float):
        raise keys.nonsense()
    return float(distance), str(keys.an_id(school))


async def _likeliest(words: Sequence[str], near: Place | None, limit: int) -> SchoolsPage:
    """The database picks the schools that share most three-letter parts, then every word is compared."""
    parts = list(dict.fromkeys(part for each in zip(*map(word_parts, words), strict=False) for part in each))
    parts += [part for word in words for part in word_parts(word) if part not in parts]
    likes = [f"%{part}%" for part in parts[:MOST_PARTS]]
    counted = " + ".join("(CASE WHEN search_name LIKE {} THEN 1 ELSE 0 END)" for _ in likes)
    shared: Any = QueryString(counted, *likes, alias="shared")
    rows = (
        await School.select(*_COLUMNS, shared)
        .where(School.status == "open")
        .order_by(QueryString("shared"), ascending=False)
        .order_by(School.search_name, School.id)
        .limit(MOST_CLOSE)
    )
    candidates = [FoundSchool(**{name: value for name, value in row.items() if name != "shared"}) for row in rows]
    scored = sorted(
        ((-likeness(tuple(words), s.search_name), s.search_name, str(s.id), s) for s in candidates), key=lambda r: r[:3]
    )
    close = [seen_from(near, school) for score, *_, school in scored if -score >= CLOSE_ENOUGH]
    return SchoolsPage(tuple(close[:limit]), is_guess=bool(close))

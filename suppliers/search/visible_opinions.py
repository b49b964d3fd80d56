"""What the viewer can hear of suppliers: visible opinions of schools around a place, or linked with the viewer's.

How a supplier stands is added up in the database, over all that is heard; single words are read for the suppliers of a page.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from sharing.access.visibility import Principals
from sharing.schools.places import Place, miles_between
from suppliers.record.taxonomy import Reach
from suppliers.search import around as places
from suppliers.search import ranking, word_rows
from suppliers.search.around import Around
from suppliers.search.word_rows import VALUE, WEIGHS, SearchTarget
from suppliers.tables import Supplier

MOST_SHOWN: Final = 20  # words of one supplier; how many there are is told beside
MOST_NAMED: Final = 3  # of a stance, in a reason


class Stance(IntEnum):
    """What a school's word comes to, in the order in which reasons are given."""

    VOUCHES = 1
    RATES_WELL = 2
    AGAINST = 3
    USES = 4
    INTERESTED = 5
    OURS = 6  # the viewer's own school's word, whatever it is


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a supplier's words: how many, and by reach the sum of weight × value and of the weights."""

    words: int
    weighed: Mapping[Reach, tuple[float, float]]

    def standing(self, reach: Reach) -> float:
        return ranking.standing(*self.weighed[reach])


@dataclass(frozen=True, slots=True)
class SchoolWord:
    """One school's word on a supplier, as far as the viewer may see it."""

    school: UUID
    school_name: str
    word: ranking.Word
    place: Place | None  # of the school
    stance: Stance
    is_linked: bool

    @property
    def is_ours(self) -> bool:
        return self.stance is Stance.OURS


@dataclass(frozen=True, slots=True)
class Spoken:
    """Of one supplier: the nearest MOST_SHOWN words and of each stance the nearest MOST_NAMED, nearest first; and how many."""

    said: tuple[SchoolWord, ...] = ()
    many: Mapping[Stance, int] = field(default_factory=dict)
    newest: datetime | None = None  # of other schools' words
    like_ours: int = 0  # how many of the other schools are like the viewer's

    @property
    def total(self) -> int:
        return sum(self.many.values())


async def sums(principals: Principals, wanted: SearchTarget, around: Around) -> dict[UUID, Sums]:
    """Of each supplier of which something is heard, and that the viewer may see. Inside a read unit."""
    standing = f"SELECT g.* {_STANDING}"
    rows = await Supplier.raw("{}", word_rows.heard(principals, wanted, around, standing, around.coming_to, principals.school))
    return {_id(row["supplier"]): _sums(row) for row in rows}


async def count(principals: Principals, wanted: SearchTarget, around: Around) -> int:
    """Of how many suppliers something is heard. Inside a read unit."""
    standing = f"SELECT COUNT(*) AS n {_STANDING}"
    rows = await Supplier.raw("{}", word_rows.heard(principals, wanted, around, standing, around.coming_to, principals.school))
    return int(rows[0]["n"])


async def spoken(principals: Principals, suppliers: Collection[UUID], around: Around) -> dict[UUID, Spoken]:
    """What is said of these few. Inside a read unit."""
    if not suppliers:
        return {}
    wanted = SearchTarget({}, dict.fromkeys(suppliers, 1.0))
    rows = await Supplier.raw(
        "{}", word_rows.heard(principals, wanted, around, _NEAREST, principals.school, around.like_ours, MOST_SHOWN, MOST_NAMED)
    )
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(_id(row["supplier"]), []).append(row)
    return {supplier: _spoken(rows, around) for supplier, rows in found.items()}


_WEIGHTS: Final = ", ".join(
    f"CASE WHEN {WEIGHS} THEN w.recency * {places.leaves(reach, 'w')} END AS {reach.value}_weight" for reach in Reach
)
_SUMMED: Final = ", ".join(
    f"SUM(w.{reach.value}_weight * w.value) AS {reach.value}_sum, SUM(w.{reach.value}_weight) AS {reach.value}_weight"
    for reach in Reach
)
# What is said of a supplier that joined another rests, but for what moved to where it is now.
_STANDING: Final = f"""FROM (SELECT w.supplier, COUNT(*) AS said, {_SUMMED}
    FROM (SELECT w.supplier, w.rating, w.again, w.interest, {_WEIGHTS}, {VALUE} AS value FROM words w) w
    GROUP BY w.supplier HAVING {{}}) g
    JOIN suppliers_supplier s ON s.id = g.supplier WHERE s.joined_to IS NULL AND (s.owner IS NULL OR s.owner = {{}})"""  # noqa: S608

_STANCE: Final = f"""CASE WHEN w.school = {{}} THEN {Stance.OURS} WHEN w.interest THEN {Stance.INTERESTED}
    WHEN w.value < 0 THEN {Stance.AGAINST} WHEN w.again THEN {Stance.VOUCHES}
    WHEN w.rating IS NOT NULL AND w.value > 0 THEN {Stance.RATES_WELL} ELSE {Stance.USES} END"""
_NEARER: Final = "ORDER BY v.miles2 IS NULL, v.miles2, v.school"
_NEAREST: Final = f"""SELECT n.*, c.name AS school_name, c.lat, c.lon FROM (SELECT v.*,
    ROW_NUMBER() OVER (PARTITION BY v.supplier {_NEARER}) AS place,
    ROW_NUMBER() OVER (PARTITION BY v.supplier, v.stance {_NEARER}) AS place_in_stance,
    COUNT(*) OVER (PARTITION BY v.supplier, v.stance) AS many, MAX(v.said_at) OVER (PARTITION BY v.supplier, v.stance) AS newest,
    SUM(v.is_like) OVER (PARTITION BY v.supplier, v.stance) AS many_like
    FROM (SELECT w.*, {_STANCE} AS stance, CASE WHEN {{}} THEN 1 ELSE 0 END AS is_like
    FROM (SELECT w.*, {VALUE} AS value FROM words w) w) v) n
    JOIN sharing_school c ON c.id = n.school WHERE n.place <= {{}} OR n.place_in_stance <= {{}}"""  # noqa: S608 - our own text


def _sums(row: Mapping[str, Any]) -> Sums:
    weighed = {reach: (row[f"{reach.value}_sum"] or 0.0, row[f"{reach.value}_weight"] or 0.0) for reach in Reach}
    return Sums(row["said"], weighed)


def _spoken(rows: Collection[Mapping[str, Any]], around: Around) -> Spoken:
    said = sorted((_word(row, around) for row in rows), key=_nearest_first)
    others = [_moment(row["newest"]) for row in rows if row["stance"] != Stance.OURS]
    many = {Stance(row["stance"]): row["many"] for row in rows}
    like = {row["stance"]: row["many_like"] for row in rows if row["stance"] != Stance.OURS}
    return Spoken(tuple(said), many, max(others, default=None), int(sum(like.values())))


def _word(row: Mapping[str, Any], around: Around) -> SchoolWord:
    school = _id(row["school"])
    there = Place(row["school_name"], row["lat"], row["lon"]) if row["lat"] is not None else None
    again = row["again"]
    return SchoolWord(
        school=school,
        school_name=row["school_name"],
        word=ranking.Word(
            rating=row["rating"],
            would_use_again=None if again is None else bool(again),
            written_at=_moment(row["said_at"]),
            miles=miles_between(around.place, there) if around.place and there else None,
        ),
        place=there,
        stance=Stance(row["stance"]),
        is_linked=school in around.linked,
    )


def _nearest_first(said: SchoolWord) -> tuple[bool, float, str, UUID]:
    """With an order of its own among equals: the database's changes with whatever is written to a row."""
    return (said.word.miles is None, said.word.miles or 0.0, said.school_name, said.school)


def _id(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)

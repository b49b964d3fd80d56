"""What the viewer hears of the suppliers of a page: visible opinions of schools around a place, or linked with theirs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.schools.places import Place, miles_between
from suppliers.search import ranking, word_rows
from suppliers.search.around import Around
from suppliers.search.told import Listener
from suppliers.search.wanted import SearchTarget
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


async def spoken(hearing: Listener, suppliers: Collection[UUID], around: Around) -> dict[UUID, Spoken]:
    """What is said of these few. Inside a read unit."""
    if not suppliers:
        return {}
    wanted = SearchTarget({}, dict.fromkeys(suppliers, 1.0))
    asked = word_rows.heard(hearing, wanted, around, "{}", nearest(hearing, around, QueryString("words")))
    return by_supplier(await Supplier.raw("{}", asked), around)


def nearest(hearing: Listener, around: Around, words: QueryString) -> QueryString:
    """A SELECT of ``supplier`` and COLUMNS: of these ``words`` (a table of SQL) those of each supplier that Spoken has."""
    return QueryString(_NEAREST, hearing.principals.school, around.like_ours, words, MOST_SHOWN, MOST_NAMED)


def by_supplier(rows: Collection[Mapping[str, Any]], around: Around) -> dict[UUID, Spoken]:
    """The rows that ``nearest`` selects."""
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(database.id_of(row["supplier"]), []).append(row)
    return {supplier: _spoken(some, around) for supplier, some in found.items()}


_STANCE: Final = f"""CASE WHEN w.school = {{}} THEN {Stance.OURS} WHEN w.interest THEN {Stance.INTERESTED}
    WHEN w.value < 0 THEN {Stance.AGAINST} WHEN w.again THEN {Stance.VOUCHES}
    WHEN w.rating IS NOT NULL AND w.value > 0 THEN {Stance.RATES_WELL} ELSE {Stance.USES} END"""
_NEARER: Final = "ORDER BY v.miles2 IS NULL, v.miles2, v.school"
COLUMNS: Final = "w.school, w.school_name, w.lat, w.lon, w.rating, w.again, w.said_at, w.stance, w.many, w.newest, w.many_like"
_NEAREST: Final = f"""SELECT n.* FROM (SELECT v.*,
    ROW_NUMBER() OVER (PARTITION BY v.supplier {_NEARER}) AS place,
    ROW_NUMBER() OVER (PARTITION BY v.supplier, v.stance {_NEARER}) AS place_in_stance,
    COUNT(*) OVER (PARTITION BY v.supplier, v.stance) AS many, MAX(v.said_at) OVER (PARTITION BY v.supplier, v.stance) AS newest,
    SUM(v.is_like) OVER (PARTITION BY v.supplier, v.stance) AS many_like
    FROM (SELECT w.*, {_STANCE} AS stance, k.name AS school_name, k.lat, k.lon, CASE WHEN {{}} THEN 1 ELSE 0 END AS is_like
    FROM {{}} w JOIN sharing_school k ON k.id = w.school) v) n
    WHERE n.place <= {{}} OR n.place_in_stance <= {{}}"""  # noqa: S608 - our own text


def _spoken(rows: Collection[Mapping[str, Any]], around: Around) -> Spoken:
    said = sorted((_word(row, around) for row in rows), key=_nearest_first)
    by_stance = {Stance(stance): row for stance, row in {row["stance"]: row for row in rows}.items()}
    others = [row for stance, row in by_stance.items() if stance is not Stance.OURS]
    return Spoken(
        tuple(said),
        {stance: row["many"] for stance, row in by_stance.items()},
        newest=max((database.moment_of(row["newest"]) for row in others), default=None),
        like_ours=int(sum(row["many_like"] for row in others)),
    )


def _word(row: Mapping[str, Any], around: Around) -> SchoolWord:
    school = database.id_of(row["school"])
    there = Place(row["school_name"], row["lat"], row["lon"]) if row["lat"] is not None else None
    again = row["again"]
    return SchoolWord(
        school=school,
        school_name=row["school_name"],
        word=ranking.Word(
            rating=row["rating"],
            would_use_again=None if again is None else bool(again),
            written_at=database.moment_of(row["said_at"]),
            miles=miles_between(around.place, there) if around.place and there else None,
        ),
        place=there,
        stance=Stance(row["stance"]),
        is_linked=school in around.linked,
    )


def _nearest_first(said: SchoolWord) -> tuple[bool, float, str, UUID]:
    """With an order of its own among equals: the database's changes with whatever is written to a row."""
    return (said.word.miles is None, said.word.miles or 0.0, said.school_name, said.school)

"""Whose opinion it is, how far away they are, and why the viewer can see it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import database
from sharing.access import visibility
from sharing.access.visibility import Principals
from sharing.schools.places import Place, miles_between
from sharing.tables import Person, School
from suppliers.record import field_groups
from suppliers.tables import Review


@dataclass(frozen=True, slots=True)
class Byline:
    """Whose opinion it is."""

    school: UUID
    name: str
    town: str
    miles: float | None  # from the viewer's school; None when the register has no place for one of the two
    why: tuple[str, ...]  # why the viewer can see it, in sentences
    place: Place | None  # of the school


async def of(principals: Principals, pairs: Iterable[tuple[UUID, UUID | None]]) -> dict[tuple[UUID, UUID | None], Byline]:
    """The bylines of opinions of these schools, shared with these audiences. Inside a unit."""
    wanted = set(pairs)
    if not wanted:
        return {}
    columns = (School.id, School.name, School.town, School.lat, School.lon)
    schools = {
        s["id"]: s for s in await School.select(*columns).where(database.among(School.id, [school for school, _ in wanted]))
    }
    places = {school: _place(row) for school, row in schools.items()}
    why = await visibility.explain(principals, wanted)
    return {
        (school, audience): Byline(
            school=school,
            name=schools[school]["name"],
            town=schools[school]["town"],
            miles=_miles(principals.place, places[school]),
            why=why[school, audience],
            place=places[school],
        )
        for school, audience in wanted
    }


def _place(school: Mapping[str, Any]) -> Place | None:
    return Place(school["name"], school["lat"], school["lon"]) if school["lat"] is not None else None


def _miles(here: Place | None, there: Place | None) -> float | None:
    return miles_between(here, there) if here and there else None


async def writers(row: Review) -> tuple[str, ...]:
    """The names of those whose view our own review is, where several wrote it. Inside a unit."""
    ids = field_groups.writers(row, field_groups.REVIEW)
    called = await names(ids) if len(ids) > 1 else {}
    return tuple(called[one] for one in ids if one in called)


async def names(people: Collection[UUID]) -> dict[UUID, str]:
    """Inside a unit."""
    found = await Person.select(Person.id, Person.name).where(database.among(Person.id, people)) if people else []
    return {person["id"]: person["name"] for person in found}

"""The contracts of every school of a person who belongs to several, as one register: the soonest decision first.

Each school's are read as that person reads them there. Nobody else sees them together.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base.viewer import Role, Viewer
from contracts.access import access
from contracts.lists import listing
from contracts.lists.listing import Line, Wanted
from sharing.people import trust_leads
from sharing.sign_in import my_schools

MOST_SCHOOLS: Final = 50  # of one person, as of the list of suppliers


@dataclass(frozen=True, slots=True)
class Held:
    """A contract, and the schools of the person's at which it is read, (id, name): only its own where that is one of them."""

    line: Line
    read_at: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class RegisterOfMySchools:
    """``schools`` by name, ``shown`` those that are looked at. ``after``: where the next page starts; "" after the last."""

    schools: tuple[tuple[UUID, str], ...]
    shown: frozenset[UUID]
    contracts: tuple[Held, ...]
    after: str


async def register(viewer: Viewer, wanted: Wanted, schools: Collection[UUID] = (), after: str = "") -> RegisterOfMySchools:
    """Of these of the person's schools; of all for none. Opens its own units. Raises Invalid for a school that isn't theirs."""
    elsewhere = [one for one in await my_schools.elsewhere(viewer) if one.role is not Role.SITE_STAFF]
    there = sorted((viewer, *elsewhere[: MOST_SCHOOLS - 1]), key=lambda one: (one.school_name, one.school))
    shown = my_schools.chosen(there, schools) if schools else tuple(there)
    found = await listing.page_of_schools(shown, after, wanted)
    names = tuple((one.school, one.school_name) for one in there)
    return RegisterOfMySchools(names, frozenset(one.school for one in shown), await _held(found.lines, shown), found.after)


async def _held(lines: Sequence[Line], shown: Sequence[Viewer]) -> tuple[Held, ...]:
    """Of a trust's, it is read at each school that it serves, and of those that a lead reads, wherever they are the lead."""
    mine = {one.school: one.school_name for one in shown}
    async with database.read():
        serves = await access.covers([one.id for one in lines if one.school not in mine], mine)
        led = {(at.school, school) for at in shown for school in await trust_leads.schools_led(at)}
    found = []
    for one in lines:
        away = [at.school for at in shown if (one.id, at.school) in serves or (at.school, one.school) in led]
        found.append(Held(one, tuple((at, mine[at]) for at in ([one.school] if one.school in mine else away))))
    return tuple(found)

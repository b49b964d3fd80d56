"""What a new school finds around it: how many schools near it use Vouch, and how many of these it can hear."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from piccolo.query import WhereRaw

import database
from base.viewer import Viewer
from sharing.access import presence, visibility
from sharing.schools.places import Place, bounding_box, miles_between
from sharing.tables import School
from suppliers.tables import Review

MILES: Final = 10  # the radius that a search begins with
MOST_ASKED: Final = 200  # of the nearest, of how many is asked whether they are heard


@dataclass(frozen=True, slots=True)
class NearUs:
    miles: int
    on_vouch: int  # other open schools within so many miles that use Vouch, MOST_ASKED at most
    heard: int  # of these, how many share any review that the viewer can see


async def near_us(viewer: Viewer) -> NearUs | None:
    """None where the register does not say where the viewer's school is. Opens its own read unit."""
    async with database.read():
        principals = await visibility.principals(viewer)
        if principals.place is None:
            return None
        near = await _schools_around(principals.place)
        using = await presence.on_vouch(set(near) - {viewer.school})
        asked = [school for school in near if school in using][:MOST_ASKED]
        speaks = WhereRaw(
            "(SELECT 1 FROM suppliers_review WHERE suppliers_review.school = sharing_school.id AND {} LIMIT 1) IS NOT NULL",
            visibility.visible(principals, Review).querystring,
        )
        heard = await School.count().where(database.among(School.id, asked), speaks)
    return NearUs(MILES, len(asked), heard)


async def _schools_around(place: Place) -> list[UUID]:
    """The open schools within MILES, the nearest first."""
    box = bounding_box(place, MILES)
    inside = (School.lat >= box.south) & (School.lat <= box.north) & (School.lon >= box.west) & (School.lon <= box.east)
    rows = await School.select(School.id, School.lat, School.lon).where(inside, School.status == "open")
    away = ((miles_between(place, Place("school", row["lat"], row["lon"])), str(row["id"])) for row in rows)
    return [UUID(school) for miles, school in sorted(away) if miles <= MILES]

"""Who asks: all about a viewer that decides what they may see, read at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from piccolo.querystring import QueryString

from base import clock
from base.viewer import Role, Viewer
from sharing.access import ties
from sharing.access.fields import ALL, WITHOUT_CRITICISM, Fields
from sharing.access.holding import holding
from sharing.access.memberships import membership_of
from sharing.access.ties import Tie
from sharing.schools.places import Place
from sharing.tables import Block, School


@dataclass(frozen=True, slots=True)
class Principals:
    """All about a viewer that decides what they may see, at one moment. Made by ``principals``, for the same unit of work."""

    school: UUID
    membership: UUID | None  # None: the school as such, when another school asks what it would see; also an auditor
    person: UUID | None
    role: Role
    now: datetime
    is_open: bool  # a closed school keeps its own records and receives nothing, and site staff receive nothing anywhere
    place: Place | None  # the register's coordinates, never the client's
    networks: Mapping[UUID, Tie]  # that the viewer's school is in
    connected: Mapping[UUID, Tie]  # schools that share with their connections, the viewer's among them
    blocked_by: tuple[UUID, ...]
    # Conditions that follow from these. Never another's: what is made from this by ``replace`` begins with none.
    composed: dict[str, QueryString] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def fields(self) -> Fields:
        """The most that the role may read, of anything. Site staff read their own words alone, and all of those."""
        return ALL if self.role.reads_criticism or self.role is Role.SITE_STAFF else WITHOUT_CRITICISM


async def principals(viewer: Viewer) -> Principals:
    """The viewer's principals, by five small queries. Call it inside the unit of work whose rows it will judge."""
    return await _principals(viewer.school, viewer.person, viewer.role)


async def principals_as(school: UUID, role: Role, person: UUID | None = None) -> Principals:
    """Anybody with that role at a school, or one person there as if in that role, for "view as": their own role is not told.

    Restrict what you read with it to rows that the viewer's own school owns.
    """
    return await _principals(school, person, role)


async def _principals(school: UUID, person: UUID | None, role: Role) -> Principals:
    now = clock.now()
    found = await School.select(School.name, School.status, School.lat, School.lon).where(School.id == school).first()
    blocked = Block.select(Block.school).where(Block.peer == school, holding(Block, "since_at", now))
    return Principals(
        school=school,
        membership=await membership_of(person, school, now) if person else None,
        person=person,
        role=role,
        now=now,
        is_open=found is not None and found["status"] == "open" and role is not Role.SITE_STAFF,
        place=Place(found["name"], found["lat"], found["lon"]) if found and found["lat"] is not None else None,
        networks=await ties.networks_of(school, now),
        connected=await ties.sharing_with(school, now),
        blocked_by=tuple(await blocked.output(as_list=True)),
    )

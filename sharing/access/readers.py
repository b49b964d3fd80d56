"""Who can see what was shared with an audience: what `visibility.py` decides, asked from the sharing school's side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from piccolo.query import WhereRaw

import database
from base import clock
from base.viewer import Viewer
from sharing.access import presence, ties
from sharing.access.choices import GrantChoice, line_of
from sharing.access.distance import within
from sharing.access.fields import Fields, GrantKind
from sharing.access.memberships import still_live
from sharing.access.ties import Tie
from sharing.access.visibility import holding, live
from sharing.schools.places import Place
from sharing.tables import AudienceGrant, Block, Person, School


@dataclass(frozen=True, slots=True)
class Reader:
    """A school, or one person at it, and the most that anyone there can see; a governor never sees criticism."""

    school: UUID
    school_name: str
    fields: Fields
    on_vouch: bool  # if not, it sees it when it joins
    person: UUID | None = None
    person_name: str | None = None

    @property
    def name(self) -> str:
        """As "Elmwood Primary" or "Bea Birch at Elmwood Primary"."""
        return f"{self.person_name} at {self.school_name}" if self.person_name else self.school_name


@dataclass(frozen=True, slots=True)
class Readers:
    everyone: Fields | None  # what every open school sees that isn't blocked; None: only those named
    named: tuple[Reader, ...]  # who sees by a narrower grant, with all that they see; by name of school


async def who_can_see(viewer: Viewer, audience: UUID | None) -> Readers:
    """Who can see it now, besides the viewer's own school; nobody for another school's audience. Inside the caller's unit."""
    now = clock.now()
    rows = await AudienceGrant.objects().where(
        AudienceGrant.audience == audience,
        AudienceGrant.owner == viewer.school,
        WhereRaw("{}", live("sharing_audience_grant", now)),
    )
    grants = tuple(map(line_of, rows))
    everyone: Fields | None = None
    schools: dict[UUID, Fields] = defaultdict(lambda: Fields.NONE)
    people: dict[tuple[UUID, UUID], Fields] = defaultdict(lambda: Fields.NONE)
    members = await still_live((grant.membership for grant in grants), now)
    for grant in grants:
        if grant.kind is GrantKind.EVERYONE:
            everyone = (everyone or Fields.NONE) | grant.fields
        elif grant.kind is GrantKind.PERSON:
            if grant.membership in members and grant.at_school and grant.subject:
                people[grant.at_school, grant.subject] |= grant.fields
        else:
            for school in await _schools_of(viewer.school, grant, now):
                schools[school] |= grant.fields
    return Readers(everyone, await _named(viewer, _with_school_fields(schools, people, everyone or Fields.NONE)))


def _with_school_fields(
    schools: Mapping[UUID, Fields], people: Mapping[tuple[UUID, UUID], Fields], everyone: Fields
) -> dict[tuple[UUID, UUID | None], Fields]:
    """One person's grant comes on top of the school's, and both on top of everyone's."""
    named: dict[tuple[UUID, UUID | None], Fields] = {(school, None): fields | everyone for school, fields in schools.items()}
    for (school, person), fields in people.items():
        named[school, person] = fields | schools.get(school, Fields.NONE) | everyone
    return named


async def _named(viewer: Viewer, found: Mapping[tuple[UUID, UUID | None], Fields]) -> tuple[Reader, ...]:
    """The readers with their names, without the viewer's own school and schools that are closed or blocked."""
    blocked = await blocked_by(viewer.school)
    schools = await _names_of_open_schools({school for school, _ in found} - {viewer.school, *blocked})
    people = await _names_of_people({person for _, person in found if person})
    using = await presence.on_vouch(schools)
    readers = (
        Reader(school, schools[school], fields, school in using, person, people[person] if person else None)
        for (school, person), fields in found.items()
        if school in schools
    )
    return tuple(sorted(readers, key=lambda r: (r.school_name, str(r.school), r.person_name or "", str(r.person))))


async def blocked_by(school: UUID) -> frozenset[UUID]:
    """The schools that see nothing of it at the moment because it blocks them. Inside the caller's unit."""
    rows = Block.select(Block.peer).where(Block.school == school, holding(Block))
    return frozenset(await rows.output(as_list=True))


async def reached(owner: UUID, grant: GrantChoice) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Of a grant to a network or to the owner's connections: whom it is for now, and whom not, since they came back after it.

    All of them are the latter where it is the owner that came back. Inside the caller's unit.
    """
    now = clock.now()
    found = frozenset(await _schools_of(owner, grant, now)) - {owner}
    if_given_now = frozenset(await _schools_of(owner, replace(grant, since=None), now)) - {owner}
    return found, if_given_now - found


async def near_and_open(owner: UUID, miles: int) -> frozenset[UUID]:
    """The other open schools at most ``miles`` from the owner. Inside the caller's unit."""
    return frozenset(await _names_of_open_schools(await schools_within(owner, miles))) - {owner}


async def _schools_of(owner: UUID, grant: GrantChoice, now: datetime) -> Iterable[UUID]:
    given = grant.since or now
    match grant.kind:
        case GrantKind.SCHOOL if grant.subject:
            return [grant.subject]
        case GrantKind.NETWORK if grant.subject:
            return _schools_of_network(await ties.members_of(grant.subject), owner, given, grant.joined_before)
        case GrantKind.CONNECTED:
            return [peer for peer, tie in (await ties.connected_to(owner)).items() if tie.shares(given)]
        case GrantKind.NEAR if grant.miles:
            return await schools_within(owner, grant.miles)
        case _:  # a supplier's grants are for no school
            return []


def _schools_of_network(members: Mapping[UUID, Tie], owner: UUID, given: datetime, before: datetime | None) -> list[UUID]:
    if owner not in members or not members[owner].shares(given):
        return []
    in_time = {school: tie for school, tie in members.items() if before is None or tie.since <= before}
    return [school for school, tie in in_time.items() if tie.hears(given)]


async def schools_within(school: UUID, miles: int) -> list[UUID]:
    """The ids of schools at most ``miles`` from that one, itself among them; none if the register has no position for it."""
    here = await School.objects().where(School.id == school, School.lat.is_not_null()).first()
    if here is None:
        return []
    near = within(Place(here.name, here.lat, here.lon), school="sharing_school", miles=str(int(miles)))
    found: list[UUID] = await School.select(School.id).where(WhereRaw("{}", near)).output(as_list=True)
    return found


async def _names_of_open_schools(ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await School.select(School.id, School.name).where(database.among(School.id, wanted), School.status == "open")
    return {row["id"]: row["name"] for row in rows}


async def _names_of_people(ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = list(ids)
    if not wanted:
        return {}
    return {
        row["id"]: row["name"] for row in await Person.select(Person.id, Person.name).where(database.among(Person.id, wanted))
    }

"""Who sees what, by plain loops over plain data: the rules of sharing told a second time, slowly, to judge the SQL by.

Shares no code with sharing/access/visibility.py but the names of the bits and the distance on the globe. Times are whole days
from now; spans are half-open, and ties and blocks go on until somebody ends them.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from sharing.access.fields import ALL, Fields, GrantKind
from sharing.schools.places import Place, miles_between


@dataclass(frozen=True)
class Span:
    since: int
    until: int | None = None

    @property
    def holds(self) -> bool:
        return self.since <= 0 and (self.until is None or self.until > 0)

    @property
    def goes_on(self) -> bool:
        """Of what begins and ends when somebody says so: nobody ended it, whatever the clock says."""
        return self.until is None


@dataclass(frozen=True)
class ASchool:
    id: UUID
    is_open: bool
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class APerson:
    """Somebody at a school where they belong now; who belongs to two is in a world twice."""

    id: UUID
    school: UUID
    is_governor: bool
    membership: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class AFormerMember:
    """A membership that has ended, or has not begun; the person may be elsewhere now, or back by another one."""

    membership: UUID
    person: UUID
    school: UUID
    span: Span


@dataclass(frozen=True)
class AMember:
    """One time in a network; who was in it before is in a world twice."""

    network: UUID
    school: UUID
    span: Span
    shares_again: bool = False


@dataclass(frozen=True)
class APair:
    """A connection, by which ``peer`` gets what ``school`` shares with its connections; or a block of ``peer``."""

    school: UUID
    peer: UUID
    span: Span
    shares_again: bool = False


@dataclass(frozen=True)
class AGrant:
    owner: UUID
    audience: UUID
    kind: GrantKind
    fields: Fields
    span: Span = Span(-1)
    subject: UUID | None = None
    miles: int | None = None
    joined_before: int | None = None
    at_school: UUID | None = None
    membership: UUID | None = None
    is_revoked: bool = False


@dataclass(frozen=True)
class AReview:
    id: UUID
    school: UUID
    audience: UUID | None
    is_withdrawn: bool


@dataclass(frozen=True)
class World:
    schools: tuple[ASchool, ...]
    people: tuple[APerson, ...]
    networks: tuple[UUID, ...]
    members: tuple[AMember, ...]
    connections: tuple[APair, ...]
    blocks: tuple[APair, ...]
    grants: tuple[AGrant, ...]
    reviews: tuple[AReview, ...]
    former: tuple[AFormerMember, ...] = ()

    def with_grant(self, grant: AGrant) -> "World":
        return replace(self, grants=(*self.grants, grant))

    def with_block(self, block: APair) -> "World":
        return replace(self, blocks=(*self.blocks, block))

    def school(self, school: UUID) -> ASchool:
        return next(s for s in self.schools if s.id == school)


def sees(world: World, viewer: APerson, review: AReview) -> Fields | None:
    """What the viewer may see of the review: None for nothing at all, NONE for only that it is there."""
    readable = ALL & ~Fields.CRITICISM if viewer.is_governor else ALL
    if review.is_withdrawn:
        return None
    if review.school == viewer.school:
        return readable
    if not world.school(viewer.school).is_open:
        return None
    for block in world.blocks:
        if block.school == review.school and block.peer == viewer.school and block.span.goes_on:
            return None
    found = None
    for grant in world.grants:
        if grant.audience == review.audience and grant.owner == review.school and is_for(world, viewer, grant):
            found = (found or Fields.NONE) | grant.fields
    return None if found is None else found & readable


def is_for(world: World, viewer: APerson, grant: AGrant) -> bool:
    reached = {
        GrantKind.EVERYONE: True,
        GrantKind.SCHOOL: grant.subject == viewer.school,
        GrantKind.PERSON: is_to_the_place_of(viewer, grant),
        GrantKind.SUPPLIER: False,
        GrantKind.CONNECTED: is_shared_through_connection(world, viewer, grant),
        GrantKind.NEAR: are_near(world.school(grant.owner), world.school(viewer.school), grant.miles or 0),
        GrantKind.NETWORK: is_shared_through_network(world, viewer, grant),
    }
    return reached[grant.kind] and grant.span.holds and not grant.is_revoked


def is_to_the_place_of(viewer: APerson, grant: AGrant) -> bool:
    """To this person, at this school, since they are there this time."""
    return (grant.subject, grant.at_school, grant.membership) == (viewer.id, viewer.school, viewer.membership)


def is_shared_through_connection(world: World, viewer: APerson, grant: AGrant) -> bool:
    ever = [c for c in world.connections if (c.school, c.peer) == (grant.owner, viewer.school)]
    return any(now.span.goes_on and (now.shares_again or is_since(ever, grant)) for now in ever)


def is_shared_through_network(world: World, viewer: APerson, grant: AGrant) -> bool:
    """Both are in it, and it was shared since either last left, or by an owner who came back and shares again."""
    owners = [m for m in world.members if (m.network, m.school) == (grant.subject, grant.owner)]
    mine = [m for m in world.members if (m.network, m.school) == (grant.subject, viewer.school)]
    owner_shares = any(now.span.goes_on and (now.shares_again or is_since(owners, grant)) for now in owners)
    in_time = any(now.span.goes_on and (grant.joined_before is None or now.span.since <= grant.joined_before) for now in mine)
    return owner_shares and in_time and is_since(mine, grant)


def is_since(ever: list[AMember] | list[APair], grant: AGrant) -> bool:
    """The grant was given after each time that came to an end."""
    return all(one.span.until is None or grant.span.since >= one.span.until for one in ever)


def are_near(a: ASchool, b: ASchool, miles: int) -> bool:
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return False
    return miles_between(Place("a", a.lat, a.lon), Place("b", b.lat, b.lon)) <= miles

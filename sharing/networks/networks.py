"""The networks that a school is in: those of the register, and those that schools started and invited each other to.

Register networks (a trust, a local authority's schools) change with the register import only.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from piccolo.columns import And
from piccolo.query import WhereRaw
from piccolo.querystring import QueryString

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Conflict, Invalid, NotFound, read_together
from base.text import line
from base.viewer import Viewer, must_speak_for_the_school, must_write
from sharing.access.presence import on_vouch
from sharing.access.ties import members_of
from sharing.access.visibility import holding
from sharing.events import Event
from sharing.networks.connections import again, require_not_blocked
from sharing.tables import Network, NetworkInvitation, NetworkMember, School

KINDS: Final = {"cluster": "Cluster", "alliance": "Alliance", "group": "Group"}  # that a school may start
LONGEST_NAME: Final = 120
NO_KIND: Final = "Choose what kind of network it is."
MOST_STARTED: Final = 20  # by one school
MOST_OPEN_INVITATIONS: Final = 200  # of one network
INVITATION_HOLDS: Final = timedelta(days=90)  # after that without a yes, a school may be invited once more, whatever it said

_RECEIVED: Final = """sharing_network_invitation.school = {} AND sharing_network_invitation.answered_at IS NULL
    AND sharing_network_invitation.declined_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM sharing_block b WHERE b.school = {} AND b.peer = sharing_network_invitation.invited_by
        AND b.until_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM sharing_network_invitation d WHERE d.network = sharing_network_invitation.network
        AND d.school = sharing_network_invitation.school AND d.declined_at > {})"""


@dataclass(frozen=True, slots=True)
class JoinedNetwork:
    """A network that the viewer's school is in."""

    network: UUID
    name: str  # as on screen
    kind: str
    is_from_register: bool
    schools: int  # the own one among them
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class MemberSchool:
    school: UUID
    name: str
    town: str
    joined_at: datetime
    joined_on: date | None  # of a trust's school, as the register says
    on_vouch: bool


@dataclass(frozen=True, slots=True)
class ReceivedInvitation:
    id: UUID
    network: UUID
    network_name: str
    invited_by: str
    asked_at: datetime


def on_screen(kind: str, name: str) -> str:
    """A network's name as shown: a local authority's is of its schools, and the council itself sees nothing."""
    return f"{name} (not the council)" if kind == "local_authority" else name


async def mine(viewer: Viewer) -> tuple[JoinedNetwork, ...]:
    """The networks that the viewer's school is in, by name. Opens its own read unit."""
    async with database.read():
        joined = {
            row["network"]: row["joined_at"]
            for row in await NetworkMember.select(NetworkMember.network, NetworkMember.joined_at).where(_joined_by(viewer))
        }
        networks = await Network.objects().where(database.among(Network.id, joined)) if joined else []
        sizes = {network.id: await size(network.id) for network in networks}
    made = (
        JoinedNetwork(n.id, on_screen(n.kind, n.name), n.kind, n.source == "register", sizes[n.id], joined[n.id])
        for n in networks
    )
    return tuple(sorted(made, key=lambda membership: (membership.name, str(membership.network))))


async def schools_of(viewer: Viewer, network: UUID) -> tuple[JoinedNetwork, tuple[MemberSchool, ...]]:
    """The network and its schools by name. Raises NotFound for one that the viewer's school is not in."""
    found = next((membership for membership in await mine(viewer) if membership.network == network), None)
    if found is None:
        raise NotFound
    async with database.read():
        columns = (NetworkMember.school, NetworkMember.joined_at, NetworkMember.joined_on)
        members = await NetworkMember.select(*columns).where(NetworkMember.network == network, holding(NetworkMember))
        joined = {row["school"]: (row["joined_at"], row["joined_on"]) for row in members}
        schools = School.select(School.id, School.name, School.town).where(database.among(School.id, joined))
        rows = await schools.order_by(School.name, School.id)
        using = await on_vouch(joined)
    members_in_it = (MemberSchool(row["id"], row["name"], row["town"], *joined[row["id"]], row["id"] in using) for row in rows)
    return found, tuple(members_in_it)


async def using_vouch(viewer: Viewer) -> Mapping[UUID, int]:
    """Of each network that the viewer's school is in, how many of its schools use Vouch now, our own among them."""
    async with database.read():
        mine_now = NetworkMember.select(NetworkMember.network).where(_joined_by(viewer))
        members_now = database.among(NetworkMember.network, mine_now) & holding(NetworkMember)
        rows = await NetworkMember.select(NetworkMember.network, NetworkMember.school).where(members_now)
        using = await on_vouch(row["school"] for row in rows)
    return Counter(row["network"] for row in rows if row["school"] in using)


async def both_in(viewer: Viewer, school: UUID) -> frozenset[UUID]:
    """Of the networks that the viewer's school is in, those that the other school is in too."""
    async with database.read():
        mine_now = NetworkMember.select(NetworkMember.network).where(_joined_by(viewer))
        theirs = (NetworkMember.school == school) & holding(NetworkMember)
        rows = NetworkMember.select(NetworkMember.network).where(theirs, database.among(NetworkMember.network, mine_now))
        return frozenset(await rows.output(as_list=True))


async def to_join(viewer: Viewer, invitation: UUID) -> tuple[ReceivedInvitation, tuple[str, ...]]:
    """An open invitation, and the names of the schools in that network: whoever joins is told whom they join. Raises NotFound."""
    found = next((one for one in await invitations(viewer) if one.id == invitation), None)
    if found is None:
        raise NotFound
    async with database.read():
        members = await members_of(found.network)
        names = School.select(School.name).where(database.among(School.id, members)).order_by(School.name)
        return found, tuple(await names.output(as_list=True))


async def size(network: UUID) -> int:
    """How many schools are in it. Call it inside a unit of work."""
    members: int = await NetworkMember.count().where(NetworkMember.network == network, holding(NetworkMember))
    return members


async def invitations(viewer: Viewer) -> tuple[ReceivedInvitation, ...]:
    """The networks that the viewer's school was asked to join, the oldest first; none from a school that it blocks."""
    async with database.read():
        received_ones = NetworkInvitation.objects().where(WhereRaw("{}", received(viewer.school, clock.now())))
        open_ones = await received_ones.order_by(NetworkInvitation.asked_at)
        networks = await Network.objects().where(database.among(Network.id, [i.network for i in open_ones]))
        schools = await School.objects().where(database.among(School.id, [i.invited_by for i in open_ones]))
    names = {network.id: network.name for network in networks} | {school.id: school.name for school in schools}
    return tuple(ReceivedInvitation(i.id, i.network, names[i.network], names[i.invited_by], i.asked_at) for i in open_ones)


def received(school: UUID, now: datetime) -> QueryString:
    """Which rows are invitations that the school can answer: not from a school that it blocks, nor what it lately declined."""
    return QueryString(_RECEIVED, school, school, now - INVITATION_HOLDS)


async def start(viewer: Viewer, *, name: str, kind: str = "cluster") -> UUID:
    """A network of the viewer's school alone, to invite others to. Raises Invalid, Forbidden, Conflict."""
    must_speak_for_the_school(viewer)
    name, _ = read_together(
        lambda: line(name, field="name", longest=LONGEST_NAME, missing="Enter a name for the network."), lambda: _kind(kind)
    )
    async with audit.recording(viewer) as record:
        if await Network.count().where(Network.started_by == viewer.school) >= MOST_STARTED:
            raise Conflict(f"Your school has started {MOST_STARTED} networks, the most that one school may.")
        network, now = uuid4(), clock.now()
        await Network.insert(Network(id=network, kind=kind, name=name, source="school", started_by=viewer.school))
        await NetworkMember.insert(NetworkMember(id=uuid4(), network=network, school=viewer.school, joined_at=now))
        record(
            Event.NETWORK_STARTED,
            stream=OUR_SCHOOL,
            subject=Subject.NETWORK.of(network),
            facts={"new": {"name": name, "kind": kind}},
        )
    return network


def _kind(kind: str) -> None:
    if kind not in KINDS:
        raise Invalid(NO_KIND, kind=NO_KIND)


async def invite(viewer: Viewer, network: UUID, school: UUID) -> UUID:
    """Asks a school to join a network that schools started; it joins only by accepting. Raises NotFound, Invalid, Conflict."""
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        await _started_with_us(viewer, network)
        if not await School.exists().where(School.id == school, School.status == "open"):
            raise NotFound
        if await _is_in(school, network):
            raise Conflict("That school is in the network already.")
        await require_not_blocked(viewer, school)
        waiting = NetworkInvitation.count().where(NetworkInvitation.network == network, NetworkInvitation.answered_at.is_null())
        if await waiting >= MOST_OPEN_INVITATIONS:
            raise Conflict("Too many schools have still to answer. Wait for some of them before you invite more.")
        asked = NetworkInvitation(id=uuid4(), network=network, school=school, invited_by=viewer.school, asked_at=clock.now())
        await _lapse(network, school)
        with database.duplicates(Conflict("That school has been asked already. It has not answered yet.")):
            await NetworkInvitation.insert(asked)
        record(
            Event.NETWORK_SCHOOL_INVITED, stream=OUR_SCHOOL, subject=Subject.NETWORK.of(network), facts={"school": str(school)}
        )
    return asked.id


async def join(viewer: Viewer, invitation: UUID, *, shares_again: bool = False) -> UUID:
    """Accepts an invitation; returns the network. Raises NotFound.

    ``shares_again``: what the school shared with that network before it left, it shares again. Otherwise that stays ended.
    """
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        network, now = (await _to_answer(viewer, invitation)).network, clock.now()
        await NetworkInvitation.update({NetworkInvitation.answered_at: now}).where(NetworkInvitation.id == invitation)
        member = NetworkMember(id=uuid4(), network=network, school=viewer.school, joined_at=now, shares_again=shares_again)
        with database.duplicates(Conflict("Your school is in that network already.")):
            await NetworkMember.insert(member)
        subject = Subject.NETWORK.of(network)
        record(Event.NETWORK_JOINED, stream=OUR_SCHOOL, subject=subject, facts=again(shares_again))
    return UUID(str(network))


async def decline(viewer: Viewer, invitation: UUID) -> None:
    """Declines an invitation, in a way that no other school can see. Raises NotFound."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        found = await _to_answer(viewer, invitation)
        await NetworkInvitation.update({NetworkInvitation.declined_at: clock.now()}).where(NetworkInvitation.id == invitation)
        record(Event.NETWORK_DECLINED, stream=OUR_SCHOOL, subject=Subject.NETWORK.of(found.network))


async def leave(viewer: Viewer, network: UUID) -> None:
    """Ends what the school shares with that network and sees through it, at once. Raises NotFound, Conflict."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        await _started_with_us(viewer, network)
        mine_in_it = (
            (NetworkMember.network == network) & (NetworkMember.school == viewer.school) & NetworkMember.until_at.is_null()
        )
        await NetworkMember.update({NetworkMember.until_at: clock.now()}).where(mine_in_it)
        record(Event.NETWORK_LEFT, stream=OUR_SCHOOL, subject=Subject.NETWORK.of(network))


async def _to_answer(viewer: Viewer, invitation: UUID) -> NetworkInvitation:
    """An open invitation of the viewer's school, locked until the unit ends. Raises NotFound, also for a blocked school's."""
    waiting = WhereRaw("{}", received(viewer.school, clock.now()))
    query = NetworkInvitation.objects().where(NetworkInvitation.id == invitation, waiting)
    found: list[NetworkInvitation] = await database.locked(query)
    if not found:
        raise NotFound
    return found[0]


async def _lapse(network: UUID, school: UUID) -> None:
    """Ends an invitation that was sent long ago: declined or never answered, whoever invites gets the same."""
    waiting = (NetworkInvitation.network == network) & (NetworkInvitation.school == school)
    sent_long_ago = NetworkInvitation.asked_at <= clock.now() - INVITATION_HOLDS
    await NetworkInvitation.update({NetworkInvitation.answered_at: clock.now()}).where(
        waiting, sent_long_ago, NetworkInvitation.answered_at.is_null()
    )


async def _started_with_us(viewer: Viewer, network: UUID) -> None:
    """Raises NotFound for a network that the viewer's school is not in, Conflict for one that only the register changes."""
    found, is_in = await Network.objects().where(Network.id == network).first(), await _is_in(viewer.school, network)
    if found is None or not is_in:  # both asked always: what is hidden takes as long as what is not there
        raise NotFound
    if found.source == "register":
        raise Conflict("The register says which schools are in this network, so only the register can change it.")


async def _is_in(school: UUID, network: UUID) -> bool:
    return await NetworkMember.exists().where(
        NetworkMember.network == network, NetworkMember.school == school, NetworkMember.until_at.is_null()
    )


def _joined_by(viewer: Viewer) -> And:
    return And(NetworkMember.school == viewer.school, holding(NetworkMember))

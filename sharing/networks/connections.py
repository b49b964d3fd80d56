"""Schools that connect with each other, and schools that block one another.

Each side records its own act in its own trail. Who asks can't tell whether it was declined, blocked or not yet read:
the request looks open until it is accepted or taken back. A block beats every grant and tells nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from piccolo.query import WhereRaw
from piccolo.querystring import QueryString

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Viewer, must_speak_for_the_school, must_write
from sharing.access.visibility import holding
from sharing.events import Event
from sharing.networks import taking_back
from sharing.tables import Block, Connection, ConnectionRequest, School

DECLINE_HOLDS: Final = timedelta(days=90)  # for so long, new requests of a school that was declined are not shown
MOST_OPEN_REQUESTS: Final = 100  # more is a mailing, not an acquaintance


@dataclass(frozen=True, slots=True)
class OtherSchool:
    """Another school, and since when it is connected, asking, asked or blocked; ``request`` is the id to answer by."""

    school: UUID
    name: str
    town: str
    since_at: datetime
    request: UUID | None = None


@dataclass(frozen=True, slots=True)
class Links:
    connected: tuple[OtherSchool, ...]
    received: tuple[OtherSchool, ...]  # requests to answer
    asked: tuple[OtherSchool, ...]  # requests of ours without an answer
    blocked: tuple[OtherSchool, ...]


async def links(viewer: Viewer) -> Links:
    """Everything that the viewer's school may know about who it is linked to."""
    async with database.read():
        return await _links(viewer)


async def _links(viewer: Viewer) -> Links:
    now = clock.now()
    connected = await Connection.select(Connection.peer, Connection.since_at).where(
        Connection.school == viewer.school, holding(Connection)
    )
    blocked = await Block.select(Block.peer, Block.since_at).where(Block.school == viewer.school, holding(Block))
    asked = await ConnectionRequest.objects().where(ConnectionRequest.school == viewer.school, _OPEN)
    received = await _received(viewer.school, now)
    schools = await _schools(
        [row["peer"] for row in (*connected, *blocked)] + [r.peer for r in asked] + [r.school for r in received]
    )
    return Links(
        connected=_other_schools(schools, ((row["peer"], row["since_at"], None) for row in connected)),
        received=_other_schools(schools, ((r.school, r.asked_at, r.id) for r in received)),
        asked=_other_schools(schools, ((r.peer, r.asked_at, r.id) for r in asked)),
        blocked=_other_schools(schools, ((row["peer"], row["since_at"], None) for row in blocked)),
    )


async def ask(viewer: Viewer, school: UUID, *, shares_again: bool = False) -> UUID:
    """Asks a school to connect; returns the request's id. Raises NotFound, Invalid, Conflict, Forbidden.

    ``shares_again``: what the viewer's school shared with its connections while the two were connected before, it shares with
    that school again. Otherwise what had ended stays ended.
    Nothing that it says or raises shows that the other school blocks the viewer's or has declined.
    """
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        await _other_open_school(viewer, school)
        if await _is_connected(viewer.school, school):
            raise Conflict("Your schools are connected already.")
        await require_not_blocked(viewer, school)
        if school in {request.school for request in await _received(viewer.school, clock.now())}:
            raise Conflict("That school has asked you already. Accept its request.")
        if await ConnectionRequest.count().where(ConnectionRequest.school == viewer.school, _OPEN) >= MOST_OPEN_REQUESTS:
            raise Conflict(
                f"You have {MOST_OPEN_REQUESTS} requests without an answer. Take some back before you ask more schools."
            )
        request = ConnectionRequest(
            id=uuid4(), school=viewer.school, peer=school, asked_at=clock.now(), shares_again=shares_again
        )
        with database.duplicates(Conflict("You have asked that school already. It has not answered yet.")):
            await ConnectionRequest.insert(request)
        record(Event.CONNECTION_ASKED, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(school), facts=again(shares_again))
    return request.id


async def withdraw(viewer: Viewer, request: UUID) -> None:
    """Takes back a request of the viewer's school. Raises NotFound."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        condition = (ConnectionRequest.id == request) & (ConnectionRequest.school == viewer.school)
        found = await database.locked(ConnectionRequest.objects().where(condition, _OPEN))
        if not found:
            raise NotFound
        await taking_back.request(record, found[0])


async def accept(viewer: Viewer, request: UUID, *, shares_again: bool = False) -> Links:
    """Connects both schools. Raises NotFound, also for what was taken back meanwhile.

    ``shares_again`` as in ``ask``: each school chooses it for what is its own.
    """
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        other, now = await _to_answer(viewer, request), clock.now()
        theirs = (await ConnectionRequest.select(ConnectionRequest.shares_again).where(ConnectionRequest.id == request))[0]
        await _settle(viewer.school, other, now)
        ways = [
            Connection(id=uuid4(), school=school, peer=peer, since_at=now, shares_again=chose)
            for school, peer, chose in (
                (viewer.school, other, shares_again),
                (other, viewer.school, theirs["shares_again"]),
            )
        ]
        with database.duplicates(Conflict("Your schools are connected already.")):
            await Connection.insert(*ways)
        record(Event.CONNECTION_ACCEPTED, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(other), facts=again(shares_again))
        return await _links(viewer)


def again(shares_again: bool) -> dict[str, bool] | None:
    """What the trail says of a tie that began anew, where its school shares again what it shared before."""
    return {"shares_again": True} if shares_again else None


async def decline(viewer: Viewer, request: UUID) -> Links:
    """Declines a request, in a way that the other school can't see. Raises NotFound."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        other = await _to_answer(viewer, request)
        await ConnectionRequest.update({ConnectionRequest.declined_at: clock.now()}).where(ConnectionRequest.id == request)
        record(Event.CONNECTION_DECLINED, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(other))
        return await _links(viewer)


async def end(viewer: Viewer, school: UUID) -> None:
    """Ends a connection in both directions at once. Raises NotFound."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        both_ways = ((Connection.school == viewer.school) & (Connection.peer == school)) | (
            (Connection.school == school) & (Connection.peer == viewer.school)
        )
        found = await database.locked(Connection.objects().where(both_ways, Connection.until_at.is_null()))
        if not found:
            raise NotFound
        await Connection.update({Connection.until_at: clock.now()}).where(both_ways, Connection.until_at.is_null())
        record(Event.CONNECTION_ENDED, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(school))


async def block(viewer: Viewer, school: UUID) -> Links:
    """Blocks a school: whatever was granted, it sees nothing more of the viewer's, and what it was asked is taken back.

    Raises NotFound, Invalid, Conflict.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        await _other_school(viewer, school)
        row = Block(id=uuid4(), school=viewer.school, peer=school, since_at=clock.now())
        with database.duplicates(Conflict("Your school blocks that school already.")):
            await Block.insert(row)
        record(Event.SCHOOL_BLOCKED, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(school))
        await taking_back.everything_asked(record, viewer, school)
        return await _links(viewer)


async def unblock(viewer: Viewer, school: UUID) -> None:
    """Ends a block: what was granted counts again. Raises NotFound."""
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        mine = (Block.school == viewer.school) & (Block.peer == school) & Block.until_at.is_null()
        if not await database.locked(Block.objects().where(mine)):
            raise NotFound
        await Block.update({Block.until_at: clock.now()}).where(mine)
        record(Event.SCHOOL_UNBLOCKED, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(school))


_RECEIVED: Final = """sharing_connection_request.peer = {} AND sharing_connection_request.withdrawn_at IS NULL
    AND sharing_connection_request.accepted_at IS NULL AND sharing_connection_request.declined_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM sharing_block b WHERE b.school = {} AND b.peer = sharing_connection_request.school
        AND b.until_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM sharing_connection_request d WHERE d.peer = {}
        AND d.school = sharing_connection_request.school AND d.declined_at > {})"""

# Open as the asking school sees it: it may have been declined.
_OPEN: Final = ConnectionRequest.withdrawn_at.is_null() & ConnectionRequest.accepted_at.is_null()


async def _other_school(viewer: Viewer, school: UUID) -> School:
    if school == viewer.school:
        raise Invalid("That is your own school. Choose another one.", school="That is your own school. Choose another one.")
    found = await School.objects().where(School.id == school).first()
    if found is None:
        raise NotFound
    return found


async def _other_open_school(viewer: Viewer, school: UUID) -> None:
    if (await _other_school(viewer, school)).status != "open":
        raise Invalid("That school has closed. Choose another one.", school="That school has closed. Choose another one.")


async def _is_connected(school: UUID, peer: UUID) -> bool:
    return await Connection.exists().where(Connection.school == school, Connection.peer == peer, Connection.until_at.is_null())


async def require_not_blocked(viewer: Viewer, school: UUID) -> None:
    """That the viewer's school doesn't block this one: it asks nothing of who it blocks. Inside the caller's unit."""
    if await Block.exists().where(Block.school == viewer.school, Block.peer == school, Block.until_at.is_null()):
        raise Conflict("Your school blocks that school. Unblock it first.")


def received(school: UUID, now: datetime) -> QueryString:
    """Which rows are open requests to this school, without those of schools that it blocks or has lately declined."""
    return QueryString(_RECEIVED, school, school, school, now - DECLINE_HOLDS)


async def _received(school: UUID, now: datetime) -> list[ConnectionRequest]:
    found: list[ConnectionRequest] = await ConnectionRequest.objects().where(WhereRaw("{}", received(school, now)))
    return found


async def _to_answer(viewer: Viewer, request: UUID) -> UUID:
    """The school that asked, its request locked until the unit ends."""
    condition = (ConnectionRequest.id == request) & (ConnectionRequest.peer == viewer.school)
    await database.locked(ConnectionRequest.objects().where(condition))
    for found in await _received(viewer.school, clock.now()):
        if found.id == request:
            return found.school
    raise NotFound


async def _settle(school: UUID, other: UUID, now: datetime) -> None:
    """Accepts the requests of both: each may have asked, if one request was not shown at first."""
    for asker, asked in ((school, other), (other, school)):
        await ConnectionRequest.update({ConnectionRequest.accepted_at: now}).where(
            ConnectionRequest.school == asker, ConnectionRequest.peer == asked, _OPEN
        )


async def _schools(ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = await School.select(School.id, School.name, School.town).where(database.among(School.id, wanted))
    return {row["id"]: (row["name"], row["town"]) for row in rows}


def _other_schools(
    schools: dict[UUID, tuple[str, str]], rows: Iterable[tuple[UUID, datetime, UUID | None]]
) -> tuple[OtherSchool, ...]:
    made = (OtherSchool(school, *schools[school], since_at=since, request=request) for school, since, request in rows)
    return tuple(sorted(made, key=lambda link: (link.name, str(link.school))))

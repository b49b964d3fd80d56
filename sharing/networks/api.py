"""Schools, networks, connections and blocks over JSON: the same verbs as the pages, structs written by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from base.refusals import Invalid
from base.viewer import KeyScope
from sharing.access import presence
from sharing.events import Event
from sharing.networks import connections, networks
from sharing.networks.connections import OtherSchool
from sharing.schools import places, schools
from sharing.schools.schools import LONGEST_SEARCH, MOST_A_PAGE, SEARCH_MILES, FoundSchool
from web.pages.handlers import CurrentViewer, Cursor


class SchoolOut(msgspec.Struct, frozen=True, kw_only=True):
    """``kind`` is school, or trust for a trust's central team; ``miles`` is from the place that was asked for; ``on_vouch``:
    somebody of it uses Vouch now.
    """

    id: UUID
    kind: str
    urn: int | None
    name: str
    phase: str
    status: str
    local_authority: str
    trust_name: str | None
    town: str
    postcode: str
    lat: float | None
    lon: float | None
    miles: float | None
    on_vouch: bool


class SchoolsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``is_guess``: no school is spelt like that; these are spelt almost like it."""

    schools: tuple[SchoolOut, ...]
    next_cursor: str | None
    is_guess: bool


class OtherSchoolOut(msgspec.Struct, frozen=True, kw_only=True):
    """``request`` is the id by which to answer a request or take it back."""

    school: UUID
    name: str
    town: str
    since: datetime
    request: UUID | None = None


class ConnectionsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``asked`` are requests of yours without an answer; a school that declines doesn't say so."""

    connected: tuple[OtherSchoolOut, ...]
    received: tuple[OtherSchoolOut, ...]
    asked: tuple[OtherSchoolOut, ...]


class MemberOut(msgspec.Struct, frozen=True, kw_only=True):
    """A school of a network; ``on_vouch``: somebody of it uses Vouch now."""

    school: UUID
    name: str
    town: str
    since: datetime
    on_vouch: bool


class NetworkOut(msgspec.Struct, frozen=True, kw_only=True):
    """``on_vouch``: how many of its schools use Vouch now; the others see what is shared with it when they join."""

    id: UUID
    name: str
    kind: str
    is_from_register: bool
    schools: int
    on_vouch: int
    joined: datetime


class SchoolIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    school: UUID


class AskIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``shares_again``: what your school shared with its connections before an earlier connection of the two ended, it shares
    with that school again. Otherwise that stays ended.
    """

    school: UUID
    shares_again: bool = False


class RequestAnswerIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``shares_again`` goes with accept: what that school saw before an earlier connection ended, it sees again."""

    answer: Literal["accept", "decline"]
    shares_again: bool = False


class RequestOut(msgspec.Struct, frozen=True, kw_only=True):
    request: UUID


@get(
    "/schools",
    operation_id="listSchools",
    summary="Find open schools by name, town, postcode, URN or distance",
    key_scope=KeyScope.READ,
)
async def list_schools(
    viewer: CurrentViewer,  # noqa: ARG001 - signed-in people only
    q: Annotated[str, QueryParameter(max_length=LONGEST_SEARCH, description="Misspelt will do")] = "",
    near: Annotated[str, QueryParameter(max_length=places.LONGEST_POSTCODE, description="A postcode")] = "",
    miles: Annotated[float, QueryParameter(gt=0, le=SEARCH_MILES)] = 10,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_A_PAGE)] = 20,
    cursor: Cursor = "",
) -> SchoolsOut:
    """The nearest first where `near` is given, otherwise the best match of the name."""
    place = places.find_place(near) if near else None
    if near and place is None:
        raise Invalid("Enter a full postcode, such as LN1 1AA.", near="Enter a full postcode, such as LN1 1AA.")
    page = await schools.find_schools(q, near=place, miles=miles, cursor=cursor or None, limit=limit)
    return SchoolsOut(schools=await _schools(page.schools), next_cursor=page.next_cursor, is_guess=page.is_guess)


@get(
    "/schools/{school:uuid}",
    operation_id="getSchool",
    summary="One school of the register, open or closed",
    key_scope=KeyScope.READ,
)
async def get_school(viewer: CurrentViewer, school: FromPath[UUID]) -> SchoolOut:  # noqa: ARG001 - signed-in people only
    """What the national register says of it, closed ones too."""
    return (await _schools([await schools.one(school)]))[0]


@get("/networks", operation_id="listNetworks", summary="The networks that your school is in", key_scope=KeyScope.READ)
async def list_networks(viewer: CurrentViewer) -> list[NetworkOut]:
    """Trusts, federations and areas from the register, and networks that schools made."""
    using = await networks.using_vouch(viewer)
    return [
        NetworkOut(
            id=one.network,
            name=one.name,
            kind=one.kind,
            is_from_register=one.is_from_register,
            schools=one.schools,
            on_vouch=using.get(one.network, 0),
            joined=one.joined_at,
        )
        for one in await networks.mine(viewer)
    ]


@get(
    "/networks/{network:uuid}/schools",
    operation_id="listNetworkSchools",
    summary="The schools of a network that yours is in",
    key_scope=KeyScope.READ,
)
async def list_network_schools(viewer: CurrentViewer, network: FromPath[UUID]) -> list[MemberOut]:
    """By name, with the day on which each joined."""
    _, members = await networks.schools_of(viewer, network)
    columns = ("school", "name", "town", "on_vouch")
    return [MemberOut(**{name: getattr(one, name) for name in columns}, since=one.joined_at) for one in members]


@get("/connections", operation_id="listConnections", summary="Schools connected to yours, and requests", key_scope=KeyScope.READ)
async def list_connections(viewer: CurrentViewer) -> ConnectionsOut:
    """And the requests that wait for an answer, theirs and yours."""
    links = await connections.links(viewer)
    return ConnectionsOut(connected=_links(links.connected), received=_links(links.received), asked=_links(links.asked))


@post(
    "/connections",
    operation_id="askToConnect",
    summary="Ask a school to connect",
    leaves=(Event.CONNECTION_ASKED,),
    key_scope=None,
)
async def ask_to_connect(viewer: CurrentViewer, data: JSONBody[AskIn]) -> RequestOut:
    """You won't be told when they decline."""
    return RequestOut(request=await connections.ask(viewer, data.school, shares_again=data.shares_again))


@post(
    "/connections/requests/{request_id:uuid}",
    operation_id="answerRequest",
    summary="Accept or decline a request to connect",
    status_code=200,
    leaves=(Event.CONNECTION_ACCEPTED, Event.CONNECTION_DECLINED),
    key_scope=None,
)
async def answer_request(viewer: CurrentViewer, request_id: FromPath[UUID], data: JSONBody[RequestAnswerIn]) -> ConnectionsOut:
    """Accepting connects both ways. Declining is not told to who asked."""
    if data.answer == "accept":
        links = await connections.accept(viewer, request_id, shares_again=data.shares_again)
    else:
        links = await connections.decline(viewer, request_id)
    return ConnectionsOut(connected=_links(links.connected), received=_links(links.received), asked=_links(links.asked))


@delete(
    "/connections/requests/{request_id:uuid}",
    operation_id="withdrawRequest",
    summary="Take back a request of yours",
    leaves=(Event.CONNECTION_WITHDRAWN,),
    key_scope=None,
)
async def withdraw_request(viewer: CurrentViewer, request_id: FromPath[UUID]) -> None:
    """As if it had not been asked."""
    await connections.withdraw(viewer, request_id)


@delete(
    "/connections/{school:uuid}",
    operation_id="endConnection",
    summary="End a connection, both ways",
    leaves=(Event.CONNECTION_ENDED,),
    key_scope=None,
)
async def end_connection(viewer: CurrentViewer, school: FromPath[UUID]) -> None:
    """What was shared with connected schools is not seen by that school any more, nor by yours."""
    await connections.end(viewer, school)


@get("/blocks", operation_id="listBlocks", summary="The schools that yours blocks", key_scope=KeyScope.READ)
async def list_blocks(viewer: CurrentViewer) -> tuple[OtherSchoolOut, ...]:
    """No other school can see this."""
    return _links((await connections.links(viewer)).blocked)


@post(
    "/blocks",
    operation_id="blockSchool",
    summary="Block a school; it is not told",
    leaves=(Event.SCHOOL_BLOCKED, Event.CONNECTION_WITHDRAWN, Event.NETWORK_INVITATION_WITHDRAWN),
    key_scope=None,
)
async def block_school(viewer: CurrentViewer, data: JSONBody[SchoolIn]) -> tuple[OtherSchoolOut, ...]:
    """It sees nothing more of yours, whatever was shared with it."""
    return _links((await connections.block(viewer, data.school)).blocked)


@delete(
    "/blocks/{school:uuid}",
    operation_id="unblockSchool",
    summary="Unblock a school",
    leaves=(Event.SCHOOL_UNBLOCKED,),
    key_scope=None,
)
async def unblock_school(viewer: CurrentViewer, school: FromPath[UUID]) -> None:
    """What was shared with it counts again."""
    await connections.unblock(viewer, school)


async def _schools(found: Iterable[FoundSchool]) -> tuple[SchoolOut, ...]:
    listed = tuple(found)
    using = await presence.told(one.id for one in listed)
    registered = [name for name in SchoolOut.__struct_fields__ if name != "on_vouch"]
    return tuple(SchoolOut(**{name: getattr(one, name) for name in registered}, on_vouch=one.id in using) for one in listed)


def _links(links: tuple[OtherSchool, ...]) -> tuple[OtherSchoolOut, ...]:
    return tuple(
        OtherSchoolOut(school=link.school, name=link.name, town=link.town, since=link.since_at, request=link.request)
        for link in links
    )


api = Router(
    path="/api/v1",
    route_handlers=[
        list_schools, get_school, list_networks, list_network_schools, list_connections, ask_to_connect, answer_request,
        withdraw_request, end_connection, list_blocks, block_school, unblock_school,
    ],
    tags=["Schools"],
)  # fmt: skip

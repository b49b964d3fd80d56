"""Who sees a review or a note of yours, over JSON: choose it, read it back, ask who that is, end it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, put
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from base import clock
from base.viewer import KeyScope, Viewer
from sharing.access.audiences import FREEDOM_OF_INFORMATION, MOST_GRANTS, AudienceChoice, GrantChoice, fields_named
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.access.readers import Readers
from suppliers.events import Event
from suppliers.shares import people, shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind, Sharing
from web.http.versions import ETAG, IfMatch, etag, tag_in
from web.pages.handlers import CurrentViewer


class GrantIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``subject`` is the id of a person, school or network; ``miles`` goes with near; ``fields`` names what they see.

    A person is named at a school, ``at_school``, and sees it there for as long as they belong to it; it may be left out
    for somebody of one school. ``membership`` comes from an answer: repeat it to leave that line as it is. It is also the
    person's share code, which they give to whom they like: with it neither ``subject`` nor ``at_school`` is needed.

    ``anew``: a line that stands already is given anew, so that it counts for schools too that left since and came back.

    ``members_today`` is of a network: only the schools that are in it now, none that joins later. ``joined_before`` says the
    same in an answer, as the moment at which it was chosen: repeat it to leave that line as it is.
    """

    kind: GrantKind
    subject: UUID | None = None
    miles: Annotated[int, msgspec.Meta(ge=1, le=25)] | None = None
    fields: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=20)], ...], msgspec.Meta(max_length=10)] = ("rating", "praise")
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    at_school: UUID | None = None
    membership: UUID | None = None
    anew: bool = False
    members_today: bool = False
    joined_before: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class AudienceIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No grants: private. ``same_as`` is the directory entry that your own supplier is, on its first share."""

    grants: Annotated[tuple[GrantIn, ...], msgspec.Meta(max_length=MOST_GRANTS)]
    same_as: UUID | None = None


class GrantOut(msgspec.Struct, frozen=True, kw_only=True):
    """``at_school`` and ``membership`` are of a person. The grant ends with the membership, also where they join again.

    ``joined_before`` is of a network: it is for the schools that have been in it since then, and for none that joined later.
    """

    kind: GrantKind
    subject: UUID | None
    miles: int | None
    fields: tuple[str, ...]
    expires_at: datetime | None
    at_school: UUID | None
    membership: UUID | None
    joined_before: datetime | None


class AudienceOut(msgspec.Struct, frozen=True, kw_only=True):
    """``sentence`` says who can see what, in the words that the page uses. ``waits_for_head``: its criticism has new words, which
    only schools told one to one read until a head confirms them.
    """

    grants: tuple[GrantOut, ...]
    sentence: str
    waits_for_head: bool
    freedom_of_information: str = FREEDOM_OF_INFORMATION


class ReaderOut(msgspec.Struct, frozen=True, kw_only=True):
    """``on_vouch``: somebody of that school can look now; otherwise it sees it when it joins."""

    school: UUID
    school_name: str
    person_name: str | None
    fields: tuple[str, ...]
    on_vouch: bool


class ReadersOut(msgspec.Struct, frozen=True, kw_only=True):
    """``everyone``: what every school on this service sees, or null. ``named``: who sees by a narrower grant."""

    everyone: tuple[str, ...] | None
    named: tuple[ReaderOut, ...]


def _routes(what: OpinionKind) -> Router:
    """The four endpoints of reviews, or those of notes."""
    handlers = [*_audience_routes(what), _readers_route(what)]
    return Router(path=f"/{what}s/{{item_id:uuid}}", route_handlers=handlers)


def _audience_routes(what: OpinionKind) -> Iterable[BaseRouteHandler]:
    name = what.value.capitalize()

    @get(
        "/audience",
        operation_id=f"get{name}Audience",
        summary=f"Who may see a {what} of yours",
        response_headers=[ETAG],
        key_scope=KeyScope.READ,
    )
    async def get_audience(viewer: CurrentViewer, item_id: FromPath[UUID]) -> Response[AudienceOut]:
        """`sentence` says it in words. Private: no grants. The `ETag` is of the grants, and what If-Match takes."""
        return _audience(await shares.state(viewer, what, item_id))

    @put(
        "/audience",
        operation_id=f"set{name}Audience",
        summary=f"Choose who may see a {what} of yours",
        leaves=(*shares.GIVING, Event.SHARE_WITHDRAWN),
        key_scope=KeyScope.SHARE,
        response_headers=[ETAG],
    )
    async def set_audience(
        viewer: CurrentViewer, item_id: FromPath[UUID], data: JSONBody[AudienceIn], if_match: IfMatch = None
    ) -> Response[AudienceOut]:
        """Exactly these grants from now on. The first share beyond your school lists the supplier in the directory."""
        lines = [await line_of(viewer, grant) for grant in data.grants]
        anew = [line for line, grant in zip(lines, data.grants, strict=True) if grant.anew]
        read = tag_in(if_match)
        choice = AudienceChoice(tuple(lines))
        given = await shares.share(
            viewer, what, item_id, choice, of_entries=SaidOfEntries(data.same_as), renewing=anew, instead_of=read
        )
        return _audience(given)

    @delete(
        "/audience",
        operation_id=f"end{name}Sharing",
        summary=f"Stop sharing a {what}, at once",
        leaves=(Event.SHARE_WITHDRAWN,),
        key_scope=KeyScope.SHARE,
    )
    async def end_sharing(viewer: CurrentViewer, item_id: FromPath[UUID], if_match: IfMatch = None) -> None:
        """Whoever could see it can't from their next request on. Nothing changes where it was private."""
        await shares.unshare(viewer, what, item_id, instead_of=tag_in(if_match))

    return get_audience, set_audience, end_sharing


def _readers_route(what: OpinionKind) -> BaseRouteHandler:
    @get(
        "/who-can-see",
        operation_id=f"whoCanSee{what.value.capitalize()}",
        summary=f"Which schools and people can see a {what} today",
        key_scope=KeyScope.READ,
    )
    async def who_can_see(viewer: CurrentViewer, item_id: FromPath[UUID]) -> ReadersOut:
        """As of now. Who joins a network or a school later is not in it yet."""
        return readers_out(await shares.readers(viewer, what, item_id))

    return who_can_see


async def line_of(viewer: Viewer, grant: GrantIn, groups: Fields = ALL) -> GrantChoice:
    """What a program asks for, as a line of a choice. Raises Invalid for groups that the thing does not have."""
    by_code = grant.kind is GrantKind.PERSON and grant.subject is None and grant.membership is not None
    return GrantChoice(
        kind=grant.kind,
        subject=(await people.by_code(viewer, grant.membership)).person if by_code else grant.subject,
        miles=grant.miles,
        fields=fields_named(grant.fields, groups=groups),
        expires_at=grant.expires_at,
        at_school=grant.at_school,
        membership=grant.membership,
        joined_before=clock.now() if grant.members_today else grant.joined_before,
    )


def _audience(found: Sharing) -> Response[AudienceOut]:
    shown = AudienceOut(grants=tuple(map(grant_out, found.choice.grants)), sentence=found.sentence, waits_for_head=found.waits)
    return Response(shown, headers=etag(found.choice.tag))


def grant_out(grant: GrantChoice) -> GrantOut:
    return GrantOut(
        kind=grant.kind,
        subject=grant.subject,
        miles=grant.miles,
        fields=_names(grant.fields),
        expires_at=grant.expires_at,
        at_school=grant.at_school,
        membership=grant.membership,
        joined_before=grant.joined_before,
    )


def readers_out(found: Readers) -> ReadersOut:
    return ReadersOut(
        everyone=None if found.everyone is None else _names(found.everyone),
        named=tuple(
            ReaderOut(
                school=one.school,
                school_name=one.school_name,
                person_name=one.person_name,
                fields=_names(one.fields),
                on_vouch=one.on_vouch,
            )
            for one in found.named
        ),
    )


def _names(fields: Fields) -> tuple[str, ...]:
    return tuple((field.name or "").lower() for field in fields)


api = Router(path="/api/v1", route_handlers=[_routes(what) for what in OpinionKind], tags=["Sharing"])

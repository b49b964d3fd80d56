"""Who sees a contract of yours, over JSON: choose it, read it back, ask who that is, end it."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from base.viewer import KeyScope
from contracts.events import Event
from contracts.shares import shares
from contracts.shares.shares import Sharing
from sharing.access.audiences import FREEDOM_OF_INFORMATION, MOST_GRANTS, AudienceChoice
from sharing.access.fields import CONTRACT
from suppliers.shares.api import GrantIn, GrantOut, ReadersOut, grant_out, line_of, readers_out
from suppliers.shares.publishing import SaidOfEntries
from web.http.versions import ETAG, IfMatch, etag, tag_in
from web.pages.handlers import CurrentViewer


class ContractGrantIn(GrantIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As for a review, but `fields` are terms (title, category, supplier, schools, route), dates, attainment, attachments."""

    fields: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=20)], ...], msgspec.Meta(max_length=10)] = ("terms",)


class ContractAudienceIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No grants: private. ``same_as`` is the directory entry that your own supplier is, on its first share."""

    grants: Annotated[tuple[ContractGrantIn, ...], msgspec.Meta(max_length=MOST_GRANTS)]
    same_as: UUID | None = None


class ContractAudienceOut(msgspec.Struct, frozen=True, kw_only=True):
    """``sentence`` says who can see what, in the words that the page uses."""

    grants: tuple[GrantOut, ...]
    sentence: str
    freedom_of_information: str = FREEDOM_OF_INFORMATION


@get(
    "/audience",
    operation_id="getContractAudience",
    summary="Who may see a contract of yours",
    response_headers=[ETAG],
    key_scope=KeyScope.READ,
)
async def get_audience(viewer: CurrentViewer, contract_id: FromPath[UUID]) -> Response[ContractAudienceOut]:
    """`sentence` says it in words. Private: no grants. The `ETag` is of the grants, and what If-Match takes."""
    return _audience(await shares.state(viewer, contract_id))


@put(
    "/audience",
    operation_id="setContractAudience",
    summary="Choose who may see a contract of yours",
    leaves=(*shares.GIVING, Event.CONTRACT_SHARE_ENDED),
    key_scope=KeyScope.SHARE,
    response_headers=[ETAG],
)
async def set_audience(
    viewer: CurrentViewer, contract_id: FromPath[UUID], data: JSONBody[ContractAudienceIn], if_match: IfMatch = None
) -> Response[ContractAudienceOut]:
    """Exactly these grants from now on. Price, quotes, interests and notes are in no group. A confidential contract is refused.

    The first share of its terms lists the supplier in the directory.
    """
    lines = [await line_of(viewer, grant, CONTRACT) for grant in data.grants]
    anew = [line for line, grant in zip(lines, data.grants, strict=True) if grant.anew]
    choice = AudienceChoice(tuple(lines))
    read = tag_in(if_match)
    return _audience(
        await shares.share(viewer, contract_id, choice, of_entries=SaidOfEntries(data.same_as), renewing=anew, instead_of=read)
    )


@delete(
    "/audience",
    operation_id="endContractSharing",
    summary="Stop sharing a contract, at once",
    leaves=(Event.CONTRACT_SHARE_ENDED,),
    key_scope=KeyScope.SHARE,
)
async def end_sharing(viewer: CurrentViewer, contract_id: FromPath[UUID], if_match: IfMatch = None) -> None:
    """Whoever could see it can't from their next request on. Nothing changes where it was private."""
    await shares.unshare(viewer, contract_id, instead_of=tag_in(if_match))


@get(
    "/who-can-see",
    operation_id="whoCanSeeContract",
    summary="Which schools and people can see a contract today",
    key_scope=KeyScope.READ,
)
async def who_can_see(viewer: CurrentViewer, contract_id: FromPath[UUID]) -> ReadersOut:
    """As of now. Who joins a network or a school later is not in it yet."""
    return readers_out(await shares.readers(viewer, contract_id))


def _audience(found: Sharing) -> Response[ContractAudienceOut]:
    shown = ContractAudienceOut(grants=tuple(map(grant_out, found.choice.grants)), sentence=found.sentence)
    return Response(shown, headers=etag(found.choice.tag))


_OF_ONE = Router(path="/contracts/{contract_id:uuid}", route_handlers=[get_audience, set_audience, end_sharing, who_can_see])
api = Router(path="/api/v1", route_handlers=[_OF_ONE], tags=["Sharing"])

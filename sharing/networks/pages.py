"""Pages about other schools: find one, write to it, block it, end what ties it to ours, and the networks that both are in.

What ties two schools is agreed to in `suppliers/shares/consent_pages.py`, beside what it makes visible.
"""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base import settings
from base.refusals import Conflict, Invalid, Refusal
from base.viewer import Viewer, must_write
from sharing.access import presence
from sharing.events import Event
from sharing.networks import connections, neighbour_letter, networks, sent
from sharing.schools import schools
from sharing.schools.register_age import age
from sharing.schools.schools import LONGEST_SEARCH
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

Search = Annotated[str, QueryParameter(max_length=LONGEST_SEARCH)]


@get("/schools", include_in_schema=False)
async def find_school(request: AnyRequest, viewer: CurrentViewer, q: Search = "") -> Template:
    """The nearest to ours first."""
    found = await schools.find_schools(q, near=await schools.place_of(viewer.school), miles=None) if q else None
    context: dict[str, Any] = {
        "using": await presence.told(school.id for school in found.schools) if found else frozenset(),
        "register": await age(),
    }
    return page("networks/find.html", request=request, viewer=viewer, found=found, values={"q": q}, **context)


@get("/schools/{school:uuid}", include_in_schema=False)
async def show_school(request: AnyRequest, viewer: CurrentViewer, school: FromPath[UUID]) -> Template:
    found, here = await schools.one(school), await schools.place_of(viewer.school)
    ours, both_in = await networks.mine(viewer), await networks.both_in(viewer, school)
    context: dict[str, Any] = {
        "school": schools.seen_from(here, found),
        "on_vouch": bool(await presence.told([school])),
        "links": await connections.links(viewer),
        "both_in": [network for network in ours if network.network in both_in],
        "sent_by_us": [one for one in await sent.sent(viewer) if one.school == school],
        "started": [network for network in ours if not network.is_from_register and network.network not in both_in],
    }
    return page("networks/school.html", request=request, viewer=viewer, **context)


@get("/schools/{school:uuid}/letter", include_in_schema=False)
async def show_letter(request: AnyRequest, viewer: CurrentViewer, school: FromPath[UUID]) -> Template:
    """A letter to send to a school that does not use Vouch yet; it is kept nowhere, and sent by nobody but the reader."""
    must_write(viewer)
    found = await schools.one(school)
    if found.status != "open" or await presence.told([school]):
        raise Conflict(
            f"{found.name} {'uses Vouch already' if found.status == 'open' else 'has closed'}, so no letter is needed."
        )
    written = neighbour_letter.letter(viewer, found, settings.current())
    return page("networks/letter.html", request=request, viewer=viewer, school=found, letter=written)


@get("/connections", include_in_schema=False)
async def show_connections(request: AnyRequest, viewer: CurrentViewer) -> Template:
    links = await connections.links(viewer)
    using = await presence.told(link.school for link in links.asked)
    return page("networks/connections.html", request=request, viewer=viewer, links=links, using=using)


@post("/connections/{request_id:uuid}/withdraw", include_in_schema=False, leaves=(Event.CONNECTION_WITHDRAWN,))
async def withdraw_request(viewer: CurrentViewer, request_id: FromPath[UUID]) -> Redirect:
    await connections.withdraw(viewer, request_id)
    return redirect("/connections", done="You took your request back.")


@post("/connections/{request_id:uuid}/decline", include_in_schema=False, leaves=(Event.CONNECTION_DECLINED,))
async def decline_request(viewer: CurrentViewer, request_id: FromPath[UUID]) -> Redirect:
    await connections.decline(viewer, request_id)
    return redirect("/connections", done="Declined. The other school is not told.")


@post("/schools/{school:uuid}/disconnect", include_in_schema=False, leaves=(Event.CONNECTION_ENDED,))
async def end_connection(viewer: CurrentViewer, school: FromPath[UUID]) -> Redirect:
    await connections.end(viewer, school)
    return redirect("/connections", done="The connection has ended. What was shared through it is no longer seen.")


BLOCKED: Final = (Event.SCHOOL_BLOCKED, Event.CONNECTION_WITHDRAWN, Event.NETWORK_INVITATION_WITHDRAWN)


@post("/schools/{school:uuid}/block", include_in_schema=False, leaves=BLOCKED)
async def block_school(viewer: CurrentViewer, school: FromPath[UUID]) -> Redirect:
    await connections.block(viewer, school)
    return redirect(
        "/connections", done="Blocked. That school sees nothing of yours, and is not told. What you had asked it is taken back."
    )


@post("/schools/{school:uuid}/unblock", include_in_schema=False, leaves=(Event.SCHOOL_UNBLOCKED,))
async def unblock_school(viewer: CurrentViewer, school: FromPath[UUID]) -> Redirect:
    await connections.unblock(viewer, school)
    return redirect("/connections", done="Unblocked. That school sees again what you share with it.")


@get("/networks", include_in_schema=False)
async def show_networks(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _networks(request, viewer)


@post("/networks", once=True, include_in_schema=False, leaves=(Event.NETWORK_STARTED,))
async def start_network(request: AnyRequest, viewer: CurrentViewer) -> Redirect | Template:
    form = await forms.read(request)
    try:
        network = await networks.start(viewer, name=form.text("name"), kind=form.text("kind"))
    except Invalid as refusal:
        return await _networks(request, viewer, values=form, refusal=refusal)
    return redirect(f"/networks/{network}", done="Your network has started. Find schools to invite.")


@get("/networks/{network:uuid}", include_in_schema=False)
async def show_network(request: AnyRequest, viewer: CurrentViewer, network: FromPath[UUID]) -> Template:
    found, members = await networks.schools_of(viewer, network)
    context: dict[str, Any] = {
        "register": await age() if found.is_from_register else None,
        "sent_by_us": [one for one in await sent.sent(viewer) if one.network == network],
    }
    return page("networks/network.html", request=request, viewer=viewer, network=found, members=members, **context)


@post("/networks/{network:uuid}/leave", include_in_schema=False, leaves=(Event.NETWORK_LEFT,))
async def leave_network(viewer: CurrentViewer, network: FromPath[UUID]) -> Redirect:
    await networks.leave(viewer, network)
    return redirect("/networks", done="Your school has left the network. Sharing through it has stopped both ways.")


@post("/networks/invitations/{invitation:uuid}/decline", include_in_schema=False, leaves=(Event.NETWORK_DECLINED,))
async def decline_network(viewer: CurrentViewer, invitation: FromPath[UUID]) -> Redirect:
    await networks.decline(viewer, invitation)
    return redirect("/networks", done="Declined. The other schools are not told.")


@post(
    "/networks/invitations/{invitation:uuid}/withdraw",
    include_in_schema=False,
    leaves=(Event.NETWORK_INVITATION_WITHDRAWN,),
)
async def withdraw_network_invitation(viewer: CurrentViewer, invitation: FromPath[UUID]) -> Redirect:
    await sent.withdraw(viewer, invitation)
    return redirect("/networks", done="You took the invitation back. That school can't join by it any more.")


async def _networks(request: AnyRequest, viewer: Viewer, *, values: object = None, refusal: Refusal | None = None) -> Template:
    context: dict[str, Any] = {
        "mine": await networks.mine(viewer),
        "using": await networks.using_vouch(viewer),
        "invitations": await networks.invitations(viewer),
        "sent_by_us": await sent.sent(viewer),
        "kinds": tuple(networks.KINDS.items()),
        "values": values,
    }
    return page("networks/networks.html", request=request, viewer=viewer, refusal=refusal, **context)


pages = Router(
    path="/",
    route_handlers=[
        find_school, show_school, show_letter, show_connections, withdraw_request, decline_request,
        end_connection, block_school, unblock_school, show_networks, start_network, show_network,
        leave_network, decline_network, withdraw_network_invitation,
    ],
)  # fmt: skip

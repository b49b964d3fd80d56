"""Pages that ask before a school connects, joins or invites: what becomes visible to whom, both ways."""

from typing import Any
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Template

from base.refusals import NotFound
from base.viewer import Viewer, must_write
from sharing.networks import connections, networks
from sharing.schools import schools
from suppliers.shares import consent
from suppliers.shares.consent import LISTED, Consent
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page


@get("/schools/{school:uuid}/ask/check", include_in_schema=False)
async def ask_to_ask(request: AnyRequest, viewer: CurrentViewer, school: FromPath[UUID]) -> Template:
    must_write(viewer)
    other = await schools.one(school)
    found = await consent.by_connecting(viewer, school)
    return _page(
        request, viewer, found, ask="connect", other=other.name, action=f"/schools/{school}/ask", back=f"/schools/{school}"
    )


@get("/connections/{request_id:uuid}/accept/check", include_in_schema=False)
async def ask_to_accept(request: AnyRequest, viewer: CurrentViewer, request_id: FromPath[UUID]) -> Template:
    must_write(viewer)
    received = (await connections.links(viewer)).received
    link = next((one for one in received if one.request == request_id), None)
    if link is None:
        raise NotFound
    found = await consent.by_connecting(viewer, link.school)
    action = f"/connections/{request_id}/accept"
    return _page(request, viewer, found, ask="accept", other=link.name, action=action, back="/connections")


@get("/networks/invitations/{invitation:uuid}/join/check", include_in_schema=False)
async def ask_to_join(request: AnyRequest, viewer: CurrentViewer, invitation: FromPath[UUID]) -> Template:
    must_write(viewer)
    asked, members = await networks.to_join(viewer, invitation)
    found = await consent.by_joining(viewer, asked.network)
    action = f"/networks/invitations/{invitation}/join"
    return _page(request, viewer, found, ask="join", other=asked.network_name, action=action, back="/networks", members=members)


@get("/networks/{network:uuid}/invite/{school:uuid}/check", include_in_schema=False)
async def ask_to_invite(request: AnyRequest, viewer: CurrentViewer, network: FromPath[UUID], school: FromPath[UUID]) -> Template:
    must_write(viewer)
    joined, _ = await networks.schools_of(viewer, network)
    other = await schools.one(school)
    found = await consent.by_inviting(viewer, network, school)
    context = {"other": other.name, "network_name": joined.name, "back": f"/schools/{school}"}
    return _page(request, viewer, found, ask="invite", action=f"/networks/{network}/invite/{school}", **context)


def _page(request: AnyRequest, viewer: Viewer, found: Consent, **context: Any) -> Template:
    context = {"members": (), "network_name": "", **context}
    return page("shares/consent.html", request=request, viewer=viewer, consent=found, most=LISTED, **context)


pages = Router(path="/", route_handlers=[ask_to_ask, ask_to_accept, ask_to_join, ask_to_invite])

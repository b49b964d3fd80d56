"""Pages on which a school asks to connect, accepts, joins or invites: what becomes visible to whom, both ways, and the yes to it.

A yes is to the list that was shown: where that has changed since, the new one is shown, and nothing is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, NotFound, Refusal
from base.viewer import Viewer, must_speak_for_the_school, must_write
from sharing.events import Event
from sharing.networks import connections, networks
from sharing.schools import schools
from suppliers.shares import consent
from suppliers.shares.consent import LISTED, Consent, Source
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

WouldSeeToo = NamedDependency[tuple[Source, ...]]  # what other slices share

CHANGED: Final = (
    "What others will see changed since you were shown it, so nothing was done. This is how it is now: look again, then decide."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as the template takes it. ``other`` is a school's or a network's name; ``members`` of one to join."""

    ask: str  # connect | accept | join | invite
    other: str
    found: Consent
    action: str
    back: str
    network_name: str = ""
    members: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        """The digest of what is shown, which the form sends back."""
        return self.found.digest(*self.members)


@get("/schools/{school:uuid}/ask/check", include_in_schema=False)
async def ask_to_ask(request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, school: FromPath[UUID]) -> Template:
    must_write(viewer)
    return _page(request, viewer, await _connecting(viewer, school, would_see))


@post("/schools/{school:uuid}/ask", include_in_schema=False, leaves=(Event.CONNECTION_ASKED,))
async def ask_school(
    request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, school: FromPath[UUID]
) -> Template | Redirect:
    must_speak_for_the_school(viewer)

    async def yes(*, again: bool) -> Redirect:
        await connections.ask(viewer, school, shares_again=again)
        return redirect("/connections", done="Asked. You will see here when the school accepts.")

    return await _answered(request, viewer, await _connecting(viewer, school, would_see), yes)


@get("/connections/{request_id:uuid}/accept/check", include_in_schema=False)
async def ask_to_accept(
    request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, request_id: FromPath[UUID]
) -> Template:
    must_write(viewer)
    return _page(request, viewer, await _accepting(viewer, request_id, would_see))


@post("/connections/{request_id:uuid}/accept", include_in_schema=False, leaves=(Event.CONNECTION_ACCEPTED,))
async def accept_request(
    request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, request_id: FromPath[UUID]
) -> Template | Redirect:
    must_speak_for_the_school(viewer)

    async def yes(*, again: bool) -> Redirect:
        await connections.accept(viewer, request_id, shares_again=again)
        return redirect("/connections", done="Your schools are connected. Each sees what the other shares with its connections.")

    return await _answered(request, viewer, await _accepting(viewer, request_id, would_see), yes)


@get("/networks/invitations/{invitation:uuid}/join/check", include_in_schema=False)
async def ask_to_join(request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, invitation: FromPath[UUID]) -> Template:
    must_write(viewer)
    return _page(request, viewer, await _joining(viewer, invitation, would_see))


@post("/networks/invitations/{invitation:uuid}/join", include_in_schema=False, leaves=(Event.NETWORK_JOINED,))
async def join_network(
    request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, invitation: FromPath[UUID]
) -> Template | Redirect:
    must_speak_for_the_school(viewer)

    async def yes(*, again: bool) -> Redirect:
        network = await networks.join(viewer, invitation, shares_again=again)
        return redirect(f"/networks/{network}", done="Your school has joined. It sees what the others share with this network.")

    return await _answered(request, viewer, await _joining(viewer, invitation, would_see), yes)


@get("/networks/{network:uuid}/invite/{school:uuid}/check", include_in_schema=False)
async def ask_to_invite(
    request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, network: FromPath[UUID], school: FromPath[UUID]
) -> Template:
    must_write(viewer)
    return _page(request, viewer, await _inviting(viewer, network, school, would_see))


@post("/networks/{network:uuid}/invite/{school:uuid}", include_in_schema=False, leaves=(Event.NETWORK_SCHOOL_INVITED,))
async def invite_school(
    request: AnyRequest, viewer: CurrentViewer, would_see: WouldSeeToo, network: FromPath[UUID], school: FromPath[UUID]
) -> Template | Redirect:
    must_speak_for_the_school(viewer)

    async def yes(*, again: bool) -> Redirect:
        del again  # whom one invites was not in it before
        await networks.invite(viewer, network, school)
        return redirect(f"/networks/{network}", done="Invited. The school joins when its head or business manager accepts.")

    return await _answered(request, viewer, await _inviting(viewer, network, school, would_see), yes)


async def _connecting(viewer: Viewer, school: UUID, also: Sequence[Source]) -> Question:
    other = await schools.one(school)
    found = await consent.by_connecting(viewer, school, also)
    return Question("connect", other.name, found, action=f"/schools/{school}/ask", back=f"/schools/{school}")


async def _accepting(viewer: Viewer, request_id: UUID, also: Sequence[Source]) -> Question:
    received = (await connections.links(viewer)).received
    link = next((one for one in received if one.request == request_id), None)
    if link is None:
        raise NotFound
    found = await consent.by_connecting(viewer, link.school, also)
    return Question("accept", link.name, found, action=f"/connections/{request_id}/accept", back="/connections")


async def _joining(viewer: Viewer, invitation: UUID, also: Sequence[Source]) -> Question:
    asked, members = await networks.to_join(viewer, invitation)
    found = await consent.by_joining(viewer, asked.network, also)
    action = f"/networks/invitations/{invitation}/join"
    return Question("join", asked.network_name, found, action=action, back="/networks", members=members)


async def _inviting(viewer: Viewer, network: UUID, school: UUID, also: Sequence[Source]) -> Question:
    joined, _ = await networks.schools_of(viewer, network)
    other = await schools.one(school)
    found = await consent.by_inviting(viewer, network, school, also)
    action = f"/networks/{network}/invite/{school}"
    return Question("invite", other.name, found, action=action, back=f"/schools/{school}", network_name=joined.name)


class _Yes(Protocol):
    """What is done. ``again``: what had ended with an earlier connection or membership is shared again."""

    async def __call__(self, *, again: bool) -> Redirect: ...


async def _answered(request: AnyRequest, viewer: Viewer, question: Question, yes: _Yes) -> Template | Redirect:
    """Done where the yes is to what is there now; otherwise that is shown."""
    form = await forms.read(request)
    seen = form.text("seen")
    if seen != question.seen:
        return _page(request, viewer, question, Conflict(CHANGED) if seen else Invalid(forms.BROKEN))
    return await yes(again=form.text("again") == "yes")  # a box that nobody ticks for them


def _page(request: AnyRequest, viewer: Viewer, question: Question, refusal: Refusal | None = None) -> Template:
    context = {"question": question, "consent": question.found, "most": LISTED, "counted": consent.counted}
    return page("shares/consent.html", request=request, viewer=viewer, refusal=refusal, **context)


pages = Router(
    path="/",
    route_handlers=[
        ask_to_ask, ask_school, ask_to_accept, accept_request, ask_to_join, join_network, ask_to_invite, invite_school,
    ],
)  # fmt: skip

"""Pages for whoever decides about an erasure from outside a school: the operator, the head of its trust, its chair."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from audit.events import Event
from base.refusals import NotFound, Refusal
from privacy import erasure, waiting
from sharing.events import Event as SharingEvent
from sharing.sign_in.one_time_links import DeadLink
from sharing.sign_in.sign_in import by_browser
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get("/erasures/outside", include_in_schema=False)
async def show_waiting(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("erasure/waiting.html", request=request, viewer=viewer, requests=await waiting.every(viewer))


@get("/erasures/outside/{waiting_id:uuid}", include_in_schema=False)
async def show_one_waiting(waiting_id: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    shown, post_to = await waiting.one(viewer, waiting_id), f"/erasures/outside/{waiting_id}/approve"
    return page("erasure/from_outside.html", request=request, viewer=viewer, shown=shown, post_to=post_to)


@post("/erasures/outside/{waiting_id:uuid}/approve", include_in_schema=False, leaves=(Event.ERASURE_APPLIED,))
async def approve_from_outside(waiting_id: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        await erasure.approve_from_outside(viewer, waiting_id, is_sure=form.text("sure") == "yes")
    except NotFound:
        raise
    except Refusal as refusal:
        shown, post_to = await waiting.one(viewer, waiting_id), f"/erasures/outside/{waiting_id}/approve"
        return page("erasure/from_outside.html", request=request, refusal=refusal, viewer=viewer, shown=shown, post_to=post_to)
    return redirect("/erasures/outside", done="It is erased, and the school's trail says who approved it.")


@post("/erasures/{erasure_id:uuid}/write", once=True, include_in_schema=False, leaves=(SharingEvent.OUTSIDE_LINK_MADE,))
async def write_to_chair(erasure_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    address = await waiting.write_to_chair(viewer, erasure_id)
    return redirect(f"/erasures/{erasure_id}", done=f"A link is on its way to {address}.")


@get("/outside/erasure/{token:str}", include_in_schema=False, opt={"public": True})
async def show_to_chair(token: FromPath[str], request: AnyRequest) -> Template:
    shown = await waiting.of_chair(token)
    return page("erasure/from_outside.html", request=request, shown=shown, post_to=request.url.path)


@post(
    "/outside/erasure/{token:str}",
    include_in_schema=False,
    opt={"public": True},
    leaves=(Event.ERASURE_APPLIED,),
    status_code=200,
)
async def approve_as_chair(token: FromPath[str], request: AnyRequest) -> Template:
    form = await forms.read(request)
    shown = await waiting.of_chair(token)
    try:
        await erasure.approve_as_chair(token, is_sure=form.text("sure") == "yes")
    except (DeadLink, NotFound):
        raise
    except Refusal as refusal:
        return page("erasure/from_outside.html", request=request, refusal=refusal, shown=shown, post_to=request.url.path)
    return page("two_people/outside_done.html", request=request, school_name=shown.request.school_name)


pages = Router(
    path="/",
    guards=[by_browser],
    route_handlers=[
        *(show_waiting, show_one_waiting, approve_from_outside, write_to_chair),
        *(show_to_chair, approve_as_chair),
    ],
)

"""Pages on which a school asks for an erasure, chooses what goes, and approves it."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from audit.erasing.erasure import ErasureReason
from audit.events import Event
from base.refusals import Invalid, NotFound, Refusal, read_together
from base.viewer import Viewer, must_write
from privacy import erasure, finds, requests
from sharing.accounts import erasure as accounts
from sharing.sign_in.sign_in import by_browser
from suppliers.directory import stream_titles
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, chosen_id
from web.pages.templating import page, redirect

REASONS = tuple((reason.value, reason.words) for reason in ErasureReason)
NOT_THE_FILE = (
    " One step is left for whoever runs this installation: to take the last bytes out of the database, as the manual says."
)


@get("/erasures", include_in_schema=False)
async def show_erasures(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("erasure/list.html", request=request, viewer=viewer, requests=await requests.every(viewer))


@get("/erasures/ask", include_in_schema=False)
async def ask_who(request: AnyRequest, viewer: CurrentViewer, person: FromQuery[str] = "") -> Template:
    must_write(viewer)
    leavers = await accounts.leavers(viewer.school)
    return page("erasure/ask.html", request=request, viewer=viewer, leavers=leavers, values={"person": person})


@post("/erasures/find", include_in_schema=False, leaves=(), status_code=200)
async def find(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_write(viewer)
    form = await forms.read(request)
    try:
        return await _found(request, viewer, form)
    except Refusal as refusal:
        return page(
            "erasure/ask.html",
            request=request,
            refusal=refusal,
            viewer=viewer,
            leavers=await accounts.leavers(viewer.school),
            values=form,
        )


@post("/erasures", once=True, include_in_schema=False, leaves=(Event.ERASURE_ASKED,))
async def ask(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    form = await forms.read(request)
    try:
        asked = await erasure.ask(
            viewer,
            person=_person(form),
            typed=form.text("text"),
            chosen=form.many("chosen"),
            reason=next((reason for reason in ErasureReason if reason.value == form.text("reason")), None),
            words=form.text("words"),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return await _found_again(request, viewer, form, refusal)
    return redirect(f"/erasures/{asked}", done="You have asked for this to be erased. Nothing is gone yet.")


@get("/erasures/{erasure_id:uuid}", include_in_schema=False)
async def show_erasure(erasure_id: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _shown(request, viewer, erasure_id)


@post("/erasures/{erasure_id:uuid}/approve", include_in_schema=False, leaves=(Event.ERASURE_APPLIED,))
async def approve(erasure_id: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        is_clean = await erasure.approve(viewer, erasure_id, is_sure=form.text("sure") == "yes")
    except NotFound:
        raise
    except Refusal as refusal:
        return await _shown(request, viewer, erasure_id, refusal=refusal)
    return redirect("/erasures", done=f"It is erased, and the trail says that it was.{'' if is_clean else NOT_THE_FILE}")


@post("/erasures/{erasure_id:uuid}/withdraw", include_in_schema=False, leaves=(Event.ERASURE_WITHDRAWN,))
async def withdraw(erasure_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await erasure.withdraw(viewer, erasure_id)
    return redirect("/erasures", done="The request is withdrawn. Nothing was erased.")


async def _found(request: AnyRequest, viewer: Viewer, form: Form, refusal: Refusal | None = None) -> Template:
    person, _ = read_together(lambda: _person(form), lambda: finds.names(form.text("text")))
    look = await erasure.look(viewer, person=person, typed=form.text("text"))
    names = await stream_titles.of_streams(viewer, {offer.find.stream for offer in look.offers})
    context: dict[str, Any] = {"look": look, "names": names, "values": form, "reasons": REASONS}
    return page("erasure/found.html", request=request, refusal=refusal, viewer=viewer, **context)


async def _found_again(request: AnyRequest, viewer: Viewer, form: Form, refusal: Refusal) -> Template:
    """The finds again with what was ticked, or the first question if its answer is what was refused."""
    try:
        return await _found(request, viewer, form, refusal)
    except NotFound:
        raise
    except Refusal as first:
        return page(
            "erasure/ask.html",
            request=request,
            refusal=first,
            viewer=viewer,
            leavers=await accounts.leavers(viewer.school),
            values=form,
        )


async def _shown(request: AnyRequest, viewer: Viewer, erasure_id: UUID, *, refusal: Refusal | None = None) -> Template:
    shown = await requests.one(viewer, erasure_id)
    names = await stream_titles.of_streams(viewer, {find.stream for find in shown.finds})
    context: dict[str, Any] = {"shown": shown, "names": names}
    return page("erasure/request.html", request=request, refusal=refusal, viewer=viewer, **context)


def _person(form: Form) -> UUID | None:
    """None when only texts are looked through. Raises Invalid for what is no choice of the page."""
    chosen = form.text("person")
    if chosen in ("", "nobody"):
        return None
    return chosen_id(chosen, Invalid("Choose one of these.", person="Choose one of these."))


pages = Router(
    path="/",
    guards=[by_browser],
    route_handlers=[show_erasures, ask_who, find, ask, show_erasure, approve, withdraw],
)

"""Pages about a school's first head: naming a colleague, and confirming for another school."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid, NotFound, Refusal
from sharing.events import Event
from sharing.people import heads
from sharing.sign_in.sign_in import by_browser
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@post("/people/{person:uuid}/name-head", include_in_schema=False, leaves=(Event.HEAD_NAMED,))
async def name_head(person: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await heads.name(viewer, person)
    return redirect("/people", done="Named as head. It counts once somebody from outside your school confirms it.")


@get("/people/heads", include_in_schema=False)
async def show_heads(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Those named by schools that have no head, for the operator and for the head of a trust."""
    return page("people/heads.html", request=request, viewer=viewer, namings=await heads.to_confirm(viewer))


@get("/people/heads/{naming:uuid}", include_in_schema=False)
async def show_head(naming: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("people/head.html", request=request, viewer=viewer, naming=await heads.one_to_confirm(viewer, naming))


@post("/people/heads/{naming:uuid}/confirm", include_in_schema=False, leaves=(Event.HEAD_CONFIRMED,))
async def confirm_head(naming: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        if form.text("sure") != "yes":
            sentence = "Tick the box to confirm that you asked the school."
            raise Invalid(sentence, sure=sentence)
        confirmed = await heads.confirm(viewer, naming)
    except NotFound:
        raise
    except Refusal as refusal:
        shown = await heads.one_to_confirm(viewer, naming)
        return page("people/head.html", request=request, refusal=refusal, viewer=viewer, naming=shown)
    return redirect("/people/heads", done=f"{confirmed.name} is head of {confirmed.school_name} from now on.")


@post("/people/heads/{naming:uuid}/withdraw", include_in_schema=False, leaves=(Event.HEAD_NAMING_WITHDRAWN,))
async def withdraw_naming(naming: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await heads.withdraw(viewer, naming)
    return redirect("/people", done="Nobody is named as head any more.")


pages = Router(path="/", guards=[by_browser], route_handlers=[name_head, show_heads, show_head, confirm_head, withdraw_naming])

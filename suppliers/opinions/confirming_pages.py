"""The page on which a head, or whom the head named, confirms the words of criticism."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid
from base.viewer import must_write
from sharing.sign_in.sign_in import by_browser
from suppliers.events import Event
from suppliers.opinions import confirming
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get("/criticism", include_in_schema=False)
async def show_queue(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_write(viewer)
    found = await confirming.queue(viewer)
    may_confirm = await confirming.may_confirm(viewer)
    return page("opinions/criticism.html", request=request, viewer=viewer, queue=found, may_confirm=may_confirm)


@post("/criticism/{item_id:uuid}/confirm", include_in_schema=False, leaves=(Event.CRITICISM_CONFIRMED, Event.SHARE_GIVEN))
async def confirm(request: AnyRequest, viewer: CurrentViewer, item_id: FromPath[UUID]) -> Redirect:
    form = await forms.read(request)
    if not form.text("digest"):
        raise Invalid(forms.BROKEN)
    await confirming.confirm(viewer, item_id, digest=form.text("digest"))
    return redirect("/criticism", done="Confirmed. Everyone whom it was shared with reads these words.")


pages = Router(path="/", guards=[by_browser], route_handlers=[show_queue, confirm])

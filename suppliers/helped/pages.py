"""The page on which a school says what another school's review did for it."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_write
from suppliers.events import Event
from suppliers.helped import helped
from suppliers.helped.helped import NOTHING, Said
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get("/reviews/{shared_review_id:uuid}/helped", include_in_schema=False)
async def ask_helped(request: AnyRequest, shared_review_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    return await _form(request, viewer, shared_review_id)


@post("/reviews/{shared_review_id:uuid}/helped", include_in_schema=False, leaves=(Event.HELP_SAID, Event.HELP_TAKEN_BACK))
async def say_helped(request: AnyRequest, shared_review_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    form = await forms.read(request)
    ticked = {name: form.text(name) for name in ("nothing", *NOTHING.facts())}
    if set(ticked.values()) - {"", "yes"}:
        raise Invalid("Tick what this review did for you, on its page.")
    said = NOTHING if ticked["nothing"] else Said(**{name: bool(ticked[name]) for name in NOTHING.facts()})
    if said.is_nothing and not form.text("nothing"):
        refusal = Invalid("Nothing was saved.", helped="Tick what this review did for you.")
        return await _form(request, viewer, shared_review_id, form, refusal)
    supplier = await helped.say(viewer, shared_review_id, said)
    done = "You say nothing of that review any more." if said.is_nothing else "That school can read it now. Thank you."
    return redirect(f"/suppliers/{supplier}" if supplier else "/", done=done)


async def _form(
    request: AnyRequest, viewer: Viewer, review: UUID, values: Any = None, refusal: Refusal | None = None
) -> Template:
    found = await helped.shown(viewer, review)
    values = values or {name: ["yes"] for name, is_so in found.said.facts().items() if is_so}
    return page("helped/helped.html", request=request, viewer=viewer, found=found, values=values, refusal=refusal)


pages = Router(path="/", route_handlers=[ask_helped, say_helped])

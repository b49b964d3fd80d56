"""The page on which a review of ours says that it rests on logged jobs."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_write
from contracts.backing import backing
from contracts.backing.backing import Says
from contracts.events import Event
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

DONE: Final = {
    Says.NOTHING: "The review says nothing of logged jobs any more.",
    Says.RESTS: "The review says that it rests on logged jobs, to whoever may see its rating.",
    Says.COUNTS: "The review says on how many logged jobs it rests, to whoever may see its rating.",
}


@get("/reviews/{review_id:uuid}/logged-jobs", include_in_schema=False)
async def ask_logged_jobs(request: AnyRequest, review_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    return await _form(request, viewer, review_id)


@post("/reviews/{review_id:uuid}/logged-jobs", include_in_schema=False, leaves=(Event.REVIEW_RESTS_ON_JOBS,))
async def say_logged_jobs(request: AnyRequest, review_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    await backing.of_ours(viewer, review_id)
    form = await forms.read(request)
    try:
        says = forms.one_of(Says, form.text("says"), "says", "Choose what it says.")
        found = await backing.say(viewer, review_id, says)
    except Invalid as refusal:
        return await _form(request, viewer, review_id, form, refusal)
    return redirect(f"/suppliers/{found.supplier}", done=DONE[says])


async def _form(
    request: AnyRequest, viewer: Viewer, review_id: UUID, values: Any = None, refusal: Refusal | None = None
) -> Template:
    found = await backing.of_ours(viewer, review_id)
    values = values or {"says": found.says.value}
    context = {"found": found, "told": backing.sentence(found.counted), "values": values}
    return page("backing/logged_jobs.html", request=request, viewer=viewer, refusal=refusal, **context)


pages = Router(path="/", route_handlers=[ask_logged_jobs, say_logged_jobs])

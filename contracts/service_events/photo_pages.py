"""Photos and files of an event: adding one to it, fetching one, hiding one at once."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid
from base.viewer import must_log_service
from contracts.events import Event
from contracts.service_events import photos, reading
from contracts.service_events.event_pages import shown_event
from suppliers.opinions.attachments import Upload
from suppliers.opinions.pages import as_download
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import redirect

HIDDEN = "Hidden. Nobody reads it but those who decide about erasing it, who find it under Our trail, Erasure, Hidden."


@post(
    "/service-events/{job_id:uuid}/photos",
    once=True,
    include_in_schema=False,
    leaves=(Event.SERVICE_PHOTO_ADDED,),
    site_staff=True,
)
async def add_photo(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_log_service(viewer)
    await reading.event(viewer, job_id)
    form = await forms.read(request)
    try:
        chosen = form.file("file")
        await photos.add(viewer, job_id, Upload(*chosen) if chosen else None)
    except Invalid as refusal:
        return await shown_event(request, viewer, job_id, refusal)
    return redirect(f"/service-events/{job_id}", done="It is added.")


@get("/service-events/photos/{photo_id:uuid}", include_in_schema=False, site_staff=True)
async def fetch_photo(photo_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    return as_download(await photos.fetch(viewer, photo_id))


@post("/service-events/photos/{photo_id:uuid}/hide", include_in_schema=False, leaves=(Event.SERVICE_PHOTO_HIDDEN,))
async def hide_photo(photo_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return redirect(f"/service-events/{await photos.hide(viewer, photo_id)}", done=HIDDEN)


@post("/service-events/photos/{photo_id:uuid}/show-again", include_in_schema=False, leaves=(Event.SERVICE_PHOTO_SHOWN,))
async def show_photo_again(photo_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await photos.show_again(viewer, photo_id)
    return redirect("/erasures/hidden", done="Shown again, to whoever could see it before.")


pages = Router(path="/", route_handlers=[add_photo, fetch_photo, hide_photo, show_photo_again])

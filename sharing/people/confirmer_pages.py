"""Buttons by which a head names who confirms criticism beside them, and ends it."""

from uuid import UUID

from litestar import Router, post
from litestar.params import FromPath
from litestar.response import Redirect

from sharing.events import Event
from sharing.people import confirmers
from sharing.sign_in.sign_in import by_browser
from web.pages.handlers import CurrentViewer
from web.pages.templating import redirect


@post("/people/{person:uuid}/name-confirmer", include_in_schema=False, leaves=(Event.CONFIRMER_NAMED,))
async def name(viewer: CurrentViewer, person: FromPath[UUID]) -> Redirect:
    await confirmers.name(viewer, person)
    return redirect("/people", done="Named for a year. You can end it here at any time.")


@post("/people/confirmer/end", include_in_schema=False, leaves=(Event.CONFIRMER_ENDED,))
async def end(viewer: CurrentViewer) -> Redirect:
    await confirmers.end(viewer)
    return redirect("/people", done="Ended. Only heads confirm criticism now.")


pages = Router(path="/", guards=[by_browser], route_handlers=[name, end])

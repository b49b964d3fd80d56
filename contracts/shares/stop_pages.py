"""The contracts that a school shares, page by page, and stopping several of these shares at once: asked back first."""

from typing import Annotated

from litestar import Router, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base.viewer import must_write
from base.words import count
from contracts.events import Event
from contracts.shares import by_reader
from suppliers.shares.by_reader import NONE_TICKED
from web.pages import forms, paging
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

PageNumber = Annotated[int, QueryParameter(ge=1, le=10_000)]


@get("/", include_in_schema=False)
async def show_shared_contracts(request: AnyRequest, viewer: CurrentViewer, number: PageNumber = 1) -> Template:
    found = await by_reader.shared(viewer, number)
    return page(
        "contract_shares/all_shared.html",
        request=request,
        viewer=viewer,
        found=found,
        **paging.numbered("/contracts/shared", number, has_more=found.has_more),
    )


@get("/stop", include_in_schema=False)
async def ask_to_stop_contracts(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Asks back, naming each of those that were ticked."""
    must_write(viewer)
    found = await by_reader.asked(viewer, by_reader.ticked(request.query_params.getall("line", [])))
    return page(
        "contract_shares/stop_several.html",
        request=request,
        viewer=viewer,
        found=found,
        action="/contracts/shared/stop",
        those="contracts",
        none_ticked=NONE_TICKED,
    )


@post("/stop", include_in_schema=False, leaves=(Event.CONTRACT_SHARE_ENDED,))
async def stop_contracts(request: AnyRequest, viewer: CurrentViewer) -> Redirect:
    must_write(viewer)
    form = await forms.read(request)
    stopped = await by_reader.stop_each(viewer, by_reader.ticked(form.many("line")))
    return redirect("/shared", done=f"Done, and in force already: {count(stopped, 'share')} of contracts stopped.")


pages = Router(path="/contracts/shared", route_handlers=[show_shared_contracts, ask_to_stop_contracts, stop_contracts])

"""The page for a meeting of a network, on screen and on paper."""

from typing import Annotated
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Template

from suppliers.meeting import meeting
from web.pages.beside import Beside
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

Span = Annotated[str, QueryParameter(max_length=2)]


@get("/networks/{network:uuid}/meeting", include_in_schema=False)
async def show_meeting(
    request: AnyRequest, viewer: CurrentViewer, network: FromPath[UUID], beside: NamedDependency[Beside], months: Span = "3"
) -> Template:
    found = await meeting.prepared(viewer, network, months)
    return page(
        "meeting/meeting.html",
        request=request,
        viewer=viewer,
        found=found,
        spans=list(meeting.SPANS.items()),
        values={"months": found.span},
        parts=await beside.of_meeting(viewer, network),
        may_ask=viewer.role.writes and not viewer.is_for_a_day,
    )


pages = Router(path="/", route_handlers=[show_meeting])

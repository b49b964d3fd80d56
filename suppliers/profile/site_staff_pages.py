"""What site staff open: their home page, with what they logged, and the telephone numbers of the school's suppliers.

The numbers are for all of the school. Nothing here says what anybody thinks of a supplier, or what it costs.
"""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base import cursor as cursors
from base.viewer import Role
from suppliers.directory.numbers import numbers
from suppliers.matching.names import LONGEST
from suppliers.opinions import logged
from web.pages import paging
from web.pages.handlers import AnyRequest, CurrentViewer, Cursor, name_and_id
from web.pages.templating import page, redirect


@get("/logged", include_in_schema=False, site_staff=True)
async def show_logged(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    """The home page of site staff; everybody else has another one."""
    if viewer.role is not Role.SITE_STAFF:
        return redirect("/")
    notes = await logged.notes_by(viewer)
    return page("profile/logged.html", request=request, viewer=viewer, notes=notes, values={"text": ""})


@get("/suppliers/numbers", include_in_schema=False, site_staff=True)
async def show_numbers(
    request: AnyRequest,
    viewer: CurrentViewer,
    text: Annotated[str, QueryParameter(max_length=LONGEST)] = "",
    after: Cursor = "",
) -> Template:
    found = await numbers(viewer, text=text, after=name_and_id(after))
    address = "/suppliers/numbers?" + urlencode({"text": text})
    urls = paging.after(address, after, cursors.encode(*found.next_after) if found.next_after else None)
    return page("profile/numbers.html", request=request, viewer=viewer, values={"text": text}, found=found, **urls)


pages = Router(path="/", route_handlers=[show_logged, show_numbers])

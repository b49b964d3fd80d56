"""A page with an address as short as can be, for a phone's home screen: which supplier is it about?"""

from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base.viewer import Role, must_write
from suppliers.matching.names import LONGEST
from suppliers.ours.at_hand import MOST, at_hand
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get("/note", include_in_schema=False, site_staff=True)
async def choose_supplier(
    request: AnyRequest, viewer: CurrentViewer, text: Annotated[str, QueryParameter(max_length=LONGEST)] = ""
) -> Template | Redirect:
    """Site staff find the supplier where they find its number."""
    if viewer.role is Role.SITE_STAFF:
        return redirect("/suppliers/numbers")
    must_write(viewer)
    found = await at_hand(viewer, text=text, limit=MOST)
    return page("ours/note.html", request=request, viewer=viewer, found=found, most=MOST, values={"text": text})


pages = Router(path="/", route_handlers=[choose_supplier])

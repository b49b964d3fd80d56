"""Pages about the service itself, in plain English. How ranking works is told by the slice that ranks."""

from typing import Any

from litestar import Request, Router, get
from litestar.params import FromPath
from litestar.response import Template

from web.refusals import NotFound
from web.templating import page

ABOUT = frozenset({"accessibility", "privacy", "cookies", "source"})


@get("/about/{name:str}", include_in_schema=False, sync_to_thread=False, opt={"public": True})
def about(name: FromPath[str], request: Request[Any, Any, Any]) -> Template:
    if name not in ABOUT:
        raise NotFound
    return page(f"about/{name}.html", request=request)


pages = Router(path="/", route_handlers=[about])

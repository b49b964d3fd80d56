"""Pages about the service itself, in plain English. How ranking works is told by the slice that ranks."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from litestar import Router, get
from litestar.openapi.spec import OpenAPI, Operation
from litestar.params import FromPath
from litestar.response import Template

from base.refusals import NotFound
from web.pages.handlers import AnyRequest, CurrentVisitor
from web.pages.templating import page

ABOUT: Final = frozenset({"accessibility", "privacy", "cookies", "source"})
METHODS: Final = ("get", "post", "put", "patch", "delete")


class Endpoint(NamedTuple):
    method: str
    path: str
    summary: str
    description: str


@get("/about/{name:str}", include_in_schema=False, opt={"public": True})
async def about(name: FromPath[str], request: AnyRequest, visitor: CurrentVisitor) -> Template:
    if name not in ABOUT:
        raise NotFound
    return page(f"about/{name}.html", request=request, viewer=visitor)


@get("/about/api", include_in_schema=False, opt={"public": True})
async def about_api(request: AnyRequest, visitor: CurrentVisitor) -> Template:
    """The reference of the API, made from the same description that programs read; the usual viewers load from other hosts."""
    return page("about/api.html", request=request, viewer=visitor, endpoints=tuple(_endpoints(request.app.openapi_schema)))


def _endpoints(schema: OpenAPI) -> Iterator[Endpoint]:
    for path, item in sorted((schema.paths or {}).items()):
        if not path.startswith("/api/"):
            continue
        for method in METHODS:
            operation: Operation | None = getattr(item, method)
            if operation:
                yield Endpoint(method.upper(), path, operation.summary or "", operation.description or "")


pages = Router(path="/", route_handlers=[about, about_api])

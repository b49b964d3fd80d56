"""Pages about the service itself, in plain English. How ranking works is told by the slice that ranks, and privacy by its own.

Also the two files that machines look for: what may be indexed, and whom to tell of a weakness (RFC 9309, RFC 9116).
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple

from litestar import Router, get
from litestar.openapi.spec import OpenAPI, Operation
from litestar.params import FromPath
from litestar.response import Template

from base import clock, settings
from base.refusals import NotFound
from web.pages.handlers import AnyRequest, CurrentVisitor
from web.pages.templating import page

ABOUT: Final = frozenset({"accessibility", "cookies", "source"})
SECURITY_TXT_LASTS: Final = timedelta(days=90)  # it is made when it is asked for, so it is always this fresh
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


@get("/robots.txt", include_in_schema=False, opt={"public": True}, media_type="text/plain", sync_to_thread=False)
def robots() -> str:
    """Nothing here is for a search engine: what schools say is for schools."""
    return "User-agent: *\nDisallow: /\n"


@get("/.well-known/security.txt", include_in_schema=False, opt={"public": True}, media_type="text/plain", sync_to_thread=False)
def security_txt() -> str:
    """NotFound where the operator named nobody: a made-up contact is worse than none."""
    chosen = settings.current()
    contact = chosen.security_contact
    if not contact:
        raise NotFound
    address = contact if contact.startswith("https://") else f"mailto:{contact}"
    ends = (clock.now() + SECURITY_TXT_LASTS).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    where = f"{chosen.origin}/.well-known/security.txt"
    return f"Contact: {address}\nExpires: {ends}\nPreferred-Languages: en\nCanonical: {where}\n"


def _endpoints(schema: OpenAPI) -> Iterator[Endpoint]:
    for path, item in sorted((schema.paths or {}).items()):
        if not path.startswith("/api/"):
            continue
        for method in METHODS:
            operation: Operation | None = getattr(item, method)
            if operation:
                yield Endpoint(method.upper(), path, operation.summary or "", operation.description or "")


pages = Router(path="/", route_handlers=[about, about_api, robots, security_txt])

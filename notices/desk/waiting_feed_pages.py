"""The page that makes and revokes the feed of what waits for one, and the address that programs read."""

from hashlib import sha256
from typing import Final

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.waiting import Waits
from notices.desk import waiting_feed
from notices.desk.waiting_feed import Counted
from notices.events import Event
from sharing.sign_in import sign_in
from web.http.versions import etag
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

MEDIA_TYPE: Final = "application/atom+xml"
DIGITS: Final = 32  # of the digest that is the tag


@get("/account/feed", include_in_schema=False)
async def show_waiting_feed(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("notices/feed.html", request=request, viewer=viewer, made_at=await waiting_feed.made_at(viewer))


@post("/account/feed", once=True, include_in_schema=False, leaves=(Event.WAITING_FEED_MADE,), status_code=200)
async def make_waiting_feed(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("notices/feed_made.html", request=request, viewer=viewer, address=await waiting_feed.make(viewer))


@post("/account/feed/revoke", include_in_schema=False, leaves=(Event.WAITING_FEED_REVOKED,))
async def revoke_waiting_feed(viewer: CurrentViewer) -> Redirect:
    await waiting_feed.revoke(viewer)
    return redirect("/account/feed", done="The address opens nothing any more. Remove it from your reader too.")


@get("/feeds/waiting/{waiting_name:str}", include_in_schema=False, opt={"public": True})
async def read_waiting_feed(
    waiting_name: FromPath[str],
    request: AnyRequest,
    waits: NamedDependency[tuple[Waits, ...]],
    counted: NamedDependency[tuple[Counted, ...]],
) -> Response[bytes]:
    """For a program that reads feeds, which sends no cookie: the address is the key."""
    content = await waiting_feed.read(waiting_name, waits, counted)
    headers = etag(sha256(content).hexdigest()[:DIGITS]) | {"Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match", "") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers, media_type=MEDIA_TYPE)
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


pages = Router(path="/", guards=[sign_in.by_browser], route_handlers=[show_waiting_feed, make_waiting_feed, revoke_waiting_feed])
public_pages = Router(path="/", route_handlers=[read_waiting_feed])

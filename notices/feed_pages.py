"""The page that makes and revokes one's calendar feed, and the address that calendars read."""

from hashlib import sha256
from typing import Final

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.due import DateSource
from notices import feeds
from notices.events import Event
from sharing.sign_in import sign_in
from web.http.versions import etag
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

MEDIA_TYPE: Final = "text/calendar"
DIGITS: Final = 32  # of the digest that is the tag


@get("/account/calendar", include_in_schema=False)
async def show_feed(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("notices/calendar.html", request=request, viewer=viewer, feed=await feeds.of(viewer), values=None)


@post("/account/calendar", once=True, include_in_schema=False, leaves=(Event.FEED_MADE,), status_code=200)
async def make_feed(request: AnyRequest, viewer: CurrentViewer) -> Template:
    form = await forms.read(request)
    address = await feeds.make(viewer, shows_titles=form.text("titles") == "yes")
    return page("notices/calendar_made.html", request=request, viewer=viewer, address=address)


@post("/account/calendar/revoke", include_in_schema=False, leaves=(Event.FEED_REVOKED,))
async def revoke_feed(viewer: CurrentViewer) -> Redirect:
    await feeds.revoke(viewer)
    return redirect("/account/calendar", done="The address opens nothing any more. Remove it from your calendar too.")


@get("/feeds/{feed:str}", include_in_schema=False, opt={"public": True})
async def read_feed(feed: FromPath[str], request: AnyRequest, dates: NamedDependency[DateSource]) -> Response[bytes]:
    """For a calendar program, which sends no cookie: the address is the key."""
    content = await feeds.read(feed, dates)
    headers = etag(sha256(content).hexdigest()[:DIGITS]) | {"Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match", "") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers, media_type=MEDIA_TYPE)
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


pages = Router(path="/", guards=[sign_in.by_browser], route_handlers=[show_feed, make_feed, revoke_feed])
public_pages = Router(path="/", route_handlers=[read_feed])

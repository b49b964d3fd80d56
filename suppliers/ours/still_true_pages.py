"""The page that asks whether what our school said half a year ago still holds, and the same over JSON."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_204_NO_CONTENT

from base.refusals import Invalid
from base.viewer import KeyScope, must_write
from suppliers.events import Event
from suppliers.opinions import answers, reviews
from suppliers.ours import still_true
from web.http.versions import IfMatch, version_of
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

LEAVES = (Event.REVIEW_SAID_AGAIN, Event.VOUCH_RENEWED)


@get("/reviews/still-true", include_in_schema=False)
async def ask_still_true(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_write(viewer)
    return page("ours/still_true.html", request=request, viewer=viewer, waiting=await still_true.waiting(viewer))


@post("/reviews/{review_id:uuid}/still-true", include_in_schema=False, leaves=LEAVES)
async def say_still_true(request: AnyRequest, review_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    must_write(viewer)
    form = await forms.read(request)
    version = answers.version(form)
    if version is None:
        raise Invalid(forms.BROKEN)
    await reviews.say_again(viewer, review_id, version=version)
    return redirect("/reviews/still-true", done="Your school says it again as of today, to whoever could see it before.")


@post(
    "/reviews/{review_id:uuid}/still-true",
    operation_id="sayReviewStillTrue",
    summary="Say that your school's review still holds",
    status_code=HTTP_204_NO_CONTENT,
    leaves=LEAVES,
    key_scope=KeyScope.WRITE,
    needs_version=True,
)
async def say_review_still_true(viewer: CurrentViewer, review_id: FromPath[UUID], if_match: IfMatch = None) -> None:
    """Its date is today's, without a new word. Send the version that you read in If-Match."""
    await reviews.say_again(viewer, review_id, version=version_of(if_match))


pages = Router(path="/", route_handlers=[ask_still_true, say_still_true])
api = Router(path="/api/v1", route_handlers=[say_review_still_true], tags=["Reviews and notes"])

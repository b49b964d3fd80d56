"""The page from which somebody's copy of what the school holds about them is downloaded."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Template

from audit.events import Event
from privacy import subject_access
from sharing.sign_in.sign_in import by_browser
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page


@get("/people/{person:uuid}/data", include_in_schema=False)
async def show_data(person: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    account = await subject_access.about(viewer, person)
    return page("erasure/data.html", request=request, viewer=viewer, account=account)


@post("/people/{person:uuid}/data", once=False, include_in_schema=False, leaves=(Event.SUBJECT_ACCESS_GIVEN,), status_code=200)
async def give_data(person: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    packed = await subject_access.give(viewer, person)
    headers = {"Content-Disposition": 'attachment; filename="what-is-held.zip"', "Cache-Control": "no-store"}
    return Response(packed, media_type=subject_access.MEDIA_TYPE, headers=headers)


pages = Router(path="/", guards=[by_browser], route_handlers=[show_data, give_data])

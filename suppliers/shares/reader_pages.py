"""Pages about who sees what of ours: by name, with the eyes of each of them, and all that we share on one list."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import NotFound
from base.viewer import Role, must_write
from base.words import count
from sharing.access import presence
from sharing.access.fields import Fields
from sharing.access.readers import Readers
from sharing.schools import schools
from suppliers.events import Event
from suppliers.opinions import readable
from suppliers.shares import by_reader, shares
from suppliers.shares.seen_by import seen_by
from suppliers.shares.shares import OpinionKind
from web.pages import forms, paging
from web.pages.beside import Beside
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

MOST_PAGES: Final = 1_000
PageNumber = Annotated[int, QueryParameter(ge=1, le=MOST_PAGES)]


@get(["/reviews/{item_id:uuid}/who-can-see", "/notes/{item_id:uuid}/who-can-see"], include_in_schema=False)
async def show_who_can_see(
    request: AnyRequest,
    item_id: FromPath[UUID],
    viewer: CurrentViewer,
    beside: NamedDependency[Beside],
    school: FromQuery[UUID | None] = None,
    person: FromQuery[UUID | None] = None,
    governor: FromQuery[bool] = False,
) -> Template:
    """With ``school``, also our review and notes of that supplier as its head and business managers see them, or its governors;
    with ``person``, as one person there does, who may be either: which of them they are is not told.
    """
    sharing = await shares.state(viewer, what_of(request), item_id)
    readers = await shares.readers(viewer, sharing.what, item_id)
    as_whom = await _as_whom(readers, school, person) if school else None
    role = Role.GOVERNOR if governor else Role.BUSINESS_MANAGER
    seen = await readable.as_seen_by(viewer, school, sharing.supplier, person=person, role=role) if school else None
    rated = [one.id for one in seen[0] if Fields.RATING in one.opens] if seen else []
    context: dict[str, Any] = {
        "rests": await beside.of_reviews(viewer, rated),
        "sharing": sharing,
        "readers": [(reader, sharing.there.words(reader.fields)) for reader in readers.named],
        "everyone": None if readers.everyone is None else sharing.there.words(readers.everyone),
        "as_whom": as_whom,
        "as_school": school,
        "as_person": person,
        "as_governor": governor,
        "seen": seen,
    }
    return page("shares/who_can_see.html", request=request, viewer=viewer, **context)


async def _as_whom(readers: Readers, school: UUID, person: UUID | None) -> str:
    """With whose eyes it is shown, in words. Raises NotFound for a person who is not one of the readers by name."""
    if person is None:
        return (await schools.one(school)).name
    named = next((reader.name for reader in readers.named if (reader.school, reader.person) == (school, person)), None)
    if named is None:
        raise NotFound
    return named


@get("/schools/{school:uuid}/sees", include_in_schema=False)
async def show_what_a_school_sees(
    request: AnyRequest, viewer: CurrentViewer, school: FromPath[UUID], beside: NamedDependency[Beside], number: PageNumber = 1
) -> Template:
    """Of ours, however it was shared: by name, through a network or near by, or with every school."""
    other, seen = await schools.one(school), await seen_by(viewer, school, number)
    parts, here = await beside.of_seen_by(viewer, school, number), f"/schools/{school}/sees"
    has_more = seen.has_more or any(part.has_more for part in parts)
    context: dict[str, Any] = {
        "school": other,
        "on_vouch": bool(await presence.told([school])),
        "seen": seen,
        "parts": parts,
        **paging.numbered(here, number, has_more=has_more),
    }
    return page("shares/seen_by.html", request=request, viewer=viewer, **context)


@get("/shared", include_in_schema=False)
async def show_shared(
    request: AnyRequest, viewer: CurrentViewer, beside: NamedDependency[Beside], number: PageNumber = 1
) -> Template:
    """Reviews and notes by who can see them, in pages; what other slices share stands on the first."""
    shared = await by_reader.shared(viewer, number)
    context: dict[str, Any] = {
        "parts": await beside.of_shared(viewer) if number == 1 else (),
        **paging.numbered("/shared", number, has_more=shared.has_more),
    }
    return page("shares/shared.html", request=request, viewer=viewer, shared=shared, **context)


@get("/shared/stop", include_in_schema=False)
async def ask_to_stop(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Asks back, naming each of those that were ticked."""
    must_write(viewer)
    found = await by_reader.asked(viewer, by_reader.ticked(request.query_params.getall("line", [])))
    return page(
        "shares/stop_several.html",
        request=request,
        viewer=viewer,
        found=found,
        action="/shared/stop",
        those="reviews and notes",
        none_ticked=by_reader.NONE_TICKED,
    )


@post("/shared/stop", include_in_schema=False, leaves=(Event.SHARE_WITHDRAWN,))
async def stop_several(request: AnyRequest, viewer: CurrentViewer) -> Redirect:
    must_write(viewer)
    form = await forms.read(request)
    stopped = await by_reader.stop_each(viewer, by_reader.ticked(form.many("line")))
    return redirect("/shared", done=f"Done, and in force already: {count(stopped, 'share')} stopped.")


def what_of(request: AnyRequest) -> OpinionKind:
    """Whether a page about reviews or about notes was asked for."""
    return OpinionKind.REVIEW if request.url.path.startswith("/reviews/") else OpinionKind.NOTE


pages = Router(path="/", route_handlers=[show_who_can_see, show_what_a_school_sees, show_shared, ask_to_stop, stop_several])

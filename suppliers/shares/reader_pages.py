"""Pages about who sees what of ours: by name, with the eyes of each of them, and all that we share on one list."""

from typing import Any
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from base.refusals import NotFound
from base.viewer import Role
from sharing.access import presence
from sharing.access.fields import Fields
from sharing.access.readers import Readers
from sharing.schools import schools
from suppliers.opinions import readable
from suppliers.shares import shares
from suppliers.shares.seen_by import seen_by
from suppliers.shares.shares import OpinionKind
from web.pages.beside import Beside
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page


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
async def show_what_a_school_sees(request: AnyRequest, viewer: CurrentViewer, school: FromPath[UUID]) -> Template:
    """Of ours, however it was shared: by name, through a network or near by, or with every school."""
    other = await schools.one(school)
    context: dict[str, Any] = {"school": other, "on_vouch": bool(await presence.told([school]))}
    return page("shares/seen_by.html", request=request, viewer=viewer, seen=await seen_by(viewer, school), **context)


@get("/shared", include_in_schema=False)
async def show_shared(
    request: AnyRequest, viewer: CurrentViewer, beside: NamedDependency[Beside], after: FromQuery[str] = ""
) -> Template:
    """Reviews and notes by pages; what other slices share stands on the first."""
    parts = () if after else await beside.of_shared(viewer)
    shared = await shares.shared(viewer, after=after)
    return page("shares/shared.html", request=request, viewer=viewer, shared=shared, parts=parts)


def what_of(request: AnyRequest) -> OpinionKind:
    """Whether a page about reviews or about notes was asked for."""
    return OpinionKind.REVIEW if request.url.path.startswith("/reviews/") else OpinionKind.NOTE


pages = Router(path="/", route_handlers=[show_who_can_see, show_what_a_school_sees, show_shared])

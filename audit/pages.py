"""A school's own audit trail: the timeline, and a check of it that anyone of the school may run."""

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from audit import fsck, seals, streams, timeline
from audit.reading import note_read
from web.templating import page
from web.viewer import Role, Viewer


@get("/trail", include_in_schema=False, auditors=True)
async def show_trail(
    request: Request[Any, Any, Any],
    viewer: NamedDependency[Viewer],
    sentences: NamedDependency[Mapping[str, str]],
    titles: NamedDependency[Any],  # async (viewer, streams) -> {stream: name}: the trail itself keeps only ids
    before: Annotated[int | None, QueryParameter(ge=0, le=2**53)] = None,
    stream: Annotated[str | None, QueryParameter(max_length=200)] = None,
) -> Template:
    shown = await timeline.page(viewer, before=before, stream=stream)
    await note_read(viewer, "the timeline", stream=stream if shown.lines else None)
    scope = await _scope(viewer)
    names = await titles(viewer, {*shown.streams, *(scope.entries if scope else ())})
    context = {"sentences": sentences, "names": names, "about": {**streams.ABOUT_OTHERS, **names}, "scope": scope}
    return page("trail.html", request=request, viewer=viewer, shown=shown, stream=stream, is_first=before is None, **context)


async def _scope(viewer: Viewer) -> streams.InScope | None:
    """What an auditor is told of what there is; nobody else needs telling."""
    return await streams.in_scope(viewer) if viewer.role is Role.AUDITOR else None


@get("/trail/check", include_in_schema=False, auditors=True)
async def check_trail(request: Request[Any, Any, Any], viewer: NamedDependency[Viewer]) -> Template:
    verdict = await fsck.check(str(viewer.school))
    await note_read(viewer, "the check of the trail")
    standing = await seals.standing(str(viewer.school))
    return page("trail_check.html", request=request, viewer=viewer, verdict=verdict, standing=standing)


pages = Router(path="/", route_handlers=[show_trail, check_trail])

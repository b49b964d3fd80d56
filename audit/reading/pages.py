"""A school's own audit trail: the timeline, and a check of it that anyone of the school may run."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from audit.log import fsck, streams
from audit.log.auditor_reads import note_read
from audit.log.subjects import Subject
from audit.reading import timeline
from audit.seals import recovery, seals
from base.refusals import Busy
from base.viewer import Role, Viewer
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

CHECKED_ALREADY: Final = "Somebody of your school is checking the trail just now. Try again in a minute."
SOMETHING: Final = "what is stored is not what was recorded"


@get("/trail", include_in_schema=False, auditors=True)
async def show_trail(  # noqa: PLR0913, PLR0917 - given by name: what other slices know
    request: AnyRequest,
    viewer: CurrentViewer,
    sentences: NamedDependency[Mapping[str, str]],
    titles: NamedDependency[Any],  # async (viewer, streams) -> {stream: name}: the trail itself keeps only ids
    merging: NamedDependency[streams.Merging],
    criticism_kept_back: NamedDependency[frozenset[str]],
    before: Annotated[int | None, QueryParameter(ge=0, le=2**53)] = None,
    stream: Annotated[str | None, QueryParameter(max_length=200)] = None,
) -> Template:
    shown = await timeline.page(viewer, before=before, stream=stream, criticism_kept_back=criticism_kept_back)
    await note_read(viewer, "the timeline", stream=stream if shown.lines else None)
    scope = await _scope(viewer)
    asked = {stream} if stream and viewer.reads(stream) else set[str]()
    names = await titles(viewer, {*shown.streams, *asked, *(scope.entries if scope else ())})
    context = {"sentences": sentences, "names": names, "about": {**streams.ABOUT_OTHERS, **names}, "scope": scope}
    context["merged"] = await merging.merged_with(viewer, stream) if stream else {}
    context["to_undo"] = await merging.to_undo(viewer, shown.lines)
    context |= {"shown": shown, "stream": stream, "is_first": before is None, "Subject": Subject}
    return page("reading/trail.html", request=request, viewer=viewer, **context)


async def _scope(viewer: Viewer) -> streams.InScope | None:
    """How much of the trail an auditor may read; None for everybody else, who may read all of it."""
    return await streams.in_scope(viewer) if viewer.role is Role.AUDITOR else None


@get("/trail/check", include_in_schema=False, auditors=True)
async def check_trail(request: AnyRequest, viewer: CurrentViewer) -> Template:
    verdict = await _checked(str(viewer.school))
    if verdict.finding and viewer.streams is not None:  # it may name streams that are not this auditor's
        verdict = replace(verdict, finding=replace(verdict.finding, what=SOMETHING))
    await note_read(viewer, "the check of the trail")
    held = await seals.state(str(viewer.school))
    anew = await recovery.begun_anew(str(viewer.school))
    return page("reading/check.html", request=request, viewer=viewer, verdict=verdict, seals=held, anew=anew)


_being_checked: Final[set[str]] = set()


async def _checked(trail: str) -> fsck.TrailVerdict:
    """Checks a trail, one check of it at a time: each reads every entry, and keeps a connection until it has. Raises Busy."""
    if trail in _being_checked:
        raise Busy(CHECKED_ALREADY)
    _being_checked.add(trail)
    try:
        return await fsck.check(trail)
    finally:
        _being_checked.discard(trail)


pages = Router(path="/", route_handlers=[show_trail, check_trail])

"""A school's own audit trail: the timeline."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from audit.log import streams
from audit.log.auditor_reads import note_read
from audit.log.subjects import Subject
from audit.reading import timeline
from audit.reading.filters import Filters, Kinds
from audit.reading.timeline import TimelinePage
from audit.reading.told import Told
from base.refusals import Invalid
from base.viewer import Role, Viewer
from base.words import in_words
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

LONGEST_STREAM: Final = 200
LONGEST_KIND: Final = 40
NOBODY: Final = "Choose who did it from the list."
NO_DAY: Final = "Enter a day such as 2026-11-03."


@get("/trail", include_in_schema=False, auditors=True)
async def show_trail(  # noqa: PLR0913 - one for each question of the form
    request: AnyRequest,
    viewer: CurrentViewer,
    told: NamedDependency[Told],
    criticism_kept_back: NamedDependency[frozenset[str]],
    *,
    before: Annotated[int | None, QueryParameter(ge=0, le=2**53)] = None,
    stream: Annotated[str | None, QueryParameter(max_length=LONGEST_STREAM)] = None,
    kind: Annotated[str, QueryParameter(max_length=LONGEST_KIND)] = "",
    person: Annotated[str, QueryParameter(max_length=len(str(UUID(int=0))))] = "",
) -> Template:
    """``first`` and ``last`` besides: days, whole or in three boxes each."""
    values = Form({name: tuple(request.query_params.getall(name)) for name in request.query_params})
    filters, refusal = _filters(values, told.kinds, stream=stream or None, kind=kind, person=person)
    shown = await timeline.page(viewer, before=before, only=filters.only(told.kinds), criticism_kept_back=criticism_kept_back)
    await note_read(viewer, "the timeline", stream=stream if shown.lines else None)
    scope = await _scope(viewer)
    asked = {stream} if stream and viewer.reads(stream) else set[str]()
    names = await told.titles(viewer, {*shown.streams, *asked, *(scope.entries if scope else ())})
    people = await told.colleagues(viewer)
    person_name = _name_of(filters.person, people, shown)
    return page(
        "reading/trail.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        values=values if refusal else _as_typed(filters),
        filters=filters,
        tags=_tags(filters, told.kinds, person_name),
        shown=shown,
        is_first=before is None,
        stream=stream,
        scope=scope,
        people=people,
        person_name=person_name,
        names=names,
        about={**streams.ABOUT_OTHERS, **names},
        merged=await told.merging.merged_with(viewer, stream) if stream else {},
        to_undo=await told.merging.to_undo(viewer, shown.lines),
        sentences=told.sentences,
        kinds=told.kinds,
        words=told.words,
        Subject=Subject,
    )


def _filters(values: Form, kinds: Kinds, *, stream: str | None, kind: str, person: str) -> tuple[Filters, Invalid | None]:
    """What is looked for; everything, with the refusal, where one of the filters can't be read."""
    everything = Filters(stream=stream)
    try:
        found = replace(everything, kind=kind, person=_person(person), first=_day(values, "first"), last=_day(values, "last"))
        found.only(kinds)
    except Invalid as refusal:
        return everything, refusal
    return found, None


def _day(values: Form, name: str) -> date | None:
    """The day ``name``, whole as links have it, or from the boxes of the form. Raises Invalid."""
    if not (whole := values.text(name)):
        return values.day(name)
    try:
        return date.fromisoformat(whole)
    except ValueError as error:
        raise Invalid(NO_DAY, **{name: NO_DAY}) from error


def _person(typed: str) -> UUID | None:
    """Raises Invalid."""
    try:
        return UUID(typed) if typed else None
    except ValueError as error:
        raise Invalid(NOBODY, person=NOBODY) from error


def _as_typed(filters: Filters) -> dict[str, str]:
    boxes = {
        f"{name}-{box}": str(getattr(day, box))
        for name, day in (("first", filters.first), ("last", filters.last))
        if day
        for box in ("day", "month", "year")
    }
    return {"kind": filters.kind, "person": str(filters.person or ""), **boxes}


def _name_of(person: UUID | None, people: Mapping[UUID, str], shown: TimelinePage) -> str:
    """What somebody is called here, or was when it was recorded."""
    return people.get(person, shown.lines[0].who if shown.lines else "one person") if person else ""


def _tags(filters: Filters, kinds: Kinds, name: str) -> list[tuple[str, str]]:
    """Each filter in a few words, with the address without it."""
    said = {
        "kind": kinds[filters.kind].name if filters.kind else "",
        "person": f"By {name}" if name else "",
        "first": f"From {in_words(filters.first)}" if filters.first else "",
        "last": f"To {in_words(filters.last)}" if filters.last else "",
    }
    return [(text, filters.address(without=which)) for which, text in said.items() if text]


async def _scope(viewer: Viewer) -> streams.InScope | None:
    """How much of the trail an auditor may read; None for everybody else, who may read all of it."""
    return await streams.in_scope(viewer) if viewer.role is Role.AUDITOR else None


pages = Router(path="/", route_handlers=[show_trail])

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
from audit.reading.filters import Filters, Kinds
from audit.reading.shown import shown
from audit.reading.timeline import TimelinePage
from audit.reading.told import Told
from base.refusals import Invalid
from base.words import in_words
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

LONGEST_STREAM: Final = 200
LONGEST_KIND: Final = 40
NOBODY: Final = "Choose who did it from the list."
NO_DAY: Final = "Enter a day such as 2026-11-03."


@get("/trail", include_in_schema=False, auditors=True)
async def show_trail(
    request: AnyRequest,
    viewer: CurrentViewer,
    told: NamedDependency[Told],
    *,
    before: Annotated[int | None, QueryParameter(ge=0, le=2**53)] = None,
    stream: Annotated[str | None, QueryParameter(max_length=LONGEST_STREAM)] = None,
    kind: Annotated[str, QueryParameter(max_length=LONGEST_KIND)] = "",
    person: Annotated[str, QueryParameter(max_length=len(str(UUID(int=0))))] = "",
) -> Template:
    """``first`` and ``last`` besides: days, whole or in three boxes each."""
    values = Form({name: tuple(request.query_params.getall(name)) for name in request.query_params})
    filters, refusal = _filters(values, told.kinds, stream=stream or None, kind=kind, person=person)
    found = await shown(viewer, told, filters.only(told.kinds), before=before, stream=stream)
    await note_read(viewer, "the timeline", stream=stream if found.page.lines else None)
    person_name = _name_of(filters.person, found.people, found.page)
    return page(
        "reading/trail.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        values=values if refusal else _as_typed(filters),
        filters=filters,
        tags=_tags(filters, told.kinds, person_name),
        shown=found.page,
        is_first=before is None,
        stream=stream,
        scope=found.scope,
        people=found.people,
        person_name=person_name,
        names=found.names,
        about={**streams.ABOUT_OTHERS, **found.names},
        merged=found.merged,
        to_undo=found.to_undo,
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


def _name_of(person: UUID | None, people: Mapping[UUID, str], on: TimelinePage) -> str:
    """What somebody is called here, or was when it was recorded."""
    return people.get(person, on.lines[0].who if on.lines else "one person") if person else ""


def _tags(filters: Filters, kinds: Kinds, name: str) -> list[tuple[str, str]]:
    """Each filter in a few words, with the address without it."""
    said = {
        "kind": kinds[filters.kind].name if filters.kind else "",
        "person": f"By {name}" if name else "",
        "first": f"From {in_words(filters.first)}" if filters.first else "",
        "last": f"To {in_words(filters.last)}" if filters.last else "",
    }
    return [(text, filters.address(without=which)) for which, text in said.items() if text]


pages = Router(path="/", route_handlers=[show_trail])

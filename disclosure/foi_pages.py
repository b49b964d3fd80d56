"""Answers to requests for information: those that were given, and making one."""

from typing import Any

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Stream, Template

from audit.log import subjects
from audit.reading import timeline
from audit.reading.only import Only
from base.refusals import Invalid, NotFound, Refusal
from base.viewer import Viewer, must_write
from disclosure import foi
from disclosure.answer import GIVEN, NOT_ASKED, Wanted
from disclosure.events import Event
from disclosure.foi import PARTS, AnswerFormat
from disclosure.foi_sections import by_number
from disclosure.sheets import TITLES, Part, Table
from web.http.downloads import blank, sent
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

COLUMN = "column-"


@get("/foi", include_in_schema=False)
async def show_answers(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """The latest; the trail has them all."""
    found = await timeline.page(viewer, only=Only(stream=subjects.FOI))
    lists = [(part.value, TITLES[part]) for part in PARTS]
    return page("disclosure/foi.html", request=request, viewer=viewer, found=found, lists=lists, FOI=subjects.FOI)


@get("/foi/new/{records:str}", include_in_schema=False)
async def ask_answer(request: AnyRequest, records: FromPath[str], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    part = _part(records)
    return _form(request, viewer, part, await foi.table_of(viewer, part), {})


@post("/foi/new/{records:str}", include_in_schema=False, leaves=(Event.FOI_ANSWERED,), status_code=200)
async def give_answer(request: AnyRequest, records: FromPath[str], viewer: CurrentViewer) -> Template | Stream:
    must_write(viewer)
    part, form, file = _part(records), await forms.read(request), blank()
    try:
        wanted, reference = _wanted(form), form.text("reference")
        made = await foi.give(viewer, part, wanted, reference=reference, made_as=form.text("format"), to=file)
    except Invalid as refusal:
        file.close()
        return _form(request, viewer, part, await foi.table_of(viewer, part), form, refusal)
    except BaseException:
        file.close()
        raise
    return sent(file, name=f"foi-answer-{part}.{made}", media_type=made.media_type)


def _part(named: str) -> Part:
    if named not in set(PARTS):
        raise NotFound
    return Part(named)


def _wanted(form: Form) -> Wanted:
    columns = {
        int(place): form.text(name)
        for name in form.fields
        if (place := name.removeprefix(COLUMN)) != name and place.isascii() and place.isdigit() and len(place) < len("1000")
    }
    return Wanted(form.text("about"), columns, [name for line in form.text("blank").splitlines() if (name := line.strip())])


def _form(request: AnyRequest, viewer: Viewer, part: Part, table: Table, values: Any, refusal: Refusal | None = None) -> Template:
    choices = [(NOT_ASKED, "Not asked for"), (GIVEN, "Give it")]
    choices += [(one.section, f"s.{one.section} {one.heading}") for one in by_number().values()]
    return page(
        "disclosure/foi_form.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        values=values,
        part=part,
        title=TITLES[part],
        columns=[(f"{COLUMN}{place}", heading) for place, heading in enumerate(table.headings)],
        abouts=foi.abouts(table),
        rows=len(table.rows),
        choices=choices,
        sections=by_number().values(),
        formats=[(AnswerFormat.XLSX.value, "Excel"), (AnswerFormat.ZIP.value, "CSV, in a zip")],
    )


pages = Router(path="/", route_handlers=[show_answers, ask_answer, give_answer])

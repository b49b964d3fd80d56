"""Answers to requests for information: those that were given, and making one."""

from collections.abc import Iterable
from typing import Any

from litestar import Router, get, post
from litestar.response import Stream, Template

from audit.log import subjects
from audit.reading import timeline
from audit.reading.only import Only
from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_write
from contracts.fields.wording import weekday
from disclosure.events import Event
from disclosure.foi import answer_by, giving
from disclosure.foi.answer import GIVEN, NOT_ASKED
from disclosure.foi.answer_by import AnswerBy
from disclosure.foi.giving import PARTS, AnswerFormat, Asked, Lists
from disclosure.foi.reasons import DAYS, IN_PROSE
from disclosure.foi.sections import by_number
from disclosure.sheets import TITLES, Part
from web.http.downloads import blank, sent
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

COLUMN = "column-"  # what becomes of one column, where that is another thing than the page asks of all
NOTHING = Form({})
GIVE, OTHERS = "give-", "others-"  # the columns of a list that are given, and what becomes of its others


@get("/foi", include_in_schema=False)
async def show_answers(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """The latest; the trail has them all. Of a day in the boxes ``came`` it says by when to answer what came then."""
    typed = Form({name: tuple(request.query_params.getall(name)) for name in request.query_params})
    try:
        came = typed.day("came")
        due = await answer_by.of(viewer, came) if came else None
    except Invalid as refusal:
        return await _answers(request, viewer, refusal, typed)
    return await _answers(request, viewer, None, typed, due, is_elsewhere=came is not None and due is None)


def _called() -> dict[str, str]:
    """What the fields of an entry are called that say why something was left out."""
    return {
        f"{ask}.{one.section}": f"Section {one.section}: {ask.label[0].lower()}{ask.label[1:]}"
        for one in by_number().values()
        for ask in one.asks
    }


@get("/foi/new", include_in_schema=False)
async def ask_answer(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Asks what becomes of each column of the lists that are named in the address."""
    must_write(viewer)
    parts = _parts(request.query_params.getall("list", []))
    if not parts:
        return await _answers(request, viewer, Invalid(giving.NO_LIST, list=giving.NO_LIST))
    return _form(request, viewer, await giving.lists_of(viewer, parts), {})


@post("/foi/new", once=False, include_in_schema=False, leaves=(Event.FOI_ANSWERED,), status_code=200)
async def give_answer(request: AnyRequest, viewer: CurrentViewer) -> Template | Stream:
    must_write(viewer)
    form, file = await forms.read(request), blank()
    try:
        asked = _asked(form)
        made = await giving.give(viewer, asked, made_as=form.text("format"), to=file)
    except Invalid as refusal:
        file.close()
        parts = _parts(form.many("list"))
        if not parts:
            raise
        return _form(request, viewer, await giving.lists_of(viewer, parts), form, refusal)
    except BaseException:
        file.close()
        raise
    return sent(file, name=f"foi-answer.{made}", media_type=made.media_type)


async def _answers(
    request: AnyRequest,
    viewer: Viewer,
    refusal: Refusal | None = None,
    typed: Form = NOTHING,
    due: AnswerBy | None = None,
    *,
    is_elsewhere: bool = False,
) -> Template:
    found = await timeline.page(viewer, only=Only(stream=subjects.FOI))
    lists = [(part.value, TITLES[part]) for part in PARTS]
    return page(
        "disclosure/foi.html",
        request=request,
        viewer=viewer,
        values=typed,
        refusal=refusal,
        due=due,
        weekday=weekday,
        is_elsewhere=is_elsewhere,
        found=found,
        lists=lists,
        FOI=subjects.FOI,
        called=_called(),
    )


def _parts(named: Iterable[str]) -> tuple[Part, ...]:
    return tuple(part for part in PARTS if part.value in set(named))


def _asked(form: Form) -> Asked:
    columns = {part: _ticked(form, part) for part in PARTS}
    for name, (said, *_) in form.fields.items():
        part, _, place = name.removeprefix(COLUMN).rpartition("-")
        is_column = name.startswith(COLUMN) and part in set(PARTS) and _is_place(place)
        if is_column and said:
            columns[Part(part)][int(place)] = said
    others = {part: said for part in PARTS if (said := form.text(f"{OTHERS}{part}"))}
    blank_names = [name for line in form.text("blank").splitlines() if (name := line.strip())]
    reasons = _reasons(form)
    named = form.text("about"), blank_names, form.text("reference"), reasons, others
    return Asked(_parts(form.many("list")), columns, *named)


def _ticked(form: Form, part: Part) -> dict[int, str]:
    return {int(place): GIVEN for place in form.many(f"{GIVE}{part}") if _is_place(place)}


def _is_place(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < len("1000")


def _reasons(form: Form) -> dict[str, str]:
    """What is said for each section; a day as an ISO date, and nothing for none."""
    found: dict[str, str] = {}
    for section in by_number().values():
        for ask in section.asks:
            name = ask.of(section.section)
            found[name] = _day(form, name) if ask in DAYS else form.text(name)
    return found


def _day(form: Form, name: str) -> str:
    try:
        day = form.day(name)
    except Invalid:  # it is asked for again beside all else that is wrong
        return ""
    return day.isoformat() if day else ""


def _form(request: AnyRequest, viewer: Viewer, lists: Lists, values: Any, refusal: Refusal | None = None) -> Template:
    choices = [(NOT_ASKED, "Not asked for")]
    choices += [(one.section, f"Left out: s.{one.section} {one.heading}") for one in by_number().values()]
    columns = {
        part: [(str(place), heading, f"{COLUMN}{part}-{place}") for place, heading in enumerate(table.headings)]
        for part, table in lists.tables.items()
    }
    return page(
        "disclosure/foi_form.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        values=values,
        lists=[(part.value, TITLES[part], len(table.rows), columns[part]) for part, table in lists.tables.items()],
        abouts=[(name, name) for name in lists.abouts],
        choices=choices,
        sections=by_number().values(),
        DAYS=DAYS,
        IN_PROSE=IN_PROSE,
        formats=[(AnswerFormat.XLSX.value, "Excel"), (AnswerFormat.ZIP.value, "CSV, in a zip")],
    )


pages = Router(path="/", route_handlers=[show_answers, ask_answer, give_answer])

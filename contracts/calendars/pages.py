"""Pages of a school's service calendar: how it is, changing it, and taking its term dates from a file."""

import asyncio
import re
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Invalid, Refusal, read_together
from base.viewer import Viewer, must_keep_contracts
from base.words import count, in_words
from contracts.calendars import calendar_form, calendar_text, calendars, ending, months, several, term_files
from contracts.calendars.calendar_form import NATIONS, SEASONS, WEEK
from contracts.calendars.calendars import CalendarView, Moved, Saved
from contracts.calendars.several import SavedAt
from contracts.calendars.term_dates import TermDates
from contracts.clock.school_calendar import SchoolCalendar
from contracts.events import Event
from sharing.sign_in import my_schools
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

MOST_YEARS_AWAY: Final = 10  # of a month that can be looked at
_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
NO_DAYS: Final = (
    "A calendar that follows the trust has no days to give to other schools. Enter days of your own, or tick no school."
)
SIX: Final = (("unknown", "I don't know"), ("three", "Three terms, each with a half-term"), ("six", "Six terms"))

# What the form calls a field of the calendar.
_FIELDS: Final = {"weekly": "hours_mon", "follows_trust": "whose"}

# How many open calls a new version would move; `vouch/wiring.py` lists who can tell.
Counting = NamedDependency[tuple[Moved, ...]]


@get("/calendar", include_in_schema=False)
async def show_calendar(
    request: AnyRequest, viewer: CurrentViewer, month: Annotated[str, QueryParameter(max_length=10)] = ""
) -> Template:
    view, today = await calendars.look(viewer), clock.today()
    first = _month_of(month, today)
    context: dict[str, Any] = {
        "view": view,
        "month": months.month(view.layers, first),
        "before": _beside(first, -1),
        "after": _beside(first, 1),
        "today": today,
        "ending": ending.ending(view, today),
        "week": [(name, view.now.weekly.get(day, ())) for day, name in WEEK] if view.now else [],
        "nation": dict(NATIONS).get(view.now.nation, "") if view.now else "",
        "season": dict(SEASONS)[view.now.only or calendar_form.ALL_YEAR] if view.now else "",
        "hours_text": calendar_text.hours_text,
        "busy": calendar_text.BUSY,
    }
    return page("calendars/calendar.html", request=request, viewer=viewer, **context)


@get("/calendar/change", include_in_schema=False)
async def ask_calendar(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    view = await calendars.look(viewer)
    return await _form(request, viewer, view, calendar_form.values(view))


@post("/calendar/change", include_in_schema=False, leaves=(Event.CALENDAR_SAVED, Event.CALENDAR_GIVEN))
async def save_calendar(request: AnyRequest, viewer: CurrentViewer, moved_by_calendar: Counting) -> Redirect | Template:
    form = await forms.read(request)
    must_keep_contracts(viewer)
    try:
        calendar, from_day, version, is_sure = read_together(
            lambda: calendars.checked(calendar_form.read(form)),
            lambda: calendar_form.from_day(form),
            lambda: calendar_form.version(form),
            lambda: _is_sure(form),
        )
        also = await _also(viewer, form, calendar)
        if moved_by_calendar and not is_sure:
            moved = await calendars.would_move(viewer, calendar, from_day, moved_by_calendar)
            moved += await several.would_move(also, calendar, from_day, moved_by_calendar)
            if moved:
                return await _form(request, viewer, await calendars.look(viewer), form, moved=moved)
        saved = await calendars.save_version(viewer, calendar, from_day=from_day, version=version)
    except (Invalid, Conflict) as refusal:
        return await _form(request, viewer, await calendars.look(viewer), form, refusal=_in_the_form(refusal))
    there = await several.save_at_each(also, calendar, from_day=from_day)
    return redirect("/calendar", done=f"{_said(saved, from_day)}{_said_of(there)}")


async def _also(viewer: Viewer, form: Form, calendar: SchoolCalendar) -> tuple[Viewer, ...]:
    """The person's other schools that were ticked. Raises Invalid."""
    named = [an_id(value) for value in form.many("also")]
    if not named:
        return ()
    if calendar.follows_trust:
        raise Invalid(NO_DAYS, also=NO_DAYS)
    return my_schools.chosen(await several.schools(viewer), [one or UUID(int=0) for one in named])


def _is_sure(form: Form) -> bool:
    """Raises Invalid for what the tick never sends."""
    if form.text("sure") not in ("", "yes"):
        raise Invalid("Tick the box, or leave it empty.", sure="Tick the box, or leave it empty.")
    return form.text("sure") == "yes"


@get("/calendar/terms", include_in_schema=False)
async def ask_terms(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return _terms(request, viewer)


@post("/calendar/terms", include_in_schema=False, leaves=())
async def take_terms(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Reads what was sent into the form of the calendar; nothing is saved yet."""
    must_keep_contracts(viewer)
    form = Form({})
    try:
        form = await forms.read(request)
        six = _six_terms(form)
        found = await _found(form, six_terms=six)
    except Refusal as refusal:
        return _terms(request, viewer, form, refusal)
    if not (found.terms or found.inset or found.closed):
        return _terms(request, viewer, form, Invalid("Nothing could be read. See below what has to be answered."), found)
    view = await calendars.look(viewer)
    calendar = calendar_form.with_terms(view.own or SchoolCalendar(), found, six_terms=six)
    values = calendar_form.values(view) | calendar_form.filled(calendar)
    if found.terms:
        values["whose"] = "own"
    return await _form(request, viewer, view, values, found=found)


def _six_terms(form: Form) -> bool | None:
    """None where nobody said. Raises Invalid."""
    if form.text("six") not in ("", *(value for value, _ in SIX)):
        raise Invalid("Choose how many terms a year has.", six="Choose how many terms a year has.")
    return {"six": True, "three": False}.get(form.text("six"))


async def _found(form: Form, *, six_terms: bool | None) -> TermDates:
    _, content = form.file("file") or ("", b"")
    pasted = form.text("pasted")
    if content and pasted.strip():
        raise Invalid("Choose a file or paste the dates, not both.", pasted="Choose a file or paste the dates, not both.")
    if content:
        return await asyncio.to_thread(term_files.read, content, six_terms=six_terms)
    if not pasted.strip():
        raise Invalid("Choose a file, or paste the term dates.", pasted="Choose a file, or paste the term dates.")
    return await asyncio.to_thread(term_files.read_pasted, pasted, six_terms=six_terms)


async def _form(
    request: AnyRequest,
    viewer: Viewer,
    view: CalendarView,
    values: object,
    *,
    refusal: Refusal | None = None,
    found: TermDates | None = None,
    moved: int = 0,
) -> Template:
    also = [(str(one.school), one.school_name) for one in await several.schools(viewer)]
    return page(
        "calendars/change.html", request=request, viewer=viewer, refusal=refusal, view=view, values=values, found=found,
        moved=moved, week=WEEK, nations=NATIONS, seasons=SEASONS, busy=list(calendar_text.BUSY.values()), also=also,
    )  # fmt: skip


def _terms(
    request: AnyRequest,
    viewer: Viewer,
    values: object = None,
    refusal: Refusal | None = None,
    found: TermDates | None = None,
) -> Template:
    return page(
        "calendars/terms.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        values=values or {"six": "unknown"},
        six=SIX,
        found=found,
    )


def _in_the_form(refusal: Invalid | Conflict) -> Invalid | Conflict:
    return type(refusal)(refusal.sentence, **{_FIELDS.get(name, name): said for name, said in refusal.fields.items()})


def _said(saved: Saved, from_day: date) -> str:
    told = f"Saved. It holds from {in_words(from_day)}."
    if saved.contracts:
        told += f" The dates of {count(saved.contracts, 'contract')} were worked out anew."
    if saved.schools:
        told += f" {count(saved.schools, 'school')} of the trust follow{'s' if saved.schools == 1 else ''} it."
    return told


def _said_of(there: SavedAt) -> str:
    told = f" Its days are saved at {', '.join(there.saved)} too." if there.saved else ""
    return told + "".join(f" Not at {name}: {why.removesuffix('.')}." for name, why in there.refused)


def _month_of(typed: str, today: date) -> date:
    match = _MONTH.fullmatch(typed)
    found = date(int(match[1]), int(match[2]), 1) if match else today.replace(day=1)
    return found if abs(found.year - today.year) <= MOST_YEARS_AWAY else today.replace(day=1)


def _beside(first: date, months_away: int) -> date:
    count_of = first.year * 12 + first.month - 1 + months_away
    return date(count_of // 12, count_of % 12 + 1, 1)


pages = Router(path="/", route_handlers=[show_calendar, ask_calendar, save_calendar, ask_terms, take_terms])

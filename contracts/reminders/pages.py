"""Pages on which a school says what it decided about a contract and when it decides; the file of one contract's days."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Invalid, NotFound, Refusal, read_apart, refuse_unread
from base.viewer import Viewer, must_keep_contracts
from contracts.calendars import calendar_text
from contracts.events import Event
from contracts.register import reading
from contracts.register.reading import ContractView
from contracts.reminders import decisions, feed, section, timing
from contracts.reminders.decisions import Choice, Deciding
from contracts.reminders.timing import MONTHS
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

NO_CHOICE: Final = "Choose what you decided."
NO_MEETINGS: Final = "Enter the days on which the governors meet, or leave the box empty."
CALENDAR: Final = "text/calendar"


@get("/contracts/{contract_id:uuid}/decision", include_in_schema=False)
async def ask_decision(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return await _ask(request, viewer, await _own(viewer, contract_id), _today())


@post("/contracts/{contract_id:uuid}/decision", include_in_schema=False, leaves=(Event.CONTRACT_DECIDED,))
async def decide(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect | Template:
    must_keep_contracts(viewer)
    contract, form = await _own(viewer, contract_id), Form({})
    try:
        form = await forms.read(request)
        new = _deciding(form)
        await decisions.decide(viewer, contract_id, new)
    except Invalid as refusal:
        return await _ask(request, viewer, contract, form, refusal)
    return redirect(f"/contracts/{contract_id}#{section.ANCHOR}", done=_done(new.choice))


@get("/contracts/{contract_id:uuid}/dates.ics", include_in_schema=False)
async def download_dates(contract_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    """For a calendar program, with titles and sentences: whoever takes it has signed in."""
    content = await feed.of_contract(viewer, contract_id)
    headers = {"Content-Disposition": 'attachment; filename="contract-dates.ics"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=CALENDAR, headers=headers)


@get("/contracts/deciding", include_in_schema=False)
async def ask_timing(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    now = await timing.look(viewer)
    meetings = calendar_text.single_days_text(now.meetings)
    values = Form({"months": tuple(map(str, now.months)), "meetings": (meetings,), "seen": (now.mark,)})
    return _timing(request, viewer, values)


@post("/contracts/deciding", include_in_schema=False, leaves=(Event.DECIDING_SET,))
async def save_timing(request: AnyRequest, viewer: CurrentViewer) -> Redirect | Template:
    must_keep_contracts(viewer)
    form = Form({})
    try:
        form = await forms.read(request)
        months = form.many("months")
        (meetings,), unread = read_apart(lambda: _meetings(form))
        refuse_unread(unread, lambda: timing.checked(months, ()))
        await timing.choose(viewer, months=months, meetings=meetings, seen=form.text("seen"))
    except (Conflict, Invalid) as refusal:
        return _timing(request, viewer, form, refusal)
    return redirect("/contracts/governors", done="Saved. Letters and pages go by it from now on.")


async def _own(viewer: Viewer, contract_id: UUID) -> ContractView:
    contract = await reading.contract(viewer, contract_id)
    if not contract.is_ours:
        raise NotFound
    return contract


async def _ask(
    request: AnyRequest, viewer: Viewer, contract: ContractView, values: object, refusal: Refusal | None = None
) -> Template:
    shown = await section.deciding(viewer, contract)
    context: dict[str, Any] = {"contract": contract, "values": values, "choices": list(Choice), "section": shown}
    return page("reminders/decide.html", request=request, viewer=viewer, refusal=refusal, **context)


def _timing(request: AnyRequest, viewer: Viewer, values: object, refusal: Refusal | None = None) -> Template:
    months = [(str(n), f"{n} months before") for n in MONTHS]
    return page("reminders/timing.html", request=request, viewer=viewer, refusal=refusal, values=values, months=months)


def _deciding(form: Form) -> Deciding:
    """Raises Invalid that names each wrong field."""
    (choice, decided), unread = read_apart(
        lambda: forms.one_of(Choice, form.text("choice"), "choice", NO_CHOICE), lambda: form.day("decided")
    )
    new = Deciding(choice, decided or clock.today(), form.text("reason"), form.text("minute"))
    refuse_unread(unread, lambda: decisions.checked(new))
    return new


def _meetings(form: Form) -> tuple[date, ...]:
    if "meetings" not in form.fields:
        raise Invalid(NO_MEETINGS, meetings=NO_MEETINGS)
    return calendar_text.single_days_in(form.text("meetings"), "meetings")


def _today() -> dict[str, str]:
    day = clock.today()
    return {"decided-day": str(day.day), "decided-month": str(day.month), "decided-year": str(day.year)}


def _done(choice: Choice) -> str:
    if choice.ends_it:
        return "Written down. Now notice has to be in the supplier's hands in time: see the dates."
    return "Written down. Nobody is asked about this end any more."


pages = Router(path="/", route_handlers=[ask_timing, save_timing, ask_decision, decide, download_dates])

"""What both sides said and agreed about one event, beside what the clock says."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Invalid, Refusal, read_apart, refuse_unread
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.judging.kinds import Agreed, Discussed
from contracts.promises.kinds import LEFT_OUT_MEANS
from contracts.service_events import agreeing, typed
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.event_pages import WORDS, to_write
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get("/service-events/{job_id:uuid}/discussed", include_in_schema=False)
async def ask_discussion(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return await _said_form(request, viewer, job_id, "discussed", _today())


@post("/service-events/{job_id:uuid}/discussed", include_in_schema=False, leaves=(Event.SERVICE_DISCUSSED,))
async def discuss(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    await to_write(viewer, job_id)
    form = await forms.read(request)
    try:
        await agreeing.discuss(viewer, job_id, _discussion(form))
    except Invalid as refusal:
        return await _said_form(request, viewer, job_id, "discussed", form, refusal)
    return redirect(f"/service-events/{job_id}", done="Written down.")


@get("/service-events/{job_id:uuid}/agreed", include_in_schema=False)
async def ask_agreement(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return await _said_form(request, viewer, job_id, "agreed", {**_today(), "ours": viewer.name})


@post("/service-events/{job_id:uuid}/agreed", include_in_schema=False, leaves=(Event.OUTCOME_AGREED,))
async def agree(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    await to_write(viewer, job_id)
    form = await forms.read(request)
    try:
        await agreeing.agree(viewer, job_id, _agreement(form))
    except Invalid as refusal:
        return await _said_form(request, viewer, job_id, "agreed", form, refusal)
    return redirect(f"/service-events/{job_id}", done="Written down, beside what the clock says.")


def _discussion(form: Form) -> Discussion:
    (state, on), unread = read_apart(
        lambda: forms.one_of(Discussed, form.text("state"), "state", "Choose how it stands."), lambda: form.day("on")
    )
    new = Discussion(state, on or clock.today(), form.text("theirs"))
    refuse_unread(unread, lambda: agreeing.checked_theirs(new))
    return new


def _agreement(form: Form) -> Agreement:
    (outcome, on), unread = read_apart(
        lambda: forms.one_of(Agreed, form.text("outcome"), "outcome", "Choose what you agreed."), lambda: form.day("on")
    )
    who = {"ours": form.text("ours"), "theirs": form.text("theirs"), "clause": form.text("clause")}
    new = Agreement(outcome, on or clock.today(), form.text("reason"), metric=typed.chosen_metric(form), **who)
    refuse_unread(unread, lambda: agreeing.checked_words(new))
    return new


def _today() -> dict[str, Any]:
    today = clock.today()
    return {"on-day": str(today.day), "on-month": str(today.month), "on-year": str(today.year)}


async def _said_form(
    request: AnyRequest, viewer: Viewer, job_id: UUID, which: str, values: Any, refusal: Refusal | None = None
) -> Template:
    whole = await to_write(viewer, job_id)
    means = LEFT_OUT_MEANS.get(whole.event.job.kind, "It does not count at all")
    return page(
        f"service_events/{which}.html", request=request, viewer=viewer, refusal=refusal, whole=whole, values=values,
        left_out_means=means, **WORDS,
    )  # fmt: skip


pages = Router(path="/", route_handlers=[ask_discussion, discuss, ask_agreement, agree])

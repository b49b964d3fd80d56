"""Pages of contract reviews: what was said and agreed, what is still to be done, and the pack to take away."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from audit.packs import report_pdf
from audit.packs.takeaway import Sources
from base import clock
from base.refusals import Conflict, Invalid, Refusal, read_together
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.review import meetings, typed
from contracts.review.api import LEAVES, made
from contracts.review.report import Edition
from contracts.review.topics import TOPICS
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, chosen_id
from web.pages.templating import page, redirect


@get("/contracts/{contract_id:uuid}/reviews", include_in_schema=False)
async def show_reviews(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return await _reviews(request, viewer, contract_id, None)


@post("/contracts/{contract_id:uuid}/pack", once=False, include_in_schema=False, leaves=LEAVES, status_code=200)
async def take_pack(
    request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer, sources: NamedDependency[Sources]
) -> Template | Stream:
    await meetings.of_contract(viewer, contract_id)
    form = await forms.read(request)
    try:
        return await made(viewer, typed.order(form, contract_id), sources)
    except (Invalid, Conflict) as refusal:
        return await _reviews(request, viewer, contract_id, form, refusal)


@get("/contracts/{contract_id:uuid}/reviews/new", include_in_schema=False)
async def ask_what_was_said(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return await _new(request, viewer, contract_id, typed.nothing_yet())


@post("/contracts/{contract_id:uuid}/reviews/new", once=True, include_in_schema=False, leaves=(Event.REVIEW_HELD,))
async def hold(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    await meetings.of_contract(viewer, contract_id)
    form = await forms.read(request)
    try:
        meeting = await meetings.hold(viewer, contract_id, typed.minutes(form))
    except Invalid as refusal:
        return await _new(request, viewer, contract_id, form, refusal)
    return redirect(f"/contract-reviews/{meeting}", done="Written down.")


@get("/contract-reviews/{meeting_id:uuid}", include_in_schema=False)
async def show_meeting(request: AnyRequest, meeting_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    about, there, reviews = await meetings.of_meeting(viewer, meeting_id)
    context: dict[str, Any] = {"contract": about, "meeting": there, "actions": reviews.of_meeting(meeting_id), "topics": TOPICS}
    return page("review/meeting.html", request=request, viewer=viewer, today=clock.today(), **context)


@get("/contract-reviews/{meeting_id:uuid}/correct", include_in_schema=False)
async def ask_correction(request: AnyRequest, meeting_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    about, there, _ = await meetings.of_meeting(viewer, meeting_id)
    context: dict[str, Any] = {"contract": about, "meeting": there, "topics": TOPICS, "values": typed.filled(there)}
    return page("review/correct.html", request=request, viewer=viewer, **context)


@post("/contract-reviews/{meeting_id:uuid}/correct", once=True, include_in_schema=False, leaves=(Event.REVIEW_CORRECTED,))
async def correct(request: AnyRequest, meeting_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    about, there, _ = await meetings.of_meeting(viewer, meeting_id)
    form = await forms.read(request)
    try:
        row = chosen_id(form.text("row"), Invalid(meetings.CHANGED))
        reason = form.text("reason")
        new, _ = read_together(lambda: meetings.checked(typed.minutes(form)), lambda: meetings.checked_reason(reason))
        await meetings.correct(viewer, meeting_id, new, row=row, reason=reason)
    except (Invalid, Conflict) as refusal:
        context: dict[str, Any] = {"contract": about, "meeting": there, "topics": TOPICS, "values": form}
        return page("review/correct.html", request=request, viewer=viewer, refusal=refusal, **context)
    return redirect(f"/contract-reviews/{meeting_id}", done="Corrected.")


@get("/review-actions/{action_id:uuid}", include_in_schema=False)
async def ask_when_done(request: AnyRequest, action_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    about, action = await meetings.of_action(viewer, action_id)
    values = typed.boxes("done_on", clock.today())
    return page("review/action.html", request=request, viewer=viewer, contract=about, action=action, values=values)


@post("/review-actions/{action_id:uuid}", include_in_schema=False, leaves=(Event.ACTION_DONE,))
async def settle(request: AnyRequest, action_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    about, action = await meetings.of_action(viewer, action_id)
    form = await forms.read(request)
    try:
        await meetings.settle(viewer, action_id, form.day("done_on"), form.text("note"))
    except (Invalid, Conflict) as refusal:
        context: dict[str, Any] = {"contract": about, "action": action, "values": form}
        return page("review/action.html", request=request, viewer=viewer, refusal=refusal, **context)
    return redirect(f"/contracts/{about.id}/reviews", done="Noted as done.")


async def _reviews(
    request: AnyRequest, viewer: Viewer, contract_id: UUID, values: Any, refusal: Refusal | None = None
) -> Template:
    about, reviews = await meetings.of_contract(viewer, contract_id)
    editions = [(Edition.GOVERNORS.value, "Governors", "Two pages")]
    if viewer.role.keeps_contracts:
        editions = [
            (Edition.MEETING.value, "The meeting", "Goes to the supplier: no notes, no decisions, no names but the officer's"),
            *editions,
            (Edition.FILE.value, "Our file", "Everything, with how it was awarded and proof that anybody can check"),
        ]  # fmt: skip
    context: dict[str, Any] = {
        "contract": about,
        "reviews": reviews,
        "editions": editions,
        "values": values or {**typed.pack_days(reviews), "edition": editions[0][0]},
        "has_pdf": report_pdf.is_there(),
        "today": clock.today(),
    }
    return page("review/reviews.html", request=request, viewer=viewer, refusal=refusal, **context)


async def _new(request: AnyRequest, viewer: Viewer, contract_id: UUID, values: Any, refusal: Refusal | None = None) -> Template:
    about, reviews = await meetings.of_contract(viewer, contract_id)
    context: dict[str, Any] = {
        "contract": about, "open_actions": reviews.open_actions, "topics": TOPICS, "values": values, "today": clock.today(),
        "places": range(1, typed.ACTIONS + 1),
    }  # fmt: skip
    return page("review/new.html", request=request, viewer=viewer, refusal=refusal, **context)


pages = Router(
    path="/",
    route_handlers=[
        show_reviews, take_pack, ask_what_was_said, hold, show_meeting, ask_correction, correct, ask_when_done, settle,
    ],
)  # fmt: skip

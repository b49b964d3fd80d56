"""One event: what the clock says of it and why, one tap for each step, and corrections."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Invalid, NotFound, Refusal, read_together
from base.viewer import Viewer, must_log_service
from contracts.events import Event
from contracts.judging.job import Job
from contracts.judging.kinds import (
    AGREED_WORDS,
    DISCUSSED_WORDS,
    PAUSE_WORDS,
    STAMP_WORDS,
    VERDICT_WORDS,
    StampKind,
)
from contracts.judging.sentences import duration, when
from contracts.promises import stored_metrics
from contracts.promises.kinds import HOW_WORDS, PRIORITY_WORDS, EventKind
from contracts.service_events import correcting, moments, photos, reading, stamping, typed
from contracts.service_events.logging_one import Logged
from contracts.service_events.pages import form_context
from contracts.service_events.reading import WholeEvent
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

RESPONDED: Final = StampKind.RESPONDED.value
STEPS: Final = (StampKind.RESPONDED, StampKind.ATTENDED, StampKind.MADE_SAFE)
MOST_SPANS: Final = 60  # of service time shown; a job of a school year has some two hundred


@get("/service-events/{job_id:uuid}", include_in_schema=False, site_staff=True)
async def show_event(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return await shown_event(request, viewer, job_id)


@post("/service-events/{job_id:uuid}/stamp", once=True, include_in_schema=False, leaves=(Event.SERVICE_STAMPED,), site_staff=True)
async def stamp_it(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    """Without a time in the form it is now: one tap."""
    must_log_service(viewer)
    await to_write(viewer, job_id)
    form = await forms.read(request)
    try:
        new = typed.stamping(form)
        await stamping.stamp(viewer, job_id, new)
    except Invalid as refusal:
        return await _stamp_form(request, viewer, job_id, form, refusal)
    return redirect(f"/service-events/{job_id}", done=f"“{STAMP_WORDS[new.kind]}” is logged.")


@get("/service-events/{job_id:uuid}/stamp", include_in_schema=False, site_staff=True)
async def ask_when(
    request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer, kind: FromQuery[str] = StampKind.RESPONDED.value
) -> Template:
    must_log_service(viewer)
    if kind not in list(StampKind) or kind == StampKind.AGREED:
        raise NotFound
    values = {**moments.boxes("at", clock.now()), "kind": kind}
    return await _stamp_form(request, viewer, job_id, values)


@post("/service-events/{job_id:uuid}/claims/{stamp_id:uuid}/agree", include_in_schema=False, leaves=(Event.CLAIM_AGREED,))
async def agree_to_claim(job_id: FromPath[UUID], stamp_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await stamping.agree(viewer, job_id, stamp_id)
    return redirect(f"/service-events/{job_id}", done="It counts from now on.")


@get("/service-events/{job_id:uuid}/correct", include_in_schema=False, site_staff=True)
async def ask_correction(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_log_service(viewer)
    whole = await to_write(viewer, job_id)
    return await _correction(request, viewer, whole, typed.filled(whole.event.job, whole.event.words))


@post(
    "/service-events/{job_id:uuid}/correct",
    once=True,
    include_in_schema=False,
    leaves=(Event.SERVICE_CORRECTED,),
    site_staff=True,
)
async def correct_it(request: AnyRequest, job_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_log_service(viewer)
    whole = await to_write(viewer, job_id)
    form, job = await forms.read(request), whole.event.job
    is_withdrawn = form.text("never_happened") == "yes"
    try:
        metric = whole.event.metrics[0] if job.metric and whole.event.metrics else None
        new, reason = read_together(
            lambda: _as_it_is(job) if is_withdrawn else typed.logged(form, job.kind, metric),
            lambda: correcting.checked_reason(form.text("reason")),
        )
        row = an_id(form.text("row")) or job.row
        await correcting.correct(viewer, job_id, new, row=row, reason=reason, is_withdrawn=is_withdrawn)
    except Invalid as refusal:
        return await _correction(request, viewer, whole, form, refusal)
    if is_withdrawn:
        return redirect(f"/contracts/{whole.contract.id}/events", done="It is taken back. What was logged stays in the trail.")
    return redirect(f"/service-events/{job_id}", done="Corrected. What stood there before stays in the record.")


@get("/service-events/{job_id:uuid}/stamps/{stamp_id:uuid}/correct", include_in_schema=False, site_staff=True)
async def ask_stamp_correction(
    request: AnyRequest, job_id: FromPath[UUID], stamp_id: FromPath[UUID], viewer: CurrentViewer
) -> Template:
    must_log_service(viewer)
    return await _stamp_correction(request, viewer, job_id, stamp_id)


@post(
    "/service-events/{job_id:uuid}/stamps/{stamp_id:uuid}/correct",
    once=True,
    include_in_schema=False,
    leaves=(Event.STAMP_CORRECTED,),
    site_staff=True,
)
async def correct_stamp(
    request: AnyRequest, job_id: FromPath[UUID], stamp_id: FromPath[UUID], viewer: CurrentViewer
) -> Template | Redirect:
    must_log_service(viewer)
    await to_write(viewer, job_id)
    form = await forms.read(request)
    is_withdrawn = form.text("never_happened") == "yes"
    try:
        at, reason = read_together(
            lambda: clock.now() if is_withdrawn else typed.moment(form, "at"),
            lambda: correcting.checked_reason(form.text("reason")),
        )
        await correcting.correct_stamp(viewer, job_id, stamp_id, at=at, reason=reason, is_withdrawn=is_withdrawn)
    except Invalid as refusal:
        return await _stamp_correction(request, viewer, job_id, stamp_id, form, refusal)
    return redirect(f"/service-events/{job_id}", done="Corrected. What stood there before stays in the record.")


def _as_it_is(job: Job) -> Logged:
    """The event as it stands, for taking it back."""
    times = {"happened_at": job.happened_at, "told_at": job.told_at, "told_how": job.told_how, "on_day": job.on_day}
    return Logged(job.kind, job.metric, job_number=job.job_number, priority=job.priority, said=job.said, **times)  # type: ignore[arg-type]


WORDS: Final[dict[str, Any]] = {
    "stamp_words": {kind.value: words for kind, words in STAMP_WORDS.items()},
    "pause_words": {kind.value: words for kind, words in PAUSE_WORDS.items()},
    "priority_words": PRIORITY_WORDS,
    "how_words": {kind.value: words for kind, words in HOW_WORDS.items()},
    "verdict_words": VERDICT_WORDS,
    "discussed_words": {kind.value: words for kind, words in DISCUSSED_WORDS.items()},
    "agreed_words": {kind.value: words for kind, words in AGREED_WORDS.items()},
    "when": when,
    "duration": duration,
    "most_spans": MOST_SPANS,
}


async def to_write(viewer: Viewer, job_id: UUID) -> WholeEvent:
    """For whoever may add to it. Raises NotFound, also for a lead of the trust, who only reads."""
    whole = await reading.event(viewer, job_id)
    if whole.contract.is_led:
        raise NotFound
    return whole


async def shown_event(request: AnyRequest, viewer: Viewer, job_id: UUID, refusal: Refusal | None = None) -> Template:
    whole = await reading.event(viewer, job_id)
    context = {"whole": whole, "event": whole.event, "job": whole.event.job, "contract": whole.contract, **WORDS}
    context |= {"taps": _taps(whole.event.job), "photos": await photos.of_event(viewer, job_id), "most": photos.MOST}
    return page("service_events/event.html", request=request, viewer=viewer, refusal=refusal, **context)


def _taps(job: Job) -> list[str]:
    """What may come next, one button each."""
    if job.kind is EventKind.OUTAGE:
        return [] if job.is_fixed or job.said.get("to") else [StampKind.FIXED.value]
    if job.kind is not EventKind.JOB:
        return []
    if job.is_fixed:
        return [StampKind.BACK_AGAIN.value]
    there = {one.kind for one in job.stamps}
    steps = [kind for kind in STEPS if kind not in there]
    wait = StampKind.RESUMED if job.is_waiting else StampKind.WAITING
    return [kind.value for kind in (*steps, StampKind.FIXED, wait)]


async def _stamp_form(request: AnyRequest, viewer: Viewer, job_id: UUID, values: Any, refusal: Refusal | None = None) -> Template:
    whole = await to_write(viewer, job_id)
    kind = values.get("kind", "")
    if kind not in list(StampKind):
        kind = StampKind.RESPONDED.value
    frame: dict[str, Any] = {"request": request, "viewer": viewer, "refusal": refusal, "whole": whole}
    return page("service_events/stamp.html", **frame, values=values, kind=kind, **WORDS)


async def _correction(
    request: AnyRequest, viewer: Viewer, whole: WholeEvent, values: Any, refusal: Refusal | None = None
) -> Template:
    _, metrics = await stored_metrics.metric_versions(viewer, whole.contract.id)
    metric = whole.event.metrics[0] if whole.event.job.metric and whole.event.metrics else None
    context = {**form_context(metrics, metric), "kind": whole.event.job.kind.value}
    return page(
        "service_events/correct.html", request=request, viewer=viewer, refusal=refusal, whole=whole, values=values,
        contract=whole.contract, **context,
    )  # fmt: skip


async def _stamp_correction(
    request: AnyRequest, viewer: Viewer, job_id: UUID, stamp_id: UUID, values: Any = None, refusal: Refusal | None = None
) -> Template:
    whole = await to_write(viewer, job_id)
    stamp = next((one for one in whole.event.job.stamps if one.id == stamp_id), None)
    if stamp is None:
        raise NotFound
    return page(
        "service_events/correct_stamp.html", request=request, viewer=viewer, refusal=refusal, whole=whole, stamp=stamp,
        values=values or moments.boxes("at", stamp.at), **WORDS,
    )  # fmt: skip


pages = Router(
    path="/",
    route_handlers=[
        show_event, stamp_it, ask_when, agree_to_claim, ask_correction, correct_it, ask_stamp_correction, correct_stamp,
    ],
)  # fmt: skip

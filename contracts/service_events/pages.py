"""Pages on which something is logged, filled in as far as can be: for a phone, in under a minute; and the list of what was."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import Invalid, NotFound, Refusal
from base.viewer import Viewer, must_log_service
from contracts.access import served
from contracts.access.served import MOST_LISTED
from contracts.events import Event
from contracts.judging.kinds import AGREED_WORDS, EVENT_WORDS
from contracts.promises import metric_form, stored_metrics
from contracts.promises.kinds import (
    HOW_WORDS,
    METRIC_WORDS,
    PRIORITIES,
    PRIORITY_WORDS,
    STAGE_WORDS,
    EventKind,
    MetricKind,
    Stage,
)
from contracts.promises.metric import Metrics, MetricVersion
from contracts.service_events import export, logging_one, reading, typed
from suppliers.opinions.attachments import Upload
from web.pages import forms, paging
from web.pages.handlers import AnyRequest, CurrentViewer, Cursor
from web.pages.templating import page, redirect

LONGEST_TITLE: Final = 200
LEAVES: Final = (Event.SERVICE_LOGGED, Event.SERVICE_PHOTO_ADDED)
AGREED: Final = {outcome.value: words for outcome, words in AGREED_WORDS.items()}


@get("/log", include_in_schema=False, site_staff=True)
async def choose_contract(
    request: AnyRequest, viewer: CurrentViewer, text: Annotated[str, QueryParameter(max_length=LONGEST_TITLE)] = ""
) -> Template:
    """Under which contract something happened; below it, what the reader logged last."""
    must_log_service(viewer)
    contracts = await served.listed(viewer, text)
    mine = await reading.logged_by(viewer, most=10)
    context: dict[str, Any] = {
        "contracts": contracts,
        "mine": mine,
        "agreed_words": AGREED,
        "values": {"text": text},
        "is_cut": len(contracts) == MOST_LISTED,
    }
    return page("service_events/choose.html", request=request, viewer=viewer, **context)


@get("/contracts/{contract_id:uuid}/log", include_in_schema=False, site_staff=True)
async def ask_what_happened(
    request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer, metric: FromQuery[UUID | None] = None
) -> Template:
    """A fault or a call-out; with ``metric``, what else the contract promises."""
    must_log_service(viewer)
    return await _form(request, viewer, contract_id, metric, typed.now_filled_in())


@post("/contracts/{contract_id:uuid}/log", once=True, include_in_schema=False, leaves=LEAVES, site_staff=True)
async def log_it(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_log_service(viewer)
    form = await forms.read(request)  # of a contract that is not the reader's no form comes back, whatever was typed
    chosen = typed.chosen_metric(form)
    try:
        metric = (await stored_metrics.metric(viewer, chosen))[1] if chosen else None
        kind = metric.event if metric else EventKind.JOB
        new = typed.logged(form, kind, metric if kind is not EventKind.JOB else None)
        photo = form.file("file")
        job = await logging_one.log(viewer, contract_id, new, uploads=[Upload(*photo)] if photo else [])
    except Invalid as refusal:
        return await _form(request, viewer, contract_id, chosen, form, refusal)
    except NotFound:
        refused = Invalid("Choose what this belongs to.", metric="Choose what this belongs to.")
        return await _form(request, viewer, contract_id, None, form, refused)
    return redirect(f"/service-events/{job}", done="Logged.")


@get("/contracts/{contract_id:uuid}/events", include_in_schema=False, site_staff=True)
async def show_events(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer, after: Cursor = "") -> Template:
    found = await reading.page(viewer, contract_id, after)
    here = f"/contracts/{contract_id}/events"
    urls = paging.after(here, after, found.after)
    return page("service_events/events.html", request=request, viewer=viewer, agreed_words=AGREED, found=found, **urls)


@get("/contracts/{contract_id:uuid}/events.csv", include_in_schema=False)
async def take_events(contract_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    """All that the reader may see, with its flags: the latest first."""
    found = await reading.page(viewer, contract_id, most=reading.MOST_IN_A_FILE)
    headers = {"Content-Disposition": 'attachment; filename="events.csv"'}
    return Response(export.as_csv(found), media_type="text/csv", headers=headers)


async def _form(
    request: AnyRequest, viewer: Viewer, contract_id: UUID, metric_id: UUID | None, values: Any, refusal: Refusal | None = None
) -> Template:
    about, metrics = await stored_metrics.metric_versions(viewer, contract_id)
    metric = next((one for one in reversed(metrics.versions) if one.metric == metric_id), None)
    context = form_context(metrics, metric)
    return page(
        "service_events/log.html", request=request, viewer=viewer, refusal=refusal, contract=about, values=values, **context
    )


def form_context(metrics: Metrics, metric: MetricVersion | None) -> dict[str, Any]:
    """What the questions about an event need: its kind, the priorities with what is promised for each, the other promises."""
    latest = {one.metric: one for one in metrics.versions}
    timing = [one for one in latest.values() if one.kind is MetricKind.TIME_TO_EVENT]
    return {
        "kind": metric.event.value if metric else EventKind.JOB.value,
        "metric": metric,
        "others": [one for one in latest.values() if one.kind is not MetricKind.TIME_TO_EVENT],
        "priorities": _priorities(timing),
        "ways": [(way.value, words) for way, words in HOW_WORDS.items()],
        "event_words": {kind.value: words for kind, words in EVENT_WORDS.items()},
        "metric_words": {kind.value: words for kind, words in METRIC_WORDS.items()},
    }


def _priorities(timing: list[MetricVersion]) -> list[tuple[str, str, str]]:
    """(value, words, what is promised) of those that some promise has a time for; all where there is none."""
    found = []
    for priority in PRIORITIES:
        said = [
            f"{STAGE_WORDS[Stage(one.terms['stage'])]} within {metric_form.target_words(one.targets[priority])}"
            for one in timing
            if priority in one.targets
        ]
        if said or not timing:
            promised = ", ".join(said)
            found.append((priority, PRIORITY_WORDS[priority], promised[:1].upper() + promised[1:]))
    return found


pages = Router(path="/", route_handlers=[choose_contract, ask_what_happened, log_it, show_events, take_events])

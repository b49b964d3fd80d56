"""What a contract promises, on its page: starter sets, one promise added or changed from a day on, or ended."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Invalid, Refusal
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.fields import pounds
from contracts.promises import metric_form, metrics, starter_sets, stored_metrics
from contracts.promises.kinds import HOW_WORDS, METRIC_WORDS, PERIOD_WORDS, PRIORITY_WORDS, STAGE_WORDS, MetricKind
from contracts.promises.metric import MetricVersion
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

WORDS: Final[dict[str, Any]] = {
    "metric_words": {kind.value: words for kind, words in METRIC_WORDS.items()},
    "period_words": {kind.value: words for kind, words in PERIOD_WORDS.items()},
    "stage_words": {kind.value: words for kind, words in STAGE_WORDS.items()},
    "how_words": {kind.value: words for kind, words in HOW_WORDS.items()},
    "priority_words": PRIORITY_WORDS,
    "target_words": metric_form.target_words,
    "sets": starter_sets.titles(),
    "in_pounds": pounds.shown,
}


@get("/contracts/{contract_id:uuid}/promises", include_in_schema=False, site_staff=True)
async def show_promises(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    about, _ = await stored_metrics.metrics_read(viewer, contract_id)
    values = {**_day("from", about.starts_on), "set": starter_sets.of_category(about.category)}
    return await _list(request, viewer, contract_id, values)


@post("/contracts/{contract_id:uuid}/promises/set", once=True, include_in_schema=False, leaves=(Event.METRIC_ADDED,))
async def add_set(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    await stored_metrics.metric_versions(viewer, contract_id)
    form = await forms.read(request)
    try:
        from_day = form.day("from") or clock.today()
        added = await metrics.add_starter_set(viewer, contract_id, form.text("set"), from_day)
    except Invalid as refusal:
        return await _list(request, viewer, contract_id, form, refusal)
    done = f"{added} promises are added. Change them to what your contract says." if added else "All of these are there already."
    return redirect(f"/contracts/{contract_id}/promises", done=done)


@get("/contracts/{contract_id:uuid}/promises/new", include_in_schema=False)
async def ask_promise(
    request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer, kind: FromQuery[str] = MetricKind.TIME_TO_EVENT.value
) -> Template:
    must_keep_contracts(viewer)
    about, _ = await stored_metrics.metric_versions(viewer, contract_id)
    values = {**_day("from", about.starts_on), "kind": kind, "starts": "told", "stage": "fixed", "period": "term", "target": "95"}
    return await _promise(request, viewer, contract_id, values)


@post("/contracts/{contract_id:uuid}/promises/new", once=True, include_in_schema=False, leaves=(Event.METRIC_ADDED,))
async def add_promise(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    await stored_metrics.metric_versions(viewer, contract_id)
    form = await forms.read(request)
    try:
        await metrics.add(viewer, contract_id, metric_form.promise(form))
    except Invalid as refusal:
        return await _promise(request, viewer, contract_id, form, refusal)
    return redirect(f"/contracts/{contract_id}/promises", done="The promise is written down.")


@get("/promises/{metric_id:uuid}", include_in_schema=False)
async def ask_change(request: AnyRequest, metric_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    about, metric = await stored_metrics.metric(viewer, metric_id)
    return await _promise(request, viewer, about.id, {**metric_form.filled(metric), **_day("from")}, metric=metric)


@post("/promises/{metric_id:uuid}", include_in_schema=False, leaves=(Event.METRIC_CHANGED,))
async def change_promise(request: AnyRequest, metric_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    about, metric = await stored_metrics.metric(viewer, metric_id)
    form = await forms.read(request)
    if form.text("kind", metric.kind.value) != metric.kind.value:
        raise Invalid(forms.BROKEN)
    try:
        version = an_id(form.text("version")) or metric.version
        await metrics.change(viewer, metric_id, metric_form.promise(form, metric), version=version)
    except (Invalid, Conflict) as refusal:
        return await _promise(request, viewer, about.id, form, refusal, metric)
    return redirect(f"/contracts/{about.id}/promises", done="Changed from that day on. What happened before is judged as it was.")


@post("/promises/{metric_id:uuid}/end", include_in_schema=False, leaves=(Event.METRIC_ENDED,))
async def end_promise(request: AnyRequest, metric_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    about, metric = await stored_metrics.metric(viewer, metric_id)
    form = await forms.read(request)
    try:
        await metrics.end(viewer, metric_id, metric_form.a_day(form, "until", "Enter the last day."))
    except Invalid as refusal:
        typed = {name: form.text(name) for name in form.fields}
        return await _promise(request, viewer, about.id, {**metric_form.filled(metric), **_day("from"), **typed}, refusal, metric)
    return redirect(f"/contracts/{about.id}/promises", done="After that day nothing is judged by it.")


def _day(name: str, day: date | None = None) -> dict[str, Any]:
    """Filled in with a day, else with today."""
    day = day or clock.today()
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


async def _list(request: AnyRequest, viewer: Viewer, contract_id: UUID, values: Any, refusal: Refusal | None = None) -> Template:
    about, there = await stored_metrics.metrics_read(viewer, contract_id)
    latest = {one.metric: one for one in there.versions}
    context = {"contract": about, "latest": list(latest.values()), "versions": there.versions, "values": values, **WORDS}
    return page("promises/promises.html", request=request, viewer=viewer, refusal=refusal, **context)


async def _promise(
    request: AnyRequest, viewer: Viewer, contract_id: UUID, values: Any, refusal: Refusal | None = None,
    metric: MetricVersion | None = None,
) -> Template:  # fmt: skip
    about, _ = await stored_metrics.metric_versions(viewer, contract_id)
    kind = metric.kind.value if metric else values.get("kind", "")
    if kind not in list(MetricKind):
        kind = MetricKind.TIME_TO_EVENT.value
    context = {"contract": about, "metric": metric, "kind": kind, "values": values, **WORDS}
    return page("promises/promise.html", request=request, viewer=viewer, refusal=refusal, **context)


pages = Router(
    path="/", route_handlers=[show_promises, add_set, ask_promise, add_promise, ask_change, change_promise, end_promise]
)

"""What follows from how the service did, on one page of a contract: concerns, credits; and ratings that a person signs."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, Refusal, read_apart, refuse_unread
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.fields import pounds
from contracts.improvement import assessment, concerns, crediting, improvement
from contracts.improvement.assessment import New, Rated
from contracts.improvement.concerns import Next, Outcome, Raised, Step
from contracts.improvement.crediting import Proposed, State
from contracts.improvement.duty import RATING_HINTS, Rating
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect


@get("/contracts/{contract_id:uuid}/improvement", include_in_schema=False)
async def show_improvement(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return await _page(request, viewer, contract_id, {})


@post("/contracts/{contract_id:uuid}/concerns", once=True, include_in_schema=False, leaves=(Event.CONCERN_RAISED,))
async def raise_concern(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    await improvement.of_contract(viewer, contract_id)
    form = await forms.read(request)
    try:
        (raised_on, answer_by), unread = read_apart(lambda: form.day("raised_on"), lambda: form.day("answer_by"))
        new = Raised(raised_on, form.text("what"), form.text("how"), answer_by, an_id(form.text("metric")))
        refuse_unread(unread, lambda: concerns.checked(new))
        await concerns.raise_concern(viewer, contract_id, new)
    except Invalid as refusal:
        return await _page(request, viewer, contract_id, form, refusal)
    return redirect(f"/contracts/{contract_id}/improvement", done="The concern is written down.")


@post("/concerns/{concern_id:uuid}/step", once=True, include_in_schema=False, leaves=(Event.CONCERN_STEP,))
async def add_step(request: AnyRequest, concern_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    contract = await concerns.contract_of(viewer, concern_id)
    form = await forms.read(request)
    try:
        found = form.text("outcome")
        (kind, on_day, due_on, outcome), unread = read_apart(
            lambda: forms.one_of(Step, form.text("kind"), "kind", "Choose what came of it."),
            lambda: form.day("on_day"),
            lambda: form.day("due_on"),
            lambda: forms.one_of(Outcome, found, "outcome", "Say what you found.") if found else None,
        )
        new = Next(kind, on_day, form.text("what"), due_on, outcome)
        refuse_unread(unread, lambda: concerns.checked_next(new))
        await concerns.step(viewer, concern_id, new)
    except Invalid as refusal:
        return await _page(request, viewer, contract, form, refusal)
    return redirect(f"/contracts/{contract}/improvement", done="Written down.")


@post("/contracts/{contract_id:uuid}/credits", once=True, include_in_schema=False, leaves=(Event.CREDIT_NOTED,))
async def propose_credit(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    await improvement.of_contract(viewer, contract_id)
    form = await forms.read(request)
    try:
        (pence, on_day), unread = read_apart(lambda: _pence(form), lambda: form.day("on_day"))
        new = Proposed(pence, on_day, form.text("why"), an_id(form.text("metric")))
        refuse_unread(unread, lambda: crediting.checked(new))
        await crediting.propose(viewer, contract_id, new)
    except Invalid as refusal:
        return await _page(request, viewer, contract_id, form, refusal)
    return redirect(f"/contracts/{contract_id}/improvement", done="The credit is written down.")


@post("/credits/{credit_id:uuid}", once=True, include_in_schema=False, leaves=(Event.CREDIT_NOTED,))
async def move_credit(request: AnyRequest, credit_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    contract = await crediting.contract_of(viewer, credit_id)
    form = await forms.read(request)
    try:
        (to, on_day, pence), unread = read_apart(
            lambda: forms.one_of(State, form.text("state"), "state", "Choose what became of it."),
            lambda: form.day("on_day"),
            lambda: _pence(form),
        )
        refuse_unread(unread, lambda: crediting.checked_move(on_day, pence))
        await crediting.move(viewer, credit_id, to, on_day=on_day, pence=pence)
    except (Invalid, Conflict) as refusal:
        return await _page(request, viewer, contract, form, refusal)
    return redirect(f"/contracts/{contract}/improvement", done="Written down.")


@get("/contracts/{contract_id:uuid}/rating", include_in_schema=False)
async def ask_rating(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return await _rating(request, viewer, contract_id, {"signed_by": viewer.name})


@post("/contracts/{contract_id:uuid}/rating", once=True, include_in_schema=False, leaves=(Event.ASSESSMENT_SIGNED,))
async def sign_rating(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    asked = await assessment.asked(viewer, contract_id)
    form = await forms.read(request)
    try:
        await assessment.sign(viewer, contract_id, _new(form, [metric for metric, _, _ in asked.metrics]))
    except Invalid as refusal:
        return await _rating(request, viewer, contract_id, form, refusal)
    return redirect(f"/contracts/{contract_id}/rating", done="Signed. Nothing was published.")


@get("/ratings/{assessment_id:uuid}/rating.json", include_in_schema=False)
async def take_rating_json(assessment_id: FromPath[UUID], viewer: CurrentViewer) -> Response[list[dict[str, str]]]:
    return Response(await assessment.export(viewer, assessment_id), headers=_named("rating.json"), media_type="application/json")


@get("/ratings/{assessment_id:uuid}/rating.csv", include_in_schema=False)
async def take_rating_csv(assessment_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    rows = await assessment.export(viewer, assessment_id)
    return Response(assessment.as_csv(rows), headers=_named("rating.csv"), media_type="text/csv")


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _new(form: Form, metrics: list[UUID]) -> New:
    """Raises Invalid that names each wrong field. A promise without a rating is left out."""
    rated = [metric for metric in metrics if form.text(f"rating-{metric}")]
    (first, last), unread = read_apart(partial(form.day, "first"), partial(form.day, "last"))
    ratings, unrated = read_apart(*(partial(_rating_of, form, metric) for metric in rated))
    said = [Rated(metric, rating, form.text(f"reason-{metric}")) for metric, rating in zip(rated, ratings, strict=True)]
    lines = {name: form.text(name) for name in ("signed_by", "procurement", "identifier", "address", "email")}
    new = New(first, last, tuple(said), **lines)
    refuse_unread([*unread, *unrated], lambda: assessment.checked(new))
    return new


def _rating_of(form: Form, metric: UUID) -> Rating:
    field = f"rating-{metric}"
    found: Rating = forms.one_of(Rating, form.text(field), field, "Choose a rating.")
    return found


def _pence(form: Form) -> int | None:
    try:
        return pounds.pence(form.text("pence"))
    except pounds.NoAmount as sentence:
        raise Invalid(str(sentence), pence=str(sentence)) from sentence


async def _page(request: AnyRequest, viewer: Viewer, contract_id: UUID, values: Any, refusal: Refusal | None = None) -> Template:
    found = await improvement.of_contract(viewer, contract_id)
    context: dict[str, Any] = {
        "found": found,
        "contract": found.contract,
        "values": values,
        "shown": pounds.shown,
        "step_words": _words(concerns.STEP_WORDS),
        "outcome_words": _words(concerns.OUTCOME_WORDS),
        "state_words": _words(crediting.STATE_WORDS),
        "credits_counted": crediting.COUNTED,
    }
    return page("improvement/improvement.html", request=request, viewer=viewer, refusal=refusal, **context)


async def _rating(
    request: AnyRequest, viewer: Viewer, contract_id: UUID, values: Any, refusal: Refusal | None = None
) -> Template:
    asked = await assessment.asked(viewer, contract_id)
    ratings = [(one.value, f"{one.value}: {hint.lower()}") for one, hint in RATING_HINTS.items()]
    context: dict[str, Any] = {"asked": asked, "contract": asked.contract, "values": values, "ratings": ratings}
    return page("improvement/rating.html", request=request, viewer=viewer, refusal=refusal, **context)


def _words(words: Any) -> dict[str, str]:
    return {one.value: said for one, said in words.items()}


pages = Router(
    path="/",
    route_handlers=[
        *(show_improvement, raise_concern, add_step, propose_credit, move_credit),
        *(ask_rating, sign_rating, take_rating_json, take_rating_csv),
    ],
)

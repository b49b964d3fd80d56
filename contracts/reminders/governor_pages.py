"""The page of contracts that end within a year, for governors; their questions, and the answers."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Invalid, Refusal, read_together
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.fields import pounds
from contracts.reminders import governors_questions, year, year_line
from contracts.reminders.governors_questions import Answer
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

PAGE = "/contracts/governors"


@get(PAGE, include_in_schema=False)
async def show_year(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _year(request, viewer)


@post(PAGE, once=True, include_in_schema=False, leaves=(Event.CONTRACT_QUESTION_ASKED,))
async def ask_question(request: AnyRequest, viewer: CurrentViewer) -> Redirect | Template:
    """From a governor, though governors write nothing else."""
    governors_questions.must_ask(viewer)
    form = Form({})
    try:
        form = await forms.read(request)
        contract, question = read_together(
            lambda: _contract_of(form), lambda: governors_questions.a_question(form.text("question"))
        )
        await governors_questions.ask(viewer, contract, question)
    except (Invalid, Conflict) as refusal:
        return await _year(request, viewer, form, refusal)
    return redirect(f"{PAGE}#questions", done="Your question is kept, and waits for an answer.")


@get("/contracts/questions/{question_id:uuid}", include_in_schema=False)
async def ask_answer(request: AnyRequest, question_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    day = clock.today()
    values = {"answered-day": str(day.day), "answered-month": str(day.month), "answered-year": str(day.year)}
    return await _answer(request, viewer, question_id, values)


@post("/contracts/questions/{question_id:uuid}", include_in_schema=False, leaves=(Event.CONTRACT_QUESTION_ANSWERED,))
async def answer_question(request: AnyRequest, question_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect | Template:
    must_keep_contracts(viewer)
    form = Form({})
    try:
        form = await forms.read(request)
        new = Answer(form.text("answer"), form.day("answered") or clock.today(), form.text("minute"))
        await governors_questions.answer(viewer, question_id, new)
    except (Invalid, Conflict) as refusal:
        return await _answer(request, viewer, question_id, form, refusal)
    return redirect(f"{PAGE}#questions", done="The answer is kept beside the question.")


async def _year(request: AnyRequest, viewer: Viewer, values: object = None, refusal: Refusal | None = None) -> Template:
    found = await year.look(viewer)
    lines = [(one.contract.title, one.deadline.counted_from if one.deadline else None, one.ends) for one in found.ending]
    context: dict[str, Any] = {
        "year": found,
        "line": year_line.drawn(found.first, found.last, lines),
        "questions": await governors_questions.listed(viewer),
        "in_pounds": pounds.shown,
        "values": values,
        "contracts": [(str(one.contract.id), one.contract.title) for one in found.ending],
        "may_keep": viewer.role.keeps_contracts,
    }
    return page("reminders/governors.html", request=request, viewer=viewer, refusal=refusal, **context)


async def _answer(
    request: AnyRequest, viewer: Viewer, question_id: UUID, values: object, refusal: Refusal | None = None
) -> Template:
    asked = await governors_questions.one(viewer, question_id)
    return page("reminders/answer.html", request=request, viewer=viewer, refusal=refusal, asked=asked, values=values)


def _contract_of(form: Form) -> UUID:
    try:
        return UUID(form.text("contract"))
    except ValueError as error:
        raise Invalid("Choose a contract.", contract="Choose a contract.") from error


pages = Router(path="/", route_handlers=[show_year, ask_question, ask_answer, answer_question])

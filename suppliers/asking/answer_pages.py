"""The page on which a school answers another's enquiry. A vouch or a review leads on to the page that says who will see it."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_speak_for_the_school
from suppliers.asking import answering, fitting, seen
from suppliers.asking.answering import WHICH, Answered
from suppliers.asking.seen import AnswersWith, ShownEnquiry
from suppliers.events import Event
from suppliers.opinions.pages import share_with_one
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

HOW: Final = "Choose how you answer."
LEAVES: Final = (Event.ENQUIRY_ANSWERED, Event.VOUCH_GIVEN, Event.VOUCH_RENEWED, Event.REVIEW_REVISED)


@post("/enquiries/{shared_enquiry_id:uuid}/answer", include_in_schema=False, leaves=LEAVES)
async def answer_enquiry(request: AnyRequest, shared_enquiry_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_speak_for_the_school(viewer)
    form = await forms.read(request)
    enquiry = await seen.one(viewer, shared_enquiry_id)
    try:
        answers_with, supplier = _read(form, enquiry)
        given = await answering.answer(viewer, shared_enquiry_id, answers_with, supplier)
    except Invalid as refusal:
        return await page_of(request, viewer, enquiry, form, refusal)
    return _onwards(answers_with, given)


def _read(form: Form, enquiry: ShownEnquiry) -> tuple[AnswersWith, UUID | None]:
    """Raises Invalid with all that is wrong at once."""
    typed, supplier = form.text("answers_with"), an_id(form.text("supplier"))
    problems = {} if typed in set(AnswersWith) else {"answers_with": HOW}
    if enquiry.supplier is None and supplier is None and typed != AnswersWith.NOTHING:
        problems["supplier"] = WHICH
    if problems:
        raise Invalid("Nothing was answered yet.", **problems)
    return AnswersWith(typed), supplier


def _onwards(answers_with: AnswersWith, given: Answered) -> Redirect:
    if not answers_with.is_a_word:
        return redirect("/enquiries", done=f"{given.asked_by_name} can read your answer. Thank you.")
    if given.review is None:
        return redirect(f"/suppliers/{given.supplier}/review?share_with={given.asked_by}")
    if given.is_seen:
        return redirect("/enquiries", done=f"{given.asked_by_name} can read what your school says. Thank you.")
    told = f"{given.asked_by_name} reads it once you share it. This is what it will see."
    return redirect(share_with_one(given.review, given.asked_by), done=told)


async def page_of(
    request: AnyRequest, viewer: Viewer, enquiry: ShownEnquiry, values: Any, refusal: Refusal | None = None
) -> Template:
    """The page of an enquiry that another school put to ours."""
    may_answer = viewer.role.writes and not viewer.is_for_a_day
    found = await fitting.of(viewer, enquiry, values.get("name", "")) if may_answer else ()
    return page(
        "asking/asked.html",
        request=request,
        viewer=viewer,
        enquiry=enquiry,
        found=found,
        values=values,
        refusal=refusal,
        may_answer=may_answer,
    )


pages = Router(path="/", route_handlers=[answer_enquiry])

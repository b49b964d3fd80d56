"""What schools ask each other, over JSON: ask, list, answer, read the answers, close, hide."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from base.viewer import KeyScope
from sharing.access.choices import GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.asking import answering, answers, asking, hidden, seen
from suppliers.asking.asking import Wanted
from suppliers.asking.seen import AnswersWith, ShownEnquiry
from suppliers.events import Event
from web.pages.handlers import CurrentViewer


class CircleIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the kinds network (``subject`` is its id), connected, or near (``miles``)."""

    kind: GrantKind
    subject: UUID | None = None
    miles: Annotated[int, msgspec.Meta(ge=1, le=25)] | None = None


class EnquiryIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """About a need (the slug of a category) or about a supplier of the directory: one of the two."""

    category: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    supplier: UUID | None = None
    text: Annotated[str, msgspec.Meta(max_length=1_000)]
    to: CircleIn


class PutOut(msgspec.Struct, frozen=True, kw_only=True):
    """``schools``: how many others it was put to."""

    id: UUID
    schools: int


class EnquiryOut(msgspec.Struct, frozen=True, kw_only=True):
    """``answered``: what your school answered to another's; null where it has not, and of your own."""

    id: UUID
    school: UUID
    school_name: str
    category: str | None
    supplier: UUID | None
    about: str
    text: str
    asked_at: datetime
    closes_at: datetime
    is_open: bool
    answered: AnswersWith | None


class EnquiriesOut(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first. ``asked_of_us``: other schools', while they are open."""

    ours: tuple[EnquiryOut, ...]
    asked_of_us: tuple[EnquiryOut, ...]


class AnswerIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``supplier`` is for an enquiry about a need; nothing names none."""

    answers_with: AnswersWith
    supplier: UUID | None = None


class AnsweredOut(msgspec.Struct, frozen=True, kw_only=True):
    """``review`` is your school's of the supplier. Unless ``is_seen``, whoever asked reads it once you share it with
    ``asked_by``: see `setReviewAudience`.
    """

    asked_by: UUID
    supplier: UUID | None
    review: UUID | None
    is_seen: bool


class AnswerOut(msgspec.Struct, frozen=True, kw_only=True):
    school: UUID
    school_name: str
    answers_with: AnswersWith
    supplier: UUID
    supplier_name: str
    rating: int | None
    would_use_again: bool | None


class AnswersOut(msgspec.Struct, frozen=True, kw_only=True):
    """``know_nobody``: how many schools say that they can't help."""

    answers: tuple[AnswerOut, ...]
    know_nobody: int


@post(
    "/enquiries",
    operation_id="askSchools",
    summary="Ask other schools about a supplier or a need",
    leaves=(Event.ENQUIRY_ASKED,),
    key_scope=KeyScope.SHARE,
)
async def ask_schools(viewer: CurrentViewer, data: JSONBody[EnquiryIn]) -> PutOut:
    """For 14 days, or until you close it. At most 5 are open at a time."""
    to = GrantChoice(data.to.kind, data.to.subject, data.to.miles, fields=Fields.NONE)
    wanted = Wanted(category=data.category, supplier=data.supplier, words=data.text, to=to)
    made = await asking.ask(viewer, wanted)
    return PutOut(id=made.id, schools=made.schools)


@get(
    "/enquiries",
    operation_id="listEnquiries",
    summary="What schools ask each other, as far as you see it",
    key_scope=KeyScope.READ,
)
async def list_enquiries(viewer: CurrentViewer) -> EnquiriesOut:
    """Your school's, open or over, and those that other schools put to yours, while they are open: the newest 50 of each."""
    found = await seen.listed(viewer)
    return EnquiriesOut(ours=tuple(map(_shown, found.ours)), asked_of_us=tuple(map(_shown, found.asked_of_us)))


@get(
    "/enquiries/{enquiry_id:uuid}/answers",
    operation_id="listEnquiryAnswers",
    summary="What other schools answer to your enquiry",
    key_scope=KeyScope.READ,
)
async def list_enquiry_answers(viewer: CurrentViewer, enquiry_id: FromPath[UUID]) -> AnswersOut:
    """A vouch or review stands here once it is shared with you. Null is what its school keeps back or did not say."""
    found = await answers.of(viewer, enquiry_id)
    shown = (
        AnswerOut(
            school=one.school,
            school_name=one.school_name,
            answers_with=one.answers_with,
            supplier=one.supplier,
            supplier_name=one.supplier_name,
            rating=one.rating,
            would_use_again=one.would_use_again,
        )
        for one in found.shown
    )
    return AnswersOut(answers=tuple(shown), know_nobody=found.know_nobody)


@post(
    "/enquiries/{shared_enquiry_id:uuid}/answer",
    operation_id="answerEnquiry",
    summary="Answer another school's enquiry",
    status_code=HTTP_200_OK,
    leaves=(Event.ENQUIRY_ANSWERED, Event.VOUCH_GIVEN, Event.VOUCH_RENEWED, Event.REVIEW_REVISED),
    key_scope=KeyScope.SHARE,
)
async def answer_enquiry(viewer: CurrentViewer, shared_enquiry_id: FromPath[UUID], data: JSONBody[AnswerIn]) -> AnsweredOut:
    """`vouch` gives your school's vouch too. `review` says that your review of the supplier is the answer: write it if there is
    none. `supplier` names one of the directory. Answering again replaces the answer.
    """
    given = await answering.answer(viewer, shared_enquiry_id, data.answers_with, data.supplier)
    return AnsweredOut(asked_by=given.asked_by, supplier=given.supplier, review=given.review, is_seen=given.is_seen)


@post(
    "/enquiries/{enquiry_id:uuid}/close",
    operation_id="closeEnquiry",
    summary="Close your school's enquiry",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.ENQUIRY_CLOSED,),
    key_scope=KeyScope.WRITE,
)
async def close_enquiry(viewer: CurrentViewer, enquiry_id: FromPath[UUID]) -> None:
    """No other school sees it any more. Yours keeps it, with its answers."""
    await asking.close(viewer, enquiry_id)


@post(
    "/enquiries/{enquiry_id:uuid}/hide",
    operation_id="hideEnquiry",
    summary="Hide your school's enquiry at once",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.ENQUIRY_HIDDEN,),
    key_scope=KeyScope.WRITE,
)
async def hide_enquiry(viewer: CurrentViewer, enquiry_id: FromPath[UUID]) -> None:
    """For what nobody should read a minute longer. Those who may have it erased find it under Erasure, Hidden."""
    await hidden.hide(viewer, enquiry_id)


@post(
    "/enquiries/{enquiry_id:uuid}/show",
    operation_id="showEnquiry",
    summary="Show a hidden enquiry again",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.ENQUIRY_SHOWN,),
    key_scope=KeyScope.WRITE,
)
async def show_enquiry(viewer: CurrentViewer, enquiry_id: FromPath[UUID]) -> None:
    """Whoever could see it before sees it again, while it is open."""
    await hidden.show_again(viewer, enquiry_id)


def _shown(one: ShownEnquiry) -> EnquiryOut:
    return EnquiryOut(
        id=one.id,
        school=one.school,
        school_name=one.school_name,
        category=one.category,
        supplier=one.supplier,
        about=one.about,
        text=one.words,
        asked_at=one.asked_at,
        closes_at=one.closes_at,
        is_open=one.is_open,
        answered=one.answered,
    )


api = Router(
    path="/api/v1",
    route_handlers=[
        *(ask_schools, list_enquiries, list_enquiry_answers, answer_enquiry, close_enquiry, hide_enquiry, show_enquiry),
    ],
    tags=["Enquiries"],
)

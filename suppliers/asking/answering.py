"""A school answers another's enquiry: by a vouch or a review of its own, by a supplier's name, or that it knows nobody.

A vouch is given by the ordinary verb in the same unit; who sees it is chosen on its ordinary page. Whoever asked reads it as far
as it is shared with them, and until then nothing of the answer.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import ENQUIRIES, Subject
from base import clock
from base.refusals import Conflict, Invalid
from base.viewer import Role, Viewer, must_speak_for_the_school
from sharing.access import visibility
from suppliers.asking import seen
from suppliers.asking.seen import AnswersWith, ShownEnquiry
from suppliers.asking.tables import EnquiryAnswer
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.opinions import reviews
from suppliers.tables import Review, Supplier

WHICH: Final = "Choose a supplier."
ONLY_OURS: Final = "Only your school sees this supplier. Vouch for it or review it, which lists it, or choose another."
NOT_ASKED: Final = "They ask about one supplier. Vouch for it, review it, or say that you have not used it."


@dataclass(frozen=True, slots=True)
class Answered:
    """``review`` is ours of the supplier, if there is one; ``is_seen``: whoever asked can see it already."""

    asked_by: UUID  # the school
    asked_by_name: str
    supplier: UUID | None
    review: UUID | None
    is_seen: bool


async def answer(viewer: Viewer, enquiry_id: UUID, answers_with: AnswersWith, supplier_id: UUID | None = None) -> Answered:
    """Answers, in place of what our school answered before. ``supplier_id`` is for one about a need; else it is theirs.

    Raises NotFound for what is not put to us, Invalid, also where `reviews.vouch` raises Conflict, and Forbidden.
    """
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        enquiry = await seen.of_others(await visibility.principals(viewer), enquiry_id)
        supplier = await _supplier(viewer, enquiry, answers_with, supplier_id)
        if answers_with is AnswersWith.VOUCH and supplier is not None:
            await _vouch(record, viewer, supplier.id)
        await _keep(record, viewer, enquiry, answers_with, supplier)
        ours = await reviews.current_of(viewer, supplier.id) if supplier and answers_with.is_a_word else None
        return Answered(
            asked_by=enquiry.school,
            asked_by_name=enquiry.school_name,
            supplier=supplier.id if supplier else None,
            review=ours.id if ours else None,
            is_seen=ours is not None and await _is_seen(viewer, enquiry.school, ours.id),
        )


async def _vouch(record: Record, viewer: Viewer, supplier: UUID) -> None:
    try:
        await reviews.vouch_one(record, viewer, supplier)
    except Conflict as refusal:  # they may answer otherwise
        raise Invalid(refusal.sentence, answers_with=refusal.sentence) from refusal


async def _supplier(viewer: Viewer, enquiry: ShownEnquiry, answers_with: AnswersWith, named: UUID | None) -> Supplier | None:
    if answers_with is AnswersWith.NOTHING:
        return None
    if enquiry.supplier is not None and answers_with is AnswersWith.SUPPLIER:
        raise Invalid(NOT_ASKED, answers_with=NOT_ASKED)
    chosen = enquiry.supplier or named
    if chosen is None:
        raise Invalid(WHICH, supplier=WHICH)
    found = await directory.must_see(viewer, chosen, lock=True)
    if answers_with is AnswersWith.SUPPLIER and directory.is_own(found):
        raise Invalid(ONLY_OURS, supplier=ONLY_OURS)
    return found


async def _keep(
    record: Record, viewer: Viewer, enquiry: ShownEnquiry, answers_with: AnswersWith, supplier: Supplier | None
) -> None:
    ours = (EnquiryAnswer.enquiry == enquiry.id) & (EnquiryAnswer.school == viewer.school)
    before = await database.locked(EnquiryAnswer.objects().where(ours)).first()
    said = {"answers_with": answers_with.value, "supplier": supplier.id if supplier else None}
    if before is not None and said == {name: getattr(before, name) for name in said}:
        record.unchanged()
        return
    values: dict[Any, Any] = {**said, "author": viewer.person, "answered_at": clock.now()}
    if before is None:
        with database.duplicates(Conflict("A colleague has just answered. Open it again to see what.")):
            await EnquiryAnswer(id=uuid4(), enquiry=enquiry.id, school=viewer.school, **values).save()
    else:
        await EnquiryAnswer.update(values).where(ours)
    facts = {"school": str(enquiry.school), **said, "supplier": str(supplier.id) if supplier else None}
    record(Event.ENQUIRY_ANSWERED, stream=ENQUIRIES, subject=Subject.ENQUIRY.of(enquiry.id), facts=facts)


async def _is_seen(viewer: Viewer, school: UUID, review: UUID) -> bool:
    """Whether a school sees a review of ours."""
    theirs = await visibility.principals_as(school, Role.BUSINESS_MANAGER)
    is_ours = (Review.id == review) & (Review.school == viewer.school)
    return await Review.exists().where(visibility.visible(theirs, Review), is_ours)

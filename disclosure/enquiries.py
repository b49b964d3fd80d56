"""What a school asked others and answered them, as records; what it asked, taken in again: over, so that nobody else sees it.

An answer stays behind: what it answers is another school's, and not in the file. The review that it named is taken in as such.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from base.viewer import Viewer
from base.words import in_words
from disclosure import readers
from disclosure.record_format import AnswerRecord, EnquiryRecord, ReaderRecord, Records
from disclosure.record_parts import School
from disclosure.taking import ERASED, Taking, about, in_utc, past
from sharing.access.choices import GrantChoice
from sharing.access.fields import Fields
from suppliers.asking import asking, own_enquiries
from suppliers.asking.asking import Wanted
from suppliers.asking.own_enquiries import OurAnswer, OurEnquiry
from suppliers.ours.own_records import Shared

NOT_HERE: Final = "Enquiries that were put to a network that is not here."
ANSWERS: Final = "Answers to enquiries of other schools, which are not here. The reviews that they named came in."


@dataclass(frozen=True, slots=True)
class Asked:
    enquiries: tuple[EnquiryRecord, ...]
    answers: tuple[AnswerRecord, ...]

    @property
    def suppliers(self) -> frozenset[UUID]:
        """That are asked about."""
        return frozenset(one.supplier for one in self.enquiries if one.supplier)


async def everything(viewer: Viewer) -> Asked:
    """Opens read units."""
    found, given = await own_enquiries.asked(viewer), await own_enquiries.answered(viewer)
    put = [Shared("enquiry", one.id, "", one.to.facts()) for one in found]
    to = [one.to for one in await readers.records(put) if one.to]
    return Asked(tuple(map(_enquiry, found, to)), tuple(map(_answer, given)))


def _enquiry(one: OurEnquiry, to: ReaderRecord) -> EnquiryRecord:
    return EnquiryRecord(
        category=one.category,
        supplier=one.supplier,
        words=one.words,
        schools=one.schools,
        to=to,
        asked_at=one.asked_at,
        closes_at=one.closes_at,
        closed_at=one.closed_at,
    )


def _answer(one: OurAnswer) -> AnswerRecord:
    return AnswerRecord(
        asked_by=School(name=one.asked_by, urn=one.asked_by_urn),
        answers_with=one.answers_with.value,
        supplier=one.supplier,
        answered_at=one.answered_at,
    )


async def take(taking: Taking, records: Records) -> None:
    there = await readers.looked_up(taking.viewer, [one.to for one in records.enquiries])
    for one in records.enquiries:
        to = readers.choice(one.to, there)
        if to is None:
            taking.left_out[NOT_HERE] += 1
            continue
        await _enquiry_in(taking, one, GrantChoice(to.kind, to.subject, to.miles, Fields.NONE))
    taking.left_out[ANSWERS] += len(records.answers)


async def _enquiry_in(taking: Taking, one: EnquiryRecord, to: GrantChoice) -> None:
    with about(f"the enquiry of {in_words(one.asked_at)}"):
        supplier = taking.suppliers[one.supplier] if one.supplier else None
        await asking.keep_one(
            taking.record,
            taking.viewer,
            Wanted(category=one.category, supplier=supplier, words=one.words or ERASED, to=to),
            schools=one.schools,
            asked_at=past(one.asked_at),
            closes_at=in_utc(one.closes_at),
            closed_at=past(one.closed_at) if one.closed_at else None,
        )
    taking.done("enquiries")

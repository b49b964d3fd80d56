"""What a school asks and answers as it stands today, to be held against what its trail tells of that."""

from collections.abc import AsyncIterator
from typing import Final

from audit.checking import compared
from audit.checking.compared import Compared, Page
from audit.log.subjects import Subject
from sharing.access import audiences
from suppliers.asking.asking import facts_of
from suppliers.asking.tables import Enquiry, EnquiryAnswer
from suppliers.events import Event

OF_ENQUIRIES: Final = (Enquiry.category, Enquiry.supplier, Enquiry.words, Enquiry.schools, Enquiry.closes_at, Enquiry.audience)


async def _enquiries(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    async for rows in compared.pages(Enquiry, (Enquiry.school == school) & Enquiry.withdrawn_at.is_null(), *OF_ENQUIRIES):
        choices = await audiences.choices_of(row["audience"] for row in rows)
        yield {
            Subject.ENQUIRY.of(row["id"]): facts_of(row)
            | {"words": row["words"], "schools": row["schools"], "grants": choices[row["audience"]].facts()}
            for row in rows
        }


async def _answers(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    columns = (EnquiryAnswer.enquiry, EnquiryAnswer.answers_with, EnquiryAnswer.supplier)
    async for rows in compared.pages(EnquiryAnswer, EnquiryAnswer.school == school, *columns):
        yield {
            Subject.ENQUIRY.of(row["enquiry"]): {
                "answers_with": row["answers_with"],
                "supplier": str(row["supplier"]) if row["supplier"] else None,
            }
            for row in rows
        }


ENQUIRIES: Final = Compared(
    "enquiry",
    begins=frozenset({Event.ENQUIRY_ASKED.value}),
    ends=frozenset({Event.ENQUIRY_CLOSED.value}),
    fields=frozenset({"category", "supplier", "closes_on", "words", "schools", "grants"}),
    rows=_enquiries,
)
ANSWERS: Final = Compared(
    "answer to an enquiry",
    begins=frozenset({Event.ENQUIRY_ANSWERED.value}),
    fields=frozenset({"answers_with", "supplier"}),
    rows=_answers,
)

"""What our school asked others and answered them, whole, for a copy to take away. What is hidden stays behind."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import database
from base.viewer import Viewer
from sharing.access import audiences
from sharing.access.choices import GrantChoice
from sharing.tables import School
from suppliers.asking import seen
from suppliers.asking.seen import AnswersWith
from suppliers.asking.tables import Enquiry, EnquiryAnswer


@dataclass(frozen=True, slots=True)
class OurEnquiry:
    """``supplier`` is what it is part of now, ``to`` the circle of schools that it was put to."""

    id: UUID
    category: str | None  # a slug
    supplier: UUID | None
    words: str  # "" once they were erased
    schools: int
    to: GrantChoice
    asked_at: datetime
    closes_at: datetime
    closed_at: datetime | None  # by us, before that


@dataclass(frozen=True, slots=True)
class OurAnswer:
    """To what another school asked: of that no more than which school it was."""

    asked_by: str
    asked_by_urn: int | None
    answers_with: AnswersWith
    supplier: str | None  # its name
    answered_at: datetime


async def asked(viewer: Viewer) -> tuple[OurEnquiry, ...]:
    """The earliest first."""
    async with database.read():
        ours = (Enquiry.school == viewer.school) & Enquiry.hidden_at.is_null()
        rows = await Enquiry.select().where(ours).order_by(Enquiry.asked_at, Enquiry.id)
        choices = await audiences.choices_of({row["audience"] for row in rows})
        entries = await seen.suppliers({row["supplier"] for row in rows if row["supplier"]})
    return tuple(
        OurEnquiry(
            id=row["id"],
            category=row["category"],
            supplier=entries[row["supplier"]][0] if row["supplier"] else None,
            words=row["words"],
            schools=row["schools"],
            to=choices[row["audience"]].grants[0],
            asked_at=row["asked_at"],
            closes_at=row["closes_at"],
            closed_at=row["withdrawn_at"],
        )
        for row in rows
    )


async def answered(viewer: Viewer) -> tuple[OurAnswer, ...]:
    """As ``asked``; none for whoever reads no private records, as an answer tells of a review that may be one."""
    if not viewer.reads_private:
        return ()
    async with database.read():
        ours = EnquiryAnswer.school == viewer.school
        rows = await EnquiryAnswer.select().where(ours).order_by(EnquiryAnswer.answered_at, EnquiryAnswer.id)
        asked_by = await Enquiry.select(Enquiry.id, Enquiry.school).where(
            database.among(Enquiry.id, {row["enquiry"] for row in rows})
        )
        askers = {row["id"]: row["school"] for row in asked_by}
        schools = await School.select(School.id, School.name, School.urn).where(database.among(School.id, set(askers.values())))
        entries = await seen.suppliers({row["supplier"] for row in rows if row["supplier"]})
    named = {row["id"]: row for row in schools}
    return tuple(
        OurAnswer(
            asked_by=named[askers[row["enquiry"]]]["name"],
            asked_by_urn=named[askers[row["enquiry"]]]["urn"],
            answers_with=AnswersWith(row["answers_with"]),
            supplier=entries[row["supplier"]][1] if row["supplier"] else None,
            answered_at=row["answered_at"],
        )
        for row in rows
    )

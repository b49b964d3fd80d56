"""The enquiries that a school reads: its own, with their answers, and those that others put to it, while these are open.

Another school's are read through the predicate; where either of two schools blocks the other, neither sees anything of the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import database
from base.refusals import NotFound
from base.viewer import Viewer
from sharing.access import narrower, visibility
from sharing.access.visibility import Principals, holding
from sharing.tables import Block, School
from suppliers.asking.tables import Enquiry, EnquiryAnswer
from suppliers.record import taxonomy
from suppliers.tables import Supplier

MOST_LISTED: Final = 50  # the newest of others', and of ours


class AnswersWith(StrEnum):
    """Stored: never change a value."""

    VOUCH = "vouch"
    REVIEW = "review"
    SUPPLIER = "supplier"  # names one, and says nothing of it
    NOTHING = "nothing"

    @property
    def is_a_word(self) -> bool:
        """It is a vouch or a review, which whoever asked reads as far as it is shared with them."""
        return self in (AnswersWith.VOUCH, AnswersWith.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEnquiry:
    """``about`` is the supplier's name or the need in words; ``answered`` what our school answered, if it is another's."""

    id: UUID
    school: UUID
    school_name: str
    category: str | None  # a slug
    supplier: UUID | None
    about: str
    words: str  # "" once they were erased
    schools: int
    asked_at: datetime
    closes_at: datetime
    is_open: bool
    is_ours: bool
    audience: UUID
    answered: AnswersWith | None = None


@dataclass(frozen=True, slots=True)
class Enquiries:
    """The newest first."""

    ours: tuple[ShownEnquiry, ...]
    asked_of_us: tuple[ShownEnquiry, ...]


async def listed(viewer: Viewer) -> Enquiries:
    """Ours, open or over, and those of other schools that are open to us."""
    async with database.read():
        principals = await visibility.principals(viewer)
        ours = (Enquiry.school == viewer.school) & Enquiry.hidden_at.is_null()
        own = await Enquiry.select().where(ours).order_by(Enquiry.asked_at, ascending=False).limit(MOST_LISTED)
        others = await (await _of_others(principals)).order_by(Enquiry.asked_at, ascending=False).limit(MOST_LISTED)
        answered = await _answered(principals, [row["id"] for row in others])
        shown = await _shown(principals, [*own, *others], answered)
    return Enquiries(shown[: len(own)], shown[len(own) :])


async def one(viewer: Viewer, enquiry_id: UUID) -> ShownEnquiry:
    """One of ours, or one of another school that is open to us. Raises NotFound."""
    async with database.read():
        principals = await visibility.principals(viewer)
        ours = (Enquiry.id == enquiry_id) & (Enquiry.school == viewer.school) & Enquiry.hidden_at.is_null()
        row = await Enquiry.select().where(ours).first()
        if row is not None:
            return (await _shown(principals, [row], {}))[0]
        return await of_others(principals, enquiry_id)


async def of_others(principals: Principals, enquiry_id: UUID) -> ShownEnquiry:
    """One of another school that is open to us. Inside a unit. Raises NotFound."""
    row = await (await _of_others(principals)).where(Enquiry.id == enquiry_id).first()
    if row is None:
        raise NotFound
    return (await _shown(principals, [row], await _answered(principals, [enquiry_id])))[0]


async def put_to(principals: Principals, schools: Collection[UUID]) -> tuple[ShownEnquiry, ...]:
    """Those of these schools that are open to the principals, the newest first. Inside a unit."""
    theirs = (await _of_others(principals)).where(database.among(Enquiry.school, schools))
    return await _shown(principals, await theirs.order_by(Enquiry.asked_at, ascending=False).limit(MOST_LISTED), {})


async def waiting(viewer: Viewer) -> int:
    """How many of other schools are open to us without an answer of ours that whoever asked can read."""
    async with database.read():
        principals = await visibility.principals(viewer)
        rows = await (await _of_others(principals, Enquiry.id)).limit(MOST_LISTED)
        answered = await EnquiryAnswer.raw(_HAS_ANSWERED, viewer.school) if rows else []
    done = {UUID(str(row["enquiry"])) for row in answered}
    return sum(1 for row in rows if row["id"] not in done)


# A vouch or review that nobody else can see is no answer yet.
_HAS_ANSWERED: Final = """SELECT a.enquiry FROM suppliers_enquiry_answer a LEFT JOIN suppliers_supplier s ON s.id = a.supplier
    WHERE a.school = {} AND (a.answers_with IN ('supplier', 'nothing') OR EXISTS (SELECT 1 FROM suppliers_review r
    WHERE r.school = a.school AND r.supplier = COALESCE(s.joined_to, s.id) AND r.audience IS NOT NULL
    AND r.withdrawn_at IS NULL AND r.hidden_at IS NULL))"""


async def _of_others(principals: Principals, *columns: Any) -> Any:
    """The query of those that are put to the viewer's school: by the predicate, open, and of no school that it blocks."""
    put_to_us = database.in_selected("suppliers_enquiry.audience", narrower.audiences(principals))
    blocked = await blocked_by_us(principals)
    query = Enquiry.select(*columns) if columns else Enquiry.select()
    return query.where(
        visibility.visible(principals, Enquiry),
        put_to_us,
        Enquiry.school != principals.school,
        Enquiry.closes_at > principals.now,
        database.outside(Enquiry.school, blocked),
    )


async def blocked_by_us(principals: Principals) -> list[UUID]:
    """The schools that the viewer's blocks. Inside a unit."""
    ours = Block.select(Block.peer).where(Block.school == principals.school, holding(Block))
    found: list[UUID] = await ours.output(as_list=True)
    return found


async def _answered(principals: Principals, enquiries: Sequence[UUID]) -> Mapping[UUID, AnswersWith]:
    columns = (EnquiryAnswer.enquiry, EnquiryAnswer.answers_with)
    ours = (EnquiryAnswer.school == principals.school) & database.among(EnquiryAnswer.enquiry, enquiries)
    return {row["enquiry"]: AnswersWith(row["answers_with"]) for row in await EnquiryAnswer.select(*columns).where(ours)}


async def _shown(
    principals: Principals, rows: Sequence[Mapping[str, Any]], answered: Mapping[UUID, AnswersWith]
) -> tuple[ShownEnquiry, ...]:
    schools = await School.select(School.id, School.name).where(database.among(School.id, {row["school"] for row in rows}))
    names = {row["id"]: row["name"] for row in schools}
    entries = await suppliers({row["supplier"] for row in rows if row["supplier"]})
    return tuple(_one(principals, row, names, entries, answered) for row in rows)


def _one(
    principals: Principals,
    row: Mapping[str, Any],
    names: Mapping[UUID, str],
    entries: Mapping[UUID, tuple[UUID, str]],
    answered: Mapping[UUID, AnswersWith],
) -> ShownEnquiry:
    supplier, name = entries[row["supplier"]] if row["supplier"] else (None, "")
    category = taxonomy.by_slug().get(row["category"] or "")
    return ShownEnquiry(
        id=row["id"],
        school=row["school"],
        school_name=names[row["school"]],
        category=row["category"],
        supplier=supplier,
        about=name or (category.name if category else row["category"]),
        words=row["words"],
        schools=row["schools"],
        asked_at=row["asked_at"],
        closes_at=row["closes_at"],
        is_open=row["withdrawn_at"] is None and row["closes_at"] > principals.now,
        is_ours=row["school"] == principals.school,
        audience=row["audience"],
        answered=answered.get(row["id"]),
    )


async def suppliers(ids: Iterable[UUID]) -> Mapping[UUID, tuple[UUID, str]]:
    """The id and the name of what each supplier is part of now. Inside a unit."""
    columns = (Supplier.id, Supplier.name, Supplier.joined_to)
    rows = {row["id"]: row for row in await Supplier.select(*columns).where(database.among(Supplier.id, ids))}
    roots = {row["joined_to"] for row in rows.values() if row["joined_to"]}
    rows |= {row["id"]: row for row in await Supplier.select(*columns).where(database.among(Supplier.id, roots - rows.keys()))}
    live = {one: row["joined_to"] or one for one, row in rows.items()}
    return {one: (root, rows[root]["name"]) for one, root in live.items()}

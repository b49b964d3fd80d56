"""What other schools answer to an enquiry of ours, as far as we may read it: their words come through the predicate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import database
from base.refusals import NotFound
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals, masked
from sharing.tables import School
from suppliers.asking import seen
from suppliers.asking.seen import AnswersWith
from suppliers.asking.tables import Enquiry, EnquiryAnswer
from suppliers.opinions import averages
from suppliers.record import interests
from suppliers.tables import Review


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A school's answer. ``rating`` and ``would_use_again`` are of its review; None where it names the supplier only, keeps them
    back, or does not say.
    """

    school: UUID
    school_name: str
    answers_with: AnswersWith
    supplier: UUID
    supplier_name: str
    rating: int | None = None
    would_use_again: bool | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """``shown`` by school. ``know_nobody`` is how many schools say that they can't help: they are not named."""

    shown: tuple[ShownAnswer, ...]
    know_nobody: int


async def of(viewer: Viewer, enquiry_id: UUID) -> Answers:
    """Of an enquiry of ours. Raises NotFound for any other."""
    async with database.read():
        ours = (Enquiry.id == enquiry_id) & (Enquiry.school == viewer.school) & Enquiry.hidden_at.is_null()
        if not await Enquiry.exists().where(ours):
            raise NotFound
        return (await _read(viewer, [enquiry_id]))[enquiry_id]


async def waiting(viewer: Viewer) -> int:
    """How many answers there are to read, to what our school asks at the moment."""
    async with database.read():
        principals = await visibility.principals(viewer)
        ours = Enquiry.school == viewer.school, Enquiry.closes_at > principals.now
        open_ones = await Enquiry.select(Enquiry.id).where(visibility.visible(principals, Enquiry), *ours).output(as_list=True)
        found = await _read(viewer, open_ones) if open_ones else {}
    return sum(len(one.shown) for one in found.values())


async def _read(viewer: Viewer, enquiries: Sequence[UUID]) -> dict[UUID, Answers]:
    principals = await visibility.principals(viewer)
    rows = await _unblocked(principals, enquiries)
    entries = await seen.suppliers({row["supplier"] for row in rows if row["supplier"]})
    said = await _words(viewer, principals, rows, {root for root, _ in entries.values()})
    schools = await School.select(School.id, School.name).where(database.among(School.id, {row["school"] for row in rows}))
    names = {row["id"]: row["name"] for row in schools}
    shown = {enquiry: list[ShownAnswer]() for enquiry in enquiries}
    nobody = dict.fromkeys(enquiries, 0)
    for row in rows:
        kind = AnswersWith(row["answers_with"])
        if kind is AnswersWith.NOTHING:
            nobody[row["enquiry"]] += 1
            continue
        supplier, name = entries[row["supplier"]]
        word = said.get((row["school"], supplier))
        if kind.is_a_word and word is None:
            continue  # nobody has shared it with us: as if it had not been answered
        rating, again = word if kind.is_a_word and word else (None, None)
        shown[row["enquiry"]].append(ShownAnswer(row["school"], names[row["school"]], kind, supplier, name, rating, again))
    in_order = {one: tuple(sorted(found, key=lambda a: (a.school_name, str(a.school)))) for one, found in shown.items()}
    return {one: Answers(found, nobody[one]) for one, found in in_order.items()}


async def _unblocked(principals: Principals, enquiries: Sequence[UUID]) -> list[dict[str, Any]]:
    blocked = {*principals.blocked_by, *await seen.blocked_by_us(principals)}
    rows: list[dict[str, Any]] = await EnquiryAnswer.select().where(
        database.among(EnquiryAnswer.enquiry, enquiries),
        database.outside(EnquiryAnswer.school, blocked),
    )
    return rows


async def _words(
    viewer: Viewer, principals: Principals, rows: Sequence[Mapping[str, Any]], suppliers: set[UUID]
) -> dict[tuple[UUID, UUID], tuple[int | None, bool | None]]:
    """The rating, and whether they would use it again, of each review that we see, by school and supplier."""
    schools = {row["school"] for row in rows if AnswersWith(row["answers_with"]).is_a_word}
    if not schools:
        return {}
    hides = bool(suppliers & set(await interests.suppliers_of(viewer)))
    columns = (Review.school, Review.supplier, Review.rating, Review.would_use_again, Review.lapses_at)
    found = await Review.select(*columns, visibility.mask(principals, Review, hidden_criticism=hides)).where(
        visibility.visible(principals, Review),
        database.among(Review.school, schools) & database.among(Review.supplier, suppliers),
        averages.holds(principals, hides_criticism=hides),
    )
    return {(row["school"], row["supplier"]): _word(row, principals) for row in found}


def _word(row: Mapping[str, Any], principals: Principals) -> tuple[int | None, bool | None]:
    has_lapsed = row["lapses_at"] is not None and row["lapses_at"] <= principals.now
    again = None if has_lapsed else masked(row["would_use_again"], row["mask"], Fields.RATING)
    return masked(row["rating"], row["mask"], Fields.RATING), again

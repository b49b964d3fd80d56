"""A school says what another school's review did for it, and reads what its own did for others."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Viewer, must_write
from sharing.access import visibility
from sharing.tables import School
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.helped.tables import Helped
from suppliers.tables import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """``tells_who``: the review's school reads our name too, not only that one school more says so."""

    helped: bool = False
    asked_for_quote: bool = False
    tells_who: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.helped or self.asked_for_quote)

    def facts(self) -> dict[str, bool | None]:
        return {name: value or None for name, value in asdict(self).items()}


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Shown:
    """Another school's review, and what we say of it. Once it ``is_seen`` no more that can still be taken back; then nothing of
    the supplier is told.
    """

    review: UUID
    supplier: UUID | None
    supplier_name: str
    school_name: str
    said: Said
    is_seen: bool = True


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a review of ours: of how many schools, and the names of those that say who they are."""

    helped: int = 0
    asked_for_quote: int = 0
    schools: tuple[str, ...] = ()


async def shown(viewer: Viewer, review: UUID) -> Shown:
    """Raises NotFound for a review of our own, and for any that we don't see and have said nothing of."""
    async with database.read():
        row = await _find(viewer, review)
        said = _said(await Helped.objects().where(_ours(viewer, review)).first())
        supplier = await directory.must_see(viewer, row.supplier) if row else None
        if row is None and said.is_nothing:
            raise NotFound
        of = Review.select(Review.school).where(Review.id == review)
        school = await School.select(School.name).where(database.among(School.id, of)).first()
    name = school["name"] if school else ""
    if supplier is None:
        return Shown(review, None, "", name, said, is_seen=False)
    return Shown(review, supplier.id, supplier.name, name, said)


async def say(viewer: Viewer, review: UUID, said: Said) -> UUID | None:
    """Says it, or takes it back where nothing is said, which needs no share any more; returns the supplier's id, None where it is
    not seen. Raises as `shown`.
    """
    must_write(viewer)
    said = NOTHING if said.is_nothing else said
    async with audit.recording(viewer) as record:
        row = await _find(viewer, review)
        seen = (await directory.must_see(viewer, row.supplier)).id if row else None
        ours = _ours(viewer, review)
        there = await database.locked(Helped.objects().where(ours)).first()
        before = _said(there)
        if row is None and (before.is_nothing or not said.is_nothing):
            raise NotFound
        if said == before:
            record.unchanged()
            return seen
        values: dict[Any, Any] = {**asdict(said), "said_at": clock.now()}
        if there is None:
            with database.duplicates(Conflict("A colleague has just said so. Open it again to see what.")):
                await Helped(id=uuid4(), school=viewer.school, review=review, **values).save()
        else:
            await Helped.update(values).where(ours)
        event = Event.HELP_TAKEN_BACK if said.is_nothing else Event.HELP_SAID
        subject = Subject.REVIEW.of(review)
        about = await Review.select(Review.supplier).where(Review.id == review).first()
        record(event, stream=Subject.SUPPLIER.of((about or {})["supplier"]), subject=subject, facts=said.facts())
        return seen


async def came_of(viewer: Viewer, review: UUID) -> Came:
    """What came of our own review. Raises NotFound for any other."""
    async with database.read():
        is_ours = (Review.id == review) & (Review.school == viewer.school) & visibility.in_sight(Review)
        if not await Review.select(Review.id).where(is_ours).first():
            raise NotFound
        columns = (Helped.school, Helped.helped, Helped.asked_for_quote, Helped.tells_who)
        rows = await Helped.select(*columns).where(Helped.review == review)
        told = [row["school"] for row in rows if row["tells_who"]]
        named = await School.select(School.name).where(database.among(School.id, told)).order_by(School.name) if told else []
    return Came(
        helped=sum(row["helped"] for row in rows),
        asked_for_quote=sum(row["asked_for_quote"] for row in rows),
        schools=tuple(one["name"] for one in named),
    )


def _said(row: Helped | None) -> Said:
    if row is None:
        return NOTHING
    return Said(helped=row.helped, asked_for_quote=row.asked_for_quote, tells_who=row.tells_who)


def _ours(viewer: Viewer, review: UUID) -> Any:
    return (Helped.review == review) & (Helped.school == viewer.school)


async def _find(viewer: Viewer, review: UUID) -> Review | None:
    """Another school's review, as far as we see it at all."""
    principals = await visibility.principals(viewer)
    is_anothers = (Review.id == review) & (Review.school != viewer.school)
    row: Review | None = await Review.objects().where(visibility.visible(principals, Review), is_anothers).first()
    return row

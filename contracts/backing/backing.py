"""A review of ours says that it rests on logged jobs, and how many; or no longer. Whoever may see its rating reads it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit.log.subjects import Subject
from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer, must_speak_for_the_school, must_write
from contracts.backing import counting
from contracts.backing.counting import Counted
from contracts.backing.tables import Backing
from contracts.events import Event
from sharing.access import visibility
from sharing.access.fields import Fields
from suppliers.tables import Review
from web.pages.beside import RestsOn

NO_JOBS: Final = "Your school has logged no job of theirs under a contract that it may speak of, so there is nothing to rest on."


class Says(StrEnum):
    NOTHING = "nothing"
    RESTS = "rests"  # that it rests on logged jobs
    COUNTS = "counts"  # also how many, and how many were late


@dataclass(frozen=True, slots=True)
class Backed:
    """What a review of ours says of it, and what there is to say."""

    review: UUID
    supplier: UUID
    says: Says
    counted: Counted


async def say(viewer: Viewer, review: UUID, says: Says) -> Backed:
    """Raises Forbidden, NotFound, Invalid where nothing is logged that it could rest on."""
    if says is Says.NOTHING:
        must_write(viewer)
    else:
        must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        was = await _backed(viewer, review, lock=True)
        if says is not Says.NOTHING and not was.counted.jobs:
            raise Invalid(NO_JOBS, says=NO_JOBS)
        if was.says is says:
            record.unchanged()
            return was
        await Backing.delete().where(Backing.review == review)
        if says is not Says.NOTHING:
            await Backing(
                review=review, school=viewer.school, shows_counts=says is Says.COUNTS, said_by=viewer.person, said_at=clock.now()
            ).save()
        about = Subject.SUPPLIER.of(was.supplier)
        facts = {"old": was.says.value, "new": says.value}
        record(Event.REVIEW_RESTS_ON_JOBS, stream=about, subject=Subject.REVIEW.of(review), facts=facts)
    return Backed(review, was.supplier, says, was.counted)


async def of_ours(viewer: Viewer, review: UUID) -> Backed:
    """Of our school's review as it stands. Raises NotFound."""
    async with database.read():
        return await _backed(viewer, review)


async def of_reviews(viewer: Viewer, reviews: Collection[UUID]) -> dict[UUID, RestsOn]:
    """By review, what those of these say whose rating the viewer may see; of ours also the way to change it."""
    if not reviews:
        return {}
    async with database.read():
        principals = await visibility.principals(viewer)
        chosen = Review.select(Review.id, Review.school, Review.supplier).where(database.among(Review.id, reviews))
        rows = await chosen.where(visibility.opens(principals, Review, Fields.RATING))
        said = {row["review"]: row for row in await Backing.select().where(database.among(Backing.review, reviews))}
        telling = [row for row in rows if row["id"] in said or _may_change(viewer, row)]
        counted = await counting.of_each({(row["school"], row["supplier"]) for row in telling})
    found = {row["id"]: _rests_on(viewer, row, said.get(row["id"]), counted[row["school"], row["supplier"]]) for row in telling}
    return {review: rests for review, rests in found.items() if rests is not None}


def _may_change(viewer: Viewer, review: Mapping[str, Any]) -> bool:
    return review["school"] == viewer.school and viewer.role.writes


def _rests_on(viewer: Viewer, row: Mapping[str, Any], said: Mapping[str, Any] | None, counted: Counted) -> RestsOn | None:
    """None where there is nothing that it could say."""
    if not counted.jobs:
        return None
    change = f"/reviews/{row['id']}/logged-jobs" if _may_change(viewer, row) else ""
    if said is None:
        return RestsOn("", change=change)
    if not said["shows_counts"]:
        return RestsOn("Rests on logged jobs.", change=change)
    return RestsOn(sentence(counted), counted.jobs, counted.late, change)


def sentence(counted: Counted) -> str:
    """Rests on 214 logged jobs; both sides agreed that 3 of them were late."""
    jobs = f"Rests on {counted.jobs:,} logged job{'' if counted.jobs == 1 else 's'}"
    if not counted.late:
        return f"{jobs}; of none both sides agreed that it was late."
    return f"{jobs}; both sides agreed that {counted.late:,} of them {'was' if counted.late == 1 else 'were'} late."


async def _backed(viewer: Viewer, review: UUID, *, lock: bool = False) -> Backed:
    """With ``lock`` whoever says something of the same review waits until the caller's unit ends."""
    ours = (Review.id == review) & (Review.school == viewer.school)
    chosen = Review.select(Review.supplier).where(ours, visibility.in_sight(Review))
    row = await (database.locked(chosen) if lock else chosen).first()
    if row is None:
        raise NotFound
    said = await Backing.select(Backing.shows_counts).where(Backing.review == review).first()
    says = Says.NOTHING if said is None else Says.COUNTS if said["shows_counts"] else Says.RESTS
    its = (viewer.school, row["supplier"])
    return Backed(review, row["supplier"], says, (await counting.of_each([its]))[its])

"""What a school says of a supplier: one current review a school and supplier, its earlier versions kept.

People write it, the school owns it. A vouch is a review that says "would use again" and nothing else. "Would use again" without
a rating lapses after twelve months unless renewed, whatever text stands beside it: what lapses must not depend on what may be
hidden. No score is ever made up where none was given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Viewer, must_write
from sharing.access import visibility
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.opinions import criticism, interest, superseded
from suppliers.opinions.opinion import (
    COLUMNS,
    VOUCH,
    Opinion,
    changed_groups,
    checked_for,
    facts_of,
    of_row,
    said_groups,
)
from suppliers.record import bylines, changes, field_groups, interests, merge_effects
from suppliers.tables import PastReview, Review

SAME_TAP: Final = timedelta(days=1)  # tapping twice within a day renews nothing

TEXTS: Final = ("interest", "praise", "criticism", "evidence")  # free text: each is committed by itself in the trail
CHANGED_MEANWHILE: Final = (
    "Your school's review changed after you read it, so yours is not saved yet. Read the newer one, then save yours again."
)
HIDDEN: Final = "Your school's review of this supplier is hidden. Show it again before you write: Our trail, Erasure, Hidden."
WOULD_NOT: Final = "Your school's review says that you would not use them again. Change the review if that is different now."
SAID_MEANWHILE: Final = "Your school's review changed after you read it. Read the newer one, then say whether it holds."
STILL_THERE: Final = "Your school's review changed after you read it, so it is still there. Read the newer one, then decide."
WITHDRAWN_MEANWHILE: Final = "A colleague withdrew this review. Send yours again to write a new one."


@dataclass(frozen=True, slots=True)
class OurReview:
    """Our school's review as it stands."""

    id: UUID
    supplier: UUID
    said: Opinion
    version: int
    written_at: datetime
    lapses_at: datetime | None
    is_shared: bool
    hides_criticism: bool  # a colleague's, from whoever declared an interest
    waits: bool = False  # it was just revised, and its new words of criticism have to be confirmed by a head
    writers: tuple[str, ...] = ()  # the names of those whose view it is, where several wrote it
    rests: bool = False  # a newer one of ours stands for the supplier that both were merged into


@dataclass(frozen=True, slots=True)
class PastVersion:
    version: int
    said: Opinion
    author: str
    written_at: datetime


async def vouch(viewer: Viewer, supplier_id: UUID) -> OurReview:
    """One tap: our school would use this supplier again. Tapping again renews; what else the review says stays.

    Raises Conflict where our review says that we would not: that is taken back by changing the review, never by a tap.
    """
    async with audit.recording(viewer) as record:
        return await vouch_one(record, viewer, supplier_id)


async def vouch_one(record: Record, viewer: Viewer, supplier_id: UUID) -> OurReview:
    """As ``vouch``, inside the caller's unit."""
    must_write(viewer)
    supplier = await directory.must_see(viewer, supplier_id, lock=True)
    current = await _locked(viewer, supplier.id)
    if current is None:
        await interest.require_none(viewer, supplier.id)
        return await write_one(record, viewer, supplier.id, VOUCH)
    if current.would_use_again is False:
        raise Conflict(WOULD_NOT)
    lapses_at: datetime | None = current.lapses_at
    if lapses_at is not None:
        return await _renew(record, viewer, current, ("rating",))
    return await _revise(record, viewer, current, replace(of_row(current), would_use_again=True))


async def review(viewer: Viewer, supplier_id: UUID, *, opinion: Opinion, version: int | None) -> OurReview:
    """Writes our school's review, or revises it when ``version`` is the one that was read (None: there was none yet).

    An interest in new words is the viewer's own from now on, and keeps criticism from them until they withdraw it.
    Raises Invalid for what can't be used, and Conflict when a colleague was there first.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        supplier = await directory.must_see(viewer, supplier_id, lock=True)
        current = await _locked(viewer, supplier.id)
        said = await checked_for(opinion, of_row(current) if current else None, supplier.id)
        if (current.version if current else None) != version:
            raise Conflict(CHANGED_MEANWHILE if current else WITHDRAWN_MEANWHILE)
        said = await interest.heeded(viewer, said, current, supplier.id)
        if current is None:
            return await write_one(record, viewer, supplier.id, said)
        return await _revise(record, viewer, current, said)


async def say_again(viewer: Viewer, review_id: UUID, *, version: int) -> OurReview:
    """Our review still holds, word for word: all that it says is said today. What a colleague wrote and an interest keeps from
    the viewer stays as old as it is.

    Raises NotFound, and Conflict where it is another by now, rests, or says nothing of an interest that the viewer declared.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await _own(viewer, review_id, lock=True)
        if row.version != version:
            raise Conflict(SAID_MEANWHILE)
        supplier = await directory.must_see(viewer, row.supplier, lock=True)
        if supplier.id != row.supplier:
            raise Conflict(superseded.RESTS)
        if not of_row(row).interest:
            await interest.require_none(viewer, supplier.id)
        hides = await interest.hides_criticism(viewer, row)
        return await _renew(record, viewer, row, said_groups(of_row(row), but=("criticism",) if hides else ()))


async def withdraw(viewer: Viewer, review_id: UUID, *, version: int | None = None) -> UUID:
    """Takes our review back, and every share of it with it; returns the supplier's id. Our trail and past versions stay.

    Raises Conflict unless ``version``, where it is said, is the one that is there; Forbidden as `interest.must_not_silence`.
    Where suppliers were merged, an older review of ours that rested stands again.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await _own(viewer, review_id, lock=True)
        if version not in (None, row.version):
            raise Conflict(STILL_THERE)
        await interest.must_not_silence(viewer, row)
        supplier = await directory.must_see(viewer, row.supplier, lock=True)
        await Review.update({Review.withdrawn_at: clock.now(), Review.audience: None}).where(Review.id == row.id)
        await merge_effects.settle_school(viewer.school, supplier.id)
        facts = {"version": row.version, "was_shared": row.audience is not None}
        record(Event.REVIEW_WITHDRAWN, stream=Subject.SUPPLIER.of(row.supplier), subject=Subject.REVIEW.of(row.id), facts=facts)
        return supplier.id


async def current(viewer: Viewer, supplier_id: UUID) -> OurReview | None:
    """Our school's own review of a supplier, withdrawn ones left out; a governor reads it without criticism."""
    async with database.read():
        return await current_of(viewer, (await directory.must_see(viewer, supplier_id)).id)


async def current_of(viewer: Viewer, supplier: UUID) -> OurReview | None:
    """As ``current``, of the live supplier, inside the caller's unit."""
    row = await Review.objects().where(_is_current(viewer, supplier)).first()
    return await _current(viewer, row) if row else None


async def ours(viewer: Viewer, review_id: UUID) -> OurReview:
    """Our school's own review by its id; NotFound for any other."""
    async with database.read():
        row = await _own(viewer, review_id)
        rests = (await directory.must_see(viewer, row.supplier)).id != row.supplier
        return replace(await _current(viewer, row), rests=rests)


async def past(viewer: Viewer, review_id: UUID) -> tuple[PastVersion, ...]:
    """The earlier versions of our own review, newest first. Never another school's."""
    async with database.read():
        row = await _own(viewer, review_id)
        versions = await PastReview.objects().where(PastReview.review == row.id).order_by(PastReview.version, ascending=False)
        names = await bylines.names({version.author for version in versions})
        hides = not viewer.role.reads_criticism or await interests.declares(viewer, row.supplier)
    return tuple(
        PastVersion(v.version, _readable(of_row(v), hides=hides), names.get(v.author, ""), v.written_at) for v in versions
    )


def _readable(said: Opinion, *, hides: bool) -> Opinion:
    return replace(said, criticism="") if hides else said


def _is_current(viewer: Viewer, supplier: UUID) -> Any:
    return (Review.school == viewer.school) & (Review.supplier == supplier) & visibility.in_sight(Review)


async def _locked(viewer: Viewer, supplier: UUID) -> Review | None:
    """Our current review, as it is to be changed. Raises Conflict where it is hidden: it still is our one review."""
    is_ours = (Review.school == viewer.school) & (Review.supplier == supplier) & Review.withdrawn_at.is_null()
    row: Review | None = await database.locked(Review.objects().where(is_ours)).first()
    if row is not None and row.hidden_at is not None:
        raise Conflict(HIDDEN)
    return row


async def _own(viewer: Viewer, review_id: UUID, *, lock: bool = False) -> Review:
    is_own = (Review.id == review_id) & (Review.school == viewer.school) & visibility.in_sight(Review)
    query = Review.objects().where(is_own)
    row = await (database.locked(query) if lock else query).first()
    if row is None:
        raise NotFound
    return row


async def write_one(record: Record, viewer: Viewer, supplier: UUID, said: Opinion, *, at: datetime | None = None) -> OurReview:
    """Our first review of it, of what ``checked`` gave, inside the caller's unit; ``at`` an earlier time, if it was then."""
    now = at or clock.now()
    values = {**said.columns, "author": viewer.person, "written_at": now, "lapses_at": said.lapses_at(now)}
    row = Review(id=uuid4(), school=viewer.school, supplier=supplier, version=1, **values)
    with database.duplicates(Conflict("A colleague has just reviewed this supplier. Open it again to see theirs.")):
        await row.save()
    event = Event.VOUCH_GIVEN if said.is_vouch else Event.REVIEW_WRITTEN
    texts = {name: text for name in TEXTS if (text := getattr(said, name))}
    facts = facts_of(said, values["lapses_at"], 1)
    record(event, stream=Subject.SUPPLIER.of(supplier), subject=Subject.REVIEW.of(row.id), facts=facts, personal=texts)
    return await _current(viewer, row)


async def _revise(record: Record, viewer: Viewer, row: Review, said: Opinion) -> OurReview:
    before = of_row(row)
    if said == before:
        record.unchanged()
        return await _revised_by(viewer, row)
    await criticism.must_not_move(viewer, row, before.praise, said.praise)
    await criticism.must_not_reach_by_key(viewer, row, said.criticism)
    values = _revised(viewer, row, said, changed_groups(before, said))
    await _replace(row, values)
    was, is_now = facts_of(before, row.lapses_at, row.version), facts_of(said, values["lapses_at"], row.version + 1)
    record(
        Event.REVIEW_REVISED,
        stream=Subject.SUPPLIER.of(row.supplier),
        subject=Subject.REVIEW.of(row.id),
        facts=changes.difference(was, is_now),
        personal=changes.changed_texts(before, said, TEXTS),
    )
    await criticism.after_revision(record, viewer, before.criticism, await _own(viewer, row.id))
    return await _revised_by(viewer, await _own(viewer, row.id))


async def _revised_by(viewer: Viewer, row: Review) -> OurReview:
    return replace(await _current(viewer, row), waits=bool(await criticism.waiting([row.id])))


async def _renew(record: Record, viewer: Viewer, row: Review, groups: Sequence[str]) -> OurReview:
    said = of_row(row)
    values = _revised(viewer, row, said, groups)
    if clock.now() - min(field_groups.last_said(row, group)[0] for group in groups) < SAME_TAP:
        record.unchanged()
        return await _current(viewer, row)
    await _replace(row, values)
    was, is_now = facts_of(said, row.lapses_at, row.version), facts_of(said, values["lapses_at"], row.version + 1)
    facts = changes.difference(was, is_now)
    event = Event.VOUCH_RENEWED if said.rating is None and said.would_use_again else Event.REVIEW_SAID_AGAIN
    record(event, stream=Subject.SUPPLIER.of(row.supplier), subject=Subject.REVIEW.of(row.id), facts=facts)
    return await _current(viewer, await _own(viewer, row.id))


async def _replace(row: Review, values: dict[str, Any]) -> None:
    """Keeps this version as a past one, and writes the next over it."""
    kept = {name: getattr(row, name) for name in (*COLUMNS, "version")}
    at, by = field_groups.last_said(row, "revised")
    await PastReview(id=uuid4(), review=row.id, author=by, written_at=at, **kept).save()
    changed: dict[Any, Any] = {**values, "version": row.version + 1}
    await Review.update(changed).where(Review.id == row.id)


def _revised(viewer: Viewer, row: Review, said: Opinion, groups: Iterable[str]) -> dict[str, Any]:
    values = {**said.columns, **field_groups.changed(groups, at=clock.now(), by=viewer.person)}
    rated_at = values.get("rating_at", field_groups.last_said(row, "rating")[0])
    return {**values, "lapses_at": said.lapses_at(rated_at)}


async def _current(viewer: Viewer, row: Review) -> OurReview:
    hides = await interest.hides_criticism(viewer, row)
    return OurReview(
        id=row.id,
        supplier=row.supplier,
        said=_readable(of_row(row), hides=hides or not viewer.role.reads_criticism),
        version=row.version,
        written_at=field_groups.last_said(row, "revised")[0],
        lapses_at=row.lapses_at,
        is_shared=row.audience is not None,
        hides_criticism=hides,
        writers=await bylines.writers(row),
    )

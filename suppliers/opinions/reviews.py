"""What a school says of a supplier: one current review a school and supplier, its earlier versions kept.

People write it, the school owns it. A vouch is a review that says "would use again" and nothing else; it lapses after
twelve months unless renewed. No score is ever made up where none was given.
"""

from dataclasses import asdict, dataclass, fields, replace
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
from sharing.tables import Person
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.opinions import criticism
from suppliers.opinions.opinion import VOUCH, Opinion, checked
from suppliers.record import changes, merge_edges, merge_effects
from suppliers.tables import PastReview, Review

VOUCH_LASTS: Final = timedelta(days=365)
SAME_TAP: Final = timedelta(days=1)  # tapping twice within a day renews nothing

TEXTS: Final = ("interest", "praise", "criticism")  # free text: each is committed by itself in the trail
CHANGED_MEANWHILE: Final = (
    "Your school's review changed after you read it, so yours is not saved yet. Read the newer one, then save yours again."
)
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
    rests: bool = False  # a newer one of ours stands for the supplier that both were merged into


@dataclass(frozen=True, slots=True)
class PastVersion:
    version: int
    said: Opinion
    author: str
    written_at: datetime


async def vouch(viewer: Viewer, supplier_id: UUID) -> UUID:
    """One tap: our school would use this supplier again. Tapping again renews; what else the review says stays."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        supplier = await directory.must_see(viewer, supplier_id, lock=True)
        current = await _locked(viewer, supplier.id)
        if current is None:
            return await _write(record, viewer, supplier.id, VOUCH)
        said = _said(current)
        if said.is_vouch:
            await _renew(record, viewer, current)
        else:
            await _revise(record, viewer, current, replace(said, would_use_again=True))
        return current.id


async def review(viewer: Viewer, supplier_id: UUID, *, opinion: Opinion, version: int | None) -> UUID:
    """Writes our school's review, or revises it when ``version`` is the one that was read (None: there was none yet).

    Raises Invalid for what can't be used, and Conflict when a colleague was there first.
    """
    must_write(viewer)
    said = checked(opinion)
    async with audit.recording(viewer) as record:
        supplier = await directory.must_see(viewer, supplier_id, lock=True)
        current = await _locked(viewer, supplier.id)
        if (current.version if current else None) != version:
            raise Conflict(CHANGED_MEANWHILE if current else WITHDRAWN_MEANWHILE)
        if current is None:
            return await _write(record, viewer, supplier.id, said)
        await _revise(record, viewer, current, said)
        return current.id


async def withdraw(viewer: Viewer, review_id: UUID) -> UUID:
    """Takes our review back, and every share of it with it; returns the supplier's id. Our trail and past versions stay.

    Where suppliers were merged, an older review of ours that rested stands again.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await _own(viewer, review_id, lock=True)
        supplier = await directory.must_see(viewer, row.supplier, lock=True)
        await Review.update({Review.withdrawn_at: clock.now(), Review.audience: None}).where(Review.id == row.id)
        await merge_effects.settle_school(viewer.school, supplier.id)
        facts = {"version": row.version, "was_shared": row.audience is not None}
        record(Event.REVIEW_WITHDRAWN, stream=Subject.SUPPLIER.of(row.supplier), subject=Subject.REVIEW.of(row.id), facts=facts)
        return supplier.id


async def current(viewer: Viewer, supplier_id: UUID) -> OurReview | None:
    """Our school's own review of a supplier, withdrawn ones left out; a governor reads it without criticism."""
    async with database.read():
        supplier = await directory.must_see(viewer, supplier_id)
        row = await Review.objects().where(_is_current(viewer, supplier.id)).first()
        return _current(viewer, row) if row else None


async def ours(viewer: Viewer, review_id: UUID) -> OurReview:
    """Our school's own review by its id; NotFound for any other."""
    async with database.read():
        row = await _own(viewer, review_id)
        rests = (await directory.must_see(viewer, row.supplier)).id != row.supplier
        return replace(_current(viewer, row), rests=rests)


async def past(viewer: Viewer, review_id: UUID) -> tuple[PastVersion, ...]:
    """The earlier versions of our own review, newest first. Never another school's."""
    async with database.read():
        row = await _own(viewer, review_id)
        versions = await PastReview.objects().where(PastReview.review == row.id).order_by(PastReview.version, ascending=False)
        authors = {version.author for version in versions}
        found = await Person.select(Person.id, Person.name).where(database.among(Person.id, authors)) if authors else []
    names = {person["id"]: person["name"] for person in found}
    return tuple(PastVersion(v.version, for_role(viewer, _said(v)), names.get(v.author, ""), v.written_at) for v in versions)


async def declares_interest(viewer: Viewer, supplier: UUID) -> bool:
    """Whether the viewer declared an interest in a supplier, and so reads no criticism of it, not even colleagues'.

    An interest in anything that was merged into it counts. Call it inside a unit.
    """
    whole = list(await merge_edges.whole(supplier, viewer.school))
    is_theirs = (Review.school == viewer.school) & database.among(Review.supplier, whole) & (Review.author == viewer.person)
    return await Review.exists().where(is_theirs & Review.withdrawn_at.is_null() & Review.interest.is_not_null())


def for_role(viewer: Viewer, said: Opinion) -> Opinion:
    return said if viewer.role.reads_criticism else replace(said, criticism="")


def _is_current(viewer: Viewer, supplier: UUID) -> Any:
    return (Review.school == viewer.school) & (Review.supplier == supplier) & Review.withdrawn_at.is_null()


async def _locked(viewer: Viewer, supplier: UUID) -> Review | None:
    row: Review | None = await database.locked(Review.objects().where(_is_current(viewer, supplier))).first()
    return row


async def _own(viewer: Viewer, review_id: UUID, *, lock: bool = False) -> Review:
    is_own = (Review.id == review_id) & (Review.school == viewer.school) & Review.withdrawn_at.is_null()
    query = Review.objects().where(is_own)
    row = await (database.locked(query) if lock else query).first()
    if row is None:
        raise NotFound
    return row


async def _write(record: Record, viewer: Viewer, supplier: UUID, said: Opinion) -> UUID:
    values = _values(viewer, said)
    row = Review(id=uuid4(), school=viewer.school, supplier=supplier, version=1, **values)
    with database.duplicates(Conflict("A colleague has just reviewed this supplier. Open it again to see theirs.")):
        await row.save()
    event = Event.VOUCH_GIVEN if said.is_vouch else Event.REVIEW_WRITTEN
    texts = {name: text for name in TEXTS if (text := getattr(said, name))}
    facts = _facts(said, values["lapses_at"], 1)
    record(event, stream=Subject.SUPPLIER.of(supplier), subject=Subject.REVIEW.of(row.id), facts=facts, personal=texts)
    return row.id


async def _revise(record: Record, viewer: Viewer, row: Review, said: Opinion) -> None:
    before = _said(row)
    if said == before:
        record.unchanged()
        return
    await criticism.must_not_move(viewer, row, before.praise, said.praise)
    values = _values(viewer, said)
    await _replace(row, values)
    was, is_now = _facts(before, row.lapses_at, row.version), _facts(said, values["lapses_at"], row.version + 1)
    record(
        Event.REVIEW_REVISED,
        stream=Subject.SUPPLIER.of(row.supplier),
        subject=Subject.REVIEW.of(row.id),
        facts=changes.difference(was, is_now),
        personal=changes.changed_texts(before, said, TEXTS),
    )
    await criticism.after_revision(record, viewer, before.criticism, await _own(viewer, row.id))


async def _renew(record: Record, viewer: Viewer, row: Review) -> None:
    values = _values(viewer, VOUCH)
    if values["lapses_at"] - row.lapses_at < SAME_TAP:
        record.unchanged()
        return
    await _replace(row, values)
    was, is_now = _facts(VOUCH, row.lapses_at, row.version), _facts(VOUCH, values["lapses_at"], row.version + 1)
    facts = changes.difference(was, is_now)
    record(Event.VOUCH_RENEWED, stream=Subject.SUPPLIER.of(row.supplier), subject=Subject.REVIEW.of(row.id), facts=facts)


async def _replace(row: Review, values: dict[str, Any]) -> None:
    """Keeps this version as a past one, and writes the next over it."""
    kept = {name: getattr(row, name) for name in (*OPINION_COLUMNS, "version", "author", "written_at")}
    await PastReview(id=uuid4(), review=row.id, **kept).save()
    changed: dict[Any, Any] = {**values, "version": row.version + 1}
    await Review.update(changed).where(Review.id == row.id)


OPINION_COLUMNS: Final = tuple(field.name for field in fields(Opinion))


def _values(viewer: Viewer, said: Opinion) -> dict[str, Any]:
    now = clock.now()
    lapses_at = now + VOUCH_LASTS if said.is_vouch else None
    return {**asdict(said), "author": viewer.person, "written_at": now, "lapses_at": lapses_at}


def _said(row: Review | PastReview) -> Opinion:
    return Opinion(**{name: getattr(row, name) for name in OPINION_COLUMNS})


def _current(viewer: Viewer, row: Review) -> OurReview:
    said = for_role(viewer, _said(row))
    return OurReview(row.id, row.supplier, said, row.version, row.written_at, row.lapses_at, row.audience is not None)


def _facts(said: Opinion, lapses_at: datetime | None, version: int) -> dict[str, Any]:
    """What goes into the trail's facts: everything but the texts, so that a version can be read from them."""
    return {
        "version": version,
        "lapses_on": lapses_at.date().isoformat() if lapses_at else None,
        "rating": said.rating,
        "would_use_again": said.would_use_again,
        "declares_interest": said.interest is not None,
        "used_from": said.used_from.isoformat() if said.used_from else None,
        "used_until": said.used_until.isoformat() if said.used_until else None,
    }

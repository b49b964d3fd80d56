"""Reads all that a school owns into the records of `record_format.py`, by short units: what the viewer reads, and no more."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import TooLarge
from base.viewer import Viewer
from contracts.lists import whole
from contracts.lists.whole import Whole
from contracts.service_events import reading, stored
from contracts.service_events.reading import EventView
from contracts.shares import own_shares
from contracts.shares.there import A_CONTRACT
from disclosure import record_format
from disclosure.record_format import (
    FORMAT,
    VERSION,
    FileRecord,
    HappenedRecord,
    NoteRecord,
    Records,
    ReviewRecord,
    School,
    ShareRecord,
    StampRecord,
    SupplierRecord,
)
from sharing.schools import schools
from suppliers.ours import own_records
from suppliers.ours.own_records import MOST, OurNote, OurReview, OurSupplier
from suppliers.shares.there import A_NOTE, A_REVIEW

FILES: Final = "files/"  # where files lie in a zip
AT_ONCE: Final = 500  # events of a contract in one unit


@dataclass(frozen=True, slots=True)
class Collected:
    """``wholes`` and ``events`` are what tables show of the contracts and what happened beside the records."""

    records: Records
    wholes: tuple[Whole, ...]
    events: tuple[tuple[Whole, EventView], ...]
    names: Mapping[UUID, str]  # of suppliers


async def everything(viewer: Viewer) -> Collected:
    """Raises TooLarge."""
    found = await own_records.ours(viewer)
    wholes = [one async for some in whole.readable(viewer) for one in some if one.school == viewer.school]
    events, happened = [], []
    for one in wholes:
        async for view, record in _happened(viewer, one.id):
            events.append((one, view))
            happened.append(record)
    if max(len(wholes), len(happened)) > MOST:
        raise TooLarge(f"There are more than {MOST:,} of a kind. Ask whoever runs this installation for a backup instead.")
    shared = (
        *await own_records.shares(viewer, "review", A_REVIEW, {one.id: one.audience for one in found.reviews}),
        *await own_records.shares(viewer, "note", A_NOTE, {one.id: one.audience for one in found.notes}),
        *await own_records.shares(viewer, "contract", A_CONTRACT, await own_shares.audiences_of(viewer)),
    )
    school = await schools.one(viewer.school)
    records = Records(
        format=FORMAT,
        version=VERSION,
        made_at=clock.now(),
        school=School(name=viewer.school_name, urn=school.urn),
        kept_back=found.kept_back,
        suppliers=tuple(map(_supplier, found.suppliers)),
        reviews=tuple(map(_review, found.reviews)),
        notes=tuple(map(_note, found.notes)),
        shares=tuple(ShareRecord(what=s.what, id=s.id, sentence=s.sentence, grant=dict(s.grant)) for s in shared),
        contracts=tuple(record_format.contract_of(one.id, one.said) for one in wholes),
        happened=tuple(happened),
    )
    return Collected(records, tuple(wholes), tuple(events), {one.id: one.known.name for one in found.suppliers})


def _supplier(one: OurSupplier) -> SupplierRecord:
    return SupplierRecord(
        id=one.id,
        name=one.known.name,
        aliases=one.known.aliases,
        identifiers=dict(record_format.identifiers_of(tuple((s.value, value) for s, value in one.known.identifiers))),
        categories=one.known.categories,
        listed=one.is_listed,
        in_use_since=one.in_use_since,
    )


def _review(one: OurReview) -> ReviewRecord:
    return ReviewRecord(id=one.id, supplier=one.supplier, written_at=one.written_at, said=one.said)


def _note(one: OurNote) -> NoteRecord:
    files = tuple(
        FileRecord(name=file.name, media_type=file.media_type, size=file.size, path=f"{FILES}{file.id}") for file in one.files
    )
    return NoteRecord(
        id=one.id,
        supplier=one.supplier,
        about=one.about.value,
        body=one.body,
        happened_on=one.happened_on,
        written_at=one.written_at,
        files=files,
    )


async def _happened(viewer: Viewer, contract: UUID) -> AsyncIterator[tuple[EventView, HappenedRecord]]:
    after = ""
    while True:
        found = await reading.page(viewer, contract, after, most=AT_ONCE)
        async with database.read():
            said = await stored.words_of([stamp.id for one in found.events for stamp in one.job.stamps])
        for one in found.events:
            promise = next((metric.name for metric in one.metrics if metric.metric == one.job.metric), None)
            yield one, _record(one, said, promise)
        if not found.after:
            return
        after = found.after


def _record(one: EventView, said: Mapping[UUID, Mapping[str, str]], promise: str | None) -> HappenedRecord:
    job = one.job
    return HappenedRecord(
        id=job.job,
        contract=job.contract,
        kind=job.kind.value,
        promise=promise,
        on_day=job.on_day,
        happened_at=job.happened_at,
        told_at=job.told_at,
        told_how=job.told_how.value if job.told_how else None,
        job_number=job.job_number,
        priority=job.priority,
        said=dict(job.said),
        claimed_by=job.claimed_by.value,
        what=one.words.get("what", ""),
        notes=one.words.get("notes", ""),
        stamps=tuple(
            StampRecord(
                kind=stamp.kind.value,
                at=stamp.at,
                priority=stamp.priority,
                reason=stamp.reason.value if stamp.reason else None,
                claimed_by=stamp.claimed_by.value,
                note=said.get(stamp.id, {}).get("note", ""),
            )
            for stamp in job.stamps
        ),
    )


def file_in(record: FileRecord) -> UUID:
    """The id of the file that lies at the path of ``record``."""
    return UUID(record.path.removeprefix(FILES))

"""Reads all that a school owns into the records of `record_format.py`, by short units: what the viewer reads, and no more.

What belongs to contracts is in `of_contracts.py` and the room `beside`, whom something is shared with in `readers.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from base import clock
from base.viewer import Viewer
from contracts.lists import whole
from contracts.lists.whole import Whole
from contracts.service_events.reading import EventView
from contracts.shares import own_shares
from contracts.shares.there import A_CONTRACT
from disclosure import enquiries, of_contracts, readers, record_format
from disclosure.beside import collecting as beside
from disclosure.record_format import (
    FORMAT,
    VERSION,
    NoteRecord,
    Records,
    ReviewRecord,
    SupplierRecord,
)
from disclosure.record_parts import School
from sharing.schools import schools
from suppliers.ours import own_records
from suppliers.ours.own_records import MOST, CopiedNote, CopiedReview, OurSupplier


@dataclass(frozen=True, slots=True)
class Collected:
    """``wholes`` and ``events`` are what tables show of the contracts and what happened beside the records."""

    records: Records
    wholes: tuple[Whole, ...]
    events: tuple[tuple[Whole, EventView], ...]
    names: Mapping[UUID, str]  # of suppliers


async def everything(viewer: Viewer) -> Collected:
    """Raises TooLarge."""
    asked = await enquiries.everything(viewer)
    found = await own_records.ours(viewer, asked.suppliers)
    wholes = [one async for some in whole.readable(viewer) for one in some if one.school == viewer.school]
    wholes.sort(key=lambda one: (str(one.said.values["title"]).casefold(), str(one.id)))
    theirs = await of_contracts.everything(viewer, wholes)
    kept = (await beside.everything(viewer, [one.id for one in wholes])).parts()
    lists = (wholes, theirs.happened, theirs.promises, theirs.documents, *kept.values())
    if max(map(len, (*lists, asked.enquiries, asked.answers))) > MOST:
        raise own_records.too_many()
    contract_audiences = await own_shares.audiences_of(viewer)
    shared = (
        *await own_records.shares(viewer, "review", found.there, {one.id: one.audience for one in found.reviews}),
        *await own_records.shares(viewer, "note", found.there, {one.id: one.audience for one in found.notes}),
        *await own_records.shares(viewer, "contract", dict.fromkeys(contract_audiences, A_CONTRACT), contract_audiences),
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
        shares=await readers.records(shared),
        contracts=tuple(of_contracts.contract_of(one.id, one.said, theirs.schools) for one in wholes),
        documents=theirs.documents,
        promises=theirs.promises,
        calendars=theirs.calendars,
        happened=theirs.happened,
        **kept,
        enquiries=asked.enquiries,
        answers=asked.answers,
    )
    return Collected(records, tuple(wholes), theirs.events, {one.id: one.known.name for one in found.suppliers})


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


def _review(one: CopiedReview) -> ReviewRecord:
    return ReviewRecord(id=one.id, supplier=one.supplier, written_at=one.written_at, said=one.said)


def _note(one: CopiedNote) -> NoteRecord:
    return NoteRecord(
        id=one.id,
        supplier=one.supplier,
        about=one.about.value,
        body=one.body,
        happened_on=one.happened_on,
        written_at=one.written_at,
        files=record_format.files_of(one.files),
    )

"""What belongs to a school's own contracts, as records: documents, promises, what happened under them; and its calendars."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.calendars import calendars
from contracts.documents import documents
from contracts.documents.documents import ContractDocument
from contracts.fields.said import Said
from contracts.fields.values import plain
from contracts.judging.job import Job, SaidOfJob
from contracts.lists.whole import Whole
from contracts.promises import stored_metrics
from contracts.promises.metric import MetricVersion
from contracts.service_events import reading, stored
from contracts.service_events.reading import EventView
from disclosure.record_format import (
    CalendarRecord,
    ContractRecord,
    DocumentRecord,
    HappenedRecord,
    PromiseRecord,
    SaidRecord,
    StampRecord,
    files_of,
)
from disclosure.record_parts import School
from sharing.tables import School as SchoolRow

AT_ONCE: Final = 500  # events of a contract in one unit
Words = Mapping[UUID, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class OfContracts:
    """``events`` are what tables show of what happened; ``schools`` those that the contracts cover, or where something was."""

    documents: tuple[DocumentRecord, ...]
    promises: tuple[PromiseRecord, ...]
    calendars: tuple[CalendarRecord, ...]
    happened: tuple[HappenedRecord, ...]
    events: tuple[tuple[Whole, EventView], ...]
    schools: Mapping[UUID, School]


async def everything(viewer: Viewer, wholes: Sequence[Whole]) -> OfContracts:
    """Of the viewer's school's own contracts, as far as the viewer reads it."""
    kept, said, found = [], [], []
    for one in wholes:
        kept += [_document(document) for document in sorted(await documents.of_contract(viewer, one.id), key=_when)]
        async with database.read():
            versions = (await stored_metrics.metrics_of(one.id)).versions
        said += [_promise(version) for version in sorted(versions, key=lambda each: (each.name, str(each.metric), each.from_day))]
        found += [(one, view, words) async for view, words in _events(viewer, one.id)]
    schools = await _schools({*(school for one in wholes for school in one.said.covers), *(v.job.school for _, v, _ in found)})
    elsewhere = {which: school for which, school in schools.items() if which != viewer.school}
    return OfContracts(
        tuple(kept),
        tuple(said),
        tuple(CalendarRecord(from_day=one.starts, calendar=one.calendar) for one in await calendars.saved(viewer)),
        tuple(_happened(view, words, elsewhere.get(view.job.school)) for _, view, words in found),
        tuple((one, view) for one, view, _ in found),
        schools,
    )


def _when(one: ContractDocument) -> tuple[object, UUID]:
    return one.added_at, one.file.id


async def _schools(which: Iterable[UUID]) -> dict[UUID, School]:
    async with database.read():
        rows = await SchoolRow.select(SchoolRow.id, SchoolRow.name, SchoolRow.urn).where(database.among(SchoolRow.id, which))
    return {row["id"]: School(name=row["name"], urn=row["urn"]) for row in rows}


def contract_of(which: UUID, said: Said, schools: Mapping[UUID, School]) -> ContractRecord:
    """``schools`` has those that it may cover."""
    return ContractRecord(
        id=which,
        supplier=said.supplier,
        values={name: plain(value) for name, value in said.values.items() if value is not None},
        extensions=tuple(said.extensions),
        is_draft=said.is_draft,
        notice_given_on=said.notice_given_on,
        ceased_on=said.ceased_on,
        covers=tuple(sorted((schools[one] for one in said.covers if one in schools), key=lambda one: (one.name, one.urn or 0))),
    )


def _document(one: ContractDocument) -> DocumentRecord:
    (file,) = files_of([one.file])
    return DocumentRecord(
        id=one.file.id,
        contract=one.contract,
        kind=one.what.kind.value,
        begins_on=one.what.begins_on,
        expires_on=one.what.expires_on,
        answers=one.what.answers,
        added_at=one.added_at,
        file=file,
    )


def _promise(one: MetricVersion) -> PromiseRecord:
    return PromiseRecord(
        id=one.metric,
        contract=one.contract,
        kind=one.kind.value,
        name=one.name,
        clause=one.clause,
        terms=dict(one.terms),
        rules=one.rules,
        period=one.period.value,
        from_day=one.from_day,
        until_day=one.until_day,
    )


async def _events(viewer: Viewer, contract: UUID) -> AsyncIterator[tuple[EventView, Words]]:
    """With the words beside its stamps and what was said of it."""
    after = ""
    while True:
        found = await reading.page(viewer, contract, after, most=AT_ONCE)
        beside = [stamp.id for one in found.events for stamp in one.job.stamps]
        beside += [said.id for one in found.events for said in one.job.discussions]
        async with database.read():
            words = await stored.words_of(beside)
        for one in found.events:
            yield one, words
        if not found.after:
            return
        after = found.after


def _happened(one: EventView, words: Words, at: School | None) -> HappenedRecord:
    job = one.job
    return HappenedRecord(
        id=job.job,
        contract=job.contract,
        kind=job.kind.value,
        promise=next((metric.name for metric in one.metrics if metric.metric == job.metric), None),
        promise_id=job.metric,
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
        stamps=_stamps(job, words),
        outcomes=tuple(_said(each, words.get(each.id, {})) for each in job.discussions),
        files=files_of(one.photos),
        at=at,
    )


def _stamps(job: Job, words: Words) -> tuple[StampRecord, ...]:
    return tuple(
        StampRecord(
            kind=stamp.kind.value,
            at=stamp.at,
            priority=stamp.priority,
            reason=stamp.reason.value if stamp.reason else None,
            claimed_by=stamp.claimed_by.value,
            note=words.get(stamp.id, {}).get("note", ""),
            is_counted=stamp.is_counted,
        )
        for stamp in job.stamps
    )


def _said(one: SaidOfJob, words: Mapping[str, str]) -> SaidRecord:
    return SaidRecord(
        state=one.state.value if one.state else None,
        outcome=one.outcome.value if one.outcome else None,
        promise_id=one.metric,
        clause=one.clause,
        on_day=one.on_day,
        **{name: words.get(name, "") for name in ("reason", "ours", "theirs")},
    )

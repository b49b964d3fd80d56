"""Contracts that are taken in, with what belongs to them: calendars first, since dates are reckoned by them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import database
from base.refusals import Invalid
from base.words import in_words
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.calendars import calendars
from contracts.clock.calendar_layers import Layer
from contracts.documents import checking, documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.fields import said as contract_said
from contracts.fields.contract_fields import BY_NAME, Kind
from contracts.fields.said import Said
from contracts.judging.kinds import Agreed, Discussed, PauseReason, Side, StampKind
from contracts.promises import metrics, stored_metrics
from contracts.promises.kinds import EventKind, How, MetricKind, Period
from contracts.promises.metric import Metrics, Promise
from contracts.register import register
from contracts.service_events import access as event_access
from contracts.service_events import agreeing, logging_one, photos, stamping
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.logging_one import Logged
from contracts.service_events.stamping import Stamping
from disclosure.record_format import (
    CalendarRecord,
    ContractRecord,
    DocumentRecord,
    HappenedRecord,
    PromiseRecord,
    Records,
    SaidRecord,
    StampRecord,
)
from disclosure.record_parts import School as SchoolRecord
from disclosure.taking import ERASED, Taking, about, past
from sharing.members import members
from sharing.tables import School
from suppliers.opinions import attachments

FOLLOWS_NOBODY: Final = "Versions of the calendar: there is one here, no trust's to follow, or schools that would follow it."
NOT_COVERED: Final = "Schools that a contract covers: here they are not of your trust."
ELSEWHERE: Final = "What happened at another school under a contract of yours."
NO_PROMISE: Final = "What happened under promises of a contract, which are not in it."


async def take(taking: Taking, records: Records) -> None:
    await _calendars(taking, records.calendars)
    await _contracts(taking, records.contracts)
    await _promises(taking, records.promises)
    for document in records.documents:
        await _document(taking, document)
    for happened in reversed(records.happened):  # the file has the latest first
        await _happened(taking, happened)


async def _calendars(taking: Taking, found: Sequence[CalendarRecord]) -> None:
    with about("the calendar"):
        kept = [Layer(one.from_day, one.calendar) for one in found]
        taking.counts["calendars"] = await calendars.save_kept(taking.record, taking.viewer, kept)
    taking.left_out[FOLLOWS_NOBODY] = len(found) - taking.counts["calendars"]


async def _contracts(taking: Taking, found: Sequence[ContractRecord]) -> None:
    schools, new = await _schools_of_trust(taking), []
    for one in found:
        with about(f"the contract “{one.values.get('title', '')}”"):
            supplier = taking.suppliers[one.supplier] if one.supplier else None
            covers = [schools[school] for school in one.covers if school in schools]
            taking.left_out[NOT_COVERED] += len(one.covers) - len(covers)
            new.append(contract_said.checked(_said_of(one, supplier, covers)))
    made = await _added(taking, new)
    taking.contracts = dict(zip((one.id for one in found), made, strict=True))
    taking.things |= {("contract", there): here for there, here in taking.contracts.items()}
    taking.done("contracts", len(made))


def _said_of(record: ContractRecord, supplier: UUID | None, covers: Sequence[UUID]) -> Said:
    """Raises Invalid for a field that there is not, and a day that is none; the rest is for ``said.checked``."""
    values: dict[str, Any] = {}
    for name, value in record.values.items():
        if name not in BY_NAME:
            raise Invalid(f"There is no “{name}” of a contract.")
        values[name] = _day(value) if BY_NAME[name].kind is Kind.DAY else value
    return Said(
        values,
        supplier=supplier,
        extensions=record.extensions,
        covers=covers,
        is_draft=record.is_draft,
        notice_given_on=record.notice_given_on,
        ceased_on=record.ceased_on,
    )


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid(f"“{value}” is no day.") from error


async def _added(taking: Taking, new: Sequence[Said]) -> list[UUID]:
    with about("a contract"):
        return await register.add_each(taking.record, taking.viewer, new)


async def _schools_of_trust(taking: Taking) -> Mapping[SchoolRecord, UUID]:
    """Those that contracts of the viewer's trust may cover, as a file names them."""
    ours = await members.schools_of_trust(taking.viewer.school) - {taking.viewer.school}
    rows = await School.select(School.id, School.name, School.urn).where(database.among(School.id, ours))
    return {SchoolRecord(name=row["name"], urn=row["urn"]): row["id"] for row in rows}


async def _promises(taking: Taking, found: Sequence[PromiseRecord]) -> None:
    versions: dict[UUID, list[PromiseRecord]] = {}
    for one in found:
        versions.setdefault(one.id, []).append(one)
    credits_last = sorted(versions.items(), key=lambda one: any("of" in each.terms for each in one[1]))
    for which, its in credits_last:
        with about(f"the promise “{its[0].name}”"):
            contract = await _served(taking, its[0].contract)
            new = [_promise(taking, one) for one in its]
            until = its[-1].until_day
            made = await metrics.add_versions(taking.record, taking.viewer, contract, new, until)
            taking.promises[which] = made
        taking.done("promises")


def _promise(taking: Taking, one: PromiseRecord) -> Promise:
    terms = one.terms
    if "of" in terms:  # the promise that credits belong to
        terms = terms | {"of": str(taking.promises[UUID(str(terms["of"]))])}
    return Promise(MetricKind(one.kind), one.name, terms, one.from_day, Period(one.period), one.clause, one.rules)


async def _served(taking: Taking, contract: UUID) -> ServedContract:
    return await served.contract(taking.viewer, taking.contracts[contract])


async def _document(taking: Taking, one: DocumentRecord) -> None:
    with about(f"the document “{one.file.name}”"):
        what = checking.checked(What(DocumentKind(one.kind), one.expires_on, one.begins_on, one.answers))
        upload = taking.upload(one.file)
        if upload is None:
            return
        file = documents.checked_file(upload, is_letter=True)  # somebody looked at it where it comes from
        contract = taking.contracts[one.contract]
        await documents.add_one(taking.record, taking.viewer, contract, file, what, at=past(one.added_at))
    taking.done("documents")


async def _happened(taking: Taking, one: HappenedRecord) -> None:
    if one.at is not None or (one.promise_id is None and (one.promise is not None or one.kind != EventKind.JOB)):
        taking.left_out[ELSEWHERE if one.at else NO_PROMISE] += 1
        return
    with about(f"what happened on {in_words(one.on_day)}"):
        contract = await _served(taking, one.contract)
        promise = taking.promises[one.promise_id] if one.promise_id else None
        judged_by = _as_it_was(await stored_metrics.metrics_of(contract.id), promise, one.on_day)
        job = await logging_one.log_one(taking.record, taking.viewer, contract, judged_by, _logged(one, promise))
        for stamp in one.stamps:
            await _stamp(taking, contract, job, stamp)
        for said in one.outcomes:
            await _said(taking, contract, job, said)
        files = [attachments.checked(upload) for upload in taking.uploads(one.files)]
        await photos.attach(taking.record, taking.viewer, contract, job, files)
    taking.done("happened")


def _as_it_was(there: Metrics, promise: UUID | None, day: date) -> Metrics:
    """The promise that something was logged under, as if it held on that day: promises are entered late and end early, and what
    was logged by the rules of its time is not judged anew.
    """
    if promise is None:
        return Metrics()
    versions = there.versions_of(promise)
    on_the_day = next((one for one in versions if one.holds_on(day)), versions[-1])
    return Metrics((replace(on_the_day, from_day=min(on_the_day.from_day, day), until_day=None),))


async def _stamp(taking: Taking, contract: ServedContract, job: UUID, one: StampRecord) -> None:
    _, found = await event_access.open_job(taking.viewer, job)
    reason = PauseReason(one.reason) if one.reason else None
    new = Stamping(StampKind(one.kind), one.at, one.priority, reason, Side(one.claimed_by), one.note)
    made = await stamping.stamp_one(taking.record, taking.viewer, contract, found, new, Metrics())
    if not one.is_counted or one.claimed_by != Side.SUPPLIER:
        return
    _, found = await event_access.open_job(taking.viewer, job)
    claim = next(each for each in found.stamps if each.id == made)
    if not claim.is_counted:
        await stamping.agree_one(taking.record, taking.viewer, contract, found, claim)


async def _said(taking: Taking, contract: ServedContract, job: UUID, one: SaidRecord) -> None:
    _, found = await event_access.open_job(taking.viewer, job)
    if one.state is not None:
        theirs = one.theirs or (ERASED if one.state == Discussed.DISPUTED else "")
        discussion = Discussion(Discussed(one.state), one.on_day, theirs)
        await agreeing.discuss_one(taking.record, taking.viewer, contract, found, discussion)
        return
    promise = taking.promises[one.promise_id] if one.promise_id else None
    judged_by = _as_it_was(await stored_metrics.metrics_of(contract.id), promise, found.on_day)
    reason, ours, theirs = (words or ERASED for words in (one.reason, one.ours, one.theirs))
    agreement = Agreement(Agreed(str(one.outcome)), one.on_day, reason, ours, theirs, one.clause, promise)
    await agreeing.agree_one(taking.record, taking.viewer, contract, found, agreement, judged_by, {})


def _logged(one: HappenedRecord, promise: UUID | None) -> Logged:
    return Logged(
        kind=EventKind(one.kind),
        metric=promise,
        happened_at=one.happened_at,
        on_day=one.on_day,
        told_at=one.told_at,
        told_how=How(one.told_how) if one.told_how else None,
        job_number=one.job_number,
        priority=one.priority,
        said=one.said,
        what=one.what or ERASED,
        notes=one.notes,
        claimed_by=Side(one.claimed_by),
    )

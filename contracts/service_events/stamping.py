"""How a job went on, in one tap each: responded, here, fixed, waiting for us, back again; and our yes to what they claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn
from uuid import UUID, uuid4

import audit
from audit import Record
from base import clock, text
from base.clock import LONDON
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.clock.clock import MOST_PAUSES
from contracts.events import Event
from contracts.judging import clock_input, sentences
from contracts.judging.job import Job, Stamped
from contracts.judging.kinds import STAMP_WORDS, PauseReason, Side, StampKind
from contracts.promises import stored_metrics
from contracts.promises.kinds import PRIORITIES, EventKind
from contracts.promises.metric import Metrics
from contracts.service_events import access, moments, stored
from contracts.service_events.tables import Stamp

LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Stamping:
    """``at`` None is now. ``priority`` is the new one; ``reason`` why they wait."""

    kind: StampKind
    at: datetime | None = None
    priority: str | None = None
    reason: PauseReason | None = None
    claimed_by: Side = Side.SCHOOL
    note: str = ""


async def stamp(viewer: Viewer, job_id: UUID, new: Stamping) -> UUID:
    """The stamp's id. Raises Forbidden, NotFound, Invalid that names what can't be right."""
    access.must_log(viewer)
    async with audit.recording(viewer) as record:
        about, job = await access.open_job(viewer, job_id, lock=True)
        return await stamp_one(record, viewer, about, job, new, await stored_metrics.metrics_of(about.id))


async def stamp_one(record: Record, viewer: Viewer, about: ServedContract, job: Job, new: Stamping, metrics: Metrics) -> UUID:
    """As ``stamp``, inside the caller's unit."""
    at = (new.at or clock.now()).replace(second=0, microsecond=0)
    at = max(at, _minute(job.happened_at)) if new.at is None and job.happened_at else at
    note = text.prose(new.note, field="note", longest=LONGEST_NOTE)
    require_possible(job, new, at, metrics)
    made = uuid4()
    await keep(viewer, job, new, at, StampRow(made))
    await stored.keep_words(made, about.id, {"note": note})
    facts = {"job": str(job.job), "stamp": str(made), **facts_of(new, at)}
    await served.tell(record, Event.SERVICE_STAMPED, about, viewer, facts, {"note": note} if note else {})
    return made


async def agree(viewer: Viewer, job_id: UUID, stamp_id: UUID) -> None:
    """To a pause or a changed priority that the supplier claims: from then on it counts. Raises NotFound, Conflict."""
    access.must_keep(viewer)
    async with audit.recording(viewer) as record:
        about, job = await access.open_job(viewer, job_id, lock=True)
        claim = next((one for one in job.stamps if one.id == stamp_id), None)
        if claim is None:
            raise NotFound
        if claim.is_counted:
            raise Conflict("This counts already.")
        await agree_one(record, viewer, about, job, claim)


async def agree_one(record: Record, viewer: Viewer, about: ServedContract, job: Job, claim: Stamped) -> None:
    """As ``agree``, to a stamp of the job that does not count yet, inside the caller's unit."""
    made = uuid4()
    await keep(viewer, job, Stamping(StampKind.AGREED), claim.at, StampRow(made, agrees=claim.id))
    facts = {"job": str(job.job), "stamp": str(claim.id), "claimed": claim.kind.value, "at": clock_input.iso(claim.at)}
    await served.tell(record, Event.CLAIM_AGREED, about, viewer, facts, {})


@dataclass(frozen=True, slots=True)
class StampRow:
    """The row's id, and the one that it agrees to or corrects."""

    row: UUID
    agrees: UUID | None = None
    corrects: UUID | None = None
    is_withdrawn: bool = False


async def keep(viewer: Viewer, job: Job, new: Stamping, at: datetime, beside: StampRow) -> None:
    """A row of what was found possible. The caller records it."""
    await Stamp(
        id=beside.row, job=job.job, contract=job.contract, kind=new.kind.value, at=at, priority=new.priority,
        reason=new.reason.value if new.reason else None, claimed_by=new.claimed_by.value, agrees=beside.agrees,
        corrects=beside.corrects, is_withdrawn=beside.is_withdrawn, author=viewer.person, recorded_at=clock.now(),
    ).save()  # fmt: skip


def facts_of(new: Stamping, at: datetime) -> dict[str, Any]:
    found = {"kind": new.kind.value, "at": clock_input.iso(at), "claimed_by": new.claimed_by.value}
    return found | {name: value for name, value in (("priority", new.priority), ("reason", new.reason)) if value}


def require_possible(job: Job, new: Stamping, at: datetime, metrics: Metrics) -> None:
    """Raises Invalid that names ``at``, ``kind``, ``priority`` or ``reason``."""
    if job.kind not in (EventKind.JOB, EventKind.OUTAGE) or job.happened_at is None:
        _refuse("kind", "Only a fault or a call-out goes on in steps. Correct this event instead.")
    moments.past(at, clock.now(), field="at")
    if at < _minute(job.happened_at):
        word = STAMP_WORDS[new.kind].lower()
        _refuse("at", f"“{word}” lies before it happened, which was on {sentences.when(job.happened_at)}. Check both times.")
    _CHECKS.get(new.kind, _once)(job, new, at)
    if new.kind is StampKind.PRIORITY:
        _priority_is_promised(job, new, metrics)
    if new.kind is StampKind.BACK_AGAIN:
        _is_the_same_job(job, at, metrics)


def _once(job: Job, new: Stamping, _at: datetime) -> None:
    there = next((one for one in job.stamps if one.kind is new.kind), None)
    if there is not None:
        _refuse("kind", f"“{STAMP_WORDS[new.kind]}” is logged already, {sentences.when(there.at)}. If that is wrong, correct it.")


def _fixed(job: Job, _new: Stamping, at: datetime) -> None:
    if job.is_fixed:
        _refuse("kind", "It is fixed already. If it broke again, log “Back again” first; if the time is wrong, correct it.")
    if job.fixes and at < (job.fixes[-1][1] or at):
        _refuse("at", "It was fixed before it was back again. Check both times.")


def _back_again(job: Job, _new: Stamping, at: datetime) -> None:
    if not job.is_fixed:
        _refuse("kind", "It was not fixed yet, so it can't be back again.")
    if at < job.fixes[-1][0]:
        _refuse("at", "It was back again before it was fixed. Check both times.")


def _waiting(job: Job, new: Stamping, at: datetime) -> None:
    if new.reason is None:
        _refuse("reason", "Choose what they wait for.")
    if job.is_waiting:
        _refuse("kind", "They are waiting already. Log “No longer waiting” first.")
    if job.is_fixed:
        _refuse("kind", "It is fixed, so nobody waits. If it broke again, log “Back again” first.")
    if len([one for one in job.stamps if one.kind is StampKind.WAITING]) >= MOST_PAUSES:
        _refuse("kind", f"One job has {MOST_PAUSES:,} waits at most. Log a new job.")
    last = job.waits[-1].ended if job.waits else None
    if last is not None and at < last.at:
        _refuse("at", "This wait begins before the one before it ended. Check both times.")


def _resumed(job: Job, _new: Stamping, at: datetime) -> None:
    """Also once a fix ended the wait, which may have ended before; copies of earlier versions have it later, for nothing."""
    there = [one for one in job.stamps if one.kind in (StampKind.WAITING, StampKind.RESUMED)]
    if not there or there[-1].kind is StampKind.RESUMED:
        _refuse("kind", "Nobody is waiting.")
    if at < there[-1].at:
        _refuse("at", f"The wait ended before it began, which was on {sentences.when(there[-1].at)}. Check both times.")


def _priority(job: Job, new: Stamping, at: datetime) -> None:
    if new.priority not in PRIORITIES:
        _refuse("priority", "Choose priority 1 to 4.")
    if new.priority == job.current_priority:
        _refuse("priority", "It has this priority already.")
    last = next((one.at for one in reversed(job.stamps) if one.kind is StampKind.PRIORITY), None)
    if last is not None and at < last:
        _refuse("at", "The priority changed again later than this. Correct that change instead.")


def _no_stamp(_job: Job, _new: Stamping, _at: datetime) -> None:
    _refuse("kind", "Choose what happened.")


_CHECKS: Final[Mapping[StampKind, Any]] = {
    StampKind.FIXED: _fixed,
    StampKind.BACK_AGAIN: _back_again,
    StampKind.WAITING: _waiting,
    StampKind.RESUMED: _resumed,
    StampKind.PRIORITY: _priority,
    StampKind.AGREED: _no_stamp,
}


def _priority_is_promised(job: Job, new: Stamping, metrics: Metrics) -> None:
    timing = metrics.timing(job.on_day)
    if timing and not any(new.priority in one.targets for one in timing):
        _refuse("priority", "The contract promises nothing for this priority.")
    in_days = [one.name for one in timing if "business_days" in one.targets.get(new.priority or "", {})]
    if in_days:
        _refuse("priority", f"“{in_days[0]}” is in days, which don't change on the way. Write down what you both agree.")


def _is_the_same_job(job: Job, at: datetime, metrics: Metrics) -> None:
    days = [one.rules.same_job_days for one in metrics.timing(job.on_day) if one.rules.same_job_days is not None]
    fixed_on = job.fixes[-1][0].astimezone(LONDON).date()
    if days and at.astimezone(LONDON).date() > fixed_on + timedelta(days=min(days)):
        _refuse("at", f"By the contract a fault that is back after more than {min(days)} days is a new job. Log it as a new one.")


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{field: sentence})

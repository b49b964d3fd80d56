"""Corrections: a new row with a reason beside the one that was wrong, which stays in the record. Nothing is ever edited."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from base import clock, text
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Viewer
from contracts.access import served
from contracts.events import Event
from contracts.judging import clock_input
from contracts.judging.job import Job, Stamped, standing
from contracts.promises import stored_metrics
from contracts.promises.kinds import EventKind
from contracts.service_events import access, logging_one, stamping, stored
from contracts.service_events.logging_one import Logged, Place
from contracts.service_events.stamping import Stamping, StampRow

LONGEST_REASON: Final = 500
SINCE_CORRECTED: Final = "Somebody corrected this after you read it. Look at it again, then correct what is still wrong."
NO_REASON: Final = "Say why, so that whoever reads it later understands."


async def correct(viewer: Viewer, job_id: UUID, new: Logged, *, row: UUID, reason: str, is_withdrawn: bool = False) -> None:
    """Puts ``new`` in place of the event's row that was read; ``is_withdrawn`` says that nothing happened at all.

    Raises Forbidden, NotFound, Invalid that names each wrong field; Conflict where ``row`` was corrected since.
    """
    access.must_log(viewer)
    reason = checked_reason(reason)
    async with audit.recording(viewer) as record:
        about, job = await access.open_job(viewer, job_id, lock=True)
        if row != job.row:
            raise Conflict(SINCE_CORRECTED)
        if new.kind is not job.kind:
            raise Invalid("A correction can't make another kind of event of it.", kind="Take it back and log it anew.")
        new = replace(new, claimed_by=job.claimed_by)
        new = new if is_withdrawn else logging_one.checked(new, await stored_metrics.metrics_of(about.id), clock.now())
        _require_before_stamps(job, new)
        made = uuid4()
        with database.duplicates(Conflict(SINCE_CORRECTED)):
            kept = replace(new, on_day=new.on_day or job.on_day)
            place = Place(made, job.job, about.id, job.school, corrects=job.row)
            await logging_one.keep(viewer, place, kept, is_withdrawn=is_withdrawn)
        await stored.keep_words(made, about.id, {"reason": reason})
        facts: dict[str, Any] = {"job": str(job.job), "corrects": str(job.row)}
        facts |= {"is_withdrawn": True} if is_withdrawn else logging_one.facts_of(new)
        words = {**({} if is_withdrawn else logging_one.given(new.words)), "reason": reason}
        await served.tell(record, Event.SERVICE_CORRECTED, about, viewer, facts, words)


async def correct_stamp(
    viewer: Viewer, job_id: UUID, stamp_id: UUID, *, at: datetime, reason: str, is_withdrawn: bool = False
) -> None:
    """Another time for a stamp, or none at all. Raises as ``correct``."""
    access.must_log(viewer)
    reason = checked_reason(reason)
    async with audit.recording(viewer) as record:
        about, job = await access.open_job(viewer, job_id, lock=True)
        was = next((one for one in job.stamps if one.id == stamp_id), None)
        if was is None:
            raise NotFound
        at = was.at if is_withdrawn else at.replace(second=0, microsecond=0)
        new = Stamping(was.kind, at, was.priority, was.reason, was.claimed_by)
        without = replace(job, stamps=standing([one for one in job.stamps if one.id != was.id], job.priority))
        if not is_withdrawn:
            stamping.require_possible(_before(without, at), new, at, await stored_metrics.metrics_of(about.id))
        _require_order_kept(without, None if is_withdrawn else replace(was, at=at))
        made = uuid4()
        with database.duplicates(Conflict(SINCE_CORRECTED)):
            await stamping.keep(viewer, job, new, at, StampRow(made, corrects=was.id, is_withdrawn=is_withdrawn))
        await stored.keep_words(made, about.id, {"reason": reason})
        facts = {"job": str(job.job), "corrects": str(was.id), "was": clock_input.iso(was.at), **stamping.facts_of(new, at)}
        facts |= {"is_withdrawn": True} if is_withdrawn else {}
        await served.tell(record, Event.STAMP_CORRECTED, about, viewer, facts, {"reason": reason})


def checked_reason(reason: str) -> str:
    found = text.prose(reason, field="reason", longest=LONGEST_REASON)
    if not found:
        raise Invalid(NO_REASON, reason=NO_REASON)
    return found


def _require_before_stamps(job: Job, new: Logged) -> None:
    """What happened later must stay later."""
    first = min((one.at for one in job.stamps), default=None)
    if new.kind in (EventKind.JOB, EventKind.OUTAGE) and new.happened_at and first and new.happened_at > first:
        sentence = "By what else is logged, they were at work before this. Correct those times first."
        raise Invalid(sentence, happened=sentence)


def _before(job: Job, at: datetime) -> Job:
    """The job as it stood at a moment."""
    return replace(job, stamps=tuple(one for one in job.stamps if one.at <= at))


def _require_order_kept(job: Job, moved: Stamped | None) -> None:
    """With the stamp where it is to be, waits and fixes still make sense: each ends after it began."""
    stamps = standing([*job.stamps, *([moved] if moved else [])], job.priority)
    is_waiting = is_fixed = has_no_resumption = False
    for one in stamps:
        kind = one.kind.value
        wrong = (
            (kind == "resumed" and not has_no_resumption)
            or (kind == "waiting" and is_waiting)
            or (kind == "back_again" and not is_fixed)
            or (kind == "fixed" and is_fixed)
        )
        if wrong:
            sentence = "With this, what was logged of the job no longer follows: a wait or a fix would end before it began."
            raise Invalid(sentence, at=sentence)
        has_no_resumption = kind == "waiting" or (has_no_resumption and kind != "resumed")
        is_waiting = kind == "waiting" or (is_waiting and kind not in ("resumed", "fixed"))
        is_fixed = kind == "fixed" or (is_fixed and kind != "back_again")

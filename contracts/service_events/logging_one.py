"""Logging what happened under a contract: one event, checked by the rules that will judge it, and one entry in the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, NoReturn
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock, text
from base.clock import LONDON
from base.refusals import Invalid, refuse_together
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.attaining.attaining import attain
from contracts.clock.refused import Refused
from contracts.events import Event
from contracts.judging import asking, clock_input
from contracts.judging.job import Job
from contracts.judging.kinds import ROWS_OF, Side
from contracts.promises import stored_metrics
from contracts.promises.kinds import PRIORITIES, EventKind, How
from contracts.promises.metric import Metrics, as_json
from contracts.service_events import access, moments, photos, stored
from contracts.service_events.tables import ServiceEvent
from suppliers.opinions import attachments
from suppliers.opinions.attachments import Upload

LONGEST_WHAT: Final = 200
LONGEST_NOTES: Final = 4_000
LONGEST_JOB_NUMBER: Final = 60
LONGEST_SAID: Final = 2_000
OUTAGES: Final = ("down", "planned", "watched")
_EVENT: Final = database.shape(
    ServiceEvent,
    (
        *(ServiceEvent.id, ServiceEvent.job, ServiceEvent.contract, ServiceEvent.school, ServiceEvent.corrects),
        *(ServiceEvent.metric, ServiceEvent.kind, ServiceEvent.on_day, ServiceEvent.happened_at, ServiceEvent.told_at),
        *(ServiceEvent.told_how, ServiceEvent.job_number, ServiceEvent.priority, ServiceEvent.said, ServiceEvent.claimed_by),
        *(ServiceEvent.is_withdrawn, ServiceEvent.author, ServiceEvent.recorded_at),
    ),
)
TIMED: Final = frozenset({EventKind.JOB, EventKind.OUTAGE})  # the others know their day alone


@dataclass(frozen=True, slots=True)
class Logged:
    """What somebody says happened. ``said`` is what a row of its kind says by rules A, without its day.

    ``happened_at`` for a job or outage, else ``on_day``. ``what`` and ``notes`` are words, and may be erased.
    """

    kind: EventKind = EventKind.JOB
    metric: UUID | None = None
    happened_at: datetime | None = None
    on_day: date | None = None
    told_at: datetime | None = None
    told_how: How | None = None
    job_number: str = ""
    priority: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    what: str = ""
    notes: str = ""
    claimed_by: Side = Side.SCHOOL

    @property
    def words(self) -> dict[str, str]:
        return {"what": self.what, "notes": self.notes}


async def log(viewer: Viewer, contract_id: UUID, new: Logged, *, uploads: Sequence[Upload] = ()) -> UUID:
    """The job's id; with its photos and files. Raises Forbidden, NotFound, Invalid that names each wrong field."""
    access.must_log(viewer)
    files = [attachments.checked(one) for one in uploads]
    async with audit.recording(viewer) as record:
        about = await served.contract(viewer, contract_id)
        job = await log_one(record, viewer, about, await stored_metrics.metrics_of(contract_id), new)
        await photos.attach(record, viewer, about, job, files)
    return job


async def log_one(record: Record, viewer: Viewer, about: ServedContract, metrics: Metrics, new: Logged) -> UUID:
    """As ``log``, inside the caller's unit."""
    new = checked(new, metrics, clock.now())
    job = uuid4()
    await keep(viewer, Place(job, job, about.id, viewer.school), new)
    facts = {"job": str(job), **facts_of(new)}
    await served.tell(record, Event.SERVICE_LOGGED, about, viewer, facts, given(new.words))
    return job


@dataclass(frozen=True, slots=True)
class Place:
    """Which row, of which job, where; and the row that it ``corrects``."""

    row: UUID
    job: UUID
    contract: UUID
    school: UUID
    corrects: UUID | None = None


async def keep(viewer: Viewer, place: Place, new: Logged, *, is_withdrawn: bool = False) -> None:
    """A row of what was checked, with its words. The caller records it."""
    told_how = new.told_how.value if new.told_how else None
    said = as_json(new.said) if new.said else None
    row = (
        *(place.row, place.job, place.contract, place.school, place.corrects, new.metric, new.kind.value, new.on_day),
        *(new.happened_at, new.told_at, told_how, new.job_number or None, new.priority, said, new.claimed_by.value),
        *(is_withdrawn, viewer.person, clock.now()),
    )
    await database.write_together((_EVENT, [row]), (stored.WORDS, stored.rows_of_words(place.row, place.contract, new.words)))


def checked(new: Logged, metrics: Metrics, now: datetime) -> Logged:
    """Fit to keep, with its day. Raises Invalid that names each wrong field."""
    refuse_together(
        lambda: _times(new, now),
        lambda: require_words(new.what, new.notes, new.job_number),
        lambda: require_priority(new.kind, new.priority),
    )
    day = new.happened_at.astimezone(LONDON).date() if new.happened_at else new.on_day
    new = replace(
        new,
        on_day=day,
        what=text.line(new.what, field="what"),
        notes=text.prose(new.notes, field="notes"),
        job_number=text.line(new.job_number, field="job_number", required=False),
    )
    _belongs(new, metrics)
    return new


def require_priority(kind: EventKind, priority: str | None) -> None:
    """Raises Invalid for a job without one."""
    if kind is EventKind.JOB and priority not in PRIORITIES:
        _refuse("priority", "Choose how bad it is: priority 1 to 4.")


def require_words(what: str, notes: str, job_number: str) -> None:
    """Raises Invalid that names each that is missing or too long."""
    refuse_together(
        lambda: text.line(what, field="what", longest=LONGEST_WHAT, missing="Enter what happened, in a few words."),
        lambda: text.prose(notes, field="notes", longest=LONGEST_NOTES),
        lambda: text.line(job_number, field="job_number", longest=LONGEST_JOB_NUMBER, required=False),
    )


def facts_of(new: Logged) -> dict[str, Any]:
    """Plain values for the trail, without words."""
    found: dict[str, Any] = {
        "kind": new.kind.value,
        "on": new.on_day.isoformat() if new.on_day else None,
        "metric": str(new.metric) if new.metric else None,
        "happened": clock_input.iso(new.happened_at) if new.happened_at else None,
        "told": clock_input.iso(new.told_at) if new.told_at else None,
        "told_how": new.told_how.value if new.told_how else None,
        "job_number": new.job_number or None,
        "priority": new.priority,
        "said": as_json(new.said) if new.said else None,
        "claimed_by": new.claimed_by.value,
    }
    return {name: value for name, value in found.items() if value is not None}


def given(words: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in words.items() if text}


def _times(new: Logged, now: datetime) -> None:
    if new.kind in TIMED:
        if new.happened_at is None:
            _refuse("happened", "Enter when it happened.")
        moments.past(new.happened_at, now, field="happened")
    elif new.on_day is None:
        _refuse("happened", "Enter the day.")
    elif new.kind is not EventKind.MILESTONE and new.on_day > now.astimezone(LONDON).date():
        _refuse("happened", "This is in the future. Enter the day on which it happened.")
    elif (now.astimezone(LONDON).date() - new.on_day) > moments.OLDEST:
        _refuse("happened", "This is more than ten years ago. Check the year.")
    _told(new, now)


def _told(new: Logged, now: datetime) -> None:
    if (new.told_at is None) != (new.told_how is None):
        _refuse("told_how", "Say both when and how you told them, or that you have not told them yet.")
    moments.past(new.told_at, now, field="told")
    if new.told_at and new.happened_at and new.told_at < new.happened_at.replace(second=0, microsecond=0):
        _refuse("told", "You told them before it happened. Check both times.")


def _belongs(new: Logged, metrics: Metrics) -> None:
    """To a promise in force on its day, which knows its priority or takes its row."""
    day = new.on_day or date.max
    if new.kind is EventKind.JOB:
        _fits_a_time(new, metrics, day)
        return
    metric = metrics.one_on(new.metric, day) if new.metric else None
    if metric is None or metric.event is not new.kind:
        _refuse("metric", "Choose what this belongs to: the contract had no such promise on that day.")
    if len(as_json(dict(new.said))) > LONGEST_SAID:
        _refuse("said", "This says more than can be kept.")
    if new.kind is EventKind.OUTAGE:
        _outage(new)
        return
    job = as_job(new)
    try:
        rows = {ROWS_OF[new.kind]: [asking.row_of(job, metric)]}
        attain({**asking.attain_input(metric, [], (day, day), _ANY_HOURS, clock.now()), **rows})
    except Refused as refused:
        _refuse("said", refused.sentence)


_ANY_HOURS: Final = {"versions": [{"from": "1990-01-01", "weekly": {day: [["08:00", "17:00"]] for day in ("mon", "sun")}}]}


def _fits_a_time(new: Logged, metrics: Metrics, day: date) -> None:
    require_priority(new.kind, new.priority)
    if new.metric is not None and metrics.one_on(new.metric, day) is None:
        _refuse("metric", "The contract had no such promise on that day.")
    timing = [one for one in metrics.timing(day) if new.metric in (None, one.metric)]
    known = sorted({priority for one in timing for priority in one.targets})
    if timing and new.priority not in known:
        names = ", ".join(one.removeprefix("P") for one in known)
        _refuse("priority", f"The contract promises nothing for this priority. It has {names}.")


def _outage(new: Logged) -> None:
    if new.said.get("what") not in OUTAGES:
        _refuse("said", "Say whether it was down, down as planned, or watched.")
    until = new.said.get("to")
    if until is not None and new.happened_at is not None and datetime.fromisoformat(until) <= new.happened_at:
        _refuse("until", "It ended before it began.")


def as_job(new: Logged) -> Job:
    """As the rules look at it before it is kept."""
    nobody, now = UUID(int=0), clock.now()
    return Job(
        nobody, nobody, nobody, nobody, new.metric, new.kind, new.on_day or date.max, new.happened_at, new.told_at,
        new.told_how, new.job_number, new.priority, new.said, new.claimed_by, is_corrected=False, author=nobody, recorded_at=now,
    )  # fmt: skip


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{field: sentence})

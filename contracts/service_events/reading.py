"""What happened under a contract, for people and programs: each event with what the clock says of it, reckoned as it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock, cursor
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.attaining.attaining import attain
from contracts.clock.clock import AnyCalendar, read_once
from contracts.clock.refused import Refused
from contracts.judging import asking, flags, judging
from contracts.judging.job import Job
from contracts.judging.judging import Verdict
from contracts.promises import stored_metrics
from contracts.promises.kinds import EventKind
from contracts.promises.metric import Metrics, MetricVersion, applying
from contracts.service_events import access, calendar_of, photos, stored
from contracts.service_events.tables import ServiceEvent, Stamp
from sharing.tables import Person
from suppliers.opinions.attachments import Attached

PAGE: Final = 25
NOTES: Final = frozenset({"notes", "note"})  # beside an event, and beside one of its stamps
MOST_IN_A_FILE: Final = 10_000


@dataclass(frozen=True, slots=True)
class EventView:
    """``words`` are those of the event as it stands; empty where they were erased. ``calendar_of`` says by whose calendar it is
    judged.
    """

    job: Job
    words: Mapping[str, str]
    verdicts: tuple[Verdict, ...]
    flags: tuple[str, ...]
    metrics: tuple[MetricVersion, ...]  # in force on its day that it counts for
    calendar_of: str = ""
    photos: tuple[Attached, ...] = ()  # and files; only in lists and answers to programs

    @property
    def title(self) -> str:
        return self.words.get("what") or "What happened was erased"

    @property
    def needs_discussing(self) -> bool:
        return any(one.is_bad for one in self.verdicts) or any(one.word == "missed" for one in self.verdicts)


@dataclass(frozen=True, slots=True)
class Changed:
    """One row of an event's history, the oldest first."""

    what: str
    at: datetime
    recorded_at: datetime
    by: str
    reason: str
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class WholeEvent:
    event: EventView
    contract: ServedContract
    said: Mapping[UUID, Mapping[str, str]]  # words by the id of a stamp or of something said
    history: tuple[Changed, ...]
    logged_by: str


@dataclass(frozen=True, slots=True)
class EventsPage:
    contract: ServedContract
    events: tuple[EventView, ...]
    metrics: Metrics
    after: str  # where the next page starts; "" after the last one


async def event(viewer: Viewer, job_id: UUID) -> WholeEvent:
    """Raises NotFound."""
    async with database.read():
        about, job = await access.open_job(viewer, job_id)
        (view,) = await _views(about, [job])
        said = _read(about, await stored.words_of([*(one.id for one in job.stamps), *(one.id for one in job.discussions)]))
        history, people = await _history(job), {}
        if history:
            people = await _names({row["author"] for row in history})
        words = await stored.words_of([row["id"] for row in history])
    return WholeEvent(view, about, said, _told(history, people, words), people.get(job.author, "a former colleague"))


async def page(viewer: Viewer, contract_id: UUID, after: str = "", *, most: int = PAGE) -> EventsPage:
    """The latest first. Raises NotFound, Invalid for an ``after`` that this did not give."""
    async with database.read():
        about = await served.contract_read(viewer, contract_id)
        which = access.rows_read(viewer, about)
        if after:
            which = QueryString("({} AND {})", which, _beyond(after))
        jobs = await stored.jobs(contract_id, which, most + 1)
        seen = await photos.of_jobs(viewer, about, [job.job for job in jobs[:most]])
        views = [replace(one, photos=seen.get(one.job.job, ())) for one in await _views(about, jobs[:most])]
        metrics = await stored_metrics.metrics_of(contract_id)
    last = jobs[most - 1] if len(jobs) > most else None
    next_after = cursor.encode(last.on_day.isoformat(), str(last.job)) if last else ""
    return EventsPage(about, tuple(views), metrics, next_after)


async def logged_by(viewer: Viewer, most: int = PAGE) -> tuple[EventView, ...]:
    """What the viewer logged last, of any contract."""
    async with database.read():
        newest = ServiceEvent.select(ServiceEvent.job, ServiceEvent.contract).where(
            ServiceEvent.author == viewer.person, ServiceEvent.school == viewer.school, ServiceEvent.corrects.is_null()
        )
        found: list[EventView] = []
        for row in await newest.order_by(ServiceEvent.recorded_at, ascending=False).limit(most):
            try:
                about, job = await access.open_job(viewer, row["job"])
            except NotFound:  # taken back, or its contract was
                continue
            found += await _views(about, [job])
    return tuple(found)


async def attained(viewer: Viewer, contract_id: UUID, metric_id: UUID, first: date, last: date) -> dict[str, Any]:
    """The answer of ``attain`` for a metric as it stands on the last day of the period, or its ``error`` and ``sentence``.

    Raises NotFound, Invalid for a period that ends before it begins.
    """
    if last < first:
        raise Invalid("The period ends before it begins.", last="The period ends before it begins.")
    async with database.read():
        about = await served.contract_read(viewer, contract_id)
        return await attained_by(about, await stored_metrics.metrics_of(contract_id), metric_id, (first, last))


async def attained_by(about: ServedContract, metrics: Metrics, metric_id: UUID, period: tuple[date, date]) -> dict[str, Any]:
    """As ``attained``, inside the caller's unit."""
    metric = metrics.one_on(metric_id, period[1]) or metrics.one_on(metric_id, period[0])
    if metric is None:
        raise NotFound
    breaches = 0
    if "of" in metric.terms:
        breaches = (await attained_by(about, metrics, UUID(metric.terms["of"]), period)).get("breaches", 0)
    jobs = await calendar_of.placed(await stored.jobs_between(about.id, *asking.days_to_read(metric, *period)), about.school)
    calendar = await calendar_of.of_school(about.school)
    try:
        return attain(asking.attain_input(metric, jobs, period, calendar, clock.now(), breaches=breaches))
    except Refused as refused:
        return {"error": refused.code, "sentence": refused.sentence}


async def _views(about: ServedContract, jobs: Sequence[Job]) -> list[EventView]:
    metrics, calendar = await stored_metrics.metrics_of(about.id), await calendar_of.of_school(about.school)
    words = _read(about, await stored.words_of([job.row for job in jobs]))
    there = await calendar_of.placed(jobs, about.school)
    whose = await calendar_of.whose(there, about.school)
    return [replace(one, calendar_of=whose[one.job.job]) for one in viewed(there, words, metrics, calendar, clock.now())]


def _read(about: ServedContract, words: Mapping[UUID, Mapping[str, str]]) -> Mapping[UUID, Mapping[str, str]]:
    """Words beside rows: a lead of the trust reads what happened and what was agreed, and no note of the school's."""
    if not about.is_led:
        return words
    return {row: {name: text for name, text in its.items() if name not in NOTES} for row, its in words.items()}


def viewed(
    jobs: Sequence[Job],
    words: Mapping[UUID, Mapping[str, str]],
    metrics: Metrics,
    calendar: AnyCalendar | None,
    now: datetime,
) -> list[EventView]:
    """``words`` by the id of a job's row. Takes a good part of a millisecond for each job: call it in a thread for many."""
    found, calendar = [], read_once(calendar)
    for job in jobs:
        its = applying(metrics.on(job.on_day), job.kind, job.metric)
        verdicts = judging.verdicts(job, its, calendar, now) if job.kind is EventKind.JOB else []
        found.append(EventView(job, words.get(job.row, {}), tuple(verdicts), flags.flags_of(job, calendar), its))
    return found


async def _history(job: Job) -> list[dict[str, Any]]:
    """All rows of an event and its stamps, those that were corrected too."""
    rows: list[dict[str, Any]] = await ServiceEvent.select().where(ServiceEvent.job == job.job)
    rows += await Stamp.select().where(Stamp.job == job.job)
    return sorted(rows, key=lambda row: row["recorded_at"])


async def _names(people: set[UUID]) -> dict[UUID, str]:
    rows = await Person.select(Person.id, Person.name).where(database.among(Person.id, people))
    return {row["id"]: row["name"] for row in rows}


def _told(
    rows: Sequence[Mapping[str, Any]], people: Mapping[UUID, str], words: Mapping[UUID, Mapping[str, str]]
) -> tuple[Changed, ...]:
    corrected = {row["corrects"] for row in rows}
    return tuple(
        Changed(
            what=row["kind"],
            at=row["at"] if "at" in row else row["happened_at"] or row["recorded_at"],
            recorded_at=row["recorded_at"],
            by=people.get(row["author"], "a former colleague"),
            reason=words.get(row["id"], {}).get("reason", ""),
            is_replaced=row["id"] in corrected or row["is_withdrawn"],
        )
        for row in rows
    )


def _beyond(after: str) -> QueryString:
    day, which = cursor.decode(after, keys=2)
    try:
        before = date.fromisoformat(str(day))
    except ValueError as error:
        raise cursor.nonsense() from error
    return QueryString("(e.on_day, e.job) < ({}, {})", before, cursor.an_id(which))

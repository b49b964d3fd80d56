"""What both sides said of a job and agreed about it: beside what the clock says, never in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn
from uuid import UUID, uuid4

import audit
from audit import Record
from base import clock, text
from base.refusals import Invalid, read_together, refuse_together
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.events import Event
from contracts.judging.job import Job, SaidOfJob
from contracts.judging.kinds import Agreed, Discussed
from contracts.promises import stored_metrics
from contracts.promises.metric import Metrics
from contracts.service_events import access, stored
from contracts.service_events.tables import Outcome

LONGEST_WORDS: Final = 2_000
LONGEST_NAME: Final = 200
LONGEST_CLAUSE: Final = 60


@dataclass(frozen=True, slots=True)
class Discussion:
    """``theirs`` are the supplier's own words."""

    state: Discussed
    on_day: date
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``metric`` None: for all that the job counts for. ``ours`` and ``theirs`` say who agreed for each side."""

    outcome: Agreed
    on_day: date
    reason: str
    ours: str
    theirs: str
    clause: str = ""
    metric: UUID | None = None


async def discuss(viewer: Viewer, job_id: UUID, new: Discussion) -> None:
    """Raises Forbidden, NotFound, Invalid."""
    access.must_keep(viewer)
    async with audit.recording(viewer) as record:
        about, job = await access.open_job(viewer, job_id, lock=True)
        last = job.discussed()
        if last and (last.state, last.on_day) == (new.state, new.on_day) and await _says(last, {"theirs": checked_theirs(new)}):
            record.unchanged()
            return
        await discuss_one(record, viewer, about, job, new)


async def discuss_one(record: Record, viewer: Viewer, about: ServedContract, job: Job, new: Discussion) -> None:
    """As ``discuss``, inside the caller's unit."""
    refuse_together(lambda: _require_day(job, new.on_day), lambda: checked_theirs(new))
    words = {"theirs": checked_theirs(new)}
    made = await _keep(viewer, job, {"state": new.state.value, "on_day": new.on_day}, words)
    facts = {"job": str(job.job), "said": str(made), "state": new.state.value, "on": new.on_day.isoformat()}
    await served.tell(record, Event.SERVICE_DISCUSSED, about, viewer, facts, {k: v for k, v in words.items() if v})


def checked_theirs(new: Discussion) -> str:
    """What they say. Raises Invalid."""
    words = text.prose(new.theirs, field="theirs", longest=LONGEST_WORDS)
    if new.state is Discussed.DISPUTED and not words:
        _refuse("theirs", "Write down what they say, in their words.")
    return words


async def agree(viewer: Viewer, job_id: UUID, new: Agreement) -> None:
    """Raises Forbidden, NotFound, Invalid that names each wrong field."""
    access.must_keep(viewer)
    async with audit.recording(viewer) as record:
        about, job = await access.open_job(viewer, job_id, lock=True)
        metrics = await stored_metrics.metrics_of(about.id)
        words, clause = _checked(job, new, metrics)
        last = job.agreed(new.metric)
        same = last and (last.outcome, last.metric, last.clause, last.on_day) == (new.outcome, new.metric, clause, new.on_day)
        if last and same and await _says(last, words):
            record.unchanged()
            return
        by_one_person = {"logged_and_agreed_by_one_person": True} if job.author == viewer.person else {}
        await agree_one(record, viewer, about, job, new, metrics, by_one_person)


def checked_words(new: Agreement) -> tuple[dict[str, str], str]:
    """Why and who for each side; and the clause. Raises Invalid that names each wrong field."""
    missing = "Enter why you agreed this."
    reason, ours, theirs, clause = read_together(
        lambda: text.prose(new.reason, field="reason", longest=LONGEST_WORDS, required=True, missing=missing),
        lambda: _name(new.ours, "ours", "Enter who agreed for the school."),
        lambda: _name(new.theirs, "theirs", "Enter who agreed for the supplier."),
        lambda: text.line(new.clause, field="clause", longest=LONGEST_CLAUSE, required=False),
    )
    return {"reason": reason, "ours": ours, "theirs": theirs}, clause


async def agree_one(
    record: Record, viewer: Viewer, about: ServedContract, job: Job, new: Agreement, metrics: Metrics, more: Mapping[str, Any]
) -> None:
    """As ``agree``, inside the caller's unit; ``more`` are further facts of its entry."""
    words, clause = _checked(job, new, metrics)
    said = {"outcome": new.outcome.value, "metric": new.metric, "clause": clause or None, "on_day": new.on_day}
    made = await _keep(viewer, job, said, words)
    facts: dict[str, Any] = {"job": str(job.job), "said": str(made), "outcome": new.outcome.value}
    facts |= {"on": new.on_day.isoformat(), **more}
    facts |= {"clause": clause} if clause else {}
    facts |= {"metric": str(new.metric)} if new.metric else {}
    await served.tell(record, Event.OUTCOME_AGREED, about, viewer, facts, words)


def _checked(job: Job, new: Agreement, metrics: Metrics) -> tuple[dict[str, str], str]:
    def metric() -> None:
        if new.metric is not None and metrics.one_on(new.metric, job.on_day) is None:
            _refuse("metric", "The contract had no such promise on that day.")

    (words, clause), *_ = read_together(lambda: checked_words(new), lambda: _require_day(job, new.on_day), metric)
    return words, clause


def _name(typed: str, field: str, missing: str) -> str:
    return text.line(typed, field=field, longest=LONGEST_NAME, missing=missing)


async def _says(said: SaidOfJob, words: Mapping[str, str]) -> bool:
    """Whether it holds these words and no others."""
    return (await stored.words_of([said.id])).get(said.id, {}) == {name: text for name, text in words.items() if text}


async def _keep(viewer: Viewer, job: Job, said: Mapping[str, Any], words: dict[str, str]) -> UUID:
    made, of_job = uuid4(), Outcome.select(Outcome.recorded_at).where(Outcome.job == job.job)
    last = await of_job.order_by(Outcome.recorded_at, ascending=False).first()
    await Outcome(
        id=made, job=job.job, contract=job.contract, author=viewer.person,
        recorded_at=clock.after(last["recorded_at"] if last else None),
        **said,
    ).save()  # fmt: skip
    await stored.keep_words(made, job.contract, words)
    return made


def _require_day(job: Job, day: date) -> None:
    if day > clock.today():
        _refuse("on", "This is in the future. Enter the day on which you spoke.")
    if day < job.on_day:
        _refuse("on", "You spoke of it before it happened. Check the day.")


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{field: sentence})

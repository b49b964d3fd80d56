"""What the clock says of a job, promise by promise: reckoned anew each time, never stored. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from base.clock import LONDON
from contracts.clock import clock
from contracts.clock.clock import AnyCalendar
from contracts.clock.refused import Refused
from contracts.judging import clock_input, sentences
from contracts.judging.job import Job
from contracts.judging.sentences import Found
from contracts.judging.spans import Explanation, explain
from contracts.promises.metric import MetricVersion

NOT_REPORTED: Final = "not_reported"
MISSING: Final = "missing"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``word`` is one of kinds.VERDICT_WORDS. ``due`` None: not started, waiting without an end, or it can't be told."""

    metric: MetricVersion
    word: str
    due: datetime | None
    missed_by_minutes: int
    sentence: str
    explanation: Explanation | None = None

    @property
    def is_bad(self) -> bool:
        return self.word in ("missed", "overdue")


def verdicts(job: Job, metrics: tuple[MetricVersion, ...], calendar: AnyCalendar | None, now: datetime) -> list[Verdict]:
    """Of each promise of time that has a target for the job's priority."""
    return [verdict(job, one, calendar, now) for one in metrics if job.priority in one.targets]


def verdict(job: Job, metric: MetricVersion, calendar: AnyCalendar | None, now: datetime) -> Verdict:
    event = clock_input.event_of(job, metric)
    if event is None:
        return Verdict(metric, NOT_REPORTED, None, 0, sentences.not_reported(job, metric))
    if calendar is None and job.calendar is None:
        return Verdict(metric, UNKNOWN, None, 0, sentences.NO_HOURS)
    stage = clock_input.stage_of(metric)
    if not event["stages"] and event["closed"]:
        return Verdict(metric, MISSING, None, 0, sentences.missing(stage))
    asked = clock_input.judged_input(event, metric, calendar, now)
    try:
        found = clock.judge(asked)
        explanation = explain(asked)
    except Refused as refused:
        return Verdict(metric, UNKNOWN, None, 0, refused.sentence)
    due = datetime.fromisoformat(found["due"]) if found["due"] else None
    done = clock_input.reached(job, stage)
    said = Found(found["verdict"], due, done, found["elapsed_minutes"], found["missed_by_minutes"], stage)
    sentence = sentences.of(said, metric.clause, is_changed=bool(asked["changes"]))
    words = " ".join([sentence, *explanation.left_out])
    return Verdict(metric, found["verdict"], due, found["missed_by_minutes"], words, explanation)


def is_logged_late(job: Job, calendar: AnyCalendar | None) -> bool:
    """Written down after the close of the next open day after it happened (rule C15); a day later where no hours are known."""
    calendar = job.calendar or calendar
    if job.happened_at is None:
        return days_later(job) > 1
    if job.recorded_at <= job.happened_at or calendar is None:
        return days_later(job) > 1
    happened = clock_input.iso(job.happened_at)
    asked = {"calendar": calendar, "start": happened, "stop": happened, "target": {"minutes": 0}}
    try:
        return bool(clock.judge({**asked, "recorded": clock_input.iso(job.recorded_at)})["logged_late"])
    except Refused:
        return days_later(job) > 1


def days_later(job: Job) -> int:
    """How many days after it happened it was written down."""
    return max(0, (job.recorded_at.astimezone(LONDON).date() - job.on_day) // timedelta(days=1))

"""What the clock found, in sentences: never a bare "met" after the due time, always with what it was judged by. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from base.clock import LONDON
from base.words import count
from contracts.service_events.job import Job
from contracts.service_events.kinds import HOW_WORDS, STAGE_WORDS, How, Stage
from contracts.service_events.metric import MetricVersion

HOUR: Final = 60
NO_HOURS: Final = "No service hours are known for this contract yet, so nothing can be reckoned. Add your school's calendar."
NOT_STARTED: Final = "Not reported yet: the clock has not started."


def duration(minutes: int) -> str:
    """2 h 10 min"""
    hours, rest = divmod(minutes, HOUR)
    return " ".join(part for part in (f"{hours:,} h" if hours else "", f"{rest} min" if rest or not hours else "") if part)


def when(moment: datetime) -> str:
    """Mon 4 May 10:30, as the clock on the wall reads; the year where it isn't this one's to guess."""
    local = moment.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%B %Y} {local:%H:%M}"


def when_beside(moment: datetime, other: datetime | None) -> str:
    """12:40 on the day that was said just before, else with its day."""
    same = other is not None and moment.astimezone(LONDON).date() == other.astimezone(LONDON).date()
    return f"{moment.astimezone(LONDON):%H:%M}" if same else when(moment)


def not_reported(job: Job, metric: MetricVersion) -> str:
    """Where they were told, but not in the way that the contract names, it says which."""
    if job.told_at is None or job.told_how is None:
        return NOT_STARTED
    ways = " or ".join(HOW_WORDS[How(one)].lower() for one in metric.rules.told_by)
    return f"{NOT_STARTED} The contract counts from when they are told by {ways}; they were told by {HOW_WORDS[job.told_how].lower()}."


def missing(stage: Stage) -> str:
    return f"Not recorded: nobody wrote down when it was {STAGE_WORDS[stage]}."


def of(
    found: Mapping[str, Any], due: datetime | None, done: datetime | None, stage: Stage, clause: str, asked: Mapping[str, Any]
) -> str:
    """The answer of ``judge`` in one sentence."""
    by = f" (clause {clause})" if clause else ""
    words = _SENTENCES[found["verdict"]](found, due, done, STAGE_WORDS[stage])
    changed = " The priority changed on the way." if asked["changes"] else ""
    return f"{words}{by}.{changed}"


def _met(found: Mapping[str, Any], due: datetime | None, done: datetime | None, stage: str) -> str:
    if due is None or done is None:
        return f"Met: {stage} while they waited"
    if done > due:
        return f"Met, though after the due time: due {when(due)}, {stage} {when_beside(done, due)}, with no service time in between"
    return f"Met: due {when(due)}, {stage} {when_beside(done, due)}"


def _missed(found: Mapping[str, Any], due: datetime | None, done: datetime | None, stage: str) -> str:
    late = found["missed_by_minutes"]
    by = f"Missed by {duration(late)}" if late else "Missed: done after the last day"
    return f"{by}: due {when(due)}, {stage} {when_beside(done, due)}" if due and done else by


def _running(found: Mapping[str, Any], due: datetime | None, done: datetime | None, stage: str) -> str:
    so_far = duration(found["elapsed_minutes"])
    return f"To be {stage} by {when(due)}; {so_far} of service time so far" if due else f"{so_far} of service time so far"


def _paused(found: Mapping[str, Any], due: datetime | None, done: datetime | None, stage: str) -> str:
    until = f"To be {stage} by {when(due)}" if due else "No time is due while they wait for us"
    return f"Waiting: the clock stands still after {duration(found['elapsed_minutes'])}. {until}"


def _overdue(found: Mapping[str, Any], due: datetime | None, done: datetime | None, stage: str) -> str:
    by = f"Overdue by {duration(found['missed_by_minutes'])}"
    return f"{by}: due {when(due)}, not {stage} yet" if due else by


_SENTENCES: Final = {"met": _met, "missed": _missed, "running": _running, "paused": _paused, "overdue": _overdue}


def days_later(days: int) -> str:
    return f"written down {count(days, 'day')} later"

"""What the clock found, in sentences: never a bare "met" after the due time, always with what it was judged by. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from base.clock import LONDON
from base.words import count
from contracts.judging.job import Job
from contracts.promises.kinds import HOW_WORDS, STAGE_WORDS, How, Stage
from contracts.promises.metric import MetricVersion

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
    told = HOW_WORDS[job.told_how].lower()
    return f"{NOT_STARTED} The contract counts from when they are told by {ways}; they were told by {told}."


def missing(stage: Stage) -> str:
    return f"Not recorded: nobody wrote down when it was {STAGE_WORDS[stage]}."


@dataclass(frozen=True, slots=True)
class Found:
    """What ``judge`` answered, and when the stage was reached, if it was."""

    verdict: str
    due: datetime | None
    done: datetime | None
    elapsed_minutes: int
    missed_by_minutes: int
    stage: Stage

    @property
    def what(self) -> str:
        return STAGE_WORDS[self.stage]


def of(found: Found, clause: str, *, is_changed: bool) -> str:
    """In one sentence; ``is_changed``: its priority changed on the way."""
    by = f" (clause {clause})" if clause else ""
    changed = " The priority changed on the way." if is_changed else ""
    return f"{_SENTENCES[found.verdict](found)}{by}.{changed}"


def _met(found: Found) -> str:
    if found.due is None or found.done is None:
        return f"Met: {found.what} while they waited for us"
    times = f"due {when(found.due)}, {found.what} {when_beside(found.done, found.due)}"
    if found.done > found.due:
        return f"Met, though after the due time, because no service time lay in between: {times}"
    return f"Met: {times}"


def _missed(found: Found) -> str:
    by = f"Missed by {duration(found.missed_by_minutes)}" if found.missed_by_minutes else "Missed: done after the last day"
    if found.due is None or found.done is None:
        return by
    return f"{by}: due {when(found.due)}, {found.what} {when_beside(found.done, found.due)}"


def _running(found: Found) -> str:
    so_far = f"{duration(found.elapsed_minutes)} of service time so far"
    return f"To be {found.what} by {when(found.due)}; {so_far}" if found.due else so_far


def _paused(found: Found) -> str:
    until = f"To be {found.what} by {when(found.due)}" if found.due else "No time is due while they wait"
    return f"Waiting: the clock stands still after {duration(found.elapsed_minutes)}. {until}"


def _overdue(found: Found) -> str:
    by = f"Overdue by {duration(found.missed_by_minutes)}"
    return f"{by}: due {when(found.due)}, not {found.what} yet" if found.due else by


_SENTENCES: Final = {"met": _met, "missed": _missed, "running": _running, "paused": _paused, "overdue": _overdue}


def days_later(days: int) -> str:
    return f"written down {count(days, 'day')} later"

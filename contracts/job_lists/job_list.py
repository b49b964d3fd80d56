"""A supplier's list of jobs, read: which column holds what, and each row as an event that the supplier claims. Pure.

What is not understood is asked about, never guessed: a row is whole, or left out with its reason.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final

from base.refusals import Invalid
from base.spreadsheets.cells import SheetRow
from base.words import in_words
from contracts.judging.job import Job, Stamped, standing
from contracts.judging.kinds import Side, StampKind
from contracts.promises.kinds import EventKind, How
from contracts.promises.metric import Metrics
from contracts.register_file import date_order
from contracts.service_events import logging_one, moments, stamping
from contracts.service_events.logging_one import Logged
from contracts.service_events.stamping import Stamping

MOST_ROWS: Final = 500  # of one list: a year of a large school
FIRST_ROWS: Final = 20  # in which the headings are looked for

# What a column may hold, with the headings that say so: all words of a heading have to be among these.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "job_number": ("job number", "job no", "job", "job ref", "job reference", "ticket", "ticket number", "ticket id", "reference",
                   "ref", "call ref", "call number", "order number", "wo number", "id"),
    "what": ("description", "fault", "problem", "issue", "summary", "details", "job description", "subject"),
    "priority": ("priority", "severity", "prio", "urgency"),
    "told": ("reported", "logged", "reported at", "logged at", "date reported", "date logged", "reported on", "raised",
             "date raised", "raised at", "call logged", "opened", "created", "received"),
    "happened": ("happened", "happened at", "occurred", "fault time"),
    "responded": ("responded", "responded at", "response", "response time", "first response", "acknowledged by engineer"),
    "attended": ("attended", "attended at", "on site", "arrived", "arrival", "date attended", "engineer on site"),
    "fixed": ("fixed", "fixed at", "completed", "completed at", "date completed", "resolved", "closed", "date closed",
              "finished"),
}  # fmt: skip
NAMES: Final = {
    "job_number": "the job number", "what": "what was wrong", "priority": "the priority", "told": "when they were told",
    "happened": "when it happened", "responded": "when they responded", "attended": "when they were here",
    "fixed": "when it was fixed",
}  # fmt: skip
NEEDED: Final = ("job_number", "what", "priority", "told")
TIMES: Final = ("told", "happened", "responded", "attended", "fixed")
STEPS: Final = {"responded": StampKind.RESPONDED, "attended": StampKind.ATTENDED, "fixed": StampKind.FIXED}

_FORMS: Final = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
                 "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d %b %Y %H:%M", "%d %B %Y %H:%M", "%d/%m/%y %H:%M")  # fmt: skip
_PRIORITY: Final = re.compile(r"(?:p|prio|priority)? ?([1-4])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that was understood: the event, and its steps in order."""

    line: int
    event: Logged
    steps: tuple[Stamping, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was not, and what to ask."""

    line: int
    job_number: str
    question: str


@dataclass(frozen=True, slots=True)
class JobList:
    """``unknown`` are headings of columns that nobody knows; ``missing`` names of columns that are needed and not there."""

    claimed: tuple[Claimed, ...] = ()
    left: tuple[Left, ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> its heading in the file


def read(rows: Sequence[SheetRow], chosen: Mapping[str, str], how: How, metrics: Metrics, now: datetime) -> JobList:
    """``chosen`` are headings that a person named for fields. Raises Invalid for a list that is too long or has no headings."""
    heading = max(rows[:FIRST_ROWS], key=lambda row: len(_columns(row.cells, chosen)), default=None)
    columns = _columns(heading.cells, chosen) if heading else {}
    if heading is None or not columns:
        raise Invalid("No row of headings is found, such as: Job number, Description, Priority, Reported, Fixed.")
    unknown = tuple(one for n, one in enumerate(heading.cells) if one and n not in columns.values())
    missing = tuple(name for name in NEEDED if name not in columns)
    named = {name: heading.cells[n] for name, n in columns.items()}
    if missing:
        return JobList(unknown=unknown, missing=missing, columns=named)
    below = [row for row in rows if row.number > heading.number]
    if len(below) > MOST_ROWS:
        raise Invalid(f"The list has more than {MOST_ROWS} jobs. Send it in parts.")
    claimed, left = list[Claimed](), list[Left]()
    every = [{name: row.cells[n].strip() if n < len(row.cells) else "" for name, n in columns.items()} for row in below]
    is_in_doubt = date_order.is_in_doubt(values.get(name, "") for values in every for name in TIMES)
    for row, values in zip(below, every, strict=True):
        try:
            if is_in_doubt:
                _require_one_day(values)
            claimed.append(_claimed(row, values, how, metrics, now))
        except Invalid as refusal:
            left.append(Left(row.number, values["job_number"], refusal.sentence))
    return JobList(tuple(claimed), tuple(left), unknown, (), named)


def _require_one_day(values: Mapping[str, str]) -> None:
    """Where other rows have the month first. Raises Invalid for a day that could be read either way."""
    for name in TIMES:
        if days := date_order.both_ways(values.get(name, "")):
            either = f"{in_words(days[0])} or {in_words(days[1])}"
            raise Invalid(f"Other days of this list have the month first. Of {NAMES[name]}, is “{values[name]}” {either}?")


def _columns(cells: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    words = [" ".join(re.sub(r"[^a-z0-9]+", " ", cell.lower()).split()) for cell in cells]
    found: dict[str, int] = {}
    for name, headings in HEADINGS.items():
        typed = " ".join(re.sub(r"[^a-z0-9]+", " ", chosen.get(name, "").lower()).split())
        wanted = (typed,) if typed else headings
        places = [n for n, word in enumerate(words) if word in wanted and word]
        if len(places) == 1:  # two columns of one name are asked about
            found[name] = places[0]
    return found


def _claimed(row: SheetRow, values: Mapping[str, str], how: How, metrics: Metrics, now: datetime) -> Claimed:
    """Raises Invalid with what to ask of the row."""
    if row.problem or row.formulas:
        raise Invalid(row.problem or "A cell holds a formula. Save the list with its values alone.")
    if not values["job_number"]:
        raise Invalid("It has no job number. Which one is it?")
    told = _moment(values["told"], "told")
    if told is None:
        raise Invalid("It does not say when they were told.")
    priority = _PRIORITY.fullmatch(values["priority"])
    if priority is None:
        raise Invalid(f"Its priority, “{values['priority'][:40]}”, is none of 1 to 4. Which one is it?")
    event = Logged(
        EventKind.JOB, happened_at=_moment(values.get("happened", ""), "happened") or told, told_at=told, told_how=how,
        job_number=values["job_number"], priority=f"P{priority[1]}", what=values["what"], claimed_by=Side.SUPPLIER,
    )  # fmt: skip
    event = logging_one.checked(event, metrics, now)
    times = {name: _moment(values.get(name, ""), name) for name in STEPS}
    steps = [Stamping(STEPS[name], at, claimed_by=Side.SUPPLIER) for name, at in times.items() if at]
    return Claimed(row.number, event, _possible(logging_one.as_job(event), steps, metrics))


def _possible(job: Job, steps: list[Stamping], metrics: Metrics) -> tuple[Stamping, ...]:
    """In order of time. Raises Invalid for a step that can't be right."""
    ordered = sorted(steps, key=lambda step: step.at or job.recorded_at)
    for step in ordered:
        at = step.at or job.recorded_at
        stamping.require_possible(job, step, at, metrics)
        made = Stamped(job.job, step.kind, at, None, None, step.claimed_by, None, is_correction=False, author=job.author,
                       recorded_at=job.recorded_at)  # fmt: skip
        job = replace(job, stamps=standing([*job.stamps, made], job.priority))
    return tuple(ordered)


def _moment(typed: str, which: str) -> datetime | None:
    if not typed:
        return None
    for form in _FORMS:
        try:
            found = datetime.strptime(typed, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return _local(found.date(), f"{found:%H:%M}", which)
    raise Invalid(f"“{typed[:40]}”, {NAMES[which]}, is no day with a time, such as 3/11/2026 14:05.")


def _local(day: date, time: str, which: str) -> datetime:
    try:
        return moments.moment(day, time, "", field=which)
    except Invalid as refusal:
        raise Invalid(f"{NAMES[which].capitalize()}: {refusal.sentence}") from refusal

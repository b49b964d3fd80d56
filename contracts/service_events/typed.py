"""What was typed on the pages that log something, as the verbs take it; and a form filled in. Translates, decides nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from base import clock
from base.refusals import Invalid, read_together, refuse_together
from contracts.fields import pounds
from contracts.fields.numbers import number
from contracts.judging import clock_input
from contracts.judging.job import Job
from contracts.judging.kinds import PauseReason, Side, StampKind
from contracts.promises.kinds import EventKind, How
from contracts.promises.metric import MetricVersion
from contracts.service_events import moments
from contracts.service_events.logging_one import TIMED, Logged, require_priority, require_words
from contracts.service_events.stamping import Stamping
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import an_id

NOT_TOLD: Final = "not_yet"
POUND: Final = 100  # pence


def logged(form: Form, kind: EventKind, metric: MetricVersion | None) -> Logged:
    """Raises Invalid that names each wrong field."""
    times: dict[str, Any] = {}

    def happened() -> None:
        if kind in TIMED:
            times["happened_at"] = moment(form, "happened")
        else:
            times["on_day"] = form.day("happened")

    def told() -> None:
        if kind is EventKind.JOB and form.text("told_how", NOT_TOLD) != NOT_TOLD:
            times["told_how"] = forms.one_of(How, form.text("told_how"), "told_how", "Choose how you told them.")
            times["told_at"] = moment(form, "told")

    def said() -> None:
        times["said"] = _SAID[kind](form) if kind in _SAID else {}

    what = form.text("what") or ("" if kind is EventKind.JOB or metric is None else metric.name)
    notes, job_number, priority = form.text("notes"), form.text("job_number"), form.text("priority") or None
    refuse_together(
        happened, told, said, lambda: require_words(what, notes, job_number), lambda: require_priority(kind, priority)
    )
    chosen = metric.metric if metric else None
    return Logged(
        kind, metric=chosen, what=what, notes=notes, job_number=job_number,
        priority=priority if kind is EventKind.JOB else None, **times,
    )  # fmt: skip


def stamping(form: Form) -> Stamping:
    """Without a time it is now. Raises Invalid that names each wrong field."""
    has_time = any(form.text(name).strip() for name in ("at_time", "at-day", "at-month", "at-year"))
    reason = form.text("reason") if form.text("kind") == StampKind.WAITING else ""
    kind, at, waits_for = read_together(
        lambda: forms.one_of(StampKind, form.text("kind"), "kind", "Choose what happened."),
        lambda: moment(form, "at") if has_time else None,
        lambda: forms.one_of(PauseReason, reason, "reason", "Choose what they wait for.") if reason else None,
    )
    return Stamping(
        kind,
        at,
        form.text("priority") or None if kind is StampKind.PRIORITY else None,
        waits_for,
        Side.SUPPLIER if form.text("by_supplier") == "yes" else Side.SCHOOL,
        form.text("note"),
    )


def moment(form: Form, name: str) -> datetime:
    return moments.moment(form.day(name), form.text(f"{name}_time"), form.text(f"{name}_which"), field=name)


def now_filled_in() -> dict[str, Any]:
    """A form for logging: it happened now, and they were told now, by telephone."""
    now = clock.now()
    return {**moments.boxes("happened", now), **moments.boxes("told", now), "told_how": How.TELEPHONE.value, "priority": ""}


def filled(job: Job, words: Mapping[str, str]) -> dict[str, Any]:
    """The form for an event as it stands."""
    values: dict[str, Any] = {"what": words.get("what", ""), "notes": words.get("notes", ""), "priority": job.priority or ""}
    values |= {"job_number": job.job_number, "told_how": job.told_how.value if job.told_how else NOT_TOLD, "row": str(job.row)}
    day = {"day": job.on_day.day, "month": job.on_day.month, "year": job.on_day.year}
    values |= {f"happened-{part}": str(value) for part, value in day.items()}
    values |= moments.boxes("happened", job.happened_at) if job.happened_at else {}
    values |= moments.boxes("told", job.told_at) if job.told_at else {}
    return values | _said_filled(job.said)


def _said_filled(said: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: str(value) for name, value in said.items() if value is not None}
    if "passed" in said:
        values["passed"] = {True: "yes", False: "no", None: "unseen"}[said["passed"]]
    if "pence" in said:
        values["pounds"] = f"{said['pence'] / POUND:.2f}"
    if said.get("to") and "what" in said:
        values |= moments.boxes("until", datetime.fromisoformat(said["to"]))
    values["outage"] = str(said.get("what", ""))
    for name in ("from", "to", "done"):
        if isinstance(said.get(name), str) and "T" not in said[name]:
            year, month, day = said[name].split("-")
            values |= {f"{name}-day": str(int(day)), f"{name}-month": str(int(month)), f"{name}-year": year}
    values.pop("what", None)
    return values


def _passed(form: Form) -> dict[str, Any]:
    answers = {"yes": True, "no": False, "unseen": None}
    if form.text("passed") not in answers:
        raise Invalid("Choose whether it passed.", passed="Choose whether it passed.")
    return {"passed": answers[form.text("passed")]}


def _delivered(form: Form) -> dict[str, Any]:
    return {"qty": _number(form, "qty")}


def _document(form: Form) -> dict[str, Any]:
    first, last = read_together(lambda: form.day("from"), lambda: form.day("to"))
    days = {"from": first.isoformat() if first else None, "to": last.isoformat() if last else None}
    return {"kind": form.text("kind"), **{name: day for name, day in days.items() if day}}


def _money(form: Form) -> dict[str, Any]:
    pence = pounds.asked(form.text("pounds"), "pounds")
    statement = form.text("statement").strip()
    return {"pence": pence, **({"statement": statement} if statement else {})}


def _survey(form: Form) -> dict[str, Any]:
    if form.text("score") not in tuple("12345"):
        raise Invalid("Choose a score from 1 to 5.", score="Choose a score from 1 to 5.")
    return {"score": int(form.text("score"))}


def _milestone(form: Form) -> dict[str, Any]:
    offset, done = read_together(lambda: _offset(form), lambda: form.day("done"))
    found = {"anchor": form.text("anchor"), "offset": offset, "unit": form.text("unit") or "days"}
    return found | ({"done": done.isoformat()} if done else {})


def _offset(form: Form) -> int:
    typed = form.text("offset").strip() or "0"
    if not typed.removeprefix("-").isdecimal() or len(typed) > 5:
        sentence = "Enter a whole number of days; -2 is two days before."
        raise Invalid(sentence, offset=sentence)
    return int(typed)


def _outage(form: Form) -> dict[str, Any]:
    has_end = any(form.text(name).strip() for name in ("until_time", "until-day"))
    until = clock_input.iso(moment(form, "until").astimezone(UTC)) if has_end else None
    return {"what": form.text("outage"), **({"to": until} if until else {})}


_SAID: Final[Mapping[EventKind, Callable[[Form], dict[str, Any]]]] = {
    EventKind.SAMPLE: _passed,
    EventKind.DELIVERY: _delivered,
    EventKind.DOCUMENT: _document,
    EventKind.MONEY: _money,
    EventKind.SURVEY: _survey,
    EventKind.MILESTONE: _milestone,
    EventKind.OUTAGE: _outage,
}


def _number(form: Form, name: str) -> float | int:
    found = number(form.text(name).strip())
    if found is None:
        sentence = "Enter a number, such as 8 or 7.5."
        raise Invalid(sentence, **{name: sentence})
    return found


def chosen_metric(form: Form) -> UUID | None:
    return an_id(form.text("metric"))

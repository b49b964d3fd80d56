"""What was typed on the page of a promise, as the rules take it, all that is wrong at once; and the page filled in."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final, NoReturn

from base.refusals import Invalid, read_apart, read_together, refuse_all, refuse_together, refuse_unread
from contracts.fields import pounds
from contracts.fields.numbers import number
from contracts.promises import metric_terms, metrics
from contracts.promises.kinds import PRIORITIES, MetricKind, Period, Stage
from contracts.promises.metric import MetricVersion, Promise, Rules
from web.pages import forms
from web.pages.forms import Form

_TIME: Final = re.compile(r"(\d{1,5}) ?(min|mins|minutes?|h|hours?|hrs?|working days?|days?)")
_MINUTES: Final = {"m": 1, "h": 60}
TIMES: Final = "Enter a time such as 30 minutes, 4 hours or 2 working days."
HOUR: Final = 60


def promise(form: Form, latest: MetricVersion | None = None) -> Promise:
    """A new one, or ``latest`` as it is to be from a day on. Raises Invalid that names each wrong field."""
    kinds, unread = read_apart(lambda: latest.kind if latest else a_kind(form))
    kind, name, clause = kinds[0], form.text("name"), form.text("clause")
    (terms, rules, from_day, period), more = read_apart(
        lambda: _terms(form, kind) if kind else {},
        lambda: _rules(form) if kind is MetricKind.TIME_TO_EVENT else Rules(),
        lambda: _from_day(form, latest),
        lambda: forms.one_of(Period, form.text("period") or Period.TERM.value, "period", "Choose how often it is counted."),
    )
    refuse_unread([*unread, *more], lambda: metrics.checked_words(name, clause))
    return Promise(kind, name, terms, from_day, period, clause, rules)


def a_kind(form: Form) -> MetricKind:
    """Raises Invalid."""
    found: MetricKind = forms.one_of(MetricKind, form.text("kind"), "kind", "Choose what is promised.")
    return found


def _from_day(form: Form, latest: MetricVersion | None) -> date:
    day = a_day(form, "from", "Enter the day from which this holds.")
    if latest:
        metrics.require_later(day, latest)
    return day


def _terms(form: Form, kind: MetricKind) -> dict[str, Any]:
    """As the rules take them, by which they are judged here too."""
    bounds, its_own = read_together(lambda: _bounds(form, kind), lambda: _TERMS[kind](form))
    terms = {**bounds, **its_own}
    metric_terms.checked(kind, terms)
    return terms


def a_day(form: Form, name: str, missing: str) -> date:
    found = form.day(name)
    if found is None:
        _refuse(name, missing)
    return found


def _bounds(form: Form, kind: MetricKind) -> dict[str, Any]:
    if kind in (MetricKind.MONEY, MetricKind.MILESTONE):
        return {}
    target, mostly = read_together(lambda: _number(form, "target", required=True), lambda: _number(form, "mostly"))
    return {"target": target, **_given(mostly=mostly)}


def _times(form: Form) -> dict[str, Any]:
    typed = {priority: form.text(f"time_{priority}").strip() for priority in PRIORITIES}
    modes = {priority: form.text(f"busy_{priority}").strip() for priority in PRIORITIES}
    fields = {f"time_{priority}": text for priority, text in typed.items() if text}
    fields |= {f"busy_{priority}": text for priority, text in modes.items() if text}
    stage, _, *times = read_together(
        lambda: forms.one_of(Stage, form.text("stage"), "stage", "Say what the time ends with, such as fixed."),
        lambda: None if any(typed.values()) else _refuse("time_P1", "Enter a time for at least one priority."),
        *(partial(_target, text, field) for field, text in fields.items()),
    )
    read = dict(zip(fields, times, strict=True))
    targets = {priority: read[f"time_{priority}"] for priority, text in typed.items() if text}
    for priority, text in modes.items():
        if text and "minutes" in targets.get(priority, {}):
            minutes = read[f"busy_{priority}"].get("minutes")
            targets[priority]["modes"] = dict.fromkeys(("inspection", "exams", "results_day", "census"), minutes)
    return {"stage": stage.value, "targets": targets}


def _target(typed: str, field: str) -> dict[str, Any]:
    found = _TIME.fullmatch(typed.lower())
    if found is None:
        _refuse(field, TIMES)
    unit = found[2][0]
    if unit in _MINUTES:
        return {"minutes": int(found[1]) * _MINUTES[unit]}
    return {"business_days": int(found[1]), "received": "next_opening"}


def _least(form: Form) -> dict[str, Any]:
    return _given(least=_whole(form, "least"))


def _quantity(form: Form) -> dict[str, Any]:
    cap = "period" if form.text("cap") == "period" else "day"
    return {"per_open_day": _number(form, "per_open_day", required=True), "unit": form.text("unit")[:40], "cap": cap}


def _schedule(form: Form) -> dict[str, Any]:
    window, planned = read_together(
        lambda: _whole(form, "window_days") or 0, lambda: [_day(line, "planned") for line in _lines(form, "planned")]
    )
    return {"window_days": window, "planned": planned}


def _documents(form: Form) -> dict[str, Any]:
    return {"kinds": _lines(form, "kinds")}


def _money(form: Form) -> dict[str, Any]:
    measure, pence, within = read_together(
        lambda: _measure(form),
        lambda: pounds.asked(form.text("pounds"), "pounds"),
        lambda: _number(form, "mostly_within_percent"),
    )
    return {
        "measure": measure, "target_pence": pence, **_given(mostly_within_percent=within),
        **({"statements": _lines(form, "statements")} if _lines(form, "statements") else {}),
    }  # fmt: skip


def _measure(form: Form) -> str:
    if form.text("measure") not in ("at_least", "at_most"):
        _refuse("measure", "Choose at least or at most.")
    return form.text("measure")


def _survey(form: Form) -> dict[str, Any]:
    at_least, least, asked = read_together(*(partial(_whole, form, name) for name in ("at_least", "least", "asked")))
    return {"at_least": at_least or 4, **_given(least=least, asked=asked)}


def _milestone(form: Form) -> dict[str, Any]:
    grace, anchors = read_together(lambda: _whole(form, "grace_days") or 0, lambda: _anchors(form))
    return {"grace_days": grace, "anchors": anchors}


def _anchors(form: Form) -> dict[str, str]:
    anchors = {}
    for line in _lines(form, "anchors"):
        name, _, day = line.rpartition("=")
        anchors[name.strip()] = _day(day.strip(), "anchors")
    return anchors


def _none(_form: Form) -> dict[str, Any]:
    return {}


_TERMS: Final[Mapping[MetricKind, Callable[[Form], dict[str, Any]]]] = {
    MetricKind.TIME_TO_EVENT: _times,
    MetricKind.AVAILABILITY: _none,
    MetricKind.SAMPLE_RATIO: _least,
    MetricKind.QUANTITY: _quantity,
    MetricKind.SCHEDULE: _schedule,
    MetricKind.DOCUMENT: _documents,
    MetricKind.MONEY: _money,
    MetricKind.SURVEY: _survey,
    MetricKind.MILESTONE: _milestone,
}


def _rules(form: Form) -> Rules:
    (same_job_days,), unread = read_apart(lambda: _whole(form, "same_job_days"))
    rules = Rules(
        starts_when_it_happens=form.text("starts") == "happened",
        told_by=form.many("told_by"),
        cut_off=form.text("cut_off").strip(),
        parts_pause=form.text("parts_pause") == "yes",
        same_job_days=same_job_days,
    )
    refuse_together(lambda: metric_terms.checked_rules(rules), lambda: refuse_all(unread))
    return rules


def filled(metric: MetricVersion) -> dict[str, Any]:
    """The page for a promise as it stands; the day of the change is left to be entered."""
    terms, rules = metric.terms, metric.rules
    values = {name: str(value) for name, value in terms.items() if isinstance(value, int | float | str)}
    values |= {name: "\n".join(terms[name]) for name in ("kinds", "statements", "planned") if name in terms}
    values["anchors"] = "\n".join(f"{name} = {day}" for name, day in terms.get("anchors", {}).items())
    values["pounds"] = f"{terms['target_pence'] / 100:.2f}" if "target_pence" in terms else ""
    for priority, target in metric.targets.items():
        values[f"time_{priority}"] = target_words(target)
        values[f"busy_{priority}"] = minutes_words(min(target["modes"].values())) if target.get("modes") else ""
    found: dict[str, Any] = {**values, "name": metric.name, "clause": metric.clause, "period": metric.period.value}
    found |= {"starts": "happened" if rules.starts_when_it_happens else "told", "told_by": list(rules.told_by)}
    found |= {"cut_off": rules.cut_off, "parts_pause": ["yes"] if rules.parts_pause else []}
    found |= {"same_job_days": "" if rules.same_job_days is None else str(rules.same_job_days), "version": str(metric.version)}
    return found


def target_words(target: Mapping[str, Any]) -> str:
    """4 hours, 90 minutes, 2 working days"""
    if "business_days" in target:
        return f"{target['business_days']} working day{'' if target['business_days'] == 1 else 's'}"
    return minutes_words(target["minutes"])


def minutes_words(minutes: int) -> str:
    if minutes and minutes % HOUR == 0:
        return f"{minutes // HOUR} hour{'' if minutes == HOUR else 's'}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _lines(form: Form, name: str) -> list[str]:
    return [line.strip() for line in form.text(name).splitlines() if line.strip()]


def _day(typed: str, field: str) -> str:
    found = re.fullmatch(r"(\d{1,2})[ /.](\d{1,2})[ /.](\d{4})|(\d{4})-(\d{2})-(\d{2})", typed)
    if found is None:
        _refuse(field, "Enter each day on a line of its own, such as 3 11 2026.")
    day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        _refuse(field, f"There is no {typed}. Enter real days, such as 3 11 2026.")


def _whole(form: Form, name: str) -> int | None:
    typed = form.text(name).strip()
    if not typed:
        return None
    if not typed.isdecimal() or not typed.isascii() or len(typed) > 9:
        _refuse(name, "Enter a whole number.")
    return int(typed)


def _number(form: Form, name: str, *, required: bool = False) -> int | float | None:
    typed = form.text(name).strip().removesuffix("%").strip()
    if not typed and not required:
        return None
    found = number(typed)
    if found is None:
        _refuse(name, "Enter a number, such as 95 or 99.5.")
    return found


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{field: sentence})

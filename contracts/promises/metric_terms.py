"""What a metric asks, checked by the rules that will judge it, so that no metric is kept which they would refuse. Pure."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, Final, NoReturn

from base.refusals import Invalid
from contracts.attaining.asked import PER_CENT
from contracts.attaining.attaining import attain
from contracts.clock.reading import day as a_day
from contracts.clock.refused import Refused
from contracts.clock.targets import target_of
from contracts.promises.kinds import PRIORITIES, How, MetricKind, Stage
from contracts.promises.metric import Rules, as_json

LONGEST_TERMS: Final = 10_000  # characters of JSON: some hundreds of planned days
MOST_LISTED: Final = 400  # planned days, kinds of document, statements
LONGEST_ITEM: Final = 60
MOST_REOPEN_DAYS: Final = 366

# What the terms of each kind may say, beside target and lower bound.
_NAMES: Final[Mapping[MetricKind, frozenset[str]]] = {
    MetricKind.TIME_TO_EVENT: frozenset({"target", "mostly", "stage", "targets"}),
    MetricKind.AVAILABILITY: frozenset({"target", "mostly"}),
    MetricKind.SAMPLE_RATIO: frozenset({"target", "mostly", "least"}),
    MetricKind.QUANTITY: frozenset({"target", "mostly", "per_open_day", "unit", "cap"}),
    MetricKind.SCHEDULE: frozenset({"target", "mostly", "window_days", "planned"}),
    MetricKind.DOCUMENT: frozenset({"target", "mostly", "kinds"}),
    MetricKind.MONEY: frozenset(
        {"measure", "target_pence", "statements", "mostly_within_percent"}
        | {"per_breach_pence", "free", "cap_percent", "fee_pence", "of"}
    ),
    MetricKind.SURVEY: frozenset({"target", "mostly", "at_least", "least", "least_percent", "asked"}),
    MetricKind.MILESTONE: frozenset({"grace_days", "anchors"}),
}
BESIDE: Final = ("planned", "anchors", "asked")  # rules A take these beside the metric
_ANY_HOURS: Final = {"versions": [{"from": "2000-01-01", "weekly": {"mon": [["08:00", "17:00"]]}}]}
_A_MONDAY: Final = "2026-01-05"


def checked(kind: MetricKind, terms: Mapping[str, Any]) -> str:
    """The JSON to keep. Raises Invalid that names the term by its question, else ``terms``."""
    if unknown := set(terms) - _NAMES[kind]:
        _refuse(f"A metric of this kind has no “{str(min(unknown, key=str))[:40]}”.")
    try:
        text = as_json(terms)
        if len(text) > LONGEST_TERMS:
            _refuse("This is longer than a contract says it. Leave out days that are past.")
        _require_bounds(terms)
        _CHECKS.get(kind, _nothing_more)(terms)
        attain(_empty(kind, terms))
    except Refused as refused:
        _refuse(refused.sentence)
    except (ValueError, TypeError):
        _refuse("A value is no number, text or list.")
    return text


def checked_rules(rules: Rules) -> str:
    """The JSON to keep. Raises Invalid that names the field of all that is wrong."""
    problems = {}
    if unknown := set(rules.told_by) - set(How):
        problems["told_by"] = f"“{min(unknown)[:40]}” is no way of telling a supplier."
    if rules.cut_off and not _is_an_hour(rules.cut_off):
        problems["cut_off"] = "Enter the hour on the 24-hour clock, such as 15:00."
    if rules.same_job_days is not None and not 0 <= rules.same_job_days <= MOST_REOPEN_DAYS:
        problems["same_job_days"] = f"Enter a number of days from 0 to {MOST_REOPEN_DAYS}."
    if problems:
        raise Invalid(next(iter(problems.values())), **problems)
    return rules.to_json()


def _is_an_hour(typed: str) -> bool:
    try:
        time.fromisoformat(typed)
    except ValueError:
        return False
    return len(typed) == len("15:00")


def _require_bounds(terms: Mapping[str, Any]) -> None:
    """The percentages, each at its question."""
    said = {name: terms[name] for name in ("target", "mostly") if isinstance(terms.get(name), int | float)}
    problems = {name: f"Enter a number from 0 to {PER_CENT}." for name, value in said.items() if not 0 <= value <= PER_CENT}
    if not problems and len(said) > 1 and said["mostly"] > said["target"]:
        problems["mostly"] = "The lower bound lies above the target."
    if problems:
        raise Invalid(next(iter(problems.values())), **problems)


def _empty(kind: MetricKind, terms: Mapping[str, Any]) -> dict[str, Any]:
    """What ``attain`` is asked of a day on which nothing happened."""
    beside = {name: terms[name] for name in BESIDE if name in terms}
    period = {"from": _A_MONDAY, "to": _A_MONDAY}
    return {"metric": {"type": kind.value, **terms}, "period": period, "calendar": _ANY_HOURS, "breaches": 0, **beside}


def _times(terms: Mapping[str, Any]) -> None:
    targets = terms.get("targets")
    if terms.get("stage") not in list(Stage):
        _refuse("Say what the time ends with, such as fixed.", "stage")
    if not isinstance(targets, Mapping) or not targets:
        _refuse("Enter a time for at least one priority.", "time_P1")
    if set(targets) - set(PRIORITIES):
        _refuse("Priorities are 1 to 4.")
    for one in targets.values():
        target_of(one)


def _planned(terms: Mapping[str, Any]) -> None:
    for one in _few(terms.get("planned", []), "planned days", "planned"):
        _require_day(one, "A planned date", "planned")


def _kinds(terms: Mapping[str, Any]) -> None:
    kinds = _few(terms.get("kinds", []), "kinds of document", "kinds")
    if not kinds:
        _refuse("Enter at least one kind of document.", "kinds")
    _items(kinds, "kinds")


def _statements(terms: Mapping[str, Any]) -> None:
    _items(_few(terms.get("statements", []), "statements", "statements"), "statements")
    if terms.get("measure") == "credits" and not isinstance(terms.get("of"), str):
        _refuse("Credits are due for what was missed: choose the promise that they belong to.")


def _anchors(terms: Mapping[str, Any]) -> None:
    anchors = terms.get("anchors")
    if not isinstance(anchors, Mapping) or not anchors:
        _refuse("Enter at least one day that it is reckoned from, such as the first day of term.", "anchors")
    _items(_few(list(anchors), "days", "anchors"), "anchors")
    for one in anchors.values():
        _require_day(one, "An anchor", "anchors")


def _few(given: object, what: str, field: str) -> list[Any]:
    if not isinstance(given, list) or len(given) > MOST_LISTED:
        _refuse(f"Enter at most {MOST_LISTED} {what}.", field)
    return given


def _items(given: list[Any], field: str) -> None:
    if any(not isinstance(one, str) or not one.strip() or len(one) > LONGEST_ITEM for one in given):
        _refuse(f"Each name needs 1 to {LONGEST_ITEM} characters.", field)


def _require_day(given: object, what: str, field: str) -> None:
    try:
        a_day(given, what)
    except Refused as refused:
        _refuse(refused.sentence, field)


def _nothing_more(terms: Mapping[str, Any]) -> None:
    """The rules themselves check the rest."""


_CHECKS: Final[Mapping[MetricKind, Callable[[Mapping[str, Any]], None]]] = {
    MetricKind.TIME_TO_EVENT: _times,
    MetricKind.SCHEDULE: _planned,
    MetricKind.DOCUMENT: _kinds,
    MetricKind.MONEY: _statements,
    MetricKind.MILESTONE: _anchors,
}


def _refuse(sentence: str, field: str = "terms") -> NoReturn:
    raise Invalid(sentence, **{field: sentence})

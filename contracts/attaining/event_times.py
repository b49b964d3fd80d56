"""``time_to_event``: each event judged by the clock, by priority and as a whole (rule A5)."""

from collections import defaultdict
from typing import Any

from contracts.attaining.asked import Asked, Row
from contracts.attaining.attained import BREACHED, NO_DATA, NOT_DUE, Attained, Bounds, bounds_of, worst
from contracts.clock import clock
from contracts.clock.clock import timetable_of
from contracts.clock.open_minutes import Timetable
from contracts.clock.reading import instant, mapping, minute_of
from contracts.clock.refused import bad_input

PASSED_ON = ("pauses", "reopened", "changes")  # of an event to the clock


def time_to_event(asked: Asked) -> dict[str, Any]:
    bounds, stage = bounds_of(asked.metric), asked.metric.get("stage")
    targets = mapping(asked.metric.get("targets"), "The targets by priority")
    if not isinstance(stage, str):
        bad_input("Say which stage counts, such as fixed.")
    tables, left_out = _Tables(asked), 0
    by_priority: dict[str, Attained] = defaultdict(Attained)
    for event in asked.standing("events"):
        happened = minute_of(instant(event.get("happened"), "When it happened"))
        table = tables.of(event)
        if not asked.holds(table.date_of(happened)):
            continue
        priority = event.get("priority")
        if not isinstance(priority, str) or priority not in targets:
            bad_input("An event has a priority for which there is no target.")
        if event.get("excluded") or any(first <= happened < last for first, last in asked.exclusions):
            left_out += 1
        else:
            given = {"start": event.get("start") or event["happened"], "target": targets[priority]}
            _count(by_priority[priority], table, event, stage, given, as_of=asked.given.get("as_of"))
    return _answer(by_priority, bounds, left_out)


class _Tables:
    """By which calendar each event is judged: its own, else the one for all. Events of one school give the same object."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._read: dict[int, Timetable] = {}

    def of(self, event: Row) -> Timetable:
        own = event.get("calendar")
        if id(own) not in self._read:
            self._read[id(own)] = self._asked.calendar if own is None else timetable_of(own)
        return self._read[id(own)]


def _count(counted: Attained, table: Timetable, event: Row, stage: str, given: Row, *, as_of: object) -> None:
    """Judges an event that belongs to the period; ``given`` is what the clock needs beside what the event says."""
    reached = mapping(event.get("stages") or {}, "The stages of an event").get(stage)
    if reached is None and event.get("closed") is True:
        counted.n, counted.missing = counted.n + 1, counted.missing + 1
        return
    if reached is None and _starts_after(event, as_of):
        counted.pending += 1
        return
    said = {name: event[name] for name in PASSED_ON if event.get(name) is not None}
    moment = {"as_of": as_of} if reached is None else {"stop": reached}
    verdict = clock.judge_by(table, {**given, **said, **moment})["verdict"]
    if verdict in ("running", "paused"):
        counted.pending += 1
        return
    counted.n += 1
    if verdict == "met":
        counted.above += 1
    else:
        counted.breaches += 1
        counted.breached.append(event.get("id"))


def _starts_after(event: Row, as_of: object) -> bool:
    """Whether its clock, started by a word of its own, has not started yet."""
    if event.get("start") is None or as_of is None:
        return False
    return instant(event["start"], "The start") > instant(as_of, "The moment of looking")


def _answer(by_priority: dict[str, Attained], bounds: Bounds, left_out: int) -> dict[str, Any]:
    whole = Attained(excluded=left_out)
    for each in by_priority.values():
        whole.above += each.above
        whole.n += each.n
        whole.breaches += each.breaches
        whole.missing += each.missing
        whole.pending += each.pending
    verdicts = {name: each.verdict(bounds) for name, each in sorted(by_priority.items())}
    answer: dict[str, Any] = whole.answer(worst(verdicts.values()) or (NOT_DUE if whole.pending else NO_DATA))
    answer["by_priority"] = {
        name: {key: value for key, value in by_priority[name].answer(verdict).items() if key != "excluded"}
        for name, verdict in verdicts.items()
    }
    answer[BREACHED] = frozenset(one for each in by_priority.values() for one in each.breached)
    return answer

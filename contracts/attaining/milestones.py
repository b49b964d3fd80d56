"""``milestone``: what is to be done by a day reckoned from an anchor, such as the start of a term (rule A12)."""

from datetime import date, timedelta
from typing import Any

from contracts.attaining.asked import Asked, Row
from contracts.attaining.attained import MET, MOSTLY, NO_DATA, NOT_DUE, NOT_MET, Attained, worst
from contracts.clock import working_days
from contracts.clock.bank_holidays import NATIONS
from contracts.clock.periods import MOST, plus_days
from contracts.clock.reading import day as a_day
from contracts.clock.reading import mapping, whole
from contracts.clock.refused import bad_input

UNITS = ("days", "working_days", "open_days")


def milestone(asked: Asked) -> dict[str, Any]:
    """Also ``dues``: the day of each milestone, None where its anchor isn't known."""
    grace = timedelta(days=whole(asked.metric.get("grace_days", 0), "The days of grace"))
    anchors = mapping(asked.given.get("anchors") or {}, "The anchors")
    found, dues, verdicts = Attained(), list[str | None](), list[str]()
    for row in asked.standing("milestones"):
        if row.get("excluded"):
            found.excluded += 1
            continue
        due = _due(asked, row, anchors)
        dues.append(due.isoformat() if due else None)
        if due is None:
            found.missing += 1
            continue
        done = a_day(row["done"], "The day on which it was done") if row.get("done") is not None else None
        if done is None and asked.as_of <= due:
            found.pending += 1
            continue
        verdicts.append(_verdict(due, done or asked.as_of, grace))
        found.n += 1
        found.above += verdicts[-1] == MET
        found.breaches += verdicts[-1] != MET
    return found.answer(worst(verdicts) or (NOT_DUE if found.pending else NO_DATA)) | {"dues": dues}


def _verdict(due: date, done: date, grace: timedelta) -> str:
    return MET if done <= due else MOSTLY if done <= due + grace else NOT_MET


def _due(asked: Asked, row: Row, anchors: Row) -> date | None:
    anchor, offset, unit = anchors.get(str(row.get("anchor"))), row.get("offset", 0), row.get("unit", "days")
    if isinstance(offset, bool) or not isinstance(offset, int) or abs(offset) > MOST:
        bad_input("A milestone lies a whole number of days before or after its anchor.")
    if unit not in UNITS:
        bad_input(f"A milestone's days are {', '.join(UNITS)}.".replace("_", " "))
    if anchor is None:
        return None
    day = a_day(anchor, "An anchor")
    if unit == "days":
        return plus_days(day, offset)
    step, nation = (1 if offset > 0 else -1), asked.given.get("nation") or "ENG"
    if nation not in NATIONS:
        bad_input(f"Bank holidays are those of {', '.join(NATIONS)}.")
    for _ in range(abs(offset)):
        day = plus_days(day, step)
        while not (working_days.is_working_day(day, nation) if unit == "working_days" else asked.calendar.calendar.openings(day)):
            day = plus_days(day, step)
    return day

"""``quantity``, ``schedule`` and ``document``: what was delivered, visited or in date, day by day (rules A7, A8, A9)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from contracts.attaining.asked import Asked, amount
from contracts.attaining.attained import NO_DATA, Attained, bounds_of
from contracts.clock.open_minutes import Timetable
from contracts.clock.reading import EARLIEST, LATEST, listed, whole
from contracts.clock.reading import day as a_day
from contracts.clock.refused import bad_input

ONE = timedelta(days=1)
MOST_DAYS = 731  # in which a service opens again


def quantity(asked: Asked) -> dict[str, Any]:
    """Also ``contracted``, ``delivered`` and ``shortfall``, in the metric's unit."""
    bounds, cap = bounds_of(asked.metric), asked.metric.get("cap", "day")
    per_day = amount(asked.metric.get("per_open_day"), "How much is contracted for an open day")
    if cap not in ("day", "period"):
        bad_input("What is too much on a day is capped by the day, or banked for the period.")
    by_day: dict[date, Fraction] = defaultdict(Fraction)
    for row in asked.rows("delivered"):
        if row.get("qty") is not None:
            by_day[a_day(row["on"], "The day of a delivery")] += amount(row["qty"], "What was delivered")
    table = asked.calendar
    opened = [day for day in asked.days() if table.calendar.openings(day)]
    counted = [day for day in opened if not asked.is_left_out(day, table.tz)]
    recorded = [day for day in counted if day in by_day]
    contracted = per_day * len(counted)
    delivered = sum((min(by_day[day], per_day) for day in recorded), Fraction())
    if cap == "period":
        banked = sum((qty for day, qty in by_day.items() if not asked.is_left_out(day, table.tz)), Fraction())
        delivered = min(banked, contracted)
    short = sum(by_day[day] < per_day for day in recorded)
    missing, left_out = len(counted) - len(recorded), len(opened) - len(counted)
    found = Attained(delivered, len(counted), short, missing, left_out)
    amounts = {"contracted": contracted, "delivered": delivered, "shortfall": contracted - delivered}
    shown = {name: int(value) if value.denominator == 1 else float(value) for name, value in amounts.items()}
    if not recorded or not contracted:
        return found.answer(NO_DATA) | {"measured": None} | shown
    share = Attained(delivered / per_day, found.n)
    return found.answer(share.verdict(bounds)) | {"measured": share.measured} | shown


def schedule(asked: Asked) -> dict[str, Any]:
    bounds, found, dues, table = bounds_of(asked.metric), Attained(), list[date](), asked.calendar
    window = timedelta(days=whole(asked.metric.get("window_days", 0), "The days that a visit may be early or late"))
    for each in listed(asked.given.get("planned"), "Planned dates"):
        planned = a_day(each, "A planned date")
        if not asked.holds(planned):
            continue
        if asked.is_left_out(planned, table.tz):
            found.excluded += 1
        else:
            dues.append(_next_open_day(table, planned))
    visits, unanswered = _visits(asked, is_left_out=False), list[date]()
    for due in sorted(dues):
        answering = next((visit for visit in visits if abs(visit - due) <= window), None)
        if answering is None:
            unanswered.append(due)
        else:
            visits.remove(answering)
            found.above += 1
    for visit in _visits(asked, is_left_out=True):
        meant = _meant(visit, dues, unanswered, window)
        if meant in unanswered:
            unanswered.remove(meant)
            found.excluded += 1
    found.pending = sum(asked.as_of <= due + window for due in unanswered)
    found.breaches = len(unanswered) - found.pending
    found.n = int(found.above) + found.breaches
    return found.answer(found.verdict(bounds))


def _visits(asked: Asked, *, is_left_out: bool) -> list[date]:
    rows = (row for row in asked.standing("done") if bool(row.get("excluded")) is is_left_out)
    return sorted(a_day(row.get("on"), "The day of a visit") for row in rows)


def _meant(visit: date, dues: Sequence[date], unanswered: Sequence[date], window: timedelta) -> date | None:
    """The planned day that a visit was for: the first that it could have answered, else the last one before it."""
    in_time = next((due for due in unanswered if abs(visit - due) <= window), None)
    return in_time or max((due for due in dues if due < visit), default=None)


def document(asked: Asked) -> dict[str, Any]:
    bounds, found = bounds_of(asked.metric), Attained()
    kinds = dict.fromkeys(str(each) for each in listed(asked.metric.get("kinds"), "The kinds of document"))
    handed_in: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for row in asked.standing("documents"):
        if row.get("excluded"):
            continue
        first = a_day(row["from"], "The first day of a document") if row.get("from") is not None else EARLIEST
        last = a_day(row["to"], "The last day of a document") if row.get("to") is not None else LATEST
        if last < first:
            bad_input("A document runs out before it begins.")
        handed_in[str(row.get("kind"))].append((first, last))
    looked_at = [day for day in asked.days() if not asked.is_left_out(day)]
    for kind in kinds:
        valid = handed_in.get(kind, [])
        in_date = [any(first <= day <= last for first, last in valid) for day in looked_at]
        found.missing += not valid
        found.above += sum(in_date)
        found.n += len(looked_at)
        found.breaches += _gaps(in_date)
    found.excluded = len(asked.days()) - len(looked_at)
    return found.answer(found.verdict(bounds))


def _gaps(in_date: Sequence[bool]) -> int:
    """How often a run of days out of date begins."""
    return sum(not here and before for before, here in zip([True, *in_date], in_date, strict=False))


def _next_open_day(table: Timetable, day: date) -> date:
    for later in (day + n * ONE for n in range(MOST_DAYS)):
        if table.calendar.openings(later):
            return later
    return bad_input("The service does not open in two years: check its hours.")

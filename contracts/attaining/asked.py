"""What attainment is asked about: a metric, a period, rows of which some correct others, what is left out (rules A1 to A4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from contracts.clock import local_time
from contracts.clock.clock import timetable_of
from contracts.clock.open_minutes import Timetable
from contracts.clock.reading import day as a_day
from contracts.clock.reading import days, instant, listed, mapping, minute_of
from contracts.clock.refused import bad_calendar, bad_input

Row = Mapping[str, Any]

MOST_ROWS: Final = 1_000_000
LONDON: Final = ZoneInfo("Europe/London")
PER_CENT: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """``given`` is the whole input; ``first`` and ``last`` are the period's local days."""

    given: Row
    metric: Row
    first: date
    last: date
    exclusions: tuple[local_time.Span, ...]  # windows left out, in minutes since 1970

    @property
    def calendar(self) -> Timetable:
        if self.given.get("calendar") is None:
            bad_calendar("This metric needs a service calendar.")
        return timetable_of(self.given["calendar"])

    @property
    def as_of(self) -> date:
        """The local day of looking; without one, the end of the period."""
        value = self.given.get("as_of")
        if value is None:
            return self.last
        return (
            a_day(value, "The day of looking")
            if _is_day(value)
            else instant(value, "The day of looking").astimezone(LONDON).date()
        )

    def days(self) -> Sequence[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_left_out(self, day: date, tz: ZoneInfo = LONDON) -> bool:
        """Whether a whole day lies in a window that is left out."""
        start, end = local_time.midnight(day, tz), local_time.midnight(day + timedelta(days=1), tz)
        return any(first <= start and end <= last for first, last in self.exclusions)

    def rows(self, name: str, on: str = "on") -> Sequence[Row]:
        """The rows of the period that stand, by the day in their field ``on``, those left out included."""
        return [row for row in self.standing(name) if self.holds(a_day(row.get(on), "The day of a row"))]

    def standing(self, name: str) -> Sequence[Row]:
        """The rows without those that were corrected or withdrawn (rule A4). Raises Refused."""
        return standing(self.given.get(name), name)

    def leaves_out(self, row: Row, on: str = "on") -> bool:
        return bool(row.get("excluded")) or self.is_left_out(a_day(row.get(on), "The day of a row"))


def asked(data: object) -> Asked:
    """Raises Refused."""
    given = mapping(data, "What is to be judged")
    metric = mapping(given.get("metric"), "The metric")
    period = mapping(given.get("period"), "The period")
    first, last = days([period.get("from"), period.get("to")], "The period")
    if (last - first).days > 60 * 366:
        bad_input("A period has sixty years at most.")
    windows = tuple(_window(each) for each in listed(given.get("exclusions"), "What is left out"))
    return Asked(given, metric, first, last, local_time.joined(iter(windows)))


def standing(data: object, name: str) -> Sequence[Row]:
    rows = [mapping(each, f"A row of {name}") for each in listed(data, name)]
    if len(rows) > MOST_ROWS:
        bad_input(f"There are more than {MOST_ROWS:,} rows of {name}.")
    ids = [row["id"] for row in rows if row.get("id") is not None]
    corrected = [row["corrects"] for row in rows if row.get("corrects") is not None]
    if not all(isinstance(each, str | int) for each in (*ids, *corrected)):
        bad_input("The id of a row is a text or a number.")
    if len(set(ids)) < len(ids):
        bad_input(f"Two rows of {name} have the same id.")
    if set(corrected) - set(ids) or any(row.get("corrects") == row.get("id") for row in rows if row.get("corrects") is not None):
        bad_input(f"A row of {name} corrects one that is not there.")
    if len(set(corrected)) < len(corrected):
        bad_input(f"Two rows of {name} correct the same one: the second has to correct the first.")
    gone = set(corrected)
    return [row for row in rows if row.get("id") not in gone and row.get("withdrawn") is not True]


def amount(value: object, what: str, *, most: int | None = None) -> Fraction:
    """A number that is not negative, exactly as it is written."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        found = Fraction(str(value)) if is_number else None
    except ValueError:
        found = None  # not a number, or infinite
    if found is None or found < 0 or (most is not None and found > most):
        bad_input(f"{what} needs a number from 0{f' to {most}' if most is not None else ' up'}.")
    return found


def spans(data: object, what: str) -> tuple[local_time.Span, ...]:
    """Pairs of instants, joined where they touch."""
    return local_time.joined(iter([_instants(each, what) for each in listed(data, what)]))


def _instants(data: object, what: str) -> local_time.Span:
    pair = listed(data, what)
    if len(pair) != 2:
        bad_input(f"{what} needs a beginning and an end.")
    return _ordered(minute_of(instant(pair[0], what)), minute_of(instant(pair[1], what)), what)


def _window(data: object) -> local_time.Span:
    """From a day to a day, both included, or from an instant up to another."""
    given = mapping(data, "A window that is left out")
    first, last = given.get("from"), given.get("to")
    if _is_day(first) and _is_day(last):
        begins, ends = days([first, last], "A window that is left out")
        return local_time.midnight(begins, LONDON), local_time.midnight(ends + timedelta(days=1), LONDON)
    return _instants([first, last], "A window that is left out")


def _ordered(first: int, last: int, what: str) -> local_time.Span:
    if last < first:
        bad_input(f"{what} ends before it begins.")
    return first, last


def _is_day(value: object) -> bool:
    return isinstance(value, str) and "T" not in value and ":" not in value

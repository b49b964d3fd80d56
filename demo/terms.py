"""The term dates of Harrowshire in any year, as county councils set them: real-looking, and whole for every day of building."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from contracts.clock.bank_holidays import is_bank_holiday
from contracts.clock.school_calendar import Hours, SchoolCalendar, Term, Weekday

MON, TUE, WED, THU, FRI = range(5)
WEEK: Final = timedelta(days=7)
ONE: Final = timedelta(days=1)
LATE_EASTER: Final = 10  # of April: when Good Friday lies after it, the spring term ends before it
OPEN: Final = (("08:00", "17:00"),)


def calendar(today: date) -> SchoolCalendar:
    """Of the school year before, this one and the next: 08:00 to 17:00 from Monday to Friday in term."""
    terms = tuple(term for year in range(school_year(today) - 1, school_year(today) + 2) for term in _terms(year))
    inset = tuple(term.first for term in terms if term.name.startswith("Spring"))
    weekly: dict[Weekday, Hours] = {"mon": OPEN, "tue": OPEN, "wed": OPEN, "thu": OPEN, "fri": OPEN}
    return SchoolCalendar(weekly=weekly, only="term", terms=terms, inset=inset)


def school_year(day: date) -> int:
    """The calendar year in which its school year began."""
    return day.year if day.month >= 9 else day.year - 1


def school_day(known: SchoolCalendar, day: date, *, earliest: date = date.min) -> date:
    """The day or the last one before it on which the children were in; the next one where that would lie before ``earliest``."""
    found = day
    while found >= earliest and not _is_taught(known, found):
        found -= ONE
    return found if found >= earliest else school_days_later(known, earliest - ONE, 1)


def school_days_later(known: SchoolCalendar, day: date, number: int) -> date:
    for _ in range(number):
        day += ONE
        while not _is_taught(known, day):
            day += ONE
    return day


def before_half_term(known: SchoolCalendar, latest: date) -> date:
    """The Friday before the last half-term that was over by ``latest``."""
    over = [term.half_term for term in known.terms if term.half_term and term.half_term[1] + WEEK <= latest]
    return school_day(known, over[-1][0] - ONE)


def _is_taught(known: SchoolCalendar, day: date) -> bool:
    if day.weekday() > FRI or day in known.inset or is_bank_holiday(day, "ENG"):
        return False
    term = next((one for one in known.terms if one.first <= day <= one.last), None)
    return term is not None and not (term.half_term and term.half_term[0] <= day <= term.half_term[1])


def _terms(year: int) -> Iterator[Term]:
    autumn_off = _last(MON, date(year, 10, 31))
    yield Term(f"Autumn {year}", _next(WED, date(year, 9, 1)), _last(FRI, date(year, 12, 20)), _week(autumn_off))
    year += 1
    good_friday = next(day for n in range(50) if is_bank_holiday(day := date(year, 3, 19) + n * ONE, "ENG"))
    is_late = good_friday > date(year, 4, LATE_EASTER)
    spring_ends = _last(FRI, date(year, 4, 4)) if is_late else good_friday - ONE
    yield Term(f"Spring {year}", _next(MON, date(year, 1, 3)), spring_ends, _week(_next(MON, date(year, 2, 15))))
    summer_starts = _next(TUE, spring_ends + 2 * WEEK + 2 * ONE)
    yield Term(f"Summer {year}", summer_starts, _last(WED, date(year, 7, 23)), _week(_last(MON, date(year, 5, 31))))


def _week(monday: date) -> tuple[date, date]:
    return monday, monday + 4 * ONE


def _next(weekday: int, day: date) -> date:
    return day + ONE * ((weekday - day.weekday()) % 7)


def _last(weekday: int, day: date) -> date:
    return day - ONE * ((day.weekday() - weekday) % 7)

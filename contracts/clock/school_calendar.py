"""A service calendar as a school writes it down: whole terms, each with its half-term inside, hours, and days apart.

``problems`` says what can't be right. What the clock takes of it is in ``calendar_layers.py``; how terms become windows, here.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

import msgspec

from contracts.clock.refused import Refused
from contracts.clock.service_calendar import WEEKDAYS, calendar_of, words

Nation = Literal["ENG", "WLS", "SCT", "NIR"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Season = Literal["term", "holidays"]
ModeName = Literal["inspection", "exams", "results_day", "census"]
Days = tuple[date, date]  # the first and the last
Hours = tuple[tuple[str, str], ...]  # ("08:00", "12:30"): opens, closes; before or at the opening is the next morning

LONGEST_NAME: Final = 60
MOST_TERMS: Final = 36  # five years of six, and a few that reach over
MOST_DAYS: Final = 300  # of each list of days
MOST_RANGES: Final = 6  # of one day
MOST_YEARS: Final = 5
FIRST_YEAR, LAST_YEAR = 2000, 2099  # whatever lies outside is a slip
LONGEST_TERM: Final = timedelta(days=140)  # the longest real one has seventeen weeks
LONGEST_HALF_TERM: Final = timedelta(days=23)  # two weeks and three weekends
LONGEST_CLOSURE: Final = timedelta(days=366)
ONE: Final = timedelta(days=1)
SATURDAY: Final = 5


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole term; ``half_term`` are the days off inside it, null where an area has six terms a year."""

    name: str
    first: date
    last: date
    half_term: Days | None = None


class Mode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days with tighter targets."""

    name: ModeName
    first: date
    last: date


class SchoolCalendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``only``: the hours hold in term or in the holidays only; null all the year. ``half_days`` have hours of their own.

    With ``follows_trust`` the hours, terms and nation are the trust's, and the days here are the school's own beside them.
    """

    follows_trust: bool = False
    nation: Nation = "ENG"
    open_on_bank_holidays: bool = False
    weekly: Mapping[Weekday, Hours] = {}
    only: Season | None = None
    six_terms: bool = False
    terms: tuple[Term, ...] = ()
    closed: tuple[Days, ...] = ()
    half_days: Mapping[date, Hours] = {}
    inset: tuple[date, ...] = ()
    inset_open: bool = False
    modes: tuple[Mode, ...] = ()

    @property
    def last_known(self) -> date | None:
        """The last day of the last term."""
        return max((term.last for term in self.terms), default=None)


def of_json(text: str) -> SchoolCalendar:
    return msgspec.json.decode(text, type=SchoolCalendar)


def to_json(calendar: SchoolCalendar) -> str:
    """The same text for the same calendar."""
    return msgspec.json.encode(msgspec.to_builtins(calendar, str_keys=True), order="deterministic").decode()


def halves(term: Term) -> tuple[Days, ...]:
    """The parts of a term before and after its half-term, from school day to school day: weekends beside half-term are off."""
    if term.half_term is None:
        return ((term.first, term.last),)
    before, after = term.half_term[0] - ONE, term.half_term[1] + ONE
    while before.weekday() >= SATURDAY:
        before -= ONE
    while after.weekday() >= SATURDAY:
        after += ONE
    return ((term.first, before), (after, term.last))


def windows(terms: Iterable[Term]) -> list[list[str]]:
    """What the clock takes as terms: without half-term. Also what a notice in half-terms counts."""
    return [[first.isoformat(), last.isoformat()] for term in terms for first, last in halves(term)]


def whole_terms(terms: Iterable[Term]) -> list[list[str]]:
    """What a notice in terms counts."""
    return [[term.first.isoformat(), term.last.isoformat()] for term in terms]


def problems(calendar: SchoolCalendar) -> dict[str, str]:
    """A sentence for each field that can't be right; nothing where the clock can take it."""
    found = {
        "weekly": _hours_problem(calendar),
        "terms": _terms_problem(calendar),
        "closed": _windows_problem(calendar.closed, "A closure"),
        "half_days": _half_days_problem(calendar),
        "inset": _days_problem(calendar.inset, "INSET days"),
        "modes": _windows_problem([(mode.first, mode.last) for mode in calendar.modes], "A busy time"),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def _hours_problem(calendar: SchoolCalendar) -> str:
    if not calendar.follows_trust and not any(calendar.weekly.values()):
        return "Enter the hours of at least one day of the week."
    return next(filter(None, (_ranges_problem(hours, _NAMES[day]) for day, hours in calendar.weekly.items())), "")


_NAMES: Final = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))


def _ranges_problem(hours: Hours, whose: str) -> str:
    """What the clock itself refuses, and ranges of one day that overlap."""
    if len(hours) > MOST_RANGES:
        return f"{whose} has more than {MOST_RANGES} times of opening."
    try:
        calendar_of({"versions": [{"from": "2020-01-01", "weekly": {"mon": [list(one) for one in hours]}}]})
    except Refused as refused:
        return f"{whose}: {refused.sentence}"
    spans = sorted((opens, closes if closes > opens else f"+{closes}") for opens, closes in hours)
    for (_, closes), (opens, _) in pairwise(spans):
        if closes.startswith("+") or opens < closes:
            return f"{whose}: the hours overlap. Write each hour once."
    return ""


def _half_days_problem(calendar: SchoolCalendar) -> str:
    if sentence := _days_problem(calendar.half_days, "Half days"):
        return sentence
    for day, hours in calendar.half_days.items():
        if not hours:
            return f"{words(day)} has no hours. Enter it as a closed day instead."
        if sentence := _ranges_problem(hours, words(day)):
            return sentence
        if any(first <= day <= last for first, last in calendar.closed):
            return f"{words(day)} is a closed day and a half day. Which is it?"
    return ""


def _days_problem(days: Iterable[date], what: str) -> str:
    there = list(days)
    if len(there) > MOST_DAYS:
        return f"{what}: {MOST_DAYS} at most. Leave out what is long past."
    return next(filter(None, map(_year_problem, there)), "")


def _windows_problem(given: Iterable[Days], what: str) -> str:
    there = list(given)
    if len(there) > MOST_DAYS:
        return f"More than {MOST_DAYS} lines. Leave out what is long past."
    for first, last in there:
        if last < first:
            return f"{what} ends before it begins: {words(first)} to {words(last)}."
        if last - first > LONGEST_CLOSURE:
            return f"{what} lasts more than a year: {words(first)} to {words(last)}."
        if sentence := _year_problem(first) or _year_problem(last):
            return sentence
    return ""


def _year_problem(day: date) -> str:
    return "" if FIRST_YEAR <= day.year <= LAST_YEAR else f"The year {day.year} can't be right."


def _terms_problem(calendar: SchoolCalendar) -> str:
    terms = sorted(calendar.terms, key=lambda term: term.first)
    if calendar.only and not terms and not calendar.follows_trust:
        return "Hours in term or in the holidays only need the term dates."
    if len(terms) > MOST_TERMS:
        return f"Enter at most {MOST_TERMS} terms."
    return next(_term_problems(terms, six_terms=calendar.six_terms), "")


def _term_problems(terms: list[Term], *, six_terms: bool) -> Iterator[str]:
    for term in terms:
        yield from _one_term_problems(term, six_terms=six_terms)
    for before, after in pairwise(terms):
        if after.first <= before.last:
            yield (
                f"{before.name} and {after.name} overlap: one ends on {words(before.last)}, the other begins on "
                f"{words(after.first)}."
            )
    if terms and terms[-1].last - terms[0].first > timedelta(days=366 * MOST_YEARS):
        yield f"The terms span more than {MOST_YEARS} years. Leave out the oldest ones."


def _one_term_problems(term: Term, *, six_terms: bool) -> Iterator[str]:
    if not term.name.strip() or len(term.name) > LONGEST_NAME or not term.name.isprintable() or ":" in term.name:
        yield f"Each term needs a name of at most {LONGEST_NAME} characters, without a colon."
    if sentence := _year_problem(term.first) or _year_problem(term.last):
        yield sentence
    if term.last < term.first:
        yield f"{term.name} ends before it begins."
    elif term.last - term.first > LONGEST_TERM:
        yield f"{term.name} lasts more than twenty weeks. Enter each term by itself."
    if term.half_term is None and not six_terms:
        yield f"{term.name} has no half-term. Add its days off, or say that your area has six terms a year."
    if term.half_term is not None:
        yield from _half_term_problems(term, term.half_term, six_terms=six_terms)


def _half_term_problems(term: Term, half_term: Days, *, six_terms: bool) -> Iterator[str]:
    first, last = half_term
    if six_terms:
        yield f"{term.name} has a half-term, but in an area of six terms none has. Which is right?"
    if last < first:
        yield f"Half-term of {term.name} ends before it begins."
    elif last - first >= LONGEST_HALF_TERM:
        yield f"Half-term of {term.name} lasts more than three weeks."
    elif any(before > after for before, after in halves(term)):
        yield f"Half-term of {term.name} lies outside it: {words(first)} to {words(last)}."

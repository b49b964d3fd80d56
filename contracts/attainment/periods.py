"""Into which periods a promise is reckoned: months, terms and so on, cut at the ends of the contract's own terms, and where it
changes. Pure.

Every day from the first on lies in exactly one period. Where a promise is reckoned by term, holidays are periods of their own,
so that what happened in them is not lost; and so are days of which no terms are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from base.words import in_words
from contracts.clock.periods import plus_months
from contracts.clock.school_calendar import Term, halves
from contracts.promises.kinds import Period

ONE: Final = timedelta(days=1)
MONTHS: Final = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
SEPTEMBER: Final = 9


@dataclass(frozen=True, slots=True)
class Span:
    """Both days included. ``is_between``: holidays, or days of which no terms are known."""

    first: date
    last: date
    label: str
    is_between: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Of a contract: the day on which it starts, None if nobody knows, and the last day of each of its terms, in order."""

    starts_on: date | None = None
    ends: tuple[date, ...] = ()

    def begun_by(self, day: date) -> date | None:
        """The first day of the term in which a day lies."""
        return max((one for one in (self.starts_on, *(end + ONE for end in self.ends)) if one and one <= day), default=None)


def spans(kind: Period, first: date, last: date, *, of_contract: Terms, terms: Sequence[Term]) -> tuple[Span, ...]:
    """The periods in which the days from ``first`` to ``last`` lie, cut at ``first`` and at the ends of the contract's terms; the
    last one is whole. ``terms`` are the school's.

    Quarters and years count from the day on which the contract's term starts, where that is known.
    """
    windows = [] if kind in MONTHS else _windows(kind, terms)
    begins = [first, *(end + ONE for end in of_contract.ends if first <= end < last)]
    found: list[Span] = []
    for begin in begins:
        end = next((one for one in of_contract.ends if one >= begin), None)
        until = last if end is None else min(last, end)
        inside = _months(kind, begin, until, of_contract.begun_by(begin)) if kind in MONTHS else _terms(windows, begin, until)
        found += [ended(_cut(one, begin), end) for one in inside]
    return tuple(found)


def _months(kind: Period, first: date, last: date, begun: date | None) -> Iterator[Span]:
    anchor = date(first.year - 1, SEPTEMBER if kind is Period.YEAR else 1, 1)
    if kind is not Period.MONTH and begun is not None:
        anchor = begun
    step, n = MONTHS[kind], 0
    while (begins := plus_months(anchor, n * step)) <= last:
        ends = plus_months(anchor, (n + 1) * step) - ONE
        if ends >= first:
            yield Span(begins, ends, f"{begins:%B %Y}" if kind is Period.MONTH else f"{_day(begins)} to {_day(ends)}")
        n += 1


def _windows(kind: Period, terms: Sequence[Term]) -> list[Span]:
    if kind is Period.TERM:
        return [Span(term.first, term.last, term.name) for term in terms]
    found = []
    for term in terms:
        parts = halves(term)
        names = (f"{term.name}, first half", f"{term.name}, second half") if len(parts) > 1 else (term.name,)
        found += [Span(begins, ends, name) for (begins, ends), name in zip(parts, names, strict=True)]
    return found


def _terms(windows: Sequence[Span], first: date, last: date) -> Iterator[Span]:
    """The windows, and between them what lies between, by school year."""
    starts = {one.first: one for one in windows}
    years = {date(year, SEPTEMBER, 1) for year in range(first.year, last.year + 2)}
    inside = {day for day in years if any(one.first < day <= one.last for one in windows)}
    edges = {first, *starts, *(one.last + ONE for one in windows), *(years - inside)}
    for begins, following in pairwise(sorted({*edges, date(last.year + 2, SEPTEMBER, 1)})):
        if following <= first or begins > last:
            continue
        window = next((one for one in windows if one.first <= begins <= one.last), None)
        if window is not None:
            yield window
        else:
            yield Span(begins, following - ONE, f"{_day(begins)} to {_day(following - ONE)}", is_between=True)


def _cut(one: Span, first: date) -> Span:
    return one if one.first >= first else Span(first, one.last, f"{one.label}, from {_day(first)}", one.is_between)


def ended(one: Span, until: date | None) -> Span:
    """The period up to the last day of a promise, where that comes sooner."""
    if until is None or until >= one.last:
        return one
    return Span(one.first, until, f"{one.label}, up to {_day(until)}", one.is_between)


def _day(day: date) -> str:
    return in_words(day)

"""A calendar's lists as lines of a form, and back: what is written is read again as the same. Pure.

Hours are "08:00 to 12:30, 13:15 to 17:00", days "24 December 2026 to 1 January 2027", one to a line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NoReturn, TypeVar

from base.refusals import Invalid
from contracts.calendars import days_in_words
from contracts.calendars.days_in_words import DAY
from contracts.clock.school_calendar import MOST_DAYS, Days, Hours, Mode, ModeName, SchoolCalendar, Term
from contracts.register_file.wording import plain

T = TypeVar("T")

SHOWN: Final = 60
BUSY: Final[Mapping[ModeName, str]] = {
    "inspection": "Inspection",
    "exams": "Exams",
    "results_day": "Results day",
    "census": "Census",
}
ALL_DAY: Final = "24 hours"
_CLOCK: Final = re.compile(r"(?P<h>[0-9]{1,2})(?:[:.](?P<m>[0-9]{2}))?\s*(?P<half>[ap])?\.?(?:m\.?)?|noon|midday|midnight")
_SHUT: Final = ("", "closed", "shut", "none", "-", "not open")
_HALF_TERM: Final = re.compile(r"[,;(]?\s*(?:with\s+)?half[ -]?term(?:\s+holiday)?(?:\s+is)?\s*:?\s*", re.IGNORECASE)


# Reading. Each raises Invalid for ``field``, with the line in question.


def hours_in(text: str, field: str) -> Hours:
    said = plain(text)
    if said in _SHUT:
        return ()
    if said in (ALL_DAY, "all day", "24h", "24 hrs"):
        return (("00:00", "24:00"),)
    return tuple(_range_in(part, field) for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", said))


def days_in(text: str, field: str) -> tuple[Days, ...]:
    return _each_line(text, field, lambda line: _days(line, field))


def single_days_in(text: str, field: str) -> tuple[date, ...]:
    """A range counts as its days from Monday to Friday."""
    found: set[date] = set()
    for first, last in days_in(text, field):
        if last < first or (last - first).days > MOST_DAYS:
            _refuse(field, f"{_day(first)} to {_day(last)}", "Check these days.")
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        found.update(day for day in days if first == last or day.weekday() < 5)
    return tuple(sorted(found))


def half_days_in(text: str, field: str) -> Mapping[date, Hours]:
    def one(line: str) -> tuple[date, Hours]:
        when, colon, hours = line.partition(":")
        first, last = _days(when, field)
        if not colon or first != last or not (found := hours_in(hours, field)):
            _refuse(field, line, "Write a day, a colon and its hours, such as 18 December 2026: 08:00 to 12:30")
        return first, found

    found = _each_line(text, field, one)
    if len({day for day, _ in found}) < len(found):
        raise Invalid("A half day is there twice.", **{field: "A half day is there twice. Write all its hours in one line."})
    return dict(found)


def terms_in(text: str, field: str) -> tuple[Term, ...]:
    def one(line: str) -> Term:
        name, _, when = line.partition(":")
        parts = _HALF_TERM.split(when.replace(")", ""), maxsplit=1) if when else []
        if not when or not name.strip():
            _refuse(field, line, "Write a name, a colon and its days, such as Autumn 2026: 2 September 2026 to 18 December 2026")
        first, last = _days(parts[0], field, is_range=True)
        return Term(" ".join(name.split()), first, last, _days(parts[1], field) if len(parts) > 1 else None)

    return tuple(sorted(_each_line(text, field, one), key=lambda term: term.first))


def busy_times_in(text: str, field: str) -> tuple[Mode, ...]:
    names = {words.lower(): name for name, words in BUSY.items()} | {"exam": "exams", "inspections": "inspection"}

    def one(line: str) -> Mode:
        name, colon, when = line.partition(":")
        known = names.get(plain(name))
        if not colon or known is None:
            _refuse(field, line, f"Begin with one of {', '.join(BUSY.values())}, then a colon and the days.")
        return Mode(known, *_days(when, field))

    return _each_line(text, field, one)


def _each_line(text: str, field: str, one: Callable[[str], T]) -> tuple[T, ...]:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_DAYS:
        sentence = f"More than {MOST_DAYS} lines. Leave out what is long past."
        raise Invalid(sentence, **{field: sentence})
    return tuple(one(line) for line in lines)


def _days(text: str, field: str, *, is_range: bool = False) -> Days:
    found = days_in_words.read(text)
    if found.problem:
        _refuse(field, text, found.problem)
    if found.words.strip(" .,;-") != DAY or len(found.days) > 2 or (is_range and len(found.days) != 2):
        _refuse(field, text, "Write the days as 24 December 2026, or 24 December 2026 to 1 January 2027")
    return found.days[0], found.days[-1]


def _range_in(text: str, field: str) -> tuple[str, str]:
    parts = re.split(r"\s*(?:-|\bto\b|\buntil\b|\btill\b)\s*", text)
    if len(parts) != 2:
        _refuse(field, text, "Write the hours as 08:00 to 17:00")
    opens, closes = (_time_in(part, field) for part in parts)
    if opens == closes:
        _refuse(field, text, "These hours have no length. For a whole day write 24 hours")
    if closes < opens and not _is_plainly_next_morning(parts[1]):
        _refuse(field, text, f"This closes at {closes} the next morning. Write 16:30, or with two digits 04:30 if it does.")
    return opens, "24:00" if closes == "00:00" else closes


def _is_plainly_next_morning(closes: str) -> bool:
    return bool(re.match(r"[0-9]{2}[:.]|.*[ap]\.?m|midnight", closes))


def _time_in(text: str, field: str) -> str:
    match = _CLOCK.fullmatch(text.strip())
    if match is None or not (match["m"] or match["half"] or match["h"] is None):
        _refuse(field, text, "Write a time as 08:30 or 8.30am")
    if match["h"] is None:
        return "12:00" if text.strip() != "midnight" else "00:00"
    hour, minute = int(match["h"]), int(match["m"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            _refuse(field, text, "Write a time as 08:30 or 8.30am")
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        _refuse(field, text, "There is no such time")
    return f"{hour:02}:{minute:02}"


def _refuse(field: str, line: str, why: str) -> NoReturn:
    line = " ".join(line.replace(DAY, " ").split())
    shown = f"{line[:SHOWN]}…" if len(line) > SHOWN else line
    sentence = f"“{shown}”: {why.removesuffix('.')}."
    raise Invalid(sentence, **{field: sentence})


# Writing.


def hours_text(hours: Hours) -> str:
    return ", ".join(f"{opens} to {closes}" for opens, closes in hours)


def days_text(days: Iterable[Days]) -> str:
    return "\n".join(_range(first, last) for first, last in days)


def single_days_text(days: Iterable[date]) -> str:
    return "\n".join(map(_day, days))


def half_days_text(days: Mapping[date, Hours]) -> str:
    return "\n".join(f"{_day(day)}: {hours_text(hours)}" for day, hours in sorted(days.items()))


def terms_text(terms: Iterable[Term]) -> str:
    return "\n".join(_term_lines(terms))


def busy_times_text(modes: Iterable[Mode]) -> str:
    return "\n".join(f"{BUSY[mode.name]}: {_range(mode.first, mode.last)}" for mode in modes)


HEADINGS: Final = (
    *("Follows the trust", "Nation", "Open on bank holidays", "Hours", "Only in", "Terms", "Closed", "Half days"),
    *("INSET days", "Open on INSET days", "Busy times"),
)


def cells(calendar: SchoolCalendar) -> tuple[str, ...]:
    """A calendar in one row of a table, by HEADINGS."""
    weekly = "\n".join(f"{day}: {hours_text(hours)}" for day, hours in calendar.weekly.items() if hours)
    yes = {True: "Yes", False: "No"}
    return (
        *(yes[calendar.follows_trust], calendar.nation, yes[calendar.open_on_bank_holidays], weekly, calendar.only or ""),
        *(terms_text(calendar.terms), days_text(calendar.closed), half_days_text(calendar.half_days)),
        *(single_days_text(calendar.inset), yes[calendar.inset_open], busy_times_text(calendar.modes)),
    )


def _term_lines(terms: Iterable[Term]) -> Iterator[str]:
    for term in terms:
        half = f", half-term {_range(*term.half_term)}" if term.half_term else ""
        yield f"{term.name}: {_day(term.first)} to {_day(term.last)}{half}"


def _range(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

"""The days in a line of term dates, as councils write them: "Mon 27 – Fri 31 Oct 2025", "1st September" under "2025/26". Pure.

A day without its year takes it from the other end of its range, or from the school year that the file names; a weekday that
disagrees, or a year that nobody names, is a problem and no day. What of the line is no date comes back as its words.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.register_file.days import days_in
from contracts.register_file.wording import plain

DAY: Final = "\x01"  # stands in the words where a date stood
_MONTHS: Final = {name: n for n in range(1, 13) for name in (calendar.month_name[n].lower(), calendar.month_abbr[n].lower())} | {
    "sept": 9
}
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY: Final = r"(?:(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[,.]?\s+)"
_NUMBER: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_NO_YEAR: Final = (
    re.compile(rf"(?<!\w){_WEEKDAY}?{_NUMBER}(?:\s+of)?[\s-]*{_MONTH}(?!\w)"),
    re.compile(rf"(?<!\w){_WEEKDAY}?{_MONTH}\s+{_NUMBER}(?![\w:.]*[0-9])"),
)
_NO_MONTH: Final = re.compile(rf"(?<![\w./-]){_WEEKDAY}?{_NUMBER}(?=\s*(?:-|to|until|and)\s*{DAY})")
# Not the "2025 to 26" of "1 September 2025 to 26 October".
_SCHOOL_YEAR: Final = re.compile(
    rf"(?<![\w/.])(20[0-9]{{2}})\s?(?:-|/|to|and)\s?((?:20)?[0-9]{{2}})(?![\w/.-])(?!(?:\s+of)?\s+{_MONTH})"
)
_YEAR: Final = re.compile(r"(?<![\w/.-])20[0-9]{2}(?![\w/.-])")
_JOINS: Final = re.compile(
    rf"(?:\b(?:from|between)\s+)?{DAY}\s*(?:-|to|until|till|through|up to|and)\s*{DAY}(?:\s*\(inclusive\)|\s+inclusive)?"
)


@dataclass(frozen=True, slots=True)
class DaysInWords:
    """``words`` is the line in small letters, with DAY for each date and for each range of two."""

    days: tuple[date, ...]
    words: str
    problem: str = ""  # a sentence; then the days are not to be used


@dataclass(frozen=True, slots=True)
class _Part:
    """A date, or as much of one as is written; ``where`` it begins."""

    where: int
    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    written: str = ""

    def on(self, year: int, month: int | None = None) -> date | None:
        try:
            return date(year, self.month or month or 0, self.day)
        except ValueError:
            return None


def school_year_in(text: str) -> int | None:
    """The year in which the school year that a text names begins: 2025 of "2025/26"."""
    found = {int(match[1]) for match in _SCHOOL_YEAR.finditer(plain(text)) if _are_one_year(match)}
    return found.pop() if len(found) == 1 else None


def without_school_year(text: str) -> str:
    return _SCHOOL_YEAR.sub(lambda match: " " if _are_one_year(match) else match.group(), text)


def _are_one_year(match: re.Match[str]) -> bool:
    return int(match[2]) % 100 == (int(match[1]) + 1) % 100


def without_years(text: str) -> str:
    """A ``plain`` label, such as "autumn term 2025", without the year that its dates say anyway."""
    return _YEAR.sub(" ", without_school_year(text))


def read(text: str, school_year: int | None = None) -> DaysInWords:
    """``school_year`` is the one that the file or the row names."""
    line = without_school_year(plain(text))
    try:
        parts, line = _parts(line)
        days = tuple(_resolved(parts, school_year))
    except _NotADay as problem:
        return DaysInWords((), line, str(problem))
    return DaysInWords(days, " ".join(_JOINS.sub(DAY, line).split()))


class _NotADay(ValueError):
    """With the sentence that says so."""


def _parts(line: str) -> tuple[list[_Part], str]:
    found: list[_Part] = []
    for one in reversed(days_in(line)):
        written = line[one.start : one.end]
        if one.day is None:
            raise _NotADay(f"“{written}” is no day of the calendar. The day comes before the month.")
        weekday = next((n for n, name in enumerate(_WEEKDAYS) if written.startswith(name)), None)
        found.append(_Part(one.start, one.day.day, one.day.month, one.day.year, weekday, written))
        line = _marked(line, one.start, one.end)
    for pattern in (*_NO_YEAR, _NO_MONTH, _NO_MONTH):
        for match in reversed(list(pattern.finditer(line))):
            found.append(_partial(match))
            line = _marked(line, match.start(), match.end())
    return sorted(found, key=lambda part: part.where), re.sub(r"\x02+", "", line)


def _marked(line: str, start: int, end: int) -> str:
    """The line as long as it was, so that places stay."""
    return line[:start] + DAY + "\x02" * (end - start - 1) + line[end:]


def _partial(match: re.Match[str]) -> _Part:
    groups = match.groupdict()
    weekday = _WEEKDAYS.index(groups["weekday"][:3]) if groups["weekday"] else None
    month = _MONTHS[groups["month"]] if groups.get("month") else None
    return _Part(match.start(), int(groups["day"]), month, None, weekday, match.group())


def _resolved(parts: list[_Part], school_year: int | None) -> Iterator[date]:
    """From the last to the first, since a range names its year at its end; then once more forwards."""
    known: list[date | None] = [part.on(part.year) if part.year else None for part in parts]
    for place in range(len(parts) - 2, -1, -1):
        after = known[place + 1]
        if known[place] is None and after is not None:
            known[place] = _latest_before(parts[place], after)
    for place, part in enumerate(parts):
        found = known[place]
        before = known[place - 1] if place else None
        if found is None and part.month and before is not None:
            found = _first_after(part, before)
        if found is None and part.month and school_year:
            found = part.on(school_year + (part.month < 8))
        if found is None:
            raise _NotADay(f"“{part.written}” does not say its year.")
        if part.weekday is not None and found.weekday() != part.weekday:
            raise _NotADay(f"“{part.written}” is a {found:%A} in {found.year}.")
        known[place] = found
        yield found


def _latest_before(part: _Part, after: date) -> date | None:
    choices = (part.on(year, after.month) for year in (after.year, after.year - 1))
    return next((day for day in choices if day and day <= after), None)


def _first_after(part: _Part, before: date) -> date | None:
    choices = (part.on(year) for year in (before.year, before.year + 1))
    return next((day for day in choices if day and day >= before), None)

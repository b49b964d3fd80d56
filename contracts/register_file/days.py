"""Days as people write them, the day before the month: "01.09.24", "1st Oct 2023", "Sep-23", "45901", "31/9/25"."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contracts.register_file.questions import Answer, Code, asked, quoted
from contracts.register_file.wording import is_nothing, plain, trimmed, without_mark

FIRST_YEAR, LAST_YEAR = 1980, 2099  # of a school's contract; whatever lies outside is a slip
THIS_CENTURY: Final = 70  # a two-digit year is of this century; one from here on is asked about
SERIALS: Final = range(29221, 73051)  # spreadsheet numbers of the days from 1980 to 2099
_EPOCH: Final = date(1899, 12, 30)  # day 0 of a spreadsheet

_NAMED: Final = {name: n for n in range(1, 13) for name in (calendar.month_name[n].lower(), calendar.month_abbr[n].lower())}
_MONTHS: Final = _NAMED | {
    "sept": 9,
    "febr": 2,
    "septmber": 9,
    "ocotber": 10,
    "febuary": 2,
    "feburary": 2,
    "janurary": 1,
    "agust": 8,
    "novmber": 11,
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_ANY_MONTH: Final = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR: Final = r"'?(?P<year>[0-9]{4}|[0-9]{2})"
_DAY: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_BETWEEN: Final = r"(?:\s*[-/., ]\s*|\s+of\s+)"
_WEEKDAY: Final = r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)\b[,.]?\s*"
_TIME: Final = re.compile(
    r"(?:(?<=[0-9])t|\bat\s+|,?\s+|^)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*[ap]\.?m\.?)?(?:z|[+-][0-9]{2}:[0-9]{2})?(?=\s|$|[),;])"
)

_FULL: Final = tuple(
    re.compile(rf"(?<![\w./-])(?:{_WEEKDAY})?{pattern}(?![\w]|[./-][0-9])")
    for pattern in (
        r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<nm>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})",
        rf"(?P<day>[0-9]{{1,2}})\s?(?P<sep>[-/.\\ ])\s?(?P<nm>[0-9]{{1,2}})\s?(?P=sep)\s?{_YEAR}",
        rf"{_DAY}{_BETWEEN}?{_MONTH}{_BETWEEN}?{_YEAR}",
        rf"{_MONTH}\s+{_DAY}(?:\s*,\s*|\s+)(?P<year>[0-9]{{4}})",
    )
)
_MONTH_ONLY: Final = re.compile(
    rf"(?:(?P<edge>beginning|start|end)\s+(?:of\s+)?)?(?:{_MONTH}{_BETWEEN}?{_YEAR}|(?P<nm>[0-9]{{1,2}})\s?[-/.]\s?(?P<ny>[0-9]{{4}}|[0-9]{{2}}))"
)
_YEAR_ONLY: Final = re.compile(
    r"(?:(?:ay|fy|academic year|financial year|year|since|from|in)\s*)?(?:19|20)[0-9]{2}(?:\s?[-/]\s?(?:[0-9]{2}|20[0-9]{2}))?"
)
_NUMBER: Final = re.compile(r"(?P<whole>[0-9]{5})(?:\.[0-9]+)?")
_WITHOUT_YEAR: Final = re.compile(
    rf"(?<!\w)(?:[0-9]{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[ -]?{_ANY_MONTH}|{_ANY_MONTH}\s+[0-9]{{1,2}}(?:st|nd|rd|th)?"
    rf"|(?:end|beginning|start|by|in|before)\s+(?:of\s+)?{_ANY_MONTH})(?!\w)"
)
_LEADING: Final = re.compile(
    r"^(?:start(?:s|ed|ing)|from|commenc(?:es|ed|ing)|w\.?e\.?f\.?|until|till|to|ends|ending|expir(?:es|y|ing)|date|on)\b[:\s]*"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A full date inside a text, where it stands; ``day`` None: the calendar has no such day."""

    start: int
    end: int
    day: date | None


def read_day(cell: str, *, is_last: bool = False) -> Answer[date]:
    """The day that the cell is. A month alone gives its first day, or with ``is_last`` its last, and a question."""
    cell, is_marked = without_mark(cell)
    text = plain(cell)
    if is_nothing(text):
        return Answer()
    text = trimmed(_LEADING.sub("", _TIME.sub(" ", text)))
    answer = _whole_day(text, cell, is_last=is_last)
    if is_marked and answer.value and not answer.questions:
        return asked(Code.HAS_A_CONDITION, f"{quoted(cell)} is marked with a footnote: what does it say?", answer.value)
    return answer


def days_in(text: str) -> list[Found]:
    """The full dates that stand in a ``plain`` text, in order; none of them overlap."""
    found: list[Found] = []
    for pattern in _FULL:
        for match in pattern.finditer(text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(Found(match.start(), match.end(), _day(match)))
    return sorted(found, key=lambda one: one.start)


def mentions_a_date(text: str) -> bool:
    """Whether a ``plain`` text speaks of a day or a month of the calendar, be it without a year."""
    return bool(days_in(text) or any(_months_in(text)) or _WITHOUT_YEAR.search(text) or text in _MONTHS)


def _months_in(text: str) -> Iterator[re.Match[str]]:
    return (found for found in _MONTH_ONLY.finditer(text) if found["month"])


def _whole_day(text: str, cell: str, *, is_last: bool) -> Answer[date]:
    for pattern in _FULL:
        if match := pattern.fullmatch(text):
            return _checked(match, cell)
    if match := _NUMBER.fullmatch(text):
        return _serial(int(match["whole"]), cell)
    if match := _MONTH_ONLY.fullmatch(text):
        return _month(match, cell, is_last=is_last)
    if _YEAR_ONLY.fullmatch(text):
        return asked(Code.YEAR_ONLY, f"{quoted(cell)} names only a year: which day is it?")
    return asked(Code.NOT_A_DATE, f"{quoted(cell)} is not a date: which day is it?")


def _checked(match: re.Match[str], cell: str) -> Answer[date]:
    found, year = _day(match), _year(match["year"])
    if year is None:
        return asked(Code.NOT_A_DATE, f"The year of {quoted(cell)} can't be right: which day is it?")
    if found is None:
        return asked(Code.NO_SUCH_DAY, f"{quoted(cell)} is not in the calendar when the day comes first: which day is it?")
    return Answer(found)


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = int(parts["nm"]) if parts.get("nm") else _MONTHS[parts["month"]]
    year = _year(parts["year"])
    try:
        return date(year, month, int(parts["day"])) if year else None
    except ValueError:
        return None


def _year(text: str) -> int | None:
    year = int(text)
    if len(text) == 2:
        return 2000 + year if year < THIS_CENTURY else None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _serial(number: int, cell: str) -> Answer[date]:
    if number not in SERIALS:
        return asked(Code.NOT_A_DATE, f"{quoted(cell)} is not a date: which day is it?")
    day = _EPOCH + timedelta(days=number)
    return asked(Code.SPREADSHEET_NUMBER, f"{quoted(cell)} is how a spreadsheet writes {day:%-d %B %Y}: is that the day?", day)


def _month(match: re.Match[str], cell: str, *, is_last: bool) -> Answer[date]:
    edge, is_numeric = match["edge"], match["nm"] is not None
    month = int(match["nm"]) if is_numeric else _MONTHS[match["month"]]
    text_of_year = match["ny"] if is_numeric else match["year"]
    year = _year(text_of_year)
    could_be_a_day = is_numeric and len(text_of_year) == 2 and int(text_of_year) <= 12
    if year is None or could_be_a_day or not 1 <= month <= 12:
        return asked(Code.NOT_A_DATE, f"{quoted(cell)} is not a whole date: which day is it?")
    at_end = edge == "end" or (is_last and not edge)
    day = date(year, month, calendar.monthrange(year, month)[1] if at_end else 1)
    return asked(Code.MONTH_ONLY, f"{quoted(cell)} names only a month: is it {day:%-d %B %Y}?", day)

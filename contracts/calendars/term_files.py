"""Term dates out of what schools have: lines pasted from a council's page, its CSV, or its calendar file (RFC 5545). Pure.

Each gives lines of a label and one or two days; `term_dates.py` makes terms of them. Nothing is guessed: what isn't understood
comes back as a question.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar

from base.refusals import Invalid, TooLarge
from base.spreadsheets import dialects
from contracts.calendars import days_in_words
from contracts.calendars.days_in_words import DAY
from contracts.calendars.term_dates import Line, TermDates, assembled
from contracts.calendars.term_labels import About, Label, label_of
from contracts.register_file.wording import plain

LARGEST: Final = 1_000_000  # bytes: a school's calendar of five years has 100,000
MOST_LINES: Final = 2_000  # of a file: rows, or events
LONGEST_LINE: Final = 500  # characters that are looked at
SHOWN: Final = 80
LONDON: Final = ZoneInfo("Europe/London")
ONE: Final = timedelta(days=1)
MOST_QUESTIONS: Final = 50

_HALF: Final = r"(?:half|mid)[ -]?term"
_FIRST, _LAST = r"start|starts|from|begins?|first|opens?|opening", r"end|ends|to|until|last|closes?|closing|finish(?:es)?"
_COLUMNS: Final[Mapping[str, re.Pattern[str]]] = {
    "half_first": re.compile(rf"{_HALF}.*\b(?:{_FIRST})\b.*|(?:{_FIRST}).*{_HALF}.*"),
    "half_last": re.compile(rf"{_HALF}.*\b(?:{_LAST})\b.*|(?:{_LAST}).*{_HALF}.*"),
    "half": re.compile(rf"{_HALF}(?: (?:holiday|dates?|break|week|closure))?"),
    "year": re.compile(r"(?:academic |school )?year"),
    "label": re.compile(
        r"(?:term|event|description|name|title|subject|summary|holiday|type|period)(?: name| ?/ ?holiday)?|details?|what"
    ),
    "none": re.compile(
        r"(?:no\.?|number|total)? ?(?:of )?(?:school |teaching |working )?(?:days|sessions|weeks)|notes?|comments?"
        r"|location|id|uid|all day event|(?:start|end) time|private|show time as|categor(?:y|ies)"
    ),
    "first": re.compile(rf"(?:.*\b)?(?:{_FIRST})(?:\b.*)?"),
    "last": re.compile(rf"(?:.*\b)?(?:{_LAST})(?:\b.*)?"),
    "days": re.compile(r"dates?|when"),
}


def read(content: bytes, *, six_terms: bool | None) -> TermDates:
    """A file: an iCalendar or CSV. Raises Invalid, TooLarge."""
    if len(content) > LARGEST:
        raise TooLarge("A file of term dates is smaller than 1 MB. Choose the one with the term dates alone.")
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR":
        return _made(_of_icalendar(content), six_terms=six_terms)
    if b"\x00" in content[:1000] or content[:4] in (b"PK\x03\x04", b"%PDF"):
        raise Invalid("This is no CSV and no calendar file (.ics). Save the table as CSV, or paste the dates instead.")
    return _made(_of_csv(content), six_terms=six_terms)


def read_pasted(text: str, *, six_terms: bool | None) -> TermDates:
    """Lines as they stand on a page: a label and its days in each."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise TooLarge(f"Paste at most {MOST_LINES:,} lines.")
    return _made(_of_rows([[line] for line in lines]), six_terms=six_terms)


_Question = str  # stands among the lines where one couldn't be read


def _made(found: Iterator[Line | _Question], *, six_terms: bool | None) -> TermDates:
    lines, questions = list[Line](), list[str]()
    for one in found:
        if isinstance(one, str):
            questions.append(one)
        else:
            lines.append(one)
    if not lines and not questions:
        raise Invalid(
            "No term dates were found. Each line needs what it is and its days, such as: Autumn term, 2 Sep 2026 to 18 Dec 2026"
        )
    made = assembled(lines, six_terms=six_terms)
    return replace(made, questions=(*made.questions, *questions)[:MOST_QUESTIONS])


# Rows of text.


def _of_csv(content: bytes) -> Iterator[Line | _Question]:
    stream = io.BytesIO(content)
    dialect = dialects.guessed(stream)
    stream.seek(0)
    text = _decoded(content)
    rows = list(csv.reader(io.StringIO(text), delimiter=dialect.delimiter))[dialect.names_itself :]
    if len(rows) > MOST_LINES:
        raise TooLarge(f"A file of term dates has at most {MOST_LINES:,} rows.")
    yield from _of_rows(rows)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16" if content[:2] in dialects.UTF_16_MARKS else "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("The letters of this file can't be read. Save it as CSV UTF-8, and send it again.")


def _of_rows(rows: Sequence[Sequence[str]]) -> Iterator[Line | _Question]:
    headings: dict[int, str] = {}
    school_year: int | None = None
    for cells in ([" ".join(cell[:LONGEST_LINE].split()) for cell in row] for row in rows):
        if not any(cells):
            continue
        if found := _headings(cells):
            headings = found
            school_year = _only_a_year(cells) or school_year
            continue
        named = days_in_words.school_year_in(" ".join(cells))
        if named is not None and not days_in_words.read(days_in_words.without_school_year(plain(" ".join(cells))), named).days:
            school_year = named  # a title such as "Term dates 2025/26"
            continue
        if headings and len(cells) > 1:
            yield from _of_table_row(cells, headings, named or school_year)
        else:
            yield from _of_line(" ".join(cells), named or school_year)


def _only_a_year(cells: Sequence[str]) -> int | None:
    return days_in_words.school_year_in(" ".join(cells))


def _headings(cells: Sequence[str]) -> dict[int, str]:
    """What each column holds, where every cell with text is a heading and dates are among them."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        text = plain(cell).strip(" :.")
        if not text:
            continue
        kind = next((name for name, pattern in _COLUMNS.items() if pattern.fullmatch(text)), None)
        if kind is None:
            return {}
        found[place] = kind
    kinds = set(found.values())
    return found if len(found) > 1 and kinds & {"first", "days"} else {}


def _of_table_row(cells: Sequence[str], headings: Mapping[int, str], school_year: int | None) -> Iterator[Line | _Question]:
    said: dict[str, str] = {}
    for place, cell in enumerate(cells):
        kind = headings.get(place, "label")
        if cell and kind != "none":
            said[kind] = f"{said.get(kind, '')} {cell}".strip()
    shown = _shown(" ".join(cell for cell in cells if cell))
    label = said.get("label", "")
    year = days_in_words.school_year_in(said.get("year", "")) or days_in_words.school_year_in(label) or school_year
    when = " to ".join(said[kind] for kind in ("first", "last") if kind in said) or said.get("days", "")
    yield from _of_parts(label, when, shown, year)
    half = " to ".join(said[kind] for kind in ("half_first", "half_last") if kind in said) or said.get("half", "")
    if half and plain(half) not in ("-", "n/a", "none"):
        yield from _of_parts("half-term", half, shown, year)


def _of_parts(label: str, when: str, shown: str, school_year: int | None) -> Iterator[Line | _Question]:
    found = days_in_words.read(when, school_year)
    rest = found.words.replace(DAY, " ").strip(" -,;")
    if found.problem:
        yield f"“{shown}”: {found.problem}"
    elif rest or not 1 <= len(found.days) <= 2:
        yield f"“{shown}”: which days are these?"
    else:
        yield _line(label_of(days_in_words.without_years(plain(label))), found.days, shown)


def _of_line(text: str, school_year: int | None) -> Iterator[Line | _Question]:
    """``Autumn term: 2 to 18 …``, also with its half-term behind it."""
    shown = _shown(text)
    found = days_in_words.read(text, school_year)
    if found.problem:
        yield f"“{shown}”: {found.problem}"
    elif not found.days:
        if label_of(found.words).about is not About.UNKNOWN and not _is_a_title(found.words):
            yield f"“{shown}”: which days are these?"
    elif len(found.days) == 4 and found.words.count(DAY) == 2 and re.search(rf"{DAY}.*half[ -]?term.*{DAY}", found.words):
        term, half = found.words.split(DAY)[:2]
        yield _line(label_of(days_in_words.without_years(term)), found.days[:2], shown)
        yield _line(label_of(days_in_words.without_years(half)), found.days[2:], shown)
    elif len(found.days) > 2 or found.words.count(DAY) != 1:
        yield f"“{shown}”: which of these days are they? Put each on a line of its own."
    else:
        yield _line(label_of(days_in_words.without_years(found.words.replace(DAY, " "))), found.days, shown)


def _is_a_title(words: str) -> bool:
    """Such as "Term dates" or "Autumn term" above their lines."""
    return words.strip(" :") in (
        "term dates",
        "school term dates",
        "inset days",
        "bank holidays",
        "school holidays",
        "holidays",
    ) or bool(re.fullmatch(r"(?:autumn|spring|summer) term\s*:?|term [1-6]\s*:?", words))


def _line(label: Label, days: Sequence[date], shown: str) -> Line:
    return Line(label, days[0], days[1] if len(days) > 1 else None, shown)


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:SHOWN]}…" if len(text) > SHOWN else text


# Calendar files.


def _of_icalendar(content: bytes) -> Iterator[Line | _Question]:
    if content.upper().count(b"BEGIN:") > MOST_LINES:
        raise TooLarge(f"A calendar file of term dates has at most {MOST_LINES:,} events.")
    try:
        calendar = Calendar.from_ical(content)
        events = list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid("This calendar file is damaged. Download it again, or paste the dates instead.") from error
    for event in events:
        yield from _of_event(event)


def _of_event(event: Any) -> Iterator[Line | _Question]:
    summary = _shown(str(event.get("SUMMARY", "")))
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        yield f"“{summary}”: it repeats. Write its days down one by one."
        return
    days = _days_of(event)
    if days is None or not all(1900 <= day.year <= 2199 for day in days):
        yield f"“{summary}”: its days can't be read."
        return
    first, last = days
    shown = f"{summary}, {first:%-d %B %Y}" + (f" to {last:%-d %B %Y}" if last != first else "")
    words = days_in_words.without_years(plain(str(event.get("SUMMARY", ""))[:LONGEST_LINE]))
    yield Line(label_of(words), first, last if last != first else None, shown)


def _days_of(event: Any) -> tuple[date, date] | None:
    """DTEND is the day after the last; a publisher who writes the first day again means one day."""
    try:
        starts = event.decoded("DTSTART")
        ends = event.decoded("DTEND") if "DTEND" in event else None
        length = event.decoded("DURATION") if "DURATION" in event else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not isinstance(starts, date) or not isinstance(ends, date | None) or not isinstance(length, timedelta | None):
        return None
    if ends is None and length is not None:
        ends = starts + length
    first = _local(starts)
    if ends is None:
        return first, first
    last = _local(ends)
    at_midnight = not isinstance(ends, datetime) or _wall(ends).time() == time()
    return first, max(first, last - ONE) if at_midnight and last > first else last


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(LONDON) if moment.tzinfo else moment


def _local(value: date) -> date:
    return _wall(value).date() if isinstance(value, datetime) else value

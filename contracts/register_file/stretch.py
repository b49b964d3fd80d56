"""From when until when a contract runs, of the cells that say so: start, end, length, and what else people put into them."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from contracts.clock.contract import Reckoning, Renewal
from contracts.clock.periods import CALENDAR, Period, Unit, last_day
from contracts.clock.refused import Refused
from contracts.register_file import extending, renewing
from contracts.register_file.days import days_in, read_day
from contracts.register_file.extending import Extensions, read_extensions
from contracts.register_file.periods import BROKEN, PERIOD, RANGE, Length, length, whole
from contracts.register_file.questions import Code, Question, asked, quoted
from contracts.register_file.renewing import Renewing
from contracts.register_file.wording import is_nothing, plain, some, trimmed, without_mark, words_of

_FROM: Final = re.compile(rf"(?:a\s+)?(?P<length>{PERIOD.pattern})\s*(?:from|starting|commencing|beginning|wef)\s+(?P<day>.+)")
_WITH_MORE: Final = re.compile(r"(?P<day>.+?)\s*(?P<more>\(.*\)|[+,;].*|\b(?:extended|plus|with|option)\b.*)")
_MILD: Final = some("fixed term initial minimum min contract from to until till and period length of for a the initially")


@dataclass(frozen=True, slots=True)
class CellSaid:
    """What one cell says of the stretch."""

    start: date | None = None
    end: date | None = None
    length: Length | None = None
    extensions: Extensions = ()
    renewing: Renewing | None = None
    questions: tuple[Question, ...] = ()
    of_start: tuple[Question, ...] = ()  # the questions about a start that stands beside an end or a length


@dataclass(frozen=True, slots=True)
class Stretch:
    """``end_questions`` are all there is to ask about the end."""

    start: date | None
    end: date | None
    start_questions: tuple[Question, ...]
    end_questions: tuple[Question, ...]


def read_start(cell: str) -> CellSaid:
    text = plain(cell)
    if is_nothing(text):
        return CellSaid()
    answer = read_day(cell)
    if answer.value or answer.questions[0].code is not Code.NOT_A_DATE:
        return CellSaid(start=answer.value, questions=answer.questions)
    if since := _length_from(text):
        return since
    taken = renewing.taken_out(text)
    return CellSaid(renewing=taken.renewing if not trimmed(taken.rest) else None, questions=answer.questions)


def read_end(cell: str) -> CellSaid:
    text = plain(cell)
    if is_nothing(text):
        return CellSaid()
    answer = read_day(cell, is_last=True)
    if answer.value or answer.questions[0].code is not Code.NOT_A_DATE:
        return CellSaid(end=answer.value, questions=answer.questions)
    if since := _length_from(text):
        return since
    taken = renewing.taken_out(text)
    rest = trimmed(taken.rest)
    if taken.renewing and not rest:
        return CellSaid(renewing=taken.renewing)
    for found in (_day_with_more(rest), _length_with_more(rest, None)):
        if found:
            return replace(found, renewing=taken.renewing)
    return CellSaid(questions=answer.questions)


def read_length(cell: str, *, unit: Unit | None = None) -> CellSaid:
    """A column of lengths, or of both days. ``unit`` is that of its heading."""
    bare, is_marked = without_mark(cell)
    text = plain(bare)
    if is_nothing(text):
        return CellSaid()
    taken = renewing.taken_out(text)
    rest = trimmed(taken.rest)
    if taken.renewing and not rest:
        return CellSaid(renewing=taken.renewing)
    if not is_marked:
        for found in (_length_from(rest), _both_days(rest), _length_with_more(rest, unit)):
            if found:
                return replace(found, renewing=taken.renewing)
    code = Code.A_RANGE if RANGE.search(rest) else Code.NO_UNIT if re.fullmatch("[0-9]+", rest) else Code.NOT_A_PERIOD
    return CellSaid(renewing=taken.renewing, questions=(Question(code, f"{quoted(cell)}: how long does the contract run?"),))


def _length_from(text: str) -> CellSaid | None:
    """As in "2 yrs from 01/09/2024"."""
    found = _FROM.fullmatch(text)
    if found is None:
        return None
    one, day = whole(found["length"]), read_day(found["day"])
    return CellSaid(start=day.value, length=one, of_start=day.questions) if one and day.value else None


def _both_days(text: str) -> CellSaid | None:
    """As in "01/09/2023 - 31/08/2026"."""
    days = days_in(text)
    if len(days) == 2 and days[0].day and days[1].day:
        rest = text[: days[0].start] + " " + text[days[0].end : days[1].start] + " " + text[days[1].end :]
        if not set(words_of(rest)) - _MILD and not set(rest) & set("?/+"):
            return CellSaid(start=days[0].day, end=days[1].day)
    halves = re.split(r"\s+(?:-|to|until)\s+", text)
    if len(halves) == 2:
        first, last = read_day(halves[0]), read_day(halves[1], is_last=True)
        if first.value and last.value:
            return CellSaid(start=first.value, end=last.value, questions=last.questions, of_start=first.questions)
    return None


def _day_with_more(text: str) -> CellSaid | None:
    """As in "31/08/2026", "31/08/2026 (+1 +1)", "31/08/2025 extended to 31/08/2026"."""
    day = read_day(text, is_last=True)
    if day.value:
        return CellSaid(end=day.value, questions=day.questions)
    found = _WITH_MORE.fullmatch(text)
    if found is None:
        return None
    day, more = read_day(found["day"], is_last=True), read_extensions(trimmed(found["more"].strip("()")) or "?")
    if day.value and more.value:
        return CellSaid(end=day.value, extensions=more.value, questions=day.questions)
    return None


def _length_with_more(text: str, unit: Unit | None) -> CellSaid | None:
    """As in "3 years", "3+1+1", "3 years + 1 + 1", "36 months with option of 12 months"."""
    sums = extending.pluses(text, unit)
    if sums and not text.startswith("+"):
        return CellSaid(length=sums[0], extensions=tuple(map(extending.Extension, sums[1:])))
    if unit and re.fullmatch("[0-9]{1,3}", text):
        return CellSaid(length=whole(f"{text} {unit.value}"))
    if one := whole(text):
        return CellSaid(length=one)
    found = None if BROKEN.search(text) or RANGE.search(text) else PERIOD.search(text)
    one = length(found) if found else None
    if found is None or one is None or set(words_of(text[: found.start()])) - _MILD:
        return None
    rest = trimmed(text[found.end() :])
    if not set(words_of(rest)) - _MILD and not re.search("[0-9?+]", rest):
        return CellSaid(length=one)
    goes_on = re.match(r"[\s(]*(?:\+|plus|with|and|option|then)", text[found.end() :])
    extensions = read_extensions(rest.strip("() ")).value if goes_on else None
    return CellSaid(length=one, extensions=extensions) if extensions else None


def combined(start: CellSaid, end: CellSaid, term: CellSaid, *, end_is_renewal: bool = False) -> Stretch:
    """The days of the contract by all that its cells say. What disagrees is asked about, and null."""
    first, start_questions = _start(start, end, term)
    lengths = {one for one in (start.length, end.length, term.length) if one}
    if end_is_renewal:
        end = _day_before_the_renewal(first, end, term, lengths)
    last, questions = _end(first, end, term, lengths)
    if last and first and last < first:
        return Stretch(
            first,
            None,
            start_questions,
            (_question(Code.END_BEFORE_START, f"It ends on {last:%-d %B %Y}, before it starts: when does it end?"),),
        )
    if last and end_is_renewal and end.end and not questions:
        last, questions = _of_renewal(first, last)
    return Stretch(first, last, start_questions, questions)


def _start(start: CellSaid, end: CellSaid, term: CellSaid) -> tuple[date | None, tuple[Question, ...]]:
    every = {one for one in (start.start, end.start, term.start) if one}
    if len(every) > 1:
        return None, (
            _question(Code.TERM_AND_END_DISAGREE, f"Its cells name different starts, {_listed(every)}: which is right?"),
        )
    if start.start or not every:
        return start.start, start.questions or start.of_start
    return every.pop(), end.of_start or term.of_start or start.questions


def _end(first: date | None, end: CellSaid, term: CellSaid, lengths: set[Length]) -> tuple[date | None, tuple[Question, ...]]:
    by_length = {last_of(first, one) for one in lengths} if first else set()
    ends = {one for one in (end.end, term.end) if one}
    if len(ends | (by_length - {None})) > 1 or len(by_length) > 1:
        both = {one for one in ends | by_length if one}
        return None, (
            _question(Code.TERM_AND_END_DISAGREE, f"By its length and its dates it ends on {_listed(both)}: which is right?"),
        )
    if ends:
        unknown = [q for q in term.questions if not term.end] if not end.end else []
        return ends.pop(), (*(end.questions if end.end else term.questions), *unknown)
    if end.questions:
        return None, end.questions
    is_open = Renewal.OPEN in {one.renewing.mode for one in (end, term) if one.renewing}
    if not lengths or is_open:
        return None, () if is_open or end.renewing else term.questions
    return _reckoned(first, lengths)


def _reckoned(first: date | None, lengths: set[Length]) -> tuple[date | None, tuple[Question, ...]]:
    one = next(iter(lengths))
    last = last_of(first, one) if first else None
    if last is None:
        return None, (_question(Code.FROM_THE_TERM, f"It runs for {one}: when does it end?"),)
    return last, (_question(Code.FROM_THE_TERM, f"{one} from {first:%-d %B %Y} end on {last:%-d %B %Y}: is that its last day?"),)


def _day_before_the_renewal(first: date | None, end: CellSaid, term: CellSaid, lengths: set[Length]) -> CellSaid:
    """Where the length ends on the day before the renewal date, that is the last day."""
    lasts = {term.end} | ({last_of(first, one) for one in lengths} if first else set())
    before = end.end - timedelta(days=1) if end.end else None
    return replace(end, end=before) if before and before in lasts else end


def _of_renewal(first: date | None, named: date) -> tuple[date | None, tuple[Question, ...]]:
    """A renewal date is the last day or the day after it; where the start tells which, nothing needs to be asked."""
    if first and whole_months(first, named):
        return named, ()
    before = named - timedelta(days=1)
    if first and whole_months(first, before):
        return before, (_question(Code.RENEWAL_DAY, f"It renews on {named:%-d %B %Y}: is {before:%-d %B %Y} its last day?"),)
    return named, (_question(Code.RENEWAL_DAY, f"It renews on {named:%-d %B %Y}: is that its last day, or the day after?"),)


def last_of(first: date, one: Length) -> date | None:
    """The last day of a length that begins on ``first`` (rule D1); None for terms of school, and beyond the calendar."""
    if one.unit not in CALENDAR:
        return None
    try:
        return Reckoning(first, 0, first - timedelta(days=1)).plus(Period(one.n, one.unit)).last
    except Refused:
        return None


def whole_months(first: date, last: date) -> int:
    """How many whole months lie from the first day to the last; 0 where they aren't whole."""
    about = (last.year - first.year) * 12 + last.month - first.month
    return next((n for n in (about, about + 1) if n > 0 and last_day(first, n) == last), 0)


def _listed(days: set[date]) -> str:
    return " and ".join(f"{day:%-d %B %Y}" for day in sorted(days))


def _question(code: Code, sentence: str) -> Question:
    return asked(code, sentence).questions[0]

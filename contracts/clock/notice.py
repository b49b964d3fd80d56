"""Notice to end a contract: until when it must be received to end on a day, and when a notice runs out (rules D6 to D8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from contracts.clock import working_days
from contracts.clock.bank_holidays import NATIONS
from contracts.clock.periods import Period, Unit, period, plus_days, plus_months
from contracts.clock.reading import days as two_days
from contracts.clock.reading import listed, mapping
from contracts.clock.refused import Refused, bad_input

Days = tuple[date, date]

LONGEST_HOLIDAY: Final = timedelta(days=56)  # eight weeks without a term: there is one that nobody entered
NOTICE_UNITS: Final = tuple(Unit)
POST: Final = ("post", "recorded")
METHODS: Final = ("email", "hand", "portal", *POST)


class Receipt(StrEnum):
    """Whether a notice may be received on any day, or counts from the next working day (rule D7)."""

    WORKING_DAY = "working_day"
    ANY_DAY = "any_day"


@dataclass(frozen=True, slots=True)
class Notice:
    """``length`` of the notice, or None for a fixed day of the year, ``by`` (month, day). ``clear``: without the last day."""

    length: Period | None
    by: tuple[int, int] | None = None
    clear: bool = False

    def __str__(self) -> str:
        if self.length:
            return f"Notice of {self.length}{' clear' if self.clear else ''}"
        month, day = self.by or (1, 1)
        return f"Notice by {date(2024, month, day):%-d %B} of a year"


@dataclass(frozen=True, slots=True)
class Posting:
    """How a notice is sent. A letter counts as received ``n`` days or working days after posting, or by CPR 6.26 (None)."""

    by_post: bool
    deemed: Period | None

    def arrives(self, posted: date, nation: str) -> date:
        if self.deemed is None:
            return working_days.on_or_after(plus_days(posted, 2), nation)
        if self.deemed.unit is Unit.WORKING_DAYS:
            return working_days.nth_after(posted, self.deemed.n, nation)
        return plus_days(posted, self.deemed.n)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a contract's dates are reckoned in: whose bank holidays, which terms, on which days a notice can be received."""

    nation: str
    receipt: Receipt
    posting: Posting
    terms: tuple[Days, ...]
    half_terms: tuple[Days, ...]

    def windows(self, unit: Unit) -> tuple[Days, ...]:
        return self.terms if unit is Unit.TERMS else self.half_terms


def received_by(notices: Sequence[Notice], end: date, around: Surroundings) -> date:
    """The last day on which notice can be received to end the contract on ``end``; of several notices, for all of them."""
    found = min(_latest(notice, end, around) for notice in notices)
    return found if around.receipt is Receipt.ANY_DAY else working_days.on_or_before(found, around.nation)


def counts_from(received: date, around: Surroundings) -> date:
    """The day from which a notice received on ``received`` counts."""
    return received if around.receipt is Receipt.ANY_DAY else working_days.on_or_after(received, around.nation)


def runs_out(notices: Sequence[Notice], received: date, around: Surroundings) -> date:
    """The last day of a notice that counts from ``received``; of several, the latest."""
    return max(_last_day(notice, received, around) for notice in notices)


def send_by(received: date, around: Surroundings) -> date:
    """The last day for sending so that it arrives by ``received``: for a letter a working day."""
    if not around.posting.by_post:
        return received
    day = working_days.on_or_before(received, around.nation)
    while around.posting.arrives(day, around.nation) > received:
        day = working_days.on_or_before(day - working_days.ONE, around.nation)
    return day


def before(length: Period, last: date, around: Surroundings) -> date:
    """The latest day from which ``length`` has passed by ``last`` (rule D6), whatever day of the week it is."""
    if length.unit is Unit.WORKING_DAYS:
        return working_days.latest_with_nth_by(last, length.n, around.nation)
    if length.unit in (Unit.TERMS, Unit.HALF_TERMS):
        return _before_windows(length, last, around)
    return _months_before(last, length.months) if length.months else plus_days(last, -length.days)


def _latest(notice: Notice, end: date, around: Surroundings) -> date:
    last = plus_days(end, -1) if notice.clear else end
    if notice.length is not None:
        return before(notice.length, last, around)
    month, day = notice.by or (1, 1)
    this_year = _in_year(last.year, month, day)
    return this_year if this_year <= last else _in_year(last.year - 1, month, day)


def _last_day(notice: Notice, received: date, around: Surroundings) -> date:
    length = notice.length
    if length is None:
        bad_input("A notice on a fixed day of the year needs a contract with an end.")
    if length.unit is Unit.WORKING_DAYS:
        found = working_days.nth_after(received, length.n, around.nation)
    elif length.unit in (Unit.TERMS, Unit.HALF_TERMS):
        found = _after_windows(length, received, around)
    else:
        found = plus_months(received, length.months) if length.months else plus_days(received, length.days)
    return plus_days(found, 1) if notice.clear else found


def _months_before(last: date, months: int) -> date:
    """The latest day whose corresponding date is not after ``last``: of 28 February, three months on, 30 November."""
    day = plus_months(last, -months)
    while plus_months(plus_days(day, 1), months) <= last:
        day = plus_days(day, 1)
    return day


def _before_windows(length: Period, last: date, around: Surroundings) -> date:
    """The day before the first of the last ``n`` terms that end by ``last``."""
    ended = [window for window in around.windows(length.unit) if window[1] <= last]
    reaches = any(first > last or first <= last <= end for first, end in around.windows(length.unit))
    if length.n == 0:
        return last
    if len(ended) < length.n or not (reaches or last - ended[-1][1] <= LONGEST_HOLIDAY):
        _terms_missing(length)
    return plus_days(ended[-length.n][0], -1)


def _after_windows(length: Period, received: date, around: Surroundings) -> date:
    """The last day of the ``n``-th term that begins after ``received``."""
    if length.n == 0:
        return received
    coming = [window for window in around.windows(length.unit) if window[0] > received]
    if len(coming) < length.n:
        _terms_missing(length)
    return coming[length.n - 1][1]


def _terms_missing(length: Period) -> None:
    raise Refused("terms_missing", f"Notice of {length} needs term dates that are not entered yet: add them to the calendar.")


def _in_year(year: int, month: int, day: int) -> date:
    return plus_months(date(year, 1, day), month - 1)


# What the cases' JSON says of notice.


def notices_of(data: object) -> tuple[Notice, ...]:
    """One notice, a list of them, or none. Raises Refused."""
    if data is None:
        return ()
    return tuple(_notice(each) for each in (data if isinstance(data, list) else [data]))


def surroundings_of(given: Mapping[str, Any]) -> Surroundings:
    """Raises Refused."""
    nation, receipt = given.get("nation") or "ENG", given.get("receipt") or Receipt.WORKING_DAY
    if nation not in NATIONS:
        bad_input(f"Bank holidays are those of {', '.join(NATIONS)}.")
    if receipt not in list(Receipt):
        bad_input("Notice is received on a working day, or on any day.")
    return Surroundings(nation, Receipt(receipt), _posting(given), _windows(given, "terms"), _windows(given, "half_terms"))


def _notice(data: object) -> Notice:
    given = mapping(data, "A notice")
    clear = given.get("clear") is True
    if "by" in given:
        return Notice(None, _day_of_year(given["by"]), clear)
    return Notice(period(given, "A notice", least=0, units=NOTICE_UNITS), None, clear)


def _day_of_year(value: object) -> tuple[int, int]:
    """``12-31``; 29 February is taken for the last day of a shorter one."""
    try:
        found = date.fromisoformat(f"2024-{value}")
    except ValueError:
        bad_input("A fixed day for notice is a month and a day, such as 12-31.")
    return found.month, found.day


def _posting(given: Mapping[str, Any]) -> Posting:
    method, deemed = given.get("method") or "email", given.get("deemed") or "second_working_day"
    if method not in METHODS:
        bad_input(f"A notice is sent by {', '.join(METHODS)}.")
    known = {
        "second_working_day": Period(2, Unit.WORKING_DAYS),
        "third_working_day": Period(3, Unit.WORKING_DAYS),
        "cpr_6_26": None,
    }
    if isinstance(deemed, str):
        if deemed not in known:
            bad_input("A letter arrives on the second or third working day, or as the Civil Procedure Rules say (cpr_6_26).")
        return Posting(method in POST, known[deemed])
    units = (Unit.DAYS, Unit.WORKING_DAYS)
    return Posting(method in POST, period(deemed, "When a letter counts as received", least=0, units=units))


def _windows(given: Mapping[str, Any], name: str) -> tuple[Days, ...]:
    return tuple(sorted(two_days(each, "A term") for each in listed(given.get(name), "Terms")))

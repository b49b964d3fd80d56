"""What a contract says of its own length: term, end, extensions, how it renews and its notice, read from the cases' JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from contracts.clock import notice
from contracts.clock.notice import Notice, Surroundings
from contracts.clock.periods import Period, last_day, period, plus_days
from contracts.clock.reading import day as a_day
from contracts.clock.reading import listed, mapping, whole
from contracts.clock.refused import Refused, bad_input


class Renewal(StrEnum):
    EXPIRES = "expires"  # ends by itself
    ROLLS = "rolls"  # renews by itself unless somebody says no
    EXPRESS = "express"  # goes on only if asked for
    OPEN = "open"  # goes on until somebody ends it


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A last day and what it is reckoned from: months add up from the anchor, so that month ends never drift (rule D3)."""

    anchor: date
    months: int
    last: date

    def plus(self, length: Period) -> "Reckoning":
        if length.months:
            months = self.months + length.months
            return Reckoning(self.anchor, months, last_day(self.anchor, months))
        return ending(plus_days(self.last, length.days))

    def plus_times(self, length: Period, times: int) -> "Reckoning":
        """As ``plus`` so many times in turn, without the steps between."""
        if not times:
            return self
        return self.plus(Period(length.n * times, length.unit))

    def times_before(self, length: Period, day: date) -> int:
        """A number of times that can be added so that the last day still lies before ``day``; close to the most there are."""
        if length.months:
            months = (day.year - self.last.year) * 12 + day.month - self.last.month
            return max(0, (months - 2) // length.months)  # ends of months part by a day, and so by a month
        return max(0, (day - self.last).days // length.days - 1)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """For ending on one day: until when notice is received, sent and decided upon; None where there is no such day."""

    notice_received_by: date | None
    send_by: date | None
    decide_by: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What dates.py reckoned of a contract already. It is the same on whatever day one looks, and some look at hundreds.

    ``later`` is the end that a roll leads to, by anchor and months of the one before; ``deadlines`` are by last day, and whether
    notice is needed.
    """

    later: dict[tuple[date, int], Reckoning] = field(default_factory=dict)
    deadlines: dict[tuple[date, bool], Deadlines] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What ``contract_dates`` is asked about."""

    start: date
    term: Reckoning | None  # None: an open contract without a minimum
    extensions: tuple["Extension", ...]
    renewal: Renewal
    roll: Period | None
    most_rolls: int | None
    notices: tuple[Notice, ...]
    lead: Period | None
    notice_given: date | None
    as_of: date
    around: Surroundings
    known: Known = field(default_factory=Known, compare=False, repr=False)

    def is_last_period(self, rolled: int) -> bool:
        return self.most_rolls is not None and rolled >= self.most_rolls

    def ends_by_itself(self, rolled: int) -> bool:
        return self.renewal is Renewal.EXPIRES or (self.renewal is Renewal.ROLLS and self.is_last_period(rolled))


@dataclass(frozen=True, slots=True)
class Extension:
    length: Period | None
    to: date | None
    taken: bool


def ending(last: date) -> Reckoning:
    """Reckoned anew from the day after a last day."""
    return Reckoning(plus_days(last, 1), 0, last)


def end_of(contract: ContractTerms, extensions: Sequence[Extension]) -> Reckoning:
    end = contract.term
    if end is None:
        raise Refused("no_end", "The contract needs a length or a last day. Does it go on until somebody ends it?")
    for extension in extensions:
        end = end.plus(extension.length) if extension.length else ending(extension.to or end.last)
    return end


def contract_of(given: Mapping[str, Any]) -> ContractTerms:
    start, as_of = a_day(given.get("start"), "The start"), a_day(given.get("as_of"), "The day of looking")
    renewal = mapping(given.get("renewal") or {"mode": Renewal.EXPIRES}, "The renewal")
    mode = renewal.get("mode")
    if mode not in list(Renewal):
        bad_input("A contract ends by itself, renews by itself, goes on only if asked, or goes on until somebody ends it.")
    received = given.get("notice_given")
    notice_given = a_day(received, "The day on which notice was received") if received is not None else None
    if notice_given and notice_given < start:
        bad_input("Notice was received before the contract started.")
    term = _term(given, start)
    if term is None and mode != Renewal.OPEN:
        raise Refused("no_end", "The contract needs a length or a last day. Does it go on until somebody ends it?")
    rolls = mode == Renewal.ROLLS
    lead = given.get("lead")
    return ContractTerms(
        start=start,
        term=term,
        extensions=_extensions(given, term) if term else (),
        renewal=Renewal(mode),
        roll=period(renewal, "By how much it renews") if rolls else None,
        most_rolls=whole(renewal["max"], "How often it renews") if rolls and renewal.get("max") is not None else None,
        notices=notice.notices_of(given.get("notice")),
        lead=period(lead, "The time needed to decide", least=0, units=notice.NOTICE_UNITS) if lead is not None else None,
        notice_given=notice_given,
        as_of=as_of,
        around=notice.surroundings_of(given),
    )


def _term(given: Mapping[str, Any], start: date) -> Reckoning | None:
    end = a_day(given["end"], "The end") if given.get("end") is not None else None
    if end and given.get("end_inclusive") is False:
        end = plus_days(end, -1)
    length = period(given["term"], "The length") if given.get("term") is not None else None
    if length is None:
        if end and end < start:
            raise Refused("end_before_start", "The contract ends before it starts.")
        return ending(end) if end else None
    term = Reckoning(start, 0, plus_days(start, -1)).plus(length)
    if end and end != term.last:
        sentence = f"{length} from {start:%-d %B %Y} end on {term.last:%-d %B %Y}, not on {end:%-d %B %Y}: which is right?"
        raise Refused("term_and_end_disagree", sentence)
    return term


def _extensions(given: Mapping[str, Any], term: Reckoning) -> tuple[Extension, ...]:
    found, end, was_taken = [], term, True
    for each in listed(given.get("extensions"), "Extensions"):
        data = mapping(each, "An extension")
        taken = data.get("taken") is True
        if taken and not was_taken:
            raise Refused("extension_out_of_order", "An extension was taken up before the one that comes first.")
        to = a_day(data["to"], "The end of an extension") if data.get("to") is not None else None
        if to and to <= end.last:
            bad_input("An extension ends before what it extends.")
        length = None if to else period(data, "An extension")
        end = ending(to) if to else end.plus(length) if length else end
        found.append(Extension(length, to, taken))
        was_taken = taken
    return tuple(found)

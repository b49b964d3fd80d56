"""What ``contract_dates`` answers as days go by: stretches of days with one answer each, so that nobody has to ask every day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final

from contracts.clock.contract import ContractTerms, Renewal, contract_of
from contracts.clock.dates import reckoned
from contracts.clock.refused import Refused

MOST_STRETCHES: Final = 400  # a contract that rolls every month has two a month
UNKNOWN_ROLL: Final = {"mode": Renewal.ROLLS.value, "n": 1, "unit": "years"}  # how long doesn't matter for the first end
RENEWAL_UNKNOWN: Final = "renewal_unknown"  # it ended by its dates, unless it renewed by itself
ENDS: Final = {"mode": Renewal.EXPIRES.value}
ONE: Final = timedelta(days=1)


DECIDED: Final = frozenset({"notice_given", "ended"})  # states in which nobody is to decide by a day


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days of a contract that hold from ``starts`` until just before the next one's.

    ``notice_received_by`` plans for the working day before; ``words_received_by``, and whether notice was missed, go by the
    contract's own words (rule D7). With a ``problem``, a code of the rules, none but the current end is known, at most.
    """

    starts: date
    state: str
    current_end: date | None = None
    notice_received_by: date | None = None
    words_received_by: date | None = None
    send_by: date | None = None
    decide_by: date | None = None
    earliest_exit: date | None = None
    rolled: int = 0
    is_missed: bool = False
    next_end: date | None = None  # once notice was missed: the next chance, and by when to decide about it
    next_decide_by: date | None = None
    problem: str | None = None

    @property
    def to_decide_by(self) -> date | None:
        """That of the next chance, once notice was missed; None where nothing is to be decided any more."""
        return None if self.state in DECIDED else self.next_decide_by if self.is_missed else self.decide_by


_SAYS: Final = attrgetter(*(one.name for one in fields(Outlook) if one.name != "starts"))


def outlooks(data: Mapping[str, Any], first: date, last: date) -> tuple[Outlook, ...]:
    """The outlooks of the days ``first`` to ``last``, in order; the first one starts on ``first``.

    ``data`` is what ``contract_dates`` takes, without ``as_of``; ``receipt`` is ``business_days`` where the contract's own words
    count only those. A contract of which nobody said how it renews may renew by
    itself: the days are those for saying no, and after its end it counts as ended. Of one that goes on until somebody ends it
    the earliest exit moves every day, so it is left out. Raises nothing: what the rules refuse becomes a ``problem``.
    """
    return tuple(_outlooks(data, first, last))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A contract as it is asked about on every day: with the days of receipt that we plan for, and on its own words."""

    data: Mapping[str, Any]
    planned: ContractTerms
    words: ContractTerms

    @classmethod
    def of(cls, data: Mapping[str, Any], first: date) -> "_Asked":
        """Raises Refused."""
        asked = {**data, "renewal": data.get("renewal") or UNKNOWN_ROLL, "as_of": first.isoformat()}
        planned = contract_of({**asked, "receipt": "working_day"})
        return cls(data, planned, contract_of({**asked, "receipt": _on_the_words(data)}))


def _outlooks(data: Mapping[str, Any], first: date, last: date) -> Iterator[Outlook]:
    day, count = first, 0
    before: Outlook | None = None
    try:
        asked: _Asked | Refused = _Asked.of(data, first)
    except Refused as refused:
        asked = refused
    while day <= last and count < MOST_STRETCHES:
        found, changes = _refused(data, day, asked) if isinstance(asked, Refused) else _on(asked, day)
        count += 1
        if before is None or _SAYS(found) != _SAYS(before):
            yield found
            before = found
        later = [one for one in changes if one > day]
        if not later:
            return
        day = min(later)


def _on(asked: _Asked, day: date) -> tuple[Outlook, list[date]]:
    """The outlook of a day, and days from which it may be another."""
    data = asked.data
    try:
        planned = reckoned(replace(asked.planned, as_of=day))
        words = reckoned(replace(asked.words, as_of=day))
    except Refused as refused:
        return _refused(data, day, refused)
    if data.get("renewal") is None and words["rolled"]:
        return Outlook(day, "ended", current_end=_first_end(data), problem=RENEWAL_UNKNOWN), []
    is_open = asked.words.renewal is Renewal.OPEN
    outlook = Outlook(
        starts=day,
        state=words["state"],
        current_end=words["current_end"],
        notice_received_by=planned["notice_received_by"],
        words_received_by=words["notice_received_by"],
        send_by=planned["send_by"],
        decide_by=planned["decide_by"],
        earliest_exit=None if is_open and words["state"] != "notice_given" else words["earliest_exit"],
        rolled=words["rolled"],
        is_missed=words["notice_missed"],
        next_end=(words["next_chance"] or {}).get("end"),
        next_decide_by=(planned["next_chance"] or {}).get("decide_by") if words["notice_missed"] else None,
    )
    return outlook, _changes(asked.words, planned, words)


def _refused(data: Mapping[str, Any], day: date, refused: Refused) -> tuple[Outlook, list[date]]:
    """A notice that can't be reckoned leaves the end known."""
    renewal = data.get("renewal") or ENDS
    try:
        contract = contract_of(
            {**data, "renewal": renewal, "notice": None, "lead": None, "receipt": None, "as_of": day.isoformat()}
        )
        answer = reckoned(contract)
    except Refused:
        return Outlook(day, "live", problem=refused.code), []
    found = Outlook(day, answer["state"], answer["current_end"], rolled=answer["rolled"], problem=refused.code)
    return found, _changes(contract, answer)


def _on_the_words(data: Mapping[str, Any]) -> str:
    return "working_day" if data.get("receipt") == "business_days" else "any_day"


def _changes(contract: ContractTerms, *answers: Mapping[str, Any]) -> list[date]:
    starts = (contract.start, contract.notice_given)
    ends = [answer[name] for answer in answers for name in ("current_end", "notice_received_by")]
    chances = [answer["next_chance"]["notice_received_by"] for answer in answers if answer["next_chance"]]
    return [*(one for one in starts if one), *(one + ONE for one in (*ends, *chances) if one)]


def _first_end(data: Mapping[str, Any]) -> date | None:
    end: date | None = reckoned(contract_of({**data, "renewal": ENDS, "receipt": None, "as_of": data["start"]}))["current_end"]
    return end

"""From when somebody is told of a day of a contract, and in which words. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from contracts.clock.periods import plus_months
from contracts.fields.wording import weekday

ONE: Final = timedelta(days=1)
UNANSWERED: Final = timedelta(days=7)  # then a head is told too
LONGEST_TITLE: Final = 100  # characters of a contract's title in a sentence


class Kind(StrEnum):
    """Which day of a contract. The values are part of what notices/ keeps and of calendars' entries: never change one."""

    DECIDE = "decide-by"
    SEND = "send-by"
    END = "last-day"  # in calendars alone
    REVIEW = "review"
    DOCUMENT = "document"


# How many days before it each is told of; once is enough for each.
DAYS_BEFORE: Final = {Kind.DECIDE: (90, 30, 7, 1), Kind.SEND: (7, 1), Kind.REVIEW: (0,), Kind.DOCUMENT: (60, 14), Kind.END: ()}
EARLIEST: Final = DAYS_BEFORE[Kind.DECIDE][0] * ONE  # before the day to decide by, where a school chose no months
STAYS: Final = frozenset({Kind.REVIEW, Kind.DOCUMENT})  # due until somebody does it, also after the day


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day of a contract that somebody has to do something by.

    ``about`` is the same whatever its day. ``open_day`` is the last day before on which the school is open, where it is shut on
    ``day``. ``since`` is the day from which people could know of it. ``end`` is the end that a decision is about.
    """

    kind: Kind
    contract: UUID
    school: UUID
    about: str
    title: str
    day: date
    since: date
    open_day: date | None = None
    meeting: date | None = None  # the last of the governors before it
    end: date | None = None
    note: str = ""  # one more sentence

    @property
    def counted_from(self) -> date:
        return self.open_day or self.day

    @property
    def sentence(self) -> str:
        """Whole, for a letter or a calendar: no name of a person, no price."""
        said = [_SAID[self.kind].format(title=_short(self.title), day=weekday(self.day), end=weekday(self.end or self.day))]
        if self.open_day:
            said.append(f"The school is shut that day: the last open day before it is {weekday(self.open_day)}.")
        if self.meeting:
            said.append(f"The last governors' meeting before it is on {weekday(self.meeting)}.")
        return " ".join(filter(None, (*said, self.note)))


@dataclass(frozen=True, slots=True)
class ReminderStage:
    """The letter whose turn it is. ``for_head``: nobody has answered for a week."""

    step: str  # "90", "30"; "12m" for twelve months
    for_head: bool
    is_last: bool  # the day before: tomorrow is too late


def stage_on(deadline: Deadline, day: date, months: Collection[int] = ()) -> ReminderStage | None:
    """The last one that has begun; None before the first, and once it is too late. ``months`` are told of beside the usual."""
    if day > deadline.day and deadline.kind not in STAYS:
        return None
    begun = [(starts, step) for starts, step in _starts(deadline, months) if starts <= day]
    if not begun:
        return None
    told_since = max(begun[0][0], deadline.since)
    return ReminderStage(begun[-1][1], day - told_since >= UNANSWERED, begun[-1][1] == "1")


def first_day(deadline: Deadline, months: Collection[int] = ()) -> date:
    """From when somebody is told of it."""
    return next(_starts(deadline, months))[0]


def _starts(deadline: Deadline, months: Collection[int]) -> Iterator[tuple[date, str]]:
    """In order."""
    if deadline.kind is Kind.DECIDE:
        for n in sorted(months, reverse=True):
            yield plus_months(deadline.counted_from, -n), f"{n}m"
    for n in DAYS_BEFORE[deadline.kind]:
        yield deadline.counted_from - n * ONE, str(n)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


_SAID: Final = {
    Kind.DECIDE: "{title}: decide by {day} what happens when it ends on {end}.",
    Kind.SEND: "{title}: send notice by {day} to end it on {end}.",
    Kind.END: "{title}: {day} is the last day.",
    Kind.REVIEW: "{title}: a review with the supplier is due on {day}.",
    Kind.DOCUMENT: "{title}: the last day of a document that belongs to it is {day}.",
}

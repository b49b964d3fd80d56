"""What slices say of days: what somebody is to be told now, and what stands in a calendar. `vouch/wiring.py` lists who does.

Whoever writes letters and calendars is told by these and imports no slice; no slice knows who writes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from base.viewer import Viewer

NONE_LEAVES: Final = "No reminder leaves this service"  # where no mail does: whoever waits for one must not wait in vain
SEPARATOR: Final = "|"  # of the parts of a key: no id, day or word of ours has one


class Urgency(StrEnum):
    """How a sentence stands to the wish for few letters, or for none."""

    ORDINARY = "ordinary"
    LAST_DAY = "last_day"  # goes beside today's letter, because tomorrow is too late
    SECURITY = "security"  # that too, and to whoever wants no letters


@dataclass(frozen=True, slots=True)
class Due:
    """One sentence that one person is to be told once, for as long as it stays true.

    ``about`` and ``day`` say what moved: where the same ``about`` was told with another ``day``, the letter says so.
    """

    about: str  # what it is about, such as "contract:<id>:decide-by"
    step: str  # which of several letters about it, such as "90"; "" where there is one
    person: UUID
    school: UUID
    sentence: str  # whole, with no names of people and no prices: a letter is read over shoulders
    page: str  # a path of ours, where something can be done about it
    day: date
    urgency: Urgency = Urgency.ORDINARY

    @property
    def key(self) -> str:
        """What is told once: of two with the same key, one is."""
        return SEPARATOR.join((self.about, self.step, self.day.isoformat(), str(self.person)))


@dataclass(frozen=True, slots=True)
class FeedDate:
    """One day in somebody's calendar."""

    uid: str  # the same for as long as it is the same thing, whatever its day
    day: date
    title: str  # shown to those alone who turn titles on; never a price or a supplier
    sequence: int  # more with every change (RFC 5545, 3.8.7.4)
    changed_at: datetime  # the last of them
    sentence: str = ""  # shown where somebody signed in to take the calendar, and nowhere else


# Of a day, everything that is due on it or was before and still matters. Asked again and again; it keeps no note of who was told.
DueSource = Callable[[date], AsyncIterator[Due]]
DateSource = Callable[[Viewer], Awaitable[Sequence[FeedDate]]]

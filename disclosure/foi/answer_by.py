"""By when a school in England answers a request for information: the 20th working day on which it is open to pupils, or the 60th
working day, whichever comes first (S.I. 2004/3364, regulation 3; of academies S.I. 2010/2768).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final

from base import clock
from base.refusals import Invalid
from base.viewer import Viewer
from contracts.calendars import calendars
from contracts.clock.bank_holidays import NATIONS, is_bank_holiday
from contracts.clock.calendar_layers import Layer, known_terms
from contracts.clock.periods import plus_days
from contracts.clock.school_calendar import SATURDAY, SchoolCalendar, halves

LONGEST_AGO: Final = timedelta(days=731)  # an answer that is two years late is not planned any more
SCHOOL_DAYS: Final = 20
WORKING_DAYS: Final = 60
ENGLAND: Final = "ENG"
NO_SUCH_DAY: Final = "Enter the day on which it came: today, or a day of the last two years."


@dataclass(frozen=True, slots=True)
class AnswerBy:
    """``twentieth`` is None where the terms that are known end, on ``known_until``, before so many school days are over; where
    no term is known ``known_until`` is None too.
    """

    came: date
    twentieth: date | None
    sixtieth: date
    known_until: date | None

    @property
    def day(self) -> date:
        return min(self.twentieth or self.sixtieth, self.sixtieth)

    @property
    def is_twentieth(self) -> bool:
        return self.twentieth is not None and self.twentieth <= self.sixtieth

    @property
    def is_certain(self) -> bool:
        """Whether no school day that is not known yet could make it earlier."""
        return self.twentieth is not None or (self.known_until is not None and self.known_until >= self.sixtieth)


async def of(viewer: Viewer, came: date) -> AnswerBy | None:
    """By the calendar of the viewer's school; None for one outside England. Raises Invalid for a day to come, or of long ago."""
    today = clock.today()
    if not today - LONGEST_AGO <= came <= today:
        raise Invalid(NO_SUCH_DAY, came=NO_SUCH_DAY)
    layers = (await calendars.look(viewer)).layers
    is_in_england = not layers or layers[-1].calendar.nation == ENGLAND
    return reckoned(came, layers) if is_in_england else None


def reckoned(came: date, layers: Sequence[Layer]) -> AnswerBy:
    """The first day is the one after the request came. Pure."""
    working = list(islice(_working_days_after(came), WORKING_DAYS))
    terms = known_terms(layers)
    known_until = max((term.last for term in terms), default=None)
    open_on = [half for term in terms for half in halves(term)]
    school_days = [
        day for day in working if any(first <= day <= last for first, last in open_on) and not _is_off(day, layers)
    ]  # fmt: skip
    twentieth = school_days[SCHOOL_DAYS - 1] if len(school_days) >= SCHOOL_DAYS else None
    return AnswerBy(came, twentieth, working[-1], known_until)


def _working_days_after(day: date) -> Iterator[date]:
    """As the Act has them: without the bank holidays of any part of the United Kingdom."""
    while True:
        day = plus_days(day, 1)
        if day.weekday() < SATURDAY and not any(is_bank_holiday(day, nation) for nation in NATIONS):
            yield day


def _is_off(day: date, layers: Sequence[Layer]) -> bool:
    calendar = _in_force(day, layers)
    return day in calendar.inset or any(first <= day <= last for first, last in calendar.closed)


def _in_force(day: date, layers: Sequence[Layer]) -> SchoolCalendar:
    return next((layer.calendar for layer in reversed(layers) if layer.starts <= day), layers[0].calendar)

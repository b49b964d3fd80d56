"""Whether a school is open on a day, as its calendar has it; what the calendar does not know counts as open. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from contracts.clock.calendar_layers import Layer, for_the_clock
from contracts.clock.refused import Refused
from contracts.clock.service_calendar import ServiceCalendar, calendar_of

ONE: Final = timedelta(days=1)
LONGEST_SHUT: Final = 100  # days: longer than any summer


class OpenDays:
    """Asked of one school again and again."""

    __slots__ = ("_calendar",)

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._calendar: ServiceCalendar | None = calendar_of(for_the_clock(layers)) if layers else None

    def is_shut(self, day: date) -> bool:
        if self._calendar is None:
            return False
        try:
            return not self._calendar.version(day).readings(day)
        except Refused:
            return False

    def last_before(self, day: date) -> date | None:
        """The last open day before a day on which the school is shut; None where it is open then, or none is near."""
        if not self.is_shut(day):
            return None
        earlier = (day - n * ONE for n in range(1, LONGEST_SHUT))
        return next((one for one in earlier if not self.is_shut(one)), None)

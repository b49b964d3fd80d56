"""When the clock stands still: pauses, and from a fix to its re-opening (rules C9, C11, C14)."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.clock.local_time import Span, joined
from contracts.clock.open_minutes import OpenMinutes

FOR_EVER = 1 << 60  # the end of a pause that goes on


@dataclass(frozen=True, slots=True)
class Stoppages:
    """``spans`` in order and apart, in minutes since 1970; the last one may end FOR_EVER."""

    spans: tuple[Span, ...] = ()

    @property
    def goes_on_from(self) -> int | None:
        """When a pause without an end began, if there is one."""
        return self.spans[-1][0] if self.spans and self.spans[-1][1] == FOR_EVER else None

    def holds_at(self, minute: int) -> bool:
        return any(first <= minute < last for first, last in self.spans)

    def runs_within(self, spans: Sequence[Span], start: int) -> bool:
        """Whether the clock runs for a minute of ``spans`` that is not before ``start``."""
        for opens, closes in spans:
            place = max(opens, start)
            for first, last in self.spans:
                if first <= place < last:
                    place = last
            if place < closes:
                return True
        return False

    def counted(self, opened: OpenMinutes, start: int, end: int) -> int:
        """The open minutes of [start, end) in which the clock ran. Raises Refused where a part of it isn't known."""
        stopped = sum(opened.between(max(start, first), min(end, last)) for first, last in self.spans if first < end)
        return opened.between(start, end) - stopped

    def due(self, opened: OpenMinutes, start: int, minutes: int) -> int | None:
        """The earliest minute by which ``minutes`` have counted since ``start``; None: not within what is laid out."""
        if minutes == 0:
            return start
        place = start
        for first, last in self.spans:
            if last <= place:
                continue
            here = opened.until(first) - opened.until(place) if first > place else 0
            if here >= minutes:
                break
            minutes -= here
            place = last
        return None if place == FOR_EVER else opened.after(place, minutes)


def stoppages(pauses: Sequence[Span], *, start: int, gaps: Sequence[Span] = (), end: int = FOR_EVER) -> Stoppages:
    """Pauses and gaps together, within [start, end): the last stop ends every pause."""
    clipped = ((max(first, start), min(last, end)) for first, last in (*pauses, *gaps))
    return Stoppages(joined(span for span in clipped if span[0] < span[1]))

"""``availability``: of the service minutes of the period, those in which it was seen to work (rule A6)."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

from contracts.attaining.asked import Asked, spans
from contracts.attaining.attained import NO_DATA, Attained, bounds_of
from contracts.clock import local_time
from contracts.clock.local_time import Span
from contracts.clock.open_minutes import OpenMinutes


def availability(asked: Asked) -> dict[str, Any]:
    bounds, table = bounds_of(asked.metric), asked.calendar
    start = local_time.midnight(asked.first, table.tz)
    end = local_time.midnight(asked.last + timedelta(days=1), table.tz)
    opened = table.covering(asked.first, asked.last)
    opened.require_known(start, end)
    planned = local_time.joined(iter((*spans(asked.given.get("planned"), "Planned work"), *asked.exclusions)))
    watched, down = spans(asked.given.get("watched"), "A time of watching"), spans(asked.given.get("down"), "An outage")
    service = _without(_open_spans(opened, start, end), planned)
    unwatched = _without(service, watched)
    outages = [outage for outage in down if _length(_common(service, [outage]))]
    lost = local_time.joined(iter((*unwatched, *_common(service, down))))
    n = _length(service)
    found = Attained(
        above=Fraction(n - _length(lost)),
        n=n,
        breaches=len(outages),
        missing=_length(unwatched),
        excluded=opened.between(start, end) - n,
    )
    if found.missing == n:
        return found.answer(NO_DATA) | {"measured": None}
    return found.answer(found.verdict(bounds))


def _open_spans(opened: OpenMinutes, start: int, end: int) -> Sequence[Span]:
    return _common(list(zip(opened.begins, opened.ends, strict=True)), [(start, end)])


def _common(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The minutes that are in both; each in order and apart."""
    found, place = [], 0
    for first, last in some:
        while place < len(others) and others[place][1] <= first:
            place += 1
        here = place
        while here < len(others) and others[here][0] < last:
            found.append((max(first, others[here][0]), min(last, others[here][1])))
            here += 1
    return found


def _without(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The minutes of ``some`` that are not in ``others``; each in order and apart."""
    found = []
    for first, last in some:
        place = first
        for begins, ends in others:
            if begins < last and ends > place:
                if begins > place:
                    found.append((place, begins))
                place = min(max(place, ends), last)
        if place < last:
            found.append((place, last))
    return found


def _length(some: Sequence[Span]) -> int:
    return sum(last - first for first, last in some)

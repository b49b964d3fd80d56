"""The versions of a school's calendar laid over its trust's: what the clock and contract dates take of them. Only computes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from contracts.clock.school_calendar import SchoolCalendar, Term, windows

TZ: Final = "Europe/London"


@dataclass(frozen=True, slots=True)
class Layer:
    """A calendar as it stands from a day on; of two from the same day the later in a sequence counts."""

    starts: date
    calendar: SchoolCalendar


def laid_over(trust: Sequence[Layer], own: Sequence[Layer]) -> tuple[Layer, ...]:
    """The calendar of a school, whole, by the day from which it holds: its own, or its trust's with the days that it adds.

    A school that saved none follows its trust. Where it follows one that has none yet, nothing is known.
    """
    found = []
    for day in sorted({layer.starts for layer in (*trust, *own)}):
        mine, theirs = _on(own, day), _on(trust, day)
        if mine is not None and not mine.follows_trust:
            found.append(Layer(day, mine))
        elif theirs is not None:
            found.append(Layer(day, _with_own_days(theirs, mine) if mine else theirs))
    return tuple(found)


def changes(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Without those that go on with the calendar before them: two calendars are the same where these are."""
    return tuple(layer for n, layer in enumerate(layers) if n == 0 or layer.calendar != layers[n - 1].calendar)


def for_the_clock(layers: Iterable[Layer]) -> dict[str, Any]:
    """What ``calendar_of`` reads: the JSON of the rules."""
    return {"tz": TZ, "versions": [_version(layer) for layer in layers]}


def known_terms(layers: Sequence[Layer]) -> tuple[Term, ...]:
    """The terms of the last version, and before its first one those that earlier versions knew, in order."""
    found: list[Term] = []
    for layer in reversed(layers):
        first = min((term.first for term in found), default=date.max)
        found += [term for term in layer.calendar.terms if term.last < first]
    return tuple(sorted(found, key=lambda term: term.first))


def _on(layers: Sequence[Layer], day: date) -> SchoolCalendar | None:
    """The one in force on a day."""
    started = [layer for layer in layers if layer.starts <= day]
    return max(enumerate(started), key=lambda one: (one[1].starts, one[0]))[1].calendar if started else None


def _with_own_days(theirs: SchoolCalendar, own: SchoolCalendar) -> SchoolCalendar:
    """A day of the school's own stands above what the trust says of it."""
    half_days = {day: hours for day, hours in theirs.half_days.items() if not any(a <= day <= b for a, b in own.closed)}
    return msgspec.structs.replace(
        theirs,
        closed=(*theirs.closed, *own.closed),
        half_days={**half_days, **own.half_days},
        inset=tuple(sorted({*theirs.inset, *own.inset})),
        modes=(*theirs.modes, *own.modes),
    )


def _version(layer: Layer) -> dict[str, Any]:
    calendar = layer.calendar
    return {
        "from": layer.starts.isoformat(),
        "weekly": {day: [list(one) for one in hours] for day, hours in calendar.weekly.items()},
        "special": {day.isoformat(): [list(one) for one in hours] for day, hours in calendar.half_days.items()},
        "closed": [[first.isoformat(), last.isoformat()] for first, last in calendar.closed],
        "bank_holidays": None if calendar.open_on_bank_holidays else calendar.nation,
        "inset": [day.isoformat() for day in calendar.inset],
        "inset_open": calendar.inset_open,
        "terms": windows(calendar.terms),
        "only": calendar.only,
        "modes": [{"name": m.name, "from": m.first.isoformat(), "to": m.last.isoformat()} for m in calendar.modes],
    }

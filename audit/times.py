"""What the times of a trail's entries say: where a clock was behind, and what no clock explains.

An entry's time, ``at``, is never before that of the entry before it. Where the clock said less, the entry has the time of the
one before it, and its event commits ``clock``, what the clock said. All are whole microseconds since 1970, UTC. Part of the
offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from audit.canonical import SAFE_INTEGER

SLACK: Final = 60_000_000  # microseconds: how far apart the clocks of computers that serve one database may be
UNITS: Final = (("day", 86_400_000_000), ("hour", 3_600_000_000), ("minute", 60_000_000), ("second", 1_000_000))
# A UUIDv7 (RFC 9562): its first 48 bits are milliseconds since 1970.
_TIMED_ID: Final = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


@dataclass
class SomeEntries:
    """Entries of which one thing is true: the positions of the first and the last, from 0, how many, and the most
    microseconds by which it is true of any.
    """

    first: int
    last: int
    entries: int
    most: int


@dataclass
class Times:
    """What the times of the entries noted so far amount to, each None where no entry is so.

    ``held``: their time is that of the entry before, because the clock said less. ``falling``: their time lies before that of
    an entry before. ``unexplained``: what they commit as the clock's doesn't account for their time. ``apart``: their id was
    made more than SLACK from what the clock said, or tells no time.
    """

    held: SomeEntries | None = None
    falling: SomeEntries | None = None
    unexplained: SomeEntries | None = None
    apart: SomeEntries | None = None
    last_idx: int = -1
    last_at: int = 0

    def note(self, idx: int, event: Mapping[str, Any]) -> None:
        """Takes in the next entry's event. Entries may be missing between it and the one before."""
        at, said = event["at"], event.get("clock", event["at"])
        if "clock" in event:
            follows = self.last_idx + 1 != idx or self.last_at == at
            if said < at and follows:
                self.held = _with(self.held, idx, at - said)
            else:
                self.unexplained = _with(self.unexplained, idx, abs(at - said))
        if at < self.last_at:
            self.falling = _with(self.falling, idx, self.last_at - at)
        made = id_time(event["id"])
        if made is None or abs(made - said) > SLACK:
            self.apart = _with(self.apart, idx, 0 if made is None else abs(made - said))
        self.last_idx, self.last_at = idx, at


def id_time(event_id: str) -> int | None:
    """When an id was made, to the millisecond; None for one that isn't a UUIDv7, or of a time that no entry can have."""
    found = _TIMED_ID.match(event_id)
    made = int(found[1] + found[2], 16) * 1_000 if found else None
    return made if made is not None and made < SAFE_INTEGER else None


def held_line(held: SomeEntries) -> str:
    """For people, from which entry to which; without its end."""
    return f"Times held: {_which(held)}, as the clock was behind the entry before, by {span_in_words(held.most)} at most"


def remarks(times: Times) -> tuple[str, ...]:
    """What to tell the people whose trail it is: times held by more than a minute, and the warnings."""
    held = (f"{held_line(times.held)}.",) if times.held and times.held.most > SLACK else ()
    return (*held, *time_warnings(times))


def time_warnings(times: Times) -> tuple[str, ...]:
    """A sentence for each thing that no clock that keeps time explains. No fault: what was recorded is still what it was."""
    return tuple(
        f"{sentence}: {_which(found)}, by {span_in_words(found.most)} at most. Ask why."
        for sentence, found in (
            ("The recorded time goes back", times.falling),
            ("What the clock is said to have shown does not account for the recorded time", times.unexplained),
            ("The entry's id was made at another time than the one recorded, or tells none", times.apart),
        )
        if found
    )


def span_in_words(microseconds: int) -> str:
    """In words, rounded down to its largest unit."""
    for name, unit in UNITS:
        number = microseconds // unit
        if number:
            return f"{number:,} {name}{'' if number == 1 else 's'}"
    return "less than a second"


def _which(found: SomeEntries) -> str:
    if found.entries == 1:
        return f"entry {found.first + 1:,}"
    return f"{found.entries:,} entries, from {found.first + 1:,} to {found.last + 1:,}"


def _with(found: SomeEntries | None, idx: int, by: int) -> SomeEntries:
    if found is None:
        return SomeEntries(idx, idx, 1, by)
    found.last, found.entries, found.most = idx, found.entries + 1, max(found.most, by)
    return found

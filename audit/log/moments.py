"""When an entry is recorded: by the clock, and never before the entry before it in its trail."""

import json
from dataclasses import dataclass
from typing import Final

import structlog

import database
from audit.tables import Entry
from audit.times import SLACK, SomeEntries, Times
from base import clock

_MICROSECONDS: Final = 1_000_000

log = structlog.get_logger("vouch.trail")


@dataclass(frozen=True, slots=True)
class Moment:
    """``at`` is when an entry counts as recorded, ``clock`` what the clock said: microseconds since 1970, UTC."""

    at: int
    clock: int

    @property
    def told(self) -> dict[str, int]:
        """As the entry commits it: what the clock said only where that is another time."""
        return {"at": self.at} if self.at == self.clock else {"at": self.at, "clock": self.clock}


def after(last_at: int, trail: str) -> Moment:
    """Now, or the time of the trail's newest entry where the clock says less, of which more than a minute is logged."""
    said = clock.microseconds(clock.now())
    if last_at - said > SLACK:
        log.warning("trail_time_held", trail=trail, seconds=(last_at - said) // _MICROSECONDS)
    return Moment(max(said, last_at), said)


async def held(trail: str, start: int, end: int) -> SomeEntries | None:
    """Of the entries from ``start`` to before ``end``, those that were held by more than a minute. Opens its own unit."""
    async with database.read():
        rows = await Entry.raw(
            """SELECT e.idx AS idx, o.value AS value FROM audit_entry e
            JOIN audit_opening o ON o.event_id = e.event_id AND o.field = 'event'
            WHERE e.trail = {} AND e.idx >= {} AND e.idx < {} AND o.value LIKE {} ORDER BY e.idx""",
            trail,
            start,
            end,
            '{"at":%,"clock":%',  # the canonical form has keys in order
        )
    times = Times()
    for row in rows:
        event = json.loads(row["value"])
        if event["at"] - event["clock"] > SLACK:
            times.note(row["idx"], event)
    return times.held

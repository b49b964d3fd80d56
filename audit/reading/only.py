"""Which entries of a trail somebody wants to see: about one thing, of some kinds, by one person, of some days.

The first of these that is asked for is read from the end of its index, however long the trail is; the others are looked at on
the way.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import database
from audit.log import streams
from audit.tables import Entry
from base import clock
from base.viewer import Viewer

SHORT: Final = 10_000  # entries whose persons are looked up one by one
FURTHEST: Final = 2**53  # beyond every trail's end
LAST_ID: Final = UUID(int=2**128 - 1)
# The first position recorded at $2 or later, by halves: no entry is recorded before the one before it (log/moments.py).
_FIRST_AT: Final = """WITH RECURSIVE look(low, high) AS (
    SELECT CAST(0 AS BIGINT), size FROM audit_head WHERE trail = $1
    UNION ALL
    SELECT CASE WHEN e.at < $2 THEN e.idx + 1 ELSE low END, CASE WHEN e.at < $2 THEN high ELSE e.idx END
    FROM look CROSS JOIN audit_entry e WHERE low < high AND e.trail = $1 AND e.idx = (low + high) / 2)
    SELECT low FROM look WHERE low = high"""
_ACTOR: Final = "o.field = 'actor' AND o.person ="


@dataclass(frozen=True, slots=True)
class Only:
    """``types`` () are all of them; what was recorded at ``since`` counts, at ``until`` not any more (UTC)."""

    stream: str | None = None
    types: tuple[str, ...] = ()
    person: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING: Final = Only()


@dataclass(slots=True)
class _Asked:
    """One statement in the making: its conditions on the entry ``e``, and the values of its marks."""

    values: list[object] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    def mark(self, value: object) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def of(self, trail: str, viewer: Viewer, place: str, start: int, end: int) -> "_Asked":
        """Those open to the viewer, from one position to before another; ``place`` says what a position is in SQL."""
        bounds = (f"e.trail = {self.mark(trail)}", f"{place} >= {self.mark(start)}", f"{place} < {self.mark(end)}")
        self.conditions += bounds
        if (open_to := streams.names_open_to(viewer)) is not None:
            self.conditions.append(f"e.stream = ANY({self.mark(open_to)})")
        return self

    def where(self, *more: str) -> str:
        return " AND ".join((*self.conditions, *more))


async def entries(viewer: Viewer, only: Only, *, before: int | None, limit: int) -> list[dict[str, Any]]:
    """Rows of the viewer's trail that are asked for and open to them, newest first: at most ``limit``, from those that follow
    the entry at ``before``. Inside the caller's unit of work.
    """
    trail = str(viewer.school)
    places = await _positions(trail, viewer, only, before, limit)
    found: list[dict[str, Any]] = await Entry.select().where((Entry.trail == trail) & database.among(Entry.idx, places))
    return sorted(found, key=lambda row: places.index(row["idx"]))


async def _positions(trail: str, viewer: Viewer, only: Only, before: int | None, limit: int) -> list[int]:
    start, end = await _between(trail, only)
    asked = _Asked()
    place = "e.idx + 0" if only.stream else "e.idx"  # a sum is in no index: SQLite would rather take that of the positions
    if await _is_by_person(trail, only, start, end):
        sql = _by_person(asked.of(trail, viewer, place, start, end), only, before)
    else:
        asked.of(trail, viewer, place, start, end if before is None else min(end, before))
        if only.person:
            its_actor = f"o.event_id = e.event_id AND {_ACTOR} {asked.mark(only.person)}"
            asked.conditions.append(f"EXISTS (SELECT 1 FROM audit_opening o WHERE {its_actor})")  # noqa: S608 - our own text
        sql = _by_stream(asked, only, before) if only.stream else _by_type(asked, only, limit)
    return [row["idx"] for row in await database.select(f"{sql} LIMIT {limit:d}", *asked.values)]


async def _is_by_person(trail: str, only: Only, start: int, end: int) -> bool:
    """Whether it is quicker to look at what the person did than at each of the few entries that may be theirs."""
    if not only.person or only.stream or end - start <= SHORT:
        return False
    if not only.types:
        return True
    asked = _Asked([trail, start, end], ["e.trail = $1", "e.idx >= $2", "e.idx < $3"])
    some = f"{_by_type(asked, only, SHORT)} LIMIT {SHORT:d}"
    rows = await database.select(f"SELECT count(*) AS n FROM ({some}) AS these", *asked.values)  # noqa: S608 - our own text
    return bool(rows[0]["n"] >= SHORT)


async def _between(trail: str, only: Only) -> tuple[int, int]:
    """The positions, half-open, of what was recorded in that time."""
    if not only.since and not only.until:
        return 0, FURTHEST
    start = await _first_at(trail, only.since) if only.since else 0
    return start, await (_first_at(trail, only.until) if only.until else streams.size_of(trail))


async def _first_at(trail: str, at: datetime) -> int:
    rows = await database.select(_FIRST_AT, trail, clock.microseconds(at))
    return int(rows[0]["low"]) if rows else 0


def _by_stream(asked: _Asked, only: Only, before: int | None) -> str:
    more = [f"e.stream = {asked.mark(only.stream)}"]
    if only.types:
        more.append(f"e.type = ANY({asked.mark(list(only.types))})")
    if before is not None:
        last_shown = (
            f"SELECT sseq FROM audit_entry WHERE trail = $1 AND idx = {asked.mark(before)} AND stream = {asked.mark(only.stream)}"  # noqa: S608 - our own text
        )
        more.append(f"e.sseq < COALESCE(({last_shown}), {asked.mark(FURTHEST)})")
    return f"SELECT e.idx AS idx FROM audit_entry e WHERE {asked.where(*more)} ORDER BY e.sseq DESC"  # noqa: S608 - our own text


def _by_type(asked: _Asked, only: Only, limit: int) -> str:
    """The newest of each type, and of these the newest: together they are in no index's order."""
    if not only.types:
        return f"SELECT e.idx AS idx FROM audit_entry e WHERE {asked.where()} ORDER BY e.idx DESC"  # noqa: S608 - our own text
    newest = " UNION ALL ".join(
        f"SELECT * FROM (SELECT e.idx AS idx FROM audit_entry e WHERE {asked.where(f'e.type = {asked.mark(one)}')}"  # noqa: S608 - our own text
        f" ORDER BY e.idx DESC LIMIT {limit:d}) AS newest"
        for one in only.types
    )
    return f"SELECT idx FROM ({newest}) AS each ORDER BY idx DESC"  # noqa: S608 - our own text


def _by_person(asked: _Asked, only: Only, before: int | None) -> str:
    """In the order of the entries' ids, which is that of the clock: where it was put back, the trail's own is another."""
    more = [f"{_ACTOR} {asked.mark(only.person)}", "e.event_id = o.event_id"]
    if only.until:
        more.append(f"o.event_id < {asked.mark(_first_id_after(only.until))}")
    if only.types:
        more.append(f"e.type = ANY({asked.mark(list(only.types))})")
    if before is not None:
        last_shown = f"SELECT event_id FROM audit_entry WHERE trail = $1 AND idx = {asked.mark(before)}"  # noqa: S608 - our own text
        more.append(f"o.event_id < COALESCE(({last_shown}), {asked.mark(LAST_ID)})")
    where = asked.where(*more)
    return f"SELECT e.idx AS idx FROM audit_opening o CROSS JOIN audit_entry e WHERE {where} ORDER BY o.event_id DESC"  # noqa: S608 - our own text


def _first_id_after(at: datetime) -> UUID:
    """Ids begin with 48 bits of milliseconds, by a clock that never shows more than an entry says."""
    return UUID(int=(clock.microseconds(at) // 1000 + 1) << 80)

"""A school's service calendar as it is stored: the versions that it saved, laid over those of its trust."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import database
from contracts.clock import school_calendar
from contracts.clock.calendar_layers import Layer, laid_over
from contracts.tables import CalendarVersion
from sharing.tables import Network, NetworkMember, School


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """``layers`` are the whole calendar, by the day from which each holds; ``versions`` the rows that made it: these never
    change.

    ``own`` are the rows that the school saved itself, the first one first; ``trust`` is the one whose calendar, ``theirs``,
    it can follow.
    """

    layers: tuple[Layer, ...]
    versions: tuple[UUID, ...]
    own: tuple[Mapping[str, Any], ...]
    theirs: tuple[Layer, ...]
    trust: UUID | None
    trust_name: str


@dataclass(frozen=True, slots=True)
class _Trust:
    """The central team of the trust that a school is in, or was in last; then ``until_at`` is when it left."""

    id: UUID
    name: str
    until_at: datetime | None


async def of_school(school: UUID) -> StoredCalendar:
    """Inside the caller's unit."""
    trust = await _trust_of(school)
    own = await _rows(school)
    theirs = await _rows(trust.id) if trust else ()
    if trust and trust.until_at:  # who left goes on with what the trust had said by then
        theirs = tuple(row for row in theirs if row["made_at"] < trust.until_at)
    above = _layers(theirs)
    still = trust if trust and not trust.until_at else None
    return StoredCalendar(
        layers=laid_over(above, _layers(own)),
        versions=tuple(row["id"] for row in (*theirs, *own)),
        own=own,
        theirs=above,
        trust=still.id if still else None,
        trust_name=still.name if still else "",
    )


async def saved_by(schools: Collection[UUID]) -> dict[UUID, tuple[Layer, ...]]:
    """What each of the schools saved itself, of those that saved anything. Inside the caller's unit."""
    if not schools:
        return {}
    rows = CalendarVersion.select().where(database.among(CalendarVersion.school, schools)).order_by(CalendarVersion.version)
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in await rows:
        found.setdefault(row["school"], []).append(row)
    return {school: _layers(its) for school, its in found.items()}


async def _rows(school: UUID) -> tuple[Mapping[str, Any], ...]:
    return tuple(await CalendarVersion.select().where(CalendarVersion.school == school).order_by(CalendarVersion.version))


def _layers(rows: Iterable[Mapping[str, Any]]) -> tuple[Layer, ...]:
    return tuple(Layer(row["from_day"], school_calendar.of_json(row["data"])) for row in rows)


async def _trust_of(school: UUID) -> _Trust | None:
    """The last one that it joined, of those whose central team is known here."""
    of_trusts = Network.select(Network.id).where((Network.kind == "trust") & (Network.source == "register"))
    ties: Sequence[Mapping[str, Any]] = await NetworkMember.select(
        NetworkMember.network, NetworkMember.joined_at, NetworkMember.until_at
    ).where((NetworkMember.school == school) & database.among(NetworkMember.network, of_trusts))
    for tie in sorted(ties, key=lambda one: (one["until_at"] is None, one["joined_at"]), reverse=True):
        code = Network.select(Network.code).where(Network.id == tie["network"])
        team = School.select(School.id, School.name).where((School.kind == "trust") & database.among(School.uid, code))
        found = await team.first()
        if found is not None and found["id"] != school:
            return _Trust(found["id"], found["name"], tie["until_at"])
    return None

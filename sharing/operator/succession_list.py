"""New heads on their way to schools, as the operator and the people of the school see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import NotFound
from base.viewer import Viewer
from sharing.members.tables import Succession

TAKEN_UP_WITHIN: Final = timedelta(days=30)  # of being in force: later, those who were told have forgotten it, or left


class Ground(StrEnum):
    """Why the operator may invite a new head."""

    SILENCE = "silence"  # nobody who may write has signed in for long
    ASKED = "asked"  # the head or chair asked, from the school's published address


@dataclass(frozen=True, slots=True)
class Start:
    """A new head on the way. ``name`` is empty until the invitation is taken up."""

    id: UUID
    school: UUID
    school_name: str
    email: str
    person: UUID | None
    name: str
    ground: Ground
    address: str | None
    seen: str | None
    started_at: datetime
    in_force_at: datetime
    objection: str | None
    objected_by: str
    stopped_at: datetime | None

    @property
    def who(self) -> str:
        return self.name or self.email or "Somebody whose name was erased"

    @property
    def is_waiting(self) -> bool:
        """Its five school days are not over, and nobody stopped it."""
        return self.stopped_at is None and clock.now() < self.in_force_at

    @property
    def needs_link(self) -> bool:
        return self.stopped_at is None and self.person is None and clock.now() <= self.in_force_at + TAKEN_UP_WITHIN


async def waiting_at(viewer: Viewer) -> tuple[Start, ...]:
    """What people of the viewer's school may still object to."""
    async with database.read():
        return tuple(one for one in await starts_of(viewer.school) if one.is_waiting)


async def started(viewer: Viewer) -> tuple[Start, ...]:
    """Everything, for the operator, the newest first. Raises NotFound."""
    if not viewer.is_operator:
        raise NotFound
    async with database.read():
        return await starts_of(None)


async def one(viewer: Viewer, succession: UUID) -> Start:
    """One of them, for the operator and for people of the school. Raises NotFound."""
    async with database.read():
        found = next(
            (one for one in await starts_of(None if viewer.is_operator else viewer.school) if one.id == succession), None
        )
    if found is None:
        raise NotFound
    return found


async def starts_of(school: UUID | None) -> tuple[Start, ...]:
    """Those of one school, or (None) of all, the newest first. Inside the caller's unit."""
    only = "WHERE s.school = {}" if school else ""
    rows = await Succession.raw(
        f"""SELECT s.id AS id, s.school AS school, c.name AS school_name, s.email AS email, s.person AS person,
            COALESCE(p.name, '') AS name, s.ground AS ground, s.address AS address, s.seen AS seen, s.started_at AS started_at,
            s.in_force_at AS in_force_at, s.objection AS objection, COALESCE(o.name, '') AS objected_by,
            s.stopped_at AS stopped_at
        FROM sharing_succession s JOIN sharing_school c ON c.id = s.school LEFT JOIN sharing_person p ON p.id = s.person
        LEFT JOIN sharing_person o ON o.id = s.objected_by {only} ORDER BY s.started_at DESC, s.id""",  # noqa: S608 - our own text
        *([school] if school else []),
    )
    return tuple(Start(**row | {"ground": Ground(row["ground"])}) for row in rows)

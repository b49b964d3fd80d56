"""A trust puts one list of suppliers before several of its schools at once. Each of them imports it, or not, as its own.

Nothing is added to a school's list by it: the file waits there like one that somebody of the school chose, and whoever imports it
answers for that school. So no right of a school passes to its trust; only a note of it stands in the trail of each.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log import subjects
from base import clock
from base.refusals import Invalid
from base.viewer import Viewer, must_write
from sharing.members import members
from sharing.tables import School
from suppliers.events import Event
from suppliers.imports import imports
from suppliers.imports.tables import Import

MOST_WAITING: Final = 5  # lists at a school beside which a trust puts no more: the other places are the school's own
NOT_OF_THE_TRUST: Final = "Choose schools of your own trust from the list."


@dataclass(frozen=True, slots=True)
class PutBefore:
    """At how many schools it waits now; ``full`` are those where too many lists wait already, by name."""

    schools: int
    full: tuple[str, ...]


async def schools(viewer: Viewer) -> tuple[tuple[UUID, str], ...]:
    """The schools of the viewer's trust, without its central team, by name; none for a school. Opens its own read unit."""
    async with database.read():
        return await _schools(viewer)


async def put_before(viewer: Viewer, content: bytes, chosen: Collection[UUID], *, name: str = "") -> PutBefore:
    """Puts the file before each of the schools, with an entry there and in the trust's own trail.

    Raises Forbidden, TooLarge, and Invalid for no file, and for schools that are not the trust's.
    """
    must_write(viewer)
    imports.check_file(content)
    async with audit.recording(viewer) as record:
        names = dict(await _schools(viewer))
        if not chosen or not set(chosen) <= set(names):
            raise Invalid(NOT_OF_THE_TRUST, school=NOT_OF_THE_TRUST)
        digest, called, now = sha256(content).digest(), imports.file_name(f"{viewer.school_name}: {name}"), clock.now()
        full = [school for school in chosen if not await _has_room(school, now)]
        given = sorted(set(chosen) - set(full))
        facts = {"sha256": digest.hex(), "size": len(content)}
        for school in given:
            await Import.insert(imports.made(uuid4(), school, viewer.person, digest, content, now, called))
            told = facts | {"by_the_trust": str(viewer.school)}
            record(Event.SUPPLIERS_PUT_BEFORE, stream=subjects.IMPORTS, subject=subjects.IMPORTS, facts=told, trail=school)
        if given:
            told_here: dict[str, Any] = facts | {"schools": [str(school) for school in given]}
            record(Event.SUPPLIERS_PUT_BEFORE, stream=subjects.IMPORTS, subject=subjects.IMPORTS, facts=told_here)
        else:
            record.unchanged()
    return PutBefore(len(given), tuple(sorted(names[school] for school in full)))


async def _schools(viewer: Viewer) -> tuple[tuple[UUID, str], ...]:
    of_trust = await members.schools_of_trust(viewer.school) - {viewer.school}
    rows = await School.select(School.id, School.name).where(database.among(School.id, of_trust)).order_by(School.name)
    return tuple((row["id"], row["name"]) for row in rows)


async def _has_room(school: UUID, now: datetime) -> bool:
    waiting: int = await Import.count().where((Import.school == school) & (Import.ends_at > now))
    return waiting < MOST_WAITING

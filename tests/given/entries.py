"""Entries for a trail that is about nothing, who writes them, and the root that they must have."""

from enum import StrEnum
from uuid import UUID, uuid4

import audit
import database
from audit import merkle
from audit.tables import Entry
from base.viewer import Role, Viewer


class Event(StrEnum):
    THING_DONE = "thing.done"


def a_viewer(school: UUID | None = None, role: Role = Role.BUSINESS_MANAGER) -> Viewer:
    return Viewer(person=uuid4(), name="Ada Marsh", school=school or uuid4(), school_name="Oakfield", role=role)


async def do(viewer: Viewer | None, *, stream: str = "school", n: int = 1, trail: str | None = None) -> None:
    async with audit.recording(viewer) as record:
        for i in range(n):
            record(Event.THING_DONE, stream=stream, subject="thing:1", facts={"n": i}, personal={"body": "A word"}, trail=trail)


async def entries(trail: object) -> list[Entry]:
    async with database.read():
        found: list[Entry] = await Entry.objects().where(Entry.trail == str(trail)).order_by(Entry.idx)
        return found


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))

"""What one of the site staff wrote down: all that they read of what their school says."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from sharing.access import visibility
from suppliers.opinions.notes import About
from suppliers.record import facts
from suppliers.tables import Note

MOST: Final = 50  # what is looked back on; older ones the school still has


@dataclass(frozen=True, slots=True)
class OwnNote:
    id: UUID
    supplier_name: str
    about: About
    happened_on: date


async def notes_by(viewer: Viewer, *, on: UUID | None = None) -> tuple[OwnNote, ...]:
    """The notes of a viewer who is site staff, those about the newest days first; ``on`` one supplier, or all."""
    async with database.read():
        seen = visibility.visible(await visibility.principals(viewer), Note)
        mine = (Note.school == viewer.school) & (Note.author == viewer.person)
        if on is not None:
            mine &= Note.supplier == on
        columns = (Note.id, Note.supplier, Note.about, Note.happened_on)
        newest = Note.select(*columns).where(mine, seen).order_by(Note.happened_on, Note.id, ascending=False).limit(MOST)
        rows = await newest
        known = await facts.load([row["supplier"] for row in rows])
    return tuple(OwnNote(row["id"], known[row["supplier"]].name, About(row["about"]), row["happened_on"]) for row in rows)

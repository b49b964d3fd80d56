"""What curators changed of the directory, for them to undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.corrections.edits import must_curate
from suppliers.corrections.proposals import facts_of
from suppliers.corrections.tables import DirectoryEdit
from suppliers.record import differences

MOST_EDITS: Final = 50  # the newest


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """``changes`` in words, a line each; none of an entry that was removed."""

    id: UUID
    supplier: UUID
    name: str
    changes: tuple[str, ...]
    is_removal: bool
    made_at: datetime
    undone_at: datetime | None


async def edits(viewer: Viewer, entry_id: UUID | None = None) -> tuple[ShownEdit, ...]:
    """What curators changed of one entry, or of all; the newest first."""
    must_curate(viewer)
    async with database.read():
        query = DirectoryEdit.select().order_by(DirectoryEdit.made_at, ascending=False).limit(MOST_EDITS)
        rows = await (query.where(DirectoryEdit.supplier == entry_id) if entry_id else query)
    return tuple(_shown(row) for row in rows)


def _shown(row: Mapping[str, Any]) -> ShownEdit:
    before = facts_of(row["before"])
    told = differences.in_words(before, facts_of(row["after"])) if row["after"] is not None else ()
    return ShownEdit(row["id"], row["supplier"], before.name, told, row["after"] is None, row["made_at"], row["undone_at"])

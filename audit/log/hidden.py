"""Texts of a trail that a school hid: nobody reads them there until they are shown again or erased. The trail stays as it is.

Everything here is inside the caller's unit of work, which records it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from audit.log import known
from audit.tables import HiddenRow

PERSONAL: Final = "personal."
OpeningKey = tuple[UUID, str]  # of an entry, and the field


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is hidden of one trail: every text about ``subjects``, and single ``openings`` besides."""

    subjects: frozenset[str]
    openings: frozenset[OpeningKey]

    def covers(self, entry: Mapping[str, Any], field: str) -> bool:
        """Whether this field of an entry (its row, with ``event_id`` and ``subject``) is hidden.

        Plain facts never are, nor is whom an entry is about.
        """
        if field in known.NAMING or not field.startswith(PERSONAL):
            return False
        return entry["subject"] in self.subjects or (entry["event_id"], field) in self.openings


NOTHING: Final = Hidden(frozenset(), frozenset())


async def of(trail: str) -> Hidden:
    """What is hidden of the trail now."""
    rows = await HiddenRow.select().where(HiddenRow.trail == trail)
    return Hidden(
        frozenset(row["subject"] for row in rows if row["event_id"] is None),
        frozenset((row["event_id"], row["field"]) for row in rows if row["event_id"] is not None),
    )


async def hide(trail: str, subject: str, openings: Collection[OpeningKey] | None = None) -> None:
    """Hides every text of the entries about ``subject``, or only ``openings``, for which ``subject`` is then a name."""
    chosen: Collection[tuple[UUID | None, str | None]] = [(None, None)] if openings is None else openings
    for event_id, field in chosen:
        await HiddenRow(id=uuid4(), trail=trail, subject=subject, event_id=event_id, field=field).save()


async def show(trail: str, subject: str) -> None:
    """Ends what ``hide`` did under this name."""
    await HiddenRow.delete().where((HiddenRow.trail == trail) & (HiddenRow.subject == subject))

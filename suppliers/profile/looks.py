"""What is new on a supplier's page since somebody last opened it: words of other schools, as far as they see them.

Kept is when their last two visits began, of each supplier and for nobody else: no trail, page or file tells of it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from piccolo.columns import And

import database
from base import clock
from base.refusals import Busy
from base.viewer import Viewer
from suppliers.opinions.readable import Opinions
from suppliers.profile.tables import Look

VISIT: Final = timedelta(hours=1)  # opened again within it, the page says the same
KEPT: Final = timedelta(days=400)  # a year, and the weeks in which nobody looks
MOST: Final = 1_000  # suppliers a person and school; of more the latest

_LOOK: Final = """INSERT INTO suppliers_look (id, person, school, supplier, looked_at) VALUES ({}, {}, {}, {}, {})
    ON CONFLICT (person, school, supplier) DO UPDATE SET before_at = suppliers_look.looked_at, looked_at = excluded.looked_at"""
_BOUND: Final = """DELETE FROM suppliers_look WHERE person = {} AND school = {} AND looked_at < (
    SELECT l.looked_at FROM suppliers_look l WHERE l.person = {} AND l.school = {} ORDER BY l.looked_at DESC LIMIT 1 OFFSET {})"""
_LEFT: Final = """DELETE FROM suppliers_look WHERE looked_at < {} OR NOT EXISTS (SELECT 1 FROM sharing_membership m
    WHERE m.person = suppliers_look.person AND m.school = suppliers_look.school
    AND (m.valid_until IS NULL OR m.valid_until > {})) RETURNING id"""


@dataclass(frozen=True, slots=True)
class NewWords:
    """``since`` is when the visit before this one began; the counts are of what the page shows, newest first."""

    since: datetime
    reviews: int
    notes: int

    def has(self, at: datetime) -> bool:
        """Whether something that was said then is new."""
        return at > self.since


@dataclass(frozen=True, slots=True)
class LastLook:
    """When the last two visits of a viewer to a supplier's page began; None where there was none."""

    at: datetime | None = None
    before: datetime | None = None


async def last(viewer: Viewer, supplier: UUID) -> LastLook:
    """To be read with what the page shows: what is said after that is new the next time."""
    async with database.read():
        row = await Look.select(Look.looked_at, Look.before_at).where(_theirs(viewer), Look.supplier == supplier).first()
    return LastLook(row["looked_at"], row["before_at"]) if row else LastLook()


async def look(viewer: Viewer, supplier: UUID, said: Opinions, last: LastLook) -> NewWords | None:
    """What is new among them; None for the first visit. From an hour on, the next visit has only newer words."""
    now = clock.now()
    is_new_visit = last.at is None or last.at <= now - VISIT
    if is_new_visit:
        with suppress(Busy):
            await _note(viewer, supplier, now, is_one_more=last.at is None)
    since = last.at if is_new_visit else last.before
    if since is None:
        return None
    return NewWords(
        since,
        sum(one.written_at > since for one in said.reviews),
        sum(one.written_at > since and not one.is_ours for one in said.notes),
    )


async def forget_old() -> int:
    """Visits of long ago, and those of people who no longer belong to that school. Returns how many."""
    now = clock.now()
    async with database.housekeeping():
        return len(await Look.raw(_LEFT, now - KEPT, now))


async def _note(viewer: Viewer, supplier: UUID, now: datetime, *, is_one_more: bool) -> None:
    theirs = (viewer.person, viewer.school)
    async with database.housekeeping():
        await Look.raw(_LOOK, uuid4(), *theirs, supplier, now)
        if is_one_more:
            await Look.raw(_BOUND, *theirs, *theirs, MOST - 1)


def _theirs(viewer: Viewer) -> And:
    return And(Look.person == viewer.person, Look.school == viewer.school)

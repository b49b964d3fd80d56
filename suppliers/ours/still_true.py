"""Our reviews that nobody said anything of for half a year: still true?"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock
from base.viewer import Viewer
from base.waiting import Waiting, Waits
from sharing.access import visibility
from suppliers.opinions.opinion import Opinion, of_row
from suppliers.record import facts, field_groups, interests
from suppliers.tables import Review

ASKED_AFTER: Final = timedelta(days=182)
MOST: Final = 50  # at a time, the oldest first; what is answered makes room

# Not of a supplier that was one of ours and is none any more, nor of a service that has ended, nor what a merge put to rest.
_ASKED: Final = """FROM suppliers_review r WHERE r.school = {} AND COALESCE(r.revised_at, r.written_at) <= {}
    AND r.withdrawn_at IS NULL AND r.hidden_at IS NULL AND (r.stage IS NULL OR r.stage <> 'ended')
    AND EXISTS (SELECT 1 FROM suppliers_supplier s WHERE s.id = r.supplier AND s.joined_to IS NULL)
    AND (EXISTS (SELECT 1 FROM suppliers_use u WHERE u.school = r.school AND u.supplier = r.supplier AND u.until_at IS NULL)
        OR NOT EXISTS (SELECT 1 FROM suppliers_use u WHERE u.school = r.school AND u.supplier = r.supplier))"""


@dataclass(frozen=True, slots=True)
class Old:
    """One of our reviews, as it stands; ``said`` without criticism where the viewer doesn't read it."""

    id: UUID
    supplier: UUID
    supplier_name: str
    said: Opinion
    version: int
    said_at: datetime


def asked(viewer: Viewer, now: datetime) -> QueryString:
    """After SELECT and columns of ``r``: the reviews that are asked about."""
    return QueryString(_ASKED, viewer.school, now - ASKED_AFTER)


async def waiting(viewer: Viewer) -> tuple[Old, ...]:
    """The oldest MOST of them; nothing for whoever can't say so."""
    if not viewer.role.writes:
        return ()
    async with database.read():
        chosen = QueryString("SELECT r.id {}", asked(viewer, clock.now()))
        oldest: Any = Review.objects().where(
            Review.school == viewer.school, visibility.in_sight(Review), database.in_selected("suppliers_review.id", chosen)
        )
        rows = await oldest.order_by(Review.written_at, Review.id).limit(MOST)
        known = await facts.load([row.supplier for row in rows])
        interested = await interests.suppliers_of(viewer)
    return tuple(_old(row, known[row.supplier].name, hides=row.supplier in interested) for row in rows)


def _old(row: Review, name: str, *, hides: bool) -> Old:
    said = replace(of_row(row), criticism="") if hides else of_row(row)
    return Old(row.id, row.supplier, name, said, row.version, field_groups.last_said(row, "revised")[0])


def _count(viewer: Viewer, now: datetime) -> QueryString | None:
    if not viewer.role.writes:
        return None
    return QueryString("count(*) AS n, max(COALESCE(r.revised_at, r.written_at)) AS newest {}", asked(viewer, now))


def _told(_viewer: Viewer, number: int) -> Waiting:
    what = "review is" if number == 1 else "reviews are"
    return Waiting("still_true", number, f"{number} of your {what} older than six months.", "/reviews/still-true", "Still true?")


WAITS: Final = (Waits("still_true", _count, _told),)

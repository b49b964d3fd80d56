"""What a new school does first: its list, a word on somebody, and sharing it. On the home page until something was shared."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from sharing.access import visibility
from sharing.tables import AudienceGrant, Membership
from suppliers.tables import Review, Use

NEW_FOR: Final = timedelta(days=60)  # from its first person on; a school that shares nothing by then has decided so


@dataclass(frozen=True, slots=True)
class FirstSteps:
    has_suppliers: bool
    review: UUID | None  # of the school's own, the first: to be shared


async def first_steps(viewer: Viewer) -> FirstSteps | None:
    """How far the school is, for whoever may go on; None once it has shared anything, and for one that is not new."""
    if not viewer.role.writes:
        return None
    long_ago = clock.now() - NEW_FOR
    async with database.read():
        if await AudienceGrant.exists().where(
            (AudienceGrant.owner == viewer.school) & (AudienceGrant.fields != 0)
        ):  # an enquiry opens nothing
            return None
        if await Membership.exists().where((Membership.school == viewer.school) & (Membership.valid_from < long_ago)):
            return None
        uses = await Use.exists().where((Use.school == viewer.school) & Use.until_at.is_null())
        ours = Review.select(Review.id).where(Review.school == viewer.school, visibility.in_sight(Review))
        first = await ours.order_by(Review.written_at).first()
    return FirstSteps(has_suppliers=uses, review=first["id"] if first else None)

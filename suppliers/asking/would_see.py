"""Which enquiries of ours a connection, or a network, opens to others: told before anybody agrees."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.fields import Fields
from suppliers.asking.tables import Enquiry
from suppliers.shares.consent import WouldSee

CALLED: Final = ("enquiry", "enquiries")


async def enquiries(viewer: Viewer, audiences: Mapping[UUID, Fields]) -> tuple[WouldSee, ...]:
    """Of the viewer's school, open, with these audiences. Inside the caller's unit."""
    ours = Enquiry.school == viewer.school, visibility.in_sight(Enquiry), Enquiry.closes_at > clock.now()
    rows = await Enquiry.select(Enquiry.id, Enquiry.words).where(*ours, database.among(Enquiry.audience, audiences))
    return tuple(
        WouldSee(
            "enquiry", row["id"], "Your enquiry", row["words"], f"/enquiries/{row['id']}", Fields.NONE, "what you ask", CALLED
        )
        for row in rows
    )

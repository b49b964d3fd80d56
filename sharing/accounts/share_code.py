"""The share code of somebody at a school, by which people at other schools share with them by name."""

from uuid import UUID

import database
from base.viewer import Role, Viewer
from sharing.tables import Membership


async def of(viewer: Viewer) -> UUID | None:
    """What the viewer gives to people at other schools who want to share with them by name: the id of their membership here.

    It ends with the membership. None for an auditor, whose membership says from the start when it ends, and for site staff, who
    read nothing that schools share.
    """
    if viewer.role is Role.SITE_STAFF:
        return None
    here = (Membership.person == viewer.person) & (Membership.school == viewer.school)
    async with database.read():
        found = await Membership.select(Membership.id).where(here & Membership.valid_until.is_null()).first()
    return found["id"] if found else None

"""Invitations to join a school that are taken back: those of one's own school, and those that the operator sent to another."""

from typing import Any
from uuid import UUID

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base.refusals import NotFound
from base.viewer import Role, Viewer
from sharing.events import Event
from sharing.members.members import lock, require_may
from sharing.members.ranks import Act
from sharing.people.people import OpenInvitation, open_invitations
from sharing.sign_in import one_time_links
from sharing.sign_in.one_time_links import Purpose
from sharing.tables import OneTimeLink


async def withdraw_invitation(viewer: Viewer, link: UUID) -> UUID:
    """Withdraws an open invitation to the viewer's school, or one that the viewer sent as operator. Returns to which school.

    Raises Forbidden, NotFound.
    """
    async with audit.recording(viewer) as record:
        elsewhere = OneTimeLink.select(OneTimeLink.school).where((OneTimeLink.id == link) & _sent_as_operator(viewer))
        found = await elsewhere.first()
        at: UUID = found["school"] if found else viewer.school
        await lock(at)
        gone = await one_time_links.drop(open_invitations(at) & (OneTimeLink.id == link))
        if not gone:
            raise NotFound
        await require_may(Act.INVITE, viewer, at, Role(gone[0]["role"]))
        personal = {"email": str(gone[0]["email"])}
        subject = Subject.LINK.of(link)
        record(Event.INVITATION_WITHDRAWN, stream=OUR_SCHOOL, subject=subject, personal=personal, about=link, trail=at)
    return at


async def invited_as_operator(viewer: Viewer, school: UUID) -> tuple[OpenInvitation, ...]:
    """The open ones to a school that the viewer sent as operator, and none that its own people did."""
    async with database.read():
        mine = [row for row in await one_time_links.invitations(school) if row.made_by == viewer.person]
    return tuple(OpenInvitation(row.id, row.email, Role(row.role), row.expires_at) for row in mine) if viewer.is_operator else ()


def _sent_as_operator(viewer: Viewer) -> Any:
    is_theirs = (OneTimeLink.made_by == viewer.person) & (OneTimeLink.purpose == Purpose.INVITATION)
    return is_theirs if viewer.is_operator else is_theirs & (OneTimeLink.school == viewer.school)

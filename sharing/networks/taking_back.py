"""Taking back what our school asked of another and has no answer yet, with an entry for each; inside the caller's unit."""

from uuid import UUID

import database
from audit import Record
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.viewer import Viewer
from sharing.events import Event
from sharing.tables import ConnectionRequest, NetworkInvitation


async def request(record: Record, found: ConnectionRequest) -> None:
    """A request to connect."""
    await ConnectionRequest.update({ConnectionRequest.withdrawn_at: clock.now()}).where(ConnectionRequest.id == found.id)
    record(Event.CONNECTION_WITHDRAWN, stream=OUR_SCHOOL, subject=Subject.SCHOOL.of(found.peer))


async def invitation(record: Record, found: NetworkInvitation) -> None:
    """An invitation to a network: that school can't join by it any more."""
    await NetworkInvitation.update({NetworkInvitation.answered_at: clock.now()}).where(NetworkInvitation.id == found.id)
    subject, about = Subject.NETWORK.of(found.network), {"school": str(found.school)}
    record(Event.NETWORK_INVITATION_WITHDRAWN, stream=OUR_SCHOOL, subject=subject, facts=about)


async def everything_asked(record: Record, viewer: Viewer, school: UUID) -> None:
    """All that the viewer's school asked of that school, whatever came of it: who asked can't tell."""
    is_open = ConnectionRequest.withdrawn_at.is_null() & ConnectionRequest.accepted_at.is_null()
    to_connect = (ConnectionRequest.school == viewer.school) & (ConnectionRequest.peer == school) & is_open
    for one in await database.locked(ConnectionRequest.objects().where(to_connect)):
        await request(record, one)
    to_join = (NetworkInvitation.invited_by == viewer.school) & (NetworkInvitation.school == school)
    for one in await database.locked(NetworkInvitation.objects().where(to_join, NetworkInvitation.answered_at.is_null())):
        await invitation(record, one)

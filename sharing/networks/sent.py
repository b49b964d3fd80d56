"""Invitations to a network that our school sent and that have no answer yet, as whoever invited knows it; taking one back.

One that was declined looks open here, as everywhere to who invited; it can be taken back like any other.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from piccolo.columns import And

import audit
import database
from base.refusals import NotFound
from base.viewer import Viewer, must_write
from sharing.networks import taking_back
from sharing.networks.networks import on_screen
from sharing.tables import Network, NetworkInvitation, School


@dataclass(frozen=True, slots=True)
class SentInvitation:
    id: UUID
    network: UUID
    network_name: str
    school: UUID
    school_name: str
    asked_at: datetime


async def sent(viewer: Viewer) -> tuple[SentInvitation, ...]:
    """Those of the viewer's school, the newest first."""
    async with database.read():
        rows = await NetworkInvitation.objects().where(_open_and_ours(viewer))
        networks = await Network.objects().where(database.among(Network.id, [row.network for row in rows]))
        schools = School.select(School.id, School.name).where(database.among(School.id, [row.school for row in rows]))
        names = {row["id"]: row["name"] for row in await schools}
    names |= {network.id: on_screen(network.kind, network.name) for network in networks}
    found = (SentInvitation(row.id, row.network, names[row.network], row.school, names[row.school], row.asked_at) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.asked_at, one.id), reverse=True))


async def withdraw(viewer: Viewer, invitation: UUID) -> None:
    """Takes one back: the other school can't join by it any more. Raises NotFound, also for one that was accepted."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        query = NetworkInvitation.objects().where((NetworkInvitation.id == invitation) & _open_and_ours(viewer))
        found: list[NetworkInvitation] = await database.locked(query)
        if not found:
            raise NotFound
        await taking_back.invitation(record, found[0])


def _open_and_ours(viewer: Viewer) -> And:
    return And(NetworkInvitation.invited_by == viewer.school, NetworkInvitation.answered_at.is_null())

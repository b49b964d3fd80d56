"""Schools that wait for the viewer's school to answer: as to what is theirs to say, never whether they were heard."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Viewer
from base.waiting import Waiting, Waits
from base.words import count
from sharing.networks import connections, networks

SECTION: Final = "/connections"


def _requests(viewer: Viewer, now: datetime) -> QueryString | None:
    if not viewer.role.writes:
        return None
    return QueryString(
        "count(*) AS n, max(asked_at) AS newest FROM sharing_connection_request WHERE {}",
        connections.received(viewer.school, now),
    )


def _requests_told(_viewer: Viewer, number: int) -> Waiting:
    asks = "asks" if number == 1 else "ask"
    text = f"{count(number, 'school')} {asks} to connect with yours."
    return Waiting("requests", number, text, "/connections", "Answer", section=SECTION)


def _invitations(viewer: Viewer, now: datetime) -> QueryString | None:
    if not viewer.role.writes:
        return None
    return QueryString(
        "count(*) AS n, max(asked_at) AS newest FROM sharing_network_invitation WHERE {}", networks.received(viewer.school, now)
    )


def _invitations_told(_viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'network')} {'invites' if number == 1 else 'invite'} your school to join."
    return Waiting("invitations", number, text, "/networks", "See who is in it", section=SECTION)


WAITS: Final = (
    Waits("requests", _requests, _requests_told, is_in_menu=True),
    Waits("invitations", _invitations, _invitations_told, is_in_menu=True),
)

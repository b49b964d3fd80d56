"""Who of its trust sees a school's contracts, prices, events and dates: the school sees their names on its page of people."""

from dataclasses import dataclass
from uuid import UUID

import database
from base import clock
from base.viewer import Role, Viewer
from sharing.members.members import schools_of_trust
from sharing.sign_in.sessions import open_at
from sharing.tables import Membership


@dataclass(frozen=True, slots=True)
class TrustLead:
    name: str
    trust: str


async def of_school(viewer: Viewer) -> tuple[TrustLead, ...]:
    """The leads of the trust that the viewer's school is in today, by name; none for the trust's own team, which lists them."""
    now = clock.now()
    async with database.read():
        rows = await Membership.raw(
            f"""SELECT DISTINCT p.id AS id, p.name AS name, t.name AS trust FROM sharing_network_member n
            JOIN sharing_network w ON w.id = n.network AND w.kind = 'trust' AND w.source = 'register'
            JOIN sharing_school t ON t.kind = 'trust' AND t.uid = w.code AND t.id <> n.school
            JOIN sharing_membership m ON m.school = t.id AND m.role = {{}} AND {open_at("m")}
            JOIN sharing_person p ON p.id = m.person
            WHERE n.school = {{}} AND n.until_at IS NULL
            ORDER BY p.name, p.id""",  # noqa: S608 - our own text
            Role.TRUST_LEAD.value, now, now, now, viewer.school,
        )  # fmt: skip
    return tuple(TrustLead(row["name"], row["trust"]) for row in rows)


async def schools_led(viewer: Viewer) -> frozenset[UUID]:
    """The schools whose contracts the viewer reads as a trust lead today; none for anybody else. Inside the caller's unit."""
    return (await schools_of_trust(viewer.school)) - {viewer.school} if viewer.role is Role.TRUST_LEAD else frozenset()

"""Where somebody stands at this moment, for what is done for them while nobody is signed in: a letter, a calendar."""

from uuid import UUID

from base import clock
from base.viewer import Viewer
from sharing.sign_in.sessions import VIEWER_COLUMNS, VIEWER_JOINS, six_times, viewer_from
from sharing.tables import Membership

_BY_PERSON = f"""
    SELECT {VIEWER_COLUMNS} FROM sharing_membership s {VIEWER_JOINS}
    WHERE s.person = {{}} AND s.id = m.id ORDER BY c.name, c.id"""  # noqa: S608 - our own text


async def of(person: UUID) -> tuple[Viewer, ...]:
    """The person as the viewer that they would be at each school that is open to them now. Inside the caller's unit of work."""
    return tuple([await viewer_from(row) for row in await Membership.raw(_BY_PERSON, *six_times(clock.now()), person)])

"""The other schools of a person who belongs to several, such as the business manager of a federation's.

What somebody does for several schools at once is done at each by itself: a viewer is made for each, as a session there would make
one, and each verb judges what that viewer may do there.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import Invalid
from base.viewer import Role, Viewer
from sharing.sign_in import sessions
from sharing.tables import Membership

CHOOSE: Final = "Choose from the list of your other schools."
_ELSEWHERE: Final = f"""SELECT {sessions.VIEWER_COLUMNS} FROM sharing_membership s {sessions.VIEWER_JOINS}
    WHERE m.id = s.id AND s.person = {{}} AND s.school <> {{}} ORDER BY c.name, c.id"""  # noqa: S608 - our own text


async def elsewhere(viewer: Viewer) -> tuple[Viewer, ...]:
    """The same person at each of their other schools, by name, but for those whose trail they audit. None for a key, which is for
    one school. Opens its own read unit.
    """
    if viewer.by_key or not viewer.several_schools:
        return ()
    async with database.read():
        rows = await Membership.raw(_ELSEWHERE, *sessions.six_times(clock.now()), viewer.person, viewer.school)
        found = [await sessions.viewer_from(row) for row in rows]
    return tuple(one for one in found if one.role is not Role.AUDITOR)


def chosen(there: Collection[Viewer], named: Collection[UUID]) -> tuple[Viewer, ...]:
    """Those of ``there`` whose schools are named. Raises Invalid for any other school."""
    if not set(named) <= {one.school for one in there}:
        raise Invalid(CHOOSE, also=CHOOSE)
    return tuple(one for one in there if one.school in named)

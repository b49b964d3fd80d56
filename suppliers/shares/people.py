"""People at other schools whom a share of ours may name: who gave us their share code, and whom we named before.

Nobody is found here by a name or an address, so that nobody learns who works where, or who has an account.
"""

from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.access import memberships
from sharing.access.fields import GrantKind
from sharing.access.memberships import Named
from sharing.tables import AudienceGrant

NOBODY: Final = (
    "Nobody at another school has that share code. Ask them for it again: it stands on their page Your account, and is another "
    "one at each school."
)
MOST_OFFERED: Final = 20  # on the page; anybody else by their code again


async def by_code(viewer: Viewer, code: UUID | None) -> Named:
    """Whose share code it is. Raises Invalid, the same for one that ended, one of a colleague and one that never was."""
    async with database.read():
        found = await memberships.named([code] if code else [], than=viewer.school, now=clock.now())
    if not found:
        raise Invalid(NOBODY, code=NOBODY)
    return found[0]


async def named_before(viewer: Viewer) -> tuple[Named, ...]:
    """Whom a share of ours has named already, by name, while they are at that school."""
    to_people = (AudienceGrant.owner == viewer.school) & (AudienceGrant.kind == GrantKind.PERSON.value)
    async with database.read():
        query = AudienceGrant.select(AudienceGrant.membership).where(to_people, AudienceGrant.membership.is_not_null()).distinct()
        found = await memberships.named(await query.output(as_list=True), than=viewer.school, now=clock.now())
    return found[:MOST_OFFERED]

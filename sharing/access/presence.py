"""Which schools use Vouch: somebody belongs to them who reads there what other schools share.

Told to everybody who is signed in, the same to all: docs/decisions/0062. It is a yes or a no, never who, how many or since when.
"""

from collections.abc import Iterable
from uuid import UUID

from piccolo.query import WhereRaw

import database
from base import clock
from base.viewer import Role
from sharing.sign_in.sessions import open_at
from sharing.tables import Membership


async def on_vouch(schools: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the schools that use Vouch now. Inside a unit.

    An auditor belongs to no school, and site staff read nothing of others.
    """
    wanted, now = set(schools), clock.now()
    if not wanted:
        return frozenset()
    belongs = database.among(Membership.school, wanted) & Membership.auditor_grant.is_null()
    reads = (Membership.role != Role.SITE_STAFF.value) & WhereRaw(open_at("sharing_membership"), now, now, now)
    there = Membership.select(Membership.school).where(belongs & reads)
    return frozenset(await there.output(as_list=True))


async def told(schools: Iterable[UUID]) -> frozenset[UUID]:
    """As ``on_vouch``, in a read unit of its own."""
    async with database.read():
        return await on_vouch(schools)


def who_sees(using: int, schools: int) -> str:
    """What is added to a number of schools that may see something, where not all of them use Vouch; "" where all do.

    As in "229 other schools: 1 uses Vouch now, the others see it when they join".
    """
    if using == schools:
        return ""
    if schools == 1:
        return "not on Vouch yet, sees it when it joins"
    if not using:
        return "none uses Vouch yet, they see it when they join"
    others = "the other sees it when it joins" if schools - using == 1 else "the others see it when they join"
    return f"{using:,} {'uses' if using == 1 else 'use'} Vouch now, {others}"

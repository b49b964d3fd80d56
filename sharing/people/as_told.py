"""Who belongs to a school today and as what, to be held against what its trail tells."""

from collections.abc import AsyncIterator, Collection
from typing import Any, Final
from uuid import UUID

import database
from audit.checking import compared
from audit.checking.compared import Compared, Page
from audit.log.subjects import Subject
from base import clock
from sharing.events import Event
from sharing.members.tables import BreakGlass
from sharing.tables import Membership


async def _roles(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    async for rows in compared.pages(Membership, _live(school), Membership.person, Membership.role):
        yield {Subject.PERSON.of(row["person"]): {"role": row["role"]} for row in rows}


def _live(school: UUID) -> Any:
    lasts = Membership.valid_until.is_null() | (Membership.valid_until > clock.now())
    return (Membership.school == school) & Membership.auditor_grant.is_null() & lasts


async def _ended_by_themselves(trail: str, keys: Collection[str]) -> Collection[str]:
    """Of these who differ: whom the operator let in for a time that is over, or was cut short, and nobody kept. Not whoever is
    there today all the same.
    """
    school = compared.school_of(trail)
    asked = {which: key for key in keys if (which := Subject.PERSON.id_in(key))}
    if school is None or not asked:
        return ()
    by_id = database.among(BreakGlass.person, list(asked))
    is_over = (BreakGlass.ends_at <= clock.now()) | (BreakGlass.kept.is_not_null() & (BreakGlass.kept == False))  # noqa: E712
    is_kept = BreakGlass.kept.is_not_null() & (BreakGlass.kept == True)  # noqa: E712
    here = (BreakGlass.school == school) & (BreakGlass.kind == "invitation") & by_id
    over: list[Any] = await BreakGlass.select(BreakGlass.person).where(here & is_over).output(as_list=True)
    kept: list[Any] = await BreakGlass.select(BreakGlass.person).where(here & is_kept).output(as_list=True)
    stays = _live(school) & database.among(Membership.person, list(asked))
    there: list[Any] = await Membership.select(Membership.person).where(stays).output(as_list=True)
    return {asked[one] for one in {*over} - {*kept} - {*there}}


ROLES: Final = Compared(
    "role of person",
    begins=frozenset({Event.PERSON_JOINED.value}),
    changes=frozenset({Event.ROLE_CHANGED.value, Event.HEAD_CONFIRMED.value}),
    # The last two about a new head from outside, whom the school or the operator stopped on the way.
    ends=frozenset({Event.PERSON_REMOVED.value, Event.SUCCESSION_OBJECTED.value, Event.SUCCESSION_WITHDRAWN.value}),
    fields=frozenset({"role"}),
    rows=_roles,
    excused=_ended_by_themselves,
)

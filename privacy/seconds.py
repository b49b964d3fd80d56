"""Who may be the second person of an erasure: never whoever asked, and nobody who may be the same human.

A colleague who counts as two with whoever asked. Where no two of the school count as two, somebody from outside: the head of its
trust, its chair or data protection officer over its published address, else the operator. Inside the caller's unit of work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import database
from audit.tables import Erasure
from base import clock, weekdays
from base.refusals import Forbidden, NotFound
from base.viewer import Role, Viewer, must_write
from sharing.members.members import Colleague, members, schools_of_trust
from sharing.members.ranks import Act, By, Only
from sharing.two_people import established, outside

MOST_WORKING_DAYS: Final = 10  # that a request waits before the operator is told, and may decide in the place of others
ACT: Final = "erasure"  # of a link to the chair
KEPT: Final = "Nothing of it can go at the moment: a legal hold, or a duty to keep it, stands in the way. The school knows which."
ASKED_BY_NOBODY: Final = (
    "Whoever asked for this left the school, may not write there any more, or was let in for a day by whoever runs this "
    "installation. Somebody who belongs to the school and may write there withdraws it, and asks anew."
)
COLLEAGUE: Final = "colleague"
CHAIR: Final = "chair"
AS: Final[Mapping[By, str]] = {By.TRUST_HEAD: "trust", By.OPERATOR: "operator"}


@dataclass(frozen=True, slots=True)
class Second:
    """Who decides, as what; ``person`` None: the chair, who has no account."""

    person: UUID | None
    standing: str


async def a_colleague(viewer: Viewer, row: Erasure) -> Second:
    """The viewer, as a colleague of whoever asked. Raises Forbidden, with what is missing; NotFound."""
    must_write(viewer)
    if row.trail != str(viewer.school):
        raise NotFound
    await established.require_two(row.asked_by, viewer.person, viewer.school)
    return Second(viewer.person, COLLEAGUE)


async def require_in_sight(viewer: Viewer, erasure_id: UUID) -> None:
    """Raises NotFound for a request of a school that the viewer decides nothing for from outside.

    Ask it first: what is hidden then takes the same statements as what is not there.
    """
    if viewer.is_operator:
        return
    trails = [str(school) for school in await schools_of_trust(viewer.school)]
    if not await Erasure.exists().where((Erasure.id == erasure_id) & database.among(Erasure.trail, trails)):
        raise NotFound


async def from_outside(viewer: Viewer, row: Erasure) -> Second:
    """The viewer, from outside the school. Raises Forbidden, NotFound."""
    school = UUID(row.trail)
    if not await is_of_the_school(row.asked_by, school):
        raise Forbidden(ASKED_BY_NOBODY)
    holding = {Only.NO_SECOND} if await is_wanted_from_outside(row.asked_by, school) else set[Only]()
    by = await outside.require_may(Act.APPROVE_ERASURE, viewer, school, holding=holding)
    if viewer.person == row.person:
        raise Forbidden("Nobody approves the erasure of what is held about themselves.")
    if why := await established.why_maybe_one(row.asked_by, viewer.person, school, viewer.school):
        raise Forbidden(why)
    if by is By.OPERATOR and not is_overdue(row.asked_at) and await outside.has_nearer(school, row.asked_by):
        raise Forbidden(
            "The head of the school's trust, or its chair over the published address, is asked first. You may decide once the "
            f"request has waited for {MOST_WORKING_DAYS} working days."
        )
    return Second(viewer.person, AS[by])


async def the_chair(row: Erasure) -> Second:
    """The holder of the link that went to the published address. Raises Forbidden where a colleague counts by now."""
    if not await is_of_the_school(row.asked_by, UUID(row.trail)):
        raise Forbidden(ASKED_BY_NOBODY)
    if not await is_wanted_from_outside(row.asked_by, UUID(row.trail)):
        raise Forbidden("The school has people who count as two by now, so they decide this themselves.")
    return Second(None, CHAIR)


async def colleagues(asked_by: UUID, school: UUID) -> tuple[Colleague, ...]:
    """Who at the school could approve what ``asked_by`` asked."""
    return await established.seconds(asked_by, school)


async def is_a_colleague(person: UUID, asked_by: UUID, school: UUID) -> bool:
    """Whether ``person`` is one of ``colleagues``."""
    return not await established.why_not_two(asked_by, person, school)


async def is_wanted_from_outside(asked_by: UUID, school: UUID) -> bool:
    """Whether the school asks, and no two people there count as two.

    Where two do and whoever asked is neither, as somebody who has just come, one of them asks anew and the other approves.
    """
    if not await is_of_the_school(asked_by, school) or await colleagues(asked_by, school):
        return False
    return not await established.any_two(school)


async def is_of_the_school(asked_by: UUID, school: UUID) -> bool:
    """Whether whoever asked belongs to the school and may write there: nobody who left, and nobody for a day only.

    Otherwise whoever runs the installation would be both persons, the first as somebody whom they let in or reset.
    """
    return any(member.id == asked_by and member.role.writes and member.closes_at is None for member in await members(school))


def waited(asked_at: datetime) -> int:
    """For how many working days a request has waited."""
    return weekdays.between(asked_at.astimezone(clock.LONDON).date(), clock.today())


def is_overdue(asked_at: datetime) -> bool:
    return waited(asked_at) >= MOST_WORKING_DAYS


def as_whoever_asked(row: Erasure) -> Viewer:
    """Whoever approves, what goes is what whoever asked sees: the rows and the trail of that school."""
    return Viewer(row.asked_by, "", UUID(row.trail), "", Role.HEAD)

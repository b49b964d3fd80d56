"""The first head of a school takes two hands: a colleague who may write names the person, somebody from outside confirms.

That is whoever runs the installation, or the head of the school's trust. Neither can do it alone, and neither hand is the
other's. Where there is a head, heads are made by heads: see ``people.py``.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import ONLY_WRITERS, Role, Viewer
from sharing.events import Event
from sharing.members import ranks
from sharing.members.members import holding, lock, member_of, members, require_may, schools_of_trust, standings
from sharing.members.ranks import Act, By
from sharing.members.tables import HeadNaming
from sharing.sign_in import one_time_links, sessions
from sharing.tables import Membership
from sharing.two_people import established


@dataclass(frozen=True, slots=True)
class Naming:
    """Somebody named as head, whom nobody has confirmed yet. ``role`` is what they are meanwhile."""

    id: UUID
    school: UUID
    school_name: str
    person: UUID
    name: str
    role: Role
    named_by: str
    named_at: datetime


async def name(viewer: Viewer, person: UUID) -> UUID:
    """Names a colleague, or the viewer, as head of their school, in the place of whoever was named before.

    Raises Forbidden where there is a head, NotFound.
    """
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        member = await member_of(viewer.school, person)
        await require_may(Act.NAME_HEAD, viewer, viewer.school, member.role)
        if there := await _named_by(viewer, person):
            record.unchanged()
            return there
        await _end(viewer.school)
        naming = HeadNaming(id=uuid4(), school=viewer.school, person=person, named_by=viewer.person, named_at=clock.now())
        await naming.save()
        subject, personal = Subject.PERSON.of(person), {"name": member.name}
        record(Event.HEAD_NAMED, stream=OUR_SCHOOL, subject=subject, personal=personal, about=person)
    return naming.id


async def withdraw(viewer: Viewer, naming: UUID) -> None:
    """Takes back an open naming at the viewer's school. Raises Forbidden, NotFound."""
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        found = await _open(naming)
        if found.school != viewer.school:
            raise NotFound
        if not {By.BUSINESS_MANAGER, By.HEAD} & await standings(viewer, viewer.school):
            raise Forbidden(ONLY_WRITERS)
        await _end(viewer.school)
        subject = Subject.PERSON.of(found.person)
        record(Event.HEAD_NAMING_WITHDRAWN, stream=OUR_SCHOOL, subject=subject, about=found.person)


async def confirm(viewer: Viewer, naming: UUID) -> Naming:
    """Makes the person head, who signs in again. Returns what was confirmed. Raises Forbidden, NotFound, Conflict."""
    async with audit.recording(viewer) as record:
        if not viewer.is_operator:  # first: what is hidden takes as long as what is not there
            await _require_in_sight(naming, {viewer.school, *await schools_of_trust(viewer.school)})
        found = await _open(naming)
        await lock(found.school)
        found = await _open(naming)
        by = await standings(viewer, found.school)
        if not by:
            raise NotFound
        member, shown = await _still_there(found)
        if not ranks.may(Act.CONFIRM_HEAD, by, member, holding=await holding(found.school)):
            raise Forbidden(ranks.refusal(Act.CONFIRM_HEAD, by, member))
        if viewer.person in (found.person, found.named_by):
            raise Forbidden("A head takes two people beside each other: whoever was named, or named them, can't confirm it.")
        for hand in (found.person, found.named_by):
            if why := await established.why_maybe_one(viewer.person, hand, found.school, viewer.school):
                raise Forbidden(why)
        await _make_head(found, viewer)
        record(
            Event.HEAD_CONFIRMED,
            stream=OUR_SCHOOL,
            subject=Subject.PERSON.of(found.person),
            facts={
                "by": "trust" if By.TRUST_HEAD in by else "operator",
                "old": {"role": member.value},
                "new": {"role": Role.HEAD.value},
            },
            personal={"name": shown.name},
            about=found.person,
            trail=found.school,
        )
    return shown


async def at_school(viewer: Viewer) -> Naming | None:
    """Who is named as head of the viewer's school and not confirmed yet."""
    async with database.read():
        return next(iter(await _namings({viewer.school})), None)


async def may_confirm(viewer: Viewer) -> bool:
    """Whether the viewer is somebody who confirms heads: the operator, or the head of a trust."""
    async with database.read():
        return viewer.is_operator or bool(await _trust_schools(viewer))


async def to_confirm(viewer: Viewer) -> tuple[Naming, ...]:
    """Who waits for the viewer to confirm, oldest first. Raises NotFound for whoever confirms nobody."""
    async with database.read():
        schools = None if viewer.is_operator else await _trust_schools(viewer)
        if schools is not None and not schools:
            raise NotFound
        return await _namings(schools)


async def one_to_confirm(viewer: Viewer, naming: UUID) -> Naming:
    """One of them. Raises NotFound."""
    found = next((one for one in await to_confirm(viewer) if one.id == naming), None)
    if found is None:
        raise NotFound
    return found


async def _trust_schools(viewer: Viewer) -> frozenset[UUID]:
    return (await schools_of_trust(viewer.school)) - {viewer.school} if viewer.role is Role.HEAD else frozenset()


async def _namings(schools: AbstractSet[UUID] | None) -> tuple[Naming, ...]:
    """Open ones of these schools, or (None) of all, where the person still belongs to the school."""
    rows: list[dict[str, Any]] = await HeadNaming.raw(
        """SELECT n.id AS id, n.school AS school, c.name AS school_name, n.person AS person, p.name AS name, m.role AS role,
            b.name AS named_by, n.named_at AS named_at
        FROM sharing_head_naming n JOIN sharing_school c ON c.id = n.school JOIN sharing_person p ON p.id = n.person
        JOIN sharing_person b ON b.id = n.named_by
        JOIN sharing_membership m ON m.person = n.person AND m.school = n.school AND m.valid_until IS NULL
        WHERE n.ended_at IS NULL ORDER BY n.named_at, n.id"""
    )
    return tuple(Naming(**row | {"role": Role(row["role"])}) for row in rows if schools is None or row["school"] in schools)


async def _named_by(viewer: Viewer, person: UUID) -> UUID | None:
    """The open naming of this person by the viewer."""
    theirs = (HeadNaming.school == viewer.school) & (HeadNaming.person == person) & (HeadNaming.named_by == viewer.person)
    found = await HeadNaming.select(HeadNaming.id).where(theirs & HeadNaming.ended_at.is_null()).first()
    return found["id"] if found else None


async def _open(naming: UUID) -> HeadNaming:
    found: HeadNaming | None = await HeadNaming.objects().where((HeadNaming.id == naming) & HeadNaming.ended_at.is_null()).first()
    if found is None:
        raise NotFound
    return found


async def _require_in_sight(naming: UUID, schools: AbstractSet[UUID]) -> None:
    if not await HeadNaming.exists().where((HeadNaming.id == naming) & database.among(HeadNaming.school, schools)):
        raise NotFound


async def _still_there(naming: HeadNaming) -> tuple[Role, Naming]:
    """The role of whoever was named, while they belong to the school and whoever named them may still write there."""
    there = {member.id: member for member in await members(naming.school)}
    shown = next((one for one in await _namings({naming.school}) if one.id == naming.id), None)
    namer = there.get(naming.named_by)
    if shown is None or namer is None or not namer.role.writes:
        raise Conflict("Whoever was named, or named them, has left or may no longer write. The school names its head anew.")
    return shown.role, shown


async def _make_head(naming: HeadNaming, viewer: Viewer) -> None:
    there = (Membership.school == naming.school) & (Membership.person == naming.person) & Membership.valid_until.is_null()
    await Membership.update({Membership.role: Role.HEAD.value}).where(there)
    await sessions.end_at(naming.school, naming.person)
    await one_time_links.drop_with_the_role(naming.school, naming.person)
    await HeadNaming.update({HeadNaming.confirmed_by: viewer.person, HeadNaming.ended_at: clock.now()}).where(
        HeadNaming.id == naming.id
    )


async def _end(school: UUID) -> None:
    await HeadNaming.update({HeadNaming.ended_at: clock.now()}).where(
        (HeadNaming.school == school) & HeadNaming.ended_at.is_null()
    )

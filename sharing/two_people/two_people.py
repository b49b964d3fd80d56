"""Somebody from outside a school confirms, once, that two of its people are two: that no one human is behind both accounts.

One of the two asks. Whoever runs the installation confirms, or the head of the school's trust, or the chair over the school's
published address (see ``outside.py``); never somebody who belongs to the school. When it is needed: ``established.py``.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import Viewer, must_write
from sharing.events import Event
from sharing.members.members import Colleague, lock, member_of
from sharing.members.ranks import Act, By
from sharing.two_people import established, outside
from sharing.two_people.outside import Matter
from sharing.two_people.tables import TwoPeople

ACT: Final = "two_people"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colleagues of whom one asked to have it confirmed that they are two."""

    id: UUID
    school: UUID
    school_name: str
    person: UUID
    name: str
    email: str
    other: UUID
    other_name: str
    other_email: str
    asked_at: datetime


async def ask(viewer: Viewer, other: UUID) -> UUID:
    """Asks for the viewer and a colleague. Raises Forbidden, NotFound; Conflict where they are known as two, or it was asked."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        await lock(viewer.school)
        await member_of(viewer.school, viewer.person)
        colleague = await member_of(viewer.school, other)
        if not await established.needs_confirmation(viewer.person, other, viewer.school):
            raise Conflict(f"Nobody has to confirm that you and {colleague.name} are two people.")
        if any({pair.person, pair.other} == {viewer.person, other} for pair in await _open({viewer.school})):
            raise Conflict("That is asked for already.")
        asked = TwoPeople(id=uuid4(), school=viewer.school, person=viewer.person, other=other, asked_at=clock.now())
        await asked.save()
        subject, personal = Subject.PERSON.of(other), {"name": colleague.name}
        record(Event.TWO_PEOPLE_ASKED, stream=OUR_SCHOOL, subject=subject, personal=personal, about=other)
    return asked.id


async def may_ask(viewer: Viewer, other: Colleague) -> bool:
    """Whether it would be of use that the viewer asks about a colleague, so that a page offers it."""
    async with database.read():
        return (
            viewer.role.writes
            and other.role.writes
            and await established.needs_confirmation(viewer.person, other.id, viewer.school)
        )


async def confirm(viewer: Viewer, asked: UUID) -> Pair:
    """Confirms from outside that they are two. Returns what was confirmed. Raises Forbidden, NotFound."""
    async with audit.recording(viewer) as record:
        if not await outside.decides_for_some(viewer):  # first: what is hidden takes as long as what is not there
            raise NotFound
        pair = await _locked(asked)
        by = await outside.require_may(Act.CONFIRM_TWO, viewer, pair.school)
        for one in (pair.person, pair.other):  # the viewer may have belonged to the school, and let one of them in
            if why := await established.why_maybe_one(viewer.person, one, pair.school, viewer.school):
                raise Forbidden(why)
        await _confirm(record, pair, "trust" if by is By.TRUST_HEAD else "operator", viewer.person)
    return pair


async def confirm_as_chair(token: str) -> Pair:
    """As the holder of the link that went to the school's published address. Raises DeadLink, NotFound."""
    async with audit.recording(None) as record:
        link = await outside.use(token, ACT)
        pair = await _locked(link.subject)
        await _confirm(record, pair, "chair", None)
    return pair


async def of_chair(token: str) -> Pair:
    """What such a link is about. Raises DeadLink, NotFound."""
    async with database.read():
        link = await outside.live(token, ACT)
        return await _one(link.subject)


async def write_to_chair(viewer: Viewer, asked: UUID) -> str:
    """Sends the link to the school's published address, which is returned. Raises Forbidden, NotFound, Conflict."""
    must_write(viewer)
    async with database.read():
        pair = await _one(asked)
        if pair.school != viewer.school:
            raise NotFound
    hands = (pair.person, pair.other)
    return await outside.write(viewer, Matter(ACT, asked, "confirm that two people of the school are two", hands))


async def open_at(viewer: Viewer) -> tuple[Pair, ...]:
    """What colleagues of the viewer have asked for and nobody has confirmed yet."""
    async with database.read():
        return await _open({viewer.school})


async def to_confirm(viewer: Viewer) -> tuple[Pair, ...]:
    """Who waits for the viewer to confirm, oldest first. Raises NotFound for whoever confirms nobody."""
    async with database.read():
        if not await outside.decides_for_some(viewer):
            raise NotFound
        return tuple([pair for pair in await _open(None) if await outside.standing(viewer, pair.school)])


async def one_to_confirm(viewer: Viewer, asked: UUID) -> Pair:
    """One of them. Raises NotFound."""
    found = next((pair for pair in await to_confirm(viewer) if pair.id == asked), None)
    if found is None:
        raise NotFound
    return found


async def _confirm(record: audit.Record, pair: Pair, by: str, confirmed_by: UUID | None) -> None:
    said: dict[Any, Any] = {
        TwoPeople.confirmed_as: by, TwoPeople.confirmed_by: confirmed_by, TwoPeople.confirmed_at: clock.now(),
    }  # fmt: skip
    await TwoPeople.update(said).where(TwoPeople.id == pair.id)
    for person, name, other in ((pair.person, pair.name, pair.other), (pair.other, pair.other_name, pair.person)):
        record(
            Event.TWO_PEOPLE_CONFIRMED,
            stream=OUR_SCHOOL,
            subject=Subject.PERSON.of(person),
            facts={"by": by, "other": str(other)},
            personal={"name": name},
            about=person,
            trail=pair.school,
        )


async def _locked(asked: UUID) -> Pair:
    """One that is still open when the school is ours."""
    await lock((await _one(asked)).school)
    return await _one(asked)


async def _one(asked: UUID) -> Pair:
    found = next((pair for pair in await _open(None) if pair.id == asked), None)
    if found is None:
        raise NotFound
    return found


async def _open(schools: AbstractSet[UUID] | None) -> tuple[Pair, ...]:
    """Open ones of these schools, or (None) of all, where both still belong to the school."""
    rows: list[dict[str, Any]] = await TwoPeople.raw(
        """SELECT t.id AS id, t.school AS school, c.name AS school_name, t.person AS person, p.name AS name, p.email AS email,
            t.other AS other, o.name AS other_name, o.email AS other_email, t.asked_at AS asked_at
        FROM sharing_two_people t JOIN sharing_school c ON c.id = t.school
        JOIN sharing_person p ON p.id = t.person JOIN sharing_person o ON o.id = t.other
        JOIN sharing_membership m ON m.person = t.person AND m.school = t.school AND m.valid_until IS NULL
        JOIN sharing_membership n ON n.person = t.other AND n.school = t.school AND n.valid_until IS NULL
        WHERE t.confirmed_at IS NULL ORDER BY t.asked_at, t.id"""
    )
    return tuple(Pair(**row) for row in rows if schools is None or row["school"] in schools)

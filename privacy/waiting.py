"""Requests to erase that wait, for whoever decides from outside: how old they are, the reason and the places, never the text.

The operator is told of every one that has waited for ten working days, by mail and in the list, and the school's trail says so.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit.erasing.erasure import ErasureReason
from audit.events import Event
from audit.log.subjects import ERASURES, Subject
from audit.tables import Erasure
from base import clock, mail, settings
from base.refusals import Conflict, Forbidden, NotFound, Refusal
from base.viewer import Viewer, must_write
from base.words import in_words
from privacy import plan as erasure_plan
from privacy import seconds
from privacy.finds import Find
from sharing.tables import Person, School
from sharing.two_people import outside
from sharing.two_people.outside import Matter

TO_DO: Final = "decide as the second person whether something is erased for good"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open request, without whom or what it is about."""

    id: UUID
    school: UUID
    school_name: str
    reason: ErasureReason
    words: str
    asked_at: datetime
    waited: int  # working days
    is_overdue: bool
    is_for_outside: bool  # no two people of the school count as two


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of it is. ``what`` is a kind of text, such as "Note", and never the text or the name of a file."""

    what: str
    about: str  # such as "About one of its suppliers"; "" where ``what`` says it
    day: str
    places: int


@dataclass(frozen=True, slots=True)
class FromOutside:
    """One request as somebody from outside sees it; ``why_not`` says why nothing of it can go, or not by them."""

    request: Waiting
    places: tuple[Place, ...]
    has_account: bool
    fields: int  # of the trail, that hold the name or e-mail by themselves
    why_not: str


async def every(viewer: Viewer) -> tuple[Waiting, ...]:
    """Those of the schools that the viewer decides for, oldest first. Raises NotFound for whoever decides for none."""
    async with database.read():
        if not await outside.decides_for_some(viewer):
            raise NotFound
        rows = [row for row in await _open() if await outside.standing(viewer, UUID(row["trail"]))]
        return tuple([await _waiting(row) for row in rows])


async def one(viewer: Viewer, erasure_id: UUID) -> FromOutside:
    """One of them. Raises NotFound."""
    async with database.read():
        await seconds.require_in_sight(viewer, erasure_id)
        row = await _row(erasure_id)
        if await outside.standing(viewer, UUID(row.trail)) is None:
            raise NotFound
        try:
            await seconds.from_outside(viewer, row)
        except Forbidden as refusal:
            return await _from_outside(row, refusal.sentence)
        return await _from_outside(row, "")


async def of_chair(token: str) -> FromOutside:
    """What a link to the chair is about. Raises DeadLink, NotFound."""
    async with database.read():
        row = await _row((await outside.live(token, seconds.ACT)).subject)
        try:
            await seconds.the_chair(row)
        except Forbidden as refusal:
            return await _from_outside(row, refusal.sentence)
        return await _from_outside(row, "")


async def write_to_chair(viewer: Viewer, erasure_id: UUID) -> str:
    """Sends the link to the school's published address, which is returned. Raises Forbidden, NotFound, Conflict."""
    must_write(viewer)
    async with database.read():
        row = await _row(erasure_id)
        if row.trail != str(viewer.school):
            raise NotFound
        if not await seconds.is_wanted_from_outside(row.asked_by, viewer.school):
            raise Conflict("Your school has people who count as two, so they decide this themselves.")
    return await outside.write(viewer, Matter(seconds.ACT, erasure_id, TO_DO, (row.asked_by,)))


async def tell_operator() -> int:
    """Writes to the operators about every request that has waited too long, once, and records that; returns how many."""
    async with database.read():
        due = [row for row in await _open() if row["told_at"] is None and seconds.is_overdue(row["asked_at"])]
        operators = await Person.select(Person.email).where(Person.is_operator.eq(True)).output(as_list=True)
        told = [await _waiting(row) for row in due]
    for request in told:
        for email in operators:
            await mail.send(email, "A request to erase waits", _letter(request))
        async with audit.recording(None) as record:
            await Erasure.update({Erasure.told_at: clock.now()}).where(Erasure.id == request.id)
            subject, facts = Subject.ERASURE.of(request.id), {"working_days": request.waited}
            record(Event.ERASURE_WAITS, stream=ERASURES, subject=subject, facts=facts, trail=request.school)
    return len(told)


def _letter(request: Waiting) -> str:
    return (
        f"{request.school_name} asked on {in_words(request.asked_at)} that something be erased, and nobody has decided it: "
        f"{request.waited} working days.\n\nThe reason given: {request.reason.words}\n\n"
        "The law gives a school one month to answer. Who can decide, and where what it is about is, without its text:\n"
        f"{settings.current().origin}/erasures/outside/{request.id}\n"
    )


async def _open() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await Erasure.select().where(_is_open()).order_by(Erasure.asked_at)
    return rows


def _is_open() -> Any:
    return Erasure.applied_at.is_null() & Erasure.withdrawn_at.is_null()


async def _row(erasure_id: UUID) -> Erasure:
    row: Erasure | None = await Erasure.objects().where((Erasure.id == erasure_id) & _is_open()).first()
    if row is None:
        raise NotFound
    return row


async def _waiting(row: dict[str, Any]) -> Waiting:
    school = UUID(row["trail"])
    found = await School.select(School.name).where(School.id == school).first()
    return Waiting(
        id=row["id"],
        school=school,
        school_name=found["name"] if found else "",
        reason=ErasureReason(row["reason"]),
        words=row["words"],
        asked_at=row["asked_at"],
        waited=seconds.waited(row["asked_at"]),
        is_overdue=seconds.is_overdue(row["asked_at"]),
        is_for_outside=await seconds.is_wanted_from_outside(row["asked_by"], school),
    )


async def _from_outside(row: Erasure, why_not: str) -> FromOutside:
    request, asked = await _waiting(row.to_dict()), seconds.as_whoever_asked(row)
    try:
        plan = await erasure_plan.make(asked, row.person, row.sought, chosen=json.loads(row.chosen))
        await erasure_plan.refuse_what_must_stay(asked, plan)
    except Refusal:  # whose sentence may name somebody
        return FromOutside(request, (), row.person is not None, 0, why_not or seconds.KEPT)
    places = tuple(_place(find) for find in plan.finds)
    return FromOutside(request, places, plan.person is not None, len(plan.identity), why_not)


def _place(find: Find) -> Place:
    what = "File" if find.files else find.what
    about = next((words for subject, words in _ABOUT.items() if subject.id_in(find.stream)), "")
    return Place(what, about, in_words(find.day), find.places)


_ABOUT: Final = {Subject.SUPPLIER: "About one of its suppliers", Subject.CONTRACT: "About one of its contracts"}

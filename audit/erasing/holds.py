"""Legal holds: while one is in force, nothing that it covers is erased, whoever asks.

A hold is on the whole school, on a person, on everything about one supplier or on one contract.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import audit
import database
from audit.events import Event
from audit.log.subjects import ERASURES, Subject
from audit.tables import Entry, Hold, StreamRow
from base import clock, text
from base.refusals import Conflict, Invalid, NotFound, read_together
from base.viewer import Viewer, must_be_there_for_good, must_write

SCHOOL: Final = "school"  # a hold on everything
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class LegalHold:
    """``about`` is SCHOOL, or the name of a person, a supplier or a contract as the trail names its subjects."""

    id: UUID
    about: str
    reason: str
    placed_by: UUID
    placed_at: datetime
    lifted_by: UUID | None
    lifted_at: datetime | None


async def every(viewer: Viewer) -> tuple[LegalHold, ...]:
    """The viewer's school's holds, the newest first, lifted ones included."""
    async with database.read():
        rows = await Hold.select().where(Hold.trail == str(viewer.school)).order_by(Hold.placed_at, ascending=False)
    return tuple(_held(row) for row in rows)


async def in_force(trail: str) -> tuple[LegalHold, ...]:
    """The holds of a trail that nobody has lifted, oldest first. Inside the caller's unit."""
    rows = await Hold.select().where((Hold.trail == trail) & Hold.lifted_at.is_null()).order_by(Hold.placed_at)
    return tuple(_held(row) for row in rows)


async def refuse_what_is_held(trail: str, touched: Iterable[str]) -> None:
    """Raises Conflict when a hold is on the school or on anything ``touched``. Inside the caller's unit."""
    names = {SCHOOL, *touched}
    for hold in await in_force(trail):
        if hold.about in names:
            raise Conflict(
                f"Nothing was erased: a legal hold is on {_what(hold.about)}. It has to be lifted first; the reason "
                f"given for it was: {hold.reason}"
            )


async def is_held(trail: str, touched: Iterable[str]) -> bool:
    """The same of another school's holds, whose reasons are its own. Inside the caller's unit."""
    names = {SCHOOL, *touched}
    return any(hold.about in names for hold in await in_force(trail))


async def place(viewer: Viewer, *, about: str, reason: str) -> UUID:
    """Places a hold and returns its id. Raises Forbidden, Invalid, Conflict where there is one already."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        is_known = await _is_known(str(viewer.school), about)
        _, said = read_together(
            lambda: None if is_known else _refuse_unknown(),
            lambda: text.line(reason, field="reason", longest=LONGEST_REASON, missing="Enter why it has to be kept."),
        )
        row = Hold(id=uuid4(), trail=str(viewer.school), about=about, reason=said, placed_by=viewer.person, placed_at=clock.now())
        with database.duplicates(Conflict("There is a hold on that already.")):
            await row.save()
        record(
            Event.HOLD_PLACED, stream=ERASURES, subject=Subject.HOLD.of(row.id), facts={"about": about}, personal={"reason": said}
        )
        made: UUID = row.id
    return made


async def lift(viewer: Viewer, hold_id: UUID) -> None:
    """Lifts a hold of the viewer's school. Raises Forbidden, NotFound, Conflict when it is lifted already."""
    must_be_there_for_good(viewer)
    async with audit.recording(viewer) as record:
        mine = (Hold.id == hold_id) & (Hold.trail == str(viewer.school))
        found = await database.locked(Hold.objects().where(mine)).first()
        if found is None:
            raise NotFound
        if found.lifted_at is not None:
            raise Conflict("A colleague has lifted this hold already.")
        await Hold.update({Hold.lifted_by: viewer.person, Hold.lifted_at: clock.now()}).where(mine)
        record(Event.HOLD_LIFTED, stream=ERASURES, subject=Subject.HOLD.of(hold_id), facts={"about": found.about})


def _refuse_unknown() -> None:
    raise Invalid("Choose what must not be erased.", about="Choose what must not be erased.")


async def _is_known(trail: str, about: str) -> bool:
    """Whether the school's own trail has anything about it."""
    if about == SCHOOL:
        return True
    if Subject.PERSON.id_in(about):
        return await Entry.exists().where((Entry.trail == trail) & (Entry.subject == about))
    if Subject.SUPPLIER.id_in(about) or Subject.CONTRACT.id_in(about):
        return await StreamRow.exists().where((StreamRow.trail == trail) & (StreamRow.name == about))
    return False


def _what(about: str) -> str:
    if about == SCHOOL:
        return "the whole school"
    if Subject.CONTRACT.id_in(about):
        return "this contract's records"
    return "this person" if Subject.PERSON.id_in(about) else "this supplier's records"


def _held(row: dict[str, object]) -> LegalHold:
    return LegalHold(**{name: row[name] for name in LegalHold.__dataclass_fields__})  # type: ignore[arg-type]  # the table's own columns

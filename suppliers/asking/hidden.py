"""Hiding an enquiry at once, for what nobody should read a minute longer, such as a pupil's name. Erasing it takes two people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import audit
import database
from audit import Record
from audit.log import hidden as trails_texts
from audit.log.subjects import ENQUIRIES, Subject
from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Viewer, must_speak_for_the_school, must_write
from suppliers.asking.tables import Enquiry
from suppliers.events import Event
from suppliers.record import bylines


@dataclass(frozen=True, slots=True)
class HiddenEnquiry:
    id: UUID
    words: str
    hidden_by: str
    hidden_at: datetime


async def hide(viewer: Viewer, enquiry_id: UUID) -> None:
    """Nobody reads it but those who may have it erased. Raises Forbidden, NotFound; Conflict where it is hidden already."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await _locked(viewer, enquiry_id)
        if row.hidden_at is not None:
            raise Conflict("A colleague has hidden this already.")
        await Enquiry.update({Enquiry.hidden_at: clock.now(), Enquiry.hidden_by: viewer.person}).where(Enquiry.id == row.id)
        await trails_texts.hide(str(viewer.school), Subject.ENQUIRY.of(row.id))
        _tell(record, Event.ENQUIRY_HIDDEN, row)


async def show_again(viewer: Viewer, enquiry_id: UUID) -> None:
    """Whoever could see it before sees it again, while it is open. Raises Forbidden, NotFound."""
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        row = await _locked(viewer, enquiry_id)
        if row.hidden_at is None:
            raise NotFound
        await Enquiry.update({Enquiry.hidden_at: None, Enquiry.hidden_by: None}).where(Enquiry.id == row.id)
        await trails_texts.show(str(viewer.school), Subject.ENQUIRY.of(row.id))
        _tell(record, Event.ENQUIRY_SHOWN, row)


async def listed(viewer: Viewer) -> tuple[HiddenEnquiry, ...]:
    """What the viewer's school hid, the newest first, for those who may have it erased. Raises Forbidden."""
    must_write(viewer)
    async with database.read():
        ours = (Enquiry.school == viewer.school) & Enquiry.hidden_at.is_not_null()
        rows = await Enquiry.select().where(ours).order_by(Enquiry.hidden_at, ascending=False)
        names = await bylines.names({row["hidden_by"] for row in rows})
    return tuple(HiddenEnquiry(row["id"], row["words"], names.get(row["hidden_by"], ""), row["hidden_at"]) for row in rows)


async def _locked(viewer: Viewer, enquiry_id: UUID) -> Any:
    ours = (Enquiry.id == enquiry_id) & (Enquiry.school == viewer.school)
    row = await database.locked(Enquiry.objects().where(ours)).first()
    if row is None:
        raise NotFound
    return row


def _tell(record: Record, event: Event, row: Any) -> None:
    record(event, stream=ENQUIRIES, subject=Subject.ENQUIRY.of(row.id))

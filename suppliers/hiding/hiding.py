"""Hiding: one person's act, at once, for what nobody should read a minute longer, such as a pupil's name or a wrong photo.

What is hidden nobody reads, on any page, over the API, in a pack or in the trail, but for those who may have it erased, who find
it in one list: there too without criticism of a supplier that they declared an interest in. It can be shown again. Erasing it
for good takes two people.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit.erasing import erasure
from audit.log import hidden
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Viewer, must_speak_for_the_school, must_write
from sharing.tables import Person
from suppliers.events import Event
from suppliers.opinions import interest
from suppliers.opinions.attachments import File
from suppliers.tables import Attachment, Note, Review, Supplier


class Hideable(StrEnum):
    """What can be hidden: a review or a note with its files as a whole, or one file."""

    REVIEW = "review"
    NOTE = "note"
    ATTACHMENT = "attachment"

    @property
    def table(self) -> Any:
        """The class of its rows."""
        return {Hideable.REVIEW: Review, Hideable.NOTE: Note, Hideable.ATTACHMENT: Attachment}[self]


_EVENTS: Final = {
    Hideable.REVIEW: (Event.REVIEW_HIDDEN, Event.REVIEW_SHOWN),
    Hideable.NOTE: (Event.NOTE_HIDDEN, Event.NOTE_SHOWN),
    Hideable.ATTACHMENT: (Event.ATTACHMENT_HIDDEN, Event.ATTACHMENT_SHOWN),
}


@dataclass(frozen=True, slots=True)
class HiddenItem:
    """``texts`` are its words, or the name of the file; ``files`` those of a note, by id and name.

    ``is_withheld``: it holds criticism that the viewer's interest in the supplier keeps from them, which is left out.
    """

    what: Hideable
    id: UUID
    supplier: UUID
    supplier_name: str
    texts: tuple[str, ...]
    files: tuple[tuple[UUID, str], ...]
    hidden_by: str
    hidden_at: datetime
    is_withheld: bool


async def hide(viewer: Viewer, what: Hideable, item_id: UUID) -> UUID:
    """Hides it, withdrawn or not; returns the supplier's id. Raises Forbidden, NotFound; Conflict where it is hidden already.

    A colleague's criticism that the viewer's interest keeps from them they hide only where nobody else at the school could.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await _locked(viewer, what, item_id)
        if row.hidden_at is not None:
            raise Conflict("A colleague has hidden this already.")
        note = row if what is not Hideable.ATTACHMENT else await _note_of(viewer, row)
        await interest.must_not_silence(viewer, note, unless_alone=True)
        await what.table.update({what.table.hidden_at: clock.now(), what.table.hidden_by: viewer.person}).where(
            what.table.id == row.id
        )
        await hidden.hide(str(viewer.school), _name(what, row.id), await _openings(viewer, what, row))
        _record(record, what, row.id, note, _EVENTS[what][0])
        supplier: UUID = note.supplier
    return supplier


async def show_again(viewer: Viewer, what: Hideable, item_id: UUID) -> UUID:
    """Whoever could see it before sees it again; returns the supplier's id. Raises Forbidden, NotFound."""
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        row = await _locked(viewer, what, item_id)
        if row.hidden_at is None:
            raise NotFound
        await what.table.update({what.table.hidden_at: None, what.table.hidden_by: None}).where(what.table.id == row.id)
        note = row if what is not Hideable.ATTACHMENT else await _note_of(viewer, row)
        await hidden.show(str(viewer.school), _name(what, row.id))
        _record(record, what, row.id, note, _EVENTS[what][1])
        supplier: UUID = note.supplier
    return supplier


async def listed(viewer: Viewer) -> tuple[HiddenItem, ...]:
    """Everything that the viewer's school hid, the newest first, for those who may have it erased. Raises Forbidden."""
    must_write(viewer)
    async with database.read():
        found = [(what, row) for what in Hideable for row in await _hidden_rows(viewer, what)]
        items = [await _item(viewer, what, row) for what, row in found]
    return tuple(sorted(items, key=lambda item: (item.hidden_at, str(item.id)), reverse=True))


async def file(viewer: Viewer, attachment_id: UUID) -> File:
    """A file that is hidden, or whose note is, for those who may have it erased. Raises Forbidden, NotFound.

    Of a problem with a supplier that the viewer declared an interest in there is none.
    """
    must_write(viewer)
    async with database.read():
        where = (Attachment.id == attachment_id) & (Attachment.school == viewer.school)
        found: Any = await Attachment.objects().where(where).first()
        if found is None:
            raise NotFound
        note = await _note_of(viewer, found)
        if (found.hidden_at or note.hidden_at) is None or await interest.hides_criticism(viewer, note):
            raise NotFound
    return File(found.filename, found.media_type, found.data)


async def _locked(viewer: Viewer, what: Hideable, item_id: UUID) -> Any:
    table = what.table
    row = await database.locked(table.objects().where((table.id == item_id) & (table.school == viewer.school))).first()
    if row is None:
        raise NotFound
    return row


async def _note_of(viewer: Viewer, attachment: Any) -> Any:
    note = await Note.objects().where((Note.id == attachment.note) & (Note.school == viewer.school)).first()
    if note is None:
        raise NotFound
    return note


def _name(what: Hideable, item_id: UUID) -> str:
    """Under which the trail's texts are hidden: for a review or a note what its entries are about."""
    return {
        Hideable.REVIEW: Subject.REVIEW.of(item_id),
        Hideable.NOTE: Subject.NOTE.of(item_id),
        Hideable.ATTACHMENT: f"attachment:{item_id}",
    }[what]


async def _openings(viewer: Viewer, what: Hideable, row: Any) -> set[hidden.OpeningKey] | None:
    """Of one file its names; None: all that entries about the opinion say."""
    if what is not Hideable.ATTACHMENT:
        return None
    return await erasure.names_of_attachment(str(viewer.school), Subject.NOTE.of(row.note), row.id)


def _record(record: audit.Record, what: Hideable, item_id: UUID, opinion: Any, event: Event) -> None:
    facts = {"attachment": str(item_id)} if what is Hideable.ATTACHMENT else {}
    subject = (Subject.REVIEW if what is Hideable.REVIEW else Subject.NOTE).of(opinion.id)
    record(event, stream=Subject.SUPPLIER.of(opinion.supplier), subject=subject, facts=facts)


async def _hidden_rows(viewer: Viewer, what: Hideable) -> list[Any]:
    table = what.table
    rows: list[Any] = await table.objects().where((table.school == viewer.school) & table.hidden_at.is_not_null())
    return rows


async def _item(viewer: Viewer, what: Hideable, row: Any) -> HiddenItem:
    opinion = row if what is not Hideable.ATTACHMENT else await _note_of(viewer, row)
    supplier = await Supplier.select(Supplier.name).where(Supplier.id == opinion.supplier).first()
    withheld = await interest.hides_criticism(viewer, opinion)
    who = await Person.select(Person.name).where(Person.id == row.hidden_by).first()
    return HiddenItem(
        what=what,
        id=row.id,
        supplier=opinion.supplier,
        supplier_name=supplier["name"] if supplier else "",
        texts=_texts(what, row, withheld=withheld),
        files=() if withheld else await _files(viewer, what, row),
        hidden_by=who["name"] if who else "",
        hidden_at=row.hidden_at,
        is_withheld=withheld,
    )


def _texts(what: Hideable, row: Any, *, withheld: bool) -> tuple[str, ...]:
    """Where criticism is ``withheld``, of a review the rest, and of a problem's note or file nothing."""
    if withheld:
        return tuple(text for text in (row.praise, row.interest) if text) if what is Hideable.REVIEW else ()
    found: dict[Hideable, tuple[str, ...]] = {
        Hideable.REVIEW: ("praise", "criticism", "interest"),
        Hideable.NOTE: ("body",),
        Hideable.ATTACHMENT: ("filename",),
    }
    said = (getattr(row, name) for name in found[what])
    return tuple(text for text in said if text)


async def _files(viewer: Viewer, what: Hideable, row: Any) -> tuple[tuple[UUID, str], ...]:
    if what is Hideable.REVIEW:
        return ()
    which = Attachment.note == row.id if what is Hideable.NOTE else Attachment.id == row.id
    rows = await Attachment.select(Attachment.id, Attachment.filename).where(which & (Attachment.school == viewer.school))
    return tuple((found["id"], found["filename"]) for found in rows)

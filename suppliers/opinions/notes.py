"""Dated notes on a supplier, private until shared, with a photo or file; a review can be made of one without retyping."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.text import prose
from base.viewer import Role, Viewer, must_write, must_write_notes
from sharing.access import visibility
from sharing.access.fields import Fields
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.opinions import attachments, criticism, interest, reviews
from suppliers.opinions.attachments import Attached, Upload
from suppliers.opinions.opinion import Opinion
from suppliers.record import field_groups
from suppliers.tables import Note

LONGEST_BODY: Final = 4_000  # characters, as a review's text
EARLIEST: Final = date(1950, 1, 1)
PROBLEM_OF_ONES_OWN: Final = (
    "You declared an interest in this supplier, so notes about problems with it are not for you to read or change. "
    "Ask a colleague."
)


class About(StrEnum):
    GOOD = "good"
    PROBLEM = "problem"
    RECORD = "record"

    @property
    def text_is(self) -> Fields:
        """Under which field group its text is shared: a problem is criticism."""
        return Fields.CRITICISM if self is About.PROBLEM else Fields.PRAISE

    @property
    def trail_field(self) -> str:
        """Governors never see what the trail names criticism."""
        return "criticism" if self is About.PROBLEM else "body"


@dataclass(frozen=True, slots=True)
class OurNote:
    """Our school's note; body and files are blank for whoever doesn't read criticism when it is about a problem."""

    id: UUID
    supplier: UUID
    about: About
    body: str
    happened_on: date
    version: int
    written_at: datetime
    is_shared: bool
    is_withheld: bool  # what it says, from this viewer
    files: tuple[Attached, ...]


async def note(
    viewer: Viewer,
    supplier_id: UUID,
    *,
    about: About,
    body: str,
    happened_on: date | None = None,
    files: Sequence[Upload] = (),
) -> UUID:
    """Writes a note. ``happened_on`` is what the writer says, today unless given; the trail keeps our own time beside it."""
    must_write_notes(viewer)
    text, day, kept = checked(body, happened_on, files)
    async with audit.recording(viewer) as record:
        supplier = await directory.must_see(viewer, supplier_id, lock=True)
        return await write_one(record, viewer, supplier.id, NoteSaid(about, text, day, kept))


@dataclass(frozen=True, slots=True)
class NoteSaid:
    """What a note says, of what ``checked`` gave; written ``at`` an earlier time, where it was."""

    about: About
    body: str
    happened_on: date
    files: tuple[attachments.File, ...] = ()
    at: datetime | None = None


async def write_one(record: Record, viewer: Viewer, supplier: UUID, said: NoteSaid) -> UUID:
    """As ``note``, inside the caller's unit."""
    row = Note(
        id=uuid4(),
        school=viewer.school,
        supplier=supplier,
        about=said.about.value,
        body=said.body,
        happened_on=said.happened_on,
        author=viewer.person,
        version=1,
        written_at=said.at or clock.now(),
    )
    await row.save()
    facts, names = await attachments.attach(viewer, row.id, said.files)
    record(
        Event.NOTE_WRITTEN,
        stream=Subject.SUPPLIER.of(supplier),
        subject=Subject.NOTE.of(row.id),
        facts={"about": said.about.value, "happened_on": said.happened_on.isoformat(), "version": 1, **facts},
        personal={said.about.trail_field: said.body, **names},
    )
    return row.id


async def revise(
    viewer: Viewer,
    note_id: UUID,
    *,
    version: int,
    about: About,
    body: str,
    happened_on: date | None = None,
    files: Sequence[Upload] = (),
) -> bool:
    """Changes our note and adds files to it; Conflict unless ``version`` is the one that was read.

    Returns whether its criticism has new words that wait for a head (`criticism.WAITS`).
    Raises Forbidden for a problem with a supplier that the viewer declared an interest in.
    """
    must_write(viewer)
    text, day, kept = checked(body, happened_on, files)
    async with audit.recording(viewer) as record:
        row = await _own(viewer, note_id, lock=True)
        if await _is_withheld(viewer, row):
            raise Forbidden(PROBLEM_OF_ONES_OWN)
        if row.version != version:
            raise Conflict(
                "This note changed after you read it, so yours is not saved yet. Read the newer one, then save yours again."
            )
        facts, names = await attachments.attach(viewer, row.id, kept)
        changes, texts = _changes(row, about, text, day)
        if not changes and not texts and not facts:
            record.unchanged()
            return bool(await criticism.waiting([row.id]))
        was = criticism.text_of(row)
        if about is not About.PROBLEM:
            await criticism.must_not_move(viewer, row, "", text)
        await criticism.must_not_reach_by_key(viewer, row, text if about is About.PROBLEM else "")
        said = {"about": about.value, "body": text, "happened_on": day, "version": version + 1}
        groups = _changed_groups(row, said, has_new_files=bool(facts))
        values: dict[Any, Any] = {**said, **field_groups.changed(groups, at=clock.now(), by=viewer.person)}
        await Note.update(values).where(Note.id == row.id)
        record(
            Event.NOTE_REVISED,
            stream=Subject.SUPPLIER.of(row.supplier),
            subject=Subject.NOTE.of(row.id),
            facts={**(changes or {"old": {"version": version}, "new": {"version": version + 1}}), **facts},
            personal={**texts, **names},
        )
        await criticism.after_revision(record, viewer, was, await _own(viewer, row.id), files_added=bool(facts))
        return bool(await criticism.waiting([row.id]))


async def withdraw(viewer: Viewer, note_id: UUID, *, version: int | None = None) -> UUID:
    """Takes our note back, its files and every share of it with it; returns the supplier's id.

    Raises Conflict unless ``version``, where it is said, is the one that is there; Forbidden for a colleague's problem with a
    supplier that the viewer declared an interest in.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await _own(viewer, note_id, lock=True)
        if version not in (None, row.version):
            raise Conflict("This note changed after you read it, so it is still there. Read the newer one, then decide.")
        await interest.must_not_silence(viewer, row)
        await Note.update({Note.withdrawn_at: clock.now(), Note.audience: None}).where(Note.id == row.id)
        facts = {"version": row.version, "was_shared": row.audience is not None}
        record(Event.NOTE_WITHDRAWN, stream=Subject.SUPPLIER.of(row.supplier), subject=Subject.NOTE.of(row.id), facts=facts)
        return row.supplier


async def ours(viewer: Viewer, note_id: UUID) -> OurNote:
    """Our school's own note by its id; NotFound for any other, and for one that the viewer's role does not read."""
    async with database.read():
        row = await _own(viewer, note_id)
        withheld = await _is_withheld(viewer, row)
        files = await attachments.of_notes([row.id])
    return OurNote(
        id=row.id,
        supplier=row.supplier,
        about=About(row.about),
        body="" if withheld else row.body,
        happened_on=row.happened_on,
        version=row.version,
        written_at=field_groups.last_said(row, "revised")[0],
        is_shared=row.audience is not None,
        is_withheld=withheld,
        files=() if withheld else files.get(row.id, ()),
    )


async def to_review(viewer: Viewer, note_id: UUID) -> Opinion:
    """Our review with the note's text added to it, for the review form; nothing is saved. Raises Forbidden as ``revise``."""
    found = await ours(viewer, note_id)
    if found.is_withheld:
        raise Forbidden(PROBLEM_OF_ONES_OWN)
    current = await reviews.current(viewer, found.supplier)
    said = current.said if current else Opinion(interest=None)
    if found.about is About.PROBLEM:
        return replace(said, criticism=_with(said.criticism, found.body))
    return replace(said, praise=_with(said.praise, found.body))


def _with(text: str, more: str) -> str:
    return text if more in text else f"{text}\n\n{more}".strip()


def checked(body: str, happened_on: date | None, files: Sequence[Upload]) -> tuple[str, date, tuple[attachments.File, ...]]:
    """Text, day and files as they are kept. Raises Invalid that names everything wrong with them."""
    problems: dict[str, str] = {}
    text, kept = body, []
    try:
        text = prose(body, field="body", longest=LONGEST_BODY, required=True, missing="Enter what happened.")
    except Invalid as refusal:
        problems |= refusal.fields
    today = clock.today()
    day = happened_on or today
    if not EARLIEST <= day <= today:
        problems["happened_on"] = "The day must be today or in the past."
    for file in files:
        try:
            kept.append(attachments.checked(file))
        except Invalid as refusal:
            problems |= refusal.fields
    if problems:
        raise Invalid("The note was not saved.", **problems)
    return text, day, tuple(kept)


async def _own(viewer: Viewer, note_id: UUID, *, lock: bool = False) -> Note:
    query = Note.objects().where((Note.id == note_id) & (Note.school == viewer.school) & visibility.in_sight(Note))
    row = await (database.locked(query) if lock else query).first()
    if row is None or not _may_read(viewer, row):
        raise NotFound
    return row


def _may_read(viewer: Viewer, row: Note) -> bool:
    """As ``visibility`` has it: site staff read what they wrote and nobody changed, a trust lead no private note."""
    if viewer.role is Role.SITE_STAFF:
        return bool(row.author == viewer.person and row.revised_by is None)
    return viewer.role.reads_private or row.audience is not None


async def _is_withheld(viewer: Viewer, row: Note) -> bool:
    """Whether what the note says is kept from the viewer: a problem, from governors and from whoever declared an interest."""
    reads_it = viewer.role.reads_criticism or viewer.role is Role.SITE_STAFF  # who find nothing but their own
    is_for_no_governor = row.about == About.PROBLEM and not reads_it
    return is_for_no_governor or await interest.hides_criticism(viewer, row)


def _changed_groups(row: Note, said: dict[str, Any], *, has_new_files: bool) -> tuple[str, ...]:
    """What of the note changes: a note's being about a problem goes with its text."""
    changes = {
        "text": (row.about, row.body) != (said["about"], said["body"]),
        "dates": row.happened_on != said["happened_on"],
        "files": has_new_files,
    }
    return tuple(group for group in field_groups.NOTE if changes[group])


def _changes(row: Note, about: About, text: str, day: date) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts {"old", "new"} and the texts of what differs; both empty when nothing does."""
    before = {"about": row.about, "happened_on": row.happened_on.isoformat()}
    after = {"about": about.value, "happened_on": day.isoformat()}
    changed = [name for name in before if before[name] != after[name]]
    texts = {}
    if row.body != text or row.about != about.value:  # a text that becomes criticism moves to the field governors never see
        texts = {about.trail_field: text, f"{About(row.about).trail_field}.old": row.body}
    if not changed and not texts:
        return {}, {}
    return {
        "old": {**{name: before[name] for name in changed}, "version": row.version},
        "new": {**{name: after[name] for name in changed}, "version": row.version + 1},
    }, texts

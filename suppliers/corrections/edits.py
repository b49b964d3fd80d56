"""A curator's changes of directory entries: to correct one, to remove one that nobody uses, and to undo either.

Every school sees at once what changed, and the operator's trail tells it. One change is undone before an older one.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import DIRECTORY, Subject
from base import clock, text
from base.refusals import Conflict, NotFound
from base.viewer import Viewer
from suppliers.corrections import proposals
from suppliers.corrections.proposals import CorrectionState, ProposedCorrection, facts_of, written
from suppliers.corrections.tables import DirectoryEdit
from suppliers.events import Event
from suppliers.index import filing
from suppliers.matching.identifiers import Scheme
from suppliers.merging.tables import EntryPair
from suppliers.record import changes, differences, facts, merge_edges
from suppliers.record.facts import Facts
from suppliers.tables import Alias, Identifier, Supplier, Supplies

LONGEST_ANSWER: Final = 300  # a sentence or two
PAGE: Final = 20
CHANGED: Final = "The entry changed since you opened this page. Look at it again."
IN_USE: Final = "A school uses this supplier, or something was written about it, so its entry stays. It can be corrected."
NAMELESS: Final = "Name erased"
ERASED: Final = "The name of this entry was erased."
GONE: Final = "The entry was removed from the directory."
NEWER_FIRST: Final = "The entry was changed again since. Undo the newer change first."


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """A directory entry as a curator opens it to be changed. ``seen`` tells later whether somebody else changed it."""

    id: UUID
    now: Facts
    suggested: Facts  # with what was proposed, or else as it is
    correction: ProposedCorrection | None

    @property
    def seen(self) -> str:
        return digest(self.now)

    @property
    def more(self) -> tuple[tuple[Scheme, str], ...]:
        """The identifiers that a form with one box for each scheme has no room for."""
        shown = differences.as_a_form_shows(self.suggested).identifiers
        return tuple(one for one in self.suggested.identifiers if one not in shown)


@dataclass(frozen=True, slots=True)
class WaitingCorrections:
    corrections: tuple[ProposedCorrection, ...]
    has_more: bool


async def queue(viewer: Viewer, number: int = 1) -> WaitingCorrections:
    """One page of what schools propose, from 1, the oldest first. Raises NotFound for anybody but a curator."""
    must_curate(viewer)
    async with database.read():
        found = await proposals.waiting(number, PAGE)
    return WaitingCorrections(found[:PAGE], has_more=len(found) > PAGE)


async def opened(viewer: Viewer, entry_id: UUID, correction_id: UUID | None = None) -> OpenEntry:
    """Raises NotFound for what is no live entry of the directory, and for a correction of another."""
    must_curate(viewer)
    async with database.read():
        entry = await _entry(entry_id)
        now = (await facts.as_written([entry.id]))[entry.id]
        if correction_id is None:
            return OpenEntry(entry.id, now, now, None)
        correction, before, proposed = await proposals.waiting_one(correction_id)
        await _must_be_about(correction, entry.id)
        return OpenEntry(entry.id, now, differences.carried_over(before, proposed, now), correction)


async def change(
    viewer: Viewer, entry_id: UUID, typed: Facts, *, seen: str, correction_id: UUID | None = None, more: Collection[str] = ()
) -> None:
    """Replaces all facts of an entry; with a correction, that is taken. ``more`` are further identifiers, as "scheme:value".

    Raises Conflict for an entry that is not what was ``seen``, NotFound.
    """
    must_curate(viewer)
    async with audit.recording(viewer) as record:
        entry = await _entry(entry_id, lock=True)
        before = (await facts.as_written([entry.id]))[entry.id]
        if digest(before) != seen:
            raise Conflict(CHANGED)
        after = await _with_more(typed, before, correction_id, more)
        if correction_id is not None:
            correction, _, _ = await proposals.waiting_one(correction_id, lock=True)
            await _must_be_about(correction, entry.id)
            await proposals.end(correction.id, CorrectionState.TAKEN, viewer)
        if differences.are_alike(before, after) and correction_id is None:
            record.unchanged()
            return
        await _write(entry.id, before, after)
        made = await _keep(viewer, entry, before, after, correction_id)
        _tell(record, Event.DIRECTORY_CORRECTED, entry.id, made, before, after)


async def refuse(viewer: Viewer, correction_id: UUID, *, answer: str) -> None:
    """The entry stays as it is; the school reads the answer. Raises Invalid without one, NotFound."""
    must_curate(viewer)
    said = text.line(answer, field="answer", longest=LONGEST_ANSWER, missing="Say why the entry stays as it is.")
    async with audit.recording(viewer) as record:
        correction, _, _ = await proposals.waiting_one(correction_id, lock=True)
        await proposals.end(correction.id, CorrectionState.REFUSED, viewer, said)
        subject = Subject.SUPPLIER.of(correction.supplier)
        told, texts = {"correction": {"id": str(correction.id)}}, {"answer": said}
        record(
            Event.DIRECTORY_CORRECTION_REFUSED,
            stream=DIRECTORY,
            subject=subject,
            facts=told,
            personal=texts,
            trail=audit.OPERATOR,
        )


async def remove(viewer: Viewer, entry_id: UUID, *, seen: str) -> None:
    """Takes an entry out of the directory that no school uses or wrote about. Raises Conflict for any other."""
    must_curate(viewer)
    in_use = Conflict(IN_USE)
    async with audit.recording(viewer) as record:
        entry = await _entry(entry_id, lock=True)
        before = (await facts.as_written([entry.id]))[entry.id]
        if digest(before) != seen:
            raise Conflict(CHANGED)
        made = await _keep(viewer, entry, before, None, None)
        _tell(record, Event.DIRECTORY_REMOVED, entry.id, made, before, None)
        await filing.unindex(entry.id, owner=None)
        for table in (Alias, Identifier, Supplies):
            await table.delete().where(table.supplier == entry.id)
        await proposals.end_all_of(entry.id, viewer, GONE)
        await EntryPair.delete().where((EntryPair.left_supplier == entry.id) | (EntryPair.right_supplier == entry.id))
        with database.references(in_use):
            await Supplier.delete().where(Supplier.id == entry.id)


async def undo(viewer: Viewer, edit_id: UUID) -> UUID:
    """Puts an entry back as it was before this change; returns its id. Raises Conflict where it changed again since, NotFound."""
    must_curate(viewer)
    async with audit.recording(viewer) as record:
        edit = await database.locked(DirectoryEdit.objects().where(DirectoryEdit.id == edit_id)).first()
        if edit is None:
            raise NotFound
        if edit.undone_at is not None:
            raise Conflict("This change is undone already.")
        before, after = facts_of(edit.before), facts_of(edit.after) if edit.after is not None else None
        if after is None:
            await _list_again(edit, before)
        else:
            entry = await _entry(edit.supplier, lock=True)
            if not differences.are_alike((await facts.as_written([entry.id]))[entry.id], after):
                raise Conflict(NEWER_FIRST)
            await _write(entry.id, after, before)
        done: dict[Any, Any] = {DirectoryEdit.undone_at: clock.now(), DirectoryEdit.undone_by: viewer.person}
        await DirectoryEdit.update(done).where(DirectoryEdit.id == edit.id)
        _tell(record, Event.DIRECTORY_EDIT_UNDONE, edit.supplier, edit.id, after, before)
        supplier: UUID = edit.supplier
        return supplier


async def blank(record: Record, entry_id: UUID, viewer: Viewer | None, *, seen: str | None = None) -> None:
    """Takes from an entry all that may tell who a sole trader is, with what undoing earlier changes would bring back. Inside the
    unit of an erasure. With ``seen``, raises Conflict where the entry changed since; NotFound for what is no entry any more.
    """
    entry = await _entry(entry_id, lock=True)
    before = (await facts.as_written([entry.id]))[entry.id]
    if seen is not None and digest(before) != seen:
        raise Conflict(CHANGED)
    await _write(entry.id, before, Facts(NAMELESS, categories=before.categories))
    await DirectoryEdit.delete().where(DirectoryEdit.supplier == entry.id)
    await proposals.end_all_of(entry.id, viewer, ERASED)
    stream = Subject.SUPPLIER.of(entry.id)
    record(Event.DIRECTORY_NAME_ERASED, stream=DIRECTORY, subject=stream, trail=audit.OPERATOR)


def must_curate(viewer: Viewer) -> None:
    """Raises NotFound, as for a page that is not there, for who is no curator."""
    if not viewer.is_operator:
        raise NotFound


def digest(known: Facts) -> str:
    """SHA-256 of the facts, by which a form tells whether they changed since it was opened."""
    return hashlib.sha256(json.dumps(known.as_dict(), sort_keys=True).encode()).hexdigest()


async def _entry(entry_id: UUID, *, lock: bool = False) -> Supplier:
    """The live entry itself: of one that is part of another, the other is changed. Raises NotFound."""
    live = (Supplier.id == entry_id) & Supplier.owner.is_null() & Supplier.joined_to.is_null()
    query = Supplier.objects().where(live)
    found: Supplier | None = await (database.locked(query) if lock else query).first()
    if found is None:
        raise NotFound
    return found


async def _must_be_about(correction: ProposedCorrection, entry: UUID) -> None:
    """It was proposed for the entry, or for one that is part of it by now."""
    if correction.supplier not in await merge_edges.whole(entry, None):
        raise NotFound


async def _with_more(typed: Facts, before: Facts, correction_id: UUID | None, more: Collection[str]) -> Facts:
    """What was typed, and of the identifiers that the form listed beside its boxes those that stay ticked."""
    known = before
    if correction_id is not None:
        _, was, proposed = await proposals.waiting_one(correction_id)
        known = differences.carried_over(was, proposed, before)
    boxes = differences.as_a_form_shows(known).identifiers
    kept = [one for one in known.identifiers if one not in boxes and f"{one[0]}:{one[1]}" in more]
    return replace(typed, identifiers=tuple(dict.fromkeys((*typed.identifiers, *kept))))


async def _write(entry: UUID, before: Facts, after: Facts) -> None:
    if differences.are_alike(before, after):
        return
    changed: dict[Any, Any] = {Supplier.name: after.name, Supplier.exact_name: after.exact}
    await Supplier.update(changed).where(Supplier.id == entry)
    await facts.replace(entry, after)
    await filing.unindex(entry, owner=None)
    await filing.index(entry, owner=None, known=after)


async def _list_again(edit: DirectoryEdit, known: Facts) -> None:
    made = Supplier(id=edit.supplier, owner=None, name=known.name, exact_name=known.exact, made_at=edit.listed_at)
    await made.save()
    await facts.save(made.id, known)
    await filing.index(made.id, owner=None, known=known)


async def _keep(viewer: Viewer, entry: Supplier, before: Facts, after: Facts | None, correction: UUID | None) -> UUID:
    made = DirectoryEdit(
        id=uuid4(), supplier=entry.id, before=written(before), after=written(after) if after else None, listed_at=entry.made_at,
        correction=correction, made_at=clock.now(), made_by=viewer.person,
    )  # fmt: skip
    await made.save()
    kept: UUID = made.id
    return kept


def _tell(record: Record, event: Event, entry: UUID, edit: UUID, before: Facts | None, after: Facts | None) -> None:
    """Categories as plain facts; what may be a sole trader's as texts that can be erased."""
    old, new = ({"categories": list(one.categories if one else ())} for one in (before, after))
    was, is_now = (one.texts if one else dict.fromkeys(("name", "aliases", "identifiers"), "") for one in (before, after))
    told = {"edit": {"id": str(edit)}} | changes.difference(old, new)
    texts = {name: value for name, value in changes.texts_changed(was, is_now).items() if value}
    record(event, stream=DIRECTORY, subject=Subject.SUPPLIER.of(entry), facts=told, personal=texts, trail=audit.OPERATOR)

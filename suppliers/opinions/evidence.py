"""The photos and files that a school's entries name by their digest, for its own audit packs and nobody else's."""

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any
from uuid import UUID

import audit
import database
from audit.log.subjects import Subject
from audit.packs.takeaway import Attached
from suppliers.opinions.notes import About
from suppliers.tables import Attachment, Note


async def of_trail(
    trail: str, attached: Attached, *, unread: tuple[str, ...], criticism_kept_back: Collection[str]
) -> AsyncIterator[tuple[str, bytes]]:
    """(SHA-256 in hex, bytes) of those that are still there, in order, each read by itself: a file has up to 10 MB.

    None of a note whose text is in a field of the trail that begins with one of ``unread``; nor of a problem with a supplier
    whose stream is one of ``criticism_kept_back``.
    """
    if trail == audit.OPERATOR:
        return
    for digest in sorted(attached):
        async with database.read():
            its = (Attachment.digest == bytes.fromhex(digest)) & database.among(Attachment.id, attached[digest])
            content = await _content(UUID(trail), its, unread=unread, criticism_kept_back=criticism_kept_back)
        if content is not None:
            yield digest, content


async def _content(school: UUID, its: Any, *, unread: tuple[str, ...], criticism_kept_back: Collection[str]) -> bytes | None:
    """The photo of a note is read like its text, unless it is attached to a note that may be read as well."""
    found = await Attachment.select(Attachment.id, Attachment.note).where(
        Attachment.school == school, its, Attachment.hidden_at.is_null(), _note_is_not_hidden(school)
    )
    if found and (criticism_kept_back or unread):
        notes = await Note.select(Note.id, Note.about, Note.supplier, Note.written_for).where(
            Note.school == school, database.among(Note.id, [row["note"] for row in found])
        )
        closed = {note["id"] for note in notes if _is_closed(note, unread, criticism_kept_back)}
        found = [row for row in found if row["note"] not in closed]
    if not found:
        return None
    stored = await Attachment.select(Attachment.data).where(Attachment.id == found[0]["id"]).first()
    return bytes(stored["data"]) if stored else None


def _note_is_not_hidden(school: UUID) -> Any:
    shown = Note.select(Note.id).where((Note.school == school) & Note.hidden_at.is_null())
    return database.among(Attachment.note, shown)


def _is_closed(note: Mapping[str, Any], unread: tuple[str, ...], criticism_kept_back: Collection[str]) -> bool:
    about = About(note["about"])
    is_kept_back = about is About.PROBLEM and bool(_streams(note) & set(criticism_kept_back))
    return is_kept_back or about.trail_field.startswith(unread)


def _streams(note: Mapping[str, Any]) -> set[str]:
    """Entries about a note are with the supplier that it was written for and, after a merge, with the one that has it now."""
    return {Subject.SUPPLIER.of(supplier) for supplier in (note["supplier"], note["written_for"]) if supplier}

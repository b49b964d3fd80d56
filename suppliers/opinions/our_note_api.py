"""Notes of one's own school over JSON, with the version that a change of one names."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from base.viewer import KeyScope
from suppliers.events import Event
from suppliers.opinions import notes
from suppliers.opinions.notes import About, OurNote
from suppliers.opinions.opinion import LONGEST_TEXT
from web.http.versions import ETAG, IfMatch, etag, version_of
from web.pages.handlers import CurrentViewer

Prose = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class NoteIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``happened_on`` is today unless given. Files are added on the note's page."""

    about: About
    body: Prose
    happened_on: date | None = None


class WrittenOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID


class OurNoteOut(msgspec.Struct, frozen=True, kw_only=True):
    """A note of your school's own. ``body`` is "" where you may not read its criticism."""

    id: UUID
    supplier: UUID
    version: int
    about: About
    body: str
    happened_on: date
    files: tuple[str, ...]
    written_at: datetime
    shared: bool


@get(
    "/notes/{note_id:uuid}",
    operation_id="getNote",
    summary="One note of your school's own",
    response_headers=[ETAG],
    key_scope=KeyScope.READ,
)
async def get_note(viewer: CurrentViewer, note_id: FromPath[UUID]) -> Response[OurNoteOut]:
    """The `ETag` is what If-Match takes when you change it or take it back."""
    found = await notes.ours(viewer, note_id)
    return Response(_our_note(found), headers=etag(found.version))


@post(
    "/suppliers/{supplier_id:uuid}/notes",
    operation_id="writeNote",
    summary="Note the service that your school received",
    leaves=(Event.NOTE_WRITTEN,),
    key_scope=KeyScope.WRITE,
)
async def write_note(viewer: CurrentViewer, supplier_id: FromPath[UUID], data: JSONBody[NoteIn]) -> WrittenOut:
    """Nobody else sees it until you share it. Files are added on its page."""
    written = await notes.note(viewer, supplier_id, about=data.about, body=data.body, happened_on=data.happened_on)
    return WrittenOut(id=written)


@put(
    "/notes/{note_id:uuid}",
    operation_id="reviseNote",
    summary="Revise a note of your school's own",
    leaves=(Event.NOTE_REVISED, Event.SHARE_WITHDRAWN),
    key_scope=KeyScope.WRITE,
    needs_version=True,
)
async def revise_note(
    viewer: CurrentViewer, note_id: FromPath[UUID], data: JSONBody[NoteIn], if_match: IfMatch = None
) -> WrittenOut:
    """Send the whole of it, and the version that you read in If-Match. Who may see it stays as it was."""
    await notes.ours(viewer, note_id)
    version = version_of(if_match)
    await notes.revise(viewer, note_id, version=version, about=data.about, body=data.body, happened_on=data.happened_on)
    return WrittenOut(id=note_id)


@delete(
    "/notes/{note_id:uuid}",
    operation_id="withdrawNote",
    summary="Take a note of your school's own back",
    leaves=(Event.NOTE_WITHDRAWN,),
    key_scope=KeyScope.WRITE,
)
async def withdraw_note(viewer: CurrentViewer, note_id: FromPath[UUID], if_match: IfMatch = None) -> None:
    """Nobody sees it any more, whoever it was shared with. Your trail keeps that it was there."""
    await notes.withdraw(viewer, note_id, version=version_of(if_match) if if_match is not None else None)


def _our_note(found: OurNote) -> OurNoteOut:
    return OurNoteOut(
        id=found.id, supplier=found.supplier, version=found.version, about=found.about, body=found.body,
        happened_on=found.happened_on, files=tuple(file.name for file in found.files), written_at=found.written_at,
        shared=found.is_shared,
    )  # fmt: skip

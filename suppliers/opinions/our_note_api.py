"""A note of one's own school over JSON, with the version that a change of it names."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from base.viewer import KeyScope
from suppliers.opinions import notes
from suppliers.opinions.notes import About, OurNote
from web.http.versions import ETAG, etag
from web.pages.handlers import CurrentViewer


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


def _our_note(found: OurNote) -> OurNoteOut:
    return OurNoteOut(
        id=found.id, supplier=found.supplier, version=found.version, about=found.about, body=found.body,
        happened_on=found.happened_on, files=tuple(file.name for file in found.files), written_at=found.written_at,
        shared=found.is_shared,
    )  # fmt: skip

"""What a writer presses to hide a review, a note or a file at once, and to show it again; the list is among erasures."""

from uuid import UUID

from litestar import Router, post
from litestar.params import FromPath
from litestar.response import Redirect

from base.viewer import Viewer
from suppliers.events import Event
from suppliers.hiding import hiding
from suppliers.hiding.hiding import Hideable
from web.pages.handlers import CurrentViewer
from web.pages.templating import redirect

HIDDEN = "Hidden. Nobody reads it but those who decide about erasing it, who find it under Our trail, Erasure, Hidden."
SHOWN = "Shown again, to whoever could see it before."


@post("/reviews/{review_id:uuid}/hide", include_in_schema=False, leaves=(Event.REVIEW_HIDDEN,))
async def hide_review(review_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return await _hidden(viewer, Hideable.REVIEW, review_id)


@post("/reviews/{review_id:uuid}/show-again", include_in_schema=False, leaves=(Event.REVIEW_SHOWN,))
async def show_review_again(review_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return await _shown_again(viewer, Hideable.REVIEW, review_id)


@post("/notes/{note_id:uuid}/hide", include_in_schema=False, leaves=(Event.NOTE_HIDDEN,))
async def hide_note(note_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return await _hidden(viewer, Hideable.NOTE, note_id)


@post("/notes/{note_id:uuid}/show-again", include_in_schema=False, leaves=(Event.NOTE_SHOWN,))
async def show_note_again(note_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return await _shown_again(viewer, Hideable.NOTE, note_id)


@post("/attachments/{attachment_id:uuid}/hide", include_in_schema=False, leaves=(Event.ATTACHMENT_HIDDEN,))
async def hide_file(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return await _hidden(viewer, Hideable.ATTACHMENT, attachment_id)


@post("/attachments/{attachment_id:uuid}/show-again", include_in_schema=False, leaves=(Event.ATTACHMENT_SHOWN,))
async def show_file_again(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return await _shown_again(viewer, Hideable.ATTACHMENT, attachment_id)


async def _hidden(viewer: Viewer, what: Hideable, item: UUID) -> Redirect:
    return redirect(f"/suppliers/{await hiding.hide(viewer, what, item)}", done=HIDDEN)


async def _shown_again(viewer: Viewer, what: Hideable, item: UUID) -> Redirect:
    await hiding.show_again(viewer, what, item)
    return redirect("/erasures/hidden", done=SHOWN)


pages = Router(
    path="/",
    route_handlers=[
        *(hide_review, show_review_again, hide_note, show_note_again, hide_file, show_file_again),
    ],
)

"""What a writer presses to hide a review, a note or a file at once, and to show it again; the list is among erasures."""

from uuid import UUID

from litestar import Router, post
from litestar.params import FromPath
from litestar.response import Redirect

from suppliers.events import Event
from suppliers.opinions import hiding
from suppliers.opinions.hiding import Hideable
from web.pages.handlers import CurrentViewer
from web.pages.templating import redirect

HIDDEN = "Hidden. Nobody reads it but those who decide about erasing it, who find it under Our trail, Erasure, Hidden."


@post("/reviews/{review_id:uuid}/hide", include_in_schema=False, leaves=(Event.REVIEW_HIDDEN,))
async def hide_review(review_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return redirect(f"/suppliers/{await hiding.hide(viewer, Hideable.REVIEW, review_id)}", done=HIDDEN)


@post("/reviews/{review_id:uuid}/show-again", include_in_schema=False, leaves=(Event.REVIEW_SHOWN,))
async def show_review_again(review_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await hiding.show_again(viewer, Hideable.REVIEW, review_id)
    return redirect("/erasures/hidden", done="Shown again, to whoever could see it before.")


@post("/notes/{note_id:uuid}/hide", include_in_schema=False, leaves=(Event.NOTE_HIDDEN,))
async def hide_note(note_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return redirect(f"/suppliers/{await hiding.hide(viewer, Hideable.NOTE, note_id)}", done=HIDDEN)


@post("/notes/{note_id:uuid}/show-again", include_in_schema=False, leaves=(Event.NOTE_SHOWN,))
async def show_note_again(note_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await hiding.show_again(viewer, Hideable.NOTE, note_id)
    return redirect("/erasures/hidden", done="Shown again, to whoever could see it before.")


@post("/attachments/{attachment_id:uuid}/hide", include_in_schema=False, leaves=(Event.ATTACHMENT_HIDDEN,))
async def hide_file(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return redirect(f"/suppliers/{await hiding.hide(viewer, Hideable.ATTACHMENT, attachment_id)}", done=HIDDEN)


@post("/attachments/{attachment_id:uuid}/show-again", include_in_schema=False, leaves=(Event.ATTACHMENT_SHOWN,))
async def show_file_again(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await hiding.show_again(viewer, Hideable.ATTACHMENT, attachment_id)
    return redirect("/erasures/hidden", done="Shown again, to whoever could see it before.")


pages = Router(
    path="/",
    route_handlers=[
        *(hide_review, show_review_again, hide_note, show_note_again, hide_file, show_file_again),
    ],
)

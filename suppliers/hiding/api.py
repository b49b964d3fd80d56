"""Hiding over JSON: a review, a note or a file of a note, at once and by one person, as on its page."""

from uuid import UUID

from litestar import Router, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_204_NO_CONTENT

from base.viewer import KeyScope
from suppliers.events import Event
from suppliers.hiding import hiding
from suppliers.hiding.hiding import Hideable
from web.pages.handlers import CurrentViewer


@post(
    "/reviews/{review_id:uuid}/hide",
    operation_id="hideReview",
    summary="Hide your school's review at once",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.REVIEW_HIDDEN,),
    key_scope=KeyScope.WRITE,
)
async def hide_review(review_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """For what nobody should read a minute longer. Those who may have it erased find it under Erasure, Hidden."""
    await hiding.hide(viewer, Hideable.REVIEW, review_id)


@post(
    "/reviews/{review_id:uuid}/show",
    operation_id="showReview",
    summary="Show a hidden review again",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.REVIEW_SHOWN,),
    key_scope=KeyScope.WRITE,
)
async def show_review(review_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """Whoever could see it before sees it again."""
    await hiding.show_again(viewer, Hideable.REVIEW, review_id)


@post(
    "/notes/{note_id:uuid}/hide",
    operation_id="hideNote",
    summary="Hide a note of your school at once, with its files",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.NOTE_HIDDEN,),
    key_scope=KeyScope.WRITE,
)
async def hide_note(note_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """For what nobody should read a minute longer. Those who may have it erased find it under Erasure, Hidden."""
    await hiding.hide(viewer, Hideable.NOTE, note_id)


@post(
    "/notes/{note_id:uuid}/show",
    operation_id="showNote",
    summary="Show a hidden note again",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.NOTE_SHOWN,),
    key_scope=KeyScope.WRITE,
)
async def show_note(note_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """Whoever could see it before sees it again, but for files that were hidden by themselves."""
    await hiding.show_again(viewer, Hideable.NOTE, note_id)


@post(
    "/attachments/{attachment_id:uuid}/hide",
    operation_id="hideAttachment",
    summary="Hide one file of a note at once",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.ATTACHMENT_HIDDEN,),
    key_scope=KeyScope.WRITE,
)
async def hide_attachment(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """Its name too, here and in the trail. The note stays."""
    await hiding.hide(viewer, Hideable.ATTACHMENT, attachment_id)


@post(
    "/attachments/{attachment_id:uuid}/show",
    operation_id="showAttachment",
    summary="Show a hidden file again",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.ATTACHMENT_SHOWN,),
    key_scope=KeyScope.WRITE,
)
async def show_attachment(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """Whoever can see its note sees it again."""
    await hiding.show_again(viewer, Hideable.ATTACHMENT, attachment_id)


api = Router(
    path="/api/v1",
    route_handlers=[hide_review, show_review, hide_note, show_note, hide_attachment, show_attachment],
    tags=["Reviews and notes"],
)

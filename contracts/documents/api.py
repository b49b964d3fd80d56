"""Hiding a document of a contract over JSON, at once and by one person, as on its page."""

from uuid import UUID

from litestar import Router, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_204_NO_CONTENT

from base.viewer import KeyScope
from contracts.documents import documents
from contracts.events import Event
from web.pages.handlers import CurrentViewer


@post(
    "/contracts/documents/{document_id:uuid}/hide",
    operation_id="hideContractDocument",
    summary="Hide a document of a contract at once",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.CONTRACT_DOCUMENT_HIDDEN,),
    key_scope=KeyScope.WRITE,
)
async def hide_contract_document(document_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """For what nobody should read a minute longer. Those who may have it erased find it under Erasure, Hidden."""
    await documents.hide(viewer, document_id)


@post(
    "/contracts/documents/{document_id:uuid}/show",
    operation_id="showContractDocument",
    summary="Show a hidden document of a contract again",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.CONTRACT_DOCUMENT_SHOWN,),
    key_scope=KeyScope.WRITE,
)
async def show_contract_document(document_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """Whoever could read it before reads it again."""
    await documents.show_again(viewer, document_id)


api = Router(path="/api/v1", route_handlers=[hide_contract_document, show_contract_document], tags=["Contracts"])

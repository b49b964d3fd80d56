"""Pages that list what a school hid, for those who decide whether it is erased."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.response import Template

from contracts.documents import documents
from contracts.service_events import photos
from sharing.sign_in.sign_in import by_browser
from suppliers.asking import hidden as hidden_enquiries
from suppliers.hiding import hiding
from suppliers.opinions.pages import as_download
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page


@get("/erasures/hidden", include_in_schema=False)
async def show_hidden(request: AnyRequest, viewer: CurrentViewer) -> Template:
    context: dict[str, Any] = {
        "items": await hiding.listed(viewer),
        "documents": await documents.listed_hidden(viewer),
        "photos": await photos.listed_hidden(viewer),
        "enquiries": await hidden_enquiries.listed(viewer),
    }
    return page("erasure/hidden.html", request=request, viewer=viewer, **context)


@get("/erasures/hidden/{attachment_id:uuid}", include_in_schema=False)
async def fetch_hidden(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    return as_download(await hiding.file(viewer, attachment_id))


@get("/erasures/hidden/documents/{document_id:uuid}", include_in_schema=False)
async def fetch_hidden_document(document_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    return as_download(await documents.fetch_hidden(viewer, document_id))


@get("/erasures/hidden/photos/{photo_id:uuid}", include_in_schema=False)
async def fetch_hidden_photo(photo_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    return as_download(await photos.fetch_hidden(viewer, photo_id))


pages = Router(
    path="/", guards=[by_browser], route_handlers=[show_hidden, fetch_hidden, fetch_hidden_document, fetch_hidden_photo]
)

"""Pages of a contract's documents: the list with the form that adds one, each file, its correction and its hiding."""

from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Invalid, Refusal, read_together
from base.viewer import Viewer, must_write
from contracts.access.access import Standing
from contracts.documents import answering, checking, documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.events import Event
from contracts.promises import stored_metrics
from contracts.register import reading
from suppliers.opinions.attachments import Upload
from suppliers.opinions.pages import as_download
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

NONE: Final = "-"  # in the form: none of the documents that the contract promises
KINDS: Final = [(kind.value, kind.words) for kind in DocumentKind]
HIDDEN: Final = "Hidden. Nobody reads it but those who decide about erasing it, who find it under Our trail, Erasure, Hidden."
SHOWN: Final = "Shown again, to whoever could see it before."


@get("/contracts/{contract_id:uuid}/documents", include_in_schema=False)
async def show_documents(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return await _page(request, viewer, contract_id)


@post("/contracts/{contract_id:uuid}/documents", once=True, include_in_schema=False, leaves=(Event.CONTRACT_DOCUMENT_ADDED,))
async def add_document(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    await reading.contract(viewer, contract_id)
    form = await forms.read(request, largest_file=documents.LARGEST)
    is_letter = bool(form.text("is_letter"))
    try:
        upload, what = read_together(lambda: _upload(form, is_letter=is_letter), lambda: checking.checked(_what(form)))
        await documents.add(viewer, contract_id, upload, what, is_letter=is_letter)
    except Invalid as refusal:
        return await _page(request, viewer, contract_id, values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}/documents", done="The document is saved.")


@get("/contracts/documents/{document_id:uuid}", include_in_schema=False)
async def fetch_document(document_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    return as_download(await documents.fetch(viewer, document_id))


@post("/contracts/documents/{document_id:uuid}/correct", include_in_schema=False, leaves=(Event.CONTRACT_DOCUMENT_CORRECTED,))
async def correct_document(request: AnyRequest, document_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    contract = await documents.contract_of(viewer, document_id)
    form = await forms.read(request)
    try:
        await documents.correct(viewer, document_id, _what(form))
    except Invalid as refusal:
        return await _page(request, viewer, contract, refusal=refusal, corrected=Corrected(document_id, form))
    return redirect(f"/contracts/{contract}/documents", done="Saved.")


@post("/contracts/documents/{document_id:uuid}/hide", include_in_schema=False, leaves=(Event.CONTRACT_DOCUMENT_HIDDEN,))
async def hide_document(document_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return redirect(f"/contracts/{await documents.hide(viewer, document_id)}/documents", done=HIDDEN)


@post("/contracts/documents/{document_id:uuid}/show-again", include_in_schema=False, leaves=(Event.CONTRACT_DOCUMENT_SHOWN,))
async def show_document_again(document_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await documents.show_again(viewer, document_id)
    return redirect("/erasures/hidden", done=SHOWN)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What somebody typed about a document, and was refused."""

    id: UUID
    form: Form


async def _page(
    request: AnyRequest, viewer: Viewer, contract: UUID, *, values: Any = None, refusal: Refusal | None = None,
    corrected: Corrected | None = None,
) -> Template:  # fmt: skip
    found = await reading.contract(viewer, contract)
    may_add = found.standing is Standing.OURS and viewer.role.writes
    return page(
        "documents/documents.html",
        request=request,
        viewer=viewer,
        contract=found,
        documents=await documents.of_contract(viewer, contract),
        may_add=may_add,
        kinds=KINDS,
        **await _promised(viewer, contract, asks=may_add),
        answering=answering,
        asks_about_disclosure=refusal is not None and "is_letter" in refusal.fields,
        values=values,
        corrected=corrected,
        refusal=refusal,
    )


async def _promised(viewer: Viewer, contract: UUID, *, asks: bool) -> dict[str, tuple[str, ...]]:
    """``promised`` by the contract today, and ``choices``: those also that it once promised. Empty unless the page asks."""
    if not asks:
        return {"promised": (), "choices": ()}
    _, metrics = await stored_metrics.metric_versions(viewer, contract)
    promised = answering.promised(metrics.on(clock.today()))
    return {"promised": promised, "choices": answering.promised(metrics.versions)}


def _upload(form: Form, *, is_letter: bool) -> Upload:
    """Raises Invalid."""
    chosen = form.file("file")
    upload = Upload(*chosen) if chosen else None
    documents.checked_file(upload, is_letter=is_letter)
    return cast(Upload, upload)


def _what(form: Form) -> What:
    """Raises Invalid that names each wrong field."""
    said = form.text("answers")
    answers = None if not said else answering.NONE_OF_THEM if said == NONE else said
    kind, expires_on, begins_on = read_together(
        lambda: forms.one_of(DocumentKind, form.text("kind"), "kind", checking.NO_KIND),
        lambda: form.day("expires_on"),
        lambda: form.day("begins_on"),
    )
    return What(kind, expires_on, begins_on, answers)


pages = Router(
    path="/",
    route_handlers=[show_documents, add_document, fetch_document, correct_document, hide_document, show_document_again],
)

"""The page on which a curator erases a person's name from the directory."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from audit.erasing.erasure import ErasureReason
from audit.events import Event
from base.refusals import Conflict, Invalid, Refusal
from base.viewer import Viewer
from privacy.in_directory import erasing
from suppliers.corrections import edits
from suppliers.events import Event as SupplierEvent
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

REASONS = tuple((reason.value, reason.words) for reason in ErasureReason)


@get("/directory/entries/{supplier_id:uuid}/erase", include_in_schema=False)
async def ask_erasure(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template:
    return await _asking(request, viewer, supplier_id)


@post(
    "/directory/entries/{supplier_id:uuid}/erase",
    include_in_schema=False,
    leaves=(SupplierEvent.DIRECTORY_NAME_ERASED, Event.ERASURE_APPLIED),
)
async def erase_name(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template | Redirect:
    edits.must_curate(viewer)
    form = await forms.read(request)
    reason = next((one for one in ErasureReason if one.value == form.text("reason")), None)
    try:
        await erasing.erase(viewer, supplier_id, seen=form.text("seen"), reason=reason, is_sure=form.text("sure") == "yes")
    except (Invalid, Conflict) as refusal:
        return await _asking(request, viewer, supplier_id, values=form, refusal=refusal)
    return redirect(f"/suppliers/{supplier_id}", done="The name is erased from the directory and from the operator’s trail.")


async def _asking(
    request: AnyRequest, viewer: Viewer, entry: UUID, *, values: Any = None, refusal: Refusal | None = None
) -> Template:
    found = await edits.opened(viewer, entry)
    context = {"found": found, "reasons": REASONS, "values": values, "refusal": refusal}
    return page("privacy/directory_name.html", request=request, viewer=viewer, **context)


pages = Router(path="/", route_handlers=[ask_erasure, erase_name])

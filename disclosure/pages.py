"""“Take everything with you”: a copy of the school's own records, and taking one in where there is nothing yet."""

from typing import Any, Final

from litestar import Router, get, post
from litestar.response import Redirect, Stream, Template

from base.refusals import Conflict, Invalid, Refusal, TooLarge
from base.viewer import Viewer, must_write
from contracts.events import Event as ContractEvent
from disclosure import exporting, taking_in
from disclosure.events import Event
from disclosure.exporting import EVERYTHING, OF_ALL, OF_ONE
from disclosure.sheets import TITLES
from suppliers.events import Event as SupplierEvent
from web.http.downloads import blank, in_a_file_name, sent
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

# With whatever its records bring: a supplier, a review, a note, a contract, what happened.
TAKING_IN: Final = (
    *(Event.RECORDS_TAKEN_IN, SupplierEvent.SUPPLIER_ADDED, SupplierEvent.SUPPLIER_LEFT, SupplierEvent.VOUCH_GIVEN),
    *(SupplierEvent.REVIEW_WRITTEN, SupplierEvent.NOTE_WRITTEN),
    *(ContractEvent.CONTRACT_ADDED, ContractEvent.SERVICE_LOGGED, ContractEvent.SERVICE_STAMPED),
)


@get("/our-records", include_in_schema=False)
async def show_records(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return _shown(request, viewer)


@post("/our-records/copy", include_in_schema=False, leaves=(Event.RECORDS_EXPORTED,), status_code=200)
async def take_copy(request: AnyRequest, viewer: CurrentViewer) -> Stream:
    form = await forms.read(request)
    what, _, made_as = form.text("copy").partition(".")
    file = blank()
    try:
        made = await exporting.export(viewer, what, made_as, to=file)
    except BaseException:
        file.close()
        raise
    named = "records" if what == EVERYTHING else what
    return sent(file, name=f"{in_a_file_name(viewer.school_name)}-{named}.{made}", media_type=made.media_type)


@get("/our-records/import", include_in_schema=False)
async def ask_records(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_write(viewer)
    return _ask(request, viewer)


@post("/our-records/import", include_in_schema=False, leaves=TAKING_IN, status_code=200)
async def take_records(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    form = await forms.read(request)
    try:
        _, content = form.file("file") or ("", b"")
        taken = await taking_in.take_in(viewer, content)
    except (Invalid, TooLarge, Conflict) as refusal:
        return _ask(request, viewer, refusal)
    return page("disclosure/taken_in.html", request=request, viewer=viewer, taken=taken)


def _shown(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None) -> Template:
    context: dict[str, Any] = {"titles": [(part.value, title) for part, title in TITLES.items()]}
    context |= {"of_one": OF_ONE, "of_all": OF_ALL, "everything": EVERYTHING}
    return page("disclosure/our_records.html", request=request, viewer=viewer, refusal=refusal, **context)


def _ask(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None) -> Template:
    return page("disclosure/take_in.html", request=request, viewer=viewer, refusal=refusal)


pages = Router(path="/", route_handlers=[show_records, take_copy, ask_records, take_records])

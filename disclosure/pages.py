"""“Take everything with you”: a copy of the school's own records, and taking one in where there is nothing yet."""

from typing import Any, Final

from litestar import Router, get, post
from litestar.response import Redirect, Stream, Template

from base.refusals import Conflict, Invalid, Refusal, TooLarge
from base.viewer import Role, Viewer, must_write
from base.words import count
from contracts.events import Event as ContractEvent
from disclosure import exporting, left_out, shares_to_confirm, taking_in
from disclosure.events import Event
from disclosure.exporting import EVERYTHING, OF_ALL, OF_ONE
from disclosure.shares_to_confirm import Confirmed
from disclosure.sheets import TITLES
from disclosure.taking_in import OfAnotherSchool
from suppliers.events import Event as SupplierEvent
from web.http.downloads import blank, in_a_file_name, sent
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

# With whatever its records bring: a supplier, a review, a note, a calendar, a contract and what belongs to it, an enquiry.
TAKING_IN: Final = (
    *(Event.RECORDS_TAKEN_IN, SupplierEvent.SUPPLIER_ADDED, SupplierEvent.SUPPLIER_LEFT, SupplierEvent.VOUCH_GIVEN),
    *(SupplierEvent.REVIEW_WRITTEN, SupplierEvent.NOTE_WRITTEN),
    *(ContractEvent.CALENDAR_SAVED, ContractEvent.CONTRACT_ADDED),
    *(ContractEvent.METRIC_ADDED, ContractEvent.METRIC_CHANGED, ContractEvent.METRIC_ENDED),
    *(ContractEvent.CONTRACT_DOCUMENT_ADDED, ContractEvent.SERVICE_LOGGED, ContractEvent.SERVICE_STAMPED),
    *(ContractEvent.CLAIM_AGREED, ContractEvent.SERVICE_DISCUSSED, ContractEvent.OUTCOME_AGREED),
    *(ContractEvent.SERVICE_PHOTO_ADDED, ContractEvent.REVIEW_HELD, ContractEvent.ACTION_DONE, ContractEvent.CONTRACT_DECIDED),
    *(ContractEvent.CONTRACT_VARIED, ContractEvent.CONCERN_RAISED, ContractEvent.CONCERN_STEP, ContractEvent.CREDIT_NOTED),
    *(ContractEvent.ASSESSMENT_SIGNED, ContractEvent.CONTRACT_QUESTION_ASKED, ContractEvent.CONTRACT_QUESTION_ANSWERED),
    *(ContractEvent.CONTRACT_LINKED, ContractEvent.CONTRACT_NOTICE_SENT, ContractEvent.DECIDING_SET),
    ContractEvent.BUYING_RULES_SAVED,
    *(SupplierEvent.ENQUIRY_ASKED, SupplierEvent.ENQUIRY_CLOSED),
)
# The first share that names a supplier lists it in the directory.
CONFIRMING: Final = (
    *(Event.RECORDS_SHARES_CONFIRMED, Event.RECORDS_SHARES_DROPPED, SupplierEvent.SHARE_GIVEN, ContractEvent.CONTRACT_SHARED),
    *(SupplierEvent.SUPPLIER_LISTED, SupplierEvent.DIRECTORY_LISTED),
)


@get("/our-records", include_in_schema=False)
async def show_records(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _shown(request, viewer)


@post("/our-records/copy", once=False, include_in_schema=False, leaves=(Event.RECORDS_EXPORTED,), status_code=200)
async def take_copy(request: AnyRequest, viewer: CurrentViewer) -> Stream:
    form = await forms.read(request)
    what, _, made_as = form.text("copy").partition(".")
    return await as_download(viewer, what or form.text("list"), made_as)


async def as_download(viewer: Viewer, what: str, made_as: str) -> Stream:
    """A list, or EVERYTHING, as a file. Raises as ``exporting.export``."""
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


@post("/our-records/import", once=True, include_in_schema=False, leaves=TAKING_IN, status_code=200)
async def take_records(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    form = await forms.read(request, largest_file=taking_in.LARGEST)
    whose = form.text("whose")
    try:
        _, content = form.file("file") or ("", b"")
        taken = await taking_in.take_in(viewer, content, whose=whose)
    except (Invalid, TooLarge, Conflict) as refusal:
        theirs = refusal.theirs.name if isinstance(refusal, OfAnotherSchool) else whose
        return _ask(request, viewer, refusal, theirs=theirs, is_ticked=theirs == whose)
    return page("disclosure/taken_in.html", request=request, viewer=viewer, taken=taken)


@get("/our-records/shares", include_in_schema=False)
async def ask_shares(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _asked_shares(request, viewer)


@post("/our-records/shares", once=True, include_in_schema=False, leaves=CONFIRMING, status_code=200)
async def confirm_shares(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    named = form.many("share")
    if form.text("do") not in ("share", "drop"):
        raise Invalid(forms.BROKEN)
    try:
        if form.text("do") == "drop":
            dropped = await shares_to_confirm.drop(viewer, named)
            return redirect("/our-records/shares", done=f"{count(dropped, 'proposal')} dropped. Nobody sees anything by it.")
        done = await shares_to_confirm.confirm(viewer, named)
    except Invalid as refusal:
        return await _asked_shares(request, viewer, refusal=refusal)
    return await _asked_shares(request, viewer, done=done)


async def _asked_shares(
    request: AnyRequest, viewer: Viewer, *, done: Confirmed | None = None, refusal: Refusal | None = None
) -> Template:
    waiting = await shares_to_confirm.waiting(viewer)
    return page("disclosure/shares.html", request=request, viewer=viewer, waiting=waiting, now_done=done, refusal=refusal)


async def _shown(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None) -> Template:
    context: dict[str, Any] = {"titles": [(part.value, title) for part, title in TITLES.items()]}
    context |= {"of_one": OF_ONE, "of_all": OF_ALL, "everything": EVERYTHING}
    context |= {"not_in_it": left_out.reasons()}
    context |= {"to_confirm": await shares_to_confirm.how_many(viewer) if viewer.role is Role.HEAD else 0}
    return page("disclosure/our_records.html", request=request, viewer=viewer, refusal=refusal, **context)


def _ask(
    request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None, *, theirs: str = "", is_ticked: bool = False
) -> Template:  # fmt: skip
    values = {"whose": (theirs,)} if is_ticked else None
    return page("disclosure/take_in.html", request=request, viewer=viewer, refusal=refusal, theirs=theirs, values=values)


pages = Router(path="/", route_handlers=[show_records, take_copy, ask_records, take_records, ask_shares, confirm_shares])

"""A copy of what a school owns, and taking one in, over JSON: the same verbs as the pages."""

import msgspec
from litestar import Router, post
from litestar.params import JSONBody
from litestar.response import Stream

from base.viewer import KeyScope, must_write
from disclosure import exporting, taking_in
from disclosure.events import Event
from disclosure.exporting import CopyFormat
from disclosure.pages import TAKING_IN, as_download
from disclosure.sheets import Part
from web.http.openapi import TakesAFile
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer


class CopyIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``records`` null: everything, as JSON, Excel or a zip with all files; otherwise one list, as Excel, CSV or JSON."""

    format: CopyFormat
    records: Part | None = None


class TakenInOut(msgspec.Struct, frozen=True, kw_only=True):
    """``counts`` by list; ``left_out`` in words; ``shares_to_confirm`` wait for the head, who decides on the page."""

    counts: dict[str, int]
    left_out: tuple[str, ...]
    shares_to_confirm: int


@post(
    "/own-records/copy",
    operation_id="takeOwnRecords",
    summary="A copy of what your school wrote down: one list, or everything",
    leaves=(Event.RECORDS_EXPORTED,),
    once=False,
    status_code=200,
    media_type="application/octet-stream",
    key_scope=KeyScope.READ,
)
async def take_own_records(viewer: CurrentViewer, data: JSONBody[CopyIn]) -> Stream:
    """As far as you read it; `kept_back` in the JSON says how much that leaves out. Taking it is an entry of the trail, with the
    SHA-256 of the file.
    """
    return await as_download(viewer, data.records.value if data.records else exporting.EVERYTHING, data.format.value)


@post(
    "/own-records/import",
    operation_id="takeInOwnRecords",
    summary="Take in what another installation gave out, where your school has nothing yet",
    leaves=TAKING_IN,
    status_code=200,
    operation_class=TakesAFile,
    key_scope=KeyScope.WRITE,
)
async def take_in_own_records(request: AnyRequest, viewer: CurrentViewer) -> TakenInOut:
    """Takes multipart/form-data with the part `file`: the JSON or the zip of everything, of at most 30 MB. All or nothing.

    Where the records name another school than yours, by its URN or where one has none by its name, they are taken in only with
    the part `whose`, which repeats that name; without it the answer says whose they are.
    """
    must_write(viewer)
    form = await forms.read(request, largest_file=taking_in.LARGEST)
    taken = await taking_in.take_in(viewer, (form.file("file") or ("", b""))[1], whose=form.text("whose"))
    return TakenInOut(counts=dict(taken.counts), left_out=taken.left_out, shares_to_confirm=taken.to_confirm)


api = Router(path="/api/v1", route_handlers=[take_own_records, take_in_own_records], tags=["Your records"])

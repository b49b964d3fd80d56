"""A review pack over JSON: the days and the edition go in, the file comes out."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from audit.events import Event as TrailEvent
from audit.packs.takeaway import Sources
from base.viewer import KeyScope
from contracts.events import Event
from contracts.review import pack
from contracts.review.pack import PackOrder
from contracts.review.report import Edition
from web.http.downloads import blank, in_a_file_name, sent
from web.pages.handlers import CurrentViewer

LEAVES: Final = (Event.REVIEW_PACK_MADE, TrailEvent.PACK_EXPORTED)  # the second one for the audit pack inside


class ReviewPackIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``first`` and ``last`` are days, both included. ``edition``: "meeting" goes to the supplier, "governors" is two pages,
    "file" has all, with the audit pack of the contract.
    """

    edition: Edition
    first: date
    last: date


@post(
    "/contracts/{contract_id:uuid}/pack",
    operation_id="makeReviewPack",
    summary="A review pack of a contract, as a zip of PDF, Excel, CSV and JSON with the same figures; one is made at a time",
    leaves=LEAVES,
    once=False,
    status_code=200,
    media_type="application/zip",
    key_scope=KeyScope.TRAIL,
)
async def make_review_pack(
    viewer: CurrentViewer, contract_id: FromPath[UUID], data: JSONBody[ReviewPackIn], sources: NamedDependency[Sources]
) -> Stream:
    """Of a contract of your own school. That you made it is an entry of the trail, with the SHA-256 of each file."""
    return await made(viewer, PackOrder(contract_id, data.edition, data.first, data.last), sources)


async def made(viewer: CurrentViewer, order: PackOrder, sources: Sources) -> Stream:
    """The pack as a download."""
    file = blank()
    try:
        report = await pack.make(viewer, order, to=file, sources=sources)
    except BaseException:
        file.close()
        raise
    name = f"{in_a_file_name(report.title)}-review-{order.edition.value}.{order.made_as.value}"
    return sent(file, name=name, media_type=order.made_as.media_type)


api = Router(path="/api/v1", route_handlers=[make_review_pack], tags=["Contracts"])

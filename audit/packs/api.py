"""An audit pack over JSON: the order goes in, the zip comes out."""

from datetime import date
from typing import Annotated, Final

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Stream

from audit.events import Event
from audit.packs import earlier, packs
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.packs.takeaway import Sources
from audit.seals import seals
from base.viewer import KeyScope
from web.http.downloads import blank, in_a_file_name, sent
from web.pages.handlers import CurrentViewer

MOST_STREAMS: Final = 200  # as many as a manifest names without trouble
LONGEST_NAME: Final = 200

Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]


class PackIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``streams`` null: everything that you may read, otherwise names such as "supplier:…" as trail/entries gives them.
    ``first_day`` and ``last_day``, both included, say when it was recorded. ``seal`` is the text of a seal that somebody holds:
    the pack then proves that the trail continues it.
    """

    grade: Grade
    streams: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=MOST_STREAMS)] | None = None
    first_day: date | None = None
    last_day: date | None = None
    seal: Annotated[str, msgspec.Meta(max_length=earlier.LONGEST_SEAL)] | None = None


@post(
    "/trail/pack",
    operation_id="takeAuditPack",
    summary="An audit pack of your school's trail, as a zip; one is made at a time",
    auditors=True,
    leaves=(Event.PACK_EXPORTED,),
    once=False,
    status_code=200,
    media_type="application/zip",
    key_scope=KeyScope.TRAIL,
)
async def take_pack(data: JSONBody[PackIn], viewer: CurrentViewer, sources: NamedDependency[Sources]) -> Stream:
    """Everything in it can be checked without an account. That you took it is itself an entry of the trail."""
    since = earlier.of_seal(data.seal, await seals.verifier_keys()) if data.seal else None
    scope = Scope.of_days(data.streams, data.first_day, data.last_day)
    order = PackOrder(str(viewer.school), viewer.school_name, scope, data.grade, earlier=since)
    file = blank()
    try:
        built = await packs.export(viewer, order, to=file, sources=sources)
    except BaseException:
        file.close()
        raise
    name = f"{in_a_file_name(viewer.school_name)}-audit-pack-{built.extent.size}.zip"
    return sent(file, name=name, media_type="application/zip")


api = Router(path="/api/v1", route_handlers=[take_pack], tags=["Audit trail"])

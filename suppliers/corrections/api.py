"""Corrections of directory entries over JSON, as a school proposes them; curators answer on their pages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT

from base.viewer import KeyScope, must_write
from suppliers.corrections import proposals
from suppliers.corrections.proposals import LONGEST_WHY, CorrectionState, ProposedCorrection
from suppliers.directory.api import SupplierIn
from suppliers.events import Event
from web.pages.handlers import CurrentViewer


class CorrectionIn(SupplierIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the entry should say, whole, and in ``why`` how you know. Curators don't read which school said so."""

    why: Annotated[str, msgspec.Meta(max_length=LONGEST_WHY)]


class ProposedOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID


class CorrectionOut(msgspec.Struct, frozen=True, kw_only=True):
    """``changes`` in words, a line each, and ``why``: while it waits, later they are in your trail. ``answer`` is a curator's."""

    id: UUID
    supplier: UUID
    name: str
    state: CorrectionState
    changes: tuple[str, ...]
    why: str
    answer: str
    made_at: datetime


@get(
    "/directory/corrections",
    operation_id="listCorrections",
    summary="What your school proposed to correct in the directory, the newest first",
    key_scope=KeyScope.READ,
)
async def list_corrections(viewer: CurrentViewer) -> list[CorrectionOut]:
    """The latest 50."""
    must_write(viewer)
    return [_out(one) for one in await proposals.ours(viewer)]


@post(
    "/suppliers/{supplier_id:uuid}/corrections",
    operation_id="proposeCorrection",
    summary="Propose what an entry of the directory should say",
    leaves=(Event.CORRECTION_PROPOSED,),
    key_scope=KeyScope.WRITE,
)
async def propose_correction(viewer: CurrentViewer, supplier_id: FromPath[UUID], data: JSONBody[CorrectionIn]) -> ProposedOut:
    """Nothing changes until a curator takes it. Of several identifiers of one scheme the first is yours to change."""
    typed = {scheme: value for scheme, value in msgspec.to_builtins(data.identifiers).items() if value}
    which = await proposals.propose(
        viewer, supplier_id, why=data.why, name=data.name, aliases=data.aliases, identifiers=typed, categories=data.categories
    )
    return ProposedOut(id=which)


@delete(
    "/directory/corrections/{correction_id:uuid}",
    operation_id="withdrawCorrection",
    summary="Take back a correction that waits",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.CORRECTION_WITHDRAWN,),
    key_scope=KeyScope.WRITE,
)
async def withdraw_correction(viewer: CurrentViewer, correction_id: FromPath[UUID]) -> None:
    """The entry stays as it is."""
    await proposals.withdraw(viewer, correction_id)


def _out(one: ProposedCorrection) -> CorrectionOut:
    return CorrectionOut(
        id=one.id, supplier=one.supplier, name=one.name, state=one.state, changes=one.changes, why=one.why, answer=one.answer,
        made_at=one.made_at,
    )  # fmt: skip


api = Router(path="/api/v1", route_handlers=[list_corrections, propose_correction, withdraw_correction], tags=["Suppliers"])

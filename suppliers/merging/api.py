"""Merging suppliers over JSON, what was decided about two of them, and links. As curator with ``directory``: true."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from base.viewer import KeyScope
from suppliers.merging import decisions, history, links, merges
from suppliers.merging.decisions import LONGEST_REASON, Judgement
from suppliers.merging.history import Merged
from suppliers.merging.links import LinkedSupplier
from suppliers.merging.merges import MOST_DROPPED
from web.pages.handlers import CurrentViewer

FactLine = Annotated[str, msgspec.Meta(max_length=400)]
AsCurator = Annotated[bool, QueryParameter(description="As curator of the directory; operators only")]


class MergeIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``into`` keeps its name. ``leave_out`` are facts such as "alias:…", "category:catering" or "company_number:…"."""

    into: UUID
    leave_out: Annotated[tuple[FactLine, ...], msgspec.Meta(max_length=MOST_DROPPED)] = ()
    numbers_checked: bool = False
    directory: bool = False


class MergeOut(msgspec.Struct, frozen=True, kw_only=True):
    """``own``: of your school alone, which may undo it. Otherwise of the directory, by a curator."""

    id: UUID
    supplier: UUID
    name: str
    into: UUID
    into_name: str
    merged_at: datetime
    undone_at: datetime | None
    own: bool


class DecisionIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``judgement`` is same (of two directory entries: a proposal to the curator), different or unsure."""

    one: UUID
    other: UUID
    judgement: Judgement
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""
    directory: bool = False


class DecisionOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID


class SupplierLinkIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The supplier of the address is ``kind`` the supplier ``to``."""

    to: UUID
    kind: links.LinkKind
    directory: bool = False


class SupplierLinkOut(msgspec.Struct, frozen=True, kw_only=True):
    """``words`` lead to the supplier ``to``, such as "A site of". ``own``: seen by your school alone."""

    id: UUID
    to: UUID
    to_name: str
    words: str
    own: bool


@get(
    "/suppliers/{supplier_id:uuid}/merges",
    operation_id="listMerges",
    summary="What was merged into a supplier, and undone",
    key_scope=KeyScope.READ,
)
async def list_merges(viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> list[MergeOut]:
    """The newest 100, your school's and the directory's, undone ones too. Earlier ones are in the trail."""
    return [_merge(one) for one in await history.of(viewer, supplier_id)]


@post(
    "/suppliers/{supplier_id:uuid}/merge",
    operation_id="mergeSupplier",
    summary="Merge a supplier of your school's own into another",
    leaves=merges.MERGED,
    key_scope=KeyScope.WRITE,
)
async def merge(viewer: CurrentViewer, supplier_id: FromPath[UUID], data: JSONBody[MergeIn]) -> MergeOut:
    """No opinion or share changes, so undoing it restores what was. With `directory` a curator merges two entries."""
    choice = merges.MergeChoice(frozenset(data.leave_out), numbers_checked=data.numbers_checked)
    return _merge(await merges.merge(viewer, supplier_id, data.into, choice=choice, as_curator=data.directory))


@post(
    "/merges/{merge_id:uuid}/undo",
    operation_id="undoMerge",
    summary="Undo a merge; everything is as before",
    leaves=merges.UNDONE,
    status_code=200,
    key_scope=KeyScope.WRITE,
)
async def undo(viewer: CurrentViewer, merge_id: FromPath[UUID], directory: AsCurator = False) -> MergeOut:
    """Whatever was merged since. Undoing twice changes nothing."""
    return _merge(await merges.undo(viewer, merge_id, as_curator=directory))


@post(
    "/decisions",
    operation_id="decide",
    summary="Say whether two suppliers are the same",
    leaves=decisions.DECIDED,
    key_scope=KeyScope.WRITE,
)
async def decide(viewer: CurrentViewer, data: JSONBody[DecisionIn]) -> DecisionOut:
    """It holds for all that is part of either, until somebody decides otherwise."""
    made = await decisions.decide(
        viewer, data.one, data.other, data.judgement, reason=data.reason, as_curator=data.directory
    )  # fmt: skip
    return DecisionOut(id=made)


@delete(
    "/decisions/{decision_id:uuid}",
    operation_id="takeDecisionBack",
    summary="As if it had not been decided",
    leaves=decisions.RETRACTED,
    key_scope=KeyScope.WRITE,
)
async def take_back(viewer: CurrentViewer, decision_id: FromPath[UUID], directory: AsCurator = False) -> None:
    """The two may then be asked about again, and merged."""
    await decisions.take_back(viewer, decision_id, as_curator=directory)


@get(
    "/suppliers/{supplier_id:uuid}/links",
    operation_id="listLinks",
    summary="Sites, successors, groups and trading names",
    key_scope=KeyScope.READ,
)
async def list_links(viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> list[SupplierLinkOut]:
    """Your school's and the directory's, 100 at most."""
    return _links(await links.of(viewer, supplier_id))


@post(
    "/suppliers/{supplier_id:uuid}/links",
    operation_id="linkSupplier",
    summary="Link two suppliers that stay two, for your school alone",
    leaves=links.LINKED,
    key_scope=KeyScope.WRITE,
)
async def link(viewer: CurrentViewer, supplier_id: FromPath[UUID], data: JSONBody[SupplierLinkIn]) -> list[SupplierLinkOut]:
    """Two suppliers that are linked can't be merged. With `directory` a curator links for everybody."""
    return _links(await links.link(viewer, supplier_id, data.to, data.kind, as_curator=data.directory))


@delete(
    "/links/{link_id:uuid}", operation_id="unlinkSupplier", summary="End a link", leaves=links.UNLINKED, key_scope=KeyScope.WRITE
)
async def unlink(viewer: CurrentViewer, link_id: FromPath[UUID], directory: AsCurator = False) -> None:
    """Nothing changes where it had ended."""
    await links.unlink(viewer, link_id, as_curator=directory)


def _links(found: Iterable[LinkedSupplier]) -> list[SupplierLinkOut]:
    return [SupplierLinkOut(id=one.id, to=one.other, to_name=one.other_name, words=one.words, own=one.is_ours) for one in found]


def _merge(one: Merged) -> MergeOut:
    return MergeOut(
        id=one.id,
        supplier=one.part,
        name=one.part_name,
        into=one.whole,
        into_name=one.whole_name,
        merged_at=one.merged_at,
        undone_at=one.undone_at,
        own=one.is_ours,
    )


api = Router(
    path="/api/v1",
    route_handlers=[list_merges, merge, undo, decide, take_back, list_links, link, unlink],
    tags=["Suppliers"],
)

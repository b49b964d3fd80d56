"""The audit pack: what somebody outside needs to check a school's record without us. docs/reference/pack-format.md

Built in a temporary folder by short reads, then zipped. What is recorded meanwhile lies beyond the size that was settled
at the start, so a pack never holds its own export.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import database
from audit.canonical import canonical_json
from audit.events import Event
from audit.log import origins, proofs, subjects, whose
from audit.log.known import Owner
from audit.log.origins import Origin
from audit.log.recording import recording
from audit.packs import extent as extents
from audit.packs import page_one, read_me, reports
from audit.packs.extent import ANOTHERS, DOES_NOT_HOLD, Extent, changes_of
from audit.packs.files import PackFiles, zipped
from audit.packs.order import BuiltPack, Grade, PackOrder
from audit.packs.reports import TreeHead
from audit.packs.takeaway import EMPTY, Sources, head_of, one_at_a_time
from audit.reading import plain
from audit.seals import cosigned, key_chain, origin_lists, seals, stamped
from audit.witnesses import asking, stamping
from base.refusals import Conflict
from base.viewer import Viewer

Progress = Callable[[int], None]  # called with how many entries were done since the last call


async def export(
    viewer: Viewer | None, order: PackOrder, *, to: BinaryIO, sources: Sources, on_progress: Progress | None = None
) -> BuiltPack:
    """Builds the pack, records that it was taken away, and counts its seal as delivered. Raises Busy, Forbidden,
    and what ``build`` raises.
    """
    with one_at_a_time(order.trail, viewer):
        built = await build(viewer, order, to=to, sources=sources, on_progress=on_progress)
    if viewer:
        await sources.still_there(viewer)  # it may have taken minutes
    facts = {
        "grade": built.grade.value,
        "streams": order.scope.stream_names(viewer),
        "since": order.scope.since.isoformat() if order.scope.since else None,
        "until": order.scope.until.isoformat() if order.scope.until else None,
        "size": built.extent.size,
        "sha256": built.sha256,
    }
    async with recording(viewer) as record:
        record(Event.PACK_EXPORTED, stream=subjects.PACKS, subject=subjects.pack(built.sha256), facts=facts, trail=order.trail)
    if built.seal:
        await seals.note_delivery(built.seal, "pack")
    return built


async def build(
    viewer: Viewer | None,
    order: PackOrder,
    *,
    to: BinaryIO,
    sources: Sources,
    on_progress: Progress | None = None,
) -> BuiltPack:
    """Writes the pack to ``to``. ``viewer`` None may read everything.

    Raises Invalid for a stream that is not there or not open to the viewer, Conflict for a trail that is empty, does not
    continue ``order.earlier`` or does not hold, TooLarge.
    """
    await extents.settle(viewer, order.trail, order.scope)  # what is to be refused is refused before anything is sealed
    head, seal = await head_of(order.trail, order.size)
    if seal:
        await asyncio.gather(asking.show_soon(order.trail), stamping.stamp_soon(order.trail))
        head = replace(head, note=await cosigned.note_with_lines(seal.note, seal.origin, seal.size))
    criticism_kept_back = await sources.criticism_kept_back(viewer) if viewer else frozenset[str]()
    extent = await extents.settle(viewer, order.trail, order.scope, size=head.size, criticism_kept_back=criticism_kept_back)
    order, owner = await _named(order, head.size)
    known = await _origins(order.trail, head.size)
    since = await _since(order, head.size, known)
    readable = reports.Readable(order.trail, sources)
    await readable.know(extent.streams)
    with TemporaryDirectory(prefix="vouch-pack-") as folder:
        parts = await asyncio.to_thread(PackFiles, Path(folder), extent, readable)
        try:
            await _fill(parts, extent, order.grade, readable, on_progress or (lambda _: None))
            if order.grade is Grade.COMPLETE and parts.frontier.root != head.root:
                raise Conflict(DOES_NOT_HOLD)
            async for digest, content in sources.evidence(
                order.trail, parts.attached, unread=extent.unread, criticism_kept_back=extent.criticism_kept_back
            ):
                await asyncio.to_thread(parts.add_evidence, digest, content)
            beside = {"since.json": since, **await _signed_beside(seal, owner, known)}
            witnessed = seal is not None and head.note != seal.note
            proven = page_one.sentences(order.grade.value, stamped="timestamp" in beside, witnessed=witnessed)
            frame = reports.frame(order.school, extent, head, names=readable.names, made_at=parts.made_at)
            frame = replace(frame, proven=proven)
            await asyncio.to_thread(parts.finish, frame, read_me.files(order, head, proven, beside))
        finally:
            parts.close()
        sha256 = await asyncio.to_thread(zipped, Path(folder), _claims(order, extent, head, known), to)
    return BuiltPack(extent, order.grade, head.root, parts.entries, sha256, seal)


async def _signed_beside(seal: seals.Seal | None, owner: Owner | None, known: tuple[Origin, ...]) -> dict[str, bytes | None]:
    """What goes with the seal, by file name; no ``timestamp`` where it has none."""
    if seal is None:
        return {}
    async with database.read():
        listed = await origin_lists.for_pack(owner, [origin.origin for origin in known])
    stamp = await stamped.of(seal.origin, seal.size, seal.note)
    beside = {"origins": listed, key_chain.FILE: await key_chain.for_pack()}
    return {**beside, "timestamp": stamp.answer} if stamp else beside


async def _named(order: PackOrder, size: int) -> tuple[PackOrder, Owner | None]:
    """The order under the name that the first ``size`` entries prove, where they do, and whose they say that the trail is.

    Raises Conflict for a trail that says that it is another's: a pack of it would not hold.
    """
    async with database.read():
        if await whose.fault(order.trail):
            raise Conflict(ANOTHERS)
        said = await whose.said(order.trail, size=size)
    return (replace(order, school=said.owner.name), said.owner) if said else (order, None)


async def _origins(trail: str, size: int) -> tuple[Origin, ...]:
    async with database.read():
        return tuple(origin for origin in await origins.of(trail) if origin.start < size)


async def _since(order: PackOrder, size: int, known: tuple[Origin, ...]) -> bytes | None:
    """since.json. Raises Conflict where the trail does not continue what was given."""
    earlier = order.earlier
    if earlier is None:
        return None
    earlier.require_trail({origin.origin for origin in known})
    earlier.require_not_larger(size)
    async with database.read():
        earlier.require_root(await proofs.root_at(order.trail, earlier.size))
        proof = await proofs.consistency(order.trail, earlier.size, size)
    return canonical_json({"size": earlier.size, "root": earlier.root.hex(), "proof": [node.hex() for node in proof]})


async def _fill(parts: PackFiles, extent: Extent, grade: Grade, readable: reports.Readable, on_progress: Progress) -> None:
    async for leaves in extents.walk(extent, only_streams=grade is Grade.EXTRACT):
        proven = None
        if grade is Grade.EXTRACT:
            async with database.read():
                proven = await proofs.inclusions(extent.trail, [leaf.idx for leaf in leaves], extent.size)
        told = (change for leaf in leaves if leaf.has_row for change in changes_of(extent, leaf))
        await readable.know(plain.named_in(told))
        await asyncio.to_thread(parts.add, leaves, proven)
        on_progress(len(leaves))
    if parts.entries == 0:
        raise Conflict(EMPTY)


def _claims(order: PackOrder, extent: Extent, head: TreeHead, known: tuple[Origin, ...]) -> dict[str, Any]:
    streams = [{"name": name, "tag": tag.hex()} for name, tag in extent.streams.items()]
    return {
        "grade": order.grade.value,
        "size": head.size,
        "root": head.root.hex(),
        "origins": [{"origin": origin.origin, "start": origin.start} for origin in known],
        "school": order.school,
        "scope": {"streams": streams, "all": extent.is_all, "since": extent.since, "until": extent.until},
        "keys": list(head.keys),
        "cosigners": list(head.cosigners),
    }

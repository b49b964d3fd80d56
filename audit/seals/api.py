"""Seals over JSON: the latest one of the own trail, and the public keys that anybody checks seals with."""

from datetime import datetime

import msgspec
from litestar import Router, get

from audit.log.auditor_reads import note_read
from audit.seals import keys, seals
from base.refusals import NotFound
from base.viewer import KeyScope
from web.pages.handlers import CurrentViewer


class CheckpointOut(msgspec.Struct, frozen=True, kw_only=True):
    """``root`` is the RFC 6962 root hash over the first ``size`` entries, in hex; ``note`` the C2SP signed note, as text."""

    origin: str
    size: int
    root: str
    note: str
    sealed_at: datetime
    vkeys: tuple[str, ...]


class KeyOut(msgspec.Struct, frozen=True, kw_only=True):
    """``until`` is when seals stop carrying this key's signature; null for the newest key."""

    vkey: str
    since: datetime
    until: datetime | None


class KeysOut(msgspec.Struct, frozen=True, kw_only=True):
    keys: tuple[KeyOut, ...]


@get(
    "/trail/checkpoint",
    operation_id="getCheckpoint",
    summary="The latest seal of your school's audit trail",
    auditors=True,
    key_scope=KeyScope.TRAIL,
)
async def get_checkpoint(viewer: CurrentViewer) -> CheckpointOut:
    """404 until the trail was first sealed. Fetching it is a good way of keeping a copy outside."""
    seal = await seals.latest(str(viewer.school))
    if seal is None:
        raise NotFound
    await note_read(viewer, "the latest seal", size=seal.size)
    await seals.note_delivery(seal, "file")
    return CheckpointOut(
        origin=seal.origin,
        size=seal.size,
        root=seal.root.hex(),
        note=seal.note.decode(),
        sealed_at=seal.sealed_at,
        vkeys=await seals.verifier_keys(),
    )


@get(
    "/trail/keys",
    operation_id="listKeys",
    summary="The public keys that seals are checked with",
    opt={"public": True},
)
async def list_keys() -> KeysOut:
    """Newest first. No key is needed to read them."""
    return KeysOut(keys=tuple(KeyOut(vkey=key.vkey, since=key.since, until=key.until) for key in await keys.public()))


api = Router(path="/api/v1", route_handlers=[get_checkpoint, list_keys], tags=["Audit trail"])

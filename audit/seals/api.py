"""Seals over JSON: the latest one of the own trail, and the public keys that anybody checks seals with."""

from base64 import b64encode
from datetime import datetime

import msgspec
from litestar import Router, get

from audit.log.auditor_reads import note_read
from audit.seals import cosigned, keys, seals, stamped
from base.refusals import NotFound
from base.viewer import KeyScope
from web.pages.handlers import CurrentViewer


class TimeStampOut(msgspec.Struct, frozen=True, kw_only=True):
    """``by`` is the name in the certificate of the service that gave it, ``at`` its time by that service's clock; ``answer`` is
    what it sent, a TimeStampResp of RFC 3161 in DER and base 64.
    """

    by: str
    at: datetime
    answer: str


class CheckpointOut(msgspec.Struct, frozen=True, kw_only=True):
    """``root`` is the RFC 6962 root hash over the first ``size`` entries, in hex; ``note`` the C2SP signed note, as text, with
    a line for each witness that saw it. ``vkeys`` are keys by Ed25519, ``cosigners`` those by ML-DSA-44 whose lines stand
    beside theirs. ``time_stamp`` is about the note as it was without the lines of witnesses; null where no service gave one yet.
    """

    origin: str
    size: int
    root: str
    note: str
    sealed_at: datetime
    vkeys: tuple[str, ...]
    cosigners: tuple[str, ...]
    time_stamp: TimeStampOut | None


class KeyOut(msgspec.Struct, frozen=True, kw_only=True):
    """``until`` is when seals stop carrying this key's signature; null for the newest key. ``fingerprint`` is what to compare on
    the telephone. ``cosigner`` is the verifier key by ML-DSA-44 (C2SP type 0x06) that signs beside it, with a fingerprint of its
    own, null where there is none.
    """

    vkey: str
    fingerprint: str
    since: datetime
    until: datetime | None
    cosigner: str | None
    cosigner_fingerprint: str | None


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
    stamp = await stamped.of(seal.origin, seal.size, seal.note)
    return CheckpointOut(
        origin=seal.origin,
        size=seal.size,
        root=seal.root.hex(),
        note=(await cosigned.note_with_lines(seal.note, seal.origin, seal.size)).decode(),
        sealed_at=seal.sealed_at,
        vkeys=await seals.verifier_keys(),
        cosigners=await seals.cosigner_keys(),
        time_stamp=TimeStampOut(by=stamp.by, at=stamp.at, answer=b64encode(stamp.answer).decode()) if stamp else None,
    )


@get(
    "/trail/keys",
    operation_id="listKeys",
    summary="The public keys that seals are checked with",
    opt={"public": True},
)
async def list_keys() -> KeysOut:
    """Newest first. No key is needed to read them."""
    found = await keys.public()
    return KeysOut(
        keys=tuple(
            KeyOut(
                vkey=key.vkey,
                fingerprint=key.fingerprint,
                since=key.since,
                until=key.until,
                cosigner=key.cosigner,
                cosigner_fingerprint=key.cosigner_fingerprint,
            )
            for key in found
        )
    )


api = Router(path="/api/v1", route_handlers=[get_checkpoint, list_keys], tags=["Audit trail"])

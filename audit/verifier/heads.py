"""Checks the heads of a trail against each other: the pack's, the seal's, and those of an earlier pack or seal.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Union

from audit.errors import VerificationError
from audit.merkle import EMPTY_ROOT, verify_consistency
from audit.note import MAX_NOTE_BYTES, Checkpoint, open_note, parse_checkpoint, signers_of
from audit.verifier.archive import Unreadable, open_archive, read_all
from audit.verifier.beside import Leaves
from audit.verifier.known import KnownKeys, are_missing
from audit.verifier.manifest import PackManifest, canonical_value, is_count, is_hex, is_name, read_manifest
from audit.verifier.verdict import SEAL_WHYS, PackFault, TrailOwner
from audit.vkeys import VerifierKey

Source = Union[str, Path, BinaryIO]
ZIP_START: Final = b"PK"
ORIGINS_FORMAT: Final = "vouch-origins/1"


@dataclass(frozen=True)
class EarlierHead:
    """An earlier head of the trail, and the seal on it if there is one."""

    origin: str
    size: int
    root: bytes
    note: bytes | None


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    if not isinstance(source, (str, Path)):
        yield source
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed below; only opening it may fail for want of a file
    except OSError as error:
        raise Unreadable(f"{source} can't be read: {error.strerror}.") from error
    with file:
        yield file


def read_earlier(source: Source) -> EarlierHead:
    """Of a pack the manifest and the seal, or a seal by itself. Raises Unreadable for what is neither; checks no signature."""
    with opened(source) as file:
        file.seek(0)
        note: bytes | None = file.read(MAX_NOTE_BYTES + 1)
        if note is not None and note.startswith(ZIP_START):
            archive = open_archive(file)
            manifest = read_manifest(archive)
            note = read_all(archive, "checkpoint") if "checkpoint" in archive.members else None
            return EarlierHead(manifest.origins[-1][0], manifest.size, bytes.fromhex(manifest.root), note)
    head = _checkpoint_in(note or b"")
    if head is None or len(note or b"") > MAX_NOTE_BYTES:
        raise Unreadable("What was given as the earlier one is neither an audit pack nor a seal.")
    return EarlierHead(head.origin, head.size, head.root, note)


def check_seal(manifest: PackManifest, note: bytes | None, known: KnownKeys, leaves: Leaves) -> tuple[VerifierKey, ...]:
    """The keys that signed it; none if the trail was never sealed. Of another root, ``leaves`` may tell why.

    Where keys of both types were given under the name of a signer, one of each must have signed: who can forge the one still
    has the other against him. For the same reason the pack must have a key for each fingerprint that was given.
    """
    if note is None:
        if known.are_given:
            raise PackFault("unsealed")
        return ()
    try:
        _, signers = signers_of(note, known.vkeys)
    except VerificationError as error:
        raise PackFault("seal", why=SEAL_WHYS[why_not(error)]) from error
    if known.are_given and are_missing(known, signers):
        raise PackFault("seal", why=SEAL_WHYS["unknown"])
    head, claimed = _checkpoint_in(note), Checkpoint(manifest.origins[-1][0], manifest.size, bytes.fromhex(manifest.root))
    if head != claimed:
        if head and (head.origin, head.size) == (claimed.origin, claimed.size):
            leaves.require_same(head.root)
        raise PackFault("seal-head")
    return signers


def check_origins(
    manifest: PackManifest, note: bytes | None, known: KnownKeys, owner: TrailOwner | None
) -> tuple[str, ...] | None:
    """The origins that the installation lists for this owner and that are not this trail's. None without a list, or with one
    that is not signed by a key that is known here, which counts for none. Raises PackFault for one that is false, or another's.
    """
    if note is None:
        return None
    try:
        text, _ = open_note(note, known.vkeys)
    except VerificationError as error:
        if why_not(error) == "unknown":
            return None
        raise PackFault("origins", why=SEAL_WHYS[why_not(error)]) from None
    told = text.split("\n")[:-1]
    mine = [name for name, _ in manifest.origins]
    listed = told[2:]
    is_ours = owner is not None and told[:2] == [ORIGINS_FORMAT, f"{owner.kind} {owner.number}"]
    if not is_ours or not set(mine) <= set(listed) or len(set(listed)) != len(listed) or not all(map(is_name, listed)):
        raise PackFault("origins", why=SEAL_WHYS["other"])
    return tuple(name for name in listed if name not in mine)


def check_since(manifest: PackManifest, data: bytes | None) -> dict[int, bytes]:
    """The earlier size and root of which since.json proves that they are a beginning of this trail."""
    if data is None:
        return {}
    try:
        size, root1, proof = _since_parts(data)
        verify_consistency(size1=size, size2=manifest.size, root1=root1, root2=bytes.fromhex(manifest.root), proof=proof)
    except (ValueError, VerificationError) as error:
        raise PackFault("since") from error
    return {size: root1}


def _since_parts(data: bytes) -> tuple[int, bytes, list[bytes]]:
    fields = canonical_value(data)
    if not isinstance(fields, dict) or fields.keys() != {"size", "root", "proof"} or not isinstance(fields["proof"], list):
        raise ValueError("other keys")
    if not is_count(fields["size"]) or not all(is_hex(one, 32) for one in [fields["root"], *fields["proof"]]):
        raise ValueError("no size and hashes")
    return fields["size"], bytes.fromhex(fields["root"]), [bytes.fromhex(one) for one in fields["proof"]]


def check_earlier(manifest: PackManifest, roots: Mapping[int, bytes], earlier: EarlierHead, known: KnownKeys) -> bool:
    """Whether the earlier head, a beginning of this trail by the roots that are known at some of its sizes, is sealed by a key
    that is known here. Raises PackFault where it is no such beginning.
    """
    is_sealed = earlier.note is not None and _is_earlier_sealed(earlier, earlier.note, known)
    names = [name for name, _ in manifest.origins]
    if earlier.origin not in names:
        raise PackFault("earlier-trail", origin=earlier.origin)
    following = manifest.origins[names.index(earlier.origin) + 1 :]
    roots = {0: EMPTY_ROOT, **roots, manifest.size: bytes.fromhex(manifest.root)}
    if following and (earlier.size > following[0][1] or roots.get(earlier.size, earlier.root) != earlier.root):
        raise PackFault("earlier-lost", following[0][1], size=earlier.size)
    if earlier.size > manifest.size:
        raise PackFault("earlier-larger", size=earlier.size)
    if earlier.size not in roots:
        raise PackFault("earlier-proof", size=earlier.size)
    if roots[earlier.size] != earlier.root:
        raise PackFault("earlier-root", size=earlier.size)
    return is_sealed


def _is_earlier_sealed(earlier: EarlierHead, note: bytes, known: KnownKeys) -> bool:
    """A key that is not known here is no fault: a head that nobody sealed would hardly be the beginning of this trail."""
    is_sealed = True
    try:
        open_note(note, known.vkeys)
    except VerificationError as error:
        if why_not(error) != "unknown":
            raise PackFault("earlier-seal", why=SEAL_WHYS[why_not(error)]) from error
        is_sealed = False
    if _checkpoint_in(note) != Checkpoint(earlier.origin, earlier.size, earlier.root):
        raise PackFault("earlier-seal", why=SEAL_WHYS["other"])
    return is_sealed


def _checkpoint_in(note: bytes) -> Checkpoint | None:
    """What the note says, whoever signed it; None if that is no head of a trail."""
    try:
        return parse_checkpoint(note.decode().rpartition("\n\n")[0] + "\n")
    except (UnicodeDecodeError, VerificationError):
        return None


def why_not(error: VerificationError) -> str:
    """Of which kind the fault of a note is: a key of SEAL_WHYS."""
    if "signed_by" in error.evidence:
        return "unknown"
    return "signature" if error.what.startswith("the signature") else "form"

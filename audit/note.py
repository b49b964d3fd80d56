"""Signed notes and checkpoints of C2SP (signed-note, tlog-checkpoint, tlog-cosignature): on screen, a seal.

A line on a note is by Ed25519 or by ML-DSA-44, which signs checkpoints only. Opening a note verifies every signature by a known
key: one that fails refuses the note, signatures by unknown keys are ignored, and without a known one nothing holds. What
reads raises VerificationError and nothing else; what signs raises ValueError for what can't be signed, and needs
``cryptography``. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from audit.ed25519 import ed25519_verify
from audit.errors import VerificationError
from audit.merkle import HASH_BYTES, MAX_TREE_SIZE
from audit.mldsa import mldsa_verify
from audit.vkeys import (
    ED25519_TYPE,
    KEY_ID_BYTES,
    LONGEST_COSIGNER,
    MLDSA_TYPE,
    WITNESS_TYPE,
    VerifierKey,
    is_key_name,
    read_log_key,
    read_signing_key,
    strict_base64,
)

MAX_NOTE_BYTES: Final = 1_000_000  # with the next, the limits of Go's note package: sixteen post-quantum signatures fit
MAX_SIGNATURES: Final = 100
SIGNATURE_PREFIX: Final = "\u2014 "  # an em dash and a space
TIME_BYTES: Final = 8
LATEST: Final = 2**63 - 1  # seconds since 1970 that a cosignature may give


@dataclass(frozen=True)
class Checkpoint:
    """The head of a tree: whose it is, how many leaves, and their root hash of 32 bytes."""

    origin: str
    size: int
    root: bytes


class NoteSignature(NamedTuple):
    """A signature line of a note: whose it says that it is, and ``line`` as it stands there."""

    name: str
    key_id: bytes
    signature: bytes
    line: str


def open_note(note: bytes, verifier_keys: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The text, and the names of the known keys that signed it, in the note's order.

    Raises VerificationError for a note or a key of another form, when a signature by a known key fails, and when there
    is no signature by a known key.
    """
    text, signers = signers_of(note, verifier_keys)
    return text, tuple(dict.fromkeys(key.name for key in signers))


def signers_of(note: bytes, verifier_keys: Iterable[str]) -> tuple[str, tuple[VerifierKey, ...]]:
    """As open_note; the keys themselves, each once."""
    text, signatures = split_note(note)
    known = _known_keys(verifier_keys)
    signers = []
    for signature in signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if time_signed(key, text, signature.signature) is None:
            raise VerificationError("the signature is not by the key that it names", key=key.shown())
        signers.append(key)
    if not signers:
        found = tuple(f"{signature.name}+{signature.key_id.hex()}" for signature in signatures)
        raise VerificationError("nobody whose key is known signed this", signed_by=found)
    return text, tuple(dict.fromkeys(signers))


def sign_note(text: str, signing_key: str, *, at: int = 0) -> bytes:
    """The note with one signature. Raises ValueError for a text that no note may hold, or what is no signing key.

    ``at`` is what an ML-DSA-44 key says beside: when, in seconds since 1970, no larger tree was known; 0 says nothing.
    """
    fault = _text_fault(text)
    if fault:
        raise ValueError(fault)
    return f"{text}\n{signature_line(text, signing_key, at=at)}".encode()


def cosign(note: bytes, signing_key: str, *, at: int = 0) -> bytes:
    """The note with this key's signature in the last place; an earlier one by the same key goes. ``at`` as in sign_note.

    Raises VerificationError for what is no note; checks no other signature.
    """
    text, signatures = split_note(note)
    added = signature_line(text, signing_key, at=at)
    name, key_id = _parsed_line(added[:-1])[:2]
    kept = "".join(f"{other.line}\n" for other in signatures if (other.name, other.key_id) != (name, key_id))
    return f"{text}\n{kept}{added}".encode()


def signature_line(text: str, signing_key: str, *, at: int) -> str:
    """The line, with its newline, by which a key signs the text of a note. ``at`` as in sign_note; plain Ed25519 has none.

    Raises ValueError for what is no signing key, and for a text that this type of key doesn't sign.
    """
    key, private = read_signing_key(signing_key)
    message = _signed_message(key, text, at)
    if message is None:
        raise ValueError("got a text that is no checkpoint, one with extension lines, or a time that can't be signed")
    stamp = b"" if key.type == ED25519_TYPE else at.to_bytes(TIME_BYTES, "big")
    return f"{SIGNATURE_PREFIX}{key.name} {b64encode(key.key_id + stamp + private.sign(message)).decode()}\n"


def time_signed(key: VerifierKey, text: str, signature: bytes) -> int | None:
    """The time that a good signature gives, in seconds since 1970, 0 for none; None for a signature that fails."""
    at = 0
    if key.type != ED25519_TYPE:
        at, signature = int.from_bytes(signature[:TIME_BYTES], "big"), signature[TIME_BYTES:]
    message = _signed_message(key, text, at)
    verify = mldsa_verify if key.type == MLDSA_TYPE else ed25519_verify
    return at if message is not None and verify(key.data[1:], message, signature) else None


def _signed_message(key: VerifierKey, text: str, at: int) -> bytes | None:
    """The bytes that this key signs for this text; None where it signs none."""
    if key.type == ED25519_TYPE:
        return text.encode()
    try:
        head = parse_checkpoint(text)
        is_plain = text == checkpoint_text(head.origin, head.size, head.root)
    except (VerificationError, ValueError):
        return None
    if not 0 <= at <= LATEST:
        return None
    if key.type == WITNESS_TYPE:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    is_short = max(len(key.name.encode()), len(head.origin.encode())) <= LONGEST_COSIGNER
    return cosigned_message(key.name, at, head) if is_plain and is_short else None


def cosigned_message(name: str, at: int, head: Checkpoint) -> bytes:
    """What an ML-DSA-44 key signs of a checkpoint: tlog-cosignature's structure of that name, from the first leaf on.

    It has no place for extension lines, which would be unsigned: with one, there is nothing to sign.
    """
    origin = head.origin.encode()
    return b"".join(
        [
            b"subtree/v1\n\0",
            bytes([len(name.encode())]) + name.encode(),
            at.to_bytes(8, "big"),
            bytes([len(origin)]) + origin,
            (0).to_bytes(8, "big") + head.size.to_bytes(8, "big"),
            head.root,
        ]
    )


def split_note(note: Any) -> tuple[str, tuple[NoteSignature, ...]]:
    """The text with its last newline, and the signatures, none of them checked. Raises VerificationError for what is no note."""
    if type(note) is not bytes or len(note) > MAX_NOTE_BYTES:
        raise VerificationError("a note is at most a million bytes", note=type(note).__name__)
    try:
        text, separator, block = note.decode().rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise VerificationError("the note is not UTF-8 text", at=error.start) from error
    if not separator or not block.endswith("\n"):
        raise VerificationError("a note is a text, an empty line and lines of signatures")
    fault = _text_fault(f"{text}\n") or _text_fault(block)
    if fault:
        raise VerificationError(fault)
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise VerificationError("the note has more signatures than anybody checks", signatures=len(lines))
    return f"{text}\n", tuple(_parsed_line(line) for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Reads the text of an opened note: origin, size, root, and extension lines, which say nothing to us.

    Raises VerificationError for anything else.
    """
    if type(text) is not str or _text_fault(text):
        raise VerificationError("the checkpoint is not lines of text", checkpoint=type(text).__name__)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise VerificationError("a checkpoint is an origin, a size and a root, each on a line of its own", lines=len(lines))
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdecimal()) or len(size) > len(str(MAX_TREE_SIZE)) or str(int(size)) != size:
        raise VerificationError("the checkpoint's size is not a whole number", size=size[:80])
    if int(size) > MAX_TREE_SIZE:
        raise VerificationError("the checkpoint's size is beyond any tree", size=size)
    digest = strict_base64(root)
    if digest is None or len(digest) != HASH_BYTES:
        raise VerificationError("the checkpoint's root is not a hash of 32 bytes", root=root[:80])
    return Checkpoint(origin, int(size), digest)


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text to sign. Raises ValueError for what would not read back as the same."""
    text = f"{origin}\n{size}\n{b64encode(root).decode()}\n"
    try:
        same = parse_checkpoint(text) == Checkpoint(origin, size, root)
    except VerificationError as error:
        raise ValueError(error.what) from error
    if not same:
        raise ValueError("got an origin or a size that would read back as another")
    return text


def _parsed_line(line: str) -> NoteSignature:
    name, _, encoded = line.removeprefix(SIGNATURE_PREFIX).partition(" ")
    raw = strict_base64(encoded)
    if not line.startswith(SIGNATURE_PREFIX) or not is_key_name(name) or raw is None or len(raw) <= KEY_ID_BYTES:
        raise VerificationError("a line after the text is not a signature", line=line[:80])
    return NoteSignature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:], line)


def _known_keys(verifier_keys: Any) -> dict[tuple[str, bytes], VerifierKey]:
    """By name and key id; the same key may be given twice, another under the same name and id may not."""
    try:
        given = [verifier_keys] if isinstance(verifier_keys, (str, bytes)) else list(verifier_keys)
    except Exception as error:
        raise VerificationError("the keys can't be read", keys=type(verifier_keys).__name__) from error
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in map(read_log_key, given):
        if known.setdefault((key.name, key.key_id), key) != key:
            raise VerificationError("two keys have one name and one id: one of them is false", key=key.shown())
    return known


def _text_fault(text: str) -> str:
    """What keeps a text from standing in a note; "" for nothing."""
    if not text.endswith("\n"):
        return "the text of a note ends with a newline"
    if any(character < " " and character != "\n" for character in text):
        return "a note has no control characters"
    return ""

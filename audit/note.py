"""Signed notes and checkpoints of C2SP (signed-note, tlog-checkpoint) with Ed25519: on screen, a seal.

Opening a note verifies every signature by a known key: one that fails refuses the note, signatures by unknown keys are
ignored, and without a known one nothing holds. What reads raises VerificationError and nothing else; what signs raises
ValueError for what can't be signed, and needs ``cryptography``. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, NamedTuple

from audit.ed25519 import ED25519_KEY_BYTES, ed25519_verify, is_ed25519_key
from audit.errors import VerificationError
from audit.merkle import HASH_BYTES, MAX_TREE_SIZE

MAX_NOTE_BYTES: Final = 1_000_000  # with the next, the limits of Go's note package: sixteen post-quantum signatures fit
MAX_SIGNATURES: Final = 100
ED25519_TYPE: Final = b"\x01"
KEY_ID_BYTES: Final = 4
SIGNATURE_PREFIX: Final = "\u2014 "  # an em dash and a space
PRIVATE_PREFIX: Final = "PRIVATE+KEY+"
SEED_BYTES: Final = 32


@dataclass(frozen=True)
class Checkpoint:
    """The head of a tree: whose it is, how many leaves, and their root hash of 32 bytes."""

    origin: str
    size: int
    root: bytes


class _VerifierKey(NamedTuple):
    name: str
    key_id: bytes
    public_key: bytes


class _Signature(NamedTuple):
    name: str
    key_id: bytes
    signature: bytes
    line: str


def open_note(note: bytes, verifier_keys: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The text, and the names of the known keys that signed it, in the note's order.

    Raises VerificationError for a note or a key of another form, when a signature by a known key fails, and when there
    is no signature by a known key.
    """
    text, signatures = _parts(note)
    known = _known_keys(verifier_keys)
    names = []
    for signature in signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not ed25519_verify(key, text.encode(), signature.signature):
            raise VerificationError("the signature is not by the key that it names", key=_shown_key(signature))
        names.append(signature.name)
    if not names:
        found = tuple(_shown_key(signature) for signature in signatures)
        raise VerificationError("nobody whose key is known signed this", signed_by=found)
    return text, tuple(dict.fromkeys(names))


def sign_note(text: str, signing_key: str) -> bytes:
    """The note with one signature. Raises ValueError for a text that no note may hold, or what is no signing key."""
    fault = _text_fault(text)
    if fault:
        raise ValueError(fault)
    return f"{text}\n{_signature_line(text, signing_key)}".encode()


def cosign(note: bytes, signing_key: str) -> bytes:
    """The note with this key's signature in the last place; an earlier one by the same key goes.

    Raises VerificationError for what is no note; checks no other signature.
    """
    text, signatures = _parts(note)
    added = _signature_line(text, signing_key)
    name, key_id = _parsed_line(added[:-1])[:2]
    kept = "".join(f"{other.line}\n" for other in signatures if (other.name, other.key_id) != (name, key_id))
    return f"{text}\n{kept}{added}".encode()


def new_key(name: str) -> tuple[str, str]:
    """A signing key, to be kept secret, and its verifier key, to be given away. Raises ValueError for a bad name."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - only signers need it

    if not _is_key_name(name):
        raise ValueError(f"got the key name {name!r}, want text without spaces and plus signs")
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    secret = b64encode(ED25519_TYPE + private.private_bytes_raw()).decode()
    return f"{PRIVATE_PREFIX}{name}+{_key_id(name, public).hex()}+{secret}", _verifier_key(name, public)


def vkey_of(signing_key: str) -> str:
    """The verifier key of a signing key."""
    name, private = _private_key(signing_key)
    return _verifier_key(name, private.public_key().public_bytes_raw())


def key_name(verifier_key: str) -> str:
    """The name in a verifier key; raises VerificationError for what is none."""
    return _parsed_verifier_key(verifier_key).name


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
    digest = _strict_base64(root)
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


def _parts(note: Any) -> tuple[str, tuple[_Signature, ...]]:
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


def _parsed_line(line: str) -> _Signature:
    name, _, encoded = line.removeprefix(SIGNATURE_PREFIX).partition(" ")
    raw = _strict_base64(encoded)
    if not line.startswith(SIGNATURE_PREFIX) or not _is_key_name(name) or raw is None or len(raw) <= KEY_ID_BYTES:
        raise VerificationError("a line after the text is not a signature", line=line[:80])
    return _Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:], line)


def _signature_line(text: str, signing_key: str) -> str:
    name, private = _private_key(signing_key)
    signed = _key_id(name, private.public_key().public_bytes_raw()) + private.sign(text.encode())
    return f"{SIGNATURE_PREFIX}{name} {b64encode(signed).decode()}\n"


def _known_keys(verifier_keys: Any) -> dict[tuple[str, bytes], bytes]:
    """By name and key id; the same key may be given twice, another under the same name and id may not."""
    try:
        given = [verifier_keys] if isinstance(verifier_keys, (str, bytes)) else list(verifier_keys)
    except Exception as error:
        raise VerificationError("the keys can't be read", keys=type(verifier_keys).__name__) from error
    known: dict[tuple[str, bytes], bytes] = {}
    for text in given:
        name, key_id, public_key = _parsed_verifier_key(text)
        if known.setdefault((name, key_id), public_key) != public_key:
            raise VerificationError("two keys have one name and one id: one of them is false", key=f"{name}+{key_id.hex()}")
    return known


def _parsed_verifier_key(text: Any) -> _VerifierKey:
    if type(text) is str and text.startswith(PRIVATE_PREFIX):
        raise VerificationError("this is a signing key, which is secret: give the verifier key")
    parts = _key_parts(text)
    if parts is None:
        raise VerificationError("this is not a verifier key: name+8 hex digits+base64", key=_shown(text))
    name, key_id, data = parts
    public_key = data[1:]
    if data[:1] != ED25519_TYPE or len(public_key) != ED25519_KEY_BYTES:
        raise VerificationError("the verifier key is not an Ed25519 key", key=text)
    if key_id != _key_id(name, public_key):
        raise VerificationError("the verifier key was mistyped: its id is not that of its name and key", key=text)
    if not is_ed25519_key(public_key):
        raise VerificationError("the verifier key is one that anybody could sign with, or that nobody has", key=text)
    return _VerifierKey(name, key_id, public_key)


def _private_key(signing_key: str) -> tuple[str, Any]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - only signers need it

    parts = _key_parts(signing_key[len(PRIVATE_PREFIX) :]) if signing_key.startswith(PRIVATE_PREFIX) else None
    if parts is None or parts[2][:1] != ED25519_TYPE or len(parts[2]) != 1 + SEED_BYTES:
        raise ValueError("got something else than an Ed25519 signing key")  # never the key itself: it is secret
    private = Ed25519PrivateKey.from_private_bytes(parts[2][1:])
    if parts[1] != _key_id(parts[0], private.public_key().public_bytes_raw()):
        raise ValueError("got a signing key whose id is not that of its name and key")
    return parts[0], private


def _key_parts(text: Any) -> tuple[str, bytes, bytes] | None:
    """Name, key id, and the type byte with the key; base64 may hold plus signs, names may not."""
    parts = text.split("+", 2) if type(text) is str else []
    if len(parts) != 3 or not _is_key_name(parts[0]) or len(parts[1]) != 2 * KEY_ID_BYTES:
        return None
    data = _strict_base64(parts[2])
    try:
        key_id = binascii.unhexlify(parts[1])
    except ValueError:
        return None
    return (parts[0], key_id, data) if data else None


def _verifier_key(name: str, public_key: bytes) -> str:
    return f"{name}+{_key_id(name, public_key).hex()}+{b64encode(ED25519_TYPE + public_key).decode()}"


def _key_id(name: str, public_key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519_TYPE + public_key).digest()[:KEY_ID_BYTES]


def _is_key_name(name: str) -> bool:
    """Not empty, no spaces and plus signs, and text that has UTF-8 bytes."""
    return name != "" and not any(c.isspace() or c == "+" or "\ud800" <= c <= "\udfff" for c in name)


def _text_fault(text: str) -> str:
    """What keeps a text from standing in a note; "" for nothing."""
    if not text.endswith("\n"):
        return "the text of a note ends with a newline"
    if any(character < " " and character != "\n" for character in text):
        return "a note has no control characters"
    return ""


def _strict_base64(text: str) -> bytes | None:
    """None for anything but the one encoding of some bytes: spare bits could be flipped unnoticed."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if b64encode(raw).decode() == text else None


def _shown_key(signature: _Signature) -> str:
    return f"{signature.name}+{signature.key_id.hex()}"


def _shown(given: Any) -> str:
    return ascii(given)[:200] if type(given) is str else type(given).__name__

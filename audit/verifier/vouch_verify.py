#!/usr/bin/env python3
"""Checks an audit pack of Vouch: python3 vouch_verify.py PACK [--key VKEY]... [--since OLD] [--json]

One file for Python 3.9 or newer, with nothing to install; it opens no connection and writes no file. MIT licence.
Assembled from Vouch's own modules, named below; the format of packs is described in docs/reference/pack-format.md.
Where you have this file from matters: compare its SHA-256 with the one that Vouch publishes.
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import io
import json
import os
import re
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timezone
from functools import lru_cache
from hashlib import sha256, sha512
from itertools import islice
from json import JSONDecoder, JSONEncoder
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Union


# -------------------- audit/errors.py --------------------
# Mistakes in using the trail, and what a check of it can find.

class NothingRecorded(RuntimeError):
    """A change was about to commit without a trail entry: a mistake of ours, so nothing is saved."""


class VerificationError(Exception):
    """What was given does not prove what it claims. ``evidence`` holds the values that disagree, by name."""

    def __init__(self, what: str, **evidence: object) -> None:
        super().__init__(what)
        self.what = what
        self.evidence = evidence


# -------------------- audit/canonical.py --------------------
# Canonical JSON: the one byte string of a value, a subset of RFC 8785 small enough to check by eye.
#
# Allowed: None, booleans, strings without lone surrogates, integers whose size is below 2^53, lists, and objects with
# ASCII keys. No floats: their text is where implementations of RFC 8785 differ.

SAFE_INTEGER: Final = 2**53
DEEPEST: Final = 100  # objects and lists within each other: nothing of ours has more than six

_ENCODER: Final = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> bytes:
    """UTF-8 bytes; raises ValueError for what lies outside the subset, or is nested too deep to read."""
    try:
        _require_plain(value)
        return encoded(value)
    except RecursionError as error:
        raise ValueError("got a value that is nested too deep") from error


def encoded(value: Any) -> bytes:
    """The canonical JSON of a value that is known to lie in the subset, which is not checked here."""
    return _ENCODER.encode(value).encode()


def _require_plain(value: Any) -> None:
    if value is None or isinstance(value, (str, bool)):
        return  # a lone surrogate fails in encode(), with UnicodeEncodeError, a ValueError
    if isinstance(value, int) and -SAFE_INTEGER < value < SAFE_INTEGER:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"got the key {key!r}, want ASCII text")
            _require_plain(item)
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            _require_plain(item)
        return
    raise ValueError(
        f"got {type(value).__name__} {value!r:.80}, want text, a whole number below 2^53, a boolean, a list or an object"
    )


# -------------------- audit/merkle.py --------------------
# Merkle trees of RFC 6962 section 2.1: hashes, proofs, and the compact range that lets a log grow without its leaves.
#
# A *frontier* is the roots of the perfect subtrees that a log of ``size`` leaves falls into, largest first: one 32-byte
# hash for each set bit of ``size``. Appending and taking the root need nothing else. The verifying functions raise
# VerificationError and nothing else, whatever they are given.

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
STORED_LEVELS: Final = (8, 16, 24)  # roots of 256, 65,536 and 16,777,216 leaves are kept, so proofs read O(log n) rows
MAX_TREE_SIZE: Final = 2**63 - 1  # what databases and other logs keep a size in
MAX_PROOF_HASHES: Final = 128  # more than any tree of that size asks for

_ones: Callable[[int], int] = getattr(int, "bit_count", lambda number: bin(number).count("1"))  # Python 3.10 counts faster


@dataclass(frozen=True)
class Subtree:
    """The root of the perfect subtree over leaves ``n << level`` to ``(n + 1 << level) - 1``."""

    level: int
    n: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The tree hash of all leaves: neighbours are paired level by level, and an odd one moves up as it is."""
    row = list(leaf_hashes)
    while len(row) > 1:
        odd = row[-1:] if len(row) & 1 else []
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2])] + odd
    return row[0] if row else EMPTY_ROOT


def push(frontier: bytes, size: int, leaf: bytes) -> tuple[bytes, tuple[Subtree, ...]]:
    """The frontier of ``size + 1`` leaves, and the subtrees to store that this leaf completed.

    Requires ``len(frontier) == 32 * popcount(size)`` and a 32-byte leaf hash; raises ValueError otherwise.
    """
    if len(frontier) != HASH_BYTES * _ones(size) or len(leaf) != HASH_BYTES:
        raise ValueError(f"got a frontier of {len(frontier)} bytes and a leaf of {len(leaf)} for size {size}")
    if not size & 1:
        return frontier + leaf, ()
    node, level, end, completed = leaf, 0, len(frontier), []
    while size >> level & 1:
        node = sha256(b"\x01" + frontier[end - HASH_BYTES : end] + node).digest()
        end -= HASH_BYTES
        level += 1
        if level in STORED_LEVELS:
            completed.append(Subtree(level, size >> level, node))
    return frontier[:end] + node, tuple(completed)


def frontier_root(frontier: bytes) -> bytes:
    """The tree hash of the log: smaller subtrees fold into larger ones from the right."""
    if not frontier:
        return EMPTY_ROOT
    result = frontier[-HASH_BYTES:]
    for start in range(len(frontier) - 2 * HASH_BYTES, -1, -HASH_BYTES):
        result = node_hash(frontier[start : start + HASH_BYTES], result)
    return result


def verify_inclusion(*, leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises VerificationError unless the leaf is number ``index`` of the tree (RFC 9162 2.1.3.2). Hashes are 32 bytes."""
    _require_size("index", index)
    _require_size("size", size)
    if index >= size:
        raise VerificationError("the entry's number lies beyond the size of the tree", index=index, size=size)
    node, want = _require_hash("leaf_hash", leaf_hash), _require_hash("root", root)
    path = _require_hashes(proof)
    inner = (index ^ (size - 1)).bit_length()
    _require_length(path, inner + _ones(index >> inner), index=index, size=size)
    turns = index
    for sibling in path[:inner]:
        node = sha256(b"\x01" + (sibling + node if turns & 1 else node + sibling)).digest()
        turns >>= 1
    for sibling in path[inner:]:
        node = sha256(b"\x01" + sibling + node).digest()
    if node != want:
        raise VerificationError("the proof leads to another root", index=index, size=size, root=want, computed=node)


def verify_consistency(*, size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Raises VerificationError unless the first ``size1`` leaves of the larger tree are the smaller (RFC 9162 2.1.4.2).

    Between equal sizes the proof is empty and the roots are equal. From an empty tree to a larger one there is nothing
    to prove, so every proof is refused.
    """
    _require_size("size1", size1)
    _require_size("size2", size2)
    old, new = _require_hash("root1", root1), _require_hash("root2", root2)
    path = _require_hashes(proof)
    if size1 > size2:
        raise VerificationError("the earlier tree is larger than the later one", size1=size1, size2=size2)
    if size1 == size2:
        _require_length(path, 0, size1=size1, size2=size2)
        if old != new or (size1 == 0 and old != EMPTY_ROOT):
            raise VerificationError("trees of one size have one root", size1=size1, size2=size2, root1=old, root2=new)
        return
    if size1 == 0:
        raise VerificationError("no proof starts from an empty tree", size1=size1, size2=size2)
    computed1, computed2 = _both_roots(size1, size2, old, path)
    if computed1 != old or computed2 != new:
        raise VerificationError(
            "the proof does not join these trees: the later one does not begin with the earlier",
            size1=size1, size2=size2, root1=old, computed1=computed1, root2=new, computed2=computed2,
        )  # fmt: skip


def _both_roots(size1: int, size2: int, old: bytes, path: tuple[bytes, ...]) -> tuple[bytes, bytes]:
    """What the path makes of both trees, from the largest perfect subtree that ends where the old tree ends."""
    last = size1 - 1
    shift = (size1 & -size1).bit_length() - 1
    seeded = size1 != 1 << shift  # a perfect old tree is that subtree: its root is not sent
    inner = (last ^ (size2 - 1)).bit_length()
    border = _ones(last >> inner)
    _require_length(path, seeded + inner - shift + border, size1=size1, size2=size2)
    first = second = path[0] if seeded else old
    for level, sibling in enumerate(path[seeded:], start=shift):
        if level >= inner or last >> level & 1:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
        else:
            second = node_hash(second, sibling)
    return first, second


def _require_size(name: str, value: Any) -> None:
    if type(value) is not int:
        raise VerificationError(f"{name} is not a whole number", **{name: type(value).__name__})
    if not 0 <= value <= MAX_TREE_SIZE:
        raise VerificationError(f"{name} is not a number from 0 to 2^63 - 1", **{name: "negative" if value < 0 else "too large"})


def _require_hash(name: str, value: Any) -> bytes:
    if type(value) is not bytes:
        raise VerificationError(f"{name} is not bytes", **{name: type(value).__name__})
    if len(value) != HASH_BYTES:
        raise VerificationError(f"{name} is not {HASH_BYTES} bytes long", **{name: value[: 2 * HASH_BYTES]})
    return value


def _require_hashes(proof: Any) -> tuple[bytes, ...]:
    given = tuple(proof[: MAX_PROOF_HASHES + 1]) if type(proof) in (tuple, list) else _read_out(proof)
    if len(given) > MAX_PROOF_HASHES:
        raise VerificationError("the proof is longer than any proof", proof=f"more than {MAX_PROOF_HASHES} hashes")
    for n, item in enumerate(given):
        if type(item) is not bytes or len(item) != HASH_BYTES:
            _require_hash(f"proof_{n}", item)
    return given


def _read_out(proof: Any) -> tuple[Any, ...]:
    """What another sequence than a list or a tuple holds; it may be of any length, or fail."""
    if isinstance(proof, (str, bytes, bytearray, memoryview)) or not isinstance(proof, Sequence):
        raise VerificationError("the proof is not a list of hashes", proof=type(proof).__name__)
    try:
        return tuple(islice(proof, MAX_PROOF_HASHES + 1))
    except Exception as error:
        raise VerificationError("the proof can't be read", proof=type(error).__name__) from error


def _require_length(path: tuple[bytes, ...], want: int, **sizes: int) -> None:
    if len(path) != want:
        raise VerificationError(f"the proof has {len(path)} hashes instead of {want}", **sizes, given=len(path), want=want)


# -------------------- audit/entry.py --------------------
# What one entry is made of: a header that says nothing by itself, and openings that may be taken away.
#
# The bytes are fixed for ever; docs/reference/trail-format.md describes them for other implementations.

FIELD_DOMAIN: Final = b"vouch-audit-field/1\n"
VERSION: Final = 1
SALT_BYTES: Final = 32
TAG_BYTES: Final = 16


@dataclass(frozen=True)
class Place:
    """Where an entry stands: ``idx`` in its trail, ``sseq`` in its stream, both from 0; ``tag`` is the stream's 16 bytes."""

    origin: str
    idx: int
    tag: bytes
    sseq: int


def commitment(field: str, salt: bytes, value: bytes) -> bytes:
    """SHA-256 over a domain tag, the field name behind its length (2 bytes, big-endian), the salt, and the canonical value.

    The salt hides what could be guessed: without it, five hashes would tell a rating.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"got a salt of {len(salt)} bytes, want {SALT_BYTES}")
    return sha256(_domain(field) + salt + value).digest()


@lru_cache(maxsize=256)
def _domain(field: str) -> bytes:
    name = field.encode("ascii")
    return FIELD_DOMAIN + len(name).to_bytes(2, "big") + name


def header(place: Place, commitments: Iterable[bytes]) -> bytes:
    """The exact bytes that are hashed and stored, never rendered again."""
    fields: dict[str, Any] = {
        "v": VERSION,
        "origin": place.origin,
        "idx": place.idx,
        "stream": place.tag.hex(),
        "sseq": place.sseq,
        "c": sorted(c.hex() for c in commitments),
    }
    return canonical_json(fields)


# -------------------- audit/ed25519.py --------------------
# Whether an Ed25519 signature is good (RFC 8032 section 5.1.7), in plain Python where no library is installed.
#
# Stricter than the RFC must be, so that every verifier gives one answer: the key is the one canonical encoding of a point
# that is not of small order, S lies below the group's order, and R is compared byte for byte. Verifying handles no secret,
# so its time may vary.

ED25519_KEY_BYTES: Final = 32
ED25519_SIGNATURE_BYTES: Final = 64

_PRIME: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, _PRIME - 2, _PRIME) % _PRIME
_ROOT_OF_MINUS_ONE: Final = pow(2, (_PRIME - 1) // 4, _PRIME)

_Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z
_NEUTRAL: Final[_Point] = (0, 1, 1, 0)


def ed25519_verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """True for a good signature; False for any other bytes. Asks ``cryptography`` where it is installed."""
    key = _strict_key(public_key)
    if key is None or len(signature) != ED25519_SIGNATURE_BYTES:
        return False
    if int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    verdict = _library_verdict(public_key, message, signature)
    return _is_signed(key, public_key, message, signature) if verdict is None else verdict


def is_ed25519_key(public_key: bytes) -> bool:
    """False for bytes that encode no point, encode it in a second way, or encode one that signs anything."""
    return _strict_key(public_key) is not None


def _library_verdict(public_key: bytes, message: bytes, signature: bytes) -> bool | None:
    """None where the library is missing, or can't do Ed25519."""
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # may be missing
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True


def _is_signed(key: _Point, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether R is the encoding of S·B − k·A, with k the hash of R, A and the message."""
    k = int.from_bytes(sha512(signature[:32] + public_key + message).digest(), "little") % _ORDER
    s = int.from_bytes(signature[32:], "little")
    x, y, z, t = key
    return _encoded(_sum_of_multiples(s, _BASE, k, (-x % _PRIME, y, z, -t % _PRIME))) == signature[:32]


def _strict_key(encoded: bytes) -> _Point | None:
    point = _decoded(encoded) if len(encoded) == ED25519_KEY_BYTES else None
    if point is None:
        return None
    eightfold = point
    for _ in range(3):
        eightfold = _double(eightfold)
    return None if eightfold[0] == 0 else point  # eight times a point of small order is the neutral one, whose x is 0


def _decoded(encoded: bytes) -> _Point | None:
    """RFC 8032 section 5.1.3; None for what is not the encoding of a point."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= _PRIME:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _PRIME - 2, _PRIME) % _PRIME
    x = pow(square, (_PRIME + 3) // 8, _PRIME)
    if x * x % _PRIME != square:
        x = x * _ROOT_OF_MINUS_ONE % _PRIME
    if x * x % _PRIME != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _PRIME - x
    return x, y, 1, x * y % _PRIME


def _encoded(point: _Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, _PRIME - 2, _PRIME)
    return (y * inverse % _PRIME | (x * inverse % _PRIME & 1) << 255).to_bytes(32, "little")


def _sum_of_multiples(a: int, p: _Point, b: int, q: _Point) -> _Point:
    """a·p + b·q in one walk over the bits of both."""
    both, result = _add(p, q), _NEUTRAL
    for bit in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        result = _double(result)
        first, second = a >> bit & 1, b >> bit & 1
        if first or second:
            result = _add(result, both if first and second else p if first else q)
    return result


def _add(p: _Point, q: _Point) -> _Point:
    """RFC 8032 section 5.1.4; complete, so it may double too."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % _PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % _PRIME
    c = 2 * p[3] * q[3] * _D % _PRIME
    d = 2 * p[2] * q[2] % _PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _PRIME, g * h % _PRIME, f * g % _PRIME, e * h % _PRIME


def _double(p: _Point) -> _Point:
    a, b = p[0] * p[0] % _PRIME, p[1] * p[1] % _PRIME
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = 2 * p[2] * p[2] + g
    return e * f % _PRIME, g * h % _PRIME, f * g % _PRIME, e * h % _PRIME


_BASE_X: Final = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE_Y: Final = 4 * pow(5, _PRIME - 2, _PRIME) % _PRIME
_BASE: Final[_Point] = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _PRIME)


# -------------------- audit/note.py --------------------
# Signed notes and checkpoints of C2SP (signed-note, tlog-checkpoint) with Ed25519: on screen, a seal.
#
# Opening a note verifies every signature by a known key: one that fails refuses the note, signatures by unknown keys are
# ignored, and without a known one nothing holds. What reads raises VerificationError and nothing else; what signs raises
# ValueError for what can't be signed, and needs ``cryptography``.

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
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # only signers need it

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
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # only signers need it

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


# -------------------- audit/sheet.py --------------------
# The timeline as a sheet: one row for each entry, the same in CSV, XLSX, PDF, on the page and in the offline verifier.

COLUMNS: Final = ("entry", "happened", "recorded", "lag", "who", "what", "old", "new", "reason", "evidence")
ABOUT_COMES: Final = 6  # where the column ``about`` stands in a sheet that has it
COLUMNS_WITH_ABOUT: Final = (*COLUMNS[:ABOUT_COMES], "about", *COLUMNS[ABOUT_COMES:])
SUPPLIER_NAME, SUPPLIER_IDENTIFIERS = "supplier_name", "supplier_identifiers"  # personal fields: whom an entry is about
HIDDEN: Final = "hidden"  # kept from everybody until it is shown again or erased
ERASED: Final = "erased"  # taken out of the record, and an entry of the trail says so
WITHHELD: Final = "withheld"  # in the record, and not shown here
LATE_DAYS: Final = 7  # a working week and its weekend: what is written down later than that is remembered, not noted
KEPT_APART: Final = frozenset({"old", "new", "happened_on"})  # facts that have a place of their own
BOM: Final = b"\xef\xbb\xbf"  # without it Excel reads the file in the code page of the country
FORMULA_STARTS: Final = "=+-@\t\r\n＝＋－＠'"  # "'" itself too, so that taking one away always gives the cell back
QUOTED: Final = re.compile(r'[,"\r\n]')  # a cell with one of these
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class Change(NamedTuple):
    """One field before and after; None where there was, or is, nothing."""

    field: str
    old: str | None
    new: str | None


class TimelineRow(NamedTuple):
    """``entry`` counts from 1; ``lag`` is whole days, None where nobody said when it happened. ``flags`` say why an auditor
    looks at this row first: "late", "corrected", "withdrawn", "erased"; they are no column. ``about`` is the supplier that the
    entry itself names, a column of its own or none.
    """

    entry: int
    happened: str
    recorded: str
    lag: int | None
    who: str
    what: str
    old: str
    new: str
    reason: str
    evidence: str
    flags: tuple[str, ...] = ()
    about: str = ""


def row(
    idx: int, openings: Mapping[str, Any], *, erased: Collection[str] = (), withheld: int = 0, tells_about: bool = False
) -> TimelineRow:
    """The row of entry ``idx`` (from 0). ``openings`` maps field names to values and holds at least "event"; ``erased``
    names the fields that an erasure.applied entry lists; ``withheld`` counts the commitments that are neither. Whom the entry
    is about stands in ``about`` if ``tells_about``, otherwise among what is new.
    """
    event, facts = openings["event"], openings.get("facts", {})
    personal = {name.removeprefix("personal."): value for name, value in openings.items() if name.startswith("personal.")}
    gone = {name.removeprefix("personal."): ERASED for name in erased if name.startswith("personal.")}
    texts = {**personal, **gone}
    about = _about(texts.pop(SUPPLIER_NAME, None), texts.pop(SUPPLIER_IDENTIFIERS, None)) if tells_about else ""
    changed = [change for change in changes(facts, texts) if change.field != "reason"]
    happened = str(facts.get("happened_on") or "")
    lag = _lag(happened, event["at"])
    unnamed = withheld - sum(name not in openings and name not in erased for name in ("actor", "facts"))
    rest = [f"{WITHHELD}: {unnamed}"] if unnamed > 0 else []
    return TimelineRow(
        entry=idx + 1,
        happened=happened,
        recorded=instant(event["at"]),
        lag=lag,
        who=who(openings["actor"]) if "actor" in openings else ERASED if "actor" in erased else WITHHELD,
        what=event["type"],
        old="; ".join(f"{change.field}: {change.old}" for change in changed if change.old is not None),
        new="; ".join([*(f"{change.field}: {change.new}" for change in changed if change.new is not None), *rest]),
        reason=shown(facts.get("reason")) or shown(texts.get("reason")) or "",
        evidence=" ".join(digests(facts)),
        flags=_flags(event["type"], lag, is_erased=bool(erased)),
        about=about,
    )


def changes(facts: Mapping[str, Any], personal: Mapping[str, str]) -> tuple[Change, ...]:
    """What changed from old to new first, then the other facts, then free text; each group by field name."""
    old, new = _mapping(facts.get("old")), _mapping(facts.get("new"))
    changed = [Change(field, shown(old.get(field)), shown(new.get(field))) for field in sorted({*old, *new})]
    plain = [Change(field, None, shown(value)) for field, value in sorted(facts.items()) if field not in KEPT_APART]
    names = sorted({name.removesuffix(".old") for name in personal})
    texts = [Change(name, shown(personal.get(f"{name}.old")), shown(personal.get(name))) for name in names]
    return tuple(change for change in (*changed, *plain, *texts) if change.old is not None or change.new is not None)


def who(actor: Mapping[str, str] | None) -> str:
    """An erased actor is somebody; what the service does by itself says so."""
    if actor is None:
        return "Somebody whose name was erased"
    role = actor.get("role", "")
    return actor.get("name") or {"system": "Vouch itself", "school": "A school"}.get(role, role)


def shown(value: Any) -> str | None:
    """A plain value in words. Nothing for what is empty, and for objects and lists of them: those are for machines,
    such as the grants of an audience, and words for people stand beside them.
    """
    if value is None or value == "" or isinstance(value, Mapping):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return None if not value or isinstance(value[0], Mapping) else ", ".join(shown(item) or "" for item in value)
    return str(value)


def instant(at: int) -> str:
    """ISO 8601 in UTC to the second, rounded down, from microseconds since 1970."""
    return f"{datetime.fromtimestamp(at // 1_000_000, tz=timezone.utc).isoformat()[:19]}Z"


def digests(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """SHA-256, in hex, of each file that the entry says was attached."""
    attachments = facts.get("attachments")
    listed = attachments if isinstance(attachments, (list, tuple)) else ()
    return tuple(str(one["sha256"]) for one in listed if isinstance(one, Mapping) and "sha256" in one)


def csv_bytes(rows: Iterable[TimelineRow], *, tells_about: bool = False) -> bytes:
    """The whole sheet: UTF-8 behind a byte order mark, RFC 4180."""
    return b"".join(csv_lines(rows, tells_about=tells_about))


def csv_lines(rows: Iterable[TimelineRow], *, tells_about: bool = False) -> Iterator[bytes]:
    """The sheet line by line, for long trails; ends of line are CR LF."""
    yield sheet_head(tells_about=tells_about)
    for one in rows:
        yield csv_line(one, tells_about=tells_about)


def sheet_head(*, tells_about: bool = False) -> bytes:
    """The mark, and the names of the columns."""
    return BOM + _joined(COLUMNS_WITH_ABOUT if tells_about else COLUMNS)


def csv_line(one: TimelineRow, *, tells_about: bool = False) -> bytes:
    texts = cells(one)
    return _joined((*texts[:ABOUT_COMES], _harmless(one.about), *texts[ABOUT_COMES:]) if tells_about else texts)


def cells(one: TimelineRow) -> tuple[str, ...]:
    """The texts of a row in the order of COLUMNS, harmless in a spreadsheet: a text that it would take for a formula, or
    that begins with an apostrophe, gets one more apostrophe in front. Take one away to have the text again.
    """
    values = one[: len(COLUMNS)]
    return tuple([_harmless(value) if isinstance(value, str) else "" if value is None else str(value) for value in values])


def _about(name: Any, identifiers: Any) -> str:
    """The name, with the identifiers in brackets."""
    named, numbers = shown(name), shown(identifiers)
    return f"{named} ({numbers})" if named and numbers else named or numbers or ""


def _harmless(text: str) -> str:
    return f"'{text}" if text and text[0] in FORMULA_STARTS else text


def _joined(texts: Iterable[str]) -> bytes:
    return (",".join(map(_quoted, texts)) + "\r\n").encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def _lag(happened: str, at: int) -> int | None:
    """Whole days between the day that a person named and the day, in UTC, that we recorded it; negative for what is to come."""
    if not DAY.match(happened):
        return None
    try:
        return (datetime.fromtimestamp(at // 1_000_000, tz=timezone.utc).date() - date.fromisoformat(happened)).days
    except ValueError:  # the 31st of February
        return None


def _flags(what: str, lag: int | None, *, is_erased: bool) -> tuple[str, ...]:
    past = what.rpartition(".")[2]
    flags = {
        "late": lag is not None and lag > LATE_DAYS,
        "corrected": past in ("revised", "changed"),
        "withdrawn": past == "withdrawn",
        "erased": is_erased or what == "erasure.applied",
    }
    return tuple(name for name, is_set in flags.items() if is_set)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


# -------------------- audit/verifier/archive.py --------------------
# Reads the zip of an audit pack that somebody may have made to do harm: every size is counted, no name is a path.
#
# Stricter than zip: names of a closed list, no name twice, no byte that belongs to nothing, and what comes out is as long
# as was said. Nothing is ever written to disk.

KIB, MIB, GIB = 2**10, 2**20, 2**30
MAX_MEMBERS: Final = 5_000  # as many as an inspection's photographs, and few enough to list at once
MAX_LINE: Final = 256 * KIB  # six openings at their longest
MAX_SIZES: Final[Mapping[str, int]] = {
    "manifest.json": MIB,
    "entries.jsonl": 2 * GIB,  # some two million entries
    "checkpoint": 64 * KIB,
    "since.json": 64 * KIB,
    "origins": 64 * KIB,
    "leaves": 2 * GIB,  # the hashes of 2^26 entries
    "timeline.csv": 512 * MIB,
    "READ-ME.txt": MIB,
    "vouch_verify.py": MIB,
    "report.pdf": 256 * MIB,
    "report.xlsx": 256 * MIB,
}
EVIDENCE: Final = re.compile(r"evidence/([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,5})?\Z")
MAX_EVIDENCE: Final = 32 * MIB  # one file: a document of a contract has at most 30
MAX_EVIDENCE_IN_ALL: Final = 2 * GIB
STORED, DEFLATED = 0, 8
HARMLESS_FLAGS: Final = 0x0806  # how hard the deflating tried, and names in UTF-8
CHUNK: Final = 64 * KIB

_END: Final = struct.Struct("<IHHHHIIH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_NO_ZIP: Final = "This is no audit pack: it is no zip file, or it was cut short or added to."
_REPACKED: Final = (
    "This zip was packed again, damaged, or made by something else than Vouch. Ask for the file as it was first made."
)


class Unreadable(Exception):
    """What was given can't be judged; the sentence says why."""


@dataclass(frozen=True)
class ZipMember:
    """One file in the zip; ``start`` is where its bytes begin, ``packed`` how many there are, ``size`` how many come out."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


@dataclass(frozen=True)
class Archive:
    file: BinaryIO
    members: Mapping[str, ZipMember]


def open_archive(file: BinaryIO) -> Archive:
    """Reads the directory and compares it with every local header. Raises Unreadable; reads no content yet."""
    length = file.seek(0, os.SEEK_END)
    if length < _END.size:
        raise Unreadable(_NO_ZIP)
    end = _END.unpack(_exactly(file, length - _END.size, _END.size))
    signature, disk, first_disk, here, count, directory_size, directory, comment = end
    if signature != 0x06054B50 or comment or directory + directory_size + _END.size != length:
        raise Unreadable(_NO_ZIP)
    if disk or first_disk or here != count:
        raise Unreadable(_REPACKED)
    if count > MAX_MEMBERS:
        raise Unreadable(f"The zip has more than {MAX_MEMBERS:,} files, and no audit pack has.")
    members = _members(file, _exactly(file, directory, directory_size), count, directory)
    _require_files(members)
    return Archive(file, members)


def chunks(archive: Archive, name: str) -> Iterator[bytes]:
    """The content in pieces of at most 64 KiB. Raises Unreadable unless its length and checksum are as the zip says.

    Several may be read at once from one file: each keeps its own place.
    """
    member = archive.members[name]
    crc = size = 0
    for piece in _deflated(archive.file, member) if member.method == DEFLATED else _stored(archive.file, member):
        size += len(piece)
        if size > member.size:
            break
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != member.size or crc != member.crc:
        raise Unreadable(f"{name} is damaged: it does not have the length and the checksum that the zip gives it.")


def read_all(archive: Archive, name: str) -> bytes:
    """The whole content of a small file: at most what MAX_SIZES allows."""
    return b"".join(chunks(archive, name))


def lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Lines with their line feed; the last may have none. Raises Unreadable for one longer than MAX_LINE."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > MAX_LINE or any(len(line) > MAX_LINE for line in whole):
            raise Unreadable(f"entries.jsonl has a line of more than {MAX_LINE // KIB} KiB, and no entry needs as much.")
        for line in whole:
            yield line + b"\n"
    if rest:
        yield rest


def _exactly(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    data = file.read(size)
    if len(data) != size:
        raise Unreadable(_NO_ZIP)
    return data


def _members(file: BinaryIO, directory: bytes, count: int, end: int) -> dict[str, ZipMember]:
    """In the order in which they lie in the file, from its first byte to the directory, without a gap."""
    found: dict[int, tuple[bytes, ZipMember]] = {}
    position = 0
    for _ in range(count):
        fields = _CENTRAL.unpack(directory[position : position + _CENTRAL.size].ljust(_CENTRAL.size, b"\0"))
        signature, _, needed, flags, method, time, date, crc, packed, size, name_length = fields[:11]
        raw = directory[position + _CENTRAL.size : position + _CENTRAL.size + name_length]
        if signature != 0x02014B50 or any(fields[11:14]) or flags & ~HARMLESS_FLAGS or method not in (STORED, DEFLATED):
            raise Unreadable(_REPACKED)
        local = _LOCAL.pack(0x04034B50, needed, flags, method, time, date, crc, packed, size, name_length, 0) + raw
        start = fields[16] + len(local)
        found[fields[16]] = local, ZipMember(_known_name(raw), method, crc, packed, size, start)
        position += _CENTRAL.size + name_length
    if position != len(directory) or len(found) != count:
        raise Unreadable(_REPACKED)
    members: dict[str, ZipMember] = {}
    due = 0
    for offset in sorted(found):
        local, member = found[offset]
        if offset != due or member.start + member.packed > end or _exactly(file, offset, len(local)) != local:
            raise Unreadable(_REPACKED)
        if member.name in members:
            raise Unreadable(f"The zip has {member.name} twice.")
        members[member.name] = member
        due = member.start + member.packed
    if due != end:
        raise Unreadable(_REPACKED)
    return members


def _known_name(raw: bytes) -> str:
    name = raw.decode("ascii", "replace")
    if name not in MAX_SIZES and not EVIDENCE.match(name):
        raise Unreadable(f"The zip has a file that no audit pack has: {name!r:.80}.")
    return name


def _require_files(members: Mapping[str, ZipMember]) -> None:
    for name in ("manifest.json", "entries.jsonl"):
        if name not in members:
            raise Unreadable(f"This is no audit pack: it has no {name}.")
    for name, member in members.items():
        if member.size > MAX_SIZES.get(name, MAX_EVIDENCE):
            raise Unreadable(f"{name} claims {member.size:,} bytes, more than an audit pack may have.")
    evidence = [name for name in members if name not in MAX_SIZES]
    if sum(members[name].size for name in evidence) > MAX_EVIDENCE_IN_ALL:
        raise Unreadable("The evidence claims more bytes than an audit pack may have.")
    if len({digest_in(name) for name in evidence}) != len(evidence):
        raise Unreadable("The zip has one file of evidence under two names.")


def digest_in(name: str) -> str:
    """The SHA-256, in hex, that a name of evidence promises; "" for other names."""
    found = EVIDENCE.match(name)
    return found[1] if found else ""


def _stored(file: BinaryIO, member: ZipMember) -> Iterator[bytes]:
    for start in range(member.start, member.start + member.packed, CHUNK):
        yield _exactly(file, start, min(CHUNK, member.start + member.packed - start))


def _deflated(file: BinaryIO, member: ZipMember) -> Iterator[bytes]:
    """Never inflates more than a chunk at a time; ends early where the deflated bytes do, which the caller notices."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    start, end = member.start, member.start + member.packed
    while not inflater.eof:
        packed = inflater.unconsumed_tail
        if not packed and start < end:
            packed = _exactly(file, start, min(CHUNK, end - start))
            start += len(packed)
        try:
            piece = inflater.decompress(packed, CHUNK)
        except zlib.error as error:
            raise Unreadable(f"{member.name} is damaged: what the zip holds of it can't be read.") from error
        if not piece and not packed:
            break
        if piece:
            yield piece
    if not inflater.eof or inflater.unused_data or start < end:
        raise Unreadable(f"{member.name} is damaged: what the zip holds of it can't be read.")


# -------------------- audit/verifier/manifest.py --------------------
# What a pack says about itself, taken apart: every key, type and number is checked before anything is done with it.

PACK_FORMAT: Final = "vouch-audit-pack/2"
FIRST_FORMAT: Final = "vouch-audit-pack/1"  # whose timeline.csv has no column that says whom an entry is about
COMPLETE, EXTRACT = "complete", "extract"
LAST_INSTANT: Final = 253_402_300_799_999_999  # the last microsecond of 9999, after which dates have five digits
LONGEST_NAME: Final = 500  # of a school, stream, origin or key
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEX_DIGITS: Final = "0123456789abcdef"
_PLAIN_TEXT: Final = re.compile(rb'"[ !#-\[\]-~]*"\Z')  # ASCII, and nothing escaped
_KEYS: Final = frozenset({"format", "grade", "size", "root", "origins", "school", "scope", "keys", "files"})


@dataclass(frozen=True)
class FileClaim:
    size: int
    sha256: str


@dataclass(frozen=True)
class PackManifest:
    """``origins`` holds (name, first idx) in order; ``streams`` maps the tags in scope, in hex, to names; ``since`` and
    ``until`` are microseconds since 1970 or None.
    """

    grade: str
    size: int
    root: str
    origins: tuple[tuple[str, int], ...]
    school: str
    streams: Mapping[str, str]
    is_all: bool
    since: int | None
    until: int | None
    keys: tuple[str, ...]
    files: Mapping[str, FileClaim]
    tells_about: bool  # whether timeline.csv does: in packs of the second format

    def origin_of(self, idx: int) -> str:
        for name, start in reversed(self.origins):
            if start <= idx:
                return name
        raise ValueError(f"got {idx}, want a position from 0")

    def covers(self, at: int) -> bool:
        """Whether the period, which is half-open, holds this instant."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def parse_manifest(data: bytes) -> PackManifest:
    """Raises Unreadable for anything that is not in the form that docs/reference/pack-format.md gives."""
    try:
        return _manifest(_keyed(canonical_value(data), _KEYS))
    except ValueError as error:
        raise Unreadable(f"The manifest is not in the form that manifests have: {error}.") from error


def canonical_value(data: bytes) -> Any:
    """The value of which these bytes are the canonical JSON; raises ValueError if they are not that of any.

    The decoder refuses numbers outside the subset. What else lies outside can't be in ASCII that reads back as it was, with
    no more brackets than may be nested: a key with other characters would come back as these characters.
    """
    if _PLAIN_TEXT.match(data):
        return data[1:-1].decode()
    try:
        value, _ = _DECODER.raw_decode(data.decode())  # what is left over does not come back
        is_plain = data.isascii() and data.count(b"[") + data.count(b"{") <= DEEPEST
        again = encoded(value) if is_plain else canonical_json(value)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if again != data:
        raise ValueError("it is not canonical JSON")
    return value


def is_hex(value: Any, size: int) -> bool:
    """Whether it is the text of that many bytes, in lower case."""
    return isinstance(value, str) and len(value) == 2 * size and not value.strip(HEX_DIGITS)


def is_count(value: Any, limit: int = SAFE_INTEGER) -> bool:
    """Whether it is a whole number from 0 to below the limit; booleans are none."""
    return type(value) is int and 0 <= value < limit


def _small_integer(digits: str) -> int:
    if len(digits) > len(str(SAFE_INTEGER)) + 1:  # before the time is spent that a million digits take
        raise ValueError("a number is too large")
    number = int(digits)
    if not -SAFE_INTEGER < number < SAFE_INTEGER:
        raise ValueError("a number is too large")
    return number


def _no_number(digits: str) -> Any:
    raise ValueError(f"{digits:.20} is no whole number")


_DECODER: Final = JSONDecoder(parse_int=_small_integer, parse_float=_no_number, parse_constant=_no_number)


def _manifest(given: Mapping[str, Any]) -> PackManifest:
    _require(given["format"] in (FIRST_FORMAT, PACK_FORMAT), f"its format is not {PACK_FORMAT}: a newer verifier may be needed")
    _require(given["grade"] in (COMPLETE, EXTRACT), "grade")
    _require(is_count(given["size"]), "size")
    _require(is_hex(given["root"], 32), "root")
    scope = _keyed(given["scope"], {"streams", "all", "since", "until"})
    _require(isinstance(scope["all"], bool), "scope.all")
    since, until = _instants(scope)
    return PackManifest(
        grade=given["grade"],
        size=given["size"],
        root=given["root"],
        origins=_origins(given["origins"], given["size"]),
        school=_name(given["school"], "school"),
        streams=_streams(scope["streams"]),
        is_all=scope["all"],
        since=since,
        until=until,
        keys=tuple(_name(key, "keys") for key in _list(given["keys"], "keys")),
        files={name: _file(name, claim) for name, claim in _keyed(given["files"]).items()},
        tells_about=given["format"] == PACK_FORMAT,
    )


def _origins(given: Any, size: int) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for one in _list(given, "origins"):
        claim = _keyed(one, {"origin", "start"})
        due = found[-1][1] + 1 if found else 0
        first = not found and claim["start"] == 0
        _require(is_count(claim["start"]) and (first or (found and due <= claim["start"] < size)), "origins")
        found.append((_name(claim["origin"], "origins"), claim["start"]))
    _require(found and len({name for name, _ in found}) == len(found), "origins")
    return tuple(found)


def _streams(given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _list(given, "scope.streams"):
        claim = _keyed(one, {"name", "tag"})
        _require(is_hex(claim["tag"], 16) and claim["tag"] not in found, "scope.streams")
        found[claim["tag"]] = _name(claim["name"], "scope.streams")
    _require(len(set(found.values())) == len(found), "scope.streams")
    return found


def _instants(scope: Mapping[str, Any]) -> tuple[int | None, int | None]:
    for name in ("since", "until"):
        _require(scope[name] is None or is_count(scope[name], LAST_INSTANT + 1), f"scope.{name}")
    return scope["since"], scope["until"]


def _file(name: str, claim: Any) -> FileClaim:
    _require(name != "manifest.json" and (name in MAX_SIZES or EVIDENCE.match(name)), "files")
    fields = _keyed(claim, {"size", "sha256"})
    _require(is_count(fields["size"]) and is_hex(fields["sha256"], 32), "files")
    return FileClaim(fields["size"], fields["sha256"])


def is_name(value: Any) -> bool:
    """Whether it is a text of 1 to 500 characters without control characters."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and not CONTROLS.search(value)


def _name(value: Any, where: str) -> str:
    _require(is_name(value), where)
    return str(value)


def _list(value: Any, where: str) -> list[Any]:
    _require(isinstance(value, list), where)
    return list(value)


def _keyed(value: Any, keys: frozenset[str] | set[str] | None = None) -> dict[str, Any]:
    _require(isinstance(value, dict) and (keys is None or set(value) == keys), "keys are missing or not known")
    return dict(value)


def _require(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)


# -------------------- audit/verifier/verdict.py --------------------
# What a check of an audit pack can say: the faults with their sentences, and the verdict in words and in JSON.

HOLDS, FAILS, UNREADABLE = "holds", "fails", "unreadable"
LONGEST_LINE: Final = 700  # a name of the longest allowed, and what is said about it
MOST_STREAMS: Final = 20  # shown to people one by one; JSON has all
EXIT_STATUS: Final = {HOLDS: 0, FAILS: 1, UNREADABLE: 2}

# In the order in which they are looked for; docs/reference/pack-format.md lists them for other implementations.
FAULTS: Final[Mapping[str, str]] = {
    "line": "Line {line} of entries.jsonl is not in the form that lines have.",
    "header": "The header in line {line} of entries.jsonl is not in the form that headers have.",
    "surplus": "Entry {n} is more than the {size} entries that the pack says the trail had.",
    "order": "Entry {n} is there twice or out of order.",
    "missing": "Entry {n} is missing: entry {next} comes in its place.",
    "origin": "Entry {n} belongs to another trail: {origin}.",
    "sequence": "Entry {n} is number {found} of its stream, and number {due} was due: one is missing or out of order.",
    "scope": "Entry {n} is of a stream that is not in the pack's scope, and is shown all the same.",
    "mismatch": "Entry {n}: what is shown as its {field} is not what the entry committed to.",
    "event": "Entry {n} does not show what it is: its event is missing.",
    "opening": "Entry {n}: its {field} is not in the form that it should have.",
    "stream": "Entry {n} says that it is of the stream {stream}, and the pack says that its stream is {listed}.",
    "recovery": "Entry {n} should say how the trail went on after a backup was restored, and does not.",
    "whose": "Entry {n} should say whose trail it is, and does not.",
    "erased-here": "Entry {n}: its {field} was erased, and is shown all the same.",
    "changed": "Entry {n} is not in the trail whose root the pack gives: its header was changed.",
    "proof": "Entry {n} is not in the trail whose root the pack gives: the entry or its proof was changed.",
    "end": "The pack ends before entry {n}, and says that the trail had {size} entries.",
    "no-recovery": "Entry {n} should say how the trail went on after a backup was restored, and is not in the pack.",
    "stream-empty": "The pack says that {stream} is a stream of the trail, and no entry belongs to it.",
    "root": "The entries do not have the root that the pack gives: one was changed, added or left out.",
    "school": "The pack says that it is that of {school}, and its trail says that it is that of {name}.",
    "unsealed": "You gave a key, and the pack has no seal to check with it.",
    "seal": "The seal does not hold: {why}.",
    "seal-head": "The seal is of another trail, another size or another root than the pack.",
    "origins": "The list of origins does not hold: {why}.",
    "since": "since.json does not prove that an earlier trail is the beginning of this one.",
    "earlier-seal": "The seal that was given as the earlier one does not hold: {why}.",
    "earlier-trail": "What was given as the earlier one is of another trail: {origin}. If both are of one school, ask why.",
    "earlier-lost": "The trail began anew with entry {n}: of the earlier one's {size} entries, some were lost or replaced.",
    "earlier-larger": "The earlier one has {size} entries, more than this pack: some were removed, or the two changed places.",
    "earlier-proof": "This extract can't be compared: its since.json is not about the earlier one's {size} entries.",
    "earlier-root": "The first {size} entries are not those of the earlier one: the trail was rewritten.",
    "leaves": "The list of leaf hashes was changed: it is not that of the entries.",
    "csv": "timeline.csv does not say what entry {n} says.",
    "csv-lines": "timeline.csv has a line that no entry gives.",
    "evidence": "{name} is not the file that its name says.",
    "evidence-unknown": "{name} is not attached to any entry that the pack shows.",
    "files": "{name} is listed in the manifest and not in the pack, or the other way round.",
    "file": "{name} is not the file that the manifest lists.",
}
SEAL_WHYS: Final[Mapping[str, str]] = {
    "form": "it, or a key to check it with, is not in the form that it should have",
    "other": "it is not about the pack that it came with",
    "signature": "a signature on it is false",
    "unknown": "it is not signed by a key that is known here",
}
TRUST: Final[Mapping[str, str]] = {
    "given": "checked with a key that you gave",
    "self-asserted": "self-asserted: the key came with the pack",
    "unsealed": "not sealed",
}
NUMBERS: Final[Mapping[str, str]] = {"school": "URN", "trust": "UID", "operator": "number"}
GRADES: Final[Mapping[str, str]] = {
    "complete": "complete: every entry of the trail is accounted for, and nothing was left out",
    "extract": "extract: nothing was changed; it can't show that nothing came after its last entry",
}


class PackFault(Exception):
    """A check failed: ``fault`` is a key of FAULTS, ``idx`` the entry where there is one, ``values`` what the sentence needs."""

    def __init__(self, fault: str, idx: int | None = None, **values: object) -> None:
        super().__init__(fault)
        self.fault, self.idx, self.values = fault, idx, values

    def sentence(self) -> str:
        values = {name: printable(value) if isinstance(value, str) else value for name, value in self.values.items()}
        return FAULTS[self.fault].format(n=None if self.idx is None else self.idx + 1, **values)


@dataclass(frozen=True)
class StreamCount:
    """``called`` is what its entries call the supplier that they are about, in order."""

    name: str
    entries: int
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrailOwner:
    """Whose a trail is. ``kind`` is "school", "trust" or "operator", ``number`` a URN, a UID or nothing."""

    kind: str
    name: str
    number: str


@dataclass(frozen=True)
class PackFacts:
    """What a pack that holds shows. Times are ISO 8601 in UTC; ``idx`` counts from 0; counts of values, not of entries, are
    ``withheld`` and ``erased``; ``other_…`` is None in an extract, which does not know; ``trust`` is a key of TRUST.
    """

    school: str
    grade: str
    origin: str
    size: int
    root: str
    entries: int  # lines in the pack
    in_scope: int
    opened: int  # in scope and in the period
    withheld: int
    erased: int
    recovered: tuple[int, ...]  # the entries with which the trail went on after a backup was restored
    streams: tuple[StreamCount, ...]
    other_streams: int | None
    other_entries: int | None
    since: str | None  # the period asked for, half-open
    until: str | None
    first_recorded: str | None  # of the entries opened
    last_recorded: str | None
    last_idx: int | None  # the last entry in scope, in the period or not
    evidence: int
    evidence_not_here: int  # digests that entries name and whose files the pack doesn't have
    trust: str
    signed_by: tuple[str, ...]
    earlier_size: int | None  # of what --since named
    whose: TrailOwner | None  # as the trail's own entries say; None: none does
    named_since: int | None  # the entry from which on they do, 0 for all
    renamed: tuple[int, ...]  # the entries that tell of another name or number
    other_origins: tuple[str, ...] | None  # that the installation lists for the same owner; None: no list


@dataclass(frozen=True)
class PackVerdict:
    """``status`` is "holds", "fails" or "unreadable"; ``what`` a sentence; ``fault`` a key of FAULTS if it fails; ``idx`` the
    first bad entry, from 0, where there is one; ``facts`` only if it holds: nothing else about such a pack is certain.
    """

    status: str
    what: str
    fault: str | None = None
    idx: int | None = None
    facts: PackFacts | None = None

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.status]


def to_json(verdict: PackVerdict) -> str:
    """One line; the shape is in docs/reference/pack-format.md."""
    return json.dumps(asdict(verdict), ensure_ascii=False)


def words(verdict: PackVerdict) -> str:
    """For people, several lines."""
    if verdict.facts is None:
        return f"{verdict.status.upper()}. {verdict.what}"
    return "\n".join(
        [f"{verdict.status.upper()}. {verdict.what}", *(f"  {printable(line)}" for line in _fact_lines(verdict.facts))]
    )


def printable(text: str) -> str:
    """At most a line of it, and nothing that could steer a terminal: the text may come from a stranger."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text[:LONGEST_LINE])


def _fact_lines(facts: PackFacts) -> list[str]:
    lines = [
        *_whose(facts),
        f"Trail: {facts.origin}, {_count(facts.size, 'entry', 'entries')}, root {facts.root}",
        f"Grade: {GRADES[facts.grade]}",
        f"Seal: {TRUST[facts.trust]}{_signers(facts)}",
        f"In scope: {_count(facts.in_scope, 'entry', 'entries')} of {_count(len(facts.streams), 'stream', 'streams')}",
        *(f"  {_stream(stream)}" for stream in facts.streams[:MOST_STREAMS]),
        *([f"  and {len(facts.streams) - MOST_STREAMS:,} more"] if len(facts.streams) > MOST_STREAMS else []),
    ]
    if facts.other_streams is not None and facts.other_entries is not None:
        others = _count(facts.other_entries, "entry", "entries")
        lines.append(f"Not shown: {others} of {_count(facts.other_streams, 'other stream', 'other streams')}")
    lines += [_period(facts), f"Values withheld: {facts.withheld:,}; erased: {facts.erased:,}"]
    if facts.last_idx is not None:
        lines.append(f"Last entry in scope: {facts.last_idx + 1:,}")
    lines.append(f"Evidence: {_count(facts.evidence, 'file', 'files')} here, {facts.evidence_not_here:,} named and not here")
    lines += [_anew(idx) for idx in facts.recovered]
    if facts.earlier_size is not None:
        lines.append(f"Continues the earlier one: its {_count(facts.earlier_size, 'entry is', 'entries are')} the first of these")
    return lines


def _whose(facts: PackFacts) -> list[str]:
    """What is proven of whose trail it is, apart from what the pack merely says."""
    if facts.whose is None:
        return [f"Whose trail it is: not proven. The pack says: {facts.school}"]
    number = f", {NUMBERS[facts.whose.kind]} {facts.whose.number}" if facts.whose.number else ""
    since = f", named from entry {facts.named_since + 1:,} on" if facts.named_since else ""
    lines = [f"Whose trail it is: {facts.whose.name}{number} (proven{since})"]
    lines += [f"Another name or number from entry {idx + 1:,} on: ask why" for idx in facts.renamed]
    if facts.other_origins is not None:
        lines.append(f"Other trails of it here: {', '.join(facts.other_origins) or 'none, by the signed list in the pack'}")
    return lines


def _stream(stream: StreamCount) -> str:
    return f"{stream.name}: {stream.entries:,}" + (f", about {', later '.join(stream.called)} (proven)" if stream.called else "")


def _anew(idx: int) -> str:
    return (
        f"Began anew with entry {idx + 1:,}: what had been sealed before it was lost, as when an older backup is restored, or "
        "replaced. Ask why, and compare with a seal from before"
    )


def _signers(facts: PackFacts) -> str:
    return f" (signed by {', '.join(facts.signed_by)})" if facts.signed_by else ""


def _period(facts: PackFacts) -> str:
    asked = f"Period: from {facts.since or 'the beginning'} to {facts.until or 'the end'}"
    if facts.first_recorded is None:
        return f"{asked}; nothing was recorded in it"
    opened = _count(facts.opened, "entry", "entries")
    return f"{asked}; {opened} shown, recorded from {facts.first_recorded} to {facts.last_recorded}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def verdict_sentence(facts: PackFacts) -> str:
    """What a pack that holds amounts to."""
    anew = f" But the trail began anew with entry {facts.recovered[-1] + 1:,}: read below." if facts.recovered else ""
    if facts.grade == "complete":
        return f"The pack holds: these entries are unaltered, and none is missing.{anew}"
    return f"The pack holds: these entries are unaltered. It is an extract.{anew}"


# -------------------- audit/verifier/lines.py --------------------
# Reads one line of entries.jsonl: a header in its one form and, where there are any, openings and a proof.

FIELD: Final = re.compile(r"(?:event|actor|facts|personal\.[!-~]{1,200})\Z")
_HEADER_KEYS: Final = frozenset({"v", "origin", "idx", "stream", "sseq", "c"})
_ONE: Final = '"[0-9a-f]{64}"'
_OPENINGS: Final = '","openings":{'
# An opening whose value has no escapes but those of its quotes.
_PLAIN_OPENING: Final = re.compile(
    r'"(event|actor|facts|personal\.[!#-\[\]-~]{1,200})":'
    r'\{"salt":"([0-9a-f]{64})","value":"([^"\\\x00-\x1f]*(?:\\"[^"\\\x00-\x1f]*)*)"\}'
)
# The canonical JSON of a header whose origin needs no escapes, which is every origin that Vouch makes.
_PLAIN_HEADER: Final = re.compile(
    rf'\{{"c":\[({_ONE}(?:,{_ONE})*)\],"idx":(0|[1-9][0-9]{{0,14}}),"origin":"([^"\\\x00-\x1f]*)",'
    rf'"sseq":(0|[1-9][0-9]{{0,14}}),"stream":"([0-9a-f]{{32}})","v":{VERSION}\}}\Z'
)


class BadLine(Exception):
    """``fault`` is "line" or "header": which of the two is not in its form."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Header(NamedTuple):
    """A header taken apart; ``text`` is its exact bytes."""

    text: bytes
    origin: str
    idx: int
    tag: str
    sseq: int
    commitments: tuple[str, ...]


class PackLine(NamedTuple):
    """``openings`` maps fields to "salt" (hex) and "value" (canonical JSON); ``proof`` is empty in a complete pack."""

    head: Header
    openings: Mapping[str, Mapping[str, str]]
    proof: tuple[bytes, ...] = ()


def read_line(line: bytes, *, is_complete: bool) -> PackLine:
    """Raises BadLine, and nothing else, for whatever is not in its form."""
    return (_plain_line(line) if is_complete else None) or _any_line(line, is_complete=is_complete)


def _plain_line(line: bytes) -> PackLine | None:
    """Read without a JSON parser, as nearly every line of a complete pack can be. None for one that is not plain, which may
    be in its form all the same.
    """
    try:
        outline, mark, rest = line.decode().partition(_OPENINGS)
    except UnicodeDecodeError:
        return None
    if not mark:
        outline, rest = outline[:-3], outline[-3:]
    header = _unescaped(outline[11:])
    is_read_whole = outline[:11] == '{"header":"' and _escaped(header) == outline[11:]  # no other escape is in a plain header
    openings = _plain_openings(rest) if mark else {} if rest == '"}\n' else None
    head = _plain_head(header) if is_read_whole and openings is not None else None
    return PackLine(head, openings or {}) if head else None


def _plain_openings(rest: str) -> dict[str, Mapping[str, str]] | None:
    """The openings in the rest of a line; None unless they give exactly that text again."""
    found = _PLAIN_OPENING.findall(rest)
    again = ",".join([f'"{name}":{{"salt":"{salt}","value":"{value}"}}' for name, salt, value in found])
    names = [name for name, _, _ in found]
    if f"{again}}}}}\n" != rest or not found or names != sorted(set(names)):
        return None
    return {name: {"salt": salt, "value": _unescaped(value)} for name, salt, value in found}


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"')


def _escaped(text: str) -> str:
    return text.replace('"', '\\"')


def _plain_head(text: str) -> Header | None:
    """None for a header that is not plain, which may be in its form all the same."""
    found = _PLAIN_HEADER.match(text)
    if not found:
        return None
    listed, idx, origin, sseq, tag = found.groups()
    commitments = listed[1:-1].split('","')
    if commitments != sorted(set(commitments)):
        return None
    return Header(text.encode(), origin, int(idx), tag, int(sseq), tuple(commitments))


def _any_line(line: bytes, *, is_complete: bool) -> PackLine:
    keys = {"header"} if is_complete else {"header", "proof"}
    try:
        fields = canonical_value(line[:-1])
    except ValueError:
        fields = None
    if line[-1:] != b"\n" or not isinstance(fields, dict) or fields.keys() - {"openings"} != keys or not _is_line(fields):
        raise BadLine("line")
    text = fields["header"]
    proof = tuple(bytes.fromhex(one) for one in fields.get("proof", []))
    return PackLine(_plain_head(text) or _any_head(text), fields.get("openings", {}), proof)


def _any_head(text: str) -> Header:
    data = text.encode()
    try:
        fields = canonical_value(data)
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or fields.keys() != _HEADER_KEYS or not _is_head(fields):
        raise BadLine("header")
    return Header(data, fields["origin"], fields["idx"], fields["stream"], fields["sseq"], tuple(fields["c"]))


def _is_head(fields: Mapping[str, Any]) -> bool:
    commitments = fields["c"]
    return (
        fields["v"] == VERSION
        and type(fields["v"]) is int
        and isinstance(fields["origin"], str)
        and is_count(fields["idx"])
        and is_count(fields["sseq"])
        and is_hex(fields["stream"], 16)
        and isinstance(commitments, list)
        and all(is_hex(one, 32) for one in commitments)
        and commitments == sorted(set(commitments))
    )


def _is_line(fields: Mapping[str, Any]) -> bool:
    openings, proof = fields.get("openings"), fields.get("proof", [])
    if "openings" in fields:
        is_opened = isinstance(openings, dict) and bool(openings)
        if not is_opened or not all(_is_opening(*one) for one in fields["openings"].items()):
            return False
    return isinstance(fields["header"], str) and isinstance(proof, list) and all(is_hex(one, 32) for one in proof)


def _is_opening(name: str, opening: Any) -> bool:
    is_keyed = isinstance(opening, dict) and opening.keys() == {"salt", "value"}
    return is_keyed and FIELD.match(name) is not None and is_hex(opening["salt"], 32) and isinstance(opening["value"], str)


# -------------------- audit/verifier/whose.py --------------------
# Whose a trail is, as its own entries say: proven as they are, where the manifest only claims it.

BEGUN, RENAMED = "trail.begun", "trail.renamed"
OWNERS: Final = ("school", "trust", "operator")
NAMED_STREAMS: Final = ("supplier", "contract")  # what streams are about that are about one supplier each
MOST_CALLED: Final = 10  # names of one supplier that are kept: the first ones, and the newest


@dataclass
class Whose:
    """What the entries read so far say: ``owner`` None while none does, ``since`` the entry from which on it is named (0: from
    the first), ``renamed`` the entries that tell of another name or number; ``called`` maps the tag of a stream to what its
    supplier was called, in order.
    """

    owner: TrailOwner | None = None
    since: int = 0
    renamed: list[int] = field(default_factory=list)
    called: dict[str, list[str]] = field(default_factory=dict)


def note_owner(whose: Whose, idx: int, what: str, facts: Any, *, is_first: bool) -> None:
    """Takes in an entry of the stream ``trail``. ``is_first``: nothing comes before it but the loss of an older trail.

    Raises PackFault for one that should say whose the trail is, and does not.
    """
    if what not in (BEGUN, RENAMED):
        return
    told = facts if isinstance(facts, Mapping) else {}
    owner = _owner(told.get("new") if what == RENAMED else told)
    if what == RENAMED:
        fits = whose.owner is not None and _owner(told.get("old")) == whose.owner
        whose.renamed.append(idx)
    else:
        is_late = told.get("late") is True and is_count(told.get("size")) and told["size"] == idx
        fits = whose.owner is None and (is_late or (is_first and "late" not in told))
        whose.since = idx if "late" in told else 0
    if owner is None or not fits:
        raise PackFault("whose", idx)
    whose.owner = owner


def note_called(whose: Whose, tag: str, place: str, name: Any) -> None:
    """Takes in what an entry of the stream of this name calls its supplier."""
    if place.partition(":")[0] not in NAMED_STREAMS or not isinstance(name, str):
        return
    names = whose.called.setdefault(tag, [])
    if names[-1:] == [name]:
        return
    del names[MOST_CALLED - 1 :]
    names.append(name)


def check_school(manifest: PackManifest, whose: Whose) -> None:
    """Raises PackFault if the pack calls itself another's than its trail."""
    if whose.owner and manifest.school != whose.owner.name:
        raise PackFault("school", school=manifest.school, name=whose.owner.name)


def _owner(told: Any) -> TrailOwner | None:
    """None for what is not in the form that owners have."""
    if not isinstance(told, Mapping):
        return None
    kind, name, number = told.get("kind"), told.get("name"), told.get("number")
    is_owner = kind in OWNERS and is_name(name) and (number == "" or is_name(number))
    return TrailOwner(str(kind), str(name), str(number)) if is_owner else None


# -------------------- audit/verifier/entries.py --------------------
# Checks the entries of a pack one by one, in order, and keeps only what the whole needs: counts, hashes, erasures.

TRAIL_STREAM: Final = "trail"  # what the trail says about itself
RECOVERED: Final = "trail.recovered"
ERASURE: Final = "erasure.applied"
_EVENT_KEYS: Final = frozenset({"id", "type", "at", "stream", "subject"})


@dataclass
class Erasures:
    """``values`` maps an idx to the erased commitments and their fields; ``evidence`` holds SHA-256 in hex."""

    values: dict[int, dict[str, str]] = field(default_factory=dict)
    evidence: set[str] = field(default_factory=set)


@dataclass
class Walk:
    """What the entries read so far amount to. ``roots`` holds the tree hash at each size in ``wanted``; complete only."""

    manifest: PackManifest
    erasures: Erasures
    wanted: frozenset[int]
    lines: int = 0
    last: int = -1
    leaf: bytes = b""  # the last entry's hash
    frontier: bytes = b""
    roots: dict[int, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    recovered: list[int] = field(default_factory=list)
    in_scope: int = 0
    opened: int = 0
    withheld: int = 0
    erased: int = 0
    last_idx: int | None = None
    first_at: int | None = None
    last_at: int | None = None
    whose: Whose = field(default_factory=Whose)


@dataclass(frozen=True)
class ShownEntry:
    """What an entry in scope and period says: its row of the sheet, and the SHA-256 of its attachments."""

    row: TimelineRow
    digests: tuple[str, ...]


def erasures_in(lines: Iterable[bytes]) -> Erasures:
    """What every erasure.applied that is opened truly lists. What is wrong with a line is said when the walk comes to it."""
    found = Erasures()
    for line in lines:
        if ERASURE.encode() in line:
            try:
                _note_erasures(found, canonical_value(line.rstrip(b"\n")))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
    return found


def take(walk: Walk, line: bytes) -> ShownEntry | None:
    """Checks the next line against all before it; None for an entry outside scope or period. Raises PackFault."""
    walk.lines += 1
    try:
        read = read_line(line, is_complete=walk.manifest.grade == COMPLETE)
    except BadLine as bad:
        is_numbered = walk.manifest.grade == COMPLETE
        raise PackFault(bad.fault, walk.lines - 1 if is_numbered else None, line=walk.lines) from None
    head, openings = read.head, read.openings
    _check_place(walk, head)
    if head.tag in walk.manifest.streams:
        walk.in_scope += 1
        walk.last_idx = head.idx
        shown = _shown_in_scope(walk, head, openings)
    elif openings or walk.manifest.grade != COMPLETE or walk.manifest.is_all:
        raise PackFault("scope", head.idx)
    else:
        shown = None
    _check_tree(walk, head, read.proof)
    walk.last = head.idx
    return shown


def finish(walk: Walk) -> None:
    """Raises PackFault for what is missing after the last line."""
    manifest = walk.manifest
    if manifest.grade == COMPLETE and walk.last + 1 < manifest.size:
        raise PackFault("end", walk.last + 1, size=manifest.size)
    for _, start in manifest.origins[1:]:
        if start not in walk.recovered:
            raise PackFault("no-recovery", start)
    for tag, name in manifest.streams.items():
        if tag not in walk.counts:
            raise PackFault("stream-empty", stream=name)
    if manifest.grade == COMPLETE and frontier_root(walk.frontier).hex() != manifest.root:
        raise PackFault("root")
    check_school(manifest, walk.whose)


def _note_erasures(found: Erasures, fields: dict[str, Any]) -> None:
    committed = set(canonical_value(fields["header"].encode())["c"])
    values = {}
    for name in ("event", "facts"):
        opening = fields["openings"][name]
        if _committed(name, opening) not in committed:
            return
        values[name] = canonical_value(opening["value"].encode())
    if values["event"]["type"] == ERASURE:
        for item in values["facts"].get("erased", []):
            found.values.setdefault(item["idx"], {})[str(item["commitment"])] = str(item["field"])
        found.evidence.update(map(str, values["facts"].get("evidence", [])))


def _committed(name: str, opening: Mapping[str, str]) -> str:
    return commitment(name, bytes.fromhex(opening["salt"]), opening["value"].encode()).hex()


def _check_place(walk: Walk, head: Header) -> None:
    """Its position in the trail and in its stream; nothing is missing before it."""
    manifest, idx, due = walk.manifest, head.idx, walk.last + 1
    if idx >= manifest.size:
        raise PackFault("surplus", idx, size=manifest.size)
    if idx < due:
        raise PackFault("order", idx)
    if idx > due and manifest.grade == COMPLETE:
        raise PackFault("missing", due, next=idx + 1)
    if head.origin != manifest.origin_of(idx):
        raise PackFault("origin", idx, origin=head.origin)
    expected = walk.counts.get(head.tag, 0)
    if head.sseq != expected:
        raise PackFault("sequence", idx, found=head.sseq + 1, due=expected + 1)
    walk.counts[head.tag] = expected + 1


def _shown_in_scope(walk: Walk, head: Header, openings: Mapping[str, Mapping[str, str]]) -> ShownEntry | None:
    opened = {_committed(name, opening): name for name, opening in openings.items()}
    for made, name in opened.items():
        if made not in head.commitments:
            raise PackFault("mismatch", head.idx, field=name)
    if "event" not in openings:
        raise PackFault("event", head.idx)
    values = {name: _value(head.idx, name, opening["value"]) for name, opening in openings.items()}
    event = values["event"]
    if event["stream"] != walk.manifest.streams[head.tag]:
        raise PackFault("stream", head.idx, stream=event["stream"], listed=walk.manifest.streams[head.tag])
    _check_recovery(walk, head, values)
    if event["stream"] == TRAIL_STREAM:
        is_first = head.idx == 0 or (head.idx == 1 and walk.recovered == [0])
        note_owner(walk.whose, head.idx, event["type"], values.get("facts"), is_first=is_first)
    gone = {made: name for made, name in walk.erasures.values.get(head.idx, {}).items() if made in head.commitments}
    for made, name in opened.items():
        if made in gone:
            raise PackFault("erased-here", head.idx, field=name)
    if not walk.manifest.covers(event["at"]):
        return None
    walk.opened += 1
    walk.first_at = event["at"] if walk.first_at is None else min(walk.first_at, event["at"])
    walk.last_at = event["at"] if walk.last_at is None else max(walk.last_at, event["at"])
    note_called(walk.whose, head.tag, event["stream"], values.get("personal.supplier_name"))
    withheld = len(head.commitments) - len(opened) - len(gone)
    walk.withheld += withheld
    walk.erased += len(gone)
    tells_about = walk.manifest.tells_about
    told = row(head.idx, values, erased=tuple(gone.values()), withheld=withheld, tells_about=tells_about)
    return ShownEntry(told, digests(values.get("facts", {})))


def _value(idx: int, name: str, text: str) -> Any:
    try:
        value = canonical_value(text.encode())
    except ValueError:
        raise PackFault("opening", idx, field=name) from None
    if not _fits(name, value):
        raise PackFault("opening", idx, field=name)
    return value


def _fits(name: str, value: Any) -> bool:
    if name.startswith("personal."):
        return True
    if not isinstance(value, dict):
        return False
    if name == "event":
        texts = (text for key, text in value.items() if key != "at")
        is_keyed = value.keys() == _EVENT_KEYS and is_count(value["at"], LAST_INSTANT + 1)
        return is_keyed and all(isinstance(text, str) for text in texts)
    return name == "facts" or all(isinstance(text, str) for text in value.values())


def _check_recovery(walk: Walk, head: Header, values: Mapping[str, Any]) -> None:
    """Where the trail takes another name, an entry says which one it had, and what was restored."""
    begins = next((n for n, (_, start) in enumerate(walk.manifest.origins) if n and start == head.idx), None)
    event, facts = values["event"], values.get("facts", {})
    says_so = (event["stream"], event["type"]) == (TRAIL_STREAM, RECOVERED)
    if begins is None:
        if says_so:  # the first of a trail of which nothing was left
            walk.recovered.append(head.idx)
        return
    is_explained = (
        says_so
        and facts.get("old_origin") == walk.manifest.origins[begins - 1][0]
        and is_count(facts.get("signed_size"))
        and is_hex(facts.get("signed_root"), 32)
        and is_count(facts.get("restored_size"))
        and facts["restored_size"] == head.idx
        and is_hex(facts.get("restored_root"), 32)
        and (walk.manifest.grade != COMPLETE or facts["restored_root"] == frontier_root(walk.frontier).hex())
    )
    if not is_explained:
        raise PackFault("recovery", head.idx)
    walk.recovered.append(head.idx)


def _check_tree(walk: Walk, head: Header, proof: tuple[bytes, ...]) -> None:
    walk.leaf = leaf = leaf_hash(head.text)
    if walk.manifest.grade == COMPLETE:
        walk.frontier, _ = push(walk.frontier, head.idx, leaf)
        if head.idx + 1 in walk.wanted:
            walk.roots[head.idx + 1] = frontier_root(walk.frontier)
        return
    root = bytes.fromhex(walk.manifest.root)
    try:
        verify_inclusion(leaf_hash=leaf, index=head.idx, size=walk.manifest.size, proof=proof, root=root)
    except VerificationError:
        raise PackFault("proof", head.idx) from None


# -------------------- audit/verifier/beside.py --------------------
# The files of a pack that its entries give anew, compared as the entries are read: timeline.csv and the list of leaf hashes.

LEAVES: Final = "leaves"
SHEET: Final = "timeline.csv"


class ComparedFile:
    """A file that should be what is expected of it, piece by piece; read until the first difference."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest, self._at = b"", 0
        self.differs = False

    def expect(self, given: bytes) -> bool:
        """Whether it goes on with just this; never again after a difference."""
        while not self.differs and len(self._rest) - self._at < len(given):
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest, self._at = self._rest[self._at :] + piece, 0
        self.differs = self.differs or not self._rest.startswith(given, self._at)
        self._at += len(given)
        return not self.differs

    def is_over(self) -> bool:
        return not self.differs and not self._rest[self._at :] and next(self._pieces, None) is None


class TimelineCsv:
    """timeline.csv. What is wrong with it is said later, in its turn."""

    def __init__(self, pieces: Iterator[bytes] | None) -> None:
        self._beside = ComparedFile(pieces or iter(()))
        self._fault = None if pieces else PackFault("files", name=SHEET)

    def expect(self, line: bytes, idx: int | None) -> None:
        if not self._fault and not self._beside.expect(line):
            self._fault = PackFault("csv-lines" if idx is None else "csv", idx)

    def end(self) -> PackFault | None:
        return self._fault or (None if self._beside.is_over() else PackFault("csv-lines"))


class Leaves:
    """The list of leaf hashes: proves nothing by itself, and names the header that was changed if it has the trail's root.

    A pack that was made before there were such lists has none, and nothing is expected of it.
    """

    def __init__(self, archive: Archive, manifest: PackManifest, pieces: Iterator[bytes] | None) -> None:
        self._archive, self._manifest = archive, manifest
        self._is_out_of_place = pieces is not None and manifest.grade != COMPLETE
        self._beside = ComparedFile(pieces) if pieces and not self._is_out_of_place else None
        self._first: int | None = None  # the entry that is another than the list says

    def expect(self, leaf: bytes, idx: int) -> None:
        if self._beside and self._first is None and not self._beside.expect(leaf):
            self._first = idx

    def require_same(self, root: bytes) -> None:
        """Raises PackFault for the first entry read that is not the one in the list, if the list has this root."""
        if self._first is not None and self._root() == root:
            raise PackFault("changed", self._first)

    def end(self) -> None:
        """Raises PackFault for a list that is not that of the entries, which are known to have the pack's root."""
        if self._is_out_of_place or (self._beside and not self._beside.is_over()):
            raise PackFault("leaves")

    def _root(self) -> bytes | None:
        """The tree hash of the list, read again; None if it is not as long as the trail."""
        if self._archive.members[LEAVES].size != HASH_BYTES * self._manifest.size:
            return None
        frontier, size, rest = b"", 0, b""
        for piece in chunks(self._archive, LEAVES):
            rest += piece
            whole = len(rest) - len(rest) % HASH_BYTES
            for at in range(0, whole, HASH_BYTES):
                frontier, _ = push(frontier, size, rest[at : at + HASH_BYTES])
                size += 1
            rest = rest[whole:]
        return frontier_root(frontier)


# -------------------- audit/verifier/heads.py --------------------
# Checks the heads of a trail against each other: the pack's, the seal's, and those of an earlier pack or seal.

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


def require_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """The verifier keys as they were given; raises Unreadable for what is none."""
    given = tuple(keys)
    try:
        for key in given:
            key_name(key)
    except VerificationError as error:
        raise Unreadable(f"The key that you gave can't be used: {error.what}.") from error
    return given


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    if not isinstance(source, (str, Path)):
        yield source
        return
    try:
        file = Path(source).open("rb")  # closed below; only opening it may fail for want of a file
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
            manifest = parse_manifest(read_all(archive, "manifest.json"))
            note = read_all(archive, "checkpoint") if "checkpoint" in archive.members else None
            return EarlierHead(manifest.origins[-1][0], manifest.size, bytes.fromhex(manifest.root), note)
    head = _checkpoint_in(note or b"")
    if head is None:
        raise Unreadable("What was given as the earlier one is neither an audit pack nor a seal.")
    return EarlierHead(head.origin, head.size, head.root, note)


def check_seal(manifest: PackManifest, note: bytes | None, keys: tuple[str, ...], leaves: Leaves) -> tuple[str, ...]:
    """The names of the keys that signed it; none if the trail was never sealed. Of another root, ``leaves`` may tell why."""
    if note is None:
        if keys:
            raise PackFault("unsealed")
        return ()
    try:
        _, names = open_note(note, keys or manifest.keys)
    except VerificationError as error:
        raise PackFault("seal", why=SEAL_WHYS[_why(error)]) from error
    head, claimed = _checkpoint_in(note), Checkpoint(manifest.origins[-1][0], manifest.size, bytes.fromhex(manifest.root))
    if head != claimed:
        if head and (head.origin, head.size) == (claimed.origin, claimed.size):
            leaves.require_same(head.root)
        raise PackFault("seal-head")
    return names


def check_origins(
    manifest: PackManifest, note: bytes | None, keys: tuple[str, ...], owner: TrailOwner | None
) -> tuple[str, ...] | None:
    """The origins that the installation lists for this owner and that are not this trail's. None without a list, or with one
    that is not signed by a key that is known here, which counts for none. Raises PackFault for one that is false, or another's.
    """
    if note is None:
        return None
    try:
        text, _ = open_note(note, keys or manifest.keys)
    except VerificationError as error:
        if _why(error) == "unknown":
            return None
        raise PackFault("origins", why=SEAL_WHYS[_why(error)]) from None
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


def check_earlier(manifest: PackManifest, known: Mapping[int, bytes], earlier: EarlierHead, keys: tuple[str, ...]) -> None:
    """Whether the earlier head is a beginning of this trail, by the roots that are known at some of its sizes."""
    if earlier.note is not None:
        _check_earlier_seal(earlier, earlier.note, keys)
    names = [name for name, _ in manifest.origins]
    if earlier.origin not in names:
        raise PackFault("earlier-trail", origin=earlier.origin)
    following = manifest.origins[names.index(earlier.origin) + 1 :]
    roots = {0: EMPTY_ROOT, **known, manifest.size: bytes.fromhex(manifest.root)}
    if following and (earlier.size > following[0][1] or roots.get(earlier.size, earlier.root) != earlier.root):
        raise PackFault("earlier-lost", following[0][1], size=earlier.size)
    if earlier.size > manifest.size:
        raise PackFault("earlier-larger", size=earlier.size)
    if earlier.size not in roots:
        raise PackFault("earlier-proof", size=earlier.size)
    if roots[earlier.size] != earlier.root:
        raise PackFault("earlier-root", size=earlier.size)


def _check_earlier_seal(earlier: EarlierHead, note: bytes, keys: tuple[str, ...]) -> None:
    """A key that is not known here is no fault: a head that nobody sealed would hardly be the beginning of this trail."""
    try:
        open_note(note, keys)
    except VerificationError as error:
        if _why(error) != "unknown":
            raise PackFault("earlier-seal", why=SEAL_WHYS[_why(error)]) from error
    if _checkpoint_in(note) != Checkpoint(earlier.origin, earlier.size, earlier.root):
        raise PackFault("earlier-seal", why=SEAL_WHYS["other"])


def _checkpoint_in(note: bytes) -> Checkpoint | None:
    """What the note says, whoever signed it; None if that is no head of a trail."""
    try:
        return parse_checkpoint(note.decode().rpartition("\n\n")[0] + "\n")
    except (UnicodeDecodeError, VerificationError):
        return None


def _why(error: VerificationError) -> str:
    if "signed_by" in error.evidence:
        return "unknown"
    return "signature" if error.what.startswith("the signature") else "form"


# -------------------- audit/verifier/verify.py --------------------
# Checks an audit pack: what it shows is unaltered and, if it is complete, whole. Trusts nothing that the pack says.
#
# The checks and their order are in docs/reference/pack-format.md. Entries are read one at a time and not kept.

Progress = Callable[[int, int], None]


@dataclass
class Pack:
    """An opened pack on its way through the checks. ``digests`` holds those of the files that were read to their end."""

    archive: Archive
    manifest: PackManifest
    erasures: Erasures = field(default_factory=Erasures)
    digests: dict[str, Any] = field(default_factory=dict)
    attached: set[str] = field(default_factory=set)  # SHA-256 of evidence that entries in scope and period name

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content, hashed on the way."""
        digest = self.digests[name] = hashlib.sha256()
        for piece in chunks(self.archive, name):
            digest.update(piece)
            yield piece

    def pieces_if_there(self, name: str) -> Iterator[bytes] | None:
        return self.pieces(name) if name in self.archive.members else None

    def read(self, name: str) -> bytes | None:
        """A small file whole; None if the pack has none of that name."""
        return b"".join(self.pieces(name)) if name in self.archive.members else None


def verify_pack(
    pack: Source, *, keys: Iterable[str] = (), since: Source | None = None, on_progress: Progress = lambda _done, _of: None
) -> PackVerdict:
    """Never raises for what the pack or ``since`` (an earlier pack or seal) holds. ``keys`` are verifier keys from elsewhere;
    without any, those in the pack are used and the verdict says so. ``on_progress`` hears bytes of entries: done, in all.
    """
    try:
        given = require_keys(keys)
        earlier = read_earlier(since) if since is not None else None
        with opened(pack) as file:
            facts = _check(file, given, earlier, on_progress)
    except PackFault as fault:
        return PackVerdict(FAILS, fault.sentence(), fault.fault, fault.idx)
    except Unreadable as error:
        return PackVerdict(UNREADABLE, str(error))
    except OSError as error:
        return PackVerdict(UNREADABLE, f"What was given can't be read: {error.strerror or error}.")
    return PackVerdict(HOLDS, verdict_sentence(facts), facts=facts)


def _check(file: BinaryIO, keys: tuple[str, ...], earlier: EarlierHead | None, on_progress: Progress) -> PackFacts:
    archive = open_archive(file)
    pack = Pack(archive, parse_manifest(read_all(archive, "manifest.json")))
    pack.erasures = erasures_in(lines(chunks(archive, "entries.jsonl")))
    walk = Walk(pack.manifest, pack.erasures, frozenset([earlier.size]) if earlier else frozenset())
    manifest = pack.manifest
    leaves = Leaves(archive, manifest, pack.pieces_if_there(LEAVES))
    try:
        csv_fault = _walk(pack, walk, leaves, on_progress)
        finish(walk)
    except PackFault:
        leaves.require_same(bytes.fromhex(manifest.root))  # a header may be what is wrong with a later one
        raise
    signed_by = check_seal(manifest, pack.read("checkpoint"), keys, leaves)
    listed = check_origins(manifest, pack.read("origins"), keys, walk.whose.owner)
    proven = check_since(manifest, pack.read("since.json"))
    if earlier:
        check_earlier(manifest, {**proven, **walk.roots}, earlier, keys or manifest.keys)
    leaves.end()
    if csv_fault:
        raise csv_fault
    _check_evidence(pack)
    _check_files(pack)
    trust = "unsealed" if not signed_by else "given" if keys else "self-asserted"
    return _facts(pack, walk, trust=trust, signed_by=signed_by, earlier=earlier, listed=listed)


def _walk(pack: Pack, walk: Walk, leaves: Leaves, on_progress: Progress) -> PackFault | None:
    """Checks every entry and, beside it, its line of the CSV: what is wrong with that is said later, in its turn."""
    sheet = TimelineCsv(pack.pieces_if_there(SHEET))
    tells_about = pack.manifest.tells_about
    sheet.expect(sheet_head(tells_about=tells_about), None)
    done, total = 0, pack.archive.members["entries.jsonl"].size
    for line in lines(pack.pieces("entries.jsonl")):
        shown = take(walk, line)
        leaves.expect(walk.leaf, walk.last)
        if shown:
            sheet.expect(csv_line(shown.row, tells_about=tells_about), shown.row.entry - 1)
            pack.attached.update(shown.digests)
        done += len(line)
        if not walk.lines % 1_000:
            on_progress(done, total)
    on_progress(total, total)
    return sheet.end()


def _check_evidence(pack: Pack) -> None:
    for name in sorted(pack.archive.members):
        digest = digest_in(name)
        if digest:
            for _ in pack.pieces(name):
                pass
            if pack.digests[name].hexdigest() != digest:
                raise PackFault("evidence", name=name)
            if digest not in pack.attached:
                raise PackFault("evidence-unknown", name=name)


def _check_files(pack: Pack) -> None:
    """Every file but the manifest is as the manifest lists it, those for people too."""
    members, claims = pack.archive.members, pack.manifest.files
    for name in sorted(members.keys() ^ (claims.keys() | {"manifest.json"})):
        raise PackFault("files", name=name)
    for name in sorted(claims):
        if name not in pack.digests:
            for _ in pack.pieces(name):
                pass
        if (members[name].size, pack.digests[name].hexdigest()) != (claims[name].size, claims[name].sha256):
            raise PackFault("file", name=name)


def _facts(
    pack: Pack,
    walk: Walk,
    *,
    trust: str,
    signed_by: tuple[str, ...],
    earlier: EarlierHead | None,
    listed: tuple[str, ...] | None,
) -> PackFacts:
    manifest, whose = pack.manifest, walk.whose
    others = {tag: count for tag, count in walk.counts.items() if tag not in manifest.streams}
    is_complete = manifest.grade == COMPLETE
    evidence = {digest_in(name) for name in pack.archive.members} - {""}
    return PackFacts(
        school=manifest.school,
        grade=manifest.grade,
        origin=manifest.origins[-1][0],
        size=manifest.size,
        root=manifest.root,
        entries=walk.lines,
        in_scope=walk.in_scope,
        opened=walk.opened,
        withheld=walk.withheld,
        erased=walk.erased,
        recovered=tuple(walk.recovered),
        streams=tuple(
            StreamCount(name, walk.counts[tag], tuple(whose.called.get(tag, ()))) for tag, name in manifest.streams.items()
        ),
        other_streams=len(others) if is_complete else None,
        other_entries=sum(others.values()) if is_complete else None,
        since=_instant_or_none(manifest.since),
        until=_instant_or_none(manifest.until),
        first_recorded=_instant_or_none(walk.first_at),
        last_recorded=_instant_or_none(walk.last_at),
        last_idx=walk.last_idx,
        evidence=len(evidence),
        evidence_not_here=len(pack.attached - evidence - pack.erasures.evidence),
        trust=trust,
        signed_by=signed_by,
        earlier_size=earlier.size if earlier else None,
        whose=whose.owner,
        named_since=whose.since if whose.owner else None,
        renamed=tuple(whose.renamed),
        other_origins=listed,
    )


def _instant_or_none(at: int | None) -> str | None:
    return None if at is None else instant(at)


# -------------------- audit/verifier/main.py --------------------
# ``python3 vouch_verify.py PACK``: the check of an audit pack from a command line.

ABOUT = """Checks an audit pack of Vouch, with no network and no account. Exit status 0: it holds. 1: it does not, and the
first bad entry is named. 2: it can't be read."""
ADVICE = """The keys in a pack were put there by whoever made it. Get a school's key another way, and give it with --key."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=ABOUT, epilog=ADVICE)
    parser.add_argument("pack", metavar="PACK", help="the zip file, as it was made")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY", help="a key to trust; may be given again")
    parser.add_argument("--since", metavar="OLD", help="an earlier pack, or a seal: this one must continue it")
    parser.add_argument("--json", action="store_true", help="answer in one line of JSON")
    asked = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console may not know every letter of a name
    verdict = verify_pack(asked.pack, keys=asked.key, since=asked.since, on_progress=_show_progress)
    sys.stdout.write((to_json(verdict) if asked.json else words(verdict)) + "\n")
    return verdict.exit_status


def _show_progress(done: int, total: int) -> None:
    """On a terminal only, over and over in one line."""
    if sys.stderr.isatty():
        end = "\r" if done < total else "\r" + " " * 30 + "\r"
        sys.stderr.write(f"Checking: {100 * done // max(total, 1)} %{end}")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())

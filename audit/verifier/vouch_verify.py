#!/usr/bin/env python3
"""Checks an audit pack of Vouch: python3 vouch_verify.py PACK [--key VKEY]... [--since OLD] [--policy FILE] [--json]
Holds letters with seals against each other: python3 vouch_verify.py letters LETTER LETTER... [--key VKEY]... [--json]

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
from base64 import b32encode, b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timezone
from functools import lru_cache
from hashlib import sha256, sha512, shake_128, shake_256
from itertools import islice
from json import JSONDecoder, JSONEncoder
from operator import add, lt, mul, sub
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
    """UTF-8 bytes; raises ValueError for what lies outside the subset, or has more than DEEPEST objects and lists within each
    other.
    """
    _require_plain(value)
    return encoded(value)


def encoded(value: Any) -> bytes:
    """The canonical JSON of a value that is known to lie in the subset, which is not checked here."""
    return _ENCODER.encode(value).encode()


def _require_plain(value: Any, depth: int = 0) -> None:
    if value is None or isinstance(value, (str, bool)):
        return  # a lone surrogate fails in encode(), with UnicodeEncodeError, a ValueError
    if isinstance(value, int) and -SAFE_INTEGER < value < SAFE_INTEGER:
        return
    if isinstance(value, (dict, list, tuple)) and depth == DEEPEST:
        raise ValueError("got a value that is nested too deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"got the key {key!r}, want ASCII text")
            _require_plain(item, depth + 1)
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            _require_plain(item, depth + 1)
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
#
# Hashing takes most of the time of what is short here, so loops that run for every entry spell ``node_hash`` out.

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
EVERY_LEVELS: Final = 4  # of so many levels of the tree one is stored: a proof folds at most 15 hashes of each
ONCE_EVERY_LEVELS: Final = 8  # what trails stored at first: until the rest is added, proofs are made of these
STORED_LEVELS: Final = tuple(range(EVERY_LEVELS, 33, EVERY_LEVELS))  # roots of 16, 256, 4,096, … 2^32 leaves
MAX_TREE_SIZE: Final = 2**63 - 1  # what databases and other logs keep a size in
MAX_PROOF_HASHES: Final = 128  # more than any tree of that size asks for

_BYTES: Final = {bytes}
_ARE_STORED: Final = frozenset(STORED_LEVELS)
_LEAST_STORED: Final = (1 << STORED_LEVELS[0]) - 1
_ones: Callable[[int], int] = getattr(int, "bit_count", lambda number: bin(number).count("1"))  # Python 3.10 counts faster


class Subtree(NamedTuple):
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


class Frontier:
    """A log as far as it needs to be known to grow: how many leaves it has, and the roots that they fall into."""

    __slots__ = ("_roots", "size")

    def __init__(self, size: int = 0, hashes: bytes = b"") -> None:
        """``hashes`` are those of a log that has ``size`` leaves already, 32 bytes for each set bit; raises ValueError for fewer
        or more.
        """
        if len(hashes) != HASH_BYTES * _ones(size):
            raise ValueError(f"got a frontier of {len(hashes)} bytes for size {size}")
        self.size = size
        self._roots = [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]

    def push(self, leaf: bytes) -> Sequence[Subtree]:
        """Appends a leaf, and returns the subtrees to store that it completed. Raises ValueError unless it has 32 bytes."""
        if len(leaf) != HASH_BYTES:
            raise ValueError(f"got a leaf of {len(leaf)} bytes")
        self.size = size = self.size + 1
        roots = self._roots
        if size & 1:  # every other leaf completes nothing
            roots.append(leaf)
            return ()
        if not size & _LEAST_STORED:
            return self._complete(leaf)
        leaf = sha256(b"\x01" + roots.pop() + leaf).digest()
        while not size & 2:
            leaf = sha256(b"\x01" + roots.pop() + leaf).digest()
            size >>= 1
        roots.append(leaf)
        return ()

    def _complete(self, node: bytes) -> list[Subtree]:
        """The same for a leaf that completes a subtree of the lowest stored level."""
        completed, roots, level, n = [], self._roots, 0, self.size
        while not n & 1:
            node = sha256(b"\x01" + roots.pop() + node).digest()
            level += 1
            n >>= 1
            if level in _ARE_STORED:
                completed.append(Subtree(level, n - 1, node))
        roots.append(node)
        return completed

    @property
    def hashes(self) -> bytes:
        """All the roots, largest subtree first: what ``Frontier`` takes to go on."""
        return b"".join(self._roots)

    @property
    def root(self) -> bytes:
        """The tree hash of the log."""
        return fold(self._roots)


def fold(roots: Sequence[bytes]) -> bytes:
    """The tree hash over perfect subtrees, largest first: smaller ones fold into larger ones from the right."""
    if not roots:
        return EMPTY_ROOT
    result = roots[-1]
    for left in roots[-2::-1]:
        result = node_hash(left, result)
    return result


def frontier_root(hashes: bytes) -> bytes:
    """The tree hash of the log that has this frontier."""
    return fold([hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)])


def verify_inclusion(*, leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises VerificationError unless the leaf is number ``index`` of the tree (RFC 9162 2.1.3.2). Hashes are 32 bytes."""
    if not (type(index) is type(size) is int and 0 <= index < size <= MAX_TREE_SIZE):
        _require_size("index", index)
        _require_size("size", size)
        raise VerificationError("the entry's number lies beyond the size of the tree", index=index, size=size)
    node, want = _require_hash("leaf_hash", leaf_hash), _require_hash("root", root)
    path = _require_hashes(proof)
    inner = (index ^ (size - 1)).bit_length()
    _require_length(path, inner + _ones(index >> inner), index=index, size=size)
    turns = index
    for sibling in path[:inner]:
        node = sha256(b"\x01" + sibling + node if turns & 1 else b"\x01" + node + sibling).digest()
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
    if {*map(type, given)} <= _BYTES and [*map(len, given)].count(HASH_BYTES) == len(given):
        return given
    for n, item in enumerate(given):  # to say which
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


def commitments_of(openings: Mapping[str, tuple[bytes, str]]) -> dict[str, str]:
    """The commitment, in hex, to each opening, which is a salt of SALT_BYTES and a canonical value, and its field."""
    return {sha256(_domain(field) + salt + value.encode()).hexdigest(): field for field, (salt, value) in openings.items()}


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
    return encoded(fields)  # numbers and names of ours: nothing else can be in it


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


# -------------------- audit/mldsa.py --------------------
# Whether an ML-DSA-44 signature is good (FIPS 204 section 6.3), in plain Python where no library is installed.
#
# ML-DSA is the signature that is meant to hold when somebody has a quantum computer; Ed25519 would not. Each step is named
# after its algorithm in the standard. Any 1,312 bytes are a key; a signature has one encoding. Verifying handles no secret,
# so its time may vary.

MLDSA_KEY_BYTES: Final = 1_312
MLDSA_SIGNATURE_BYTES: Final = 2_420

_Q: Final = 8_380_417  # the prime: coefficients are numbers below it
_N: Final = 256  # coefficients in a polynomial
_ROWS: Final = 4  # polynomials in t1 and h, of equations
_COLUMNS: Final = 4  # polynomials in z, of unknowns
_DROPPED_BITS: Final = 13  # of t, which the key does not hold
_ONES: Final = 39  # coefficients of the challenge that are 1 or -1
_MOST_HINTS: Final = 80
_Z_RANGE: Final = 1 << 17
_LARGEST_Z: Final = _Z_RANGE - 2 * _ONES - 1  # beyond it a signature would tell something of the key
_HALF_STEP: Final = (_Q - 1) // 88
_STEPS: Final = 44  # high parts that a coefficient can have
_SEED_BYTES: Final = 32
_CHALLENGE_BYTES: Final = 32
_T_BYTES: Final = 320  # one polynomial of t1: 256 numbers of 10 bits
_Z_BYTES: Final = 576  # one of z: 256 numbers of 18 bits

_Poly = list[int]


def mldsa_verify(public_key: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
    """True for a good signature; False for any other bytes. Asks ``cryptography`` where it is installed and can.

    ``context`` is that of FIPS 204, at most 255 bytes; notes have none.
    """
    if len(public_key) != MLDSA_KEY_BYTES or len(signature) != MLDSA_SIGNATURE_BYTES or len(context) > 255:
        return False
    verdict = _mldsa_library_verdict(public_key, message, signature, context)
    return _is_mldsa_signed(public_key, message, signature, context) if verdict is None else verdict


def _mldsa_library_verdict(public_key: bytes, message: bytes, signature: bytes, context: bytes) -> bool | None:
    """None where the library is missing, or can't do ML-DSA."""
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # may be missing
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
    except ImportError:
        return None
    try:
        MLDSA44PublicKey.from_public_bytes(public_key).verify(signature, message, context or None)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True


def _is_mldsa_signed(public_key: bytes, message: bytes, signature: bytes, context: bytes) -> bool:
    """Algorithms 3 and 8: whether the challenge comes out again of the key, the message and the answer ``z``."""
    challenge, hints = signature[:_CHALLENGE_BYTES], _hints(signature[-_MOST_HINTS - _ROWS :])
    z = [_z_polynomial(signature, _CHALLENGE_BYTES + n * _Z_BYTES) for n in range(_COLUMNS)]
    if hints is None or any(abs(number) > _LARGEST_Z for one in z for number in one):
        return False
    bound = shake_256(public_key).digest(64) + b"\0" + bytes([len(context)]) + context + message
    digest = shake_256(bound).digest(64)
    seed, c = public_key[:_SEED_BYTES], _transformed(_challenge_polynomial(challenge))
    unknowns = [_transformed(one) for one in z]
    high = [_high_parts(_equation(seed, row, unknowns, c, _t_polynomial(public_key, row)), hints[row]) for row in range(_ROWS)]
    return shake_256(digest + b"".join(map(_packed, high))).digest(_CHALLENGE_BYTES) == challenge


def _equation(seed: bytes, row: int, unknowns: Sequence[_Poly], c: _Poly, t: _Poly) -> _Poly:
    """One row of A·z - c·t, back from the transform; numbers of any size, equal modulo q."""
    total = map(mul, (-number for number in c), _transformed(t))
    for column, unknown in enumerate(unknowns):
        total = map(add, total, map(mul, _matrix_polynomial(seed, row, column), unknown))
    return _back([number % _Q for number in total])


def _z_polynomial(signature: bytes, start: int) -> _Poly:
    """BitUnpack: numbers of 18 bits, each taken from 2^17, so from -2^17 + 1 to 2^17."""
    whole = int.from_bytes(signature[start : start + _Z_BYTES], "little")
    return [_Z_RANGE - number for number in _numbers(whole, 18)]


def _t_polynomial(public_key: bytes, row: int) -> _Poly:
    """SimpleBitUnpack: numbers of 10 bits, times 2^13."""
    start = _SEED_BYTES + row * _T_BYTES
    whole = int.from_bytes(public_key[start : start + _T_BYTES], "little")
    return [number << _DROPPED_BITS for number in _numbers(whole, 10)]


def _numbers(whole: int, bits: int) -> Iterable[int]:
    mask = (1 << bits) - 1
    return (whole >> at & mask for at in range(0, _N * bits, bits))


def _hints(encoded: bytes) -> list[set[int]] | None:
    """HintBitUnpack: for each row the places whose high part is one off; None for an encoding that no signer makes."""
    places, ends = encoded[:_MOST_HINTS], encoded[_MOST_HINTS:]
    rows, start = [], 0
    for end in ends:
        row = places[start:end]
        if not start <= end <= _MOST_HINTS or list(row) != sorted(set(row)):
            return None
        rows.append(set(row))
        start = end
    return None if any(places[start:]) else rows


def _challenge_polynomial(challenge: bytes) -> _Poly:
    """SampleInBall: 39 coefficients are 1 or -1, the others 0."""
    drawn = shake_256(challenge).digest(8 + 4 * _N)  # some 50 bytes are needed
    signs, at, c = int.from_bytes(drawn[:8], "little"), 8, [0] * _N
    for place in range(_N - _ONES, _N):
        while drawn[at] > place:
            at += 1
        c[place] = c[drawn[at]]
        c[drawn[at]] = 1 - 2 * (signs & 1)
        signs, at = signs >> 1, at + 1
    return c


def _matrix_polynomial(seed: bytes, row: int, column: int) -> _Poly:
    """RejNTTPoly: numbers of 23 bits, those below q, which are transformed already.

    One in a thousand is passed over; that 80 of 336 are is likely in none of 2^500 draws.
    """
    drawn = shake_128(seed + bytes([column, row])).digest(3 * 336)
    whole = (a | b << 8 | (c & 127) << 16 for a, b, c in zip(drawn[0::3], drawn[1::3], drawn[2::3]))  # bare Python 3.9
    return [number for number in whole if number < _Q][:_N]


def _high_parts(numbers: _Poly, hints: set[int]) -> _Poly:
    """UseHint: which of the 44 steps each number is nearest to, or the next one on its other side where there is a hint."""
    steps = [(number + _HALF_STEP - 1) // (2 * _HALF_STEP) for number in numbers]
    for place in hints:
        steps[place] += 1 if numbers[place] > steps[place] * 2 * _HALF_STEP else -1
    return [step % _STEPS for step in steps]


def _packed(steps: _Poly) -> bytes:
    """SimpleBitPack: numbers of 6 bits, four of them in three bytes."""
    fours = zip(steps[0::4], steps[1::4], steps[2::4], steps[3::4])  # bare Python 3.9
    return b"".join((a | b << 6 | c << 12 | d << 18).to_bytes(3, "little") for a, b, c, d in fours)


def _transformed(numbers: _Poly) -> _Poly:
    """NTT, after which polynomials multiply number by number. Takes numbers of any size, equal modulo q; gives such.

    Each of the eight layers joins the first half with the second and writes the results alternately, so that all layers
    walk through the list alike: Python is quickest with whole lists. What comes out is in the standard's order.
    """
    for factors in _FACTORS:
        low, high = numbers[: _N // 2], [number % _Q for number in map(mul, factors, numbers[_N // 2 :])]
        numbers[0::2], numbers[1::2] = map(add, low, high), map(sub, low, high)
    return numbers


def _back(numbers: _Poly) -> _Poly:
    """Inverse NTT: the same layers from the last to the first, each undone; numbers below q."""
    for inverses in reversed(_INVERSES):
        even, odd = numbers[0::2], numbers[1::2]
        high = [number % _Q for number in map(mul, inverses, map(sub, even, odd))]
        numbers = [*map(add, even, odd), *high]
    return [number * _ONE_256TH % _Q for number in numbers]


def _layer(layer: int) -> _Poly:
    """What the second half is multiplied by: powers of 1753, a 512th root of 1, in the order of appendix B."""
    first = 1 << layer
    zetas = [pow(1753, int(f"{number:08b}"[::-1], 2), _Q) for number in range(first, 2 * first)]
    return zetas * (_N // 2 // first)


_FACTORS: Final = tuple(map(_layer, range(8)))
_INVERSES: Final = tuple([pow(factor, -1, _Q) for factor in factors] for factors in _FACTORS)
_ONE_256TH: Final = pow(_N, -1, _Q)


# -------------------- audit/vkeys.py --------------------
# The keys of signed notes (C2SP signed-note, tlog-cosignature) as text: those that verify, and those that sign.
#
# A verifier key is ``name+id+base64``: the id 8 hex digits, the base64 that of a type byte and the public key. A signing key has
# ``PRIVATE+KEY+`` before it and a seed of 32 bytes in the public key's place, and is secret. Reading a verifier key raises
# VerificationError and nothing else; signing keys raise ValueError and need ``cryptography``.

ED25519_TYPE: Final = b"\x01"  # signs the text of a note
WITNESS_TYPE: Final = b"\x04"  # Ed25519 too: signs a time and the text of a checkpoint
MLDSA_TYPE: Final = b"\x06"  # ML-DSA-44: signs a time and what a checkpoint says of its tree
KEY_BYTES: Final = {ED25519_TYPE: ED25519_KEY_BYTES, WITNESS_TYPE: ED25519_KEY_BYTES, MLDSA_TYPE: MLDSA_KEY_BYTES}
ALGORITHMS: Final = {ED25519_TYPE: "Ed25519", MLDSA_TYPE: "ML-DSA-44"}  # by which logs sign, as verdicts name them
KEY_ID_BYTES: Final = 4
PRIVATE_PREFIX: Final = "PRIVATE+KEY+"
SEED_BYTES: Final = 32
# What no name of a key holds: Unicode's White_Space, which is these 25 characters in every version, plus signs, lone surrogates.
NO_KEY_NAME: Final = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+\ud800-\udfff]")
LONGEST_COSIGNER: Final = 255  # bytes of a name: what ML-DSA-44 signs gives the length of the name one byte


class VerifierKey(NamedTuple):
    """A key that verifies, taken apart. ``data`` is its type byte and the public key."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def type(self) -> bytes:
        return self.data[:1]

    def shown(self) -> str:
        """The key as messages name it: its name and its id."""
        return f"{self.name}+{self.key_id.hex()}"


def read_vkey(text: Any) -> VerifierKey:
    """Takes a verifier key of one of the three types apart. Raises VerificationError for what is none."""
    if type(text) is str and text.startswith(PRIVATE_PREFIX):
        raise VerificationError("this is a signing key, which is secret: give the verifier key")
    parts = key_parts(text)
    if parts is None:
        raise VerificationError("this is not a verifier key: name+8 hex digits+base64", key=_shown(text))
    name, key_id, data = parts
    if len(data) - 1 != KEY_BYTES.get(data[:1]) or (data[:1] == MLDSA_TYPE and len(name.encode()) > LONGEST_COSIGNER):
        raise VerificationError("the verifier key is neither an Ed25519 nor an ML-DSA-44 key", key=text)
    if key_id != key_id_of(name, data):
        raise VerificationError("the verifier key was mistyped: its id is not that of its name and key", key=text)
    if data[:1] != MLDSA_TYPE and not is_ed25519_key(data[1:]):
        raise VerificationError("the verifier key is one that anybody could sign with, or that nobody has", key=text)
    return VerifierKey(name, key_id, data)


def read_log_key(text: Any) -> VerifierKey:
    """As read_vkey, of the keys that sign notes; raises VerificationError for a witness's of type 0x04, which signs none."""
    key = read_vkey(text)
    if key.type == WITNESS_TYPE:
        raise VerificationError("the verifier key is a witness's, which signs no notes", key=key.shown())
    return key


def key_name(verifier_key: str) -> str:
    """The name in a verifier key that signs notes; raises VerificationError for what is none."""
    return read_log_key(verifier_key).name


def new_key(name: str, key_type: bytes = ED25519_TYPE) -> tuple[str, str]:
    """A signing key, to be kept secret, and its verifier key, to be given away. Raises ValueError for a bad name."""
    if not is_key_name(name) or len(name.encode()) > LONGEST_COSIGNER:
        raise ValueError(f"got the key name {name!r}, want at most 255 bytes of text without spaces and plus signs")
    private = _new_private(key_type)
    data = key_type + private.public_key().public_bytes_raw()
    secret = b64encode(key_type + private.private_bytes_raw()).decode()
    return f"{PRIVATE_PREFIX}{name}+{key_id_of(name, data).hex()}+{secret}", vkey_text(name, data)


def vkey_of(signing_key: str) -> str:
    """The verifier key of a signing key. Raises ValueError for what is none."""
    key, _ = read_signing_key(signing_key)
    return vkey_text(key.name, key.data)


def read_signing_key(signing_key: str) -> tuple[VerifierKey, Any]:
    """The verifier key of a signing key, and the private key as ``cryptography`` has it. Raises ValueError for what is none."""
    parts = key_parts(signing_key[len(PRIVATE_PREFIX) :]) if signing_key.startswith(PRIVATE_PREFIX) else None
    if parts is None or parts[2][:1] not in KEY_BYTES or len(parts[2]) != 1 + SEED_BYTES:
        raise ValueError("got something else than a signing key")  # never the key itself: it is secret
    name, key_id, secret = parts
    private = _private_of(secret[:1], secret[1:])
    data = secret[:1] + private.public_key().public_bytes_raw()
    if key_id != key_id_of(name, data):
        raise ValueError("got a signing key whose id is not that of its name and key")
    return VerifierKey(name, key_id, data), private


def vkey_text(name: str, data: bytes) -> str:
    """The verifier key as text; ``data`` is its type byte and the public key."""
    return f"{name}+{key_id_of(name, data).hex()}+{b64encode(data).decode()}"


def key_id_of(name: str, data: bytes) -> bytes:
    """The four bytes by which notes name a key; ``data`` is its type byte and the public key."""
    return sha256(name.encode() + b"\n" + data).digest()[:KEY_ID_BYTES]


def key_parts(text: Any) -> tuple[str, bytes, bytes] | None:
    """Of the text of a key of any type: name, key id, and the type byte with the key; None for what is none.

    Base64 may hold plus signs, names may not.
    """
    parts = text.split("+", 2) if type(text) is str else []
    if len(parts) != 3 or not is_key_name(parts[0]) or len(parts[1]) != 2 * KEY_ID_BYTES:
        return None
    data = strict_base64(parts[2])
    try:
        key_id = binascii.unhexlify(parts[1])
    except ValueError:
        return None
    return (parts[0], key_id, data) if data else None


def is_key_name(name: str) -> bool:
    """Not empty, no white space and plus signs, and text that has UTF-8 bytes."""
    return name != "" and not NO_KEY_NAME.search(name)


def strict_base64(text: str) -> bytes | None:
    """None for anything but the one encoding of some bytes: spare bits could be flipped unnoticed."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if b64encode(raw).decode() == text else None


def _new_private(key_type: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # only signers need it
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    return MLDSA44PrivateKey.generate() if key_type == MLDSA_TYPE else Ed25519PrivateKey.generate()


def _private_of(key_type: bytes, seed: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # only signers need it
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    return MLDSA44PrivateKey.from_seed_bytes(seed) if key_type == MLDSA_TYPE else Ed25519PrivateKey.from_private_bytes(seed)


def _shown(given: Any) -> str:
    return ascii(given)[:200] if type(given) is str else type(given).__name__


# -------------------- audit/note.py --------------------
# Signed notes and checkpoints of C2SP (signed-note, tlog-checkpoint, tlog-cosignature): on screen, a seal.
#
# A line on a note is by Ed25519 or by ML-DSA-44, which signs checkpoints only. Opening a note verifies every signature by a known
# key: one that fails refuses the note, signatures by unknown keys are ignored, and without a known one nothing holds. What
# reads raises VerificationError and nothing else; what signs raises ValueError for what can't be signed, and needs
# ``cryptography``.

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


# -------------------- audit/fingerprint.py --------------------
# The fingerprint of a verifier key: short enough to be read out on the telephone, long enough that nobody makes another key for
# it. The first 160 bits of SHA-256 over the key's whole text, its id in small letters, in base 32 (RFC 4648, with letters of our
# own: the digits 2 to 9 and the capitals without O and I), in eight groups of four.

LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is taken for another: no 0 and O, no 1 and I
FINGERPRINT_BYTES: Final = 20
GROUP: Final = 4
_OURS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", LETTERS)  # for the letters of RFC 4648


def fingerprint(verifier_key: str) -> str:
    """Such as "K7QF 2MXA …". Takes any text: whether it is a key, its reader says."""
    name, plus, rest = verifier_key.partition("+")
    key_id, other_plus, key = rest.partition("+")
    whole = f"{name}{plus}{key_id.lower()}{other_plus}{key}".encode("utf-8", "surrogatepass")
    return _grouped(b32encode(sha256(whole).digest()[:FINGERPRINT_BYTES]).decode().translate(_OURS))


def as_fingerprint(text: str) -> str | None:
    """A fingerprint as somebody typed it, in small letters or without spaces, as it is written here; None for anything else."""
    letters = re.sub(r"[ \t\r\n-]", "", text).upper()
    is_one = len(letters) == FINGERPRINT_BYTES * 8 // 5 and set(letters) <= set(LETTERS)
    return _grouped(letters) if is_one else None


def _grouped(letters: str) -> str:
    return " ".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


# -------------------- audit/cosignature.py --------------------
# Cosignatures of C2SP tlog-cosignature: a witness says when it saw a head, and that this continues all that it saw before.
#
# By Ed25519 (signature type 0x04) or ML-DSA-44 (0x06). Reading raises VerificationError and nothing else; signing raises
# ValueError for what can't be signed, and needs ``cryptography``.

LAST_SECOND: Final = 253_402_300_799  # of the year 9999: no calendar shows what comes after
COSIGNATURE_BYTES: Final = frozenset({8 + 64, 8 + 2_420})  # a time, and a signature by Ed25519 or ML-DSA-44
Cosigner = VerifierKey


def cosigner_of(verifier_key: Any) -> Cosigner:
    """Reads a witness's verifier key. Raises VerificationError for anything else, an Ed25519 key of a log too."""
    key = read_vkey(verifier_key)
    if key.type == ED25519_TYPE:
        raise VerificationError("this is not the key of a witness", key=key.shown())
    return key


def seen_by(note: bytes, cosigners: Iterable[Cosigner]) -> dict[Cosigner, int]:
    """Which of ``cosigners`` signed the head in the note, and when: seconds since 1970, of several the earliest.

    Lines by other keys count for nothing. Raises VerificationError for what is no note, and for a line by one of ``cosigners``
    that it did not sign.
    """
    text, lines = split_note(note)
    known = {(one.name, one.key_id): one for one in cosigners}
    found: dict[Cosigner, int] = {}
    for line in lines:
        cosigner = known.get((line.name, line.key_id))
        if cosigner is None:
            continue
        at = time_signed(cosigner, text, line.signature)
        if at is None or not 0 < at <= LAST_SECOND:
            raise VerificationError("the signature is not by the witness that it names", key=cosigner.shown())
        found[cosigner] = min(at, found.get(cosigner, at))
    return found


def has_lines_of_others(note: bytes, names: Collection[str]) -> bool:
    """Whether a line of the note is as long as a cosignature and under none of these names: so may be that of a witness.

    Raises VerificationError for what is no note.
    """
    return any(len(line.signature) in COSIGNATURE_BYTES and line.name not in names for line in split_note(note)[1])


def add_checkpoint(old: int, proof: Iterable[bytes], note: bytes) -> bytes:
    """What a log sends to a witness that saw ``old`` entries last (C2SP tlog-witness): the proof from there, and its note."""
    lines = [f"old {old}", *(b64encode(one).decode() for one in proof)]
    return ("\n".join(lines) + "\n\n").encode() + note


def new_cosigner(name: str, key_type: bytes = WITNESS_TYPE) -> tuple[str, str]:
    """A witness's signing key, to be kept secret, and its verifier key. Raises ValueError for a bad name."""
    return new_key(name, key_type)


def cosigner_key_of(signing_key: str) -> str:
    """The verifier key of a witness's signing key. Raises ValueError for what is none."""
    return vkey_of(signing_key)


def cosignature_line(text: str, signing_key: str, at: int) -> str:
    """The line, with its newline, by which a witness cosigns the text of a note at that time, in seconds since 1970.

    Raises ValueError for what is no checkpoint, or no time that a calendar shows.
    """
    if not 0 < at <= LAST_SECOND:
        raise ValueError(f"got the time {at}, want seconds since 1970 that a calendar shows")
    if read_signing_key(signing_key)[0].type == ED25519_TYPE:
        raise ValueError("got something else than a witness's signing key")
    return signature_line(text, signing_key, at=at)


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
PERSONAL: Final = "personal."  # what the names of fields begin with that a person wrote, or that tell of one
_PAST: Final = {"revised": ("corrected",), "changed": ("corrected",), "withdrawn": ("withdrawn",)}
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
    texts = {name[len(PERSONAL) :]: value for name, value in openings.items() if name.startswith(PERSONAL)}
    if erased:
        texts.update((name[len(PERSONAL) :], ERASED) for name in erased if name.startswith(PERSONAL))
    about = _about(texts.pop(SUPPLIER_NAME, None), texts.pop(SUPPLIER_IDENTIFIERS, None)) if tells_about else ""
    olds, news = [], []
    for field, old, new in _pairs(facts, texts):
        if field == "reason":
            continue
        if old is not None:
            olds.append(f"{field}: {old}")
        if new is not None:
            news.append(f"{field}: {new}")
    happened = str(facts.get("happened_on") or "")
    lag = _lag(happened, event["at"]) if happened else None
    unnamed = withheld - sum(name not in openings and name not in erased for name in ("actor", "facts")) if withheld else 0
    if unnamed > 0:
        news.append(f"{WITHHELD}: {unnamed}")
    return TimelineRow(
        entry=idx + 1,
        happened=happened,
        recorded=instant(event["at"]),
        lag=lag,
        who=who(openings["actor"]) if "actor" in openings else ERASED if "actor" in erased else WITHHELD,
        what=event["type"],
        old="; ".join(olds),
        new="; ".join(news),
        reason=shown(facts.get("reason")) or shown(texts.get("reason")) or "",
        evidence=" ".join(digests(facts)),
        flags=_flags(event["type"], lag, is_erased=bool(erased)),
        about=about,
    )


def changes(facts: Mapping[str, Any], personal: Mapping[str, str]) -> tuple[Change, ...]:
    """What changed from old to new first, then the other facts, then free text; each group by field name."""
    found = _pairs(facts, personal)
    return tuple(Change(field, old, new) for field, old, new in found if old is not None or new is not None)


def _pairs(facts: Mapping[str, Any], personal: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str | None]]:
    """The same, and what neither was nor is anything."""
    olds, news = _mapping(facts.get("old")), _mapping(facts.get("new"))
    for field in sorted({*olds, *news}):
        yield field, shown(olds.get(field)), shown(news.get(field))
    for field in sorted(facts):
        if field not in KEPT_APART:
            yield field, None, shown(facts[field])
    for field in sorted({name.removesuffix(".old") for name in personal}):
        yield field, shown(personal.get(f"{field}.old")), shown(personal.get(field))


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
    if isinstance(value, str):
        return str(value) or None
    if value is None or isinstance(value, Mapping):
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
    if not attachments or not isinstance(attachments, (list, tuple)):
        return ()
    return tuple(str(one["sha256"]) for one in attachments if isinstance(one, Mapping) and "sha256" in one)


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


def _joined(texts: tuple[str, ...]) -> bytes:
    quoted = map(_quoted, texts) if QUOTED.search("".join(texts)) else texts
    return f"{','.join(quoted)}\r\n".encode()


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
    late = ("late",) if lag is not None and lag > LATE_DAYS else ()
    changed = _PAST.get(past, ())
    gone = ("erased",) if is_erased or what == "erasure.applied" else ()
    return late + changed + gone


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if value is not None and isinstance(value, Mapping) else {}


# -------------------- audit/times.py --------------------
# What the times of a trail's entries say: where a clock was behind, and what no clock explains.
#
# An entry's time, ``at``, is never before that of the entry before it. Where the clock said less, the entry has the time of the
# one before it, and its event commits ``clock``, what the clock said. All are whole microseconds since 1970, UTC.

SLACK: Final = 60_000_000  # microseconds: how far apart the clocks of computers that serve one database may be
UNITS: Final = (("day", 86_400_000_000), ("hour", 3_600_000_000), ("minute", 60_000_000), ("second", 1_000_000))
# A UUIDv7 (RFC 9562): its first 48 bits are milliseconds since 1970.
_TIMED_ID: Final = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


@dataclass
class SomeEntries:
    """Entries of which one thing is true: the positions of the first and the last, from 0, how many, and the most
    microseconds by which it is true of any.
    """

    first: int
    last: int
    entries: int
    most: int


@dataclass
class Times:
    """What the times of the entries noted so far amount to, each None where no entry is so.

    ``held``: their time is that of the entry before, because the clock said less. ``falling``: their time lies before that of
    an entry before. ``unexplained``: what they commit as the clock's doesn't account for their time. ``apart``: their id was
    made more than SLACK from what the clock said, or tells no time.
    """

    held: SomeEntries | None = None
    falling: SomeEntries | None = None
    unexplained: SomeEntries | None = None
    apart: SomeEntries | None = None
    last_idx: int = -1
    last_at: int = 0

    def note(self, idx: int, event: Mapping[str, Any]) -> None:
        """Takes in the next entry's event. Entries may be missing between it and the one before."""
        at, said = event["at"], event.get("clock", event["at"])
        if "clock" in event:
            follows = self.last_idx + 1 != idx or self.last_at == at
            if said < at and follows:
                self.held = _with(self.held, idx, at - said)
            else:
                self.unexplained = _with(self.unexplained, idx, abs(at - said))
        if at < self.last_at:
            self.falling = _with(self.falling, idx, self.last_at - at)
        made = id_time(event["id"])
        if made is None or abs(made - said) > SLACK:
            self.apart = _with(self.apart, idx, 0 if made is None else abs(made - said))
        self.last_idx, self.last_at = idx, at


def id_time(event_id: str) -> int | None:
    """When an id was made, to the millisecond; None for one that isn't a UUIDv7, or of a time that no entry can have."""
    found = _TIMED_ID.match(event_id)
    made = int(found[1] + found[2], 16) * 1_000 if found else None
    return made if made is not None and made < SAFE_INTEGER else None


def held_line(held: SomeEntries) -> str:
    """For people, from which entry to which; without its end."""
    return f"Times held: {_which(held)}, as the clock was behind the entry before, by {span_in_words(held.most)} at most"


def remarks(times: Times) -> tuple[str, ...]:
    """What to tell the people whose trail it is: times held by more than a minute, and the warnings."""
    held = (f"{held_line(times.held)}.",) if times.held and times.held.most > SLACK else ()
    return (*held, *time_warnings(times))


def time_warnings(times: Times) -> tuple[str, ...]:
    """A sentence for each thing that no clock that keeps time explains. No fault: what was recorded is still what it was."""
    return tuple(
        f"{sentence}: {_which(found)}, by {span_in_words(found.most)} at most. Ask why."
        for sentence, found in (
            ("The recorded time goes back", times.falling),
            ("What the clock is said to have shown does not account for the recorded time", times.unexplained),
            ("The entry's id was made at another time than the one recorded, or tells none", times.apart),
        )
        if found
    )


def span_in_words(microseconds: int) -> str:
    """In words, rounded down to its largest unit."""
    for name, unit in UNITS:
        number = microseconds // unit
        if number:
            return f"{number:,} {name}{'' if number == 1 else 's'}"
    return "less than a second"


def _which(found: SomeEntries) -> str:
    if found.entries == 1:
        return f"entry {found.first + 1:,}"
    return f"{found.entries:,} entries, from {found.first + 1:,} to {found.last + 1:,}"


def _with(found: SomeEntries | None, idx: int, by: int) -> SomeEntries:
    if found is None:
        return SomeEntries(idx, idx, 1, by)
    found.last, found.entries, found.most = idx, found.entries + 1, max(found.most, by)
    return found


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
    "rotations": 64 * KIB,
    "timestamp": 64 * KIB,
    "leaves": 2 * GIB,  # the hashes of 2^26 entries
    "timeline.csv": 512 * MIB,
    "READ-ME.txt": MIB,
    "vouch_verify.py": MIB,
    "report.pdf": 256 * MIB,
    "report.xlsx": 256 * MIB,
}
EVIDENCE: Final = re.compile(r"evidence/([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,5})?\Z")
# What a file of evidence may end with by the media type that its entry gives it, besides nothing, so that it opens by a click and
# as nothing else. Of other types nothing is known here.
EVIDENCE_ENDINGS: Final[Mapping[str, str]] = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "text/plain": ".txt",
    "message/rfc822": ".eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-outlook": ".msg",
}
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
NOT_PLAIN: Final = "The zip holds a link, a device or a folder in the place of a file. Don't unpack it: no audit pack has one."


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
        if not _is_plain_file(fields[15]):
            raise Unreadable(NOT_PLAIN)
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


def _is_plain_file(attributes: int) -> bool:
    """Whether whoever unpacks the file gets a file: no link, device or folder, by Unix's type or by DOS's marks."""
    return attributes >> 28 in (0, 8) and not attributes & 0x58


def _known_name(raw: bytes) -> str:
    name = raw.decode("ascii", "replace")
    if name not in MAX_SIZES and not EVIDENCE.match(name):
        raise unheard_of(name)
    return name


def unheard_of(name: str) -> Unreadable:
    """What to raise for a file that packs don't have."""
    return Unreadable(f"The zip has a file that no audit pack has: {name!r:.80}.")


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


def has_fitting_ending(name: str, media_types: Collection[str]) -> bool:
    """Whether a name of evidence ends as a file of one of these media types does."""
    ending = name[len("evidence/") + 64 :]
    return not ending or any(EVIDENCE_ENDINGS.get(one, ending) == ending for one in media_types)


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

PACK_FORMAT: Final = "vouch-audit-pack/3"
VERSIONS: Final[Mapping[str, int]] = {"vouch-audit-pack/1": 1, "vouch-audit-pack/2": 2, PACK_FORMAT: 3}
SINCE_THIRD: Final = frozenset({"rotations", "timestamp"})  # files that older packs can't have
COMPLETE, EXTRACT = "complete", "extract"
LONGEST_NAME: Final = 500  # of a school, stream, origin or key
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEX_DIGITS: Final = "0123456789abcdef"
_PLAIN_TEXT: Final = re.compile(r'"[^"\\\x00-\x1f\ud800-\udfff]*"\Z')  # nothing in it is escaped
_KEYS: Final = frozenset({"format", "grade", "size", "root", "origins", "school", "scope", "keys", "files"})


@dataclass(frozen=True)
class FileClaim:
    size: int
    sha256: str


@dataclass(frozen=True)
class PackManifest:
    """``version`` is 1, 2 or 3, of the format; ``origins`` holds (name, first idx) in order; ``streams`` maps the tags in scope,
    in hex, to names; ``since`` and ``until`` are microseconds since 1970 or None.
    """

    version: int
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
    cosigners: tuple[str, ...]  # none in packs before the third format

    @property
    def tells_about(self) -> bool:
        """Whether timeline.csv says whom each entry is about."""
        return self.version >= 2

    def covers(self, at: int) -> bool:
        """Whether the period, which is half-open, holds this instant."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def read_manifest(archive: Archive) -> PackManifest:
    """Raises Unreadable for anything that is not in the form that docs/reference/pack-format.md gives, or a file in the zip
    that packs of its format don't have.
    """
    try:
        manifest = _manifest(_keyed(canonical_value(read_all(archive, "manifest.json"))))
    except ValueError as error:
        raise Unreadable(f"The manifest is not in the form that manifests have: {error}.") from error
    for name in archive.members:
        if not _is_known(name, manifest.version):
            raise unheard_of(name)
    return manifest


def canonical_value(data: bytes) -> Any:
    """The value of which these bytes are the canonical JSON; raises ValueError if they are not that of any."""
    return value_of(data.decode())


def value_of(text: str) -> Any:
    """The value of which this is the canonical JSON; raises ValueError if it is not that of any.

    The decoder refuses numbers outside the subset. What else lies outside can't be in ASCII that reads back as it was, with
    no more brackets than may be nested: a key with other characters would come back as these characters.
    """
    if _PLAIN_TEXT.match(text):
        return text[1:-1]
    try:
        value, _ = _DECODER.raw_decode(text)  # what is left over does not come back
        is_plain = text.isascii() and text.count("[") + text.count("{") <= DEEPEST
        again = encoded(value) if is_plain else canonical_json(value)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if again != text.encode():
        raise ValueError("it is not canonical JSON")
    return value


def is_hex(value: Any, size: int) -> bool:
    """Whether it is the text of that many bytes, in lower case."""
    return isinstance(value, str) and len(value) == 2 * size and not value.strip(HEX_DIGITS)


def is_count(value: Any) -> bool:
    """Whether it is a whole number from 0 to below 2^53; booleans are none."""
    return type(value) is int and 0 <= value < SAFE_INTEGER


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


def _manifest(given: dict[str, Any]) -> PackManifest:
    version = VERSIONS.get(str(given.get("format")), 0)
    _require(version, f"its format is not {PACK_FORMAT}: a newer verifier may be needed")
    _keyed(given, _KEYS | {"cosigners"} if version >= 3 else _KEYS)
    _require(given["grade"] in (COMPLETE, EXTRACT), "grade")
    _require(is_count(given["size"]), "size")
    _require(is_hex(given["root"], 32), "root")
    scope = _keyed(given["scope"], {"streams", "all", "since", "until"})
    _require(isinstance(scope["all"], bool), "scope.all")
    since, until = _instants(scope)
    return PackManifest(
        version=version,
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
        files={name: _file(name, claim, version) for name, claim in _keyed(given["files"]).items()},
        cosigners=tuple(map(_cosigner, _list(given.get("cosigners", []), "cosigners"))),
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
        _require(scope[name] is None or is_count(scope[name]), f"scope.{name}")
    return scope["since"], scope["until"]


def _file(name: str, claim: Any, version: int) -> FileClaim:
    _require(name != "manifest.json" and _is_known(name, version), "files")
    fields = _keyed(claim, {"size", "sha256"})
    _require(is_count(fields["size"]) and is_hex(fields["sha256"], 32), "files")
    return FileClaim(fields["size"], fields["sha256"])


def _is_known(name: str, version: int) -> bool:
    """Whether packs of that version may have a file of the name."""
    return bool(EVIDENCE.match(name)) or (name in MAX_SIZES and (version >= 3 or name not in SINCE_THIRD))


def is_name(value: Any) -> bool:
    """Whether it is a text of 1 to 500 characters without control characters."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and not CONTROLS.search(value)


def _name(value: Any, where: str) -> str:
    _require(is_name(value), where)
    return str(value)


def _cosigner(value: Any) -> str:
    """A verifier key of ML-DSA-44, which is longer than a name may be."""
    try:
        _require(not CONTROLS.search(str(value)) and read_vkey(value).type == MLDSA_TYPE, "cosigners")
    except VerificationError as error:
        raise ValueError("cosigners") from error
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
# What a check of an audit pack can say: the faults with their sentences, and the verdict in JSON.

HOLDS, FAILS, UNREADABLE = "holds", "fails", "unreadable"
# Controls, format characters, spaces but the plain one, surrogates, private use: by number, as Unicode's versions differ in more.
UNSEEN: Final = re.compile(
    "[\0-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\ud800-\uf8ff\ufeff\ufff9-\uffff\U000e0000-\U0010ffff]"
)
LONGEST_LINE: Final = 700  # a name of the longest allowed, and what is said about it
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
    "facts": "Entry {n} does not show what it did: its facts are missing.",
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
    "rotations": "The chain from one key to the next does not hold: {why}.",
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
    "evidence-ending": "{name} does not end as a file of its kind does, by what its entry says that it is.",
    "files": "{name} is listed in the manifest and not in the pack, or the other way round.",
    "file": "{name} is not the file that the manifest lists.",
}
# Looked for behind seal-head, and only where a policy was given: the check in the browser takes none.
POLICY_FAULTS: Final[Mapping[str, str]] = {
    "witnesses": "The seal was not seen by those whom your policy asks for: {why}.",
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
# By ``trust``, whose the copy of the trail's head is: only a known key says that the pack is the school's.
COPY: Final[Mapping[str, str]] = {"given": "known", "self-asserted": "self-asserted", "unsealed": "none"}
# How a pack that holds is announced, and what that leaves open: by ``copy``.
ANNOUNCED: Final[Mapping[str, str]] = {
    "known": "holds",
    "self-asserted": "holds, by a key that came with it",
    "none": "holds, but has no seal",
}
LIMITS: Final[Mapping[str, str]] = {
    "known": "",
    "self-asserted": (
        "Whoever made the pack may have made the key that sealed it. Ask the school for its key, or have the fingerprint read "
        "out to you, and check again with that."
    ),
    "none": "The trail was not sealed, so this pack can't show that the record was not made anew from its first entry.",
}
GRADES: Final[Mapping[str, str]] = {
    "complete": "complete: every entry of the trail is accounted for, and nothing was left out",
    "extract": "extract: nothing was changed; it can't show that nothing came after its last entry",
}


# SHA-256 of verifiers that earlier versions published and put into packs. This one's own its reader works out.
EARLIER_VERIFIERS: Final = ("34e1ecc0f14560ae0bb792b1fd133414709f66465ff4747763d0fd70834983e7",)  # 0.1
OTHER_VERIFIER: Final = (
    "The pack brings a verifier of its own that differs from every one that is known here: it is of another version of Vouch, or "
    "forged. Use your own copy, and don't start that one."
)
# What a verifier does not look at, where a pack or what was given beside it has some, in this order.
LEFT_OPEN: Final[Mapping[str, str]] = {
    "timestamp": "Time stamp: not checked here.",
    "witnesses": "Witnesses: not checked here.",
    "earlier-seal": "Seal of the earlier one: not checked, as it has none by a key that is known here.",
}


class PackFault(Exception):
    """A check failed: ``fault`` is a key of FAULTS or POLICY_FAULTS, ``idx`` the entry where there is one; ``values`` are
    what the sentence needs.
    """

    def __init__(self, fault: str, idx: int | None = None, **values: object) -> None:
        super().__init__(fault)
        self.fault, self.idx, self.values = fault, idx, values

    def sentence(self) -> str:
        values = {name: printable(value) if isinstance(value, str) else value for name, value in self.values.items()}
        return {**FAULTS, **POLICY_FAULTS}[self.fault].format(n=None if self.idx is None else self.idx + 1, **values)


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
class Sighting:
    """A witness that saw the seal, by the name of its key, and when it says that it did."""

    name: str
    at: str


@dataclass(frozen=True)
class SealKey:
    """A key that signed the seal, and its fingerprint, to be compared with one that came another way."""

    vkey: str
    algorithm: str
    fingerprint: str


@dataclass(frozen=True)
class PackFacts:
    """What a pack that holds shows. Times are ISO 8601 in UTC; ``idx`` counts from 0; counts of values, not of entries, are
    ``withheld`` and ``erased``; ``other_…`` is None in an extract, which does not know; ``trust`` is a key of TRUST,
    ``copy`` of ANNOUNCED.
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
    held: SomeEntries | None  # entries in scope with the time of the entry before, as the clock said less
    last_idx: int | None  # the last entry in scope, in the period or not
    evidence: int
    evidence_not_here: int  # digests that entries name and whose files the pack doesn't have
    not_checked: tuple[str, ...]  # files for people, of which only the list of files says what they are
    verifier: str | None  # SHA-256 of the vouch_verify.py in it, in hex
    trust: str
    copy: str
    signed_by: tuple[str, ...]  # names of keys, which anybody can give theirs
    signers: tuple[SealKey, ...]
    algorithms: tuple[str, ...]  # by which they did: Ed25519, ML-DSA-44
    key_changes: int  # rotations that lead from a key that was given to one that signed
    earlier_size: int | None  # of what --since named
    whose: TrailOwner | None  # as the trail's own entries say; None: none does
    named_since: int | None  # the entry from which on they do, 0 for all
    renamed: tuple[int, ...]  # the entries that tell of another name or number
    other_origins: tuple[str, ...] | None  # that the installation lists for the same owner; None: no list
    seen: tuple[Sighting, ...] | None  # the witnesses of the policy that saw the seal; None: no policy was given
    left_open: tuple[str, ...]  # keys of LEFT_OPEN


@dataclass(frozen=True)
class PackVerdict:
    """``status`` is "holds", "fails" or "unreadable"; ``what`` a sentence; ``fault`` a key of FAULTS if it fails; ``idx`` the
    first bad entry, from 0, where there is one; ``facts`` only if it holds: nothing else about such a pack is certain, and
    ``warnings`` of what is no fault and worth a question, a sentence each.
    """

    status: str
    what: str
    fault: str | None = None
    idx: int | None = None
    facts: PackFacts | None = None
    warnings: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.status]


def to_json(verdict: PackVerdict) -> str:
    """One line; the shape is in docs/reference/pack-format.md."""
    return json.dumps(asdict(verdict), ensure_ascii=False)


def other_verifier(facts: PackFacts, known: Collection[str]) -> str:
    """What to say of a verifier in the pack that is none of those whose SHA-256 is known here; "" where there is none such."""
    is_known = facts.verifier is None or facts.verifier in {*EARLIER_VERIFIERS, *known}
    return "" if is_known else OTHER_VERIFIER


def printable(text: str) -> str:
    """At most a line of it, and nothing that could steer a terminal: the text may come from a stranger."""
    return UNSEEN.sub("\ufffd", text[:LONGEST_LINE])


# -------------------- audit/verifier/words.py --------------------
# A verdict in words, for people.

MOST_STREAMS: Final = 20  # shown to people one by one; JSON has all
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NUMBERS: Final[Mapping[str, str]] = {"school": "URN", "trust": "UID", "operator": "number"}


ASK_WITNESSES: Final = " With --policy FILE they are."
NO_TRAIL: Final = "The stream trail is not in scope, so the pack would not say that its trail began anew. Ask why."
NO_ENTRY: Final = "No entry is in scope: the pack proves nothing of what happened."
NO_EARLIER: Final = "The earlier one has no entries: every trail continues it, and that proves nothing."


def in_words(verdict: PackVerdict, *, verifiers: Collection[str] = ()) -> str:
    """For people, several lines. ``verifiers`` are the SHA-256, in hex, of published verifiers that are known here."""
    if verdict.facts is None:
        return f"{verdict.status.upper()}. {verdict.what}"
    copy = verdict.facts.copy
    first = " ".join(filter(None, [f"{ANNOUNCED[copy].upper()}.", verdict.what, LIMITS[copy]]))
    warnings = [*verdict.warnings, *filter(None, [other_verifier(verdict.facts, verifiers)])]
    lines = [*not_checked(verdict.facts), *(f"WARNING. {sentence}" for sentence in warnings), *_fact_lines(verdict.facts)]
    return "\n".join([first, *(f"  {printable(line)}" for line in lines)])


def not_checked(facts: PackFacts) -> list[str]:
    """What the verdict says nothing about, though it lies in the pack or was given beside it."""
    named = ", ".join(facts.not_checked)
    files = [f"Not checked: {named}. Anybody could have written what they say"] if named else []
    return files + [LEFT_OPEN[what] + (ASK_WITNESSES if what == "witnesses" else "") for what in facts.left_open]


def _fact_lines(facts: PackFacts) -> list[str]:
    lines = [
        *_whose(facts),
        f"Trail: {facts.origin}, {_count(facts.size, 'entry', 'entries')}, root {facts.root}",
        f"Grade: {GRADES[facts.grade]}",
        f"Seal: {TRUST[facts.trust]}{_changes(facts)}{_signers(facts)}",
        *(f"  Key: {key.fingerprint} ({key.algorithm})" for key in facts.signers),
        *_seen(facts),
        f"In scope: {_count(facts.in_scope, 'entry', 'entries')} of {_count(len(facts.streams), 'stream', 'streams')}",
        *(f"  {_stream(stream)}" for stream in facts.streams[:MOST_STREAMS]),
        *([f"  and {len(facts.streams) - MOST_STREAMS:,} more"] if len(facts.streams) > MOST_STREAMS else []),
    ]
    if facts.other_streams is not None and facts.other_entries is not None:
        others = _count(facts.other_entries, "entry", "entries")
        lines.append(f"Not shown: {others} of {_count(facts.other_streams, 'other stream', 'other streams')}")
    lines.append(_period(facts))
    if facts.held:
        lines.append(held_line(facts.held))
    lines.append(f"Values withheld: {facts.withheld:,}; erased: {facts.erased:,}")
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


def _seen(facts: PackFacts) -> list[str]:
    if facts.seen is None:
        return []
    if not facts.seen:
        return ["Witnesses: seen by none that your policy names; it asks for none"]
    others = _count(len(facts.seen), "other", "others")
    first, last = (_day(one.at) for one in (facts.seen[0], facts.seen[-1]))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return [f"Witnesses: seen by {others} {when}: {', '.join(one.name for one in facts.seen)}"]


def _day(at: str) -> str:
    """Of 2026-11-04T09:30:00.000000Z: 4 November 2026, in UTC."""
    day = date.fromisoformat(at[:10])
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _stream(stream: StreamCount) -> str:
    return f"{stream.name}: {stream.entries:,}" + (f", about {', later '.join(stream.called)} (proven)" if stream.called else "")


def _anew(idx: int) -> str:
    return (
        f"Began anew with entry {idx + 1:,}: what had been sealed before it was lost, as when an older backup is restored, or "
        "replaced. Ask why, and compare with a seal from before"
    )


def _changes(facts: PackFacts) -> str:
    return f", through {_count(facts.key_changes, 'change', 'changes')} of key" if facts.key_changes else ""


def _signers(facts: PackFacts) -> str:
    return f" (signed by {', '.join(facts.signed_by)} with {' and '.join(facts.algorithms)})" if facts.signed_by else ""


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


def fact_warnings(facts: PackFacts, *, tells_trail: bool) -> tuple[str, ...]:
    """A sentence for each thing about a pack that holds that leaves it proving less than it seems to, or nothing.

    ``tells_trail``: its format has what is about the trail itself in every pack.
    """
    is_all = facts.other_streams == 0
    found = (
        (NO_TRAIL, tells_trail and not is_all and all(stream.name != "trail" for stream in facts.streams)),
        (NO_ENTRY, facts.in_scope == 0),
        (NO_EARLIER, facts.earlier_size == 0),
    )
    return tuple(sentence for sentence, is_so in found if is_so)


# -------------------- audit/verifier/lines.py --------------------
# Reads one line of entries.jsonl: a header in its one form and, where there are any, openings and a proof.

FIELD: Final = re.compile(r"(?:event|actor|facts|personal\.[!-~]{1,200})\Z")
Opening = tuple[bytes, str]  # its salt, and the canonical JSON of its value
_HEADER_KEYS: Final = frozenset({"v", "origin", "idx", "stream", "sseq", "c"})
_HASH_DIGITS: Final = {2 * HASH_BYTES}
# The canonical JSON of a header whose origin needs no escapes, which is every origin that Vouch makes.
_HEADER: Final = (
    r'(\{"c":\["([^]]*)"\],"idx":(0|[1-9][0-9]{0,14}),"origin":"([^"\\\x00-\x1f]*)",'
    rf'"sseq":(0|[1-9][0-9]{{0,14}}),"stream":"([0-9a-f]{{32}})","v":{VERSION}\}})'
)
_PLAIN_HEADER: Final = re.compile(rf"{_HEADER}\Z")
# While a line is read quickly: a quote inside one of its texts, and one around it.
_INNER, _AROUND = "\x01", "\x02"
_BEFORE, _BETWEEN = r'\{"header":"'.replace('"', _AROUND), r'","openings":\{'.replace('"', _AROUND)
_OPENING: Final = r'"([^"\\]{1,209})":\{"salt":"([^"]{64})","value":"([^"\\\x00-\x1f]*)"\}'.replace('"', _AROUND)
MOST_PLAIN: Final = 30  # openings of a line that is read quickly: no entry of ours has as many


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
    """``openings`` are by field; ``proof`` is empty in a complete pack."""

    head: Header
    openings: Mapping[str, Opening]
    proof: tuple[bytes, ...] = ()


def read_line(line: bytes, *, is_complete: bool) -> PackLine:
    """Raises BadLine, and nothing else, for whatever is not in its form."""
    return (_plain_line(line) if is_complete else None) or _any_line(line, is_complete=is_complete)


def _plain_line(line: bytes) -> PackLine | None:
    """Read without a JSON parser, as nearly every line of a complete pack can be. None for one that is not plain, which may
    be in its form all the same.

    In a plain line quotes are escaped and nothing else is, so those around its texts are the ones that are not.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    if _INNER in text or _AROUND in text:
        return None
    text = text.replace('\\"', _INNER).replace('"', _AROUND).replace(_INNER, '"')
    form = _plain_form(text.count(_AROUND))
    found = form.match(text) if form else None
    if not found:
        return None
    groups = found.groups()
    names, salts = groups[6::3], _unhexed("".join(groups[7::3]))
    head = _head_of(*groups[:6])
    if head is None or salts is None or not _are_fields(*names):
        return None
    each = [salts[start : start + SALT_BYTES] for start in range(0, len(salts), SALT_BYTES)]
    return PackLine(head, dict(zip(names, zip(each, groups[8::3]))))


@lru_cache(maxsize=64)
def _plain_form(quotes: int) -> re.Pattern[str] | None:
    """The form of a plain line with that many quotes around its texts: 4 without openings, 6 and 10 for each with some."""
    openings, rest = divmod(quotes - 6, 10)
    if quotes == 4:
        return re.compile(rf"{_BEFORE}{_HEADER}{_AROUND}\}}\n\Z")
    if rest or not 0 < openings <= MOST_PLAIN:
        return None
    return re.compile(rf"{_BEFORE}{_HEADER}{_BETWEEN}{','.join([_OPENING] * openings)}\}}\}}\n\Z")


@lru_cache(maxsize=64)
def _are_fields(*names: str) -> bool:
    """Whether they are names of fields, in order and none twice."""
    return list(names) == sorted(set(names)) and all(map(FIELD.match, names))


def _unhexed(text: str) -> bytes | None:
    """The bytes of which this is the hex, in lower case; None if it is that of none."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return None
    return data if data.hex() == text else None


def _plain_head(text: str) -> Header | None:
    """None for a header that is not plain, which may be in its form all the same."""
    found = _PLAIN_HEADER.match(text)
    return _head_of(*found.groups()) if found else None


def _head_of(text: str, listed: str, idx: str, origin: str, sseq: str, tag: str) -> Header | None:
    """What the groups of _HEADER hold; None unless the commitments are, in order and none twice."""
    commitments = listed.split('","')
    are_hashes = {*map(len, commitments)} == _HASH_DIGITS and _unhexed("".join(commitments))
    if not are_hashes or not all(map(lt, commitments, commitments[1:])):
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
    openings = {name: (bytes.fromhex(one["salt"]), one["value"]) for name, one in fields.get("openings", {}).items()}
    return PackLine(_plain_head(text) or _any_head(text), openings, proof)


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


# -------------------- audit/verifier/openings.py --------------------
# What the openings of an entry may hold: every value that a verdict or the sheet reads has its type, or is refused.

TRAIL_STREAM: Final = "trail"  # what the trail says about itself
RECOVERED: Final = "trail.recovered"
ERASURE: Final = "erasure.applied"
NEEDS_FACTS: Final = frozenset({ERASURE, RECOVERED})  # what others are judged by
_ERASED_KEYS: Final = frozenset({"idx", "field", "commitment"})
CLOCK_SINCE: Final = 3  # the format from which on an event may say what the clock said
_EVENT_TEXTS: Final = frozenset({"id", "type", "stream", "subject"})
_TEXT: Final = r'"([^"\\\x00-\x1f\ud800-\udfff]*)"'
# The canonical JSON of an event without ``clock`` in whose texts nothing is escaped. Its time is below 9 * 10^15, less than 2^53.
_PLAIN_EVENT: Final = re.compile(
    rf'\{{"at":(0|[1-9][0-9]{{0,14}}|[1-8][0-9]{{15}}),"id":{_TEXT},"stream":{_TEXT},"subject":{_TEXT},"type":{_TEXT}\}}\Z'
)
_ERASABLE: Final = re.compile(r"(?:actor|personal\.[!-~]{1,200})\Z")  # what happened and its facts never are
LONGEST_AGAIN: Final = 500  # characters of a value that is kept in case it comes again
_TEXTS: Final = ("happened_on", "reason")  # facts that are texts where they are there


def values_in(idx: int, openings: Mapping[str, Opening], version: int) -> dict[str, Any]:
    """What the openings of entry ``idx`` say, by field, in a pack of that version; "event" has to be among them. What is in the
    values is not to be changed: entries that say the same share it.

    Raises PackFault for the first by name that is not in its form.
    """
    values: dict[str, Any] = {}
    for name, (_, text) in openings.items():  # by name: a line is canonical
        try:
            value = _event(text, version) if name == "event" else _actor(text) if name == "actor" else _value(text)
        except ValueError:
            raise PackFault("opening", idx, field=name) from None
        if name == "facts" and not facts_fit(values["event"]["type"], value):
            raise PackFault("opening", idx, field=name)
        values[name] = value
    return values


def _event(text: str, version: int) -> dict[str, Any]:
    """Raises ValueError for what is none. Nearly every one is read without a JSON parser."""
    found = _PLAIN_EVENT.match(text)
    if found:
        at, event_id, stream, subject, what = found.groups()
        return {"at": int(at), "id": event_id, "stream": stream, "subject": subject, "type": what}
    value = value_of(text)
    if isinstance(value, dict):
        times = {"at"} | (value.keys() & {"clock"} if version >= CLOCK_SINCE else set())
        is_keyed = value.keys() == _EVENT_TEXTS | times and all(is_count(value[key]) for key in times)
        if is_keyed and all(isinstance(value[key], str) for key in _EVENT_TEXTS):
            return value
    raise ValueError("no event")


def _actor(text: str) -> dict[str, str]:
    """Raises ValueError for what is none."""
    value = _value(text)
    if not isinstance(value, dict) or not all(isinstance(told, str) for told in value.values()):
        raise ValueError("no actor")
    return value


def _value(text: str) -> Any:
    """The value of a canonical JSON. Who did it, and about which supplier, comes again and again."""
    return _value_again(text) if len(text) <= LONGEST_AGAIN and text[:1] != '"' else value_of(text)


_value_again = lru_cache(maxsize=1_024)(value_of)


def facts_fit(what: str, facts: Any) -> bool:
    """Whether these may be the facts of an entry of type ``what``. What else they hold is anything."""
    if not isinstance(facts, dict):
        return False
    has_its_lists = what != ERASURE or (_are_all(_is_erased, facts.get("erased")) and _are_all(_is_digest, facts.get("evidence")))
    has_texts = all(isinstance(facts[name], str) for name in _TEXTS if name in facts)
    return has_its_lists and has_texts and ("attachments" not in facts or _are_all(_is_file, facts["attachments"]))


def _are_all(fits: Callable[[Any], bool], value: Any) -> bool:
    return isinstance(value, list) and all(map(fits, value))


def _is_erased(item: Any) -> bool:
    if not isinstance(item, dict) or item.keys() != _ERASED_KEYS:
        return False
    field = item["field"]
    return is_count(item["idx"]) and is_hex(item["commitment"], 32) and isinstance(field, str) and bool(_ERASABLE.match(field))


def _is_file(item: Any) -> bool:
    return isinstance(item, dict) and _is_digest(item.get("sha256"))


def _is_digest(value: Any) -> bool:
    return is_hex(value, 32)


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
    if not isinstance(name, str) or place.partition(":")[0] not in NAMED_STREAMS:
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
    origin: int = 0  # which of the manifest's origins the last entry is under
    leaf: bytes = b""  # the last entry's hash
    frontier: Frontier = field(default_factory=Frontier)
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
    times: Times = field(default_factory=Times)


class ShownEntry(NamedTuple):
    """What an entry in scope and period says: its row of the sheet, and of its attachments the SHA-256 and the media type."""

    row: TimelineRow
    attached: tuple[tuple[str, str], ...]


def erasures_in(lines: Iterable[bytes], manifest: PackManifest) -> Erasures:
    """What every erasure.applied that is opened truly lists. What is wrong with a line is said when the walk comes to it."""
    found, word = Erasures(), ERASURE.encode()
    for line in lines:
        if word in line:
            try:
                _note_erasures(found, read_line(line, is_complete=manifest.grade == COMPLETE), manifest.version)
            except (BadLine, PackFault):
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
    recovered = set(walk.recovered)
    for _, start in manifest.origins[1:]:
        if start not in recovered:
            raise PackFault("no-recovery", start)
    for tag, name in manifest.streams.items():
        if tag not in walk.counts:
            raise PackFault("stream-empty", stream=name)
    if manifest.grade == COMPLETE and walk.frontier.root.hex() != manifest.root:
        raise PackFault("root")
    check_school(manifest, walk.whose)


def _note_erasures(found: Erasures, line: PackLine, version: int) -> None:
    told = {name: line.openings[name] for name in ("event", "facts") if name in line.openings}
    if len(told) < 2 or not commitments_of(told).keys() <= set(line.head.commitments):
        return
    values = values_in(line.head.idx, told, version)
    if values["event"]["type"] == ERASURE:
        for item in values["facts"]["erased"]:
            found.values.setdefault(item["idx"], {})[item["commitment"]] = item["field"]
        found.evidence.update(values["facts"]["evidence"])


def _check_place(walk: Walk, head: Header) -> None:
    """Its position in the trail and in its stream; nothing is missing before it."""
    manifest, idx, due = walk.manifest, head.idx, walk.last + 1
    if idx >= manifest.size:
        raise PackFault("surplus", idx, size=manifest.size)
    if idx < due:
        raise PackFault("order", idx)
    if idx > due and manifest.grade == COMPLETE:
        raise PackFault("missing", due, next=idx + 1)
    while walk.origin + 1 < len(manifest.origins) and manifest.origins[walk.origin + 1][1] <= idx:
        walk.origin += 1
    if head.origin != manifest.origins[walk.origin][0]:
        raise PackFault("origin", idx, origin=head.origin)
    expected = walk.counts.get(head.tag, 0)
    if head.sseq != expected:
        raise PackFault("sequence", idx, found=head.sseq + 1, due=expected + 1)
    walk.counts[head.tag] = expected + 1


def _shown_in_scope(walk: Walk, head: Header, openings: Mapping[str, Opening]) -> ShownEntry | None:
    opened = commitments_of(openings)
    if not opened.keys() <= set(head.commitments):
        raise PackFault("mismatch", head.idx, field=next(name for made, name in opened.items() if made not in head.commitments))
    if "event" not in openings:
        raise PackFault("event", head.idx)
    values = values_in(head.idx, openings, walk.manifest.version)
    event = values["event"]
    if event["stream"] != walk.manifest.streams[head.tag]:
        raise PackFault("stream", head.idx, stream=event["stream"], listed=walk.manifest.streams[head.tag])
    if event["type"] in NEEDS_FACTS and "facts" not in values:
        raise PackFault("facts", head.idx)
    walk.times.note(head.idx, event)
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
    return ShownEntry(told, _attached_in(values.get("facts", {})))


def _attached_in(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """A media type that is no text is as good as none."""
    attachments = facts.get("attachments")
    if not attachments:
        return ()
    types = [(one["sha256"], one.get("media_type")) for one in attachments]
    return tuple((digest, media_type if isinstance(media_type, str) else "") for digest, media_type in types)


def _check_recovery(walk: Walk, head: Header, values: Mapping[str, Any]) -> None:
    """Where the trail takes another name, an entry says which one it had, and what was restored."""
    begins = walk.origin > 0 and walk.manifest.origins[walk.origin][1] == head.idx
    event, facts = values["event"], values.get("facts", {})
    says_so = (event["stream"], event["type"]) == (TRAIL_STREAM, RECOVERED)
    if not begins:
        if says_so:  # the first of a trail of which nothing was left
            walk.recovered.append(head.idx)
        return
    is_explained = (
        says_so
        and facts.get("old_origin") == walk.manifest.origins[walk.origin - 1][0]
        and is_count(facts.get("signed_size"))
        and is_hex(facts.get("signed_root"), 32)
        and is_count(facts.get("restored_size"))
        and facts["restored_size"] == head.idx
        and is_hex(facts.get("restored_root"), 32)
        and (walk.manifest.grade != COMPLETE or facts["restored_root"] == walk.frontier.root.hex())
    )
    if not is_explained:
        raise PackFault("recovery", head.idx)
    walk.recovered.append(head.idx)


def _check_tree(walk: Walk, head: Header, proof: tuple[bytes, ...]) -> None:
    walk.leaf = leaf = leaf_hash(head.text)
    if walk.manifest.grade == COMPLETE:
        walk.frontier.push(leaf)
        if head.idx + 1 in walk.wanted:
            walk.roots[head.idx + 1] = walk.frontier.root
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
        frontier, rest = Frontier(), b""
        for piece in chunks(self._archive, LEAVES):
            rest += piece
            whole = len(rest) - len(rest) % HASH_BYTES
            for at in range(0, whole, HASH_BYTES):
                frontier.push(rest[at : at + HASH_BYTES])
            rest = rest[whole:]
        return frontier.root


# -------------------- audit/verifier/known.py --------------------
# Which keys count when a seal is checked: those that whoever checks knows from elsewhere or, without any, the pack's own.

# Mostly a fingerprint of which something was misheard or left out.
NEITHER: Final = (
    "it is neither a key, which has plus signs, nor a fingerprint, "
    "which has eight groups of four letters and digits without 0, 1, I and O"
)


@dataclass(frozen=True)
class KnownKeys:
    """``are_given`` is whether whoever checks named them, whole or by a fingerprint; otherwise the pack asserts its own.
    ``are_all_here`` is whether the pack has a key for each fingerprint: a forger leaves out the key whose line he can't make.
    """

    vkeys: tuple[str, ...]
    are_given: bool
    are_all_here: bool = True
    changes: Mapping[str, int] = field(default_factory=dict)  # how many rotations lead to a key from one that was given


def require_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """The verifier keys, and fingerprints of such, that were given. Raises Unreadable for what is neither."""
    given = tuple(as_fingerprint(key) or key for key in keys)
    whole = [key for key in given if not as_fingerprint(key)]
    if any("+" not in key for key in whole):
        raise Unreadable(f"The key that you gave can't be used: {NEITHER}.")
    try:
        for key in whole:
            key_name(key)
    except VerificationError as error:
        raise Unreadable(f"The key that you gave can't be used: {error.what}.") from error
    return given


def known_keys(manifest: PackManifest, given: tuple[str, ...]) -> KnownKeys:
    """A fingerprint that was given makes known the key of the pack that has it."""
    own = (*manifest.keys, *manifest.cosigners)
    if not given:
        return KnownKeys(own, are_given=False)
    own_by_fingerprint = {fingerprint(key): key for key in own}
    meant = [own_by_fingerprint.get(key, "") if as_fingerprint(key) else key for key in given]
    return KnownKeys(tuple(filter(None, meant)), are_given=True, are_all_here=all(meant))


def are_missing(known: KnownKeys, signers: Sequence[VerifierKey]) -> bool:
    """Whether one that was given should have signed and did not: one of each type under a signer's name, and each fingerprint."""
    signed = {(key.name, key.type) for key in signers}
    wanted = map(read_vkey, known.vkeys)
    return not known.are_all_here or any((key.name, key.type) not in signed and key.name in dict(signed) for key in wanted)


# -------------------- audit/verifier/rotations.py --------------------
# The chain of keys: a note for each rotation, signed by the old key and the new, so that an older key still finds its way.

ROTATION_FORMAT: Final = "vouch-rotation/1"
_SINCE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def rotation_text(old: str, new: str, since: str) -> str:
    """What both keys sign: ``new`` took the place of ``old``, at ``since``, as 2026-11-22T05:00:00Z."""
    return f"{ROTATION_FORMAT}\n{old}\n{new}\n{since}\n"


def follow(known: KnownKeys, data: bytes | None) -> KnownKeys:
    """With the keys to which an unbroken chain leads from one that was given; without given keys, the chain is only checked.

    Raises PackFault for a chain that is not in its form, or in which a signature is missing or false.
    """
    changes = dict.fromkeys(map(canonical_vkey, known.vkeys), 0) if known.are_given else {}
    for old, new in _rotations(data) if data is not None else ():
        if old in changes:
            changes.setdefault(new, changes[old] + 1)
    return replace(known, vkeys=tuple(changes), changes=changes) if known.are_given else known


def canonical_vkey(text: str) -> str:
    """The key as it is written where nobody chose: its id in small letters. Raises VerificationError for what is no key."""
    key = read_log_key(text)
    return vkey_text(key.name, key.data)


def _rotations(data: bytes) -> list[tuple[str, str]]:
    """The old key and the new one of each note, oldest first."""
    try:
        return [_rotation(note.encode()) for note in _texts(canonical_value(data))]
    except VerificationError as error:
        is_form = "signed_by" not in error.evidence and not error.what.startswith("the signature")
        raise PackFault("rotations", why=SEAL_WHYS["form" if is_form else "signature"]) from error
    except ValueError as error:
        raise PackFault("rotations", why=SEAL_WHYS["form"]) from error


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("not a list of notes")
    return value


def _rotation(note: bytes) -> tuple[str, str]:
    """Further lines name keys of other types that came with the new one: they are read, and nothing rests on them."""
    head, *lines = split_note(note)[0].split("\n")[:-1]
    if head != ROTATION_FORMAT or len(lines) < 3 or not _SINCE.fullmatch(lines[2]):
        raise ValueError("not the lines of a rotation")
    old, new, _, *more = lines
    if any(canonical_vkey(key) != key for key in (old, new, *more)):
        raise ValueError("a key is written in another way")
    if any(read_log_key(key).type != ED25519_TYPE for key in (old, new)) or old == new:
        raise ValueError("not two keys that sign notes")
    for key in (old, new):
        open_note(note, [key])
    return old, new


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


# -------------------- audit/verifier/policy.py --------------------
# Trust policies of C2SP tlog-policy: which logs and witnesses somebody knows, and which of these must have seen a head.

MAX_POLICY_BYTES: Final = 1_000_000  # hundreds of post-quantum keys
MOST_LINES: Final = 10_000
NONE: Final = "none"  # the quorum that asks for nobody


@dataclass
class Policy:
    """``logs`` are verifier keys, ``witnesses`` cosigners by their name in the policy, ``groups`` how many of which members must
    have seen a head, ``quorum`` the name of the witness or group that decides; ``urls`` the addresses of witnesses that have one.
    """

    logs: list[str] = field(default_factory=list)
    witnesses: dict[str, Cosigner] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = ""
    urls: dict[str, str] = field(default_factory=dict)

    def is_met(self, seen: Collection[Cosigner]) -> bool:
        """Whether these witnesses are enough."""
        met = {name for name, cosigner in self.witnesses.items() if cosigner in seen}
        for name, (least, members) in self.groups.items():  # each names only what stands before it
            if len(met.intersection(members)) >= least:
                met.add(name)
        return self.quorum == NONE or self.quorum in met


def read_policy(source: Source) -> Policy:
    """From a file, or its path. Raises Unreadable."""
    with opened(source) as file:
        return parse_policy(file.read(MAX_POLICY_BYTES + 1))


def parse_policy(data: bytes) -> Policy:
    """Reads a policy file. Raises Unreadable, with the number of the line, for anything else."""
    if len(data) > MAX_POLICY_BYTES:
        raise Unreadable("The policy is larger than a million bytes.")
    if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", data):
        raise Unreadable("The policy holds a control character other than tabs and newlines.")
    lines = data.decode(errors="surrogateescape").split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(f"The policy has more than {MOST_LINES:,} lines.")
    policy = Policy()
    placed: set[str] = set()  # names that are members of a group already
    for number, line in enumerate(lines, 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            try:
                _take(policy, placed, words)
            except (ValueError, VerificationError) as error:
                what = error.what if isinstance(error, VerificationError) else str(error)
                raise Unreadable(printable(f"The policy can't be used: line {number}: {what}.")) from error
    if not policy.quorum:
        raise Unreadable("The policy can't be used: it has no line quorum.")
    return policy


def check_witnesses(policy: Policy, note: bytes | None, origin: str, signed_by: Sequence[str]) -> tuple[Sighting, ...]:
    """Which of the policy's witnesses saw the seal, and when first; an installation with two keys counts once.

    ``signed_by`` are the names of the keys that signed it; none where another key than the policy's was given for that. Raises
    PackFault where the seal is not one that the policy trusts.
    """
    if note is None:
        raise PackFault("witnesses", why="the pack has no seal")
    if policy.logs and signed_by and not any(origin == name or origin.startswith(f"{name}/") for name in signed_by):
        raise PackFault("witnesses", why=f"it is of the log {origin}, and signed as {', '.join(signed_by)}")
    try:
        found = seen_by(note, policy.witnesses.values())
    except VerificationError as error:
        raise PackFault("witnesses", why="a signature of a witness on it is false") from error
    if not policy.is_met(found):
        raise PackFault("witnesses", why=f"of the {len(policy.witnesses):,} that it names, {len(found):,} saw it")
    first: dict[str, int] = {}
    for cosigner, at in found.items():
        first[cosigner.name] = min(at, first.get(cosigner.name, at))
    return tuple(Sighting(name, instant(at * 1_000_000)) for name, at in sorted(first.items(), key=lambda one: (one[1], one[0])))


def _take(policy: Policy, placed: set[str], words: list[str]) -> None:
    """One line. Raises ValueError or VerificationError for one that can't stand here."""
    kind, *rest = words
    if kind == "log" and len(rest) in (1, 2):
        key_name(rest[0])
        _require_new_key(rest[0], policy.logs)
        policy.logs.append(rest[0])
    elif kind == "witness" and len(rest) in (2, 3):
        cosigner = cosigner_of(rest[1])
        _require_new_name(policy, rest[0])
        if any(cosigner.data[1:] == known.data[1:] for known in policy.witnesses.values()):
            raise ValueError("another line has the same key")
        policy.witnesses[rest[0]] = cosigner
        if len(rest) == 3:
            policy.urls[rest[0]] = rest[2]
    elif kind == "group" and len(rest) >= 3:
        _require_new_name(policy, rest[0])
        policy.groups[rest[0]] = _group(policy, placed, rest[1], rest[2:])
    elif kind == "quorum" and len(rest) == 1:
        if policy.quorum:
            raise ValueError("there is a line quorum already")
        if rest[0] != NONE:
            _require_known(policy, rest[0])
        policy.quorum = rest[0]
    else:
        raise ValueError("it is no line of a policy: log, witness, group or quorum")


def _group(policy: Policy, placed: set[str], least: str, members: list[str]) -> tuple[int, tuple[str, ...]]:
    for name in members:
        _require_known(policy, name)
        if name in placed:
            raise ValueError(f"{name} is a member of a group already")
        placed.add(name)
    wanted = {"any": "1", "all": str(len(members))}.get(least, least)
    if not re.fullmatch("[1-9][0-9]{0,4}", wanted) or int(wanted) > len(members):
        raise ValueError(f"{least} is neither any nor all nor a number from 1 to {len(members)}")
    return int(wanted), tuple(members)


def _require_new_name(policy: Policy, name: str) -> None:
    if name == NONE or name in policy.witnesses or name in policy.groups:
        raise ValueError(f"the name {name} is taken")


def _require_known(policy: Policy, name: str) -> None:
    if name not in policy.witnesses and name not in policy.groups:
        raise ValueError(f"no line before this one says who {name} is")


def _require_new_key(verifier_key: str, known: list[str]) -> None:
    """Two keys are the same if the public key is, whatever their names."""
    given = key_parts(verifier_key)
    others = [key_parts(other) for other in known]
    if any(given and other and given[2][1:] == other[2][1:] for other in others):
        raise ValueError("another line has the same key")


# -------------------- audit/verifier/verify.py --------------------
# Checks an audit pack: what it shows is unaltered and, if it is complete, whole. Trusts nothing that the pack says.
#
# The checks and their order are in docs/reference/pack-format.md. Entries are read one at a time; of a pack of
# usual size, their bytes are kept from one reading to the next.

PACKED_VERIFIER: Final = "vouch_verify.py"
FOR_PEOPLE: Final = ("report.pdf", "report.xlsx", "READ-ME.txt", PACKED_VERIFIER)
ENTRIES: Final = "entries.jsonl"
MOST_KEPT: Final = 16 * MIB  # of entries, which are read twice: as many are inflated once, and kept in between
Progress = Callable[[int, int], None]


@dataclass
class Pack:
    """An opened pack on its way through the checks. ``digests`` holds the SHA-256, in hex, of each file but the manifest."""

    archive: Archive
    manifest: PackManifest
    erasures: Erasures = field(default_factory=Erasures)
    digests: dict[str, str] = field(default_factory=dict)
    attached: dict[str, set[str]] = field(default_factory=dict)  # by SHA-256 of evidence in scope and period, its media types
    _kept: list[bytes] | None = None

    def read_through(self) -> None:
        """Reads every file to its end, and what was erased. Raises Unreadable for damage: before it is sure that there is none,
        nothing else is judged.
        """
        entries = self._hashed(ENTRIES)
        if self.archive.members[ENTRIES].size <= MOST_KEPT:
            self._kept = list(entries)
        self.erasures = erasures_in(lines(iter(entries if self._kept is None else self._kept)), self.manifest)
        for name in self.archive.members.keys() - {"manifest.json", ENTRIES}:
            for _ in self._hashed(name):
                pass

    def _hashed(self, name: str) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in chunks(self.archive, name):
            digest.update(piece)
            yield piece
        self.digests[name] = digest.hexdigest()

    def lines(self) -> Iterator[bytes]:
        """Those of the entries, once the pack was read through."""
        return lines(chunks(self.archive, ENTRIES) if self._kept is None else iter(self._kept))

    def pieces_if_there(self, name: str) -> Iterator[bytes] | None:
        return chunks(self.archive, name) if name in self.archive.members else None

    def read(self, name: str) -> bytes | None:
        """A small file whole; None if the pack has none of that name."""
        return read_all(self.archive, name) if name in self.archive.members else None


@dataclass(frozen=True)
class Given:
    """What whoever checks knows from elsewhere: keys, and a policy whose logs are keys too."""

    keys: tuple[str, ...]
    policy: Policy | None

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.keys, *self.policy.logs) if self.policy else self.keys


@dataclass(frozen=True)
class Heads:
    """What was found out about the seal and what goes with it; ``signers`` are the known keys that signed it."""

    trust: str
    signers: tuple[VerifierKey, ...]
    key_changes: int
    earlier: EarlierHead | None
    listed: tuple[str, ...] | None
    seen: tuple[Sighting, ...] | None
    left_open: tuple[str, ...]


def verify_pack(
    pack: Source,
    *,
    keys: Iterable[str] = (),
    since: Source | None = None,
    policy: Source | None = None,
    on_progress: Progress = lambda _done, _of: None,
) -> PackVerdict:
    """Never raises for what the pack or ``since`` (an earlier pack or seal) holds. ``keys`` are verifier keys from elsewhere, or
    fingerprints of such; without any, those in the pack are used and the verdict says so. ``policy`` is a file of C2SP
    tlog-policy: its logs are further keys, and the seal must have been seen by the witnesses that it asks for. ``on_progress``
    hears bytes of entries: done, in all.
    """
    try:
        given = Given(require_keys(keys), read_policy(policy) if policy is not None else None)
        earlier = read_earlier(since) if since is not None else None
        with opened(pack) as file:
            facts, warnings = _check(file, given, earlier, on_progress)
    except PackFault as fault:
        return PackVerdict(FAILS, fault.sentence(), fault.fault, fault.idx)
    except Unreadable as error:
        return PackVerdict(UNREADABLE, str(error))
    except OSError as error:
        return PackVerdict(UNREADABLE, f"What was given can't be read: {str(error.strerror or error).rstrip('.')}.")
    return PackVerdict(HOLDS, verdict_sentence(facts), facts=facts, warnings=warnings)


def _check(file: BinaryIO, given: Given, earlier: EarlierHead | None, on_progress: Progress) -> tuple[PackFacts, tuple[str, ...]]:
    """What it shows, and the warnings."""
    archive = open_archive(file)
    pack = Pack(archive, read_manifest(archive))
    pack.read_through()
    walk = Walk(pack.manifest, pack.erasures, frozenset([earlier.size]) if earlier else frozenset())
    manifest = pack.manifest
    leaves = Leaves(archive, manifest, pack.pieces_if_there(LEAVES))
    try:
        csv_fault = _walk(pack, walk, leaves, on_progress)
        finish(walk)
    except PackFault:
        leaves.require_same(bytes.fromhex(manifest.root))  # a header may be what is wrong with a later one
        raise
    heads = _check_heads(pack, walk, given, earlier, leaves)
    leaves.end()
    if csv_fault:
        raise csv_fault
    _check_evidence(pack)
    _check_files(pack)
    facts = _facts(pack, walk, heads)
    return facts, (*time_warnings(walk.times), *fact_warnings(facts, tells_trail=manifest.version >= 3))


def _check_heads(pack: Pack, walk: Walk, given: Given, earlier: EarlierHead | None, leaves: Leaves) -> Heads:
    manifest, seal = pack.manifest, pack.read("checkpoint")
    known = follow(known_keys(manifest, given.known), pack.read("rotations"))
    signers = check_seal(manifest, seal, known, leaves)
    names = () if given.keys else [key.name for key in signers]
    seen = check_witnesses(given.policy, seal, manifest.origins[-1][0], names) if given.policy else None
    listed = check_origins(manifest, pack.read("origins"), known, walk.whose.owner)
    proven = check_since(manifest, pack.read("since.json"))
    is_sealed = check_earlier(manifest, {**proven, **walk.roots}, earlier, known) if earlier else True
    may_be_witnessed = given.policy is None and seal is not None and has_lines_of_others(seal, [key.name for key in signers])
    changes = min((known.changes.get(vkey_text(key.name, key.data), 0) for key in signers), default=0)
    trust = "unsealed" if not signers else "given" if known.are_given else "self-asserted"
    are_left = ("timestamp" in pack.archive.members, may_be_witnessed, not is_sealed)
    left = tuple(what for what, is_left in zip(LEFT_OPEN, are_left) if is_left)
    return Heads(trust, signers, changes, earlier, listed, seen, left)


def _walk(pack: Pack, walk: Walk, leaves: Leaves, on_progress: Progress) -> PackFault | None:
    """Checks every entry and, beside it, its line of the CSV: what is wrong with that is said later, in its turn."""
    sheet = TimelineCsv(pack.pieces_if_there(SHEET))
    tells_about = pack.manifest.tells_about
    sheet.expect(sheet_head(tells_about=tells_about), None)
    done, total = 0, pack.archive.members[ENTRIES].size
    for line in pack.lines():
        shown = take(walk, line)
        leaves.expect(walk.leaf, walk.last)
        if shown:
            sheet.expect(csv_line(shown.row, tells_about=tells_about), shown.row.entry - 1)
            for digest, media_type in shown.attached:
                pack.attached.setdefault(digest, set()).add(media_type)
        done += len(line)
        if not walk.lines % 1_000:
            on_progress(done, total)
    on_progress(total, total)
    return sheet.end()


def _check_evidence(pack: Pack) -> None:
    for name in sorted(pack.archive.members):
        digest = digest_in(name)
        if digest and pack.digests[name] != digest:
            raise PackFault("evidence", name=name)
        if digest and digest not in pack.attached:
            raise PackFault("evidence-unknown", name=name)
        if digest and not has_fitting_ending(name, pack.attached[digest]):
            raise PackFault("evidence-ending", name=name)


def _check_files(pack: Pack) -> None:
    """Every file but the manifest is as the manifest lists it, those for people too."""
    members, claims = pack.archive.members, pack.manifest.files
    for name in sorted(members.keys() ^ (claims.keys() | {"manifest.json"})):
        raise PackFault("files", name=name)
    for name in sorted(claims):
        if (members[name].size, pack.digests[name]) != (claims[name].size, claims[name].sha256):
            raise PackFault("file", name=name)


def _facts(pack: Pack, walk: Walk, heads: Heads) -> PackFacts:
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
        held=walk.times.held,
        last_idx=walk.last_idx,
        evidence=len(evidence),
        evidence_not_here=len(pack.attached.keys() - evidence - pack.erasures.evidence),
        not_checked=tuple(name for name in FOR_PEOPLE if name in pack.archive.members),
        verifier=pack.digests.get(PACKED_VERIFIER),
        trust=heads.trust,
        copy=COPY[heads.trust],
        signed_by=tuple(dict.fromkeys(key.name for key in heads.signers)),
        signers=tuple(_seal_key(key) for key in heads.signers),
        algorithms=tuple(name for key_type, name in ALGORITHMS.items() if any(key.type == key_type for key in heads.signers)),
        key_changes=heads.key_changes,
        earlier_size=heads.earlier.size if heads.earlier else None,
        whose=whose.owner,
        named_since=whose.since if whose.owner else None,
        renamed=tuple(whose.renamed),
        other_origins=heads.listed,
        seen=heads.seen,
        left_open=heads.left_open,
    )


def _seal_key(key: VerifierKey) -> SealKey:
    vkey = vkey_text(key.name, key.data)
    return SealKey(vkey, ALGORITHMS[key.type], fingerprint(vkey))


def _instant_or_none(at: int | None) -> str | None:
    return None if at is None else instant(at)


# -------------------- audit/verifier/main.py --------------------
# ``python3 vouch_verify.py PACK``: the check of an audit pack from a command line.

ABOUT = """Checks an audit pack of Vouch, with no network and no account. Exit status 0: it holds. 1: it does not, and the
first bad entry is named. 2: it can't be read."""
ADVICE = """The keys in a pack were put there by whoever made it. Get a school's key another way, and give it with --key.
For letters with seals: vouch_verify.py letters --help"""
NO_VERDICT: Final = 2  # as for what can't be read
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=ABOUT, epilog=ADVICE)
    parser.add_argument("pack", metavar="PACK", help="the zip file, as it was made")
    parser.add_argument(
        "--key", action="append", default=[], metavar="VKEY", help="a key, or its fingerprint, from elsewhere; may be repeated"
    )
    parser.add_argument("--since", metavar="OLD", help="an earlier pack, or a seal: this one must continue it")
    parser.add_argument("--policy", metavar="FILE", help="a policy: which witnesses must have seen the seal")
    parser.add_argument("--json", action="store_true", help="answer in one line of JSON")
    asked = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console may not know every letter of a name
    verdict = verify_pack(asked.pack, keys=asked.key, since=asked.since, policy=asked.policy, on_progress=_show_progress)
    sys.stdout.write((to_json(verdict) if asked.json else in_words(verdict, verifiers=[_own_digest()])) + "\n")
    return verdict.exit_status


def finished(work: Callable[[], int]) -> int:
    """The exit status that ``work`` gives, once what it said is out. Where that ended in an error, such as a full disk, there is
    no verdict: Python would end with 1, which accuses the pack.
    """
    try:
        status = work()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # whatever it was
        sys.stdout = open(os.devnull, "w")  # or Python tries once more at its end, and says so
        if sys.stderr is not None:
            sys.stderr.write(f"There is no verdict: the check ended in an error. {type(error).__name__}: {error}\n")
        return NO_VERDICT
    return status


def _own_digest() -> str:
    """The SHA-256, in hex, of the file that this is a part of: the published one."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _show_progress(done: int, total: int) -> None:
    """On a terminal only, over and over in one line."""
    if sys.stderr is not None and sys.stderr.isatty():
        end = "\r" if done < total else "\r" + " " * 30 + "\r"
        sys.stderr.write(f"Checking: {100 * done // max(total, 1)} %{end}")
        sys.stderr.flush()


# -------------------- audit/letters/mailed.py --------------------
# The texts in a letter, as it was saved from a mailbox, copied out of it or typed. Takes no notice of how a message is built:
# what is encoded is decoded, and all of it is looked at. Never raises. docs/reference/letter-format.md says how.

MOST_BOUNDARIES: Final = 100
_MAIL_BOUNDARY: Final = re.compile(r'boundary="([!#-~ ]{1,70})"|boundary=([!#-:<-~]{1,70})', re.IGNORECASE | re.ASCII)
_MAIL_ENCODING: Final = re.compile(r"content-transfer-encoding:[ \t]*(base64|quoted-printable)[ \t]*\Z", re.IGNORECASE | re.ASCII)
_NO_BASE64_DIGIT: Final = re.compile("[^A-Za-z0-9+/]")
_QUOTED_BYTE: Final = re.compile("=([0-9A-Fa-f]{2})")


def texts_of(letter: bytes) -> list[str]:
    """The texts in their order, each part of a message one. What is no UTF-8 is read as ISO 8859-1."""
    whole = letter.decode("latin-1")  # so that each byte is a character until it is known what the bytes are
    found = list(dict.fromkeys(quoted or plain for quoted, plain in _MAIL_BOUNDARY.findall(whole)))[:MOST_BOUNDARIES]
    ends = {f"--{boundary}{dashes}" for boundary in found for dashes in ("", "--")}
    return [_mail_text(part) for part in _mail_parts(whole.split("\n"), ends)]


def _mail_parts(lines: list[str], ends: set[str]) -> list[str]:
    """What stands between boundaries, each with one character a byte; below a header that says so, decoded."""
    parts: list[str] = []
    part: list[str] = []
    encoding = coming = ""
    for raw in lines:
        line = raw.removesuffix("\r")
        told = None if encoding else _MAIL_ENCODING.match(line)
        if line.rstrip(" \t") in ends:
            parts.append(_mail_decoded(part, encoding))
            part, encoding, coming = [], "", ""
        elif told:
            coming = told[1].lower()
        elif coming and not line:
            parts.append(_mail_decoded(part, encoding))
            part, encoding, coming = [], coming, ""
        else:
            part.append(line)
    return [*parts, _mail_decoded(part, encoding)]


def _mail_decoded(lines: list[str], encoding: str) -> str:
    if encoding == "base64":
        digits = _NO_BASE64_DIGIT.sub("", "".join(lines))
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
        return b64decode(digits + "=" * (-len(digits) % 4)).decode("latin-1")
    if encoding == "quoted-printable":
        joined = "\n".join(line.rstrip(" \t") for line in lines).replace("=\n", "")
        return _QUOTED_BYTE.sub(lambda found: chr(int(found[1], 16)), joined)
    return "\n".join(lines)


def _mail_text(part: str) -> str:
    data = part.encode("latin-1")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return part


# -------------------- audit/letters/reading.py --------------------
# Finds the seal in a letter, and the proof that it continues the one of the letter before.
#
# docs/reference/letter-format.md has the grammar.

MAX_LETTER_BYTES: Final = 10_000_000  # a message with the pictures that somebody's mail puts below it
MOST_SEALS: Final = 100  # in one letter: a seal that is quoted stands there twice
MOST_KEYS: Final = 20
BEFORE_LINES: Final = "\ufeff\xa0> \t\r"  # what mail programs put in front of a line that they quote or indent
BEHIND_LINES: Final = "\xa0 \t\r"
_SIZE_LINE: Final = re.compile(r"[1-9][0-9]{0,15}\Z")
_OLD_LINE: Final = re.compile(r"old ([1-9][0-9]{0,15})\Z")
_HASH_LINE: Final = re.compile(r"[A-Za-z0-9+/]{43}=\Z")
_SIGNATURE_LINE: Final = re.compile(
    "(?:[\u2014\u2013\x97]|-{1,3}) +([^ ]+) +([A-Za-z0-9+/=]{92,})\\Z"
)  # with the dashes that programs make
_KEY_LINE: Final = re.compile(r"[^+ ]+\+[0-9A-Fa-f]{8}\+[A-Za-z0-9+/=]{44,}\Z")


@dataclass(frozen=True)
class Letter:
    """A letter's seal: ``note`` has every signature line that was found. ``after`` is the size from which ``proof`` leads to
    ``size``, None where the letter has no proof; ``keys`` the verifier keys that it names.
    """

    origin: str
    size: int
    root: bytes
    note: bytes
    after: int | None
    proof: tuple[bytes, ...]
    keys: tuple[str, ...]


def read_letter(data: bytes) -> Letter:
    """Raises Unreadable for what has no seal, or seals of several heads; checks neither signature nor proof."""
    if len(data) > MAX_LETTER_BYTES:
        raise Unreadable("A letter has at most ten million bytes.")
    texts = [_letter_lines(text) for text in texts_of(data)]
    found = [letter for lines in texts for letter in _seals_in(lines)]
    if not found:
        raise Unreadable(
            "There is no seal in the letter: an origin, a number of entries, a hash and a signature, each on a line."
        )
    if len({(one.origin, one.size, one.root) for one in found}) > 1 or len(found) > MOST_SEALS:
        raise Unreadable("There are several seals in the letter. Give each letter by itself.")
    first = next((one for one in found if one.after is not None), found[0])
    signatures = dict.fromkeys(line for one in found for line in one.note.decode().split("\n")[4:-1])
    head = found[0].note.decode().split("\n")[:3]
    note = "".join(f"{line}\n" for line in [*head, "", *signatures]).encode()
    return Letter(first.origin, first.size, first.root, note, first.after, first.proof, _keys_in(texts))


def _letter_lines(text: str) -> list[str]:
    """Without empty ones, which some programs put between all others."""
    stripped = (line.lstrip(BEFORE_LINES).rstrip(BEHIND_LINES) for line in text.split("\n"))
    return [line for line in stripped if line]


def _seals_in(lines: Sequence[str]) -> Iterator[Letter]:
    for at in range(1, len(lines) - 2):
        root = strict_base64(lines[at + 1]) if _SIZE_LINE.match(lines[at]) and _HASH_LINE.match(lines[at + 1]) else None
        signed = list(_signature_lines(lines, at + 2)) if root else []
        if root and signed and int(lines[at]) < SAFE_INTEGER:
            after, proof = _proof_above(lines, at - 2)
            note = "\n".join([*lines[at - 1 : at + 2], "", *signed, ""]).encode("utf-8", "replace")
            yield Letter(lines[at - 1], int(lines[at]), root, note, after, proof, ())


def _signature_lines(lines: Sequence[str], at: int) -> Iterator[str]:
    while at < len(lines):
        found = _SIGNATURE_LINE.match(lines[at])
        if not found:
            return
        yield f"{SIGNATURE_PREFIX}{found[1]} {found[2]}"
        at += 1


def _proof_above(lines: Sequence[str], last: int) -> tuple[int | None, tuple[bytes, ...]]:
    """The size and the hashes that stand above a seal, the last of them at ``last``."""
    first = last
    while first >= 0 and last - first < MAX_PROOF_HASHES and _HASH_LINE.match(lines[first]):
        first -= 1
    found = _OLD_LINE.match(lines[first]) if first >= 0 else None
    hashes = [strict_base64(line) for line in lines[first + 1 : last + 1]]
    if not found or int(found[1]) >= SAFE_INTEGER or None in hashes:
        return None, ()
    return int(found[1]), tuple(one for one in hashes if one)


def _keys_in(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    lines = list(dict.fromkeys(line for text in texts for line in text if _KEY_LINE.match(line)))[:MOST_KEYS]
    return tuple(line for line in lines if _is_key_line(line))


def _is_key_line(line: str) -> bool:
    try:
        read_log_key(line)
    except VerificationError:
        return False
    return True


# -------------------- audit/letters/compared.py --------------------
# Whether letters are of one trail, each a continuation of the one before: what the proofs in them show, without a pack.

MOST_LETTERS: Final = 100
# In the order in which they are looked for; docs/reference/letter-format.md lists them for other implementations.
LETTER_FAULTS: Final[Mapping[str, str]] = {
    "letter-seal": "The seal in the letter of {size} entries does not hold: {why}.",
    "letter-trail": (
        "The letters are of two trails, {origin} and {other}. If both are of one school, ask why: a trail has another name from "
        "where it began anew, and so has one that was put in its place."
    ),
    "letter-fork": (
        "There are two seals of {size} entries, and they are not of the same ones: the trail was rewritten, or there are two of "
        "it. Keep both letters: together they prove it."
    ),
    "letter-proof": (
        "The letter of {size} entries does not continue that of {earlier}: what was sealed then is not the beginning of what was "
        "sealed later, or the proof was changed on its way. Keep both letters, and ask for a pack."
    ),
}
# Why letters can't be compared, which is no fault: the sentences of a verdict that is unreadable.
NO_PROOF: Final = (
    "The letter of {size} entries brings no proof that leads from an earlier one. Older letters don't, nor does the first "
    "to each person: if it is neither, ask why. Ask for a pack, and check it with the earlier letter's seal."
)
LATER_PROOF: Final = (
    "The proof in the letter of {size} entries leads from {after} entries, and the letter before it here is of {earlier}. "
    "Give the letters between them too, or ask for a pack and check it with the earlier letter's seal."
)
EARLIER_PROOF: Final = (
    "The proof in the letter of {size} entries leads from {after} entries, and there is a letter of {earlier} since. If "
    "that went to the same person, ask why. Ask for a pack, and check it with the earlier letter's seal."
)
LETTER_TRUST: Final[Mapping[str, str]] = {
    "given": "checked with a key that you gave",
    "self-asserted": "self-asserted: the key came with the letters",
    "unsealed": "not checked: the letters name no key that signed each of them, and you gave none",
}
# What a verdict begins with, by ``copy`` where the letters hold.
LETTER_HEADLINES: Final[Mapping[str, str]] = {
    "known": "The letters agree",
    "self-asserted": "The letters agree, by a key that came with them",
    "none": "The letters agree, but who sealed them was not checked",
    FAILS: "The letters do not agree",
    UNREADABLE: "The letters can't be compared",
}
LETTER_LIMITS: Final[Mapping[str, str]] = {
    "known": "",
    "self-asserted": (
        "Whoever wrote the letters may have made the key. Have the fingerprint read out to you, and check again with that."
    ),
    "none": "Anybody could have written them. Ask the school for its key, or for the fingerprint, and check again with that.",
}


class LetterFault(Exception):
    """The letters contradict each other, or a seal is false: ``fault`` is a key of LETTER_FAULTS, ``values`` what it needs."""

    def __init__(self, fault: str, **values: object) -> None:
        super().__init__(fault)
        self.fault, self.values = fault, values

    def sentence(self) -> str:
        return LETTER_FAULTS[self.fault].format(**{name: printable(str(value)) for name, value in self.values.items()})


@dataclass(frozen=True)
class LetterHead:
    """What a letter sealed: ``root`` in hex; ``after`` the size from which its proof leads, None where it brings none."""

    size: int
    root: str
    after: int | None


@dataclass(frozen=True)
class LetterFacts:
    """What letters that agree show, the smallest first; the rest as in PackFacts."""

    origin: str
    letters: tuple[LetterHead, ...]
    trust: str
    copy: str
    signers: tuple[SealKey, ...]
    left_open: tuple[str, ...]


@dataclass(frozen=True)
class LettersVerdict:
    """``status`` and ``fault`` as in PackVerdict; ``facts`` only if the letters agree."""

    status: str
    what: str
    fault: str | None = None
    facts: LetterFacts | None = None

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.status]


def compare_letters(letters: Sequence[Source], *, keys: Iterable[str] = ()) -> LettersVerdict:
    """Of two letters or more, in whatever order. Never raises for what they hold. ``keys`` as in verify_pack; without any, those
    that the letters name are used, and the verdict says so.
    """
    try:
        given = require_keys(keys)
        facts = _letter_facts(_read_sources(letters), given)
    except LetterFault as fault:
        return LettersVerdict(FAILS, fault.sentence(), fault.fault)
    except Unreadable as error:
        return LettersVerdict(UNREADABLE, str(error))
    except OSError as error:
        return LettersVerdict(UNREADABLE, f"What was given can't be read: {str(error.strerror or error).rstrip('.')}.")
    return LettersVerdict(HOLDS, _letters_sentence(facts), facts=facts)


def letters_in_words(verdict: LettersVerdict) -> str:
    """For people, several lines."""
    headline = LETTER_HEADLINES[verdict.facts.copy if verdict.facts else verdict.status].upper()
    limit = LETTER_LIMITS[verdict.facts.copy] if verdict.facts else ""
    lines = [" ".join(filter(None, [f"{headline}.", verdict.what, limit]))]
    if verdict.facts:
        lines += [f"  {printable(line)}" for line in _letter_fact_lines(verdict.facts)]
    return "\n".join(lines)


def letters_json(verdict: LettersVerdict) -> str:
    """One line; the shape is in docs/reference/letter-format.md."""
    return json.dumps(asdict(verdict), ensure_ascii=False)


def _read_sources(letters: Sequence[Source]) -> list[Letter]:
    """The smallest seal first; of one size, in the order given."""
    if not 1 < len(letters) <= MOST_LETTERS:
        raise Unreadable(f"Give two letters, or more, up to {MOST_LETTERS}.")
    return sorted(map(_read_source, letters), key=lambda letter: letter.size)


def _read_source(source: Source) -> Letter:
    with opened(source) as file:
        return read_letter(file.read(MAX_LETTER_BYTES + 1))


def _letter_facts(letters: Sequence[Letter], given: tuple[str, ...]) -> LetterFacts:
    """Raises LetterFault, or Unreadable where nothing is false and something can't be compared."""
    known = _known_by(letters, given)
    signers = [_letter_signers(letter, known) for letter in letters]
    _require_one_trail(letters)
    reasons = [_not_compared(earlier, later, letters) for earlier, later in zip(letters, letters[1:])]
    if any(reasons):
        raise Unreadable(next(filter(None, reasons)))
    trust = "unsealed" if not all(signers) else "given" if known.are_given else "self-asserted"
    keys = dict.fromkeys(key for of_one in signers for key in of_one) if trust != "unsealed" else {}
    names = [key.name for key in keys]
    is_left = trust != "unsealed" and any(has_lines_of_others(letter.note, names) for letter in letters)
    return LetterFacts(
        origin=letters[0].origin,
        letters=tuple(LetterHead(one.size, one.root.hex(), one.after) for one in letters),
        trust=trust,
        copy=COPY[trust],
        signers=tuple(_letter_key(key) for key in keys),
        left_open=("witnesses",) if is_left else (),
    )


def _letter_key(key: VerifierKey) -> SealKey:
    vkey = vkey_text(key.name, key.data)
    return SealKey(vkey, ALGORITHMS[key.type], fingerprint(vkey))


def _known_by(letters: Sequence[Letter], given: tuple[str, ...]) -> KnownKeys:
    """A fingerprint that was given makes known the key of a letter that has it."""
    own = tuple(dict.fromkeys(key for letter in letters for key in letter.keys))
    if not given:
        return KnownKeys(own, are_given=False)
    by_fingerprint = {fingerprint(key): key for key in own}
    meant = [by_fingerprint.get(key, "") if as_fingerprint(key) else key for key in given]
    return KnownKeys(tuple(filter(None, meant)), are_given=True, are_all_here=all(meant))


def _letter_signers(letter: Letter, known: KnownKeys) -> tuple[VerifierKey, ...]:
    """Which known keys signed it; none, where none was given, if the letters name none that did."""
    try:
        _, signers = signers_of(letter.note, known.vkeys)
    except VerificationError as error:
        why = why_not(error)
        if why == "unknown" and not known.are_given:
            return ()
        raise LetterFault("letter-seal", size=letter.size, why=SEAL_WHYS[why]) from error
    if known.are_given and are_missing(known, signers):
        raise LetterFault("letter-seal", size=letter.size, why=SEAL_WHYS["unknown"])
    return signers


def _require_one_trail(letters: Sequence[Letter]) -> None:
    other = next((letter.origin for letter in letters if letter.origin != letters[0].origin), None)
    if other is not None:
        raise LetterFault("letter-trail", origin=letters[0].origin, other=other)
    for earlier, later in zip(letters, letters[1:]):
        if (earlier.size, earlier.root != later.root) == (later.size, True):
            raise LetterFault("letter-fork", size=later.size)


def _not_compared(earlier: Letter, later: Letter, letters: Sequence[Letter]) -> str:
    """Why they can't be compared; "" where the later one continues the other. Raises LetterFault where it does not.

    Another letter with the later seal may have the proof.
    """
    if earlier.size == later.size:
        return ""
    proven = [one for one in letters if one.size == later.size and one.after is not None]
    chosen = next((one for one in proven if one.after == earlier.size), proven[0] if proven else later)
    if chosen.after is None:
        return NO_PROOF.format(size=later.size)
    if chosen.after != earlier.size:
        why = LATER_PROOF if chosen.after > earlier.size else EARLIER_PROOF
        return why.format(size=later.size, after=chosen.after, earlier=earlier.size)
    sizes = {"size1": earlier.size, "size2": later.size}
    try:
        verify_consistency(**sizes, root1=earlier.root, root2=later.root, proof=chosen.proof)
    except VerificationError as error:
        raise LetterFault("letter-proof", size=later.size, earlier=earlier.size) from error
    return ""


def _letters_sentence(facts: LetterFacts) -> str:
    first, last = facts.letters[0].size, facts.letters[-1].size
    if first == last:
        return f"They bring the same seal, of {last} entries."
    return (
        f"The later letter continues the earlier one: the {first} entries sealed then are the first of the {last} sealed later."
    )


def _letter_fact_lines(facts: LetterFacts) -> list[str]:
    return [
        f"Trail: {facts.origin}",
        *(f"Letter: {one.size} entries, root {one.root}" for one in facts.letters),
        f"Seals: {LETTER_TRUST[facts.trust]}",
        *(f"  Key: {key.fingerprint} ({key.algorithm})" for key in facts.signers),
        *(LEFT_OPEN[what] for what in facts.left_open),
    ]


# -------------------- audit/letters/program.py --------------------
# What the published file does when it is started: checks a pack or, behind the word ``letters``, letters against each other.

WORD_FOR_LETTERS: Final = "letters"
ABOUT_LETTERS: Final = """Holds letters with seals of Vouch against each other, with no network and no account. Exit status 0:
each continues the one before. 1: they contradict each other. 2: they can't be read or compared."""


def program(arguments: Sequence[str] | None = None) -> int:
    asked = sys.argv[1:] if arguments is None else list(arguments)
    return finished(lambda: _check_letters(asked[1:]) if asked[:1] == [WORD_FOR_LETTERS] else main(asked))


def _check_letters(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"vouch_verify.py {WORD_FOR_LETTERS}", description=ABOUT_LETTERS)
    parser.add_argument("letter", nargs="+", metavar="LETTER", help="a message as it was saved (.eml), its text, or seal.txt")
    parser.add_argument(
        "--key", action="append", default=[], metavar="VKEY", help="a key, or its fingerprint, from elsewhere; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="answer in one line of JSON")
    asked = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    verdict = compare_letters(asked.letter, keys=asked.key)
    sys.stdout.write((letters_json(verdict) if asked.json else letters_in_words(verdict)) + "\n")
    return verdict.exit_status


if __name__ == "__main__":
    sys.exit(program())

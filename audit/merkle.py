"""Merkle trees of RFC 6962 section 2.1: hashes, proofs, and the compact range that lets a log grow without its leaves.

A *frontier* is the roots of the perfect subtrees that a log of ``size`` leaves falls into, largest first: one 32-byte
hash for each set bit of ``size``. Appending and taking the root need nothing else. The verifying functions raise
VerificationError and nothing else, whatever they are given. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from audit.errors import VerificationError

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

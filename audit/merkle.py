"""Merkle tree hashes of RFC 6962 section 2.1, and the compact range that lets a log grow without its leaves.

A *frontier* is the roots of the perfect subtrees that a log of ``size`` leaves falls into, largest first: one 32-byte
hash for each set bit of ``size``. Appending and taking the root need nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
STORED_LEVELS: Final = (8, 16, 24)  # roots of 256, 65,536 and 16,777,216 leaves are kept, so proofs read O(log n) rows


@dataclass(frozen=True, slots=True)
class Subtree:
    """The root of the perfect subtree over leaves ``n << level`` to ``(n + 1 << level) - 1``."""

    level: int
    n: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The tree hash of all leaves; the frontier gives the same for less."""
    frontier = b""
    for size, leaf in enumerate(leaf_hashes):
        frontier, _ = push(frontier, size, leaf)
    return frontier_root(frontier)


def push(frontier: bytes, size: int, leaf: bytes) -> tuple[bytes, tuple[Subtree, ...]]:
    """The frontier of ``size + 1`` leaves, and the subtrees to store that this leaf completed.

    Requires ``len(frontier) == 32 * popcount(size)`` and a 32-byte leaf hash; raises ValueError otherwise.
    """
    if len(frontier) != HASH_BYTES * size.bit_count() or len(leaf) != HASH_BYTES:
        raise ValueError(f"got a frontier of {len(frontier)} bytes and a leaf of {len(leaf)} for size {size}")
    node, level, completed = leaf, 0, []
    while size >> level & 1:
        node = node_hash(frontier[-HASH_BYTES:], node)
        frontier = frontier[:-HASH_BYTES]
        level += 1
        if level in STORED_LEVELS:
            completed.append(Subtree(level, size >> level, node))
    return frontier + node, tuple(completed)


def frontier_root(frontier: bytes) -> bytes:
    """The tree hash of the log: smaller subtrees fold into larger ones from the right."""
    if not frontier:
        return EMPTY_ROOT
    result = frontier[-HASH_BYTES:]
    for start in range(len(frontier) - 2 * HASH_BYTES, -1, -HASH_BYTES):
        result = node_hash(frontier[start : start + HASH_BYTES], result)
    return result

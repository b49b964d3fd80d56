"""Merkle trees of RFC 6962 section 2.1: hashes, proofs, and the compact range that lets a log grow without its leaves.

A *frontier* is the roots of the perfect subtrees that a log of ``size`` leaves falls into, largest first: one 32-byte
hash for each set bit of ``size``. Appending and taking the root need nothing else. The verifying functions raise
VerificationError and nothing else, whatever they are given. Part of the offline verifier: bare Python 3.9.

Hashing takes most of the time of what is short here, so loops that run for every entry spell ``node_hash`` out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, Final, NamedTuple

from audit.errors import VerificationError

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

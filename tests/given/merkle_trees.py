"""Merkle trees word for word after RFC 9162 section 2.1, slow and plain: what the clever ones are held against."""

from collections.abc import Sequence
from functools import cache

from audit.merkle import EMPTY_ROOT, leaf_hash, node_hash

LEAVES = tuple(leaf_hash(f"leaf {n}".encode()) for n in range(600))


@cache
def naive_root(start: int, end: int) -> bytes:
    """MTH(D[start:end]) over LEAVES, section 2.1.1."""
    if start == end:
        return EMPTY_ROOT
    if end - start == 1:
        return LEAVES[start]
    middle = start + split(end - start)
    return node_hash(naive_root(start, middle), naive_root(middle, end))


@cache
def naive_inclusion(index: int, start: int, end: int) -> tuple[bytes, ...]:
    """PATH(index, D[start:end]), section 2.1.3.1."""
    if end - start == 1:
        return ()
    middle = start + split(end - start)
    if index < middle:
        return (*naive_inclusion(index, start, middle), naive_root(middle, end))
    return (*naive_inclusion(index, middle, end), naive_root(start, middle))


@cache
def naive_consistency(m: int, start: int, end: int, *, is_whole: bool = True) -> tuple[bytes, ...]:
    """SUBPROOF(m, D[start:end], b), section 2.1.4.1; ``m`` counts from the first leaf of all."""
    if m == end:
        return () if is_whole else (naive_root(start, end),)
    middle = start + split(end - start)
    if m <= middle:
        return (*naive_consistency(m, start, middle, is_whole=is_whole), naive_root(middle, end))
    return (*naive_consistency(m, middle, end, is_whole=False), naive_root(start, middle))


def split(width: int) -> int:
    """The largest power of two that is smaller."""
    k = 1
    while k * 2 < width:
        k *= 2
    return k


def flipped(hashes: Sequence[bytes], which: int, bit: int) -> list[bytes]:
    """The same hashes with one bit of one of them turned."""
    changed = bytearray(hashes[which])
    changed[bit // 8] ^= 1 << bit % 8
    return [*hashes[:which], bytes(changed), *hashes[which + 1 :]]

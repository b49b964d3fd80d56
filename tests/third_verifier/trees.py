"""RFC 6962's trees, and RFC 9162's proofs."""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf(header: bytes) -> bytes:
    return sha256(b"\0" + header).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH, of the hashes of leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root(leaves[:k]), root(leaves[k:]))


def length(index: int, size: int) -> int:
    """Of an inclusion proof."""
    inner = (index ^ (size - 1)).bit_length()
    return inner + (index >> inner).bit_count()


def is_included(hashed: bytes, index: int, size: int, proof: Sequence[bytes], want: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size or len(proof) != length(index, size):
        return False
    fn, sn, made = index, size - 1, hashed
    for one in proof:
        if fn & 1 or fn == sn:
            made = node(one, made)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            made = node(made, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and made == want


def is_consistent(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""
    if size1 == size2:
        return not proof and root1 == root2 and (size1 > 0 or root1 == EMPTY)
    if not 0 < size1 < size2:
        return False
    is_power = size1 & (size1 - 1) == 0
    zeros = (size1 & -size1).bit_length() - 1
    if len(proof) != length(size1 - 1, size2) - zeros + (not is_power):
        return False
    path = [root1, *proof] if is_power else list(proof)
    fn, sn = (size1 - 1) >> zeros, (size2 - 1) >> zeros
    fr = sr = path[0]
    for one in path[1:]:
        if fn & 1 or fn == sn:
            fr, sr = node(one, fr), node(one, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == root1 and sr == root2

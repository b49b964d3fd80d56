"""A proof holds exactly for the tree that it was made of; nothing else passes, and nothing else is raised."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from audit import merkle, ranges
from audit.errors import VerificationError
from tests.given.merkle_trees import LEAVES, flipped, naive_consistency, naive_inclusion, naive_root

pytestmark = pytest.mark.pure

# The tree of transparency-dev/merkle's tests (proof/verify_test.go, Apache-2.0): leaves, and the root at each size.
KNOWN_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    bytes.fromhex(text)
    for text in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
SOME_HASH = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")
KNOWN_INCLUSION: tuple[tuple[int, int, tuple[str, ...]], ...] = (  # index, size, proof
    (0, 1, ()),
    (0, 8, ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
    (5, 8, ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    (1, 5, ("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")),
)  # fmt: skip
KNOWN_CONSISTENCY: tuple[tuple[int, int, tuple[str, ...]], ...] = (  # size1, size2, proof
    (1, 1, ()),
    (1, 8, ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
    (6, 8, ("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
    (2, 5, ("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")),
    (6, 7, ("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
)  # fmt: skip


class Hostile(list[bytes]):
    """A list that breaks whatever reads it."""

    def __iter__(self) -> Iterator[bytes]:
        raise ZeroDivisionError


JUNK: tuple[Any, ...] = (
    None, True, False, -1, 2**63, 2**64, 10**5000, -(10**5000), 1.0, float("nan"), "", "x" * 32, b"", b"x" * 31, b"x" * 33,
    bytearray(32), memoryview(bytes(32)), [], [b""], [None], (1,), {}, set(), [[bytes(32)]], [bytes(32)] * 1000, bytes(32),
    (h for h in [bytes(32)]), iter(()), object(), Hostile(), {0: bytes(32)}, range(10**9),
)  # fmt: skip


def included(index: int, size: int) -> dict[str, Any]:
    proof = naive_inclusion(index, 0, size)
    return {"leaf_hash": LEAVES[index], "index": index, "size": size, "proof": proof, "root": naive_root(0, size)}


def consistent(size1: int, size2: int) -> dict[str, Any]:
    proof = naive_consistency(size1, 0, size2)
    return {"size1": size1, "size2": size2, "root1": naive_root(0, size1), "root2": naive_root(0, size2), "proof": proof}


def folded(start: int, end: int) -> bytes:
    """A range's hash from its perfect subtrees, as audit/log/proofs.py does it."""
    return merkle.fold([naive_root(n << k, (n + 1) << k) for k, n in ranges.perfect_subtrees(start, end)])


def refused(verify: Any, given: dict[str, Any], **changed: Any) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        verify(**{**given, **changed})
    assert caught.value.what
    return caught.value


def test_the_root_is_the_naive_one_at_every_size_up_to_300() -> None:
    for size in range(301):
        assert merkle.root(LEAVES[:size]) == folded(0, size) == naive_root(0, size)


def test_every_inclusion_proof_up_to_300_leaves_is_the_naive_one_and_holds() -> None:
    for size in range(1, 301):
        root = naive_root(0, size)
        for index in range(size):
            proof = naive_inclusion(index, 0, size)
            assert tuple(naive_root(*leaves) for leaves in ranges.inclusion_ranges(index, size)) == proof
            merkle.verify_inclusion(leaf_hash=LEAVES[index], index=index, size=size, proof=proof, root=root)


def test_every_consistency_proof_up_to_300_leaves_is_the_naive_one_and_holds() -> None:
    for size2 in range(1, 301):
        root2 = naive_root(0, size2)
        for size1 in range(1, size2 + 1):
            proof = naive_consistency(size1, 0, size2)
            assert tuple(naive_root(*leaves) for leaves in ranges.consistency_ranges(size1, size2)) == proof
            merkle.verify_consistency(size1=size1, size2=size2, root1=naive_root(0, size1), root2=root2, proof=proof)


@given(st.integers(1, 600), st.data())
def test_a_ranges_hash_folds_from_perfect_subtrees_and_these_from_stored_nodes(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    for start, end in (*ranges.inclusion_ranges(index, size), *ranges.consistency_ranges(index + 1, size), (0, size)):
        assert folded(start, end) == naive_root(start, end)
        for level, n in ranges.perfect_subtrees(start, end):
            stored, first, last = ranges.stored_below(level, n, merkle.EVERY_LEVELS)
            children = [naive_root(k << stored, (k + 1) << stored) for k in range(first, last)]
            assert merkle.root(children) == naive_root(n << level, (n + 1) << level)


@cache
def their_tree() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for n in range(600):
        tree.append_entry(f"leaf {n}".encode())
    return tree


@given(st.integers(1, 600), st.data())
def test_pymerkle_makes_the_same_proofs_and_takes_ours(size: int, data: st.DataObject) -> None:
    """Its numbers count from 1, and a path of its own begins with the leaf."""
    index, tree = data.draw(st.integers(0, size - 1)), their_tree()
    theirs, old = tree.prove_inclusion(index + 1, size), tree.prove_consistency(index + 1, size)
    assert (tree.get_root(size), tree.get_leaf(index + 1)) == (naive_root(0, size), LEAVES[index])
    assert tuple(theirs.path[1:]) == naive_inclusion(index, 0, size)
    verify_inclusion(LEAVES[index], naive_root(0, size), theirs)
    verify_consistency(naive_root(0, index + 1), naive_root(0, size), old)
    merkle.verify_inclusion(**{**included(index, size), "proof": theirs.path[1:]})


def test_the_published_vectors_hold() -> None:
    leaves = [merkle.leaf_hash(data) for data in KNOWN_LEAVES]
    assert [merkle.root(leaves[:size]) for size in range(1, 9)] == KNOWN_ROOTS
    for index, size, proof in KNOWN_INCLUSION:
        path = [bytes.fromhex(text) for text in proof]
        merkle.verify_inclusion(leaf_hash=leaves[index], index=index, size=size, proof=path, root=KNOWN_ROOTS[size - 1])
    for size1, size2, proof in KNOWN_CONSISTENCY:
        path = [bytes.fromhex(text) for text in proof]
        merkle.verify_consistency(
            size1=size1, size2=size2, root1=KNOWN_ROOTS[size1 - 1], root2=KNOWN_ROOTS[size2 - 1], proof=path
        )


def test_the_published_corruptions_of_an_inclusion_proof_are_refused() -> None:
    for index, size in ((0, 8), (5, 8), (2, 3), (1, 5)):
        good = included(index, size)
        proof, root, verify = list(good["proof"]), good["root"], merkle.verify_inclusion
        for changed in (index - 1, index + 1, index ^ 2, size):
            refused(verify, good, index=changed)
        for changed in (size * 2, size // 2, 0):
            refused(verify, good, size=changed)
        refused(verify, good, leaf_hash=b"WrongLeaf")
        for other in (merkle.EMPTY_ROOT, SOME_HASH, b""):
            refused(verify, good, root=other)
        for spare in (b"", root):
            refused(verify, good, proof=[*proof, spare])
            refused(verify, good, proof=[spare, *proof])
        refused(verify, good, proof=proof[:-1])
        refused(verify, good, proof=[proof[0], SOME_HASH, *proof[1:]])


def test_the_published_corruptions_of_a_consistency_proof_are_refused() -> None:
    for size1, size2 in ((1, 8), (6, 8), (2, 5), (6, 7)):
        good = consistent(size1, size2)
        proof, root1, root2, verify = list(good["proof"]), good["root1"], good["root2"], merkle.verify_consistency
        for changed in (size1 - 1, size1 + 1, size1 ^ 2):
            refused(verify, good, size1=changed)
        for changed in (size2 * 2, size2 // 2):
            refused(verify, good, size2=changed)
        refused(verify, good, root1=b"WrongRoot")
        refused(verify, good, root2=b"WrongRoot")
        refused(verify, good, root1=root2, root2=root1)
        refused(verify, good, proof=[])
        for spare in (b"", root1, root2):
            refused(verify, good, proof=[*proof, spare])
            refused(verify, good, proof=[spare, *proof])
        refused(verify, good, proof=[proof[0], *proof])
        refused(verify, good, proof=proof[:-1])


@pytest.mark.parametrize(
    ("size1", "size2", "root1", "root2", "proof", "holds"),
    [
        (0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [], True),
        (1, 1, SOME_HASH, SOME_HASH, [], True),
        (0, 0, SOME_HASH, SOME_HASH, [], False),
        (0, 0, merkle.EMPTY_ROOT, SOME_HASH, [], False),
        (1, 1, merkle.EMPTY_ROOT, SOME_HASH, [], False),
        (0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [merkle.EMPTY_ROOT], False),
        (1, 1, SOME_HASH, SOME_HASH, [SOME_HASH], False),
        (0, 1, merkle.EMPTY_ROOT, SOME_HASH, [], False),
        (0, 1, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [merkle.EMPTY_ROOT], False),
        (1, 0, SOME_HASH, merkle.EMPTY_ROOT, [], False),
        (2, 1, SOME_HASH, SOME_HASH, [], False),
        (1, 2, SOME_HASH, SOME_HASH, [], False),
    ],
)
def test_equal_empty_and_shrinking_trees_are_judged_as_published(
    size1: int, size2: int, root1: bytes, root2: bytes, proof: list[bytes], *, holds: bool
) -> None:
    given = {"size1": size1, "size2": size2, "root1": root1, "root2": root2, "proof": proof}
    if holds:
        merkle.verify_consistency(**given)  # type: ignore[arg-type]  # each of its own kind
    else:
        refused(merkle.verify_consistency, given)


def test_every_single_bit_counts_in_small_trees() -> None:
    for index, size in ((0, 1), (0, 2), (2, 3), (4, 7)):
        good = included(index, size)
        values = [good["leaf_hash"], good["root"], *good["proof"]]
        for bit in range(256 * len(values)):
            leaf, root, *proof = flipped(values, bit // 256, bit % 256)
            refused(merkle.verify_inclusion, good, leaf_hash=leaf, root=root, proof=proof)
    for size1, size2 in ((1, 2), (3, 4), (4, 7)):
        good = consistent(size1, size2)
        values = [good["root1"], good["root2"], *good["proof"]]
        for bit in range(256 * len(values)):
            root1, root2, *proof = flipped(values, bit // 256, bit % 256)
            refused(merkle.verify_consistency, good, root1=root1, root2=root2, proof=proof)


def damages(proof: tuple[bytes, ...], data: st.DataObject) -> list[list[bytes]]:
    """One bit turned, one dropped, one doubled, two swapped, one too many."""
    which = data.draw(st.integers(0, len(proof) - 1))
    other = data.draw(st.integers(0, len(proof) - 1))
    swapped = list(proof)
    swapped[which], swapped[other] = swapped[other], swapped[which]
    return [
        flipped(proof, which, data.draw(st.integers(0, 255))),
        [*proof[:which], *proof[which + 1 :]],
        [*proof[:which], proof[which], *proof[which:]],
        [*proof, proof[which]],
        [bytes(32), *proof],
        *([swapped] if swapped != list(proof) else []),
    ]


@given(st.integers(2, 600), st.data())
def test_no_damaged_proof_passes(size: int, data: st.DataObject) -> None:
    good = included(data.draw(st.integers(0, size - 1)), size)
    for damaged in damages(good["proof"], data):
        refused(merkle.verify_inclusion, good, proof=damaged)
    good = consistent(data.draw(st.integers(1, size - 1)), size)
    for damaged in damages(good["proof"], data):
        refused(merkle.verify_consistency, good, proof=damaged)


@given(st.integers(1, 600), st.integers(0, 700), st.integers(0, 700))
def test_a_proof_holds_for_no_other_place(size: int, index: int, other: int) -> None:
    index %= size
    good = included(index, size)
    if other != index:
        refused(merkle.verify_inclusion, good, index=other)
    if index + 1 < size:
        refused(merkle.verify_inclusion, good, leaf_hash=LEAVES[index + 1])


def test_whatever_is_given_nothing_but_a_verification_error_is_raised() -> None:
    for verify, good in ((merkle.verify_inclusion, included(3, 7)), (merkle.verify_consistency, consistent(3, 7))):
        for name in good:
            for junk in JUNK:
                error = refused(verify, good, **{name: junk})
                assert repr(error.evidence), "evidence can always be shown"


def test_the_evidence_names_what_disagrees() -> None:
    error = refused(merkle.verify_inclusion, included(3, 7), root=SOME_HASH)
    assert error.evidence == {"index": 3, "size": 7, "root": SOME_HASH, "computed": naive_root(0, 7)}


@pytest.mark.parametrize("sizes", [(0, 5), (6, 5), (-1, 5)])
def test_no_proof_is_planned_for_what_has_none(sizes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="got sizes"):
        ranges.consistency_ranges(*sizes)
    with pytest.raises(ValueError, match="got index"):
        ranges.inclusion_ranges(sizes[0] or 5, sizes[1])

"""Where the tree ends: no entry lies beyond it, and the hashes that proofs rest on are stored at every level that has some."""

from hashlib import sha256

import pytest

from audit import merkle
from audit.errors import VerificationError
from audit.merkle import HASH_BYTES, STORED_LEVELS, Subtree, node_hash

pytestmark = pytest.mark.pure

LEAVES = [merkle.leaf_hash(str(n).encode()) for n in range(8)]


@pytest.mark.parametrize(
    ("index", "real_size", "proof"),
    [
        (1, 2, [LEAVES[0]]),
        (2, 4, [LEAVES[3], node_hash(*LEAVES[:2])]),
        (3, 4, [LEAVES[2], node_hash(*LEAVES[:2])]),
        (4, 8, [LEAVES[5], node_hash(*LEAVES[6:]), merkle.root(LEAVES[:4])]),
    ],
)
def test_an_entry_that_is_there_is_not_in_a_tree_that_ends_before_it(index: int, real_size: int, proof: list[bytes]) -> None:
    """The proof is right, and leads to the root: only the size, which is one too small for the entry, gives it away."""
    root = merkle.root(LEAVES[:real_size])
    merkle.verify_inclusion(leaf_hash=LEAVES[index], index=index, size=real_size, proof=proof, root=root)
    with pytest.raises(VerificationError, match="beyond the size of the tree"):
        merkle.verify_inclusion(leaf_hash=LEAVES[index], index=index, size=index, proof=proof, root=root)


def made_up(level: int) -> bytes:
    """A hash in the place of a subtree of so many levels: what it was made of, no fold asks."""
    return sha256(f"level {level}".encode()).digest()


@pytest.mark.parametrize("highest", [1, 3, 4, 5, 7, 8, 15, 16, 23, 24, 25, 28, 32, 36, 37])
def test_the_entry_that_completes_a_tree_completes_every_level_that_is_stored(highest: int) -> None:
    """Of 2^highest - 1 entries, a hash for each level below it. The next entry joins them all, as the last of each level."""
    size, leaf = (1 << highest) - 1, LEAVES[0]
    frontier = merkle.Frontier(size, b"".join(made_up(level) for level in reversed(range(highest))))
    completed = frontier.push(leaf)
    node, expected = leaf, list[Subtree]()
    for level in range(1, highest + 1):
        node = node_hash(made_up(level - 1), node)
        if level % 4 == 0 and level <= 32:
            expected.append(Subtree(level, (1 << highest - level) - 1, node))
    assert frontier.hashes == frontier.root == node
    assert list(completed) == expected


def test_a_subtree_is_numbered_by_its_place_at_its_level() -> None:
    """The last of three times 65,536 entries, beside the two trees of 65,536 that came before as one of 131,072."""
    size = (3 << 16) - 1
    frontier = merkle.Frontier(size, made_up(17) + b"".join(made_up(level) for level in reversed(range(16))))
    completed = frontier.push(LEAVES[0])
    assert [(one.level, one.n) for one in completed] == [(level, (3 << 16 - level) - 1) for level in (4, 8, 12, 16)]
    assert frontier.hashes == made_up(17) + completed[-1].hash
    assert len(frontier.hashes) == 2 * HASH_BYTES
    assert STORED_LEVELS == (4, 8, 12, 16, 20, 24, 28, 32)

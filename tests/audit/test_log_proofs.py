"""Proofs from a few stored rows are those of the whole tree."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import database
from audit import merkle, ranges
from audit.log import proofs
from audit.tables import HeadRow
from tests.conftest import ENGINE
from tests.given.merkle_trees import LEAVES, naive_consistency, naive_inclusion, naive_root
from tests.given.statements import listened_to
from tests.given.trails_by_hand import a_trail

SIZE = 520  # past two stored subtrees


@pytest.mark.usefixtures("db")
class TestFromTheDatabase:
    async def test_roots_and_proofs_are_the_naive_ones_around_each_stored_subtree(self) -> None:
        trail = await a_trail(LEAVES[:SIZE])
        async with database.read():
            for size in (1, 2, 255, 256, 257, 300, 511, 512, 513, SIZE):
                assert await proofs.root_at(trail, size) == naive_root(0, size)
                for index in {0, 1, size // 2, 254, 255, 256, 257, 511, 512, size - 1}:
                    if index < size:
                        assert await proofs.inclusions(trail, [index], size) == (naive_inclusion(index, 0, size),)
                        assert await proofs.consistency(trail, index + 1, size) == naive_consistency(index + 1, 0, size)

    @pytest.mark.skipif(ENGINE == "postgres", reason="of tables this small PostgreSQL reads every row")
    async def test_nodes_are_looked_up_by_their_place(self) -> None:
        trail = await a_trail(LEAVES[:SIZE])
        async with database.read():
            with listened_to() as heard:
                await proofs.stored_nodes(trail, [(4, 0, 3), (4, 5, 9), (4, 12, 14), (8, 0, 1), (8, 1, 2)])
            (asked,) = [sql for sql in heard if "audit_node" in sql]
            marks = max(map(int, re.findall(r"\?(\d+)", asked)))
            plan = await database.select(f"EXPLAIN QUERY PLAN {asked}", trail, *[0] * (marks - 1))
            steps = [row["detail"] for row in plan if "audit_node" in row["detail"]]
        assert len(steps) > 1
        assert all("level=? AND n>? AND n<?" in step for step in steps), steps

    async def test_many_proofs_at_once_are_those_of_each(self) -> None:
        trail = await a_trail(LEAVES[:SIZE])
        indexes = [0, 1, 7, 255, 256, 300, 511, 512, 519, 3]
        async with database.read():
            made = await proofs.inclusions(trail, indexes, SIZE)
            assert made == tuple(naive_inclusion(index, 0, SIZE) for index in indexes)
            assert await proofs.inclusions(trail, [], SIZE) == ()

    async def test_a_trail_proves_only_what_it_has(self) -> None:
        trail = await a_trail(LEAVES[:5])
        async with database.read():
            for size in (6, -1):
                with pytest.raises(ValueError, match=f"got size {size} of a trail that has 5"):
                    await proofs.root_at(trail, size)
            for index, size in ((5, 5), (-1, 5), (0, 0), (0, 6)):
                with pytest.raises(ValueError, match="got"):
                    await proofs.inclusions(trail, [index], size)
            for size1, size2 in ((0, 5), (5, 4), (5, 6)):
                with pytest.raises(ValueError, match="got"):
                    await proofs.consistency(trail, size1, size2)
            assert await proofs.root_at(trail, 0) == await proofs.root_at("nobody's", 0) == merkle.EMPTY_ROOT
            with pytest.raises(ValueError, match="has 0 entries"):
                await proofs.root_at("nobody's", 1)

    async def test_a_missing_row_is_told_and_not_papered_over(self) -> None:
        trail = await a_trail(LEAVES[:5])
        async with database.write():
            await HeadRow.update({HeadRow.size: 6}).where(HeadRow.trail == trail)
        async with database.read():
            with pytest.raises(RuntimeError, match="fsck"):
                await proofs.root_at(trail, 6)


@pytest.mark.pure
@given(st.integers(1, 2**32), st.data())
def test_a_proof_reads_a_bounded_number_of_rows_however_long_the_trail(size: int, data: st.DataObject) -> None:
    """Of each level, 15 beside the path, the seed of a consistency proof, and 15 at the right edge of the tree."""
    index = data.draw(st.integers(0, size - 1))
    for wanted in (ranges.inclusion_ranges(index, size), ranges.consistency_ranges(index + 1, size), ((0, size),)):
        rows = ranges.rows_for(wanted)
        assert set(rows) <= {0, *merkle.STORED_LEVELS}
        for spans in rows.values():
            assert sum(end - first for first, end in spans) <= 2 * 15 + 1
            assert len(spans) <= 4


@pytest.mark.pure
def test_a_trail_of_a_hundred_thousand_entries_is_proved_from_its_stored_rows() -> None:
    leaves = [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(100_000)]
    rows: dict[int, dict[int, bytes]] = {0: dict(enumerate(leaves)), **{level: {} for level in merkle.STORED_LEVELS}}
    frontier, roots, choose = merkle.Frontier(), {}, random.Random(7)  # noqa: S311 - a sample, no secret
    sizes = {65_535, 65_536, 65_537, 99_999, *choose.sample(range(1, 100_000), 12)}
    for size, leaf in enumerate(leaves):
        for level, n, node in frontier.push(leaf):
            rows[level][n] = node
        if size + 1 in sizes:
            roots[size + 1] = frontier.root
    assert {level: len(found) for level, found in rows.items() if found} == {0: 100_000, 4: 6250, 8: 390, 12: 24, 16: 1}
    for size, root in roots.items():
        index = choose.randrange(size)
        path = [ranges.hash_of(*span, rows) for span in ranges.inclusion_ranges(index, size)]
        merkle.verify_inclusion(leaf_hash=leaves[index], index=index, size=size, proof=path, root=root)
        for old in (other for other in roots if other <= size):
            path = [ranges.hash_of(*span, rows) for span in ranges.consistency_ranges(old, size)]
            merkle.verify_consistency(size1=old, size2=size, root1=roots[old], root2=root, proof=path)

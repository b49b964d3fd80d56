"""Nodes that a trail lacks are added: to one from before there were so many, whatever stops it, and beside appends."""

import asyncio
from pathlib import Path

import pytest

import database
from audit import merkle
from audit.log import fsck, nodes, proofs
from audit.tables import Node
from database import migrations
from tests.conftest import ENGINE, opened
from tests.given.entries import a_viewer, do
from tests.given.merkle_trees import LEAVES, naive_consistency, naive_inclusion, naive_root
from tests.given.sealing import triggers_off
from tests.given.trails_by_hand import a_trail

SIZE = 520  # two nodes of 256 entries, and 32 of 16
INSERT_NODE = "INSERT INTO audit_node SELECT {}, trail, level, n, hash FROM audit_node WHERE level = 8 AND n = 0"

pytestmark = pytest.mark.usefixtures("db")


async def as_once(trail: str) -> None:
    """Leaves what trails kept at first: the nodes of every eighth level."""
    async with triggers_off():
        await Node.raw("DELETE FROM audit_node WHERE trail = {} AND level % 8 <> 0", trail)


async def kept(trail: str) -> dict[tuple[int, int], bytes]:
    async with database.read():
        rows = await Node.select().where(Node.trail == trail)
    return {(row["level"], row["n"]): bytes(row["hash"]) for row in rows}


def all_of(size: int) -> dict[tuple[int, int], bytes]:
    """The naive ones, of every stored level."""
    return {(level, n): naive_root(n << level, (n + 1) << level) for level in merkle.STORED_LEVELS for n in range(size >> level)}


async def added() -> list[int]:
    return [count async for count in nodes.add_missing()]


async def test_a_trail_from_before_gets_what_it_lacks_and_proves_the_same_meanwhile() -> None:
    trail, young = await a_trail(LEAVES[:SIZE]), await a_trail(LEAVES[:15])
    await as_once(trail)
    for _ in range(2):
        async with database.read():
            for index in (0, 255, 256, 300, 519):
                assert await proofs.inclusions(trail, [index], SIZE) == (naive_inclusion(index, 0, SIZE),)
                assert await proofs.consistency(trail, index + 1, SIZE) == naive_consistency(index + 1, 0, SIZE)
        assert sum(await added()) in (32, 0)
        assert await kept(trail) == all_of(SIZE)
    assert await added() == []
    assert await kept(young) == {}


async def test_what_stops_it_costs_one_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    trail = await a_trail(LEAVES[:SIZE])
    await as_once(trail)
    monkeypatch.setattr(nodes, "STRETCH", 64)
    run = nodes.add_missing()
    assert [await anext(run) for _ in range(3)] == [4, 4, 4]
    await run.aclose()
    assert len(await kept(trail)) == 2 + 12
    assert await added() == [4, 4, 4, 4, 4]
    assert await kept(trail) == all_of(SIZE)


async def test_two_at_once_add_each_node_once(monkeypatch: pytest.MonkeyPatch) -> None:
    trail = await a_trail(LEAVES[:SIZE])
    await as_once(trail)
    monkeypatch.setattr(nodes, "STRETCH", 64)
    assert sum(map(sum, await asyncio.gather(added(), added(), added()))) == 32
    assert await kept(trail) == all_of(SIZE)


async def test_what_is_missing_in_the_middle_is_found_behind_newer_ones() -> None:
    """As an append leaves it that came before the job did, or an older Vouch beside this one."""
    trail = await a_trail(LEAVES[:SIZE])
    async with triggers_off():
        await Node.raw("DELETE FROM audit_node WHERE trail = {} AND level = 4 AND n BETWEEN 3 AND 17", trail)
    assert await added() == [15]
    assert await kept(trail) == all_of(SIZE)


@pytest.mark.parametrize("change", ["DELETE FROM audit_node", "UPDATE audit_node SET n = n + 99"])
async def test_nodes_are_append_only(change: str) -> None:
    await a_trail(LEAVES[:SIZE])
    for unit in (database.write, database.housekeeping):
        with pytest.raises(Exception, match=r"append-only|denied"):
            async with unit():
                await Node.raw(change)


async def test_no_node_takes_the_place_of_another() -> None:
    await a_trail(LEAVES[:SIZE])
    again = INSERT_NODE if database.is_postgres() else INSERT_NODE.replace("INSERT", "INSERT OR REPLACE")
    with pytest.raises(Exception, match=r"append-only|duplicate key"):
        async with database.write():
            await Node.raw(again, "00000000-0000-4000-8000-000000000001")


async def test_a_node_that_is_not_added_yet_is_no_fault_and_a_wrong_one_is() -> None:
    viewer = a_viewer()
    await do(viewer, n=40)
    trail = str(viewer.school)
    await as_once(trail)
    assert (await fsck.check(trail)).finding is None
    assert await added() == [2]
    assert (await fsck.check(trail)).finding is None
    async with triggers_off():
        await Node.raw("UPDATE audit_node SET hash = (SELECT hash FROM audit_node WHERE n = 0) WHERE n = 1")
    finding = (await fsck.check(trail)).finding
    assert finding
    assert (finding.idx, finding.what) == (16, "the hash stored for entries 17 to 32 is not theirs")


@pytest.mark.skipif(ENGINE == "postgres", reason="PostgreSQL alters the table in place")
async def test_a_database_from_before_keeps_its_nodes_and_gets_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = migrations._known()
    await database.close()
    async with opened(f"sqlite:///{tmp_path / 'old.sqlite'}"):
        monkeypatch.setattr(migrations, "_known", lambda: [one for one in known if one[1] != "audit_0015"])
        await migrations.migrate()
        trail = await a_trail(LEAVES[:SIZE], levels=(8, 16, 24))
        before = await kept(trail)
        assert len(before) == 2
        monkeypatch.setattr(migrations, "_known", lambda: known)
        assert await migrations.migrate() == ("audit_0015",)
        assert await kept(trail) == before
        assert await added() == [32]
        assert await kept(trail) == all_of(SIZE)

"""Rows for several tables go to the database in one trip, and all of them or none."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

import database
from audit.tables import HeadRow, Node, Trail
from database.units import UnitMisuse
from sharing.tables import Throttle

pytestmark = pytest.mark.usefixtures("db")

TRAIL = database.shape(Trail, (Trail.owner, Trail.origin))
HEAD = database.shape(HeadRow, (HeadRow.trail, HeadRow.size, HeadRow.frontier))
SIZE = database.shape(HeadRow, (HeadRow.trail, HeadRow.size, HeadRow.frontier), keys=1)
NODE = database.shape(Node, (Node.id, Node.trail, Node.level, Node.n, Node.hash))
THROTTLE = database.shape(Throttle, (Throttle.key, Throttle.failures, Throttle.last_at))
FAILURES = database.shape(Throttle, (Throttle.key, Throttle.last_at, Throttle.failures), keys=2)
THEN = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def two_trails() -> None:
    async with database.write():
        await database.write_together((TRAIL, [("a", "origin/a"), ("b", "origin/b")]))
        await database.write_together((HEAD, [("a", 0, b""), ("b", 0, b"")]))


async def test_inserts_and_updates_of_several_tables_arrive_together() -> None:
    await two_trails()
    async with database.write():
        await database.write_together(
            (SIZE, [("a", 1, bytes(32)), ("b", 2, b"x" * 32)]),
            (NODE, [(uuid4(), "a", 8, 0, bytes(32))]),
            (THROTTLE, [("one", 1, THEN), ("two", 2, THEN)]),
        )
    async with database.write():
        await database.write_together((FAILURES, [("two", THEN, 7), ("one", THEN.replace(year=2027), 9)]))
    async with database.read():
        heads = await HeadRow.select().order_by(HeadRow.trail)
        assert [(h["trail"], h["size"], bytes(h["frontier"])) for h in heads] == [("a", 1, bytes(32)), ("b", 2, b"x" * 32)]
        assert await Node.count() == 1
        throttles = await Throttle.select(Throttle.key, Throttle.failures, Throttle.last_at).order_by(Throttle.key)
    assert throttles == [  # an update reaches only rows that fit all its keys
        {"key": "one", "failures": 1, "last_at": THEN},
        {"key": "two", "failures": 7, "last_at": THEN},
    ]


async def test_rows_go_in_the_order_in_which_they_are_given() -> None:
    """Subtrees take only the next place, so a shuffled insert would be refused."""
    await two_trails()
    async with database.write():
        await database.write_together((NODE, [(uuid4(), "a", 8, n, bytes(32)) for n in range(300)]))
    async with database.read():
        assert await Node.count() == 300


async def test_one_bad_row_refuses_them_all() -> None:
    await two_trails()
    with pytest.raises(Exception, match=r"(?i)check"):
        async with database.write():
            await database.write_together((THROTTLE, [("one", 1, THEN)]), (SIZE, [("a", -1, b"")]))
    async with database.read():
        assert await Throttle.count() == 0


async def test_nothing_to_write_is_no_trip_and_no_error() -> None:
    async with database.write():
        await database.write_together((THROTTLE, []), (HEAD, []))


async def test_only_a_write_unit_takes_them() -> None:
    async with database.read():
        with pytest.raises(UnitMisuse, match="write unit"):
            await database.write_together((THROTTLE, [("one", 1, THEN)]))

"""A change and its entry commit together, in order and without gaps, whoever else is writing."""

import asyncio
import json
from uuid import uuid4

import pytest

import audit
import database
from audit import merkle
from audit.entry import commitment
from audit.errors import NothingRecorded
from audit.log import fsck, origins
from audit.tables import Entry, HeadRow, Node, Opening
from base.clock import now
from sharing.tables import Throttle
from tests.given.entries import Event, a_viewer, do, entries, naive_root


@pytest.mark.usefixtures("db")
class TestRecording:
    async def test_a_change_that_records_nothing_cannot_commit(self) -> None:
        with pytest.raises(NothingRecorded):
            async with audit.recording(a_viewer()):
                await Throttle.insert(Throttle(key="a", failures=0, last_at=now()))
        async with database.read():
            assert await Throttle.count() == 0

    async def test_a_change_that_fails_leaves_no_entry_and_no_gap(self) -> None:
        viewer = a_viewer()
        await do(viewer)
        with pytest.raises(ZeroDivisionError):
            async with audit.recording(viewer) as record:
                record(Event.THING_DONE, stream="school", subject="thing:1")
                raise ZeroDivisionError
        await do(viewer)
        assert [entry.idx for entry in await entries(viewer.school)] == [0, 1]

    async def test_a_change_that_turned_out_to_be_none_commits_nothing(self) -> None:
        async with audit.recording(a_viewer()) as record:
            await Throttle.insert(Throttle(key="a", failures=0, last_at=now()))
            record.unchanged()
        async with database.read():
            assert (await Throttle.count(), await Entry.count()) == (0, 0)

    async def test_each_trail_and_each_stream_counts_by_itself(self) -> None:
        one, other = a_viewer(), a_viewer()
        await do(one, stream="supplier:1", n=2)
        await do(other, stream="supplier:1")
        await do(one, stream="supplier:2")
        await do(one, stream="supplier:1")
        assert [(e.idx, e.stream, e.sseq) for e in await entries(one.school)] == [
            (0, "supplier:1", 0),
            (1, "supplier:1", 1),
            (2, "supplier:2", 0),
            (3, "supplier:1", 2),
        ]
        assert len(await entries(other.school)) == 1

    async def test_the_header_commits_to_every_opening_and_names_nothing(self) -> None:
        viewer = a_viewer()
        await do(viewer, stream="supplier:secret")
        (entry,) = await entries(viewer.school)
        async with database.read():
            openings: list[Opening] = await Opening.objects().where(Opening.event_id == entry.event_id)
        header = json.loads(entry.header)
        made = sorted(commitment(o.field, bytes(o.salt), o.value.encode()).hex() for o in openings)
        assert header["c"] == made
        assert {o.field for o in openings} == {"event", "actor", "facts", "personal.body"}
        for word in ("secret", "Ada", "thing", str(viewer.person), str(viewer.school)):
            assert word not in bytes(entry.header).decode()

    async def test_only_what_is_about_a_person_is_marked_with_the_person(self) -> None:
        viewer = a_viewer()
        await do(viewer)
        async with database.read():
            rows = await Opening.select(Opening.field, Opening.person)
        assert {row["field"]: row["person"] for row in rows} == {
            "event": None,
            "facts": None,
            "actor": viewer.person,
            "personal.body": viewer.person,
        }

    async def test_personal_values_are_marked_with_the_person_whom_they_concern(self) -> None:
        viewer, leaver = a_viewer(), uuid4()
        async with audit.recording(viewer) as record:
            record(Event.THING_DONE, stream="school", subject="person:1", personal={"name": "Lee Vernon"}, about=leaver)
        async with database.read():
            rows = await Opening.select(Opening.field, Opening.person).where(Opening.person.is_not_null())
        assert {row["field"]: row["person"] for row in rows} == {"actor": viewer.person, "personal.name": leaver}

    async def test_the_operators_trail_never_says_which_school_or_person_it_was(self) -> None:
        viewer = a_viewer()
        await do(viewer, trail=audit.OPERATOR)
        async with database.read():
            said = Opening.select(Opening.value).where(Opening.field == "actor").order_by(Opening.value)
            actors = [row["value"] for row in await said]
            people: int = await Opening.count().where(Opening.person.is_not_null())
        assert (actors, people) == (['{"role":"school"}', '{"role":"system"}'], 0)  # the second began it

    async def test_sixteen_writers_in_mixed_trails_leave_no_fork_and_no_gap(self) -> None:
        viewers = [a_viewer() for _ in range(4)]

        async def writer(n: int) -> None:
            for i in range(5):
                async with audit.recording(viewers[n % 4]) as record:
                    record(Event.THING_DONE, stream=f"supplier:{i % 2}", subject="a")
                    record(Event.THING_DONE, stream="directory", subject="b", trail=audit.OPERATOR)

        await asyncio.gather(*(writer(n) for n in range(16)))
        for viewer in viewers:
            assert [entry.idx for entry in await entries(viewer.school)] == list(range(20))
        assert [entry.idx for entry in await entries(audit.OPERATOR)] == list(range(81))
        for name in await fsck.trails():
            assert (await fsck.check(name)).finding is None

    async def test_who_waited_for_a_recovery_writes_under_the_new_origin(self) -> None:
        viewer, locked = a_viewer(), asyncio.Event()
        await do(viewer)

        async def recover() -> str:
            async with audit.recording(viewer) as record:
                await database.locked(HeadRow.select().where(HeadRow.trail == str(viewer.school)))
                began = await origins.begin(str(viewer.school), 1)
                locked.set()
                await asyncio.sleep(0.05)  # meanwhile the other asks for the lock
                record(Event.THING_DONE, stream="trail", subject="trail")
            return began

        async def write() -> None:
            await locked.wait()  # on PostgreSQL either could have been first
            await do(viewer)

        began, _ = await asyncio.gather(recover(), write())
        headers = [json.loads(entry.header) for entry in await entries(viewer.school)]
        assert [header["origin"] for header in headers[1:]] == [began, began]

    async def test_completed_subtrees_are_stored_for_proofs(self) -> None:
        viewer = a_viewer()
        await do(viewer, n=513)
        leaves = [bytes(entry.leaf_hash) for entry in await entries(viewer.school)]
        async with database.read():
            nodes: list[Node] = await Node.objects().order_by(Node.level, Node.n)
            head = await HeadRow.objects().where(HeadRow.trail == str(viewer.school)).first()
        assert [(n.level, n.n, bytes(n.hash)) for n in nodes] == [
            *((4, n, merkle.root(leaves[16 * n : 16 * n + 16])) for n in range(32)),
            *((8, n, merkle.root(leaves[256 * n : 256 * n + 256])) for n in range(2)),
        ]
        assert head is not None
        assert merkle.frontier_root(bytes(head.frontier)) == naive_root(leaves)


@pytest.mark.usefixtures("db")
class TestAppendOnly:
    @pytest.mark.parametrize("table", ["audit_trail", "audit_entry", "audit_node"])
    @pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET trail = 'x'", "TRUNCATE {}"])
    async def test_rows_are_neither_changed_nor_removed(self, table: str, statement: str) -> None:
        await do(a_viewer(), n=256)
        if table == "audit_trail":
            statement = statement.replace("trail =", "origin =")
        if statement.startswith("TRUNCATE") and not database.is_postgres():
            return  # SQLite has no TRUNCATE
        with pytest.raises(Exception, match=r"append-only|foreign key"):
            async with database.write():
                await Entry.raw(statement.format(table))

    async def test_an_opening_may_go_but_never_change(self) -> None:
        await do(a_viewer())
        with pytest.raises(Exception, match="append-only"):
            async with database.write():
                await Opening.update({Opening.value: "1"}, force=True)

    async def test_an_entry_takes_only_the_next_position(self) -> None:
        viewer = a_viewer()
        await do(viewer, n=2)
        (first, _) = await entries(viewer.school)
        for idx in (0, 1, 3):
            copy = {c: getattr(first, c) for c in ("trail", "header", "leaf_hash", "type", "at", "stream", "subject")}
            with pytest.raises(Exception, match="next position"):
                async with database.write():
                    await Entry.insert(Entry(event_id=uuid4(), idx=idx, sseq=9, **copy))

    async def test_replacing_a_row_is_refused_too(self) -> None:
        if database.is_postgres():
            return  # only SQLite has INSERT OR REPLACE, which passes UPDATE and DELETE triggers
        await do(a_viewer())
        for table in ("audit_trail", "audit_entry", "audit_opening"):
            with pytest.raises(Exception, match=r"append-only|next position|never changed"):
                async with database.write():
                    await Entry.raw(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 - our own names


@pytest.mark.pure
def test_the_frontier_gives_the_naive_root_at_every_size_up_to_300() -> None:
    leaves, frontier = [merkle.leaf_hash(str(n).encode()) for n in range(300)], merkle.Frontier()
    for size, leaf in enumerate(leaves):
        assert frontier.root == merkle.frontier_root(frontier.hashes) == naive_root(leaves[:size])
        frontier.push(leaf)
        assert frontier.size == size + 1
        assert len(frontier.hashes) == 32 * (size + 1).bit_count()
        assert merkle.Frontier(size + 1, frontier.hashes).root == frontier.root


@pytest.mark.pure
def test_completed_subtrees_are_those_of_the_tree() -> None:
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(600)]
    frontier, found = merkle.Frontier(), list[merkle.Subtree]()
    for leaf in leaves:
        found += frontier.push(leaf)
    of_16 = [merkle.Subtree(4, n, naive_root(leaves[16 * n : 16 * n + 16])) for n in range(37)]
    of_256 = [merkle.Subtree(8, n, naive_root(leaves[256 * n : 256 * n + 256])) for n in range(2)]
    assert sorted(found) == of_16 + of_256


@pytest.mark.pure
def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="got a frontier"):
        merkle.Frontier(1, b"")
    for leaf in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="got a leaf"):
            merkle.Frontier().push(leaf)

"""A change and its entry commit together, in order and without gaps, whoever else is writing."""

import asyncio
import json
from enum import StrEnum
from uuid import UUID, uuid4

import pytest

import audit
import database
from audit import fsck, merkle
from audit.entry import commitment
from audit.errors import NothingRecorded
from audit.tables import Entry, Head, Node, Opening
from sharing.tables import Throttle
from web.clock import now
from web.viewer import Role, Viewer

# 1 and 2 change places: by way of 7 and 8, since no two rows may stand at one position even for a moment.
SWAP = "UPDATE audit_entry SET idx = 9 - idx WHERE idx IN (1, 2); UPDATE audit_entry SET idx = idx - 6 WHERE idx > 6"


class Event(StrEnum):
    THING_DONE = "thing.done"


def a_viewer(school: UUID | None = None, role: Role = Role.BUSINESS_MANAGER) -> Viewer:
    return Viewer(person=uuid4(), name="Ada Marsh", school=school or uuid4(), school_name="Oakfield", role=role)


async def do(viewer: Viewer | None, *, stream: str = "school", n: int = 1, trail: str | None = None) -> None:
    async with audit.recording(viewer) as record:
        for i in range(n):
            record(Event.THING_DONE, stream=stream, subject="thing:1", facts={"n": i}, personal={"body": "A word"}, trail=trail)


async def entries(trail: object) -> list[Entry]:
    async with database.read():
        found: list[Entry] = await Entry.objects().where(Entry.trail == str(trail)).order_by(Entry.idx)
        return found


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
            actor = await Opening.select(Opening.value).where(Opening.field == "actor").first()
            people: int = await Opening.count().where(Opening.person.is_not_null())
        assert (actor, people) == ({"value": '{"role":"school"}'}, 0)

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
        assert len(await entries(audit.OPERATOR)) == 80
        for name in await fsck.trails():
            assert (await fsck.check(name)).finding is None

    async def test_completed_subtrees_are_stored_for_proofs(self) -> None:
        viewer = a_viewer()
        await do(viewer, n=513)
        leaves = [bytes(entry.leaf_hash) for entry in await entries(viewer.school)]
        async with database.read():
            nodes: list[Node] = await Node.objects().order_by(Node.n)
            head = await Head.objects().where(Head.trail == str(viewer.school)).first()
        assert [(n.level, n.n, bytes(n.hash)) for n in nodes] == [
            (8, 0, merkle.root(leaves[:256])),
            (8, 1, merkle.root(leaves[256:512])),
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


@pytest.mark.usefixtures("db")
class TestFsck:
    TAMPERED = (
        ("a changed header", "UPDATE audit_entry SET header = leaf_hash WHERE idx = 3", 3),
        ("a changed hash", "UPDATE audit_entry SET leaf_hash = (SELECT salt FROM audit_opening LIMIT 1) WHERE idx = 3", 3),
        ("a changed column", "UPDATE audit_entry SET type = 'thing.undone' WHERE idx = 2", 2),
        ("a changed subject", "UPDATE audit_entry SET subject = 'thing:2' WHERE idx = 4", 4),
        ("a changed time", "UPDATE audit_entry SET at = at - 1 WHERE idx = 4", 4),
        ("a removed entry", "DELETE FROM audit_entry WHERE idx = 2", 2),
        ("the first entry removed", "DELETE FROM audit_entry WHERE idx = 0", 0),
        ("a truncated tail", "DELETE FROM audit_entry WHERE idx >= 4", 4),
        ("a truncated tail and a head to match", "DELETE FROM audit_entry WHERE idx >= 4; UPDATE audit_head SET size = 4", None),
        ("two entries swapped", SWAP, 1),
        ("a changed fact", "UPDATE audit_opening SET value = '{\"n\":9}' WHERE field = 'facts' AND value = '{\"n\":3}'", 3),
        ("a removed event", "DELETE FROM audit_opening WHERE field = 'event'", 0),
        ("a moved stream", "UPDATE audit_entry SET stream = 'other', sseq = 0 WHERE idx = 3", 3),
        ("a forged head", "UPDATE audit_head SET frontier = (SELECT leaf_hash FROM audit_entry WHERE idx = 0)", None),
        ("a miscounted stream", "UPDATE audit_stream SET size = size + 1", None),
        ("a vanished trail", "DELETE FROM audit_trail", None),
        ("a forged subtree", "INSERT INTO audit_node SELECT event_id, trail, 8, idx, leaf_hash FROM audit_entry", None),
    )  # fmt: skip

    async def test_a_trail_that_nobody_touched_holds(self) -> None:
        viewer = a_viewer()
        await do(viewer, n=300)
        verdict = await fsck.check(str(viewer.school))
        assert (verdict.entries, verdict.finding) == (300, None)
        assert verdict.root == naive_root([bytes(e.leaf_hash) for e in await entries(viewer.school)])

    @pytest.mark.parametrize(("what", "statements", "idx"), TAMPERED, ids=[row[0] for row in TAMPERED])
    async def test_what_was_done_behind_the_triggers_is_found_at_its_first_entry(
        self, what: str, statements: str, idx: int | None
    ) -> None:
        viewer = a_viewer()
        await do(viewer, n=6)
        await behind_the_triggers(statements)
        (name,) = [trail for trail in await fsck.trails() if trail == str(viewer.school)]
        finding = (await fsck.check(name)).finding
        assert finding is not None, what
        if idx is not None:
            assert finding.idx == idx, finding

    async def test_an_erased_opening_leaves_the_trail_whole(self) -> None:
        viewer = a_viewer()
        await do(viewer, n=3)
        async with database.write():
            await Opening.delete().where(Opening.field == "personal.body")
        assert (await fsck.check(str(viewer.school))).finding is None


async def behind_the_triggers(statements: str) -> None:
    """As somebody with the database in their hands would: triggers off, foreign keys off."""
    engine = database.engine()
    async with database.write():
        if database.is_postgres():
            for table in ("audit_trail", "audit_head", "audit_stream", "audit_entry", "audit_node", "audit_opening"):
                await engine.run_ddl(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            for (name,) in [tuple(r.values()) for r in await Entry.raw("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
                await engine.run_ddl(f"DROP TRIGGER {name}")
            await engine.run_ddl("PRAGMA defer_foreign_keys = 1")
    if database.is_postgres():
        async with database.write():
            for statement in statements.split(";"):
                await engine.run_ddl(statement)
        return
    connection = engine._writer  # type: ignore[attr-defined]  # SQLite's engine has one
    await connection.execute_fetchall("PRAGMA foreign_keys=0")
    async with database.write():
        for statement in statements.split(";"):
            await engine.run_ddl(statement)


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


@pytest.mark.pure
def test_the_frontier_gives_the_naive_root_at_every_size_up_to_300() -> None:
    leaves, frontier = [merkle.leaf_hash(str(n).encode()) for n in range(300)], b""
    for size, leaf in enumerate(leaves):
        assert merkle.frontier_root(frontier) == naive_root(leaves[:size])
        frontier, _ = merkle.push(frontier, size, leaf)
        assert len(frontier) == 32 * (size + 1).bit_count()


@pytest.mark.pure
def test_completed_subtrees_are_those_of_the_tree() -> None:
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(600)]
    frontier, found = b"", list[merkle.Subtree]()
    for size, leaf in enumerate(leaves):
        frontier, completed = merkle.push(frontier, size, leaf)
        found += completed
    assert found == [merkle.Subtree(8, n, naive_root(leaves[256 * n : 256 * n + 256])) for n in range(2)]


@pytest.mark.pure
def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="got a frontier"):
        merkle.push(b"", 1, bytes(32))

"""Units of work survive whatever fails or is cancelled, on both engines."""

import asyncio
import threading
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import database
from base.clock import now
from base.refusals import Busy, Conflict, Unsure
from base.settings import Settings, SettingsError
from database.units import UnitMisuse
from sharing.tables import Session, Throttle
from tests.given.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("db")

ROUNDS = 6  # more than the pool holds, so that one leaked connection a round would show


async def save(key: str) -> None:
    await Throttle.insert(Throttle(key=key, failures=0, last_at=now()))


async def count() -> int:
    async with database.read():
        n: int = await Throttle.count()
        return n


def connections() -> int:
    """Threads on SQLite (one a connection), pooled connections in use on PostgreSQL."""
    if not database.is_postgres():
        return threading.active_count()
    pool = database.engine().pool  # type: ignore[attr-defined]  # PostgreSQL's engine has one
    in_use: int = pool.get_size() - pool.get_idle_size()
    return in_use


async def assert_still_healthy(before: int, *, rows: int) -> None:
    """A hundred writes succeed, none was lost, and no connection or thread was kept."""
    for n in range(100):
        async with asyncio.timeout(PATIENCE), database.write():
            await save(f"healthy-{n}")
    assert await count() == rows + 100
    assert connections() <= before  # one of an earlier test may have ended meanwhile


def broken(verb: str, monkeypatch: pytest.MonkeyPatch, *, how: str) -> None:
    """Makes BEGIN, COMMIT or ROLLBACK of the real engine raise, or hang until cancelled, after doing nothing."""

    async def fails(*_: Any) -> None:
        if how == "hangs":
            await asyncio.Event().wait()
        raise OSError("the disk went away")

    monkeypatch.setattr(database.engine(), verb, fails)


async def test_a_unit_commits_what_was_written_in_it() -> None:
    async with database.write():
        await save("a")
    assert await count() == 1


async def test_a_unit_that_raises_leaves_nothing_behind() -> None:
    before = connections()
    for n in range(ROUNDS):
        with pytest.raises(ZeroDivisionError):
            async with database.write():
                await save(str(n))
                _ = 1 / 0
    await assert_still_healthy(before, rows=0)


@pytest.mark.parametrize("verb", ["begin", "commit"])
async def test_a_begin_or_commit_that_fails_gives_the_connection_back(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await count()
    before = connections()
    for n in range(ROUNDS):
        with monkeypatch.context() as patch:
            broken(verb, patch, how="raises")
            with pytest.raises(OSError if verb == "begin" else Unsure):
                async with database.write():
                    await save(str(n))
    await assert_still_healthy(before, rows=0)


async def test_a_begin_that_is_cancelled_gives_the_connection_back(monkeypatch: pytest.MonkeyPatch) -> None:
    await count()
    before = connections()
    for n in range(ROUNDS):
        with monkeypatch.context() as patch:
            broken("begin", patch, how="hangs")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02), database.write():
                    await save(str(n))
    await assert_still_healthy(before, rows=0)


async def test_a_statement_that_fails_rolls_the_unit_back() -> None:
    before = connections()
    async with database.write():
        await save("a")
    for n in range(ROUNDS):
        with pytest.raises(Conflict):
            async with database.write():
                await save(str(n))
                with database.duplicates(Conflict("There is one already.")):
                    await save("a")
    await assert_still_healthy(before, rows=1)


async def test_a_statement_that_is_cancelled_rolls_the_unit_back() -> None:
    before = connections()
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) FROM n"
    for n in range(ROUNDS):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), database.write():
                await save(str(n))
                await Throttle.raw(slow)
    await assert_still_healthy(before, rows=0)


async def test_a_commit_that_is_cancelled_still_happens_and_says_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    before = connections()
    real, begun = database.engine().commit, asyncio.Event()

    async def slow_commit(connection: Any) -> None:
        begun.set()
        await asyncio.sleep(0.02)
        await real(connection)

    for n in range(ROUNDS):
        with monkeypatch.context() as patch:
            patch.setattr(database.engine(), "commit", slow_commit)
            task = asyncio.create_task(_write_one(str(n)))
            await begun.wait()
            begun.clear()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert await count() == ROUNDS  # shielded: each COMMIT ran to its end
    await assert_still_healthy(before, rows=ROUNDS)


async def test_a_rollback_that_fails_costs_the_connection_not_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    before = connections()
    for n in range(ROUNDS):
        async with database.read():
            pass
        with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
            async with database.write():
                await save(str(n))
                _refuse_statement("ROLLBACK", patch)
                _ = 1 / 0
    await assert_still_healthy(before, rows=0)


def _refuse_statement(statement: str, patch: pytest.MonkeyPatch) -> None:
    """The driver itself refuses one statement, so that the engine's own answer to it is what is tested."""
    connection = database.engine().current_transaction.get().connection
    connection = getattr(connection, "_con", connection)  # asyncpg's pool hands out a proxy
    name = "execute" if database.is_postgres() else "execute_fetchall"
    real = getattr(type(connection), name)

    async def refusing(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        if query == statement:
            raise OSError("the network went away")
        return await real(self, query, *args, **kwargs)

    patch.setattr(type(connection), name, refusing)


async def test_a_cancelled_rollback_still_rolls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = connections()
    real, begun = database.engine().rollback, asyncio.Event()

    async def slow_rollback(connection: Any) -> None:
        begun.set()
        await asyncio.sleep(0.02)
        await real(connection)

    for n in range(ROUNDS):
        with monkeypatch.context() as patch:
            patch.setattr(database.engine(), "rollback", slow_rollback)
            task = asyncio.create_task(_write_and_fail(str(n)))
            await begun.wait()
            begun.clear()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    await assert_still_healthy(before, rows=0)


async def _write_and_fail(key: str) -> None:
    async with database.write():
        await save(key)
        raise ZeroDivisionError


async def test_a_task_that_outlives_its_unit_cannot_write_into_another() -> None:
    ended = asyncio.Event()

    async def straggler() -> None:
        await ended.wait()
        await save("straggler")

    async with database.write():
        task = asyncio.create_task(straggler())
        await save("a")
    ended.set()
    with pytest.raises(UnitMisuse, match="ended"):
        await task
    assert await count() == 1


async def test_another_task_cannot_use_a_live_unit_but_may_open_its_own() -> None:
    async def intruder() -> None:
        with pytest.raises(UnitMisuse, match="another task"):
            await save("intruder")
        assert await count() == 0

    async with database.write():
        await save("a")
        await asyncio.create_task(intruder())


async def test_units_do_not_nest() -> None:
    kinds = (database.read, database.write, database.housekeeping)
    for outer, inner in set(product(kinds, kinds)) - {(database.read, database.read)}:
        async with outer():
            with pytest.raises(UnitMisuse, match="nest"):
                async with inner():
                    pass
    async with database.write():
        with pytest.raises(UnitMisuse, match="nest"):
            await count()
        await save("a")
    assert await count() == 1


async def test_a_read_inside_a_read_sees_the_same_snapshot_and_leaves_it_open() -> None:
    before = connections()
    async with database.read():
        assert await count() == 0
        await asyncio.create_task(_write_one("a"))
        assert await count() == 0
        assert await Throttle.count() == 0
    assert await count() == 1
    await assert_still_healthy(before, rows=1)


async def test_a_read_inside_a_read_fails_with_it() -> None:
    before = connections()
    for _ in range(ROUNDS):
        with pytest.raises(ZeroDivisionError):
            async with database.read(), database.read():
                _ = 1 / 0
    await assert_still_healthy(before, rows=0)


async def test_a_question_is_asked_once_in_a_read_and_each_time_in_a_write() -> None:
    async def asked() -> int:
        return await database.asked_once("how many", Throttle.count)

    async with database.read():
        first = await asked()
        await asyncio.create_task(_write_one("a"))
        assert (first, await asked()) == (0, 0)
    async with database.read():
        assert await asked() == 1
    async with database.write():
        assert await asked() == 1
        await save("b")
        assert await asked() == 2


async def test_what_is_left_for_afterwards_is_done_when_the_read_has_ended_well() -> None:
    async def keep() -> None:
        await _write_one(f"{await count()}")

    async with database.read():
        async with database.read():
            await database.afterwards(keep)
        assert await count() == 0
    assert await count() == 1
    await database.afterwards(keep)
    assert await count() == 2
    with pytest.raises(ZeroDivisionError):
        async with database.read():
            await database.afterwards(keep)
            _ = 1 / 0
    assert await count() == 2


async def test_an_answer_is_for_the_task_alone_whose_unit_it_is() -> None:
    async def intruder() -> None:
        with pytest.raises(UnitMisuse, match="another task"):
            await database.asked_once("how many", Throttle.count)

    async with database.read():
        await database.asked_once("how many", Throttle.count)
        await asyncio.create_task(intruder())


async def test_a_unit_of_one_statement_begins_no_transaction_and_takes_no_second() -> None:
    before = connections()
    for _ in range(ROUNDS):
        async with database.read_one():
            raw = database.current.unit_now().raw
            assert not (raw.is_in_transaction() if database.is_postgres() else raw.in_transaction)
            assert await Throttle.count() == 0
            with pytest.raises(UnitMisuse, match="one statement"):
                await Throttle.count()
    await assert_still_healthy(before, rows=0)


async def test_a_unit_of_one_statement_cannot_write() -> None:
    before = connections()
    for _ in range(ROUNDS):
        with pytest.raises(Exception, match=r"read-?\s?only"):
            async with database.read_one():
                await save("a")
    await assert_still_healthy(before, rows=0)


async def test_a_unit_of_one_statement_inside_a_read_is_part_of_it() -> None:
    async with database.read():
        assert await Throttle.count() == 0
        await asyncio.create_task(_write_one("b"))
        async with database.read_one():
            assert await Throttle.count() == 0
            assert await Throttle.count() == 0


async def test_a_query_outside_any_unit_is_refused() -> None:
    with pytest.raises(UnitMisuse, match="outside"):
        await Throttle.count()
    with pytest.raises(UnitMisuse, match="outside"):
        await save("a")


async def test_a_read_unit_cannot_write() -> None:
    with pytest.raises(Exception, match=r"read-?\s?only"):
        async with database.read():
            await save("a")
    assert await count() == 0


async def test_a_read_unit_sees_one_snapshot() -> None:
    async with database.read():
        first: int = await Throttle.count()
        await asyncio.create_task(_write_one("b"))
        second: int = await Throttle.count()
    assert (first, second, await count()) == (0, 0, 1)


async def _write_one(key: str) -> None:
    async with database.write():
        await save(key)


async def test_housekeeping_writes_its_tables_and_no_other() -> None:
    async with database.housekeeping():
        await save("a")
        await Session.delete().where(Session.seen_at < now())
    from sharing.tables import Person  # noqa: PLC0415 - beside the one use

    with pytest.raises(UnitMisuse, match="sharing_person"):
        async with database.housekeeping():
            await Person.update({Person.name: "x"}, force=True)


async def test_an_error_swallowed_inside_a_unit_does_not_pass_for_a_commit() -> None:
    """PostgreSQL answers such a COMMIT with a quiet ROLLBACK; SQLite only loses the one statement."""
    if not database.is_postgres():
        async with database.write():
            await save("a")
        assert await count() == 1
        return
    with pytest.raises(UnitMisuse, match="swallowed"):
        async with database.write():
            await save("a")
            try:
                await save("a")
            except Exception:
                pass
    assert await count() == 0


async def test_sixteen_writers_at_once_lose_nothing_and_never_meet_a_locked_database() -> None:
    async def writer(name: int) -> None:
        for n in range(10):
            async with database.write():
                await save(f"{name}-{n}")

    await asyncio.gather(*(writer(n) for n in range(16)))
    assert await count() == 160


async def test_waiting_too_long_for_the_database_is_a_refusal_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hold(has_one: asyncio.Event, release: asyncio.Event) -> None:
        async with database.read():
            has_one.set()
            await release.wait()

    release, held = asyncio.Event(), [asyncio.Event() for _ in range(4)]  # as many as the pool has
    holders = [asyncio.create_task(hold(has_one, release)) for has_one in held]
    await asyncio.gather(*(has_one.wait() for has_one in held))
    monkeypatch.setattr("database.engines.ACQUIRE_SECONDS", 0.05)
    with pytest.raises(Busy) as refused:
        async with database.read():
            pass
    assert "saved" not in refused.value.sentence  # nobody asked for that
    release.set()
    await asyncio.gather(*holders)


async def test_one_process_serves_a_sqlite_file(db: Settings) -> None:
    with database.serving_lock(db):
        if not db.is_sqlite:
            return
        with pytest.raises(SettingsError, match="already serving"), database.serving_lock(db):
            pass


async def test_a_new_database_file_is_for_its_owner_only(db: Settings, tmp_path: Path) -> None:
    if database.is_postgres():
        pytest.skip("PostgreSQL looks after its own files")
    fresh = replace(db, database_url=f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    await database.close()
    await database.open(fresh)
    assert fresh.sqlite_path.stat().st_mode & 0o777 == 0o600

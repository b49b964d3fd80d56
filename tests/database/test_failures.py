"""What a database that fails is taken for: trying again, waiting, looking first, or a mistake of ours."""

import asyncio
from typing import Any

import asyncpg
import pytest

import database
from base.clock import now
from base.refusals import Away, Busy, Unsure
from base.settings import Settings
from database import saving
from sharing.tables import Person, Session, Throttle
from tests.conftest import opened
from tests.given.own_postgres import Between, between

pytestmark = pytest.mark.usefixtures("db")


async def save(key: str) -> None:
    await Throttle.insert(Throttle(key=key, failures=0, last_at=now()))


async def saved() -> list[str]:
    async with database.read():
        keys: list[str] = await Throttle.select(Throttle.key).order_by(Throttle.key).output(as_list=True)
        return keys


async def pragma(words: str) -> None:
    """Said to SQLite's one writer, outside any unit."""
    store: Any = database.engine()
    await store._writer.execute_fetchall(f"PRAGMA {words}")


def only_on_sqlite() -> None:
    if database.is_postgres():
        pytest.skip("PostgreSQL's own faults are in test_postgres_away.py")


@pytest.mark.fault
async def test_a_full_disk_saves_nothing_says_so_shows_what_is_there_and_heals() -> None:
    only_on_sqlite()
    async with database.write():
        await save("before")
    await database.scrub(Throttle)  # no page is free
    await pragma("max_page_count=1")  # SQLite rounds up to the pages that there are: not one more
    with pytest.raises(Away, match="Nothing was saved") as refused:
        async with database.write():
            for n in range(1_000):
                await save(f"full-{n}")
    assert getattr(refused.value.__cause__, "sqlite_errorname", "") == "SQLITE_FULL"
    assert await saved() == ["before"]
    await pragma("max_page_count=1000000")
    async with database.write():
        await save("after")
    assert await saved() == ["after", "before"]


@pytest.mark.fault
async def test_a_database_that_may_only_be_read_saves_nothing_and_says_so() -> None:
    only_on_sqlite()
    await pragma("query_only=1")
    for unit in (database.write, database.housekeeping):
        with pytest.raises(Away, match="Nothing was saved"):
            async with unit():
                await save("never")
    with pytest.raises(Away):
        await database.probe()
    await pragma("query_only=0")
    await database.probe()
    assert await saved() == []


async def test_a_reader_who_writes_and_a_value_that_fits_no_column_are_mistakes_of_ours() -> None:
    with pytest.raises(Exception, match=r"read-?\s?only") as mistake:
        async with database.read():
            await save("never")
    assert not isinstance(mistake.value, Busy)
    if database.is_postgres():
        with pytest.raises(asyncpg.DataError):
            async with database.read():
                await database.select("SELECT $1::int", "seven")
        with pytest.raises(asyncpg.InterfaceError, match="expects 1 argument"):
            async with database.read():
                await database.select("SELECT $1::int", 1, 2)


@pytest.mark.parametrize("then", [database.read, database.write, database.housekeeping])
async def test_what_fails_after_something_was_saved_never_says_that_nothing_was(
    then: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.engines.ACQUIRE_SECONDS", 0.05)
    with saving.noted(), pytest.raises(Unsure, match="Something was saved") as refused:
        async with database.write():
            await save("first")
        await failing(then)
    assert "Retry-After" not in refused.value.headers  # a program would do it twice
    with pytest.raises(Busy) as alone:
        await failing(then)
    assert not isinstance(alone.value, Unsure)
    assert ("Nothing was saved" in alone.value.sentence) is (then is not database.read)


async def failing(unit: Any) -> None:
    async with unit():
        raise TimeoutError  # what the driver raises when no answer comes


async def test_a_minute_that_was_noted_beside_a_page_counts_as_nothing_saved() -> None:
    with saving.noted():
        async with database.housekeeping():
            await save("a try")
            await Session.delete().where(Session.seen_at < now())
        assert not saving.is_anything()
        async with database.write():
            await Person.select(Person.id)
        assert saving.is_anything()
    assert not saving.is_anything()


@pytest.mark.fault
async def test_a_unit_that_is_cancelled_while_it_waits_for_a_connection_keeps_none(db: Settings) -> None:
    """At every moment of the wait: some are cancelled just when a connection comes free."""
    await database.close()
    async with opened(db.database_url, pool_size=2):
        for n in range(150):
            tasks = [asyncio.create_task(used(unit)) for unit in (database.read, database.read, database.read, database.write)]
            for _ in range(n % 30):
                await asyncio.sleep(0)
            for task in tasks[n % 2 :: 2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(10):
            await asyncio.gather(*(used(database.read) for _ in range(4)), used(database.write))
    await database.open(db)


async def used(unit: Any) -> None:
    async with unit():
        await Throttle.count()


@pytest.mark.postgres
@pytest.mark.fault
async def test_a_commit_whose_answer_is_lost_says_to_look_first(db: Settings) -> None:
    """It was saved: the server committed, and the way back was cut."""
    await database.close()
    async with between(db.database_url) as (way, url), opened(url):
        await saved()
        way.cut_answer_to = b"COMMIT"
        with saving.noted(), pytest.raises(Unsure, match="can't tell whether it was saved"):
            async with database.write():
                await save("committed")
        way.cut_answer_to = b""
        assert await saved() == ["committed"]
        await _cut_before_the_commit(way)
        assert await saved() == ["committed"]
    await database.open(db)


async def _cut_before_the_commit(way: Between) -> None:
    way.cut_answer_to = b"throttle"
    with pytest.raises(Away, match="Nothing was saved"):
        async with database.write():
            await save("cut off")
    way.cut_answer_to = b""

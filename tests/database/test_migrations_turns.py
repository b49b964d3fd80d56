"""Two migrations of one PostgreSQL database: the second waits for the first, or says that it waits too long. Each has time."""

import asyncpg
import pytest

import database
from base.settings import Settings, SettingsError
from database import migrations
from tests.conftest import opened

pytestmark = pytest.mark.postgres


async def test_a_migration_that_is_still_at_work_is_named(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("database.engines.ACQUIRE_SECONDS", 1)
    await database.close()
    other = await asyncpg.connect(db.database_url)
    try:
        await other.execute(f"SELECT pg_advisory_lock({migrations.ONE_AT_A_TIME})")
        async with opened(db.database_url):
            with pytest.raises(SettingsError, match="Another vouch migrate is at work"):
                await migrations.migrate()
            await other.execute(f"SELECT pg_advisory_unlock({migrations.ONE_AT_A_TIME})")
            assert await migrations.migrate() == ()
    finally:
        await other.close()
        await database.open(db)


async def test_a_migration_has_longer_than_a_question_for_a_statement(db: Settings) -> None:
    async with database.write():
        before = await database.select("SHOW statement_timeout")
        await migrations._migrate()
        after = await database.select("SHOW statement_timeout")
    assert [row["statement_timeout"] for row in (*before, *after)] == ["1min", "1h"]

"""Two migrations of one PostgreSQL database: the second waits for the first, and says so where that takes too long."""

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

"""/readyz notices that nothing can be saved, though everything can still be read, and that it can be again."""

from typing import Any

import httpx
import pytest

import database
from base.settings import Settings
from vouch.app import create_app
from web.http import health

pytestmark = pytest.mark.fault


async def test_a_database_that_may_only_be_read_is_not_ready_until_it_can_be_written_again(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_postgres():
        pytest.skip("a server that is away is in tests/database/test_postgres_away.py")
    store: Any = database.engine()
    transport = httpx.ASGITransport(create_app(db))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=db.origin) as client:
        await store._writer.execute_fetchall("PRAGMA query_only=1")
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/readyz")).status_code == 503  # remembered, and not tried again
        await store._writer.execute_fetchall("PRAGMA query_only=0")
        assert (await client.get("/readyz")).status_code == 503
        monkeypatch.setattr(health, "PROBE_SECONDS", 0)
        assert (await client.get("/readyz")).status_code == 200


async def test_the_probe_changes_nothing(db: Settings) -> None:
    for _ in range(3):
        await database.probe()
    if not database.is_postgres():
        async with database.read():
            (row,) = await database.select("PRAGMA user_version")
        assert row["user_version"] == 0

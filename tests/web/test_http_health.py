import httpx
from piccolo.apps.migrations.tables import Migration

import database
from base import settings
from base.settings import Settings
from vouch.app import create_app


def watcher(chosen: Settings) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(chosen))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=chosen.origin)


async def test_a_migrated_database_that_can_be_read_is_ready(db: Settings) -> None:
    async with watcher(db) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_a_process_beneath_which_a_newer_version_migrated_is_not_ready(db: Settings) -> None:
    newest = "2999_of_a_newer_version"
    async with watcher(db) as client:
        async with database.write():
            await Migration(name=newest, app_name="audit").save()
        assert (await client.get("/readyz")).status_code == 503
        async with database.write():
            await Migration.delete().where(Migration.name == newest)
        assert (await client.get("/readyz")).status_code == 200


async def test_a_database_of_another_version_is_not_ready(db: Settings) -> None:
    async with database.write():
        ran = await Migration.objects()
        await Migration.delete(force=True)
    async with watcher(db) as client:
        answer = await client.get("/readyz")
    async with database.write():  # the schema stays from test to test
        await Migration.insert(*(Migration(**one.to_dict()) for one in ran))
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
    assert answer.headers["retry-after"] == "5"


async def test_the_process_is_up_even_without_a_database() -> None:
    async with watcher(settings.current()) as client:
        assert (await client.get("/healthz")).json() == {"status": "up"}

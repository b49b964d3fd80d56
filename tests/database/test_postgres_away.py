"""PostgreSQL stopped and started again beneath a service: what is said meanwhile, and that all is well by itself afterwards."""

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

import database
from base import settings
from base.refusals import Away
from base.settings import Settings, SettingsError
from database import DatabaseAway, migrations
from sharing.tables import Throttle
from tests.given.own_postgres import OwnServer, between, fatal, own_server, without_settings
from tests.given.patience import until
from vouch.app import create_app

pytestmark = [pytest.mark.postgres, pytest.mark.fault]


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with own_server() as server:
        server.start()
        yield server


@pytest.fixture
def chosen(server: OwnServer) -> Settings:
    return replace(settings.current(), database_url=server.url)


async def counted() -> bool:
    try:
        async with database.read():
            await Throttle.count()
    except Away:
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT])
async def test_a_server_that_stops_is_503_and_not_ready_and_when_it_is_back_all_is_well(
    server: OwnServer, chosen: Settings, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.http.health.PROBE_SECONDS", 0)
    await database.open(chosen)
    try:
        await migrations.migrate()
        transport = httpx.ASGITransport(create_app(chosen))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=chosen.origin) as client:
            assert (await client.get("/readyz")).status_code == 200
            client.cookies["vouch"] = "somebody's session"
            server.stop(how)
            for address in ("/search", "/api/v1/recommendations", "/search"):
                answer = await client.get(address, headers={"Accept": "text/html"})
                assert answer.status_code == 503
                assert "reach its database at the moment" in answer.text
                assert "saved" not in answer.text
            assert (await client.get("/readyz")).status_code == 503
            with pytest.raises(Away, match="Nothing was saved"):
                async with database.write():
                    await Throttle.count()
            server.start()
            await until(counted)
            assert (await client.get("/readyz")).status_code == 200
            assert (await client.get("/search", headers={"Accept": "text/html"})).status_code == 303  # to the sign-in page
    finally:
        await database.close()
        if server.running is None:
            server.start()


async def test_a_server_that_ends_a_unit_under_way_is_no_mistake_of_ours(server: OwnServer, chosen: Settings) -> None:
    await database.open(chosen)
    try:
        with pytest.raises(Away, match="Nothing was saved"):
            async with database.write():
                await database.select("SELECT pg_terminate_backend(pg_backend_pid())")
        assert await counted() or await counted()
    finally:
        await database.close()


async def test_a_server_that_says_goodbye_to_a_connection_that_waits_is_no_mistake_of_ours(chosen: Settings) -> None:
    """It comes just before the next unit begins on that connection, and the connection has not been closed yet."""
    async with between(chosen.database_url) as (way, url):
        await database.open(replace(chosen, database_url=url))
        try:
            await migrations.migrate()
            assert await counted()
            for writer in way.back:
                writer.write(fatal("57P01", "terminating connection due to administrator command"))
            for _ in range(5):  # turns of the loop, in which the connections hear it
                await asyncio.sleep(0)
            assert not await counted()
            await until(counted)
        finally:
            await database.close()


async def test_an_open_tells_what_may_mend_itself_from_what_will_not(server: OwnServer, chosen: Settings) -> None:
    server.stop()
    try:
        with pytest.raises(DatabaseAway):
            await database.open(chosen)
    finally:
        server.start()
    with pytest.raises(SettingsError, match="does not exist") as wrong:
        await database.open(replace(chosen, database_url=chosen.database_url.replace("/postgres?", "/no-such-database?")))
    assert not isinstance(wrong.value, DatabaseAway)


async def test_a_pooler_that_drops_our_guards_is_refused_in_one_sentence(chosen: Settings) -> None:
    async with between(chosen.database_url) as (way, url):
        behind = replace(chosen, database_url=url)
        await database.open(behind)  # nobody meddles: fine
        await database.close()
        way.starting = without_settings
        with pytest.raises(SettingsError, match=r"pgbouncer.*default_transaction_read_only.*VOUCH_DATABASE_URL") as refused:
            await database.open(behind)
        assert not isinstance(refused.value, DatabaseAway)
        way.refusal = fatal("08P01", "unsupported startup parameter: default_transaction_read_only")
        with pytest.raises(SettingsError, match=r"pgbouncer.*unsupported startup parameter") as told:
            await database.open(behind)
        assert not isinstance(told.value, DatabaseAway)
        assert len(str(told.value).splitlines()) == 1

"""Two databases, one to back up and one to restore into, with keys and files beside them that no other test has."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from base import settings
from tests import conftest
from tests.given import postgres_logins
from tests.given.backed_up import Homes
from tests.given.postgres import client_programs


@pytest.fixture(autouse=True)
def beside_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, the signer's memory and the list of erasures of this test alone."""
    chosen = replace(settings.current(), data=tmp_path / "data", keys=tmp_path / "keys", pg_bin=client_programs())
    monkeypatch.setattr(settings, "current", lambda: chosen)


@pytest.fixture
async def homes(template: conftest.Template, tmp_path: Path) -> AsyncIterator[Homes]:
    async with AsyncExitStack() as stack:
        live = await conftest.duplicate(template, tmp_path / "vouch.sqlite")
        if conftest.ENGINE == "sqlite":
            elsewhere = f"sqlite:///{tmp_path / 'elsewhere' / 'vouch.sqlite'}"
        else:
            place = await stack.enter_async_context(postgres_logins.place(template, admin_may="CREATEROLE CREATEDB"))
            elsewhere = place.as_login(place.admin)
        yield Homes(*(replace(settings.current(), database_url=url) for url in (live.url, elsewhere)))
    if conftest.ENGINE == "postgres":
        await drop_all_named(template.server, urlsplit(live.url).path[1:])


async def drop_all_named(server: str, name: str) -> None:
    """A database, and those that were kept when a backup took its place."""
    connection = await asyncpg.connect(server)
    try:
        for row in await connection.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", name):
            await connection.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
    finally:
        await connection.close()

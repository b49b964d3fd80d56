"""How tests get a world of their own.

One pytest process tests one engine (VOUCH_TEST_ENGINE: sqlite, the default, or postgres). The schema is migrated once
into a template; each test that asks for ``db`` gets a fresh copy of the file on SQLite, or the emptied database on PostgreSQL.
Nothing is rolled back and nothing is mocked: tests commit, as the service does.

Tests marked ``pure`` need no database and ``browser`` drives Chromium; both run in the SQLite process only. Those marked
``postgres`` are about what only PostgreSQL has.
"""

import asyncio
import gc
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

ENGINE = os.environ.get("VOUCH_TEST_ENGINE", "sqlite")
ORIGIN = "http://127.0.0.1:8000"
os.environ["PICCOLO_CONF"] = "piccolo_conf"
os.environ["VOUCH_DATABASE_URL"] = "sqlite:///nowhere" if ENGINE == "sqlite" else "postgresql://nowhere"
os.environ["VOUCH_ORIGIN"] = ORIGIN
os.environ["VOUCH_ESTABLISHED_DAYS"] = "0"  # tests of who is established set more
os.environ["VOUCH_SEAL_EVERY"] = "0"  # tests that want a seal make one
os.environ.pop("VOUCH_DEMO", None)
if os.access("/dev/shm", os.W_OK):  # noqa: S108 - memory instead of the disk: every commit waits for its fsync
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")  # noqa: S108

import asyncpg  # noqa: E402 - the environment above is read at import
import hypothesis  # noqa: E402
import pytest  # noqa: E402

import database  # noqa: E402
from base import settings  # noqa: E402
from base.settings import Settings  # noqa: E402
from database import migrations  # noqa: E402
from tests.given.examples import EXAMPLES, IS_THE_SUITE  # noqa: E402
from tests.given.postgres import server  # noqa: E402
from tests.given.time_limit import LIMIT, time_limit  # noqa: E402
from vouch import wiring as _wiring  # noqa: E402, F401 - tells the trail of whom it writes, as in every process that serves

# A busy machine is slow, not wrong.
SLOW = hypothesis.HealthCheck.too_slow
hypothesis.settings.register_profile("vouch", deadline=None, max_examples=EXAMPLES, suppress_health_check=[SLOW])
hypothesis.settings.load_profile("vouch")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_finish() -> None:
    """What was imported stays, so the collector of garbage needn't look at it again and again: an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out of the PostgreSQL process what has nothing to do with it; never hides a missing browser under CI."""
    if ENGINE == "postgres":
        items[:] = [item for item in items if not (item.get_closest_marker("pure") or item.get_closest_marker("browser"))]
        return
    items[:] = [item for item in items if not item.get_closest_marker("postgres")]
    if CHROMIUM is None and not os.environ.get("CI"):
        skip = pytest.mark.skip(reason="no Chromium found: install Debian's `chromium` to run the browser tests")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def _ended_in_time(item: pytest.Item) -> Iterator[None]:
    """Thousands of examples may take their time, and so may a person with a debugger."""
    if not IS_THE_SUITE or item.config.getoption("usepdb"):
        return (yield)
    with time_limit(LIMIT):
        return (yield)


pytest_runtest_setup = pytest_runtest_call = pytest_runtest_teardown = _ended_in_time


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated, empty database to copy, and on PostgreSQL the database to give the orders from."""

    url: str
    server: str


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    if ENGINE == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'vouch.sqlite'}"
        asyncio.run(_migrate(url))
        yield Template(url, url)
        return
    with server() as server_url:
        name = f"template_{uuid4().hex}"
        asyncio.run(_order(server_url, f'CREATE DATABASE "{name}"'))
        asyncio.run(_migrate(_renamed(server_url, name)))
        yield Template(_renamed(server_url, name), server_url)


@pytest.fixture(scope="session")
def shared(template: Template, tmp_path_factory: pytest.TempPathFactory) -> str:
    """PostgreSQL: the one database that tests take turns in. Emptying it takes a hundredth of a second, copying a fifth."""
    return template.url if ENGINE == "sqlite" else asyncio.run(duplicate(template, tmp_path_factory.getbasetemp())).url


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys and mail of this test alone, where it has a database."""
    if "template" not in request.fixturenames:
        yield
        return
    monkeypatch.setenv("VOUCH_DATA", str(request.getfixturevalue("tmp_path")))
    monkeypatch.delenv("VOUCH_SMTP", raising=False)
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.fixture
async def db(template: Template, shared: str, tmp_path: Path) -> AsyncIterator[Settings]:
    """An open, migrated, empty database for this test alone; yields its settings."""
    if ENGINE == "postgres":
        await _empty(shared)
        async with opened(shared) as chosen:
            yield chosen
        return
    async with copied(template, tmp_path / "vouch.sqlite") as chosen:
        yield chosen


@asynccontextmanager
async def copied(template: Template, path: Path) -> AsyncIterator[Settings]:
    """An open copy that goes afterwards; see ``duplicate``."""
    made = await duplicate(template, path)
    try:
        async with opened(made.url) as chosen:
            yield chosen
    finally:
        if ENGINE == "postgres":
            await _order(made.server, f'DROP DATABASE "{urlsplit(made.url).path[1:]}" WITH (FORCE)')


async def duplicate(template: Template, path: Path) -> Template:
    """Another database like this one, which nobody may have open meanwhile; ``path`` is where SQLite puts it."""
    if ENGINE == "sqlite":
        shutil.copy(template.url.removeprefix("sqlite:///"), path)
        return Template(f"sqlite:///{path}", template.server)
    name = f"test_{uuid4().hex}"
    await _order(template.server, f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(template.url).path[1:]}"')
    return Template(_renamed(template.server, name), template.server)


@asynccontextmanager
async def opened(url: str, *, pool_size: int = 4) -> AsyncIterator[Settings]:
    """Points the process's one engine at another database, and opens it."""
    chosen = replace(settings.current(), database_url=url, pool_size=pool_size)
    await database.open(chosen)
    try:
        yield chosen
    finally:
        await database.close()


async def _migrate(url: str) -> None:
    async with opened(url):
        await migrations.migrate()


OTHERS_OPEN = """FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""
SOON = 5.0  # seconds, in which the server notices that somebody it served was killed


async def _left_open(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    """Ends what is still open after a moment: one test fails for it, not each one after a minute's wait for its locks."""
    deadline = time.monotonic() + SOON
    while await connection.fetchval(f"SELECT count(*) {OTHERS_OPEN}") and time.monotonic() < deadline:  # noqa: ASYNC110 - the server sets no event
        await asyncio.sleep(0.02)
    return [row["query"] for row in await connection.fetch(f"SELECT pg_terminate_backend(pid), query {OTHERS_OPEN}")]


async def _empty(url: str) -> None:
    """Removes every row as only somebody with the database in their hands can: triggers off, and on again as they were."""
    connection = await asyncpg.connect(url)
    try:
        left = await _left_open(connection)
        assert left == [], f"a test before this one left transactions open, which began or went on with {left}"
        tables = [row["t"] for row in await connection.fetch("SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public'")]
        triggers = await connection.fetch(
            "SELECT tgrelid::regclass::text AS t, tgname AS n FROM pg_trigger WHERE NOT tgisinternal"
        )
        guarded = {row["t"] for row in triggers}
        known = ", ".join(f"'{name}'" for _, name in migrations._known())
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '60s'; SET LOCAL session_replication_role = replica")
            await connection.execute(";".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded))
            await connection.execute(";".join(f"DELETE FROM {table}" for table in tables if table != "migration"))  # noqa: S608 - our own names
            await connection.execute(f"DELETE FROM migration WHERE name NOT IN ({known})")  # noqa: S608 - our own names
            await connection.execute(";".join(f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in guarded))
            await connection.execute(";".join(f"ALTER TABLE {row['t']} ENABLE ALWAYS TRIGGER {row['n']}" for row in triggers))
    finally:
        await connection.close()


async def _order(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _renamed(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

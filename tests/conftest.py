"""How tests get a world of their own.

One pytest process tests one engine (VOUCH_TEST_ENGINE: sqlite, the default, or postgres). The schema is migrated once
into a template; each test that asks for ``db`` gets one database, made as new: put back on SQLite, emptied on PostgreSQL.
Nothing is rolled back and nothing is mocked: tests commit, as the service does.

Tests marked ``pure`` need no database and ``browser`` drives Chromium; both run in the SQLite process only. Those marked
``postgres`` are about what only PostgreSQL has.
"""

import asyncio
import gc
import os
import re
import shutil
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
gc.disable()  # until all tests are collected

import asyncpg  # noqa: E402 - the environment above is read at import
import hypothesis  # noqa: E402
import pytest  # noqa: E402

import database  # noqa: E402
from base import settings  # noqa: E402
from base.settings import Settings  # noqa: E402
from base.viewer import Viewer  # noqa: E402
from database import migrations  # noqa: E402
from tests import both_engines  # noqa: E402
from tests.given.builders import a_person, a_school  # noqa: E402
from tests.given.emptying import Emptier, emptier  # noqa: E402
from tests.given.examples import EXAMPLES, IS_THE_SUITE, whole_on_sqlite  # noqa: E402
from tests.given.kept_file import KeptFile  # noqa: E402
from tests.given.logs import logs_as_they_were  # noqa: E402
from tests.given.one_loop import KeptPool, OneLoop  # noqa: E402
from tests.given.postgres import server  # noqa: E402
from tests.given.time_limit import LIMIT, time_limit  # noqa: E402
from vouch import wiring as _wiring  # noqa: E402, F401 - tells the trail of whom it writes, as in every process that serves

# A busy machine is slow, not wrong.
SLOW = hypothesis.HealthCheck.too_slow
hypothesis.settings.register_profile("vouch", deadline=None, max_examples=EXAMPLES, suppress_health_check=[SLOW])
hypothesis.settings.load_profile("vouch")

# Walks through every route whose rule Python alone decides: whole on SQLite, and not on PostgreSQL.
DECIDED_BY_PYTHON = frozenset(
    {
        *("test_keys.py", "test_asked_who_first.py", "test_links_open.py", "test_too_large_files.py", "test_site_staff.py"),
        *("test_trust_lead.py", "test_words_kept.py", "test_words_kept_from_others.py", "test_refusals_keep_the_frame.py"),
        *("test_refusals_say_what_is_missing.py", "test_no_act_opens_another_school.py", "test_members_ranks.py"),
    }
)
# Rooms that translate: pages, the API, files read and written, letters to witnesses, keys. What they ask the database for, verbs
# ask that are tested whole on both engines.
TRANSLATES = re.compile(
    r"_(pages|api|by_key|imports|register_rows|sheets|packs|review_pack|review_words|calendars|refused|witnesses|false_alarms|demo)[_.]"
    r"|_seals_(keys|key_chain|recovery)\.|_sign_in_(known_browsers|security_log|passwords|browsers)\.|_reminders_letters\."
)
WHOLLY_ELSEWHERE = re.compile(r"^pytestmark = pytest\.mark\.(pure|browser)$", re.MULTILINE)
A_WHOLE_SUITE = 1_000  # tests: who names some to be run gets all of them
LOOPS: list[OneLoop] = []  # none until the first test, then one
# Without a window to paint, Debian's headless shell takes a fifth less of the processor for the same pages.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for found in map(shutil.which, BROWSERS) if found), None)


def pytest_collection_finish() -> None:
    """What was imported stays, so the collector of garbage needn't look at it again and again: an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """The PostgreSQL process doesn't read the files of which it would run nothing: a quarter of all."""
    if ENGINE != "postgres" or not collection_path.name.startswith("test_") or not collection_path.is_file():
        return None
    return True if WHOLLY_ELSEWHERE.search(collection_path.read_text(encoding="utf-8")) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out of the PostgreSQL process what has nothing to do with it; never hides a missing browser under CI."""
    waiting = {item.path for item in items if item.get_closest_marker("browser") or item.get_closest_marker("program")}
    lost = waiting - {both_engines.ROOT / name for name in both_engines.waiting_files()}
    assert lost == set(), f"./run test would leave out tests of {lost}: write their marks as pytest.mark.browser or .program"
    if ENGINE == "postgres":
        items[:] = _for_postgres(items)
        return
    items[:] = [item for item in items if not item.get_closest_marker("postgres")]
    if CHROMIUM is None and not os.environ.get("CI"):
        skip = pytest.mark.skip(reason="no Chromium found: install Debian's `chromium-headless-shell` to run the browser tests")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


def _for_postgres(items: list[pytest.Item]) -> list[pytest.Item]:
    """Without what no database decides. Of tests of rooms that translate, every third, and those that ask what no other asks."""
    asking = [item for item in items if not (item.get_closest_marker("pure") or item.get_closest_marker("browser"))]
    if not IS_THE_SUITE or len(asking) < A_WHOLE_SUITE:
        return asking
    asking = [item for item in asking if not (item.path.name in DECIDED_BY_PYTHON or item.get_closest_marker("one_engine"))]
    translating = [item for item in asking if TRANSLATES.search(item.path.name) and not item.get_closest_marker("both_engines")]
    left_out = set(translating) - set(whole_on_sqlite(translating))
    return [item for item in asking if item not in left_out]


@pytest.hookimpl(wrapper=True)
def _ended_in_time(item: pytest.Item) -> Iterator[None]:
    """Thousands of examples may take their time, and so may a person with a debugger."""
    if not IS_THE_SUITE or item.config.getoption("usepdb"):
        return (yield)
    with time_limit(LIMIT):
        return (yield)


pytest_runtest_setup = pytest_runtest_call = _ended_in_time


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    try:
        return (yield from _ended_in_time(item))
    finally:
        for loop in LOOPS:
            loop.tidy()


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
    """The one database that tests take turns in. PostgreSQL's is emptied in a hundredth of a second, and copied in a fifth."""
    return asyncio.run(duplicate(template, tmp_path_factory.mktemp("shared") / "vouch.sqlite")).url


@pytest.fixture(scope="session", autouse=True)
async def one_loop() -> OneLoop:
    """Every test's, tidied between two of them."""
    LOOPS[:] = [OneLoop(asyncio.get_running_loop())]
    return LOOPS[0]


@pytest.fixture(scope="session")
async def emptied(shared: str, one_loop: OneLoop) -> AsyncIterator[Emptier | None]:
    if ENGINE == "sqlite":
        yield None
        return
    async with emptier(shared) as emptying:
        one_loop.keep(lambda: emptying.connections)
        yield emptying


@pytest.fixture(scope="session")
async def kept(template: Template, shared: str, one_loop: OneLoop) -> AsyncIterator[KeptFile | KeptPool]:
    """The connections to the one database that tests take turns in."""
    if ENGINE == "sqlite":
        file = KeptFile(_path(template.url), _path(shared))
        yield file
        await file.close()
        return
    pool = KeptPool()
    one_loop.keep(pool.connections)
    yield pool
    await pool.close()


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


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    with logs_as_they_were():
        yield


@pytest.fixture
async def db(shared: str, emptied: Emptier | None, kept: KeptFile | KeptPool) -> AsyncIterator[Settings]:
    """An open, migrated, empty database for this test alone; yields its settings."""
    if emptied is not None:
        await emptied()
    chosen = replace(settings.current(), database_url=shared, pool_size=4)
    async with kept.opened(chosen):
        yield chosen


@pytest.fixture
async def ann(db: Settings) -> Viewer:
    """The business manager of Oakfield Primary, whose work most tests follow."""
    return await a_person(await a_school("Oakfield Primary"))


@pytest.fixture
async def bob(ann: Viewer) -> Viewer:
    """The business manager of Elmwood School, who came after Ann."""
    return await a_person(await a_school("Elmwood School"), name="Bob Brown")


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
        shutil.copy(_path(template.url), path)
        return Template(f"sqlite:///{path}", template.server)
    name = f"test_{uuid4().hex}"
    await _order(template.server, f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(template.url).path[1:]}" STRATEGY FILE_COPY')
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


async def _order(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _path(url: str) -> Path:
    """Of SQLite's file."""
    return Path(url.removeprefix("sqlite:///"))


def _renamed(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

"""The demo town, built once for all its tests."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import demo
from demo import DemoAccount
from sharing.sign_in import passwords
from tests.conftest import Template, copied, duplicate, opened
from tests.given.demo_accounts import Built


@pytest.fixture(scope="session")
def built(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A database with the town in it, and what its building told."""
    path = tmp_path_factory.mktemp("town") / "vouch.sqlite"

    async def work() -> Built:
        made = await duplicate(template, path)
        async with opened(made.url):
            return made, await demo.build()

    before = passwords.argon2.hasher  # the town brings its own
    try:
        return asyncio.run(work())
    finally:
        passwords.argon2.hasher = before


@pytest.fixture(autouse=True, scope="module")
def other_tests_hasher() -> Iterator[None]:
    """The town brings its own."""
    before = passwords.argon2.hasher
    yield
    passwords.argon2.hasher = before


@pytest.fixture
async def town(built: Built, tmp_path: Path) -> AsyncIterator[tuple[DemoAccount, ...]]:
    """A copy of the built town, open, and its sign-ins."""
    async with copied(built[0], tmp_path / "town.sqlite"):
        yield built[1]

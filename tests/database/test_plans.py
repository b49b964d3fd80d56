"""A search is planned for its values, and by one process of PostgreSQL's; the next unit as usual."""

import pytest

import database
from tests.conftest import ENGINE

pytestmark = pytest.mark.skipif(ENGINE != "postgres", reason="SQLite has one way")

SETTINGS = ("plan_cache_mode", "max_parallel_workers_per_gather")


async def settings_now() -> list[str]:
    async with database.read():
        return await asked()


async def asked() -> list[str]:
    (row,) = await database.select("SELECT " + ", ".join(f"current_setting('{one}') AS {one}" for one in SETTINGS))
    return [row[one] for one in SETTINGS]


async def test_they_hold_until_the_unit_ends(db: object) -> None:
    usual = await settings_now()
    async with database.read():
        await database.plan_anew()
        assert await asked() == ["force_custom_plan", "0"]
    assert await settings_now() == usual != ["force_custom_plan", "0"]

"""SQLite's log beside the file: it shrinks again after a busy hour, and what the planner knows is kept up to date."""

import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest

import database
from base import settings
from base.settings import Settings
from database import current, damage
from tests.conftest import ENGINE, opened
from tests.given.builders import a_school

pytestmark = pytest.mark.skipif(ENGINE != "sqlite", reason="PostgreSQL looks after itself")


async def test_the_writer_lets_the_log_shrink(db: Settings) -> None:
    async with database.write():
        connection = current.unit_now().connection
        ((limit,),) = await connection.execute_fetchall("PRAGMA journal_size_limit")
    assert limit == 64 * 1024 * 1024


async def test_closing_brings_up_to_date_what_the_planner_knows(db: Settings) -> None:
    for _ in range(60):
        await a_school()
    await database.close()
    async with opened(db.database_url), database.read():
        rows = await database.select("SELECT count(*) AS n FROM sqlite_master WHERE name = 'sqlite_stat1'")
    assert rows[0]["n"] == 1


@pytest.mark.fault
async def test_a_file_that_is_no_database_is_said_to_be_damaged_and_how_to_go_on(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite"
    path.write_bytes(b"no database at all" * 1000)
    chosen = settings.read({"VOUCH_DATABASE_URL": f"sqlite:///{path}"})
    with pytest.raises(
        settings.SettingsError, match=r"file is not a database\. The file is damaged: restore the last good backup"
    ):
        await database.open(chosen)
    assert damage.remedy(ValueError("no such thing"), path) == ""


@pytest.mark.parametrize("name", ["SQLITE_IOERR_SHMSIZE", "SQLITE_FULL", "SQLITE_CANTOPEN"])
def test_a_full_disk_is_named_where_sqlite_says_only_that_it_could_not(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    assert damage.remedy(error, tmp_path / "vouch.sqlite") == ""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(4096))
    assert f"No room is left on the disk of {tmp_path}" in damage.remedy(error, tmp_path / "vouch.sqlite")

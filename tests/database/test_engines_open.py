"""A database that can't be used ends the command with its sentence, and is never slowed by its own help."""

import os
import resource
import sqlite3
import subprocess
import threading
from itertools import count
from pathlib import Path

import pytest

import database
from base.settings import Settings
from database.engines import EmbeddedEngine
from tests.given.checkout import VOUCH
from tests.given.command import free_port
from tests.given.patience import PATIENCE


@pytest.mark.pure
@pytest.mark.program
@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_file_that_is_no_database_ends_the_process_with_one_sentence(tmp_path: Path, command: str) -> None:
    (tmp_path / "vouch.sqlite").write_bytes(b"no database at all " * 300)
    env = {name: value for name, value in os.environ.items() if not name.startswith("VOUCH_")}
    env |= {"VOUCH_DATA": str(tmp_path), "VOUCH_PORT": free_port()}
    order = [*VOUCH, command]
    ended = subprocess.run(order, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert "file is not a database" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.fault
@pytest.mark.pure
async def test_an_open_that_fails_half_way_leaves_no_thread_behind(tmp_path: Path) -> None:
    """With one file more at a time, the writer was there already when the reader could not be opened."""
    before, (soft, hard) = {*threading.enumerate()}, resource.getrlimit(resource.RLIMIT_NOFILE)
    for room in count():
        engine = EmbeddedEngine(tmp_path / "vouch.sqlite")
        resource.setrlimit(resource.RLIMIT_NOFILE, (next_file() + room, hard))
        try:
            await engine.open(engine.path, 4)
            break
        except sqlite3.OperationalError:
            pass
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for thread in {*threading.enumerate()} - before:
            thread.join(PATIENCE)
            assert not thread.is_alive()
    await engine.close()
    assert room > 1


def next_file() -> int:
    """The number that the next file to be opened gets."""
    with Path(os.devnull).open("rb") as file:
        return file.fileno()


@pytest.mark.postgres
async def test_postgresql_compiles_no_query_of_ours(db: Settings) -> None:
    async with database.read():
        (row,) = await database.select("SELECT current_setting('jit') AS jit")
    assert row["jit"] == "off"

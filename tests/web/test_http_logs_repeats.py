"""What comes by the thousand is told once a minute, with its number, and why the database failed by its name alone."""

import asyncio
import json
import resource
import socket
import sqlite3
from pathlib import Path

import asyncpg
import pytest
import structlog

from base.refusals import Away
from web.http import logs, problems

pytestmark = pytest.mark.pure


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def failed(error: Exception) -> None:
    refusal = Away()
    refusal.__cause__ = error
    problems.log(refusal, "request failed")


def test_an_outage_is_one_line_a_minute_for_each_kind_of_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure("json")
    for _ in range(500):
        failed(asyncpg.CannotConnectNowError("somebody's words"))
    failed(asyncpg.DiskFullError("somebody's words"))
    lines = told(capsys)
    assert [line["error"] for line in lines] == ["CannotConnectNowError(57P03)", "DiskFullError(53100)"]
    assert "somebody" not in json.dumps(lines)
    monkeypatch.setattr(logs, "REPEATED_SECONDS", 0)
    failed(asyncpg.CannotConnectNowError("somebody's words"))
    assert told(capsys)[0]["repeated"] == 499


def test_other_lines_are_all_told(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    for _ in range(3):
        structlog.get_logger("vouch.access").info("request", status=503)
        structlog.get_logger("vouch").error("request failed", exc_info=ValueError("x"))
    assert len(told(capsys)) == 6


def test_sqlite_says_which_failure_it_was(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    logs.configure("json")
    store = sqlite3.connect(tmp_path / "small", isolation_level=None)
    store.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as full:
        store.execute("CREATE TABLE t (x)")
    store.close()
    structlog.get_logger("vouch").error("job failed", exc_info=full.value)
    assert told(capsys)[0]["error"] == "OperationalError(SQLITE_FULL)"


def highest_open_file() -> int:
    return max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())


@pytest.mark.fault
async def test_out_of_files_the_log_does_not_fill_the_disk(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real accept loop, out of real file descriptors: it tries as often as its backlog is long."""
    logs.configure("json")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = await asyncio.start_server(lambda _, writer: writer.close(), sock=listener, backlog=64)
        clients = [socket.socket() for _ in range(3)]
        open_now = highest_open_file() + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_now, hard))
        spare = []
        try:
            while True:  # every number that is left below the limit
                spare.append(socket.socket())
        except OSError:
            pass
        try:
            for client in clients:
                client.setblocking(False)
                client.connect_ex(listener.getsockname())
            await asyncio.sleep(0.3)
        finally:
            for one in (*spare, *clients):
                one.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        server.close()
    lines = [line for line in told(capsys) if "out of system resource" in str(line["event"])]
    assert len(lines) == 1

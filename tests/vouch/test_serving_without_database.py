"""The service starts when its database comes later, and ends at once where waiting can't help."""

import json
import resource
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.given.checkout import VOUCH
from tests.given.command import environment, free_port, refused, told_by, vouch
from tests.given.own_postgres import OwnServer, own_server
from tests.given.patience import comes

pytestmark = [pytest.mark.pure, pytest.mark.program, pytest.mark.fault]  # it brings its own server


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with own_server() as server:
        yield server


def status(port: str, path: str) -> int:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}").status_code
    except httpx.HTTPError:
        return 0


def test_two_migrations_at_once_take_turns_and_a_start_without_its_server_waits(server: OwnServer, tmp_path: Path) -> None:
    server.start()
    database = {"VOUCH_DATABASE_URL": server.url}
    command = [*VOUCH, "migrate", "--json"]
    env = environment(tmp_path, **database)
    both = [subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    ran = sorted(len(json.loads(process.communicate()[0])["ran"]) for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert ran[0] == 0 < ran[1]
    columns = "urn,name,local_authority,phase,status,town,postcode,lat,lon,open_date"
    (tmp_path / "schools.csv").write_text(f"{columns}\n900001,Ashby Primary,Ashby,Primary,open,Ashby,,,,\n")
    assert vouch(tmp_path, "schools", "import", "schools.csv", **database).returncode == 0
    server.stop(signal.SIGINT)
    _starts_when_it_comes(server, tmp_path, free_port())


def _starts_when_it_comes(server: OwnServer, folder: Path, port: str) -> None:
    env = environment(folder, VOUCH_DATABASE_URL=server.url, VOUCH_PORT=port)
    command = [*VOUCH, "serve", "--json"]
    with subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert comes(lambda: status(port, "/healthz") == 200)
            assert (status(port, "/readyz"), status(port, "/search")) == (503, 503)
            with socket.create_connection(("127.0.0.1", int(port))) as silent:  # half a request holds nobody up
                silent.sendall(b"GET /")
                assert status(port, "/healthz") == 200
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            assert (said["event"], said["level"]) == ("waiting for the database", "warning")
            threading.Timer(1, server.start).start()
            assert told_by(process)["url"] == f"http://127.0.0.1:{port}"
            assert comes(lambda: status(port, "/readyz") == 200)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) in (0, -signal.SIGTERM)
        finally:
            process.kill()


def test_a_standby_is_no_place_to_serve_from_until_it_is_promoted(server: OwnServer, tmp_path: Path) -> None:
    """Runs on the tables that the migrations above left."""
    database = {"VOUCH_DATABASE_URL": server.url}
    server.stop(signal.SIGINT)
    server.become_standby()
    server.start()
    assert "nothing can be saved in it: it is a standby" in refused(vouch(tmp_path, "check", **database))
    port = free_port()
    with subprocess.Popen(
        [*VOUCH, "serve", "--json"], env=environment(tmp_path, VOUCH_PORT=port, **database), cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert comes(lambda: status(port, "/healthz") == 200)
            assert status(port, "/readyz") == 503
            subprocess.run([server.binaries / "pg_ctl", "promote", "-D", server.folder / "data"], check=True, user=server.user)
            assert comes(lambda: status(port, "/readyz") == 200)
        finally:
            process.kill()


def test_a_database_that_is_not_there_on_a_server_that_is_ends_the_start(server: OwnServer, tmp_path: Path) -> None:
    if server.running is None:
        server.start()
    sentence = refused(vouch(tmp_path, "serve", VOUCH_DATABASE_URL=server.url.replace("/postgres?", "/another?")))
    assert 'database "another" does not exist' in sentence


@pytest.mark.parametrize("name", ["vouch.sqlite", "vouch.lock"])
def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()  # what even root can't open as a file
    sentence = refused(vouch(tmp_path, "serve"))
    assert f"can't read and write {tmp_path / name}: Is a directory" in sentence


@pytest.mark.parametrize("command", [["backup", "missing/there.backup"], ["serve"], ["schools", "import", "."]])
def test_a_file_that_a_command_cannot_use_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    assert vouch(tmp_path, "migrate").returncode == 0
    (tmp_path / "erasures.jsonl").mkdir()
    ended = vouch(tmp_path, *command)
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr


def test_a_disk_without_room_is_not_ready_shows_what_is_there_and_heals(tmp_path: Path) -> None:
    """A limit on the size of files, which the running service meets as it would a full disk."""
    columns = "urn,name,local_authority,phase,status,town,postcode,lat,lon,open_date"
    (tmp_path / "schools.csv").write_text(f"{columns}\n900001,Ashby Primary,Ashby,Primary,open,Ashby,,,,\n")
    assert vouch(tmp_path, "schools", "import", "schools.csv").returncode == 0
    port = free_port()
    env, command = environment(tmp_path, VOUCH_PORT=port), [*VOUCH, "serve", "--json"]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            told_by(process)
            assert status(port, "/readyz") == 200
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
            assert comes(lambda: status(port, "/readyz") == 503)
            assert status(port, "/sign-in") == 200
            form = {"email": "ann@school.example", "password": "a long enough guess"}
            answer = httpx.post(f"http://127.0.0.1:{port}/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 503
            assert "Something went wrong" not in answer.text
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert comes(lambda: status(port, "/readyz") == 200)
            process.terminate()
            assert process.stdout is not None
            reasons = {line["error"] for line in map(json.loads, process.stdout) if "could not do it" in line["event"]}
            assert reasons
            assert all("(SQLITE_" in reason for reason in reasons)
        finally:
            process.kill()

"""The command as a person types it: its answers, its exit status, and one sentence for each thing that can go wrong."""

import json
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
import pytest

from tests.given.checkout import VOUCH
from tests.given.command import commands_of, environment, free_port, refused, told_by, vouch
from tests.given.patience import PATIENCE
from vouch import cli

pytestmark = [pytest.mark.pure, pytest.mark.program]  # it brings its own database files


@contextmanager
def serving(folder: Path, port: str) -> Iterator[tuple["subprocess.Popen[str]", str | None]]:
    """A server that has said where it is, and the link for its first account."""
    command = [*VOUCH, "serve", "--json"]
    env = environment(folder, VOUCH_PORT=port)
    with subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            told = told_by(process)
            assert told["url"] == f"http://127.0.0.1:{port}"
            yield process, told["first_link"]
        finally:
            process.kill()


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated database and one school, so that a first start doesn't import the whole register."""
    folder = tmp_path_factory.mktemp("ready")
    columns = "urn,name,local_authority,phase,status,town,postcode,lat,lon,open_date"
    (folder / "schools.csv").write_text(f"{columns}\n900001,Ashby Primary,Ashby,Primary,open,Ashby,,,,\n")
    assert json.loads(vouch(folder, "schools", "import", "schools.csv", "--json").stdout)["added"] == 1
    return folder


def test_migrate_says_what_it_did_and_the_second_time_that_there_was_nothing_to_do(tmp_path: Path) -> None:
    assert "audit_0001" in json.loads(vouch(tmp_path, "migrate", "--json").stdout)["ran"]
    assert vouch(tmp_path, "migrate").stdout == "There was nothing to do.\n"


def test_check_tells_a_ready_installation_from_one_that_is_not(tmp_path: Path, ready: Path) -> None:
    assert refused(vouch(tmp_path, "check")) == "The database is not ready for this version of Vouch. Run: vouch migrate"
    of_operator = {"VOUCH_OPERATOR_NAME": "Ashby Trust", "VOUCH_OPERATOR_ADDRESS": "Ashby", "VOUCH_OPERATOR_CONTACT": "01234 5"}
    assert json.loads(vouch(ready, "check", "--json", **of_operator).stdout) == {
        "origin": "http://127.0.0.1:8000",
        "engine": "SQLite",
        "risk": None,
        "advice": None,
        "warnings": [],
    }


def test_serve_answers_where_it_says_alone_and_stops_cleanly_and_the_next_start_replaces_the_first_accounts_link(
    ready: Path,
) -> None:
    port = free_port()
    with serving(ready, port) as (process, first):
        answer = httpx.get(f"http://127.0.0.1:{port}/healthz")
        assert (answer.status_code, answer.headers.get("server")) == (200, None)
        assert first is not None
        assert httpx.get(first).status_code == 200
        assert "Another Vouch is already serving" in refused(vouch(ready, "serve", VOUCH_PORT=free_port()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    with serving(ready, free_port()) as (_process, link):
        assert link is not None
        assert httpx.get(link).status_code == 200
        assert httpx.get(httpx.URL(link).join(httpx.URL(first).path)).status_code == 404


def test_a_port_in_use_is_one_sentence_that_names_the_setting(ready: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        sentence = refused(vouch(ready, "serve", VOUCH_PORT=port))
    assert sentence == f"Vouch can't listen on 127.0.0.1 port {port}: Address already in use. Choose another with VOUCH_PORT."


def test_what_a_command_logs_is_as_the_service_logs_and_not_what_was_at_hand(tmp_path: Path) -> None:
    """Cron posts it, and a traceback with local values would have letters, passwords and names in it."""
    vouch(tmp_path, "migrate")
    (tmp_path / "mail").touch()  # where a folder belongs
    answer = vouch(tmp_path, "jobs", "run-due", "--json")
    assert json.loads(answer.stdout)["failed"] == ["send", "forget"]
    failed = [line for line in map(json.loads, answer.stderr.splitlines()) if line["event"] == "job_failed"]
    assert [(line["job"], line["error"]) for line in failed] == [("send", "FileExistsError"), ("forget", "FileExistsError")]
    assert str(tmp_path) not in answer.stderr


def test_an_address_that_this_computer_does_not_have_is_one_sentence_that_names_its_setting(ready: Path) -> None:
    sentence = refused(vouch(ready, "serve", VOUCH_PORT=free_port(), VOUCH_HOST="192.0.2.1"))
    assert sentence.endswith("Choose another with VOUCH_HOST.")


def test_a_check_refuses_the_file_of_logs_that_a_start_would_refuse(ready: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "logs.txt")
    for command in ("check", "serve"):
        sentence = refused(vouch(ready, command, VOUCH_PORT=free_port(), VOUCH_WITNESS_FOR=missing))
        assert sentence == f"VOUCH_WITNESS_FOR names a file that can't be read: {missing}."


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    sentence = refused(vouch(tmp_path, "serve", VOUCH_DATA=str(tmp_path / "a-file" / "data")))
    assert sentence.startswith(f"Vouch can't write to the folder {tmp_path}/a-file/data: ")


def test_a_database_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    vouch(tmp_path, "migrate")
    with sqlite3.connect(tmp_path / "vouch.sqlite") as newer:
        newer.execute("INSERT INTO migration (name, app_name) VALUES ('audit_9999', 'audit')")
    newer.close()
    sentence = "This database was made by a newer Vouch (audit_9999). Start that version, or restore an older backup."
    assert refused(vouch(tmp_path, "serve", VOUCH_PORT=free_port())) == sentence


def test_a_postgresql_that_does_not_answer_is_one_sentence_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://vouch:s3cret@127.0.0.1:{free_port()}/vouch"
    sentence = refused(vouch(tmp_path, "check", VOUCH_DATABASE_URL=url))
    assert "can't be opened" in sentence
    assert "s3cret" not in sentence


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    assert (
        refused(vouch(tmp_path, "check", VOUCH_PORT="http")) == "VOUCH_PORT must be a whole number from 1 to 65535, not 'http'."
    )


def test_every_command_has_help_and_answers_in_json() -> None:
    def commands(group: click.Group) -> Iterator[click.Command]:
        for command in commands_of(group).values():
            if isinstance(command, click.Group):
                yield from commands(command)
            else:
                yield command

    for command in commands(cli.vouch):
        assert command.help, command.name
        assert any("--json" in option.opts for option in command.params), command.name

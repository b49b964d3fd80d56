"""`vouch backup` and `vouch restore` as an operator types them: what they print, and their exit status."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import database
from base import settings
from tests.conftest import Template
from tests.given.command import refused, vouch
from tests.given.data_folders import a_home_with_entries
from tests.given.tampered_database import tamper

pytestmark = [pytest.mark.pure, pytest.mark.program]  # they bring their own database files


@pytest.fixture(scope="module")
def filled(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = a_home_with_entries(template, tmp_path_factory.mktemp("filled"), 1)
    assert vouch(folder, "backup", "a.backup").returncode == 0
    return a_home_with_entries(template, folder, 1)


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """One entry in the operator's trail, backed up as a.backup; then one more."""
    shutil.copytree(filled, tmp_path / "home")
    return tmp_path / "home"


def entries_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM audit_entry").fetchone()
    return int(count)


def test_a_backup_says_what_it_holds_and_what_it_does_not(folder: Path) -> None:
    first, signed, second = vouch(folder, "backup", "b.backup").stdout.splitlines()
    assert first.startswith("b.backup: 3 entries in 1 trails, ")
    assert signed.startswith("Not signed: there is no key in ")
    assert "VOUCH_KEYS" in second
    told = json.loads(vouch(folder, "backup", "c.backup", "--json").stdout)
    assert (told["engine"], told["trails"], told["entries"], len(told["sha256"])) == ("SQLite", 1, 3, 64)


def test_a_database_that_is_not_there_cannot_be_backed_up_and_is_not_made(tmp_path: Path) -> None:
    assert "can't be copied" in refused(vouch(tmp_path, "backup", "a.backup"))
    assert list(tmp_path.iterdir()) == []


def test_a_restore_tells_what_was_lost_and_what_to_tell_the_schools(folder: Path) -> None:
    assert "add --replace" in refused(vouch(folder, "restore", "a.backup"))
    said = vouch(folder, "restore", "a.backup", "--replace")
    assert (said.returncode, said.stderr) == (0, "")
    assert "Every trail holds, and is the one that was backed up." in said.stdout
    assert "It is not signed. Whoever had the file could have changed" in said.stdout
    assert "Not asked: whether these are the trails that were sealed." in said.stdout
    assert "  the operator's trail: 1 entries" in said.stdout
    assert "What was withdrawn after the backup is shared again" in said.stdout
    (kept,) = folder.glob("vouch-before-*.sqlite")
    assert str(kept) in said.stdout
    assert (entries_in(folder / "vouch.sqlite"), entries_in(kept)) == (2, 3)


def test_a_restore_while_somebody_serves_is_refused(folder: Path) -> None:
    serving = replace(settings.current(), database_url=f"sqlite:///{folder / 'vouch.sqlite'}")
    with database.serving_lock(serving):  # all that a service holds of it while nobody asks for anything
        assert "Another Vouch is already serving" in refused(vouch(folder, "restore", "a.backup", "--replace"))


def test_a_database_that_cannot_be_read_any_more_is_kept_all_the_same(folder: Path) -> None:
    (folder / "vouch.sqlite").write_bytes(b"not a database" * 1000)
    assert vouch(folder, "restore", "a.backup").returncode == 1
    assert vouch(folder, "restore", "a.backup", "--replace").returncode == 0
    (kept,) = folder.glob("vouch-before-*.sqlite")
    assert kept.read_bytes() == b"not a database" * 1000
    assert entries_in(folder / "vouch.sqlite") == 2


def test_a_restored_trail_that_does_not_hold_is_named_and_the_exit_status_is_1(folder: Path) -> None:
    tamper(folder, "UPDATE audit_entry SET at = 0 WHERE idx = 1")
    assert vouch(folder, "backup", "bad.backup").returncode == 0
    said = vouch(folder, "restore", "bad.backup", "--replace")
    assert said.returncode == 1
    assert "  Trail operator, entry 2: the columns to search by say something else than the entry itself." in said.stdout
    assert json.loads(vouch(folder, "restore", "bad.backup", "--replace", "--json").stdout)["findings"][0]["idx"] == 1


def test_a_backup_that_is_not_there_is_one_sentence(folder: Path) -> None:
    assert "No such file" in refused(vouch(folder, "restore", "nowhere.backup"))


def test_roles_are_for_postgresql(tmp_path: Path) -> None:
    assert refused(vouch(tmp_path, "migrate", "--serve-as", "vouch")) == "--serve-as is for PostgreSQL: SQLite has no roles."

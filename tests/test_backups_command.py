"""`vouch backup` and `vouch restore` as an operator types them: what they print, and their exit status."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.test_audit_fsck_command import tamper
from tests.test_cli import free_port, refused, serving, vouch

pytestmark = [pytest.mark.pure, pytest.mark.program]  # they bring their own database files


def import_school(folder: Path, name: str) -> None:
    columns = "urn,name,local_authority,phase,status,town,postcode,lat,lon,open_date"
    (folder / "schools.csv").write_text(f"{columns}\n900001,{name} Primary,Ashby,Primary,open,Ashby,,,,\n")
    assert vouch(folder, "schools", "import", "schools.csv").returncode == 0


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    import_school(folder, "Ashby")
    assert vouch(folder, "backup", "a.backup").returncode == 0
    import_school(folder, "Birch")
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """One entry in the operator's trail, backed up as a.backup; then one more."""
    shutil.copytree(filled, tmp_path / "home")
    return tmp_path / "home"


def test_a_backup_says_what_it_holds_and_what_it_does_not(folder: Path) -> None:
    first, second = vouch(folder, "backup", "b.backup").stdout.splitlines()
    assert first.startswith("b.backup: 2 entries in 1 trails, ")
    assert "VOUCH_KEYS" in second
    told = json.loads(vouch(folder, "backup", "c.backup", "--json").stdout)
    assert (told["engine"], told["trails"], told["entries"], len(told["sha256"])) == ("SQLite", 1, 2, 64)


def test_a_database_that_is_not_there_cannot_be_backed_up_and_is_not_made(tmp_path: Path) -> None:
    assert "can't be copied" in refused(vouch(tmp_path, "backup", "a.backup"))
    assert list(tmp_path.iterdir()) == []


def test_a_restore_tells_what_was_lost_and_what_to_tell_the_schools(folder: Path) -> None:
    assert "add --replace" in refused(vouch(folder, "restore", "a.backup"))
    said = vouch(folder, "restore", "a.backup", "--replace")
    assert (said.returncode, said.stderr) == (0, "")
    assert "Every trail holds, and is the one that was backed up." in said.stdout
    assert "  the operator's trail: 1 entries" in said.stdout
    assert "What was withdrawn after the backup is shared again" in said.stdout
    (kept,) = folder.glob("vouch-before-*.sqlite")
    assert str(kept) in said.stdout
    assert vouch(folder, "trail", "fsck").stdout == "Every trail holds (1): 1 entries recomputed.\n"
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT count(*) FROM audit_entry").fetchone() == (2,)


def test_a_restore_while_somebody_serves_is_refused(folder: Path) -> None:
    with serving(folder, free_port()):
        assert "Another Vouch is already serving" in refused(vouch(folder, "restore", "a.backup", "--replace"))


def test_a_database_that_cannot_be_read_any_more_is_kept_all_the_same(folder: Path) -> None:
    (folder / "vouch.sqlite").write_bytes(b"not a database" * 1000)
    assert vouch(folder, "restore", "a.backup").returncode == 1
    assert vouch(folder, "restore", "a.backup", "--replace").returncode == 0
    (kept,) = folder.glob("vouch-before-*.sqlite")
    assert kept.read_bytes() == b"not a database" * 1000
    assert vouch(folder, "trail", "fsck").returncode == 0


def test_a_restored_trail_that_does_not_hold_is_named_and_the_exit_status_is_1(folder: Path) -> None:
    tamper(folder, "UPDATE audit_entry SET at = 0 WHERE idx = 1")
    assert vouch(folder, "backup", "bad.backup").returncode == 0
    said = vouch(folder, "restore", "bad.backup", "--replace")
    assert said.returncode == 1
    assert "  Trail operator, entry 2: the columns to search by say something else than the entry itself." in said.stdout
    assert json.loads(vouch(folder, "restore", "bad.backup", "--replace", "--json").stdout)["findings"][0]["idx"] == 1


def test_an_error_of_the_disk_is_one_sentence(folder: Path) -> None:
    (folder / "b.backup").mkdir()
    assert vouch(folder, "backup", "b.backup").returncode == 2
    assert "No such file" in refused(vouch(folder, "restore", "nowhere.backup"))


def test_roles_are_for_postgresql(tmp_path: Path) -> None:
    assert refused(vouch(tmp_path, "migrate", "--serve-as", "vouch")) == "--serve-as is for PostgreSQL: SQLite has no roles."

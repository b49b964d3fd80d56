"""`vouch trail fsck`: what it says, what it answers to a program, and its exit status."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Template
from tests.given.command import vouch
from tests.given.data_folders import a_home_with_entries
from tests.given.tampered_database import tamper

pytestmark = [pytest.mark.pure, pytest.mark.program]  # it brings its own database files


@pytest.fixture(scope="module")
def filled(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_home_with_entries(template, tmp_path_factory.mktemp("filled"), 3)


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """A database whose operator's trail has three entries beside the one that says whose it is."""
    shutil.copytree(filled, tmp_path / "home")
    return tmp_path / "home"


def test_a_trail_that_holds_is_told_with_its_entries_and_the_exit_status_is_0(folder: Path) -> None:
    ended = vouch(folder, "trail", "fsck", "--trail", "operator")
    not_asked, said = ended.stdout.splitlines()
    assert (ended.returncode, said) == (0, "Every trail holds (1): 4 entries recomputed.")
    assert not_asked.startswith("Not asked: whether these are the trails that were sealed.")  # nothing was ever


def test_words_count_from_1_and_json_from_0_and_the_exit_status_is_1(folder: Path) -> None:
    ids = "'00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'"
    a_value_of_no_entry = f"INSERT INTO audit_opening SELECT {ids}, field, salt, value, NULL FROM audit_opening LIMIT 1"  # noqa: S608 - our own
    tamper(folder, "UPDATE audit_entry SET at = 0 WHERE idx = 1", a_value_of_no_entry)
    ended = vouch(folder, "trail", "fsck")
    what, spare = "the columns to search by say something else than the entry itself", "1 stored values belong to no entry"
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[:2] == [f"Trail operator, entry 2: {what}.", f"No trail: {spare}."]
    told = vouch(folder, "trail", "fsck", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["findings"][:2] == [
        {"trail": "operator", "idx": 1, "what": what},
        {"trail": "", "idx": None, "what": spare},
    ]


def test_a_trail_that_is_not_there_is_exit_status_2(folder: Path) -> None:
    ended = vouch(folder, "trail", "fsck", "--trail", "operater")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[-1] == "Error: There is no trail operater."


def test_what_could_not_be_asked_is_exit_status_2_and_no_verdict(folder: Path) -> None:
    wrong = vouch(folder, "trail", "fsck", VOUCH_SEAL_EVERY="often")
    database = next(folder.glob("*.sqlite"))
    for left_over in folder.glob("*.sqlite-*"):
        left_over.unlink()
    database.write_bytes(b"not a database " * 1000)
    spoilt = vouch(folder, "trail", "fsck")
    away = vouch(folder, "trail", "fsck", VOUCH_DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    for ended in (wrong, spoilt, away):
        assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
        assert "does not hold" not in ended.stderr
        assert len(ended.stderr.splitlines()) == 1, ended.stderr

"""``vouch trail verify`` gives the published file's verdict, with no database and no settings."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.fingerprint import fingerprint
from tests.given.tampering import VKEY, samples, tamperings
from vouch import cli

pytestmark = pytest.mark.pure


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner(env={"VOUCH_DATABASE_URL": "nonsense"}).invoke(cli.vouch, ["trail", "verify", *map(str, arguments)])
    return done.exit_code, done.stdout


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack.zip").write_bytes(samples()["complete"])
    return tmp_path / "pack.zip"


def test_a_pack_that_holds_is_told_and_the_status_is_0(pack: Path) -> None:
    (pack.parent / "old.zip").write_bytes(samples()["earlier"])
    status, told = run(pack, "--key", VKEY, "--since", pack.parent / "old.zip")
    assert (status, told.partition(".")[0]) == (0, "HOLDS")
    assert "checked with a key that you gave" in told


def test_a_tampered_pack_is_named_by_its_entry_and_the_status_is_1(pack: Path) -> None:
    pack.write_bytes(next(done for done in tamperings() if done.name == "a rating is edited").change(pack.read_bytes()))
    status, told = run(pack, "--json")
    assert (status, json.loads(told)["idx"]) == (1, 1)


def test_what_is_no_pack_is_unreadable_and_the_status_is_2(pack: Path) -> None:
    assert run(pack.parent)[0] == run(pack.parent / "none.zip")[0] == run(pack, "--key", "no key")[0] == 2


@pytest.mark.parametrize("typed", [fingerprint(VKEY)[:-5], fingerprint(VKEY)[:-1] + "O", fingerprint(VKEY) + " A", "x", ""])
def test_a_fingerprint_that_was_mistyped_is_told_what_one_looks_like(pack: Path, typed: str) -> None:
    status, told = run(pack, "--key", typed)
    assert (status, "a fingerprint, which has eight groups of four letters and digits without 0, 1, I and O." in told) == (
        2,
        True,
    )

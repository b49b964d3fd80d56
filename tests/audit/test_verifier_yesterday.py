"""The verifier that version 0.1 published, which auditors have on their disks, beside the seals of today."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.given.checkout import ROOT
from tests.given.hand_made_packs import PACK_MLDSA_KEY, Wish, pack, unzipped
from tests.given.pack_samples import MLDSA_VKEY, OTHER_VKEY, VKEY, trail

pytestmark = pytest.mark.pure

PACK = ROOT / "tests/data/yesterday/complete.zip"  # which has it in it


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("yesterday")
    (folder / "vouch_verify.py").write_bytes(unzipped(PACK.read_bytes())["vouch_verify.py"])
    (folder / "pack.zip").write_bytes(pack(trail(), Wish(mldsa_key=PACK_MLDSA_KEY)))
    (folder / "seal.txt").write_bytes(unzipped((folder / "pack.zip").read_bytes())["checkpoint"])
    return folder


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(folder / "vouch_verify.py"), str(folder / "pack.zip"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_it_passes_over_a_line_by_ml_dsa(then: Path) -> None:
    assert (then / "seal.txt").read_text().count("— ") == 2
    for arguments in ((), ("--key", VKEY), ("--key", VKEY, "--since", str(then / "seal.txt"))):
        status, told = run(then, *arguments)
        assert (status, told.startswith("HOLDS")) == (0, True), told
    assert run(then, "--key", OTHER_VKEY)[0] == 1


def test_it_takes_no_key_by_ml_dsa_which_is_why_none_stands_among_the_others(then: Path) -> None:
    status, told = run(then, "--key", MLDSA_VKEY)
    assert (status, "not an Ed25519 key" in told) == (2, True), told

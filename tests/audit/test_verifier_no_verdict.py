"""A check that ends before it gave its verdict accuses nobody: its exit status is that of what can't be read, never 1."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from audit.verifier.main import INTERRUPTED, finished
from tests.given.bare_python import FILE
from tests.given.checkout import ROOT
from tests.given.tampering import samples

pytestmark = [pytest.mark.pure, pytest.mark.program]

WAYS: Final = {
    "the published file": [sys.executable, str(FILE)],
    "its letters": [sys.executable, str(FILE), "letters"],
    "the command": [sys.executable, str(ROOT), "trail", "verify"],
}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack.zip").write_bytes(samples()["complete"])
    return tmp_path / "pack.zip"


@pytest.mark.parametrize("way", WAYS)
def test_a_verdict_that_can_not_be_written_is_none(way: str, pack: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*WAYS[way], pack], stdout=full, stderr=subprocess.PIPE, check=False, text=True)
    assert done.returncode == 2
    assert "There is no verdict" in done.stderr
    assert "Traceback" not in done.stderr


def test_nor_is_one_that_nobody_hears(pack: Path) -> None:
    line = f'"{sys.executable}" "{FILE}" "{pack}" >&- 2>&-'
    assert subprocess.run(["/bin/sh", "-c", line], check=False).returncode == 2


def test_whatever_goes_wrong_is_no_accusation(capsys: pytest.CaptureFixture[str]) -> None:
    def wrong() -> int:
        raise MemoryError("too much")

    def stopped() -> int:
        raise KeyboardInterrupt

    before = sys.stdout
    assert finished(stopped) == INTERRUPTED
    assert finished(wrong) == 2
    sys.stdout.close()
    sys.stdout = before
    assert "MemoryError: too much" in capsys.readouterr().err


def test_what_can_not_be_sought_in_is_said_with_one_full_stop(pack: Path) -> None:
    with pack.open("rb") as file:
        done = subprocess.run(
            ["/bin/sh", "-c", f'cat | "{sys.executable}" "{FILE}" /dev/stdin'],
            stdin=file, capture_output=True, check=False, text=True,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout.endswith("not seekable.\n")

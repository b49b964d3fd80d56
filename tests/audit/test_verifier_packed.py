"""A pack may bring a forged verifier: whoever checks with one of their own is told where it is not the same, byte for byte."""

from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.verifier import published, verdict
from tests.given.bare_python import FILE, run
from tests.given.checkout import ROOT
from tests.given.hand_made_packs import listed, unzipped, zipped
from tests.given.verifier_in_browser import a_pack, in_python
from vouch import cli

pytestmark = pytest.mark.pure

WARNING = "WARNING. The pack brings a verifier of its own that differs from every one that is known here"
THEN = unzipped((ROOT / "tests/data/yesterday/complete.zip").read_bytes())["vouch_verify.py"]


def with_verifier(content: bytes) -> bytes:
    return zipped(listed({**unzipped(a_pack()), "vouch_verify.py": content}))


@pytest.mark.parametrize(("content", "warns"), [(FILE.read_bytes(), False), (THEN, False), (b"print('HOLDS.')", True)])
def test_command_and_published_file_warn_of_one_that_they_do_not_know(content: bytes, *, warns: bool, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    pack.write_bytes(with_verifier(content))
    answers = [run(pack).stdout, CliRunner().invoke(cli.vouch, ["trail", "verify", str(pack)]).stdout]
    assert [WARNING in answer for answer in answers] == [warns, warns]
    assert all(answer.startswith("HOLDS") for answer in answers)


def test_the_verdict_has_what_is_compared_and_no_opinion_of_it() -> None:
    found = in_python(with_verifier(b"print('HOLDS.')"))
    assert (found["facts"]["verifier"], found["warnings"]) == (sha256(b"print('HOLDS.')").hexdigest(), [])
    assert in_python(a_pack())["facts"]["verifier"] is None


def test_the_verifiers_that_were_published_before_are_known() -> None:
    assert sha256(THEN).hexdigest() in verdict.EARLIER_VERIFIERS
    assert published.digest(published.PYTHON) == sha256(FILE.read_bytes()).hexdigest()

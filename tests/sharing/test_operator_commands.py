"""`vouch invite` and `vouch people`, as whoever runs the installation types them."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.given.checkout import VOUCH
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.pure, pytest.mark.program]  # it brings its own database file

REGISTER = (
    "urn,name,local_authority,phase,status,town,postcode,lat,lon,open_date\n"
    "123456,Oakfield Primary,Lincolnshire,Primary,Open,Ashby,LN1 1AA,53.23,-0.54,\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one school."""
    folder = tmp_path_factory.mktemp("installation")
    (folder / "register.csv").write_text(REGISTER)
    assert vouch(folder, "schools", "import", "register.csv").returncode == 0
    return folder


def vouch(folder: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    env = {"VOUCH_DATA": str(folder), "PYTHONWARNINGS": "error", "PATH": ""}
    return subprocess.run([*VOUCH, *args], env=env, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_an_invitation_is_printed_as_a_link_to_forward(folder: Path) -> None:
    args = ("invite", "--school", "123456", "--email", "Ann@oakfield.example", "--role", "business_manager", "--json")
    answer = json.loads(vouch(folder, *args).stdout)
    assert answer["link"].startswith("http://127.0.0.1:8000/join/")
    assert (answer["email"], answer["school"], answer["role"]) == ("ann@oakfield.example", "Oakfield Primary", "business_manager")


def test_an_unknown_school_is_one_sentence(folder: Path) -> None:
    refused = vouch(folder, "invite", "--school", "1", "--email", "ann@oakfield.example", "--role", "business_manager")
    assert refused.returncode == 1
    assert refused.stderr == "No school has the URN 1. Import the register first, or check the number.\n"


def test_nobody_has_an_account_until_a_link_is_taken_up(folder: Path) -> None:
    assert vouch(folder, "people", "list").stdout == "Nobody has an account yet.\n"
    refused = vouch(folder, "people", "new-password", "--school", "123456", "--email", "ann@oakfield.example", "--reason", "x")
    assert refused.stderr == "Nobody at Oakfield Primary signs in with ann@oakfield.example.\n"

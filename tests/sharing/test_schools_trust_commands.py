"""`vouch schools import-trusts FILE` as the operator types it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.given.checkout import VOUCH
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.pure, pytest.mark.program]  # it brings its own database files

SCHOOLS = (
    "urn,name,local_authority,phase,status,town,postcode,lat,lon,open_date\n"
    "900001,Castle Primary School,Dunmere,Primary,Open,Westport,LS1 4AP,53.8,-1.5,01-09-1998\n"
)
LINKS = "Joined date,URN,Group Type,Group UID,Group Name\n"
IN_DRAGON = "01-09-2015,900001,Multi-academy trust,2044,Dragon Trust\n"
MESSY = "31-09-2015,900001,Multi-academy trust,2044,Dragon Trust\n,900002,Federation,77,Two Schools\n"


def vouch(folder: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    rest = {name: value for name, value in os.environ.items() if not name.startswith("VOUCH_")}
    env = rest | {"VOUCH_DATA": str(folder), "PYTHONWARNINGS": "error"}
    command = [*VOUCH, "schools", *args]
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_a_dry_run_comes_first_then_the_import_then_a_move(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (tmp_path / "links.csv").write_text(LINKS + IN_DRAGON + MESSY, encoding="utf-8")
    (tmp_path / "moved.csv").write_text(LINKS + IN_DRAGON.replace("2044,Dragon", "3001,Harbour"), encoding="utf-8")
    assert vouch(tmp_path, "import", "schools.csv").returncode == 0
    dry = vouch(tmp_path, "import-trusts", "links.csv", "--dry-run")
    assert dry.stdout.startswith("Nothing was changed. This is what would change:\nTrusts: 1 added")
    first = vouch(tmp_path, "import-trusts", "links.csv")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "Trusts: 1 added, 0 changed, 0 closed, 0 opened again.\n"
        "Schools: 1 joined a trust, 0 left one, 0 have another day of joining, 0 unchanged.\n"
        "Left out, because no academy trusts: 1 row about groups of type Federation.\n"
        "Rows rejected: 1.\n"
        "  Line 3: Joined date should look like 31-08-2024 (Dragon Trust).\n"
    )
    moved = vouch(tmp_path, "import-trusts", "moved.csv").stdout
    assert "  Castle Primary School (900001) leaves Dragon Trust: the file has it in another trust.\n" in moved
    told = json.loads(vouch(tmp_path, "import-trusts", "moved.csv", "--json").stdout)
    assert (told["moves"], told["unchanged"], told["dry_run"], told["other_groups"]) == ([], 1, False, {})


def test_what_is_no_such_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    refused = vouch(tmp_path, "import-trusts", "schools.csv")
    assert refused.returncode != 0
    assert "The file has no column named group name and none named group uid or companies house number" in refused.stderr
    assert "Traceback" not in refused.stderr

"""`vouch schools import FILE` as the operator types it."""

import csv
import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.given.checkout import VOUCH
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.pure, pytest.mark.program]  # it brings its own database files

HEADER = "urn,name,local_authority,phase,status,town,postcode,lat,lon,open_date\n"
CASTLE = "900001,Castle Primary School,Dunmere,Primary,Open,Westport,LS1 4AP,53.8,-1.5,01-09-1998\n"
CUT_SHORT = gzip.compress((HEADER + CASTLE).encode())[:-9]
CHOOSE = "choose the DfE's edubasealldata CSV file, with all its columns."
ROBOT = "robot,=HYPERLINK(1),Dunmere,Primary,Open,Westport,LS1 4AP,,,\n"


def schools_import(folder: Path, *args: str | Path) -> "subprocess.CompletedProcess[str]":
    rest = {name: value for name, value in os.environ.items() if not name.startswith("VOUCH_")}
    env = rest | {"VOUCH_DATA": str(folder), "PYTHONWARNINGS": "error"}
    command = [*VOUCH, "schools", "import", *args]
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_a_file_is_imported_once_and_its_rejected_rows_are_listed_and_kept(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(HEADER + CASTLE + ROBOT, encoding="utf-8")
    first = schools_import(tmp_path, "schools.csv", "--rejected", "rejected.csv")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "Schools: 1 added, 0 changed, 0 closed, 0 unchanged. Rows rejected: 1.\n"
        "  Line 3: the URN should be a number of 5 to 7 digits (=HYPERLINK(1)).\n"
    )
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as kept:
        assert list(csv.reader(kept)) == [
            ["line", "urn", "name", "reason"],
            ["3", "", "'=HYPERLINK(1)", "the URN should be a number of 5 to 7 digits"],
        ]
    again = json.loads(schools_import(tmp_path, "schools.csv", "--json").stdout)
    assert (again["added"], again["unchanged"], again["complete"]) == (0, 1, False)
    assert again["rejected"] == [
        {"line": 3, "reason": "the URN should be a number of 5 to 7 digits", "name": "=HYPERLINK(1)", "urn": None}
    ]


def test_a_long_list_of_rejected_rows_is_cut_and_says_where_the_rest_is(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(HEADER + ROBOT * 25, encoding="utf-8")
    told = schools_import(tmp_path, "schools.csv").stdout.splitlines()
    assert len(told) == 22
    assert told[-1] == "  And 5 more, in a CSV file with --rejected FILE."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (CUT_SHORT, "This file is damaged or was cut short, so nothing was imported. Download it again."),
        (b"name,price\nPens,2\n", f"This file is no school register: {CHOOSE}"),
        (None, "The file schools.csv can't be read, so nothing was imported."),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "schools.csv").write_bytes(content)
    ended = schools_import(tmp_path, "schools.csv")
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", sentence + "\n")

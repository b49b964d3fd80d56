"""The drawing of the house is true, and each room says what it is."""

import ast
import re
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

from docs import draw_rooms
from tests.given.checkout import FLOORS, ROOT
from tests.given.written_from_code import is_pinned

pytestmark = pytest.mark.pure

CONFIG = ConfigParser()
CONFIG.read(ROOT / ".importlinter")
PACKAGES = sorted(path.parent for floor in FLOORS for path in (ROOT / floor).rglob("__init__.py"))
ROOMS = [path for path in PACKAGES if path.name != "piccolo_migrations"]
ASSEMBLED = "audit/verifier/vouch_verify.py"
MOST_FILES = 22  # whose names a stranger reads once and finds what she looks for


def test_the_picture_of_the_rooms_is_the_one_that_the_code_gives() -> None:
    assert is_pinned(draw_rooms.PICTURE, draw_rooms.drawn())


def test_no_import_climbs_and_a_circle_is_a_climb() -> None:
    assert draw_rooms.climbing() == []


def test_the_rule_knows_every_package_of_the_wheel() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert sorted(FLOORS) == sorted(CONFIG["importlinter"]["root_packages"].split())
    assert sorted(FLOORS) == sorted(name for name in wheel if not name.endswith(".py"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_room_says_what_it_is_and_where_to_start(room: Path) -> None:
    """A floor names its rooms, a room of several files the one to start in; code in ``__init__`` is the start itself."""
    source = ast.parse((room / "__init__.py").read_text())
    said = ast.get_docstring(source) or ""
    assert len(said.split()) > 15
    rooms = [path.name for path in ROOMS if path.parent == room]
    assert [name for name in rooms if not re.search(rf"\b{name}\b", said)] == []
    if (
        not rooms
        and len([*room.glob("*.py")]) > 2
        and not any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in source.body)
    ):
        starts = re.findall(r"(?:Start|start) in `([a-z_]+\.py)`", said)
        assert starts
        assert (room / starts[0]).is_file()


def test_no_room_is_so_full_that_nobody_finds_her_way_in_it() -> None:
    assert [str(room.relative_to(ROOT)) for room in ROOMS if len([*room.glob("*.py")]) > MOST_FILES] == []


def test_what_checks_our_code_sees_all_of_it() -> None:
    """Left out are the assembled file, which is made of files that are seen, and nothing else."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in listed if (ROOT / name).exists()} - {ASSEMBLED}
    command = [sys.executable, "-m", "ruff", "check", "--show-files"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    assert ours - {str(Path(name).relative_to(ROOT)) for name in shown if name} == set()
    excluded = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["exclude"]
    assert [name for name in ours if any(re.search(pattern, name) for pattern in excluded)] == []

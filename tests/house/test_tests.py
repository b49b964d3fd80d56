"""The tests keep to the rooms of the house: each room has some, where its name says, and no test lives off another test."""

import ast
import re
from pathlib import Path

import pytest

from tests.given.checkout import FLOORS, ROOT
from tests.given.source_text import imported

pytestmark = pytest.mark.pure

TESTS = ROOT / "tests"


def rooms() -> list[str]:
    """suppliers/search and its like: every package of the house that lies in a floor."""
    found = (path.parent.relative_to(ROOT) for floor in FLOORS for path in (ROOT / floor).glob("*/__init__.py"))
    return sorted(str(room) for room in found if room.name != "piccolo_migrations")


def files_of(room: str, tests: Path = TESTS) -> list[Path]:
    """The room's files, or those in a folder of its name."""
    floor, _, name = room.partition("/")
    return [*tests.glob(f"{floor}/test_{name}*.py"), *tests.glob(f"{floor}/{name}/test_*.py")]


def takes_from_a_test(source: str) -> list[str]:
    parts = (name.split(".") for name in imported(source))
    return sorted({".".join(name) for name in parts if name[0] == "tests" and any(part.startswith("test_") for part in name)})


def test_the_rules_see_what_they_are_for(tmp_path: Path) -> None:
    (tmp_path / "audit").mkdir()
    assert files_of("audit/log", tmp_path) == []
    (tmp_path / "audit" / "test_log_recording.py").touch()
    assert len(files_of("audit/log", tmp_path)) == 1
    assert takes_from_a_test("from tests.audit import test_merkle\nfrom tests.given import town\nimport audit.test_bed") == [
        "tests.audit.test_merkle"
    ]
    assert takes_from_a_test("def f():\n    from tests.audit.test_merkle import flipped")


@pytest.mark.parametrize("room", rooms())
def test_every_room_has_files_of_its_name(room: str) -> None:
    assert files_of(room)


@pytest.mark.parametrize("floor", FLOORS)
def test_every_floor_has_files_of_its_name(floor: str) -> None:
    assert files_of(floor + "/")


def test_no_test_and_no_benchmark_takes_anything_from_a_test() -> None:
    """What two of them need is given by tests/given, so that a test can be changed without a look at others."""
    files = [file for folder in ("tests", "bench") for file in (ROOT / folder).rglob("*.py")]
    found = {str(file.relative_to(ROOT)): takes_from_a_test(file.read_text()) for file in files}
    assert {file: names for file, names in found.items() if names} == {}


def test_what_is_given_holds_no_test_and_every_test_lies_in_a_folder() -> None:
    given = [file for file in (TESTS / "given").glob("*.py") if "test_" in file.name or _tests_in(file)]
    assert (given, list(TESTS.glob("test_*.py"))) == ([], [])


def test_where_the_checkout_is_stands_in_one_place() -> None:
    """So that a test can be moved. both_engines.py is started as a program, where tests/given can't be imported."""
    knows = [file for file in TESTS.rglob("*.py") if re.search(r"\bPath\(__file__\)", file.read_text())]
    assert sorted(str(file.relative_to(TESTS)) for file in knows) == ["both_engines.py", "given/checkout.py"]


def _tests_in(file: Path) -> list[str]:
    named = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.name for node in named if node.name.startswith("test_")]

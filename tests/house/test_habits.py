"""What looks after the code: ./run check on machines that lack something, the lock of Node tools, and what stands in .github."""

import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from tests.given.checkout import ROOT
from tests.given.machine import NEEDED, PYTHON, Machine

pytestmark = [pytest.mark.pure, pytest.mark.program]

STATIC = ROOT / "web" / "static"
TOOLS: Final[dict[str, str]] = json.loads((ROOT / "package.json").read_text())["devDependencies"]
LOCKED: Final[dict[str, dict[str, Any]]] = json.loads((ROOT / "package-lock.json").read_text())["packages"]
DEBIAN_NODE: Final = (18, 20)  # of Debian 12

NPM = """#!/bin/sh
echo "npm $*" >>"$MACHINE/asked"
mkdir -p node_modules/.bin
cp "$MACHINE/eslint" "$MACHINE/sass" "$MACHINE/spectral" node_modules/.bin
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A checkout where Python's tools find no fault, on a machine without npm."""
    made = Machine(tmp_path)
    (made.checkout / "web/static").mkdir(parents=True)
    for name in ("run", "pyproject.toml", "requirements-test.lock", "package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, made.checkout)
    (made.checkout / "web/static/vouch.css").write_text("made of web/sass\n")
    (tmp_path / "bin").mkdir()
    for name in (*NEEDED, "cmp"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "ensurepip").touch()
    made.has("python3", PYTHON)
    made.has("ruff", "#!/bin/sh\n")
    made.has("lint-imports", "#!/bin/sh\n")
    made.has("mypy", '#!/bin/sh\necho mypy >>"$MACHINE/asked"\n')
    return made


def with_npm(machine: Machine, *, eslint: str = "exit 0", redocly: str = "exit 0", spectral: str = "exit 0") -> None:
    tools = {"eslint": eslint, "sass": "echo made of web/sass", "spectral": spectral}
    for name, script in tools.items():
        (machine.folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (machine.folder / name).chmod(0o755)
    machine.has("npm", NPM)
    machine.has("node", f"#!/bin/sh\n{redocly}\n")


def test_without_npm_a_check_says_in_one_line_what_it_leaves_out_and_goes_on(machine: Machine) -> None:
    ended = machine.run("check")
    assert ended.returncode == 0
    left_out = "the JavaScript, the style sheet and the API's description."
    assert ended.stderr.splitlines()[-1] == f"Left out, because npm is not installed: {left_out}"
    assert (machine.count("mypy"), machine.count("-m pytest")) == (1, 1)


def test_under_ci_a_check_without_npm_fails(machine: Machine) -> None:
    assert machine.run("check", CI="true").returncode == 1


def test_the_quick_half_of_a_check_leaves_out_types_and_imports(machine: Machine) -> None:
    with_npm(machine)
    assert machine.run("check", "quick").returncode == 0
    assert (machine.count("npm ci"), machine.count("mypy"), machine.count("-m pytest")) == (1, 0, 0)


def test_the_other_half_is_types_and_imports_alone(machine: Machine) -> None:
    with_npm(machine)
    assert machine.run("check", "types").returncode == 0
    assert (machine.count("npm ci"), machine.count("mypy"), machine.count("-m pytest")) == (0, 1, 0)
    machine.has("mypy", "#!/bin/sh\nexit 1\n")
    assert machine.run("check", "types").returncode == 1


def test_node_tools_are_installed_once_and_again_when_the_lock_changed(machine: Machine) -> None:
    with_npm(machine)
    assert [machine.run("check").returncode for _ in range(2)] == [0, 0]
    assert machine.count("npm ci") == 1
    with (machine.checkout / "package-lock.json").open("a") as file:
        file.write("\n")
    assert machine.run("check").returncode == 0
    assert machine.count("npm ci") == 2


def test_a_style_sheet_that_was_edited_by_hand_fails_the_check(machine: Machine) -> None:
    with_npm(machine)
    with (machine.checkout / "web/static/vouch.css").open("a") as file:
        file.write("p { color: red }\n")
    ended = machine.run("check")
    assert ended.returncode == 1
    assert "is not what web/sass gives" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("linter", ["eslint", "redocly", "spectral"])
def test_a_fault_that_a_linter_finds_fails_the_check(machine: Machine, linter: str) -> None:
    with_npm(machine, **{linter: "exit 1"})
    assert machine.run("check").returncode == 1
    assert machine.count("mypy") == 1, "types are looked at beside, and a fault there is told in the same run"


def test_a_fault_in_a_type_fails_the_check(machine: Machine) -> None:
    with_npm(machine)
    machine.has("mypy", "#!/bin/sh\nexit 1\n")
    assert machine.run("check").returncode == 1


def test_the_lock_of_node_tools_has_hashes_and_no_place_to_download_from() -> None:
    installed = {name: package for name, package in LOCKED.items() if name}
    assert len(installed) > len(TOOLS)
    assert [name for name, package in installed.items() if "resolved" in package] == []
    assert [name for name, package in installed.items() if not package["integrity"].startswith("sha512-")] == []


def test_each_node_tool_is_pinned_and_used_in_development_only() -> None:
    assert {name: LOCKED[f"node_modules/{name}"]["version"] for name in TOOLS} == TOOLS
    assert [name for name, package in LOCKED.items() if name and not package.get("dev")] == []


@pytest.mark.parametrize(
    ("engines", "fits"),
    [
        ("*", True),
        (">=14.0.0", True),
        ("^18.18.0 || ^20.9.0", True),
        (">= 20.19.0", False),
        ("^18.21.0 || >=20", False),
        ("6.* || 8.x", False),
        ("4.x || >=6.0.0", True),
    ],
)
def test_what_a_package_says_of_node_is_understood(engines: str, *, fits: bool) -> None:
    assert runs_on_debian(engines) is fits


def test_the_node_tools_run_on_debians_node() -> None:
    assert [name for name, package in LOCKED.items() if not runs_on_debian(package.get("engines", {}).get("node", "*"))] == []


def runs_on_debian(engines: str) -> bool:
    for alternative in map(str.strip, engines.split("||")):
        if alternative == "*":
            return True
        floor = re.fullmatch(r"(\^|>=|) ?(\d+)(?:\.(\d+|[*x]))?(?:\.\d+)?", alternative)
        assert floor, f"this test can't read {engines}"
        least = (int(floor[2]), int(floor[3]) if (floor[3] or "").isdigit() else 0)
        if least <= DEBIAN_NODE and (floor[1] == ">=" or least[0] == DEBIAN_NODE[0]):
            return True
    return False


def test_the_style_sheet_the_script_and_the_notice_are_of_one_govuk_frontend() -> None:
    version = TOOLS["govuk-frontend"]
    assert f'--govuk-frontend-version: "{version}"' in (STATIC / "vouch.css").read_text()
    assert (STATIC / "govuk-frontend.min.js").read_text().startswith(f'const version="{version}";')
    assert f"GOV.UK Frontend {version} " in (STATIC / "LICENCES.txt").read_text()


def test_the_workflow_does_nothing_but_the_script_that_every_change_must_pass() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    assert re.findall(r"^ +- (?!main\b)(.*)$", workflow, re.MULTILINE) == ["uses: actions/checkout@v4", "run: bash .ci/run"]
    assert workflow.count("run: ") == 1


def test_a_pull_request_is_asked_for_each_point_of_a_good_change() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text().partition("\n## A good change\n")[2]
    points = re.findall(r"^\* (.+)$", contributing, re.MULTILINE)
    asked = re.findall(r"^- \[ \] (.+)$", (ROOT / ".github/pull_request_template.md").read_text(), re.MULTILINE)
    assert [opening(line) for line in asked] == [opening(line) for line in points]
    assert len(points) == 5


def opening(line: str) -> list[str]:
    return re.findall(r"[a-z./]+", line.lower())[:3]


def test_the_hooks_fetch_nothing_and_start_what_run_knows() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: (.+)", hooks) == ["local"]
    assert re.findall(r"language: (.+)", hooks) == ["system"]
    assert re.findall(r"entry: (.+)", hooks) == ["./run check quick"]
    assert "./run check quick" in (ROOT / "run").read_text()

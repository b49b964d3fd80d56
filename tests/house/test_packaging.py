"""What is shipped: locks that hold what pyproject.toml asks for, and a wheel that is whole and starts by itself."""

import os
import re
import signal
import site
import subprocess
import sys
import tomllib
import venv
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from tests.given.checkout import ROOT
from tests.given.command import environment, free_port, told_by
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.pure, pytest.mark.program]

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SHIPPED = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
NOT_SHIPPED = {"__main__.py", "bench", "docs", "tests"}
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
START = "from importlib.metadata import entry_points; entry_points(group='console_scripts')['vouch'].load()()"
LOCKS = ("requirements.lock", "requirements-test.lock")


def pins(lock: str) -> dict[str, str]:
    """Name to version of everything pinned with at least one hash."""
    return {found[1]: found[2] for found in PIN.finditer((ROOT / lock).read_text())}


def tracked(*paths: str) -> set[str]:
    listed = subprocess.run(["git", "ls-files", "--", *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.splitlines())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_pins_with_hashes_and_nothing_else(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert PIN.sub("", text) == ""
    assert len(pins(lock)) > 20


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_download_from(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    run_time = project["dependencies"] + extras["pdf"]
    for lock, lines in {
        "requirements.lock": run_time,
        "requirements-test.lock": run_time + extras["test"],
    }.items():
        pinned = pins(lock)
        for requirement in map(Requirement, lines):
            assert pinned[requirement.name] in requirement.specifier, f"{lock}: run ./run lock for {requirement}"


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    shipped, tested = pins("requirements.lock"), pins("requirements-test.lock")
    assert shipped.items() <= tested.items()


def test_every_top_level_name_is_either_shipped_or_known_not_to_be() -> None:
    names = {path.split("/")[0] for path in tracked("*.py")}
    assert SHIPPED <= names <= SHIPPED | NOT_SHIPPED


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_what_is_shipped_and_the_licences(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = {name.rpartition("/")[2] for name in archive.namelist() if "/licenses/" in name}
    assert tracked(*SHIPPED) <= names
    assert {name.split("/")[0] for name in names} == SHIPPED
    assert licences == {"LICENSE", "NOTICE"}


def test_the_wheel_starts_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """Its dependencies are lent from here by a .pth file; its own code comes from the wheel alone."""
    python = empty_environment(tmp_path / "environment", wheel)
    port = free_port()
    env = environment(tmp_path / "data", VOUCH_PORT=port)
    with subprocess.Popen(
        [python, "-c", START, "serve", "--json"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert told_by(process)["url"] == f"http://127.0.0.1:{port}"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE) == 0
        finally:
            process.kill()


def empty_environment(folder: Path, wheel: Path) -> Path:
    venv.create(folder, with_pip=False, symlinks=os.name == "posix")
    (own,) = folder.glob("lib/*/site-packages")
    with ZipFile(wheel) as archive:
        archive.extractall(own)
    (own / "lent.pth").write_text("\n".join(site.getsitepackages()))
    return folder / "bin" / "python"


def test_nothing_under_a_licence_that_binds_those_who_run_it_is_shipped() -> None:
    for name in pins("requirements.lock"):
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system than this
        licences = [line for field in ("License-Expression", "License", "Classifier") for line in told.get_all(field) or ()]
        assert licences, f"{name} does not say"
        assert not any(re.search(r"\b[AL]?GPL|General Public License", licence) for licence in licences), name


def test_each_dependency_is_argued_for() -> None:
    page = (ROOT / "docs" / "decisions" / "0003-what-vouch-depends-on.md").read_text()
    rows = {row.partition(",")[0] for row in re.findall(r"^\| ([a-z][^|]*?) \|", page, re.MULTILINE)} - {"package"}
    project = PROJECT["project"]
    assert rows == {Requirement(line).name for line in project["dependencies"] + project["optional-dependencies"]["pdf"]}

"""What ./run does on machines that lack something: a PATH of its own, and a `python3` that notes what it is asked."""

import shutil
from pathlib import Path

import pytest

from tests.given.checkout import ROOT
from tests.given.machine import NEEDED, PYTHON, Machine

pytestmark = [pytest.mark.pure, pytest.mark.program]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Somebody's machine: Python with ensurepip, not root, no apt-get, no uv."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "checkout").mkdir()
    for name in ("run", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, tmp_path / "checkout")
    for name in NEEDED:
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "ensurepip").touch()
    (tmp_path / "asked").touch()
    made = Machine(tmp_path)
    made.has("python3", PYTHON)
    made.has("id", "#!/bin/sh\necho 1000\n")
    return made


def test_a_first_start_installs_from_the_lock_with_hashes_and_then_starts(machine: Machine) -> None:
    assert machine.run("serve").returncode == 0
    assert machine.asked[-2].endswith(f"--require-hashes -r {machine.checkout}/requirements.lock")
    assert machine.asked[-1] == f"python {machine.checkout} serve"


def test_a_second_start_installs_nothing(machine: Machine) -> None:
    machine.run("serve")
    machine.run("serve")
    assert (machine.count("pip install"), machine.count("/checkout serve")) == (1, 2)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_what_changed_is_installed_anew_without_a_new_environment(machine: Machine, name: str) -> None:
    machine.run("serve")
    with (machine.checkout / name).open("a") as file:
        file.write("# changed\n")
    machine.run("serve")
    assert (machine.count("pip install"), machine.count("-m venv")) == (2, 1)


def test_an_install_that_failed_is_tried_again(machine: Machine) -> None:
    (machine.folder / "offline").touch()
    assert machine.run("serve").returncode == 1
    (machine.folder / "offline").unlink()
    assert machine.run("serve").returncode == 0
    assert (machine.count("pip install"), machine.count("/checkout serve")) == (2, 1)


def test_an_environment_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.run("serve")
    (machine.checkout / ".venv/bin/python").unlink()
    assert machine.run("serve").returncode == 0
    assert machine.count("-m venv") == 2


def test_only_tests_and_checks_install_what_they_need(machine: Machine) -> None:
    machine.run("serve")
    assert machine.count("requirements-test.lock") == 0
    machine.run("test", "tests/web/test_terminal.py")
    assert machine.count("requirements-test.lock") == 1
    assert machine.asked[-1] == "python -m pytest tests/web/test_terminal.py"


@pytest.mark.parametrize("words", [(), ("quick",)])
def test_without_paths_the_tests_run_in_several_processes(machine: Machine, words: tuple[str, ...]) -> None:
    machine.run("test", *words)
    assert machine.asked[-1] == " ".join(["python tests/both_engines.py", *words])


def test_without_ensurepip_one_command_is_named_and_no_half_environment_stays(machine: Machine) -> None:
    (machine.folder / "ensurepip").unlink()
    ended = machine.run("serve")
    assert ended.returncode == 3
    assert ended.stderr.splitlines()[-1] == "sudo apt install -y python3-venv"
    assert not (machine.checkout / ".venv").exists()


def test_without_ensurepip_root_on_debian_is_told_and_gets_it_installed(machine: Machine) -> None:
    (machine.folder / "ensurepip").unlink()
    machine.has("id", "#!/bin/sh\necho 0\n")
    machine.has("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$MACHINE/asked"\n')
    ended = machine.run("serve")
    assert ended.returncode == 0
    assert "installing Debian's python3-venv" in ended.stderr
    assert machine.count("apt-get install -q -y python3-venv") == 1


def test_uv_is_used_where_it_is(machine: Machine) -> None:
    make = '[ "$1" = venv ] && mkdir -p "$5/bin" && cp "$MACHINE/bin/python3" "$5/bin/python"'
    machine.has("uv", f'#!/bin/sh\necho "uv $*" >>"$MACHINE/asked"\n{make}\nexit 0\n')
    machine.run("serve")
    assert machine.count("uv pip install") == 1
    assert machine.count("python -m pip") == 0


def test_a_machine_without_a_new_enough_python_is_told(machine: Machine) -> None:
    machine.has("python3", "#!/bin/sh\nexit 1\n")
    ended = machine.run("serve")
    assert ended.returncode == 3
    assert ended.stderr.splitlines()[-1] == "Vouch needs Python 3.11 or newer, and there is none on the PATH."


def test_it_works_through_a_link_from_another_folder(machine: Machine) -> None:
    (machine.folder / "elsewhere").mkdir()
    link = machine.folder / "elsewhere" / "vouch"
    link.symlink_to("../checkout/run")
    assert machine.run("check-up", script=link).returncode == 0
    assert machine.asked[-1] == f"python {machine.checkout} check-up"


def test_it_starts_the_demo_town_unless_told_otherwise(machine: Machine) -> None:
    machine.run(PORT="8123")
    environment = (machine.folder / "environment").read_text().splitlines()
    assert machine.asked[-1] == f"python {machine.checkout} demo"
    assert {f"VOUCH_DATA={machine.checkout}/data", "VOUCH_PORT=8123"} <= set(environment)


def test_help_needs_nothing_installed(machine: Machine) -> None:
    ended = machine.run("--help")
    assert "./run test" in ended.stdout
    assert machine.asked == []

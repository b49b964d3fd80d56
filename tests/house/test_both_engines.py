"""What ./run test makes of its processes: one count, the slowest tests of all of them, and which tests are in which."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import both_engines
from tests.both_engines import HALF, Part, Result, Timed
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

REPORT = """<testsuites><testsuite errors="1" failures="2" skipped="3" tests="10">
<testcase classname="tests.audit.test_note" name="test_one[a.b]" time="0.25"/>
<testcase classname="tests.audit.test_note.TestKeys" name="test_two" time="12.5"/>
<testcase classname="" name="tests.audit.test_merkle" time="0.0"/>
</testsuite></testsuites>"""


def test_a_process_that_ended_without_a_verdict_counts_as_a_failure(tmp_path: Path) -> None:
    assert both_engines.result(tmp_path / "never-written.xml", -9, "SQLite").failed == 1
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite errors="0" failures="0" skipped="0" tests="0"/></testsuites>')
    assert both_engines.result(report, 5, "SQLite") == Result(passed=0, failed=1)


def test_a_report_gives_counts_and_times_by_the_name_that_pytest_takes(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    found = both_engines.result(report, 1, "SQLite")
    assert (found.passed, found.failed) == (4, 3)
    assert found.times[:2] == (
        Timed(0.25, "tests/audit/test_note.py::test_one[a.b] (SQLite)"),
        Timed(12.5, "tests/audit/test_note.py::TestKeys::test_two (SQLite)"),
    )


def test_the_ten_slowest_of_all_parts_come_first_and_the_time_at_the_end() -> None:
    one = Result(passed=20, failed=0, times=tuple(Timed(n, f"a{n}") for n in range(8)))
    other = Result(passed=1, failed=2, times=tuple(Timed(n + 0.5, f"b{n}") for n in range(8)))
    _, *slowest, _, last = both_engines.summary([one, other], 124.7)
    assert [line.split()[-1] for line in slowest] == ["b7", "a7", "b6", "a6", "b5", "a5", "b4", "a4", "b3", "a3"]
    assert last == "21 passed, 2 failed in 2 min 4 s"


def test_the_folders_of_the_first_quick_half_are_there() -> None:
    """Were one renamed, pytest would end with an error; the second half leaves out just these."""
    assert [folder for folder in HALF if not (ROOT / folder).is_dir()] == []


def test_a_file_with_one_test_of_a_browser_or_a_program_is_read_by_the_part_that_runs_those() -> None:
    """Were one missing, its tests would run in no part."""
    files = both_engines.waiting_files()
    assert {"tests/journeys/test_journey_browser.py", "tests/vouch/test_cli.py"} <= set(files)
    assert "tests/audit/test_note.py" not in files


def test_every_part_may_keep_what_it_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with both_engines._started(Part("None", "sqlite", ("--version",)), tmp_path) as run:
        assert b"PYTHONDONTWRITEBYTECODE" not in Path(f"/proc/{run.pid}/environ").read_bytes()
        run.wait()


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print(flush=True); time.sleep(60)", -signal.SIGINT),
        ("import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(flush=True); time.sleep(60)", -signal.SIGABRT),
    ],
)
def test_a_part_that_does_not_end_is_ended(program: str, status: int) -> None:
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.readline()
        assert both_engines._status(run, time.monotonic() - 1, patience=0.5) == status
